"""What scripts do before they begin: recognised, and nothing happens."""
