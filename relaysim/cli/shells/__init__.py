"""Commands around the management shell, embedded or the user's own."""
