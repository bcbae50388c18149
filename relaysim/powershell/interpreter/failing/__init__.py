"""What ends a statement or a script: errors of the language, refusals of ours."""
