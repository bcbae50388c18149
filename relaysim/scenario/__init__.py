"""Scenario files: ordered steps on one server, each a change or a question with its expectation."""
