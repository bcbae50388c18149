"""The report of a run of scenarios."""
