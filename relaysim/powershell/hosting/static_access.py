"""Static members that touch the surroundings of a script: its clock, its files, its console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.hosting.accounts import well_known_sid
from relaysim.powershell.hosting.clock import dated, stopwatch
from relaysim.powershell.hosting.console import key_object
from relaysim.powershell.hosting.credentials import secret_of
from relaysim.powershell.hosting.made_errors import made_record
from relaysim.powershell.hosting.named_types import folded_type
from relaysim.powershell.hosting.static_blocks import created_block
from relaysim.powershell.hosting.static_files import FILE_CALLS
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import to_int, to_text
from relaysim.powershell.values.failures import (
    method_failure,
    no_overload,
    not_in_subset,
    not_known,
)
from relaysim.powershell.values.kinds.text_encodings import bytes_of
from relaysim.powershell.values.numeric import sized_integer
from relaysim.powershell.values.value import EnumValue, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["is_host_type", "is_static", "settle_static", "static_of"]

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


def _host(machine: Machine, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the full name and the addresses of a machine that is known by name or address."""
    about = machine.surroundings
    domain = machine.environment.get("userdnsdomain", "").lower()
    own = f"{about.computer}.{domain}" if domain else about.computer
    folded = name.casefold()
    if folded in {"", "localhost"}:
        folded = own.casefold()
    for full, addresses in (*about.hosts, (own, ())):
        names = {full.casefold(), full.casefold().partition(".")[0]}
        if folded in names or name in addresses:
            return full, addresses
    raise not_known(f"what `[Net.Dns]` finds at `{name}`, which would be another machine,")


def _host_entry(machine: Machine, args: Arguments) -> Value:
    full, addresses = _host(machine, to_text(args[0]))
    fields: list[tuple[str, Value]] = [("HostName", full), ("Aliases", [])]
    if addresses:
        fields.append(("AddressList", [cast("ipaddress", one) for one in addresses]))
    else:
        machine.remark(f"the addresses of `{full}` are not known here, only its names")
    return ShellObject(fields, type_=ObjectType(name="System.Net.IPHostEntry"))


def _host_addresses(machine: Machine, args: Arguments) -> Value:
    full, addresses = _host(machine, to_text(args[0]))
    if not addresses:
        raise not_known(f"which addresses `{full}` has")
    return [cast("ipaddress", one) for one in addresses]


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


def _archive(machine: Machine, args: Arguments) -> Value:
    machine.remark(f"the archive `{to_text(args[1])}` is not made: nothing is packed here")
    return None


_MARSHAL = "runtime.interopservices.marshal"
_FOLDERS = {
    "desktop": "Desktop", "desktopdirectory": "Desktop", "mydocuments": "Documents",
    "personal": "Documents", "userprofile": "", "localapplicationdata": "AppData\\Local",
    "applicationdata": "AppData\\Roaming", "startmenu": "AppData\\Roaming\\Microsoft\\Windows\\"
    "Start Menu",
}  # fmt: skip
"""Folders of whoever runs a script, below the profile."""


def _folder_path(machine: Machine, args: Arguments) -> Value:
    name = to_text(args[0])
    below = _FOLDERS.get(name.casefold())
    profile = machine.environment.get("userprofile")
    if below is None or profile is None:
        raise not_in_subset(f"the special folder `{name}`")
    return f"{profile}\\{below}".removesuffix("\\")


def _escaped(_machine: Machine, args: Arguments) -> Value:
    """Return a text for HTML; letters of Latin-1 beyond ASCII become numbers, as .NET does it."""
    from html import escape

    if args[0] is None:
        return None
    text = escape(to_text(args[0]), quote=False).replace('"', "&quot;").replace("'", "&#39;")
    return "".join(f"&#{ord(one)};" if "\xa0" <= one <= "\xff" else one for one in text)


def _unescaped(_machine: Machine, args: Arguments) -> Value:
    from html import unescape

    return None if args[0] is None else unescape(to_text(args[0]))


