"""One input: which form it has, told by its content, and the records in it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.commands import prompt_command, read_command
from relaysim.importers.decoding import decoded, is_text
from relaysim.importers.formats.csv_export import header_delimiter, read_csv
from relaysim.importers.manifest import Manifest, is_manifest, read_manifest
from relaysim.importers.printed.text import read_text
from relaysim.importers.printed.text_blocks import read_text_blocks
from relaysim.importers.records import (
    NO_CONTEXT,
    PRINTED_NAMES,
    OutputContext,
    ReadingNote,
    Record,
    RecordKind,
    canonical_name,
)

__all__ = ["ReadFile", "form_of", "lines_of", "looks_like_export", "read_bytes", "read_stream"]

_XML = re.compile(r"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*", re.DOTALL)
_HTML = re.compile(r"<!DOCTYPE\s+html|<html|<table|<head|<body", re.IGNORECASE)
# A table's head of a server file, ``[[server]]``, is none.
_JSON = re.compile(r"^\s*(?:\{\s*[\"}]|\[\s*(?:[{\]\"]|\[[\s\[{\]\"0-9-]))")
_LDIF = re.compile(r"^(?:dn::? |version: 1\s*$|msExchSmtpReceive\w+:)", re.MULTILINE)
# No `\s*` stands behind a line's beginning: it would look at thousands of empty lines from each.
_SDDL = re.compile(r"^[^\S\n]*(?:O:[A-Z0-9-]+)?(?:G:[A-Z0-9-]+)?D:[A-Z]*\(", re.MULTILINE)
_DSACLS = re.compile(r"^(?:Access list:|Effective Permissions on this object are:)", re.MULTILINE)
_SERVER_LOG = re.compile(r"^#Log-type: SMTP (?:Receive|Send) Protocol Log", re.MULTILINE)
_DIALOGUE = re.compile(
    r"^(?:\S{0,40}\s)?(?:[<>-]{1,3}\s*|[CS]: )?(?:220[ -]|EHLO |HELO |MAIL FROM:|RCPT TO:)",
    re.MULTILINE | re.IGNORECASE,
)
_BOUNCE = re.compile(
    r"^(?:Remote Server returned|Diagnostic-Code: smtp|<[^>\n]+>.*said: )",
    re.MULTILINE | re.IGNORECASE,
)
_SEPARATOR_LINE = re.compile(r"^\"?sep=.\"?$", re.IGNORECASE)
"""What spreadsheets want to see above a header."""
_SERVER_FILE = re.compile(r"^format\s*=\s*1\b", re.MULTILINE)
_SCRIPT = re.compile(
    r"^[^\S\n]*(?:New|Set|Add|Remove)-(?:ReceiveConnector|ADPermission)\b",
    re.MULTILINE | re.IGNORECASE,
)
_BESIDE = ("LDIF", "dsacls")
"""Forms whose readers pass over all other lines."""
_HEAD = 65536
_HEAD_BYTES = 4 * _HEAD
_LONGEST_LINE = 8 << 20


class ReadFile(NamedTuple):
    """What was found in one input.

    Attributes:
        name: The file, or ``ARCHIVE/MEMBER``.
        form: Its form.
        records: The objects in it.
        notes: What is to be said beside them.
        hint: How to read it otherwise, when it is nothing for an import; empty for most.
        manifest: What it says of the files beside it, if it is the collector's manifest.
        counts: How many objects of each kind there are.
        forms: The forms of the objects in it, or its own.
    """

    name: str
    form: str
    records: tuple[Record, ...]
    notes: tuple[ReadingNote, ...]
    hint: str = ""
    manifest: Manifest | None = None
    counts: tuple[tuple[RecordKind, int], ...] = ()
    forms: str = ""

    @classmethod
    def of(
        cls, name: str, form: str, records: Sequence[Record], notes: Sequence[ReadingNote]
    ) -> "ReadFile":
        """Return what was found in one input."""
        forms = ", ".join(dict.fromkeys([record.form for record in records])) or form
        counts = tuple(Counter([record.kind for record in records]).items())
        return cls(name, form, tuple(records), tuple(notes), counts=counts, forms=forms)

    @property
    def objects(self) -> int:
        """How many objects there are."""
        return sum(count for _, count in self.counts)

    @property
    def is_log(self) -> bool:
        """Whether it is a log or the transcript of a session, which `relaysim replay` reads."""
        return self.hint.startswith("relaysim replay")

    @property
    def holds_ours(self) -> bool:
        """Whether an object in it is one that an import takes."""
        return any(kind is not RecordKind.OTHER for kind, _ in self.counts)

    def count(self, kind: RecordKind) -> int:
        """Return how many objects of a kind there are."""
        return dict(self.counts).get(kind, 0)


def form_of(text: str) -> str:
    """Return the form of a text; ``text`` is what a console shows, or no form at all."""
    head = text[:_HEAD].lstrip("\ufeff")
    start = head[_XML.match(head).end() :].lstrip()  # type: ignore[union-attr]
    if start.startswith("<"):
        return _markup(start)
    if _JSON.match(head):
        return "JSON"
    if _SERVER_LOG.search(head[:2000]):
        return "protocol log"
    if _csv_start(head) is not None:
        return "CSV"
    for form, pattern in (("LDIF", _LDIF), ("dsacls", _DSACLS), ("SDDL", _SDDL)):
        if pattern.search(head):
            return form
    return "text"


def _markup(start: str) -> str:
    if start.startswith("<Objs"):
        return "CLIXML"
    if start.startswith("<Objects"):
        return "ConvertTo-Xml"
    if _HTML.match(start):
        return "HTML"
    return "XML"


def _csv_start(head: str) -> int | None:
    """Return the index of the line a CSV text begins in; a prompt may come before."""
    for index, line in enumerate(head.splitlines()[:30]):
        stripped = line.strip()
        if stripped.startswith("#TYPE "):
            return index
        if not stripped or stripped.startswith("#") or prompt_command(line) is not None:
            continue
        if _SEPARATOR_LINE.match(stripped):
            continue
        first = stripped.split(",", 1)[0].split(";", 1)[0]
        if '"' not in stripped and " " in first and not _is_printed(first):
            return None
        return index if header_delimiter(stripped) else None
    return None


def _is_printed(name: str) -> bool:
    """Tell whether a name is one that objects are printed with, however a script wrote it."""
    return canonical_name(name).casefold() in PRINTED_NAMES()


def read_bytes(data: bytes, *, name: str, encoding: str | None = None) -> ReadFile:
    """Return what one input holds; see `read_stream`."""
    return read_stream(BytesIO(data), name=name, encoding=encoding)


def read_stream(stream: BinaryIO, *, name: str, encoding: str | None = None) -> ReadFile:
    """Return what one input holds; it is read once, and no more of it kept than its objects.

    Args:
        stream: Its bytes.
        name: Its name, for places.
        encoding: The encoding of a text without a byte order mark; UTF-8 when left out.

    Raises:
        InvalidConfiguration: A text in another encoding, or a form that is not well-formed.
    """
    beginning = stream.read(_HEAD_BYTES)
    if not is_text(beginning):
        return ReadFile.of(name, "no text", (), ())
    chunks = decoded(stream, file=name, head=beginning, encoding=encoding)
    head = next(chunks, "")
    if is_manifest(head):
        told = read_manifest(lines_of(chain((head,), chunks), name))
        return ReadFile.of(name, "manifest", (), ())._replace(manifest=told)
    form = form_of(head)
    if form == "protocol log":
        return ReadFile.of(name, form, (), ())._replace(hint=f"relaysim replay {name} -c CONFIG")
    found = _found(form, chain((head,), chunks), name)
    if form == "CSV" and not found.holds_ours and len(beginning) < _HEAD_BYTES:
        # A command above an output may look like a header; its objects tell.
        printed = _found("text", iter((head,)), name)
        found = printed if printed.holds_ours else found
    elif form in _BESIDE and len(beginning) < _HEAD_BYTES:
        # A paste holds what else the console showed.
        printed = _found("text", iter((head,)), name)
        if printed.holds_ours:
            found = ReadFile.of(
                name, form, (*printed.records, *found.records), (*printed.notes, *found.notes)
            )
    return found if found.holds_ours else found._replace(hint=_other_use(head, name))


def _found(form: str, chunks: Iterator[str], name: str) -> ReadFile:
    """Return what a text of one form holds."""
    notes: list[ReadingNote] = []
    records = list(_expanded(_readers()[form](chunks, name, notes), notes))
    return ReadFile.of(name, form, records, notes)


def _expanded(records: Iterator[Record], notes: list[ReadingNote]) -> Iterator[Record]:
    """Yield records, those of the directory under Exchange's names and with their entries."""
    for record in records:
        if _is_of_directory(tuple(record.values)):
            from relaysim.importers.descriptors.expanding import expand

            yield from expand(record, notes)
        else:
            yield record


