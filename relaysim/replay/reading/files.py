"""Logs where they lie: files, packed files, folders and standard input, in any mix."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
import zlib
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from relaysim.errors import InvalidInput, Problem
from relaysim.importers.logs.message_tracking import is_tracking
from relaysim.replay.reading.gathering import Gatherer
from relaysim.replay.reading.saved import SUMMARY_FORMAT, decode_summary
from relaysim.replay.summary import UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relaysim.model.organization import AcceptedDomain
    from relaysim.replay.logged import LoggedSession
    from relaysim.replay.summary import Summary

    Watch = Callable[[str, LoggedSession, str], None]

__all__ = [
    "ClientText",
    "Gathered",
    "LogFile",
    "find_logs",
    "gather_logs",
    "read_lines",
    "read_log",
    "reading",
]

_HEAD = 65_536
_MARK = b"\xef\xbb\xbf"
_MAX_SUMMARY = 1 << 30
_MAX_TEXT = 64 << 20
_BLOCK = 1 << 18
"""So many characters of a plain file are read at a time."""
_LINES = 1 << 12
"""So many lines of a packed one."""


class LogFile(NamedTuple):
    """One log to read.

    Attributes:
        path: The file, ``-`` for standard input.
        member: Name inside an archive, or ``None``.
        size: Bytes as they lie on disk.
    """

    path: str
    member: str | None
    size: int

    @property
    def name(self) -> str:
        """What remarks call it."""
        return self.path if self.member is None else f"{self.path}/{self.member}"


class ClientText(NamedTuple):
    """A text that is no server's log, perhaps a client's transcript: its name and its text."""

    name: str
    text: str


class Gathered(NamedTuple):
    """What was read.

    Attributes:
        summary: Of the protocol logs and saved summaries.
        texts: Everything else, to be read as transcripts of clients.
    """

    summary: Summary
    texts: tuple[ClientText, ...]


def find_logs(paths: Iterable[str]) -> list[LogFile]:
    """Return every log below these paths, folders and archives opened, in name order.

    Raises:
        InvalidInput: A path does not exist or cannot be read; nothing is there at all.
    """
    found: list[LogFile] = []
    for path in paths:
        if path == "-":
            found.append(LogFile("-", None, 0))
            continue
        place = Path(path)
        try:
            if place.is_dir():
                for each in sorted(p for p in place.rglob("*") if p.is_file()):
                    found += _members(str(each), each.stat().st_size)
            else:
                found += _members(path, place.stat().st_size)
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise InvalidInput(Problem(f"cannot be read ({reason})", file=path)) from None
    if not found:
        raise InvalidInput("there is no file to read", hint="name logs, or folders that hold logs")
    return found


def _members(path: str, size: int) -> list[LogFile]:
    with open(path, "rb") as file:  # noqa: PTH123  # a plain path, as everywhere
        magic = file.read(4)
    if magic != b"PK\x03\x04":
        return [LogFile(path, None, size)]
    try:
        with zipfile.ZipFile(path) as archive:
            return [
                LogFile(path, entry.filename, entry.compress_size)
                for entry in archive.infolist()
                if not entry.filename.endswith("/")
            ]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise InvalidInput(Problem("a damaged archive", file=path)) from None


def gather_logs(
    logs: Iterable[LogFile],
    accepted: Iterable[AcceptedDomain] | None,
    *,
    progress: Callable[[int], None] | None = None,
    watch: Watch | None = None,
) -> Gathered:
    """Read logs, one after the other.

    Args:
        logs: The logs.
        accepted: The accepted domains addresses are reduced with, or ``None``.
        progress: Called with the bytes read since the last call.
        watch: Called with key, session and client of each session.

    Raises:
        InvalidInput: A file cannot be read.
    """
    gatherer = Gatherer(accepted)
    gatherer.builder.watch = watch
    texts: list[ClientText] = []
    for log in logs:
        told = _Told(log.size, progress)
        text = read_log(log, gatherer, told)
        if text is not None:
            texts.append(text)
        told.all()
    return Gathered(gatherer.finish(), tuple(texts))


class _Told:
    """Tells somebody how much of a log is read, so that all calls add up to its size."""

    def __init__(self, size: int, progress: Callable[[int], None] | None) -> None:
        self._size = self._left = size
        self._progress = progress

    def until(self, position: int) -> None:
        """Tell that the log is read up to a position."""
        self._tell(min(self._left, position - (self._size - self._left)))

    def all(self) -> None:
        """Tell that nothing is left."""
        self._tell(self._left)

    def _tell(self, count: int) -> None:
        if self._progress is not None and count > 0:
            self._progress(count)
            self._left -= count


def read_log(log: LogFile, gatherer: Gatherer, told: _Told | None = None) -> ClientText | None:
    """Read one log into a gatherer; return its text when it is no server's log.

    A packed log that is damaged inside is read as far as it goes, and the damage is counted as an
    unreadable row.
    """
    if log.path == "-":
        return _take(log, sys.stdin.buffer, gatherer)
    try:
        if log.member is not None:
            with (
                reading(log),
                zipfile.ZipFile(log.path) as archive,
                archive.open(log.member) as member,
            ):
                return _take(log, member, gatherer)
        with reading(log), open(log.path, "rb") as file:  # noqa: PTH123
            return _take(log, file, gatherer, told)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        gatherer.builder.unreadable(UnreadableRow(log.name, 0, "a damaged or locked archive"))
        return None


@contextmanager
def reading(log: LogFile) -> Iterator[None]:
    """Have a log that cannot be opened or read be bad input.

    Raises:
        InvalidInput: Inside, the system refused it.
    """
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InvalidInput(Problem(f"cannot be read ({reason})", file=log.name)) from None


def _take(
    log: LogFile, file: IO[bytes], gatherer: Gatherer, told: _Told | None = None
) -> ClientText | None:
    raw = cast("io.RawIOBase", file)
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(raw)
    head = _whole(buffered.peek, _HEAD)[:_HEAD]
    if head[:2] == b"\x1f\x8b":
        packed = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=buffered)))
        head = _peeked(packed)
        buffered = packed
    encoding = _encoding(head)
    start = head.decode(encoding, "replace").lstrip("\ufeff \r\n")
    if start.startswith("{") and SUMMARY_FORMAT in start[:200]:
        text = _whole(buffered.read, _MAX_SUMMARY).decode("utf-8", "replace")
        gatherer.take(decode_summary(text, log.name))
        return None
    if not _is_log(start):
        data = _whole(buffered.read, _MAX_TEXT)
        return ClientText(log.name, data.decode(encoding, "replace"))
    if encoding == "utf-8-sig":
        # The plain decoder is the faster one.
        encoding = "utf-8"
        if head.startswith(_MARK):
            buffered.read(len(_MARK))
    lines = io.TextIOWrapper(buffered, encoding=encoding, errors="replace", newline="\n")

    def tell() -> None:
        if told is not None:
            told.until(file.tell())

    read = chain.from_iterable(_blocks(lines, log, gatherer, tell))
    try:
        if is_tracking(start):
            gatherer.feed_tracking(read, log.name)
            return None
        gatherer.feed(read, log.name)
    finally:
        # Whoever opened the file closes it.
        lines.detach()
    return None


def _whole(read: Callable[[int], bytes], size: int) -> bytes:
    """Return what is read of something packed; what is damaged inside is a damaged archive."""
    try:
        return read(size)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise zipfile.BadZipFile(str(error)) from None


def _peeked(packed: io.BufferedReader[io.RawIOBase]) -> bytes:
    try:
        return packed.peek(_HEAD)[:_HEAD]
    except (OSError, EOFError, zlib.error):
        return b""


def read_lines(text: io.TextIOWrapper) -> Iterator[list[str]]:
    """Yield the lines of a plain file, many at a time."""
    while block := text.readlines(_BLOCK):
        yield block


def _blocks(
    text: io.TextIOWrapper, log: LogFile, gatherer: Gatherer, tell: Callable[[], None]
) -> Iterator[list[str]]:
    """Yield the lines, many at a time; those of a packed file as far as it goes."""
    number = 0
    block: list[str] = []
    try:
        if isinstance(getattr(text.buffer, "raw", None), io.FileIO):
            for lines in read_lines(text):
                number += len(lines)
                yield lines
                tell()
            return
        for line in text:
            block.append(line)
            if len(block) == _LINES:
                number += _LINES
                yield block
                tell()
                block = []
    except (OSError, EOFError, zlib.error):
        yield block
        number += len(block) + 1
        row = UnreadableRow(log.name, number, "the packed file is damaged here and ends")
        gatherer.builder.unreadable(row)
        return
    yield block


def _encoding(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    # Without a byte order mark every other byte of a log in UTF-16 is nothing.
    for place, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 8 and not any(head[place:40:2]) and all(head[1 - place : 40 : 2]):
            return name
    return "utf-8-sig"


def _is_log(start: str) -> bool:
    if is_tracking(start):
        return True
    for line in start.splitlines()[:40]:
        if line.startswith("#") and ("log-type" in line.lower() or "fields:" in line.lower()):
            return True
        if line.startswith("#") or not line.strip():
            continue
        fields = line.split(",")
        if len(fields) >= 9 and fields[0][4:5] == "-" and fields[3].isdigit():
            return True
    return False
