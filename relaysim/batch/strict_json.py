"""JSON as its standard has it: no key twice, no number but finite ones."""

import json
from collections import Counter
from math import isfinite
from typing import Any

__all__ = ["STRICT", "read_json"]


def read_json(text: str) -> object:
    """Return the value of a JSON text, which names no key twice and has no number but finite ones.

    Raises:
        ValueError: It is none.
    """
    try:
        return json.loads(text, **STRICT)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counted.items() if count > 1)
        raise ValueError(f"the key `{twice}` stands twice")
    return found


def _no_number(text: str) -> object:
    raise ValueError(f"`{text}` is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else float(str(_no_number(text)))


STRICT: dict[str, Any] = {
    "object_pairs_hook": _pairs,
    "parse_constant": _no_number,
    "parse_float": _finite,
}
"""What makes a decoder of the standard library strict."""
