"""Running a syntax tree: machine, pipelines, functions, errors."""
