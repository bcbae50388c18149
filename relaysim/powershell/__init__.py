"""A language like PowerShell: text in, output and a new state out; knows no host."""
