"""The folder where results are kept: the user's own, nobody else's, and never an error.

A file that is damaged, of another kind, somebody else's or too large is as good as none, and is
written anew. Whatever the system refuses, the program goes on without what is kept.
"""

import os
import stat
import sys
from collections.abc import Mapping

from relaysim.config.caching.fingerprint import hashed

__all__ = ["MOST_KEPT", "folder_of", "read_kept", "write_kept"]

MOST_KEPT = 128 << 20
"""How many bytes all files have together; the oldest go when they have more."""
MOST_FILE = 32 << 20
_HEAD = b"relaysim configuration 2 "
_END = ".kept"
_BEGUN = ".part"


def folder_of(environ: Mapping[str, str], platform: str = sys.platform) -> str | None:
    r"""Return the folder for kept results, ``None`` where the user has no place for it.

    ``$XDG_CACHE_HOME`` comes first, then what the system has for it.

    >>> folder_of({"HOME": "/home/ann"}, "linux")
    '/home/ann/.cache/relaysim'
    >>> folder_of({"HOME": "/Users/ann"}, "darwin")
    '/Users/ann/Library/Caches/relaysim'
    """
    named = environ.get("XDG_CACHE_HOME", "")
    home = environ.get("HOME", "")
    if os.path.isabs(named):  # noqa: PTH117
        base = named
    elif platform == "win32":
        base = environ.get("LOCALAPPDATA", "")
    elif home:
        base = f"{home}/Library/Caches" if platform == "darwin" else f"{home}/.cache"
    else:
        base = ""
    return os.path.join(base, "relaysim") if os.path.isabs(base) else None  # noqa: PTH117, PTH118


def _is_ours(folder: str) -> bool:
    """Tell whether a folder is the user's own and nobody else gets into it."""
    about = os.lstat(folder)
    if not stat.S_ISDIR(about.st_mode):
        return False
    if not hasattr(os, "geteuid"):
        # The folder for local data of an account of Windows is that account's.
        return True
    return about.st_uid == os.geteuid() and not about.st_mode & 0o077


def read_kept(folder: str, key: str) -> list[str] | None:
    """Return the lines that were kept under a key, ``None`` when there are none to be trusted."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        if not _is_ours(folder):
            return None
        number = os.open(os.path.join(folder, key + _END), flags)  # noqa: PTH118
        with os.fdopen(number, "rb") as file:
            about = os.fstat(number)
            if not stat.S_ISREG(about.st_mode) or about.st_size > MOST_FILE:
                return None
            data = file.read()
        if not data.startswith(_HEAD):
            return None
        told, _, body = data[len(_HEAD) :].partition(b"\n")
        if told.decode("ascii") != _checksum(key, body):
            return None
        return body.decode("ascii").split("\n")
    except (OSError, ValueError):
        return None


def _checksum(key: str, body: bytes) -> str:
    # A file under another name is another one's.
    found = hashed(key.encode("ascii") + b"\n")
    found.update(body)
    return str(found.hexdigest())


def write_kept(folder: str, key: str, lines: list[str]) -> None:
    """Keep lines under a key; at once for everybody who reads them, or not at all."""
    try:
        body = "\n".join(lines).encode("ascii")
        data = _HEAD + _checksum(key, body).encode("ascii") + b"\n" + body
        if len(data) > MOST_FILE:
            return
        os.makedirs(os.path.dirname(folder), exist_ok=True)  # noqa: PTH103, PTH120
        if not os.path.lexists(folder):
            os.mkdir(folder, 0o700)  # noqa: PTH102
        if not _is_ours(folder):
            return
        begun = os.path.join(folder, f"{key}.{os.getpid()}{_BEGUN}")  # noqa: PTH118
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(begun, flags, 0o600), "wb") as file:
                file.write(data)
            os.replace(begun, os.path.join(folder, key + _END))  # noqa: PTH105, PTH118
        except OSError:
            os.unlink(begun)  # noqa: PTH108
        _make_room(folder)
    except (OSError, ValueError):
        return


def _make_room(folder: str) -> None:
    """Remove the oldest files until the rest fits, and what other runs left unfinished."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((_END, _BEGUN)):
                about = entry.stat(follow_symlinks=False)
                found.append((about.st_mtime, about.st_size, entry.path))
    found.sort()
    total = sum(size for _, size, _ in found)
    newest = found[-1][0] if found else 0.0
    for when, size, path in found:
        left = path.endswith(_BEGUN) and when < newest - 3600
        if total > MOST_KEPT or left:
            os.unlink(path)  # noqa: PTH108
            total -= size
