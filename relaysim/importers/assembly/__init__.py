"""Records as an organization: what they say, what they leave open, and what is missing."""