@lru_cache(maxsize=256)
def _is_of_directory(names: tuple[str, ...]) -> bool:
    """Tell whether properties may have the directory's names, or hold a descriptor."""
    folded = "\n" + "\n".join(names).casefold()
    return "\nms" in folded or "\nnt" in folded or "\nsd" in folded


def looks_like_export(data: bytes, *, name: str, encoding: str | None = None) -> bool:
    """Tell whether bytes are an archive, or text in a form that an importer reads.

    For a text without a form of its own the objects in its beginning tell.
    """
    if data.startswith(b"PK\x03\x04"):
        return True
    if not is_text(data):
        return False
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data[:_HEAD].decode("utf-16" if wide else encoding or "utf-8", "replace")
    form = form_of(text)
    if form != "text":
        return form != "protocol log"
    found = read_text(lines_of((text,)), name, [])
    return any(record.kind is not RecordKind.OTHER for record in found)


def _other_use(text: str, name: str) -> str:
    """Return the command that reads a text in which an import finds nothing, or nothing."""
    head = text[:_HEAD]
    if len(_DIALOGUE.findall(head)) >= 2 or _BOUNCE.search(head):
        return f"relaysim replay {name} -c CONFIG"
    if _SERVER_FILE.search(head):
        return f"relaysim check -c {name}"
    if _SCRIPT.search(head):
        return f"relaysim check -c {name if name.endswith('.ps1') else name + '.ps1'}"
    return ""


