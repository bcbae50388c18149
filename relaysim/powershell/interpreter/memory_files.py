r"""The files of a run: written into memory, read there first and then where the host allows.

Paths are compared without case, ``\`` is ``/``. Nothing here touches the disk: whoever runs the
script may take what was written and store it where the user allowed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.failures import LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ENCODINGS", "MemoryFile", "MemoryFiles", "encoding_named", "normal_path"]

ENCODINGS: dict[str, tuple[str, bytes]] = {
    "unicode": ("utf-16-le", b"\xff\xfe"),
    "bigendianunicode": ("utf-16-be", b"\xfe\xff"),
    "utf8": ("utf-8", b"\xef\xbb\xbf"),
    "utf7": ("utf-7", b""),
    "utf32": ("utf-32-le", b"\xff\xfe\x00\x00"),
    "ascii": ("ascii", b""),
    "default": ("cp1252", b""),
    "ansi": ("cp1252", b""),
    "oem": ("cp437", b""),
    "string": ("utf-16-le", b"\xff\xfe"),
    "unknown": ("utf-16-le", b"\xff\xfe"),
    "plain": ("utf-8", b""),
}
"""The encodings of Windows PowerShell 5.1 by ``-Encoding``'s words, each with its mark.

``plain`` is UTF-8 without a mark, as ``New-Item -Value`` writes it.
"""

_MAX_TOTAL = 32 * 1024 * 1024
_MAX_FILES = 10_000


def encoding_named(text: str) -> str | None:
    """Return the encoding a script names, ``None`` for an unknown one.

    >>> encoding_named("UTF8"), encoding_named("utf-9")
    ('utf8', None)
    """
    folded = text.casefold()
    return folded if folded in ENCODINGS and folded != "plain" else None


def normal_path(path: str) -> str:
    r"""Return a path as it is shown: ``/`` between its parts, without ``.`` and ``..``.

    >>> normal_path(".\\out\\..\\a.txt"), normal_path("C:\\x\\y.csv"), normal_path("../z")
    ('a.txt', 'C:/x/y.csv', '../z')
    """
    text = path.replace("\\", "/")
    rooted = text.startswith("/")
    parts: list[str] = []
    for part in text.split("/"):
        if part in {"", "."}:
            continue
        if part == ".." and parts and parts[-1] != ".." and not parts[-1].endswith(":"):
            parts.pop()
        elif part != ".." or not rooted:
            parts.append(part)
    return ("/" if rooted else "") + "/".join(parts)


@dataclass(slots=True, kw_only=True)
class MemoryFile:
    """One file that a script wrote.

    Attributes:
        path: As the script named it, normalized.
        text: Its text; what its encoding lacks is a question mark already.
        encoding: A key of :data:`ENCODINGS`.
    """

    path: str
    text: str
    encoding: str

    def data(self) -> bytes:
        """Return the bytes the file would have on a disk."""
        name, mark = ENCODINGS[self.encoding]
        return mark + self.text.encode(name, "replace")


class MemoryFiles:
    """What a script wrote, and a way to what it may read.

    Attributes:
        refusal: Why the file asked for last could not be read; empty when not known.

    Args:
        reader: Returns the text of a file outside; raises ``OSError`` or ``ValueError`` for one
            that is not there or not allowed. ``None``: nothing outside can be read.
    """

    def __init__(self, reader: Callable[[str], str] | None = None) -> None:
        self.reader = reader
        self.refusal = ""
        self._files: dict[str, MemoryFile] = {}
        self._folders: dict[str, str] = {}
        self._gone: set[str] = set()

    @staticmethod
    def _key(path: str) -> str:
        return normal_path(path).casefold()

    def __iter__(self) -> Iterator[MemoryFile]:
        return iter(self._files.values())

    def read(self, path: str) -> str | None:
        """Return the text of a file, ``None`` when there is none; ``refusal`` says why."""
        key = self._key(path)
        self.refusal = ""
        found = self._files.get(key)
        if found is not None:
            return found.text
        if self.reader is None or key in self._gone:
            return None
        try:
            return self.reader(path)
        except (OSError, ValueError) as error:
            self.refusal = str(error)
            return None

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or folder."""
        return self.is_folder(path) or self.read(path) is not None

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder: the working one, one made, one that holds a file."""
        key = self._key(path)
        if key in {"", "/", "c:"} or key in self._folders:
            return True
        return any(name.startswith(f"{key}/") for name in (*self._files, *self._folders))

    def folder_is_there(self, path: str) -> bool:
        """Tell whether a file at ``path`` would stand in a folder that is there."""
        parent = normal_path(path).rpartition("/")[0]
        return not parent or self.is_folder(parent)

    def write(self, path: str, text: str, encoding: str) -> None:
        """Write a file.

        Raises:
            LimitReached: All files together are too large.
        """
        name, _ = ENCODINGS[encoding]
        kept = text.encode(name, "replace").decode(name)
        key = self._key(path)
        self._files[key] = MemoryFile(path=normal_path(path), text=kept, encoding=encoding)
        self._gone.discard(key)
        total = sum(len(one.text) for one in self._files.values())
        if total > _MAX_TOTAL or len(self._files) > _MAX_FILES:
            raise LimitReached(f"the script wrote files of more than {_MAX_TOTAL} characters")

    def append(self, path: str, text: str, encoding: str) -> None:
        """Write behind what a file holds; its own encoding stays."""
        found = self._files.get(self._key(path))
        before = self.read(path) or ""
        self.write(path, before + text, encoding if found is None else found.encoding)

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it."""
        parts = normal_path(path).split("/")
        for count in range(1, len(parts) + 1):
            name = "/".join(parts[:count])
            self._folders.setdefault(name.casefold(), name)

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with what it holds."""
        key = self._key(path)
        for store in (self._files, self._folders):
            for name in [one for one in store if one == key or one.startswith(f"{key}/")]:
                del store[name]
        self._gone.add(key)

    def paths(self) -> list[str]:
        """Return the paths of the files in memory, in the order of writing."""
        return [one.path for one in self._files.values()]
