"""One input: which form it has, told by its content, and the records in it."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from relaysim.importers.commands import prompt_command, read_command
from relaysim.importers.decoding import decode, is_text
from relaysim.importers.formats.csv_export import header_delimiter, read_csv
from relaysim.importers.formats.text import read_text
from relaysim.importers.records import NO_CONTEXT, Context, Note, Record, RecordKind

__all__ = ["ReadFile", "form_of", "looks_like_export", "read_bytes"]

_XML = re.compile(r"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*", re.DOTALL)
_HTML = re.compile(r"<!DOCTYPE\s+html|<html|<table|<head|<body", re.IGNORECASE)
_JSON = re.compile(r"^\s*(?:\{\s*[\"}]|\[\s*[\[{\]\"])")
_LDIF = re.compile(r"^(?:dn::? |version: 1\s*$|msExchSmtpReceive\w+:)", re.MULTILINE)
_SDDL = re.compile(r"^\s*(?:O:[A-Z0-9-]+)?(?:G:[A-Z0-9-]+)?D:[A-Z]*\(", re.MULTILINE)
_DSACLS = re.compile(r"^(?:Access list:|Effective Permissions on this object are:)", re.MULTILINE)
_SERVER_LOG = re.compile(r"^#Log-type: SMTP (?:Receive|Send) Protocol Log", re.MULTILINE)
_DIALOGUE = re.compile(
    r"^(?:\S{0,40}\s)?(?:[<>-]{1,3}\s*|[CS]: )?(?:220[ -]|EHLO |HELO |MAIL FROM:|RCPT TO:)",
    re.MULTILINE | re.IGNORECASE,
)
_BOUNCE = re.compile(
    r"^(?:Remote Server returned|Diagnostic-Code: smtp|<[^>]+>.*said: )",
    re.MULTILINE | re.IGNORECASE,
)
_SERVER_FILE = re.compile(r"^format\s*=\s*1\b", re.MULTILINE)
_SCRIPT = re.compile(
    r"^\s*(?:New|Set|Add|Remove)-(?:ReceiveConnector|ADPermission)\b", re.MULTILINE | re.IGNORECASE
)
_HEAD = 65536


class ReadFile(NamedTuple):
    """What was found in one input.

    Attributes:
        name: The file, or ``ARCHIVE/MEMBER``.
        form: Its form.
        records: The objects in it.
        notes: What is to be said beside them.
        hint: How to read it otherwise, when it is nothing for an import; empty for most.
    """

    name: str
    form: str
    records: tuple[Record, ...]
    notes: tuple[Note, ...]
    hint: str = ""

    @property
    def forms(self) -> str:
        """The forms of the objects in it, or its own."""
        return ", ".join(dict.fromkeys(record.form for record in self.records)) or self.form

    @property
    def is_log(self) -> bool:
        """Whether it is a log or the transcript of a session, which `relaysim replay` reads."""
        return self.hint.startswith("relaysim replay")

    def count(self, kind: RecordKind) -> int:
        """Return how many objects of a kind there are."""
        return sum(record.kind is kind for record in self.records)


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
        if '"' not in stripped and " " in stripped.split(",", 1)[0].split(";", 1)[0]:
            return None
        return index if header_delimiter(stripped) else None
    return None


def read_bytes(data: bytes, *, name: str, encoding: str | None = None) -> ReadFile:
    """Return what one input holds.

    Args:
        data: Its bytes.
        name: Its name, for places.
        encoding: The encoding of a text without a byte order mark; UTF-8 when left out.

    Raises:
        InvalidConfiguration: A text in another encoding, or a form that is not well-formed.
    """
    if not is_text(data):
        return ReadFile(name, "no text", (), ())
    text = decode(data, file=name, encoding=encoding)
    form = form_of(text)
    notes: list[Note] = []
    if form == "protocol log":
        return ReadFile(name, form, (), (), f"relaysim replay {name} -c CONFIG")
    records = tuple(_expanded(_readers()[form](text, name, notes), notes))
    if any(record.kind is not RecordKind.OTHER for record in records):
        return ReadFile(name, form, records, tuple(notes))
    return ReadFile(name, form, records, tuple(notes), _other_use(text, name))


def _expanded(records: Iterator[Record], notes: list[Note]) -> Iterator[Record]:
    """Yield records, those of the directory under Exchange's names and with their entries."""
    for record in records:
        if any(name[:2].casefold() in ("ms", "nt", "sd") for name in record.values):
            from relaysim.importers.descriptors.expanding import expand

            yield from expand(record, notes)
        else:
            yield record


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
    found = read_text(_lines(text), name, [])
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


_Reader = Callable[[str, str, list[Note]], Iterator[Record]]


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


def _text(text: str, name: str, notes: list[Note]) -> Iterator[Record]:
    return read_text(_lines(text), name, notes)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text: only LF and CR LF end one."""
    position = 0
    while position < len(text):
        end = text.find("\n", position)
        if end < 0:
            yield text[position:]
            return
        yield text[position:end]
        position = end + 1


def _csv(text: str, name: str, notes: list[Note]) -> Iterator[Record]:
    start = _csv_start(text[:_HEAD].lstrip("\ufeff")) or 0
    context: Context = NO_CONTEXT
    lines = [f"{line}\n" for line in _lines(text.lstrip("\ufeff"))]
    for line in lines[:start]:
        command = prompt_command(line)
        context = context if command is None else read_command(command)
    end = len(lines)
    while end > start and (
        not lines[end - 1].strip() or prompt_command(lines[end - 1]) is not None
    ):
        end -= 1
    return read_csv(lines[start:end], name, notes, context=context, first=start)


def _json(text: str, name: str, notes: list[Note]) -> Iterator[Record]:
    from relaysim.importers.formats.json_export import read_json

    return read_json(text, name, notes)


def _chunks(text: str, size: int = 1 << 16) -> Iterator[str]:
    for position in range(0, len(text), size):
        yield text[position : position + size]


def _clixml(text: str, name: str, _notes: list[Note]) -> Iterator[Record]:
    from relaysim.importers.formats.clixml import read_clixml

    return read_clixml(_chunks(_plain_xml(text)), name)


def _plain_xml(text: str) -> str:
    """Return XML without the mark and without a declaration, whose encoding is no longer true."""
    text = text.lstrip("\ufeff")
    declaration = re.match(r"\s*<\?xml[^>]*\?>", text)
    if declaration is None:
        return text
    # The line breaks stay, so that places do.
    return "\n" * declaration[0].count("\n") + text[declaration.end() :]


def _xml(text: str, name: str, _notes: list[Note]) -> Iterator[Record]:
    from relaysim.importers.formats.xml_export import read_xml

    return read_xml(_chunks(_plain_xml(text)), name)


def _html(text: str, name: str, _notes: list[Note]) -> Iterator[Record]:
    from relaysim.importers.formats.html_export import read_html

    return read_html(_chunks(text), name)


def _ldif(text: str, name: str, notes: list[Note]) -> Iterator[Record]:
    from relaysim.importers.formats.ldif import read_ldif

    return read_ldif(_lines(text), name, notes)


def _dsacls(text: str, name: str, notes: list[Note]) -> Iterator[Record]:
    from relaysim.importers.descriptors.dsacls import read_dsacls

    return read_dsacls(_lines(text), name, notes)


def _sddl(text: str, name: str, notes: list[Note]) -> Iterator[Record]:
    from relaysim.importers.descriptors.sddl import read_sddl_text

    return read_sddl_text(_lines(text), name, notes)
