"""Answers over every address: maps, lists of ranges."""
