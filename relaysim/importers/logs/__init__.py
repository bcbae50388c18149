"""Logs of servers and clients: lines in, rows and observed sessions out; opens no file."""
