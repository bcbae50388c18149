"""What a pipeline asks for that has no answer here, seen before anything runs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.interpreter.failing.failures import ConversionError, ShellError
from relaysim.powershell.language.syntax import (
    ArrayLiteral,
    BareWord,
    Cast,
    ExpandableString,
    Expression,
    Increment,
    NumberLiteral,
    Paren,
    Pipeline,
    ScriptBlockLiteral,
    StringLiteral,
)
from relaysim.powershell.language.walking import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from relaysim.powershell.interpreter.contract import PipelineStage
    from relaysim.powershell.interpreter.failing.failures import StopUpstream
    from relaysim.powershell.language.syntax import Command

__all__ = [
    "abandon",
    "is_counting",
    "looks_like_method",
    "refused_parts",
    "stages_from",
]

_TAKES_OBJECTS = frozenset(
    {
        "select-object", "sort-object", "group-object", "convertto-csv", "convertto-json",
        "convertto-html", "export-csv", "export-clixml", "get-member", "compare-object",
        "format-custom",
    }
)  # fmt: skip


def looks_like_method(node: Command) -> bool:
    """Tell whether a command is written as ``f(1, 2)``, which gives it one array."""
    only = node.arguments[0] if len(node.arguments) == 1 else None
    if not isinstance(only, Paren) or not isinstance(node.name, BareWord):
        return False
    inner = only.inner.elements if isinstance(only.inner, Pipeline) else ()
    beside = only.at == node.name.at + len(node.name.text)
    return beside and len(inner) == 1 and isinstance(inner[0], ArrayLiteral)


_INSIDE = pattern(r"(?i)\.(psobject|formatentryinfo|shapeinfo|classid)")


def _looks_inside(node: object) -> bool:
    """Tell whether a block asks for the properties of what it is given."""
    return any(
        isinstance(one, ScriptBlockLiteral) and _INSIDE.search(one.text) for one in walk(node)
    )


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
        taken = name in _TAKES_OBJECTS or (
            name in {"foreach-object", "where-object"} and _looks_inside(node.elements[place])
        )
        if taken and names[place - 1].startswith("format-"):
            yield (
                "what a `Format-` command writes can only be shown",
                node.elements[place].at,
                "put the `Format-` command at the end of the pipeline",
            )


def stages_from(stop: StopUpstream, stages: Sequence[PipelineStage]) -> list[PipelineStage]:
    """Return the stages that still get to their end: from the one that has enough on."""
    for place, stage in enumerate(stages):
        if stage is stop.stage:
            abandon(stages[:place])
            return list(stages[place:])
    raise stop


def abandon(stages: Iterable[PipelineStage]) -> None:
    """Let the commands that write files keep what came before their pipeline ended early."""
    for stage in stages:
        keep = getattr(stage, "abandon", None)
        if keep is not None:
            with contextlib.suppress(ShellError, ConversionError):
                keep()


def is_counting(node: Expression) -> bool:
    """Tell whether an expression is ``($n++)``, which gives nothing when redirected."""
    inner = node.inner if isinstance(node, Paren) else None
    elements = inner.elements if isinstance(inner, Pipeline) else ()
    return len(elements) == 1 and isinstance(elements[0], Increment)
