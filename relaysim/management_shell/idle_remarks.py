"""What is said of commands that show or do nothing: once for all of them."""

from __future__ import annotations

from enum import Enum
from typing import Self

__all__ = ["IdleKind", "IdleRemark", "joined"]


class IdleKind(Enum):
    """What such a command does not do; the values are the words for one and for several."""

    SHOWS = (
        "shows nothing: what it is about is no part of the model",
        "show nothing: what they are about is no part of the model",
    )
    DOES = (
        "does nothing here: what it is about is no part of the model",
        "do nothing here: what they are about is no part of the model",
    )


class IdleRemark(str):
    """The remark about one command, which may be joined with those about others.

    Attributes:
        command: The command.
        kind: What it does not do.
    """

    __slots__ = ("command", "kind")

    command: str
    kind: IdleKind

    def __new__(cls, command: str, kind: IdleKind) -> Self:
        """Return the remark; as text it is about this command alone."""
        made = super().__new__(cls, f"{command} {kind.value[0]}")
        made.command, made.kind = command, kind
        return made


def joined(remarks: tuple[str, ...]) -> tuple[str, ...]:
    """Return remarks, those about idle commands of one kind as one, where the first stands.

    >>> joined(tuple(IdleRemark(name, IdleKind.DOES) for name in ("Set-A", "Set-B")))
    ('Set-A, Set-B do nothing here: what they are about is no part of the model',)
    """
    of_kind: dict[IdleKind, list[str]] = {}
    for one in remarks:
        if isinstance(one, IdleRemark):
            of_kind.setdefault(one.kind, []).append(one.command)
    found: list[str] = []
    for one in remarks:
        if not isinstance(one, IdleRemark):
            found.append(one)
            continue
        names = of_kind[one.kind]
        if len(names) == 1:
            found.append(str(one))
        elif names[0] == one.command:
            found.append(f"{', '.join(names)} {one.kind.value[1]}")
    return tuple(found)