_Reader = Callable[[Iterator[str], str, list[ReadingNote]], Iterator[Record]]


def _readers() -> dict[str, _Reader]:
    return {
        "text": _text,
        "CSV": _csv,
        "JSON": _json,
        "CLIXML": _clixml,
        "XML": _clixml,
        "ConvertTo-Xml": _xml,
        "HTML": _html,
        "LDIF": _ldif,
        "dsacls": _dsacls,
        "SDDL": _sddl,
    }


def _text(chunks: Iterator[str], name: str, notes: list[ReadingNote]) -> Iterator[Record]:
    return read_text_blocks(chunks, name, notes)


def lines_of(chunks: Iterable[str], file: str = "") -> Iterator[str]:
    """Yield the lines of a text: only LF and CR LF end one.

    Raises:
        InvalidConfiguration: A line longer than any export has.
    """
    rest = ""
    number = 0
    for chunk in chunks:
        lines = (rest + chunk).split("\n")
        rest = lines.pop()
        number += len(lines)
        yield from lines
        if len(rest) > _LONGEST_LINE:
            raise InvalidConfiguration(
                Problem(f"a line of more than {_LONGEST_LINE >> 20} MB", file=file, line=number + 1)
            )
    if rest:
        yield rest


def _csv(chunks: Iterator[str], name: str, notes: list[ReadingNote]) -> Iterator[Record]:
    head = next(chunks, "").lstrip("\ufeff")
    start = _csv_start(head[:_HEAD]) or 0
    context: OutputContext = NO_CONTEXT
    lines = lines_of(chain((head,), chunks), name)
    for line in islice(lines, start):
        command = prompt_command(line)
        context = context if command is None else read_command(command)
    part = _CsvPart(lines, start)
    yield from read_csv(part, name, notes, context=context, first=start)
    if part.behind is not None:
        yield from read_text(chain((part.behind,), lines), name, notes, first=part.number)


class _CsvPart:
    """The lines of a CSV text in one output, with line breaks; not the empty ones at its end.

    Args:
        lines: The lines from the header on; those behind the next command stay in them.
        first: How many lines come before.
    """

    def __init__(self, lines: Iterator[str], first: int) -> None:
        self._lines = lines
        self.number = first
        self.behind: str | None = None

    def __iter__(self) -> Iterator[str]:
        held: list[str] = []
        for line in self._lines:
            self.number += 1
            command = prompt_command(line)
            if command:
                self.behind = line
                return
            held.append(f"{line}\n")
            if command is None and line.strip():
                yield from held
                held.clear()


def _json(chunks: Iterator[str], name: str, notes: list[ReadingNote]) -> Iterator[Record]:
    from relaysim.importers.formats.json_export import read_json

    return read_json("".join(chunks), name, notes)


def _clixml(chunks: Iterator[str], name: str, _notes: list[ReadingNote]) -> Iterator[Record]:
    from relaysim.importers.formats.clixml import read_clixml

    return read_clixml(_plain_xml(chunks), name)


def _plain_xml(chunks: Iterator[str]) -> Iterator[str]:
    """Yield XML without the mark and without a declaration, whose encoding is no longer true."""
    head = next(chunks, "").lstrip("\ufeff")
    declaration = re.match(r"\s*<\?xml[^>]*\?>", head)
    if declaration is not None:
        # The line breaks stay, so that places do.
        head = "\n" * declaration[0].count("\n") + head[declaration.end() :]
    yield head
    yield from chunks


def _xml(chunks: Iterator[str], name: str, _notes: list[ReadingNote]) -> Iterator[Record]:
    from relaysim.importers.formats.xml_export import read_xml

    return read_xml(_plain_xml(chunks), name)


def _html(chunks: Iterator[str], name: str, _notes: list[ReadingNote]) -> Iterator[Record]:
    from relaysim.importers.formats.html_export import read_html

    return read_html(chunks, name)


def _ldif(chunks: Iterator[str], name: str, notes: list[ReadingNote]) -> Iterator[Record]:
    from relaysim.importers.formats.ldif import read_ldif

    return read_ldif(lines_of(chunks, name), name, notes)


def _dsacls(chunks: Iterator[str], name: str, notes: list[ReadingNote]) -> Iterator[Record]:
    from relaysim.importers.descriptors.dsacls import read_dsacls

    return read_dsacls(lines_of(chunks, name), name, notes)


def _sddl(chunks: Iterator[str], name: str, notes: list[ReadingNote]) -> Iterator[Record]:
    from relaysim.importers.descriptors.sddl import read_sddl_text

    return read_sddl_text(lines_of(chunks, name), name, notes)
