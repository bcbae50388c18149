"""Commands on scenario files."""
