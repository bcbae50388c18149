"""Options and arguments that the commands about many addresses share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from relaysim.cli.diagnostics import ADDRESS
from relaysim.errors import InvalidInput, Problem, closest
from relaysim.model.decision import Answers
from relaysim.render.ranges import NOTATIONS

__all__ = ["families_of", "parse_question", "place_options", "range_options"]

F = TypeVar("F", bound=Callable[..., Any])

_FAMILIES = {"4": (4,), "6": (6,), "both": (4, 6)}


def place_options(command: F) -> F:
    """Add ``--port`` and ``--local-ip``."""
    command = click.option("--local-ip", type=ADDRESS, help="Server's address it connects to.")(
        command
    )
    return click.option(
        "--port", type=click.IntRange(1, 65535), default=25, help="Server's port; default: 25."
    )(command)


def range_options(command: F) -> F:
    """Add ``--family`` and ``--notation``."""
    command = click.option(
        "--notation",
        type=click.Choice(NOTATIONS),
        default="auto",
        help="How ranges are written: CIDR where it is one network (auto), only CIDR, or low-high.",
    )(command)
    return click.option(
        "--family",
        type=click.Choice(list(_FAMILIES)),
        default="both",
        help="Address family; default: both.",
    )(command)


def families_of(word: str) -> tuple[int, ...]:
    """Return the families that ``--family`` names."""
    return _FAMILIES[word]


def parse_question(text: str, where: str) -> str:
    """Return the name of the answer that ``text`` names: any case, unique beginning.

    Raises:
        InvalidInput: No such answer, or several.
    """
    name = text.strip().lower().replace("-", "_")
    names = Answers._fields
    matches = [field for field in names if field == name] or [
        field for field in names if name and field.startswith(name)
    ]
    if len(matches) == 1:
        return matches[0]
    near = closest(name, names)
    shown = ", ".join(field.replace("_", "-") for field in matches or names)
    hint = (
        f"did you mean `{near.replace('_', '-')}`?" if near and not matches else f"one of {shown}"
    )
    message = f"`{text}` is not unique" if matches else f"unknown question `{text}`"
    raise InvalidInput(Problem(message, where=where, hint=hint))
