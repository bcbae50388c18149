"""What to do so that somebody may, or may not: plans that were simulated before they are told."""
