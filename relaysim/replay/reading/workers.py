"""Logs read by several processes: each takes files, or parts of large ones, and summarizes.

This process is one of them. Each has a run of neighbouring parts, and who is done takes over half
of the longest run that is left: so few sessions are cut between two processes, all are busy to the
end, and there is one summary of each to put together, however long the logs are.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from itertools import chain, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from relaysim.crew import left, received, sent, started
from relaysim.replay.reading.files import (
    ClientText,
    Gathered,
    LogFile,
    gather_logs,
    read_lines,
    read_log,
    reading,
)
from relaysim.replay.reading.gathering import Gatherer
from relaysim.replay.summary import UNREADABLE_KEPT, Summary, UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from relaysim.crew import Crew
    from relaysim.model.organization import AcceptedDomain

    Domains = tuple[AcceptedDomain, ...] | None

__all__ = ["crew_for", "gather_jobs"]

_T = TypeVar("_T")
_PART = 4 << 20
"""Bytes of a large file that are read at a time: about a tenth of a second."""
_AHEAD = 2
"""So many parts each process has before it, that it need not wait for the next one."""


class _Part(NamedTuple):
    """A log, or the lines of a plain one that begin between two byte positions.

    Attributes:
        place: Its place among all parts.
        log: The log.
        start: The first position.
        end: The position behind the last one, ``None`` for a whole log.
        size: Bytes, as far as they are known before.
    """

    place: int
    log: LogFile
    start: int
    end: int | None
    size: int


class _Answer(NamedTuple):
    """What one part came to, beside what its reader goes on to count.

    Attributes:
        part: The part.
        lines: Number of its lines; 0 for a whole log.
        unreadable: Lines that are no rows, counted from the beginning of the part.
        unreadable_count: Number of such lines.
        text: What is no server's log.
        even: Whether its head, or one inside, leaves the columns as they always are.
    """

    part: _Part
    lines: int
    unreadable: list[UnreadableRow]
    unreadable_count: int
    text: ClientText | None
    even: bool


def gather_jobs(
    logs: list[LogFile],
    accepted: Iterable[AcceptedDomain] | None,
    *,
    crew: Crew,
    progress: Callable[[int], None] | None = None,
) -> Gathered:
    """Return what :func:`relaysim.replay.reading.files.gather_logs` returns, read by processes.

    Args:
        logs: The logs.
        accepted: The accepted domains addresses are reduced with, or ``None``.
        crew: The other processes, see :func:`crew_for`.
        progress: Called with the bytes read since the last call.

    Raises:
        InvalidInput: A file cannot be read, or one of the processes was stopped.
    """
    domains = None if accepted is None else tuple(accepted)
    if not crew:
        return gather_logs(logs, domains, progress=progress)
    gathering = _Gathering(_all_parts(logs, set()), domains, progress)
    odd = gathering.run(crew)
    whole: set[LogFile] = set()
    while odd is not None:
        # A head inside of it changes what its columns are: it cannot be read in parts.
        whole.add(odd)
        gathering = _Gathering(_all_parts(logs, whole), domains, progress)
        with crew_for(logs, jobs=len(crew) + 1) as others:
            odd = gathering.run(others)
    return gathering.finish()


def _all_parts(logs: list[LogFile], whole: set[LogFile]) -> list[_Part]:
    parts: list[_Part] = []
    for log in logs:
        parts += _parts(log, len(parts), whole=log in whole)
    return parts


def _parts(log: LogFile, place: int, *, whole: bool) -> list[_Part]:
    if whole or log.member is not None or log.size < 2 * _PART:
        return [_Part(place, log, 0, None, log.size)]
    try:
        bounds = _bounds(log)
    except OSError:
        # Whoever reads it says why it cannot be read.
        bounds = []
    if not bounds:
        return [_Part(place, log, 0, None, log.size)]
    return [
        _Part(place + each, log, start, end, end - start)
        for each, (start, end) in enumerate(pairwise(bounds))
    ]


def _bounds(log: LogFile) -> list[int]:
    """Return where the parts of a log begin and end; nothing when it cannot be read in parts."""
    with open(log.path, "rb") as file:  # noqa: PTH123
        head = file.read(4096)
        if head[:2] in (b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff") or not _named(head):
            return []
        bounds = [0]
        count = log.size // _PART
        for each in range(1, count):
            file.seek(log.size * each // count - 1)
            bounds.append(file.tell() + len(file.readline()))
    # A line that is longer than a part makes two bounds one.
    return sorted({*bounds, log.size})


def _named(head: bytes) -> bool:
    """Tell whether a log begins with the names of its fields in the order that every part needs."""
    from relaysim.importers.logs.protocol_log import FIELDS

    wanted = ("#Fields: " + ",".join(FIELDS)).encode()
    return wanted in head and b"Receive" in head


class _PartReader:
    """Reads parts; a session that goes on in the next part is not cut where both come here."""

    def __init__(self, domains: Domains) -> None:
        self.gatherer = Gatherer(domains)
        self._next = 0

    def read(self, part: _Part) -> _Answer:
        """Read a part."""
        gatherer = self.gatherer
        if part.place != self._next:
            gatherer.cut()
        self._next = part.place + 1
        lines, even, text = 0, True, None
        if part.end is None:
            text = read_log(part.log, gatherer)
        else:
            lines, even = _read_between(part, gatherer)
        return _Answer(part, lines, *gatherer.builder.give_unreadable(), text, even)


def _read_between(part: _Part, gatherer: Gatherer) -> tuple[int, bool]:
    """Read the lines of a part; return their number, and whether the columns are even behind."""
    count = 0

    def counted(text: io.TextIOWrapper) -> Iterator[list[str]]:
        nonlocal count
        for block in read_lines(text):
            count += len(block)
            yield block

    with reading(part.log), open(part.log.path, "rb", buffering=0) as file:  # noqa: PTH123
        file.seek(part.start)
        buffered = io.BufferedReader(_Span(file, part.size), 1 << 16)
        text = io.TextIOWrapper(buffered, encoding="utf-8", errors="replace", newline="\n")
        lines = chain.from_iterable(counted(text))
        even = gatherer.feed(lines, part.log.name, counted=part.start == 0)
    return count, even


class _Span(io.RawIOBase):
    """So many bytes of a file, from where it stands."""

    def __init__(self, file: io.FileIO, size: int) -> None:
        self._file = file
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = self._file.readinto(memoryview(buffer)[: self._left])
        self._left -= count
        return count


class _Gathering:
    """Deals parts out, reads some of them, and puts together what comes back."""

    def __init__(
        self, parts: list[_Part], domains: Domains, progress: Callable[[int], None] | None
    ) -> None:
        self._parts = parts
        self._domains = domains
        self._reader = _PartReader(domains)
        self._progress = progress
        self._runs: list[list[int]] = []
        self._lines = [0] * len(parts)
        self._texts: dict[int, ClientText] = {}
        self._unreadable: list[tuple[str, int, UnreadableRow]] = []
        self._unreadable_count = 0
        self._odd: LogFile | None = None

    def run(self, crew: Crew) -> LogFile | None:
        """Have everything read; return a log that cannot be read in parts, if there is one."""
        from multiprocessing.connection import wait

        workers = len(crew) + 1
        bounds = [len(self._parts) * each // workers for each in range(workers + 1)]
        self._runs = [list(bound) for bound in pairwise(bounds)]
        # The last run is for this process: the others begin a little later.
        open_parts = [0] * len(crew)
        for connection in crew:
            sent(connection, self._domains)
        for _ in range(_AHEAD):
            for number, connection in enumerate(crew):
                open_parts[number] += self._hand(number, connection)
        while self._odd is None:
            own = self._next(len(crew))
            if own is not None:
                self._take(self._reader.read(own))
            waiting = [each for number, each in enumerate(crew) if open_parts[number]]
            if own is None and not waiting:
                break
            ready = wait(waiting, None if own is None else 0) if waiting else ()
            for number, connection in enumerate(crew):
                if connection in ready:
                    self._take(received(connection, _Answer))
                    open_parts[number] += self._hand(number, connection) - 1
        if self._odd is None:
            for connection in crew:
                sent(connection, None)
            for connection in crew:
                self._reader.gatherer.take(received(connection, Summary))
        return self._odd

    def finish(self) -> Gathered:
        """Return what everything came to."""
        builder = self._reader.gatherer.builder
        begins: dict[LogFile, int] = {}
        offsets = []
        for part, lines in zip(self._parts, self._lines, strict=True):
            offsets.append(begins.get(part.log, 0))
            begins[part.log] = offsets[-1] + lines
        rows = [row._replace(line=row.line + offsets[place]) for _, place, row in self._unreadable]
        builder.take_unreadable(rows, self._unreadable_count)
        texts = tuple(text for _, text in sorted(self._texts.items(), key=itemgetter(0)))
        return Gathered(self._reader.gatherer.finish(), texts)

    def _next(self, number: int) -> _Part | None:
        """Return the next part of a process, from its run or half of the longest one left."""
        run = self._runs[number]
        if run[0] >= run[1]:
            longest = max(self._runs, key=lambda each: each[1] - each[0])
            middle = (longest[0] + longest[1]) // 2
            run[:] = middle, longest[1]
            longest[1] = middle
        if run[0] >= run[1]:
            return None
        run[0] += 1
        return self._parts[run[0] - 1]

    def _hand(self, number: int, connection: Connection) -> bool:
        part = self._next(number)
        if part is not None:
            sent(connection, part)
        return part is not None

    def _take(self, answer: _Answer) -> None:
        part = answer.part
        self._lines[part.place] = answer.lines
        if answer.text is not None:
            self._texts[part.place] = answer.text
        self._unreadable += [(row.file, part.place, row) for row in answer.unreadable]
        self._unreadable_count += answer.unreadable_count
        if len(self._unreadable) > 2 * UNREADABLE_KEPT:
            self._unreadable = sorted(self._unreadable)[:UNREADABLE_KEPT]
        if not answer.even and part.end != part.log.size:
            self._odd = part.log
        if self._progress is not None:
            self._progress(part.size)


@contextmanager
def crew_for(logs: list[LogFile], *, jobs: int) -> Iterator[Crew]:
    """Start the processes that read logs beside this one; yield a connection to each.

    They take a fifth of a second to begin: the sooner they are started the better.

    Args:
        logs: What will be read; standard input is read by this process alone.
        jobs: Number of processes, this one included.
    """
    count = min(jobs, sum(max(1, log.size // _PART) for log in logs)) - 1
    if any(log.path == "-" for log in logs):
        count = 0
    with started(count, _work) as crew:
        yield crew


def _work(connection: Connection) -> None:
    """Read the parts that a connection names until it names none, then tell the summary."""
    with left(connection):
        reader = _PartReader(connection.recv())
        while (part := connection.recv()) is not None:
            connection.send(reader.read(part))
        connection.send(reader.gatherer.finish())
