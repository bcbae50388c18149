"""Reading: what stands in a script, statement by statement, into the syntax tree."""
