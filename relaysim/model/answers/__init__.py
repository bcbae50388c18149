"""What a decision says beside its verdict: what is missing, and the text for a reader."""
