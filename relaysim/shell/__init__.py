"""The Exchange Management Shell subset: text in, a new organization and output out."""
