"""Commands that turn objects into text and files, and back."""
