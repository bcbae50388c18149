"""Messages that were taken, as files: a Maildir, and the text with the headers that survive."""

import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from relaysim.smtp.record import Message

__all__ = ["Spool", "stored_text"]


class Spool:
    """A Maildir. Names of its files are made of numbers alone: nothing a client sends is in one."""

    def __init__(self, folder: Path) -> None:
        """Make the folders where they are missing."""
        self.folder = folder
        self._number = itertools.count(1)
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def put(self, text: bytes, *, seconds: int) -> Path:
        """Write a message under ``new``, whole or not at all, and return its path.

        Args:
            text: The message.
            seconds: The moment, for the name.
        """
        name = f"{seconds}.P{os.getpid()}Q{next(self._number)}.relaysim"
        waiting, path = self.folder / "tmp" / name, self.folder / "new" / name
        waiting.write_bytes(text)
        waiting.replace(path)
        return path


def stored_text(message: Message, lines: Sequence[str]) -> bytes:
    """Return a message as the server would keep it: what it adds, then what it lets pass.

    Args:
        message: What was decided about it.
        lines: Its lines, dots unstuffed, without line ends.
    """
    kept = [f"{name}: {value}" for name, value in message.added]
    head = list(_fields(lines, len(message.headers)))
    for fate, field in zip(message.headers, head, strict=False):
        if fate.kept:
            kept += field
    kept += lines[sum(len(field) for field in head) :]
    return b"".join(line.encode("utf-8", "surrogateescape") + b"\r\n" for line in kept)


def _fields(lines: Sequence[str], count: int) -> Iterator[list[str]]:
    """Yield the lines of each header field, the first ``count`` of them."""
    field: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            if field:
                field.append(line)
            continue
        if field:
            yield field
            count -= 1
        if count == 0 or not line:
            return
        field = [line]
    if field:
        yield field
