"""Many questions about one organization, prepared once."""
