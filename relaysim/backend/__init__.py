"""The simulated server behind somebody's own PowerShell: JSON lines in, JSON lines out."""
