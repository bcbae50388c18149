"""The permission engine: pure functions over the model, no file, clock or environment."""
