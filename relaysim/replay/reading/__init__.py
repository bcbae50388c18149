"""Logs into a summary: files found, sessions put together, reduced and saved."""
