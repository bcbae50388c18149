"""What is to be said about an import: remarks, and the commands that would tell what is missing."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from relaysim.errors import Problem, printable
from relaysim.importers.records import Record

__all__ = [
    "UNKNOWN_VERSION",
    "Remark",
    "alike_together",
    "connectors_command",
    "entries_command",
    "enumerated",
    "given_twice",
    "later_taken",
]

UNKNOWN_VERSION = "unknown-version"
"""The kind of a remark that a version given beside the input answers."""
_NAMED = 3


class Remark(NamedTuple):
    r"""One line about the input.

    Attributes:
        kind: ``truncated``, ``lossy``, ``unknown-version``, ``no-acl``, ``lost-column``,
            ``ignored-object``, ``duplicate``, ``partial-object``, ``filtered-acl``, ``encoding``,
            ``ambiguous`` or ``count``.
        message: What is wrong and what follows.
        file: The file, or the member of an archive.
        line: The line, counted from 1.
        object: The connector or server, as ``SERVER\Name``.
        property: The property.
        command: The command that would tell.
    """

    kind: str
    message: str
    file: str | None = None
    line: int | None = None
    object: str | None = None
    property: str | None = None
    command: str | None = None

    def text(self) -> str:
        """Return ``file:line: object: property: message; command``, what is known of it."""
        place = ""
        if self.file is not None:
            place = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [part for part in (place, self.object, self.property, self.message) if part]
        text = ": ".join(parts)
        if self.command:
            text += f"; `{self.command}` tells"
        return printable(text)


def alike_together(remarks: Iterable[Remark]) -> list[Remark]:
    """Return remarks for a terminal: those that differ only in their object and place as one.

    The first place stands for all, and of more than three objects two are named.
    """
    together: dict[Remark, list[Remark]] = {}
    for remark in remarks:
        together.setdefault(remark._replace(line=None, object=None), []).append(remark)
    found = []
    for alike in together.values():
        names = [each.object for each in alike if each.object]
        if len(names) > _NAMED:
            names[2:] = [f"{len(names) - 2} others"]
        words = enumerated(names) if len(names) > 1 else alike[0].object
        found.append(alike[0]._replace(object=words))
    return found


def enumerated(names: Sequence[str]) -> str:
    """Return names as a sentence has them: ``a, b and c``."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


def given_twice(difference: str, records: tuple[Record, Record], title: str, name: str) -> Problem:
    """Return the error about two objects that should be one: ``difference`` and both places."""
    one, other = records
    return Problem(
        f"{title}: {difference}: {one.file}:{one.line_of(name)} and "
        f"{other.file}:{other.line_of(name)}",
        file=other.file,
        line=other.line_of(name),
        hint="`--prefer-latest` takes the later export",
    )


def later_taken(difference: str, records: tuple[Record, Record], title: str, name: str) -> Remark:
    """Return the remark that the later of two objects was taken, with both places."""
    one, other = records
    return Remark(
        "duplicate",
        f"{difference}: {one.file}:{one.line_of(name)} and {other.file}:{other.line_of(name)}; the "
        "later one is taken",
        other.file,
        other.line_of(name),
        title,
        name,
    )


def connectors_command(server: str | None = None) -> str:
    """Return the command that exports receive connectors whole."""
    which = f" -Server {_quoted(server)}" if server else ""
    return f"Get-ReceiveConnector{which} | Export-Clixml connectors.xml"


def entries_command(connector: str) -> str:
    """Return the command that exports the entries of one connector."""
    return f"Get-ADPermission {_quoted(connector)} | Export-Clixml entries.xml"


def _quoted(text: str) -> str:
    return '"' + text.replace("`", "``").replace("$", "`$").replace('"', '`"') + '"'
