"""The report to hand over: who may do what, as one HTML page or as Markdown."""
