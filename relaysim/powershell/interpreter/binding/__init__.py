"""Arguments given to parameters, of functions and of commands."""
