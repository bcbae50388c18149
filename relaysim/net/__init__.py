"""Addresses, intervals, sets of addresses and the notations for ranges; no Exchange word here."""
