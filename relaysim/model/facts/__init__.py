"""What is known of a session: the one catalogue of facts, and how each is checked and read."""
