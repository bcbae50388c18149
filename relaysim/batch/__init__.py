"""Rows in, rows out: reading, answering, streaming, workers."""
