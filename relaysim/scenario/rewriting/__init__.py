"""Scenario files written, laid out and updated in place."""
