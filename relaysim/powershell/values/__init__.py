"""The values of the language, their conversions, members and patterns."""
