"""Baselines of others: what their controls say to the letter, and what is meant."""
