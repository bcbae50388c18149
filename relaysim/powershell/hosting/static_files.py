"""Static members that touch the files of a script and the texts of their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.hosting.streams import opened_reader, opened_writer, require_folder
from relaysim.powershell.interpreter.memory_files import byte_text
from relaysim.powershell.values.conversion import to_bool, to_list, to_text
from relaysim.powershell.values.failures import ConversionError, method_failure
from relaysim.powershell.values.kinds.text_encodings import byte_array, file_encoding, utf8_encoding
from relaysim.powershell.values.value import ShellObject, TypedArray, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["FILE_CALLS"]

Arguments = list[Value]


def _no_file(name: str, path: str) -> ConversionError:
    return method_failure(name, 1, f"Could not find file '{path}'.", "FileNotFoundException")


def _read(machine: Machine, name: str, path: str) -> str:
    text = machine.files.read(path)
    if text is None:
        raise _no_file(name, path)
    return text.removeprefix("\ufeff")


def _lines(machine: Machine, args: Arguments) -> Value:
    text = _read(machine, "ReadAllLines", to_text(args[0]))
    return TypedArray(text.replace("\r\n", "\n").removesuffix("\n").split("\n"), "string")


def _store(machine: Machine, args: Arguments, *, append: bool = False) -> Value:
    path = to_text(args[0])
    content = args[1]
    text = "".join(f"{to_text(one)}\r\n" for one in content) if isinstance(content, list) else None
    text = to_text(content) if text is None else text
    require_folder(machine, "WriteAllText", len(args), path)
    encoding = file_encoding(args[2]) if len(args) > 2 else "plain"
    if append:
        machine.files.append(path, text, encoding)
    else:
        machine.files.write(path, text, encoding)
    return None


def _copied(machine: Machine, name: str, args: Arguments) -> str:
    """Copy a file and return where it stood; another file in the way is an error."""
    source, target = to_text(args[0]), to_text(args[1])
    text = machine.files.read(source)
    if text is None:
        raise _no_file(name, source)
    require_folder(machine, name, len(args), target)
    if machine.files.read(target) is not None and not (len(args) > 2 and to_bool(args[2])):
        raise method_failure(name, len(args), f"The file '{target}' already exists.", "IOException")
    machine.files.write(target, text, machine.files.encoding(source))
    return source


def _copy(machine: Machine, args: Arguments) -> Value:
    _copied(machine, "Copy", args)
    return None


def _move(machine: Machine, args: Arguments) -> Value:
    machine.files.remove(_copied(machine, "Move", args))
    return None


def _store_bytes(machine: Machine, args: Arguments) -> Value:
    if args[1] is None:
        raise method_failure(
            "WriteAllBytes", 2, "Value cannot be null.\nParameter name: bytes",
            "ArgumentNullException",
        )  # fmt: skip
    text = byte_text(to_list(args[1]))
    path = to_text(args[0])
    require_folder(machine, "WriteAllBytes", 2, path)
    machine.files.write(path, text, "bytes")
    return None


def _read_bytes(machine: Machine, args: Arguments) -> Value:
    path = to_text(args[0])
    data = machine.files.data(path)
    if data is None:
        raise _no_file("ReadAllBytes", path)
    return byte_array(data)


def _delete(machine: Machine, args: Arguments) -> Value:
    machine.files.remove(to_text(args[0]))
    return None


def _make_folder(machine: Machine, args: Arguments) -> Value:
    path = to_text(args[0])
    machine.files.make_folder(path)
    return ShellObject((("Name", path.rpartition("\\")[2]), ("FullName", path)))


def _combine(_machine: Machine, args: Arguments) -> Value:
    parts = [to_text(one) for one in to_list(args[0] if len(args) == 1 else args)]
    whole = ""
    for part in parts:
        rooted = part[:1] in {"\\", "/"} or part[1:2] == ":"
        if not whole or rooted:
            whole = part
        elif part:
            whole += part if whole.endswith(("\\", "/", ":")) else f"\\{part}"
    return whole


def _leaf(path: str) -> str:
    return path.replace("/", "\\").rpartition("\\")[2]


def _stem(_machine: Machine, args: Arguments) -> Value:
    name = _leaf(to_text(args[0]))
    head, dot, _ = name.rpartition(".")
    return head if dot else name


def _ending(_machine: Machine, args: Arguments) -> Value:
    _, dot, end = _leaf(to_text(args[0])).rpartition(".")
    return f".{end}" if dot else ""


def _folder_of(_machine: Machine, args: Arguments) -> Value:
    head, found, _ = to_text(args[0]).replace("/", "\\").rpartition("\\")
    return (head + "\\" if head.endswith(":") else head) if found else ""


def _other_ending(_machine: Machine, args: Arguments) -> Value:
    path, end = to_text(args[0]), to_text(args[1])
    head, dot, tail = path.rpartition(".")
    stem = head if dot and not set(tail) & {"\\", "/"} else path
    return stem if args[1] is None else f"{stem}.{end.removeprefix('.')}"


FILE_CALLS: dict[tuple[str, str], tuple[int, int, Callable[[Machine, Arguments], Value]]] = {
    ("io.file", "exists"): (
        1, 1, lambda m, a: m.files.read(to_text(a[0])) is not None
    ),
    ("io.file", "readalltext"): (
        1, 2, lambda m, a: _read(m, "ReadAllText", to_text(a[0]))
    ),
    ("io.file", "readalllines"): (1, 2, _lines),
    ("io.file", "readlines"): (1, 2, _lines),
    ("io.file", "copy"): (2, 3, _copy),
    ("io.file", "move"): (2, 2, _move),
    ("io.file", "createtext"): (
        1, 1, lambda m, a: opened_writer(m, a, name="CreateText")
    ),
    ("io.file", "appendtext"): (
        1, 1, lambda m, a: opened_writer(m, a, name="AppendText", append=True)
    ),
    ("io.file", "opentext"): (1, 1, lambda m, a: opened_reader(m, a, name="OpenText")),
    ("io.streamwriter", "new"): (1, 4, opened_writer),
    ("io.streamreader", "new"): (1, 4, opened_reader),
    ("text.utf8encoding", "new"): (0, 2, lambda _m, a: utf8_encoding(a)),
    ("io.file", "appendalllines"): (2, 3, lambda m, a: _store(m, a, append=True)),
    ("io.file", "writealltext"): (2, 3, _store),
    ("io.file", "writealllines"): (2, 3, _store),
    ("io.file", "appendalltext"): (2, 3, lambda m, a: _store(m, a, append=True)),
    ("io.file", "writeallbytes"): (2, 2, _store_bytes),
    ("io.file", "readallbytes"): (1, 1, _read_bytes),
    ("io.file", "delete"): (1, 1, _delete),
    ("io.directory", "exists"): (1, 1, lambda m, a: m.files.is_folder(to_text(a[0]))),
    ("io.directory", "createdirectory"): (1, 1, _make_folder),
    ("io.directory", "getcurrentdirectory"): (0, 0, lambda m, _a: m.files.folder),
    ("io.path", "combine"): (1, 4, _combine),
    ("io.path", "getfilename"): (1, 1, lambda _m, a: _leaf(to_text(a[0]))),
    ("io.path", "getfilenamewithoutextension"): (1, 1, _stem),
    ("io.path", "getextension"): (1, 1, _ending),
    ("io.path", "getdirectoryname"): (1, 1, _folder_of),
    ("io.path", "gettemppath"): (0, 0, lambda m, _a: f"{m.environment.get('temp', '')}\\"),
    ("io.path", "changeextension"): (2, 2, _other_ending),
}  # fmt: skip
"""The least and the most arguments of each member, by folded type and name, and its work."""
