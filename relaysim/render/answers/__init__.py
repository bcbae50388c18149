"""What one question is answered with: decisions, sessions, explanations."""
