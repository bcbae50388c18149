"""Running a syntax tree: statements, expressions, calls, errors that are handled."""
