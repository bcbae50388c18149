"""``StreamWriter`` and ``StreamReader``: files of the run, written and read piece by piece.

As in .NET nothing is in the file before a writer is flushed or closed; what is left in one at the
end of a script is lost, and whoever lists the files says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import bounded, canonical_of, to_bool, to_text
from relaysim.powershell.values.failures import method_failure, not_in_subset
from relaysim.powershell.values.kinds.text_encodings import file_encoding
from relaysim.powershell.values.numberformat import format_items
from relaysim.powershell.values.type_names import object_text
from relaysim.powershell.values.value import (
    HashTable,
    ObjectType,
    ShellObject,
    Value,
    is_collection,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["opened_reader", "opened_writer", "require_folder"]

Arguments = list[Value]
_PLAIN = "plain"


def require_folder(machine: Machine, name: str, count: int, path: str) -> None:
    """Require that a file at ``path`` would stand in a folder that is there.

    Args:
        machine: The run.
        name: The method that writes, for its error.
        count: How many arguments it was given.
        path: The file.

    Raises:
        ConversionError: There is no such folder.
    """
    if not machine.has_folder(path):
        raise method_failure(
            name, count, f"Could not find a part of the path '{path}'.",
            "DirectoryNotFoundException",
        )  # fmt: skip


def _path(given: Value, kind: str) -> str:
    if not isinstance(given, str):
        raise not_in_subset(f"a `{kind}` over something else than a file")
    return given


def _piece(value: Value) -> str:
    """Return a value as a writer writes it: a collection is its type."""
    if is_collection(value) or isinstance(value, HashTable):
        return object_text(canonical_of(value))
    return to_text(value)


class _OpenWriter:
    """What one ``StreamWriter`` holds."""

    def __init__(self, machine: Machine, path: str, encoding: str) -> None:
        self._machine = machine
        self._path = path
        self._encoding = encoding
        self._held = machine.files.unwritten.setdefault(path, [])
        self._closed = False

    def writes(self, name: str, ending: str) -> Callable[[ShellObject, Arguments], Value]:
        """Return the method that writes its arguments and ``ending``."""

        def write(itself: ShellObject, arguments: Arguments) -> Value:
            if self._closed:
                text = "Cannot write to a closed TextWriter."
                raise method_failure(name, len(arguments), text, "ObjectDisposedException")
            several = len(arguments) > 1
            text = format_items(to_text(arguments[0]), arguments[1:]) if several else ""
            if len(arguments) == 1:
                text = _piece(arguments[0])
            self._held.append(text + (to_text(itself.get("NewLine")) if ending else ""))
            self._machine.spend(1 + (len(text) >> 4))
            if to_bool(itself.get("AutoFlush")):
                self._flush()
            return None

        return write

    def flush(self, _itself: ShellObject, _arguments: Arguments) -> Value:
        """Bring what was written into the file."""
        self._flush()
        return None

    def close(self, _itself: ShellObject, _arguments: Arguments) -> Value:
        """Bring what was written into the file; nothing more can be."""
        if not self._closed:
            self._flush()
            self._closed = True
        return None

    def _flush(self) -> None:
        if self._held:
            self._machine.files.append(self._path, bounded("".join(self._held)), self._encoding)
            self._held.clear()


def opened_writer(
    machine: Machine, arguments: Arguments, *, name: str = ".ctor", append: bool = False
) -> Value:
    """Return a ``StreamWriter``: path, whether it appends, encoding.

    Raises:
        ConversionError: There is no such folder, or it is asked to write somewhere else.
    """
    path = _path(arguments[0], "StreamWriter")
    require_folder(machine, name, len(arguments), path)
    append = append or (len(arguments) > 1 and to_bool(arguments[1]))
    encoding = file_encoding(arguments[2]) if len(arguments) > 2 else _PLAIN
    files = machine.files
    if not append or files.read(path) is None:
        files.write(path, "", encoding)
    writer = _OpenWriter(machine, path, encoding)
    type_ = ObjectType(
        name="System.IO.StreamWriter",
        calls={
            "write": writer.writes("Write", ""),
            "writeline": writer.writes("WriteLine", "\n"),
            "flush": writer.flush,
            "close": writer.close,
            "dispose": writer.close,
        },
        ancestors=("System.IO.TextWriter",),
    )
    return ShellObject((("AutoFlush", False), ("NewLine", "\r\n")), type_=type_)


class _OpenReader:
    """Where one ``StreamReader`` stands."""

    def __init__(self, machine: Machine, text: str) -> None:
        self._machine = machine
        self._text: str | None = text
        self._at = 0

    def _open(self, name: str) -> str:
        """Return the whole text, of which ``_at`` is read: a rest for each line would be a copy."""
        if self._text is None:
            text = "Cannot read from a closed TextReader."
            raise method_failure(name, 0, text, "ObjectDisposedException")
        return self._text

    def line(self, itself: ShellObject, _arguments: Arguments) -> Value:
        """Return the next line, ``$null`` behind the last one."""
        text, begin = self._open("ReadLine"), self._at
        if begin >= len(text):
            return None
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        early = text.find("\r", begin, end)
        end = end if early < 0 else early
        self._forward(itself, end - begin + (2 if text[end : end + 2] == "\r\n" else 1))
        return text[begin:end]

    def everything(self, itself: ShellObject, _arguments: Arguments) -> Value:
        """Return all that is left."""
        rest = self._open("ReadToEnd")[self._at :]
        self._forward(itself, len(rest))
        return rest

    def letter(self, itself: ShellObject, _arguments: Arguments) -> Value:
        """Return the number of the next character, -1 behind the last one."""
        found = self.peek(itself, [])
        self._forward(itself, 1)
        return found

    def peek(self, _itself: ShellObject, _arguments: Arguments) -> Value:
        """Return the number of the next character, which stays the next one."""
        text = self._open("Peek")
        return ord(text[self._at]) if self._at < len(text) else -1

    def close(self, _itself: ShellObject, _arguments: Arguments) -> Value:
        """Read no further."""
        self._text = None
        return None

    def _forward(self, itself: ShellObject, count: int) -> None:
        self._machine.spend(1 + (count >> 4))
        self._at += count
        itself.put("EndOfStream", self._at >= len(self._open("Read")))


def opened_reader(machine: Machine, arguments: Arguments, *, name: str = ".ctor") -> Value:
    """Return a ``StreamReader`` over a file.

    Raises:
        ConversionError: There is no such file.
    """
    path = _path(arguments[0], "StreamReader")
    text = machine.files.read(path)
    if text is None:
        raise method_failure(
            name, len(arguments), f"Could not find file '{path}'.", "FileNotFoundException"
        )
    text = text.removeprefix("\ufeff")
    reader = _OpenReader(machine, text)
    type_ = ObjectType(
        name="System.IO.StreamReader",
        calls={
            "readline": reader.line,
            "readtoend": reader.everything,
            "read": reader.letter,
            "peek": reader.peek,
            "close": reader.close,
            "dispose": reader.close,
        },
        ancestors=("System.IO.TextReader",),
        read_only=True,
    )
    return ShellObject((("EndOfStream", not text),), type_=type_)
