"""Findings, differences, plans, replays, imports: for people and for machines."""