_CALLS: dict[tuple[str, str], tuple[int, int, Callable[[Machine, Arguments], Value]]] = {
    **FILE_CALLS,
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
    ("net.dns", "gethostbyaddress"): (1, 1, _host_entry),
    ("net.dns", "gethostaddresses"): (1, 1, _host_addresses),
    (_MARSHAL, "securestringtobstr"): (1, 1, _pointer),
    (_MARSHAL, "securestringtoglobalallocunicode"): (1, 1, _pointer),
    (_MARSHAL, "ptrtostringauto"): (1, 1, _pointed),
    (_MARSHAL, "ptrtostringbstr"): (1, 1, _pointed),
    (_MARSHAL, "ptrtostringuni"): (1, 1, _pointed),
    (_MARSHAL, "zerofreebstr"): (1, 1, _nothing),
    (_MARSHAL, "zerofreeglobalallocunicode"): (1, 1, _nothing),
    ("net.dns", "gethostname"): (0, 0, lambda m, _a: m.surroundings.computer),
    ("environment", "getenvironmentvariable"): (1, 2, _variable),
    ("environment", "getfolderpath"): (1, 1, _folder_path),
    ("net.webutility", "htmlencode"): (1, 1, _escaped),
    ("net.webutility", "htmldecode"): (1, 1, _unescaped),
    ("web.httputility", "htmlencode"): (1, 1, _escaped),
    ("web.httputility", "htmldecode"): (1, 1, _unescaped),
    ("diagnostics.stopwatch", "startnew"): (0, 0, lambda m, _a: stopwatch(m)),
    ("security.principal.windowsidentity", "getcurrent"): (0, 1, _current_user),
    ("directoryservices.activedirectory.domain", "getcurrentdomain"): (0, 0, _domain),
    ("directoryservices.activedirectory.forest", "getcurrentforest"): (0, 0, _domain),
    ("scriptblock", "create"): (1, 1, created_block),
    ("management.automation.scriptblock", "create"): (1, 1, created_block),
    ("io.compression.zipfile", "createfromdirectory"): (2, 5, _archive),
    ("management.automation.errorrecord", "new"): (4, 4, made_record),
    ("reflection.assembly", "loadwithpartialname"): (1, 1, _assembly),
}  # fmt: skip


def _constant(kind: str, name: str, number: int) -> Callable[[Machine], Value]:
    value = EnumValue(kind=kind, name=name, number=number)
    return lambda _machine: value


_VALUES: dict[tuple[str, str], Callable[[Machine], Value]] = {
    ("datetime", "now"): dated,
    ("datetime", "utcnow"): lambda m: dated(m, universal=True),
    ("datetime", "today"): lambda m: dated(m, whole_day=True),
    ("environment", "machinename"): lambda m: m.surroundings.computer,
    ("environment", "username"): lambda m: m.surroundings.user,
    ("environment", "userdomainname"): lambda m: m.surroundings.domain,
    ("environment", "currentdirectory"): lambda m: m.files.folder,
    ("environment", "userinteractive"): lambda _m: True,
    ("environment", "is64bitoperatingsystem"): lambda _m: True,
    ("environment", "is64bitprocess"): lambda _m: True,
    ("console", "title"): lambda _m: "Windows PowerShell",
    **{
        ("net.securityprotocoltype", name.lower()): _constant("System.Net.SecurityProtocolType",
                                                              name, number)
        for name, number in (("SystemDefault", 0), ("Ssl3", 48), ("Tls", 192), ("Tls11", 768),
                             ("Tls12", 3072), ("Tls13", 12288))
    },
    ("net.servicepointmanager", "securityprotocol"): _constant("System.Net.SecurityProtocolType",
                                                               "SystemDefault", 0),
    ("net.servicepointmanager", "servercertificatevalidationcallback"): lambda _m: None,
}  # fmt: skip
_SETTLED = frozenset(
    {
        ("console", "title"), ("net.servicepointmanager", "securityprotocol"),
        ("net.servicepointmanager", "servercertificatevalidationcallback"),
    }
)  # fmt: skip
"""Members that may be assigned to: nothing that runs here looks at them."""
_SIDS = "security.principal.wellknownsidtype"
_TYPES = frozenset(kind for kind, _ in (*_CALLS, *_VALUES)) | {_SIDS}
"""The types with such members, by their folded names."""


def is_host_type(name: str) -> bool:
    """Tell whether a type, as a script writes it, is one of the surroundings."""
    return folded_type(name) in _TYPES


def is_static(type_name: str, member: str) -> bool:
    """Tell whether a type has such a member."""
    kind, name = folded_type(type_name), member.lower()
    if kind == _SIDS:
        return well_known_sid(name) is not None
    return (kind, name) in _CALLS or (kind, name) in _VALUES


def settle_static(type_name: str, member: str) -> None:
    """Assign to a static member that nothing here looks at.

    Raises:
        ConversionError: It is another member.
    """
    if (folded_type(type_name), member.lower()) not in _SETTLED:
        raise not_in_subset(f"an assignment to `[{type_name}]::{member}`")


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
        raise no_overload(member, len(arguments))
    return (work(machine, arguments),)


def _property(machine: Machine, kind: str, name: str) -> tuple[Value] | None:
    found = _VALUES.get((kind, name))
    if found is not None:
        return (found(machine),)
    if kind == _SIDS and well_known_sid(name) is not None:
        return (well_known_sid(name),)
    return None
