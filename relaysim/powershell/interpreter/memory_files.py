r"""The files of a run: written into memory, read there first and then where the host allows.

Paths are compared without case, ``\`` is ``/``. Nothing here touches the disk: whoever runs the
script may take what was written and store it where the user allowed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later
from relaysim.powershell.hosting.surroundings import SCRIPT_FOLDER
from relaysim.powershell.interpreter.failing.failures import LimitReached
from relaysim.powershell.values.conversion import to_int

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from relaysim.powershell.values.casting import cast
    from relaysim.powershell.values.value import Value
else:
    (cast,) = later(globals(), "relaysim.powershell.values.casting", "cast")

__all__ = ["ENCODINGS", "MemoryFile", "MemoryFiles", "byte_text", "encoding_named", "normal_path"]

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
    "bytes": ("latin-1", b""),
}
"""The encodings of Windows PowerShell 5.1 by ``-Encoding``'s words, each with its mark.

``plain`` is UTF-8 without a mark, as ``New-Item -Value`` writes it; a text of ``bytes`` has a
letter for each byte.
"""

_MAX_TOTAL = 32 * 1024 * 1024
_MAX_FILES = 10_000


def encoding_named(text: str) -> str | None:
    """Return the encoding a script names, ``None`` for an unknown one.

    >>> encoding_named("UTF8"), encoding_named("utf-9")
    ('utf8', None)
    """
    folded = text.casefold()
    return folded if folded in ENCODINGS and folded not in {"plain", "bytes"} else None


def byte_text(octets: Iterable[Value]) -> str:
    """Return numbers as a text of ``bytes``.

    Raises:
        ConversionError: One of them is no byte.
    """
    return "".join(chr(to_int(cast("byte", one))) for one in octets)


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


class MemoryFile:
    """One file that a script wrote.

    Attributes:
        path: As the script named it, normalized.
        text: Its text; what its encoding lacks is a question mark already.
        encoding: A key of :data:`ENCODINGS`.
    """

    __slots__ = ("encoding", "path", "text")

    def __init__(self, *, path: str, text: str, encoding: str) -> None:
        self.path = path
        self.text = text
        self.encoding = encoding

    def data(self) -> bytes:
        """Return the bytes the file would have on a disk."""
        name, mark = ENCODINGS[self.encoding]
        return mark + self.text.encode(name, "replace")


_HOME = normal_path(SCRIPT_FOLDER).casefold() + "/"


class MemoryFiles:
    """What a script wrote, and a way to what it may read.

    Attributes:
        refusal: Why the file asked for last could not be read; empty when not known.
        folder: The working folder, as the script sees it.
        unwritten: What writers hold that were not flushed, by the path they were opened with.

    Args:
        reader: Returns the text of a file outside; raises ``OSError`` or ``ValueError`` for one
            that is not there or not allowed. ``None``: nothing outside can be read.
    """

    def __init__(self, reader: Callable[[str], str] | None = None) -> None:
        self.reader = reader
        self.refusal = ""
        self.folder = SCRIPT_FOLDER
        self.unwritten: dict[str, list[str]] = {}
        self._files: dict[str, MemoryFile] = {}
        self._folders: dict[str, str] = {}
        self._gone: set[str] = set()
        self._assumed: set[str] = set()

    def place(self, path: str) -> str:
        r"""Return the path of a file as it is kept: a folder of scripts is the working folder.

        ``C:\\Scripts\\a.txt`` and ``a.txt`` are the same file; another working folder stands before
        a relative path.
        """
        shown = normal_path(path)
        relative = not shown.startswith("/") and shown[1:2] != ":"
        if relative and self.folder != SCRIPT_FOLDER:
            shown = normal_path(f"{self.folder}/{path}")
        if f"{shown}/".casefold().startswith(_HOME):
            return shown[len(_HOME) :]
        return shown

    def _key(self, path: str) -> str:
        return self.place(path).casefold()

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
            return self.reader(path if self.place(path) == normal_path(path) else self.place(path))
        except (OSError, ValueError) as error:
            self.refusal = str(error)
            return None

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file, ``None`` when there is none."""
        text = self.read(path)
        found = self._files.get(self._key(path))
        if found is not None:
            return found.data()
        return None if text is None else text.encode()

    def encoding(self, path: str) -> str:
        """Return the encoding of a file in memory, a key of :data:`ENCODINGS`."""
        found = self._files.get(self._key(path))
        return "plain" if found is None else found.encoding

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or folder."""
        return self.is_folder(path) or self.read(path) is not None

    def is_folder(self, path: str) -> bool:
        """Tell whether a path is a folder: the working one, one made, one that holds a file."""
        key = self._key(path)
        if key in {"", "/", "c:"} or key in self._folders or key in self._assumed:
            return True
        if any(name.startswith(f"{key}/") for name in (*self._files, *self._folders)):
            return True
        return key not in self._gone and self._is_folder_outside(path)

    def _is_folder_outside(self, path: str) -> bool:
        if self.reader is None:
            return False
        try:
            self.reader(self.place(path))
        except IsADirectoryError:
            return True
        except (OSError, ValueError):
            pass
        return False

    def folder_is_there(self, path: str) -> bool:
        """Tell whether a file at ``path`` would stand in a folder that is there."""
        parent = self.place(path).rpartition("/")[0]
        return not parent or self.is_folder(parent)

    def take_folder(self, path: str) -> str | None:
        r"""Take the folder of a full path such as ``C:\temp\a.txt`` for there and return it.

        What folders the machine of the script has is not known. ``None``: the path is relative,
        and the working folder is known to hold what the script made; or the script found out that
        there is no such folder.
        """
        shown = normal_path(path)
        if not (shown.startswith("/") or shown[1:2] == ":"):
            return None
        parent = shown.rpartition("/")[0]
        place = f"{self._key(parent)}/"
        if any(place.startswith(f"{one}/") for one in self._gone):
            return None
        self.assume_folder(parent)
        return parent.replace("/", "\\")

    def deny(self, path: str) -> None:
        """Remember that the script was told there is no such file or folder."""
        self._gone.add(self._key(path))

    def write(self, path: str, text: str, encoding: str) -> None:
        """Write a file.

        Raises:
            LimitReached: All files together are too large.
        """
        name, _ = ENCODINGS[encoding]
        kept = text.encode(name, "replace").decode(name)
        key = self._key(path)
        self._files[key] = MemoryFile(path=self.place(path), text=kept, encoding=encoding)
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
        parts = self.place(path).split("/")
        for count in range(1, len(parts) + 1):
            name = "/".join(parts[:count])
            self._folders.setdefault(name.casefold(), name)
            self._gone.discard(name.casefold())

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with what it holds."""
        key = self._key(path)
        for store in (self._files, self._folders):
            for name in [one for one in store if one == key or one.startswith(f"{key}/")]:
                del store[name]
        self._gone.add(key)

    def assume_folder(self, path: str) -> None:
        """Take a folder of the machine for there; what it holds is not known."""
        self._assumed.add(self._key(path))

    def was_made(self, path: str) -> bool:
        """Tell whether the script made a folder itself."""
        return self._key(path) in self._folders

    def inside(self, folder: str) -> list[tuple[str, bool]]:
        """Return what a folder holds: each path, and whether it is a folder."""
        key = self._key(folder)
        begin = f"{key}/" if key else ""
        found: dict[str, tuple[str, bool]] = {}
        paths = [(path, True) for path in self._folders.values()]
        paths += [(one.path, False) for one in self._files.values()]
        for path, is_folder in paths:
            if not path.casefold().startswith(begin) or path.casefold() == key:
                continue
            first, slash, _ = path[len(begin) :].partition("/")
            full = path[: len(begin)] + first
            found.setdefault(full.casefold(), (full, is_folder or bool(slash)))
        return list(found.values())

    def paths(self) -> list[str]:
        """Return the paths of the files in memory, in the order of writing."""
        return [one.path for one in self._files.values()]
