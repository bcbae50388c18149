"""Static members that touch the surroundings of a script: its clock, its files, its console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.hosting.accounts import well_known_sid
from relaysim.powershell.hosting.clock import dated, stopwatch
from relaysim.powershell.hosting.console import key_object
from relaysim.powershell.hosting.credentials import secret_of
from relaysim.powershell.hosting.named_types import folded_type
from relaysim.powershell.interpreter.memory_files import byte_text
from relaysim.powershell.values.conversion import to_int, to_list, to_text
from relaysim.powershell.values.failures import ConversionError, method_failure, not_in_subset
from relaysim.powershell.values.kinds.text_encodings import byte_array, bytes_of
from relaysim.powershell.values.numeric import sized_integer
from relaysim.powershell.values.value import EnumValue, ObjectType, ShellObject, TypedArray, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["HOST_TYPES", "is_static", "static_of"]

Arguments = list[Value]


def _line(machine: Machine, args: Arguments) -> Value:
    machine.host(f"{' '.join(to_text(one) for one in args)}\n")
    return None


def _write(machine: Machine, args: Arguments) -> Value:
    machine.host("".join(to_text(one) for one in args))
    return None


def _nothing(_machine: Machine, _args: Arguments) -> Value:
    return None


def _sleep(machine: Machine, args: Arguments) -> Value:
    machine.sleep(to_int(args[0]) / 1000)
    return None


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


def _require_folder(machine: Machine, name: str, count: int, path: str) -> None:
    if not machine.has_folder(path):
        raise method_failure(
            name, count, f"Could not find a part of the path '{path}'.",
            "DirectoryNotFoundException",
        )  # fmt: skip


def _store(machine: Machine, args: Arguments, *, append: bool = False) -> Value:
    path = to_text(args[0])
    content = args[1]
    text = "".join(f"{to_text(one)}\r\n" for one in content) if isinstance(content, list) else None
    text = to_text(content) if text is None else text
    _require_folder(machine, "WriteAllText", len(args), path)
    if append:
        machine.files.append(path, text, "plain")
    else:
        machine.files.write(path, text, "plain")
    return None


def _store_bytes(machine: Machine, args: Arguments) -> Value:
    if args[1] is None:
        raise method_failure(
            "WriteAllBytes", 2, "Value cannot be null.\nParameter name: bytes",
            "ArgumentNullException",
        )  # fmt: skip
    text = byte_text(to_list(args[1]))
    path = to_text(args[0])
    _require_folder(machine, "WriteAllBytes", 2, path)
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


def _variable(machine: Machine, args: Arguments) -> Value:
    return machine.environment.get(to_text(args[0]).casefold())


def _current_user(machine: Machine, _args: Arguments) -> Value:
    account = machine.surroundings.account
    return ShellObject(
        (("Name", account), ("IsAuthenticated", True), ("AuthenticationType", "Kerberos")),
        type_=ObjectType(name="System.Security.Principal.WindowsIdentity"),
    )


def _from_bytes(args: Arguments, size: int, *, signed: bool) -> Value:
    start = to_int(args[1])
    octets = bytes_of(args[0])[start : start + size]
    kind = {(4, True): "int", (4, False): "uint32"}.get((size, signed), "long")
    if len(octets) < size:
        raise method_failure(
            "ToUInt32", 2, "Destination array is not long enough.", "ArgumentException"
        )
    return sized_integer(int.from_bytes(octets, "little", signed=signed), kind)


def _domain(machine: Machine, _args: Arguments) -> Value:
    name = machine.environment.get("userdnsdomain", "").lower()
    return ShellObject(
        (("Name", name), ("Forest", name), ("RootDomain", name)),
        type_=ObjectType(
            name="System.DirectoryServices.ActiveDirectory.Domain", text=lambda _one: name
        ),
    )


def _host_entry(machine: Machine, args: Arguments) -> Value:
    """Return the names of the machine itself; another one would have to be asked for."""
    computer = machine.surroundings.computer
    domain = machine.environment.get("userdnsdomain", "").lower()
    full = f"{computer}.{domain}" if domain else computer
    name = to_text(args[0])
    if name.casefold() not in {"", "localhost", computer.casefold(), full.casefold()}:
        raise not_in_subset(f"`[Net.Dns]` about `{name}`, which would reach another machine,")
    machine.remark(f"the addresses of `{computer}` are not known here, only its names")
    return ShellObject(
        (("HostName", full), ("Aliases", [])), type_=ObjectType(name="System.Net.IPHostEntry")
    )


_POINTER = ObjectType(name="System.IntPtr")


def _pointer(_machine: Machine, args: Arguments) -> Value:
    return ShellObject(type_=_POINTER, base=secret_of(args[0]))


def _pointed(_machine: Machine, args: Arguments) -> Value:
    value = args[0]
    known = isinstance(value, ShellObject) and value.type is _POINTER
    return str(value.base) if known and isinstance(value, ShellObject) else None


def _assembly(machine: Machine, args: Arguments) -> Value:
    machine.remark(f"the assembly `{to_text(args[0])}` is not loaded: nothing of it is here")
    return None


_MARSHAL = "runtime.interopservices.marshal"
_CALLS: dict[tuple[str, str], tuple[int, int, Callable[[Machine, Arguments], Value]]] = {
    ("console", "writeline"): (0, 20, _line),
    ("console", "write"): (1, 20, _write),
    ("console", "beep"): (0, 2, _nothing),
    ("console", "clear"): (0, 0, _nothing),
    ("console", "resetcolor"): (0, 0, _nothing),
    ("console", "readkey"): (0, 1, lambda m, _a: key_object(m.ask("a key is waited for"))),
    ("console", "readline"): (0, 0, lambda m, _a: m.ask("a line is waited for")),
    ("threading.thread", "sleep"): (1, 1, _sleep),
    ("bitconverter", "touint32"): (2, 2, lambda _m, a: _from_bytes(a, 4, signed=False)),
    ("bitconverter", "toint32"): (2, 2, lambda _m, a: _from_bytes(a, 4, signed=True)),
    ("bitconverter", "toint64"): (2, 2, lambda _m, a: _from_bytes(a, 8, signed=True)),
    ("net.dns", "gethostentry"): (1, 1, _host_entry),
    ("net.dns", "gethostbyname"): (1, 1, _host_entry),
    (_MARSHAL, "securestringtobstr"): (1, 1, _pointer),
    (_MARSHAL, "securestringtoglobalallocunicode"): (1, 1, _pointer),
    (_MARSHAL, "ptrtostringauto"): (1, 1, _pointed),
    (_MARSHAL, "ptrtostringbstr"): (1, 1, _pointed),
    (_MARSHAL, "ptrtostringuni"): (1, 1, _pointed),
    (_MARSHAL, "zerofreebstr"): (1, 1, _nothing),
    (_MARSHAL, "zerofreeglobalallocunicode"): (1, 1, _nothing),
    ("net.dns", "gethostname"): (0, 0, lambda m, _a: m.surroundings.computer),
    ("environment", "getenvironmentvariable"): (1, 2, _variable),
    ("io.file", "exists"): (
        1, 1, lambda m, a: m.files.read(to_text(a[0])) is not None
    ),
    ("io.file", "readalltext"): (
        1, 2, lambda m, a: _read(m, "ReadAllText", to_text(a[0]))
    ),
    ("io.file", "readalllines"): (1, 2, _lines),
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
    ("diagnostics.stopwatch", "startnew"): (0, 0, lambda m, _a: stopwatch(m)),
    ("security.principal.windowsidentity", "getcurrent"): (0, 1, _current_user),
    ("directoryservices.activedirectory.domain", "getcurrentdomain"): (0, 0, _domain),
    ("directoryservices.activedirectory.forest", "getcurrentforest"): (0, 0, _domain),
    ("reflection.assembly", "loadwithpartialname"): (1, 1, _assembly),
}  # fmt: skip
_VALUES: dict[tuple[str, str], Callable[[Machine], Value]] = {
    ("datetime", "now"): dated,
    ("datetime", "utcnow"): lambda m: dated(m, universal=True),
    ("datetime", "today"): lambda m: dated(m, whole_day=True),
    ("environment", "machinename"): lambda m: m.surroundings.computer,
    ("environment", "username"): lambda m: m.surroundings.user,
    ("environment", "userdomainname"): lambda m: m.surroundings.domain,
    ("environment", "currentdirectory"): lambda m: m.files.folder,
    ("environment", "userinteractive"): lambda _m: True,
    ("console", "title"): lambda _m: "Windows PowerShell",
}
_ROLE = "security.principal.windowsbuiltinrole"
_ROLES = {"administrator": 544, "user": 545, "guest": 546, "poweruser": 547}
_SIDS = "security.principal.wellknownsidtype"
HOST_TYPES = frozenset(kind for kind, _ in (*_CALLS, *_VALUES)) | {_ROLE, _SIDS}
"""The types with such members, by their folded names."""


def is_static(type_name: str, member: str) -> bool:
    """Tell whether a type has such a member."""
    kind, name = folded_type(type_name), member.lower()
    if kind == _SIDS:
        return well_known_sid(name) is not None
    return (kind, name) in _CALLS or (kind, name) in _VALUES or (kind == _ROLE and name in _ROLES)


def static_of(
    machine: Machine, type_name: str, member: str, arguments: Arguments | None
) -> tuple[Value] | None:
    """Return ``[type]::member`` in a tuple, ``None`` when it is none of these members.

    Args:
        machine: The run.
        type_name: The type as a script writes it.
        member: The member.
        arguments: What it is called with; ``None`` for a property.
    """
    key = folded_type(type_name), member.lower()
    if arguments is None:
        return _property(machine, *key)
    call = _CALLS.get(key)
    if call is None:
        return None
    least, most, work = call
    if not least <= len(arguments) <= most:
        raise ConversionError(
            f'Cannot find an overload for "{member}" and the argument count: "{len(arguments)}".',
            id="MethodCountCouldNotFindBest",
        )
    return (work(machine, arguments),)


def _property(machine: Machine, kind: str, name: str) -> tuple[Value] | None:
    found = _VALUES.get((kind, name))
    if found is not None:
        return (found(machine),)
    if kind == _ROLE and name in _ROLES:
        role = EnumValue(
            kind="System.Security.Principal.WindowsBuiltInRole",
            name=name.capitalize(),
            number=_ROLES[name],
        )
        return (role,)
    if kind == _SIDS and well_known_sid(name) is not None:
        return (well_known_sid(name),)
    return None
