"""Text to syntax tree and back: lexer, parser, checks, formatter."""
