"""The neighbours of the receive connector: taken, kept and shown again; no rule uses them."""
