"""Logs read by several processes: each takes files, or parts of a large one, and summarizes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from relaysim.replay.reading.files import ClientText, Gathered, LogFile, gather_logs, read_log
from relaysim.replay.reading.gathering import Gatherer
from relaysim.replay.summary import SummaryBuilder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relaysim.model.organization import AcceptedDomain

__all__ = ["gather_jobs"]

_PART = 16 << 20


class _Part(NamedTuple):
    """A log, or the lines of a plain one that begin between two byte positions."""

    log: LogFile
    start: int
    end: int | None


def gather_jobs(
    logs: list[LogFile],
    accepted: Iterable[AcceptedDomain] | None,
    *,
    jobs: int,
    progress: Callable[[int], None] | None = None,
) -> Gathered:
    """Return what :func:`relaysim.replay.reading.files.gather_logs` returns, read by processes.

    A session may be cut between two parts: summaries put it together again.

    Raises:
        InvalidInput: A file cannot be read.
    """
    domains = None if accepted is None else tuple(accepted)
    if jobs <= 1 or any(log.path == "-" for log in logs):
        return gather_logs(logs, domains, progress=progress)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    parts = [part for log in logs for part in _parts(log, jobs)]
    builder = SummaryBuilder(domains)
    texts: list[ClientText] = []
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        work = [(part, domains) for part in parts]
        for part, found in zip(parts, pool.map(_read_part, work), strict=True):
            builder.take(found.summary)
            texts += found.texts
            if progress is not None:
                progress(part.log.size if part.end is None else part.end - part.start)
    return Gathered(builder.build(), tuple(texts))


def _parts(log: LogFile, jobs: int) -> list[_Part]:
    if log.member is not None or log.size < 2 * _PART:
        return [_Part(log, 0, None)]
    with open(log.path, "rb") as file:  # noqa: PTH123
        head = file.read(4096)
    if head[:2] in (b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff") or not _named(head):
        return [_Part(log, 0, None)]
    count = max(jobs, log.size // _PART)
    bounds = [log.size * each // count for each in range(count + 1)]
    return [_Part(log, start, end) for start, end in pairwise(bounds)]


def _named(head: bytes) -> bool:
    """Tell whether a log begins with the names of its fields in the order that every part needs."""
    from relaysim.importers.logs.protocol_log import FIELDS

    wanted = ("#Fields: " + ",".join(FIELDS)).encode()
    return wanted in head and b"Receive" in head


def _read_part(work: tuple[_Part, tuple[AcceptedDomain, ...] | None]) -> Gathered:
    part, domains = work
    gatherer = Gatherer(domains)
    if part.end is None:
        text = read_log(part.log, gatherer)
        return Gathered(gatherer.finish(), () if text is None else (text,))
    gatherer.feed(_lines_between(part.log.path, part.start, part.end), part.log.name)
    return Gathered(gatherer.finish(), ())


def _lines_between(path: str, start: int, end: int) -> Iterator[str]:
    """Yield the lines that begin in ``start <= position < end``."""
    with open(path, "rb") as file:  # noqa: PTH123
        position = start
        if start:
            file.seek(start - 1)
            position = start - 1 + len(file.readline())
        while position < end:
            lines = file.readlines(min(1 << 20, end - position))
            if not lines:
                return
            for line in lines:
                if position >= end:
                    return
                position += len(line)
                yield line.decode("utf-8", "replace")
