"""What stands around a script: its console, its clock, its machine's names, as far as given."""
