"""Results to text: every function here returns a string and prints nothing."""
