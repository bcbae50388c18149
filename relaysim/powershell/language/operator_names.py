"""The operators and their precedence."""

from __future__ import annotations

__all__ = ["LEVELS", "UNARY_WORDS"]

_COMPARISONS = (
    "eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch", "replace",
    "contains", "notcontains", "in", "notin", "split",
)  # fmt: skip

LEVELS: dict[str, int] = {
    "-and": 1,
    "-or": 1,
    "-xor": 1,
    "-band": 2,
    "-bor": 2,
    "-bxor": 2,
    **{f"-{prefix}{word}": 3 for prefix in ("", "c", "i") for word in _COMPARISONS},
    "-shl": 3,
    "-shr": 3,
    "-join": 3,
    "-is": 3,
    "-isnot": 3,
    "-as": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "%": 5,
    "-f": 6,
    "..": 7,
}
"""The binary operators with their precedence; a higher level binds tighter."""

UNARY_WORDS = frozenset({"-not", "-bnot", "-split", "-join"})
