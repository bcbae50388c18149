"""What should not be so: a catalogue of findings, each decided from the whole space."""
