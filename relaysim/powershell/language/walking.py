"""Every node of a syntax tree, in the order of the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import is_frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["walk"]


def walk(tree: object) -> Iterator[object]:
    """Return every node of a tree, in the order of the text."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(reversed(node))
        elif is_frozen(node):
            yield node
            stack.extend(getattr(node, name) for name in reversed(node.__slots__))  # type: ignore[attr-defined]
