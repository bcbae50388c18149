"""What a script shows: tables, lists and single values as text."""
