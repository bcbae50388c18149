"""Looks at single nodes of a script: patterns written in it, a ``catch`` that takes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.syntax import ArrayLiteral, StringLiteral
from relaysim.powershell.values.conversion import canonical_type
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.type_names import ancestors, full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.powershell.language.syntax import Binary, Try

__all__ = ["caught_before", "refused_patterns"]


def caught_before(node: Try) -> tuple[str, int] | None:
    """Return the type that an earlier ``catch`` takes already, and the place of the later one."""
    seen: set[str] = set()
    for one in node.catches:
        for name in one.types:
            canonical = canonical_type(name)
            line = {full_name(kind) for kind in ancestors(canonical)} if canonical else {name}
            if seen & line:
                return name, one.at
        seen |= {full_name(canonical_type(name) or name) for name in one.types}
    return None


def refused_patterns(node: Binary) -> Iterator[tuple[ConversionError, int]]:
    """Return the patterns written in the script that cannot be matched here, and their places."""
    from relaysim.powershell.values.patterns.pattern import compile_pattern

    for operator, operand in node.rest:
        word = operator.lstrip("-").removeprefix("i").removeprefix("c")
        pattern = operand.items[0] if isinstance(operand, ArrayLiteral) else operand
        if word not in {"match", "notmatch", "replace", "split"}:
            continue
        if isinstance(pattern, StringLiteral):
            try:
                compile_pattern(pattern.value)
            except ConversionError as error:
                if error.subset:
                    yield error, pattern.at
