"""The manifest of the collector's folder: what was written, and what went wrong meanwhile.

Its lines are described in ``docs/reference/collector.md``.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from relaysim.importers.collector import COLLECTOR_FORMAT

__all__ = ["Manifest", "ManifestFile", "is_manifest", "read_manifest"]

_START = "relaysim-collector:"
_FILE = re.compile(r"^file: (\S+) (\d{1,9}) (.+)$")
_SERVER = re.compile(r"^server: (\S+) ?(.*)$")


class ManifestFile(NamedTuple):
    """A file that was written.

    Attributes:
        name: Its name in the folder.
        objects: How many objects it holds.
        command: The command whose output it is.
        line: The line of the manifest.
    """

    name: str
    objects: int
    command: str
    line: int


class Manifest(NamedTuple):
    """What a manifest says.

    Attributes:
        known: Whether it has the format that is read here; nothing else is told when not.
        files: The files.
        servers: The servers: name, product version and line.
        errors: What went wrong: text and line.
        ended: Whether the collector came to its end.
    """

    known: bool
    files: tuple[ManifestFile, ...] = ()
    servers: tuple[tuple[str, str, int], ...] = ()
    errors: tuple[tuple[str, int], ...] = ()
    ended: bool = False


def is_manifest(head: str) -> bool:
    """Tell whether a text is a manifest."""
    return head.lstrip("\ufeff").startswith(_START)


def read_manifest(lines: Iterable[str]) -> Manifest:
    """Return what the lines of a manifest say; a line that is not known says nothing."""
    files: list[ManifestFile] = []
    servers: list[tuple[str, str, int]] = []
    errors: list[tuple[str, int]] = []
    ended = False
    for number, raw in enumerate(lines, 1):
        line = raw.strip().lstrip("\ufeff")
        if number == 1 and line != f"{_START} {COLLECTOR_FORMAT}":
            return Manifest(known=False)
        file, server = _FILE.match(line), _SERVER.match(line)
        if file:
            files.append(ManifestFile(file[1], int(file[2]), file[3], number))
        elif server:
            servers.append((server[1], server[2], number))
        elif line.startswith("error: "):
            errors.append((line.removeprefix("error: "), number))
        ended |= line.startswith("end:")
    return Manifest(
        known=True,
        files=tuple(files),
        servers=tuple(servers),
        errors=tuple(errors),
        ended=ended,
    )
