"""What commands are called, worked out once: every session has the same hundreds of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["made_later", "on_a_shelf"]


@cache
def on_a_shelf(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the commands on a label, and these with all aliases in lower case.

    >>> on_a_shelf("Get-Date|Where-Object where ?")
    (('Get-Date', 'Where-Object'), ('get-date', 'where-object', 'where', '?'))
    """
    words = [names.split() for names in label.split("|")]
    return tuple(one[0] for one in words), tuple(each.casefold() for one in words for each in one)


@cache
def made_later(
    source: Callable[[], Mapping[str, Callable[[], Any]]],
) -> tuple[tuple[str, ...], Mapping[str, Callable[[], Any]]]:
    """Return the names of commands that are made later, and what makes each by its folded name."""
    makers = source()
    return tuple(makers), {name.casefold(): make for name, make in makers.items()}
