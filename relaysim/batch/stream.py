"""Bytes in and out of a batch: files, standard streams, compression, several processes."""

import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from types import FrameType
from typing import IO, TYPE_CHECKING, NamedTuple

from relaysim.batch.plan import BatchPlan, Worked
from relaysim.batch.work import Worker
from relaysim.crew import left, received, sent, started
from relaysim.errors import InvalidInput, Problem
from relaysim.writing import PendingFile, unwritable

if TYPE_CHECKING:
    from ctypes import Array, c_char
    from multiprocessing.connection import Connection

    SharedArray = Array[c_char]

__all__ = ["Block", "blocks", "held_interrupts", "open_input", "open_output", "worked"]

_BLOCK = 1 << 18
_AREA = 1 << 22
_LONGEST_ROW = 1 << 20


class Block(NamedTuple):
    """Whole rows of the input, and the number of their first line."""

    data: bytes
    first_line: int


@contextmanager
def open_input(path: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file, or standard input for ``-``; a name that ends in ``.gz`` is decompressed.

    Returns:
        The stream to read, and the one below it whose position tells the progress.

    Raises:
        InvalidInput: It cannot be read.
    """
    if path == "-":
        stream = standard_input()
        yield stream, stream
        return
    try:
        raw = open(path, "rb")  # noqa: PTH123, SIM115  # closed below
    except FileNotFoundError:
        raise InvalidInput(Problem("no such file", file=path)) from None
    except IsADirectoryError:
        raise InvalidInput(Problem("is a folder, not a file", file=path)) from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InvalidInput(Problem(f"cannot be read ({reason})", file=path)) from None
    with raw:
        if not path.lower().endswith(".gz"):
            yield raw, raw
            return
        import gzip

        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield unpacked, raw  # type: ignore[misc]  # reads like a file


def standard_input() -> IO[bytes]:
    """Return the bytes of standard input, also where a program has put text in its place."""
    buffer = getattr(sys.stdin, "buffer", None)
    return buffer or BytesIO(sys.stdin.read().encode("utf-8", "surrogateescape"))


def _is_narrow(stream: IO[str]) -> bool:
    """Tell whether a stream of text has an encoding that lacks characters."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return not encoding.lower().startswith("utf")


class _TextOutput(BytesIO):
    """Standard output where it takes text: a program's own stream, or a console's code page."""

    def __init__(self, text: IO[str]) -> None:
        super().__init__()
        self._text = text

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # only bytes come here
        self._text.write(bytes(data).decode("utf-8"))
        return len(data)


def blocks(stream: IO[bytes], path: str, *, quotes: bool) -> Iterator[Block]:
    """Yield the input in blocks that end with a row, as soon as there is anything to read.

    Args:
        stream: The input.
        path: Its name, for errors.
        quotes: A quotation mark hides line breaks, as in CSV.

    Raises:
        InvalidInput: It cannot be read to the end, has a row of CSV of more than a megabyte, or is
            no text: what comes of binary data
            row by row tells nobody what is wrong.
    """
    rest, line = b"", 1
    check = _text_check(path)
    read = getattr(stream, "read1", stream.read)
    while True:
        try:
            data = read(_BLOCK)
        except (OSError, EOFError) as error:
            raise InvalidInput(Problem(f"cannot be read ({error})", file=path)) from None
        check(data)
        if not data:
            break
        rest += data
        cut = rest.rfind(b"\n") + 1
        whole = cut and not (quotes and rest.count(b'"', 0, cut) % 2)
        if whole or len(rest) > _LONGEST_ROW:
            if not cut and quotes:
                # Half a row could be answered, as another question than the one that was asked.
                raise InvalidInput(Problem("a row of more than 1 MB", file=path, line=line))
            cut = cut or len(rest)
            yield Block(rest[:cut], line)
            line += rest.count(b"\n", 0, cut)
            rest = rest[cut:]
    if rest:
        yield Block(rest, line)


def _text_check(path: str) -> Callable[[bytes], None]:
    """Return what takes the input piece by piece, at last an empty one, and refuses no text."""
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")()
    line = 1

    def check(data: bytes) -> None:
        nonlocal line
        # A character that the last piece cut stands before this one, and holds no line break.
        start = data.find(b"\0")
        try:
            decoder.decode(data, not data)
        except UnicodeDecodeError as error:
            before = len(error.object) - len(data)
            first = max(error.start - before, 0)
            start = first if start < 0 else min(start, first)
            found = True
        else:
            found = start >= 0
        if found:
            hint = "batch reads CSV or JSON lines in UTF-8; a name that ends in .gz is decompressed"
            place = line + data.count(b"\n", 0, start)
            raise InvalidInput(Problem("not UTF-8 text", file=path, line=place, hint=hint))
        line += data.count(b"\n")

    return check


def worked(plan: BatchPlan, source: Iterable[Block], jobs: int) -> Iterator[Worked]:
    """Yield what comes of each block, in order, by one process or several."""
    if jobs == 1:
        worker = Worker(plan)
        for block in source:
            yield worker.work(*block)
        return
    from multiprocessing.sharedctypes import RawArray

    # Blocks travel in memory that all processes share: through pipes they would cost more than half
    # of what a second process gains. Each process has two, one that it works on and the next.
    areas = [RawArray("c", _AREA) for _ in range(2 * jobs)]
    free = deque(range(len(areas)))
    waiting: deque[int] = deque()

    with started(jobs, _work, plan, areas) as crew:

        def oldest() -> Iterator[Worked]:
            area = waiting.popleft()
            done, size = received(crew[area % jobs], tuple)
            yield done._replace(text=memoryview(areas[area])[:size]) if size else done
            # Only now has the reader of this generator written the output.
            free.append(area)

        for data, first_line in source:
            # What is read ahead stays small, however slow the reader of the output is.
            if not free:
                yield from oldest()
            block = Block(data, first_line)
            if len(data) <= _AREA:
                memoryview(areas[free[0]]).cast("B")[: len(data)] = data
                block = Block(b"", first_line)
            while waiting and block.data:
                # Who is sent more than a pipe holds must not wait to be heard itself.
                yield from oldest()
            area = free.popleft()
            sent(crew[area % jobs], (area, len(data), block))
            waiting.append(area)
        while waiting:
            yield from oldest()


def _work(connection: "Connection", plan: BatchPlan, areas: "list[SharedArray]") -> None:
    """Work on the blocks that a connection names; leave the output in their areas where it fits."""
    with left(connection):
        worker = Worker(plan)
        while True:
            area, size, block = connection.recv()
            shared = memoryview(areas[area]).cast("B")
            done = worker.work(block.data or bytes(shared[:size]), block.first_line)
            length = len(done.text)
            if length > _AREA:
                connection.send((done, 0))
                continue
            shared[:length] = done.text
            connection.send((done._replace(text=b""), length))


@contextmanager
def open_output(
    path: str | None, kept: Callable[[PendingFile, str], None] | None = None
) -> Iterator[IO[bytes]]:
    """Open standard output, or a file that appears when all is written, compressed for ``.gz``.

    Args:
        path: The file, or ``None`` for standard output.
        kept: Called when the file has appeared.

    Raises:
        InvalidInput: It cannot be written; an older file is then untouched.
    """
    if path is None:
        buffer = None if _is_narrow(sys.stdout) else getattr(sys.stdout, "buffer", None)
        yield buffer or _TextOutput(sys.stdout)
        return
    pending = None
    try:
        pending = PendingFile(path)
        if path.lower().endswith(".gz"):
            import gzip

            with gzip.GzipFile(filename="", mode="wb", fileobj=pending.stream, mtime=0) as packed:
                yield packed  # type: ignore[misc]  # writes like a file
        else:
            yield pending.stream
        pending.keep()
        if kept is not None:
            kept(pending, path)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(error, path) from None
    finally:
        if pending is not None:
            pending.discard()


@contextmanager
def held_interrupts() -> Iterator[Callable[[IO[bytes], bytes | memoryview], None]]:
    """Give a write function that Ctrl-C cannot cut in the middle of a line.

    While it writes, an interrupt waits until all is written; at any other time it comes at once.
    """
    writing, waiting = False, False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal waiting
        if not writing:
            raise KeyboardInterrupt
        waiting = True

    def write(stream: IO[bytes], data: bytes | memoryview) -> None:
        nonlocal writing
        writing = True
        try:
            # An unbuffered stream may take only a part, when a signal comes in between.
            rest = memoryview(data)
            while rest:
                rest = rest[stream.write(rest) :]
            stream.flush()
        finally:
            writing = False
        if waiting:
            raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGINT, note)
    except ValueError:
        # Only the main thread may listen to signals; elsewhere none arrive either.
        yield write
        return
    try:
        yield write
    finally:
        signal.signal(signal.SIGINT, before)
