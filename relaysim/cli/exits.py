"""Exit codes of the command line, see docs/reference/exit-codes.md."""

__all__ = ["ANSWERED", "EXPECTATION_FAILED", "INTERNAL_ERROR", "INVALID_INPUT"]

ANSWERED = 0
"""The question was answered, every expectation was met."""
EXPECTATION_FAILED = 1
"""An expectation failed, a command of a script failed, or there is a finding."""
INVALID_INPUT = 2
"""The command line or an input cannot be understood, or a fact is missing."""
INTERNAL_ERROR = 3
"""A bug in relaysim."""
