"""What is known about the properties of a receive connector: their kinds and the catalogue."""
