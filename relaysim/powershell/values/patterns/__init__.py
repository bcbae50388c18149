"""Texts that stand for other texts: regular expressions of .NET, and wildcards."""
