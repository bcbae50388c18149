"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO

from relaysim.errors import InvalidInput, Problem

__all__ = ["PendingFile", "unwritable"]


class PendingFile:
    """A file that takes its name when all of it is written; until then an older one stays.

    A symbolic link is written through, and the mode of an older file is kept. A device or a pipe
    cannot be replaced, only written to. Missing parent folders are made.

    Attributes:
        stream: Takes the bytes.
        replaces: Whether there was a file before.
        new_folder: The folder that was made for it, or empty.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be written.
        ValueError: The name is none that a file can have.
    """

    __slots__ = ("_begun", "_mode", "_target", "new_folder", "replaces", "stream")

    def __init__(self, path: str) -> None:
        self._target = os.path.realpath(path)
        older = os.stat(self._target) if os.path.exists(self._target) else None  # noqa: PTH110, PTH116
        special = older is not None and not os.path.isfile(self._target)  # noqa: PTH113
        self.replaces = older is not None and not special
        self._mode = older.st_mode if older is not None and not special else None
        self._begun = None if special else f"{self._target}.{os.getpid()}.part"
        folder = os.path.dirname(self._target)  # noqa: PTH120
        self.new_folder = "" if os.path.isdir(folder) else os.path.dirname(path)  # noqa: PTH112, PTH120
        if older is None:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        self.stream: IO[bytes] = open(self._begun or path, "wb")  # noqa: PTH123, SIM115

    def keep(self) -> None:
        """Give the file its name: everything was written.

        Raises:
            OSError: It cannot be done.
        """
        self.stream.close()
        if self._begun is None:
            return
        if self._mode is not None:
            os.chmod(self._begun, self._mode)  # noqa: PTH101
        os.replace(self._begun, self._target)  # noqa: PTH105
        self._begun = None

    def discard(self) -> None:
        """Give up, unless it was kept: an older file stays as it was."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self.stream.close()
        if self._begun is not None and os.path.exists(self._begun):  # noqa: PTH110
            os.unlink(self._begun)  # noqa: PTH108
            self._begun = None


def unwritable(error: OSError | ValueError, path: str | None) -> InvalidInput:
    """Return the error that says why a file cannot be written."""
    reason = getattr(error, "strerror", None) or "unknown reason"
    if isinstance(error, ValueError):
        reason = "not a usable file name"
    return InvalidInput(Problem(f"cannot be written ({reason.lower()})", file=path))
