"""What a console shows: lists, tables and transcripts, and the words around them."""
