"""A scenario file read into steps, strictly."""
