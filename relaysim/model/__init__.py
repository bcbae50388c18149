"""Frozen values: what a server is configured with, who connects, what was decided."""
