"""What a configuration was read from, as one number: whoever finds it again has the same bytes.

Everything that the result depends on goes in: the bytes and names of every file, what was asked for
(the source, the encoding, the version of unknown servers), the version of relaysim and of Python,
and the files of the program that read configurations, which in a working copy change without a new
version.
"""

import os
import stat
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

__all__ = ["LEAST_BYTES", "fingerprint", "hashed"]


def hashed(data: bytes = b"") -> Any:  # noqa: ANN401  # a type of the standard library
    """Return a BLAKE2b hash: an export of 13 MB takes a third of SHA-256's time.

    It is taken without `hashlib`, which loads OpenSSL, for longer than all else here.
    """
    try:
        return import_module("_blake2").blake2b(data, digest_size=32)
    except ImportError:
        import hashlib

        return hashlib.blake2b(data, digest_size=32)


LEAST_BYTES = 16 << 10
"""What is smaller is read as quickly as a kept result is found."""
MOST_BYTES = 512 << 20
MOST_FILES = 1_000
_PROGRAM = ("config", "importers", "model", "net")
"""The rooms whose modules decide what a configuration is read as."""
_PIECE = 1 << 20


class _Unfit(Exception):  # nothing is wrong
    """The source is nothing whose result is kept."""


def fingerprint(asked: tuple[str, ...]) -> str | None:
    """Return a text that stands for a source, ``None`` for one whose result is not kept.

    Only plain files and folders of them have one: nothing that is used up by reading it, no links
    to folders, nothing small and nothing very large.

    Args:
        asked: The source as the user named it, and what else the result depends on.
    """
    try:
        # What has none is told by a look at the files, before anything is read or hashed.
        files = list(_files(asked[0]))
        found = hashed()
        for text in (_version(), sys.version, _program(), *asked):
            _add(found, text.encode("utf-8", "surrogatepass"))
        total = 0
        for name, path in files:
            _add(found, name.encode("utf-8", "surrogatepass"))
            size = _add_file(found, path, MOST_BYTES - total)
            total += size
        return str(found.hexdigest()) if total >= LEAST_BYTES else None
    except (OSError, ValueError, _Unfit):
        return None


def _version() -> str:
    # The package itself stands above all its rooms, and is loaded before any of them.
    return str(vars(sys.modules["relaysim"])["__version__"])


def _add(found: Any, data: bytes) -> None:  # noqa: ANN401  # a hash
    # With its length, so that no two rows of texts make one.
    found.update(b"%d:" % len(data))
    found.update(data)


def _add_file(found: Any, path: str, most: int) -> int:  # noqa: ANN401  # a hash
    size = 0
    with open(path, "rb") as file:  # noqa: PTH123  # pathlib costs start-up time here
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > most:
                raise _Unfit
            found.update(piece)
    found.update(b"=%d;" % size)
    return size


def _files(source: str) -> Iterator[tuple[str, str]]:
    """Yield the name and path of every file, in order."""
    about = os.stat(source)  # noqa: PTH116
    if stat.S_ISREG(about.st_mode):
        if about.st_size < LEAST_BYTES:
            raise _Unfit
        yield "", source
        return
    if not stat.S_ISDIR(about.st_mode):
        raise _Unfit
    count = 0
    waiting = [source]
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
        for entry in inside:
            count += 1
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif count > MOST_FILES or not entry.is_file():
                raise _Unfit
            else:
                yield entry.path, entry.path


def _program() -> str:
    """Return sizes and times of the program's files that read configurations.

    Inside an archive they have none; a new archive has a new version.
    """
    base = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))  # noqa: PTH120
    count = total = newest = 0
    waiting = [f"{base}{os.sep}{room}" for room in _PROGRAM]
    try:
        while waiting:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.name.endswith(".py"):
                        about = entry.stat()
                        count += 1
                        total += about.st_size
                        newest = max(newest, about.st_mtime_ns)
                    elif "." not in entry.name and entry.name != "__pycache__":
                        waiting.append(entry.path)
    except OSError:
        return ""
    return f"{count} {total} {newest}"
