"""What was read from large configurations, kept in the user's cache folder for the next run."""
