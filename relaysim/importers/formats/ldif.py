"""LDIF, as ldifde and ldapsearch write it: one attribute a line, base64 behind two colons.

Source: RFC2849.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from relaysim.importers.records import ReadingNote, Record, Value, classify

__all__ = ["read_ldif"]

_ATTRIBUTE = re.compile(r"^(?:\d+> ?)?([A-Za-z][\w-]*)((?:;[\w;=*-]+)?)(::|:<|:)\s*(.*)$")
_PART = re.compile(r";range=\d+-\d+", re.IGNORECASE)
_BINARY = frozenset({"ntsecuritydescriptor", "objectguid", "objectsid"})
_LONGEST = 8 << 20
_Entry = dict[str, tuple[str, list[tuple[int, str]]]]
"""Attributes by their names, which have no case: each as first spelt, and its values."""


def read_ldif(lines: Iterable[str], file: str, notes: list[ReadingNote]) -> Iterator[Record]:
    """Yield one record for each entry, its attributes under their own names."""
    entry: _Entry = {}
    pending: tuple[int, list[str]] | None = None
    length = 0
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r")
        if line[:1] in (" ", "\t") and pending is not None and line.strip():
            if length < _LONGEST:
                pending[1].append(line[1:])
                length += len(line)
            continue
        if pending is not None:
            _add(entry, pending, file, notes)
            pending = None
        if not line.strip():
            if entry:
                yield _record(entry, file)
                entry = {}
            continue
        if line.startswith(("#", "version:")):
            continue
        if line.startswith(("dn:", "dn::")) and entry:
            yield _record(entry, file)
            entry = {}
        pending, length = (number, [line]), len(line)
    if pending is not None:
        _add(entry, pending, file, notes)
    if entry:
        yield _record(entry, file)


def _add(
    entry: _Entry,
    pending: tuple[int, list[str]],
    file: str,
    notes: list[ReadingNote],
) -> None:
    number, pieces = pending
    match = _ATTRIBUTE.match("".join(pieces))
    if match is None:
        return
    name, options, mark, text = match[1], match[2], match[3], match[4].strip()
    if mark == "::" and name.casefold() not in _BINARY:
        try:
            text = base64.b64decode(text, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            notes.append(ReadingNote("lossy", f"{name}: no readable base64", file, number))
            return
    _, found = entry.setdefault(name.casefold(), (name, []))
    found.append((number, text))
    if _PART.search(options):
        # A directory answers with so many values at a time: more may exist.
        found.append((number, "..."))


def _record(entry: _Entry, file: str) -> Record:
    values = {}
    for name, found in entry.values():
        texts = tuple(text for _, text in found)
        # A list is what has several values, or what Exchange ends with a semicolon.
        several = len(texts) > 1 or texts[0].endswith(";")
        values[name] = Value(", ".join(texts), texts if several else None, found[0][0])
    return Record(
        kind=classify(values),
        values=values,
        file=file,
        line=next(iter(entry.values()))[1][0][0],
        form="LDIF",
    )
