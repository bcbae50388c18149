"""Values of .NET's types that scripts about servers meet: addresses, GUIDs, versions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.errors import RelaysimError
from relaysim.lean import pattern
from relaysim.net.address import format_address, parse_address, split_zone
from relaysim.powershell.values.conversion import final_failure, is_plain, shown, to_int, to_text
from relaysim.powershell.values.failures import ConversionError, cast_failure
from relaysim.powershell.values.kinds.text_encodings import byte_array
from relaysim.powershell.values.net_time import to_datetime, to_timespan
from relaysim.powershell.values.numeric import Char, SizedInt
from relaysim.powershell.values.value import (
    DefaultView,
    EnumValue,
    HashTable,
    ObjectType,
    ScriptBlockValue,
    ShellObject,
    TypedArray,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NET_CASTS", "version_object"]

_PARSE = "InvalidCastParseTargetInvocation"


def _base(value: ShellObject) -> object:
    return value.base


def _property_text(name: str) -> Callable[[ShellObject], str]:
    return lambda value: to_text(value.get(name))


ADDRESS = ObjectType(
    name="System.Net.IPAddress",
    view=DefaultView(
        columns=(
            "Address", "AddressFamily", "ScopeId", "IsIPv6Multicast", "IsIPv6LinkLocal",
            "IsIPv6SiteLocal", "IsIPv6Teredo", "IsIPv4MappedToIPv6", "IPAddressToString",
        ),
        as_list=True,
    ),
    text=_property_text("IPAddressToString"),
    identity=_base,
    methods={
        "getaddressbytes": lambda value: byte_array(_bytes(value)),
    },
    read_only=True,
)  # fmt: skip


def _bytes(value: ShellObject) -> bytes:
    family, number, _ = value.base if isinstance(value.base, tuple) else (4, 0, "")
    return int(number).to_bytes(4 if family == 4 else 16, "big")


def _address_v4(text: str) -> int | None:
    """Return an IPv4 address in any of the forms .NET takes: one to four numbers, hex, octal."""
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = []
    for part in parts:
        if re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}", part):
            numbers.append(int(part, 16))
        elif re.fullmatch(r"0[0-7]{0,11}", part):
            numbers.append(int(part, 8))
        elif re.fullmatch(r"[1-9][0-9]{0,9}", part):
            numbers.append(int(part))
        else:
            return None
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        return None
    value = last
    for place, head in enumerate(heads):
        value += head << (8 * (3 - place))
    return value


def address_object(family: int, number: int, zone: str = "") -> ShellObject:
    """Return an ``IPAddress``."""
    six = family == 6
    text = format_address(family, number) + (f"%{zone}" if zone else "")
    head = number >> 112
    backwards = int.from_bytes(number.to_bytes(4, "big"), "little") if not six else None
    return ShellObject(
        (
            ("Address", None if backwards is None else SizedInt(backwards, "long")),
            (
                "AddressFamily",
                EnumValue(
                    kind="addressfamily",
                    name="InterNetworkV6" if six else "InterNetwork",
                    number=23 if six else 2,
                ),
            ),
            ("ScopeId", SizedInt(int(zone) if zone.isdigit() else 0, "long") if six else None),
            ("IsIPv6Multicast", six and head >> 8 == 0xFF),
            ("IsIPv6LinkLocal", six and head & 0xFFC0 == 0xFE80),
            ("IsIPv6SiteLocal", six and head & 0xFFC0 == 0xFEC0),
            ("IsIPv6Teredo", six and number >> 96 == 0x20010000),
            ("IsIPv4MappedToIPv6", six and number >> 32 == 0xFFFF),
            ("IPAddressToString", text),
        ),
        type_=ADDRESS,
        base=(family, number, zone),
    )


def to_address(value: Value) -> Value:
    """Return a value as an ``IPAddress``, ``$null`` as itself."""
    if value is None or (isinstance(value, ShellObject) and value.type is ADDRESS):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 32:
        return address_object(4, int.from_bytes(int(value).to_bytes(4, "little"), "big"))
    if isinstance(value, TypedArray) and value.item == "byte" and len(value) in {4, 16}:
        octets = bytes(to_int(one) for one in value)
        return address_object(4 if len(octets) == 4 else 6, int.from_bytes(octets, "big"))
    if not isinstance(value, str):
        raise final_failure(value, "ipaddress")
    text = value.strip("[]") if value.startswith("[") else value
    four = _address_v4(text)
    if four is not None:
        return address_object(4, four)
    if ":" in text:
        try:
            body, zone = split_zone(text)
            address = parse_address(body)
        except (RelaysimError, ValueError):
            pass
        else:
            return address_object(address.family, address.value, zone or "")
    raise cast_failure(shown(value), ADDRESS.name, "An invalid IP address was specified.", _PARSE)


def guid_text(value: ShellObject, arguments: list[Value]) -> str:
    """Return a GUID in the form ``D`` (dashes), ``N`` (digits alone), ``B`` or ``P`` (brackets)."""
    text = to_text(value.get("Guid"))
    match to_text(arguments[0]).upper() if arguments else "D":
        case "D" | "":
            return text
        case "N":
            return text.replace("-", "")
        case "B":
            return f"{{{text}}}"
        case "P":
            return f"({text})"
        case "X":
            first, second, third, *rest = text.split("-")
            octets = bytes.fromhex("".join(rest))
            tail = ",".join(f"0x{one:02x}" for one in octets)
            return f"{{0x{first},0x{second},0x{third},{{{tail}}}}}"
        case _:
            raise ConversionError(
                'Format String can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
                id="FormatException",
            )


GUID = ObjectType(
    name="System.Guid",
    view=DefaultView(columns=("Guid",)),
    text=_property_text("Guid"),
    identity=_base,
    order=_base,
    calls={"tostring": guid_text},
    read_only=True,
)
_GUID = pattern(
    r"[({]?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})[)}]?"
)


def to_guid(value: Value) -> Value:
    """Return a value as a ``Guid``."""
    if isinstance(value, ShellObject) and value.type is GUID:
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        value = to_text(value)  # A Guid is made of a number's text.
    if not isinstance(value, str):
        raise final_failure(value, "guid")
    match = _GUID.fullmatch(value.strip().lower())
    if match is None:
        raise cast_failure(
            shown(value), GUID.name,
            "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).",
            _PARSE,
        )  # fmt: skip
    text = "-".join(match.groups())
    return ShellObject((("Guid", text),), type_=GUID, base=text)


def _parts(value: ShellObject) -> tuple[int, ...]:
    return tuple(value.base)  # type: ignore[arg-type]


def _version_text(value: ShellObject, arguments: list[Value]) -> str:
    count = arguments[0] if arguments else 4
    parts = [part for part in _parts(value) if part >= 0]
    if not isinstance(count, int) or (count > len(parts) and arguments):
        raise ConversionError(
            f"Argument must be between 0 and {len(parts)}.\nParameter name: fieldCount",
            id="ArgumentException",
        )
    return ".".join(map(str, parts[:count]))


VERSION = ObjectType(
    name="System.Version",
    view=DefaultView(columns=("Major", "Minor", "Build", "Revision"), widths=(6, 6, 6, 8)),
    text=lambda value: ".".join(str(part) for part in _parts(value) if part >= 0),
    identity=_base,
    order=_base,
    calls={"tostring": _version_text},
    read_only=True,
)


def version_object(*parts: int) -> ShellObject:
    """Return a ``Version`` of two to four parts."""
    full = (*parts, *(-1,) * (4 - len(parts)))
    names = ("Major", "Minor", "Build", "Revision")
    rows: list[tuple[str, Value]] = list(zip(names, full, strict=True))
    for name, half in (("MajorRevision", full[3] >> 16), ("MinorRevision", full[3] & 0xFFFF)):
        rows.append((name, SizedInt(half - (half >> 15 << 16) if half >= 0 else half, "int16")))
    return ShellObject(rows, type_=VERSION, base=full)


def to_version(value: Value) -> Value:
    """Return a value as a ``Version``."""
    if value is None or (isinstance(value, ShellObject) and value.type is VERSION):
        return value
    if isinstance(value, int | float | Decimal):
        value = to_text(float(value) if isinstance(value, Decimal) else value)
    if not isinstance(value, str) or isinstance(value, Char):
        raise final_failure(value, "version")
    parts = value.strip().split(".")
    if not 2 <= len(parts) <= 4:
        raise cast_failure(
            shown(value), VERSION.name, "Version string portion was too short or too long.", _PARSE
        )
    if not all(part.strip().isdigit() for part in parts):
        raise cast_failure(
            shown(value), VERSION.name, "Input string was not in a correct format.", _PARSE
        )
    return version_object(*(int(part) for part in parts))


MAIL = ObjectType(
    name="System.Net.Mail.MailAddress",
    view=DefaultView(columns=("DisplayName", "User", "Host", "Address"), generated=True),
    text=_property_text("Address"),
    identity=_base,
    read_only=True,
)


def to_mail(value: Value) -> Value:
    """Return a text as a ``MailAddress``."""
    if value is None or (isinstance(value, ShellObject) and value.type is MAIL):
        return value
    if isinstance(value, list | HashTable | ScriptBlockValue) or is_plain(value):
        raise final_failure(value, "mailaddress")
    text = to_text(value).strip()
    match = re.fullmatch(r"(?:\"?([^<\"]*)\"?\s*<)?([^<>@\s]+)@([^<>@\s]+?)>?", text)
    if match is None or (text.endswith(">") != ("<" in text)):
        raise cast_failure(
            text, MAIL.name,
            "The specified string is not in the form required for an e-mail address.",
            "InvalidCastConstructorException",
        )  # fmt: skip
    shown_name, user, host = match.groups()
    address = f"{user}@{host}"
    return ShellObject(
        (("DisplayName", (shown_name or "").strip()), ("User", user), ("Host", host),
         ("Address", address)), type_=MAIL, base=address.lower(),
    )  # fmt: skip


NET_CASTS: dict[str, Callable[[Value], Value]] = {
    "ipaddress": to_address,
    "guid": to_guid,
    "version": to_version,
    "mailaddress": to_mail,
    "datetime": to_datetime,
    "timespan": to_timespan,
}
