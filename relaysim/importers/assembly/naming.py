"""Which connector of which server an object is: identities, distinguished names, commands."""

import re
from typing import NamedTuple

from relaysim.importers.assembly.listing import marked
from relaysim.importers.records import Record

__all__ = ["ConnectorKey", "path_parts", "place_of", "split_identity"]

_PART = re.compile(r"(?<!\\),")
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{2}|.)")


class ConnectorKey(NamedTuple):
    """Where a connector is: its server, if told, and its name."""

    server: str | None
    name: str


def path_parts(path: str) -> list[tuple[str, str]]:
    r"""Return the parts of a distinguished name, from the object up, escapes undone.

    >>> path_parts(r"CN=a\, b,CN=EX01,DC=contoso")
    [('CN', 'a, b'), ('CN', 'EX01'), ('DC', 'contoso')]
    """
    found = []
    for part in _PART.split(path):
        key, equals, value = part.partition("=")
        if equals:
            found.append((key.strip().upper(), _ESCAPE.sub(_escaped, value.strip())))
    return found


def _escaped(match: re.Match[str]) -> str:
    text = match[1]
    return chr(int(text, 16)) if len(text) == 2 else text


def _from_path(path: str | None) -> ConnectorKey | None:
    """Return the connector of ``CN=Name,CN=SMTP Receive Connectors,CN=Protocols,CN=SERVER,...``."""
    if path is None or marked(path):
        return None
    names = [value for key, value in path_parts(path) if key == "CN"]
    for index, name in enumerate(names[1:], 1):
        if name.casefold() == "smtp receive connectors" and index + 2 < len(names):
            return ConnectorKey(names[index + 2], names[index - 1])
    return None


def split_identity(text: str) -> ConnectorKey:
    r"""Return the server and name of ``SERVER\Name``, or of a distinguished or canonical name.

    >>> split_identity(r"EX01\Relay"), split_identity("Relay")
    (ConnectorKey(server='EX01', name='Relay'), ConnectorKey(server=None, name='Relay'))
    """
    stripped = text.strip()
    if stripped.upper().startswith("CN="):
        found = _from_path(stripped)
        if found is not None:
            return found
    parts = stripped.split("/")
    folded = [part.casefold() for part in parts]
    if "smtp receive connectors" in folded:
        index = folded.index("smtp receive connectors")
        if index >= 2 and index + 1 < len(parts):
            return ConnectorKey(parts[index - 2], "/".join(parts[index + 1 :]))
    server, slash, name = stripped.partition("\\")
    return ConnectorKey(server, name) if slash and server and name else ConnectorKey(None, stripped)


def place_of(record: Record) -> ConnectorKey | None:
    """Return where a connector record's object is, ``None`` when it has no name that is whole."""
    identity = record.text("Identity")
    place = split_identity(identity) if identity else None
    if place is not None and place.server is None and marked(place.name):
        place = None
    path = _from_path(record.text("DistinguishedName")) or _from_path(
        record.text("Identity.DistinguishedName")
    )
    name = record.text("Name")
    cut = name is not None and marked(name)
    if cut:
        name = None
    name = name or (place.name if place else None) or (path.name if path else None)
    if name is None and record.context.owner and not cut:
        # A command that asks for one connector names what its output leaves out.
        place = split_identity(record.context.owner)
        name = place.name
    if name is None:
        return None
    server = (place.server if place else None) or _server_text(record)
    server = server or (path.server if path else None) or _asked_server(record, name)
    return ConnectorKey(_short(server), name)


def _asked_server(record: Record, name: str) -> str | None:
    """Return the server that the command above the output names with this connector, or asks."""
    asked = split_identity(record.context.owner) if record.context.owner else None
    if asked is not None and asked.name.casefold() == name.casefold() and asked.server:
        return asked.server
    return record.context.server


def _server_text(record: Record) -> str | None:
    text = record.text("Server")
    if text is None or marked(text):
        return None
    if text.upper().startswith("CN="):
        parts = path_parts(text)
        return parts[0][1] if parts else None
    return text.rpartition("/")[2]


def _short(server: str | None) -> str | None:
    """Return the NetBIOS name of a server that was given by its full name."""
    return None if server is None else server.partition(".")[0]
