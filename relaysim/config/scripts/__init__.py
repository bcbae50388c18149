"""Writing a configuration as a script of the management shell."""
