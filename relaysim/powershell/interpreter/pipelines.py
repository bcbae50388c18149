"""What a pipeline asks for that has no answer here, seen before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.syntax import (
    ArrayLiteral,
    Cast,
    ExpandableString,
    NumberLiteral,
    StringLiteral,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relaysim.powershell.language.syntax import Pipeline

__all__ = ["refused_parts"]

_TAKES_OBJECTS = frozenset(
    {
        "select-object", "sort-object", "group-object", "convertto-csv", "convertto-json",
        "convertto-html", "export-csv", "export-clixml", "get-member", "compare-object",
        "format-custom",
    }
)  # fmt: skip


def refused_parts(node: Pipeline, names: Sequence[str]) -> Iterator[tuple[str, int, str | None]]:
    """Return why parts of a pipeline cannot run: the reason, the place and advice.

    Args:
        node: The pipeline.
        names: The full names of its commands in lower case, empty for what is no command.
    """
    first = node.elements[0]
    if isinstance(first, ArrayLiteral):
        first = first.items[0]
    if names[1:2] == ["get-member"] and isinstance(
        first, StringLiteral | NumberLiteral | ExpandableString
    ):
        yield (
            "the members of a text or number are not listed, only those of made objects",
            node.elements[1].at,
            None,
        )
    if (
        names[1:2] == ["convertto-json"]
        and isinstance(first, Cast)
        and first.type_name.casefold() == "timespan"
    ):
        yield (
            "a time span as JSON has other members in every version of .NET",
            node.elements[1].at,
            "write its text: `$span.ToString()`",
        )
    for place, name in enumerate(names[1:], 1):
        if name in _TAKES_OBJECTS and names[place - 1].startswith("format-"):
            yield (
                "what a `Format-` command writes can only be shown",
                node.elements[place].at,
                "put the `Format-` command at the end of the pipeline",
            )
