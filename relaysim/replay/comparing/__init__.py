"""Sessions, replies and clients as a log has them, held against what the model says."""
