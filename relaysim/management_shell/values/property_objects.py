"""Values of properties as a script sees them: bindings, ranges, sizes and time spans."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relaysim.lean import later
from relaysim.model.properties.quantities import format_size, format_span
from relaysim.net.address import format_address
from relaysim.net.interval import cidr_blocks
from relaysim.net.notation import AddressRange, Notation, Socket
from relaysim.powershell.values.value import EnumValue, MemberText, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relaysim.powershell.members.methods import call_method
    from relaysim.powershell.values.net_values import address_object
else:
    (call_method,) = later(globals(), "relaysim.powershell.members.methods", "call_method")
    (address_object,) = later(globals(), "relaysim.powershell.values.net_values", "address_object")

__all__ = [
    "binding_object",
    "fqdn_object",
    "named_value",
    "range_object",
    "size_object",
    "span_object",
    "version_object",
]

_BINDING = ObjectType(
    name="Microsoft.Exchange.Data.IPBinding",
    text=lambda value: str(value.base),
)
_RANGE = ObjectType(name="Microsoft.Exchange.Data.IPRange", text=lambda value: str(value.base))
_FORMATS = {
    Notation.SINGLE: "SingleAddress",
    Notation.LOW_HIGH: "LoHi",
    Notation.CIDR: "CIDR",
    Notation.NETMASK: "Netmask",
}


@lru_cache(maxsize=8192)
def _address(family: int, number: int) -> MemberText:
    """Return an address: its text, which has the members of an address."""

    def members() -> tuple[dict[str, Value], dict[str, Value]]:
        whole = address_object(family, number)
        octets = call_method(whole, "GetAddressBytes", [])
        return {name.lower(): value for name, value in whole.items()}, {"getaddressbytes": octets}

    return MemberText(format_address(family, number), members)


def binding_object(binding: Socket) -> ShellObject:
    """Return a binding as a script sees it."""
    family = "InterNetwork" if binding.address.family == 4 else "InterNetworkV6"
    return ShellObject(
        (
            ("AddressFamily", family),
            ("Address", _address(binding.address.family, binding.address.value)),
            ("Port", binding.port),
        ),
        type_=_BINDING,
        base=binding,
    )


def range_object(entry: AddressRange) -> ShellObject:
    """Return a remote range as a script sees it; only networks have a prefix length."""
    blocks = cidr_blocks(entry.interval) if entry.notation in _NETWORKS else []
    return ShellObject(
        (
            ("LowerBound", _address(entry.family, entry.interval.low)),
            ("UpperBound", _address(entry.family, entry.interval.high)),
            ("CIDRLength", blocks[0][1] if blocks else None),
            ("RangeFormat", _FORMATS[entry.notation]),
            ("Size", entry.size),
            ("Expression", str(entry)),
        ),
        type_=_RANGE,
        base=entry,
    )


_NETWORKS = (Notation.CIDR, Notation.NETMASK)


def _bytes_of(value: ShellObject) -> int:
    count = value.base
    return count if isinstance(count, int) else 0


_SIZE = ObjectType(
    name="Microsoft.Exchange.Data.ByteQuantifiedSize",
    text=lambda value: format_size(_bytes_of(value)),
    number=_bytes_of,
    methods={
        "tobytes": _bytes_of,
        "tokb": lambda value: _bytes_of(value) >> 10,
        "tomb": lambda value: _bytes_of(value) >> 20,
        "togb": lambda value: _bytes_of(value) >> 30,
    },
)


def size_object(count: int) -> ShellObject:
    """Return a number of bytes as a script sees it."""
    return ShellObject(type_=_SIZE, base=count)


def _seconds_of(value: ShellObject) -> int:
    seconds = value.base
    return seconds if isinstance(seconds, int) else 0


_SPAN = ObjectType(
    name="Microsoft.Exchange.Data.EnhancedTimeSpan",
    text=lambda value: format_span(_seconds_of(value)),
    number=_seconds_of,
)


def span_object(total: int) -> ShellObject:
    """Return a time span of so many seconds as a script sees it."""
    minutes, seconds = divmod(total, 60)
    return ShellObject(
        (
            ("Days", minutes // 1440),
            ("Hours", minutes // 60 % 24),
            ("Minutes", minutes % 60),
            ("Seconds", seconds),
            ("TotalHours", total / 3600),
            ("TotalMinutes", total / 60),
            ("TotalSeconds", total),
        ),
        type_=_SPAN,
        base=total,
    )


_FQDN = ObjectType(name="Microsoft.Exchange.Data.Fqdn", text=lambda value: str(value.base))
_VERSION = ObjectType(
    name="Microsoft.Exchange.Data.ServerVersion", text=lambda value: str(value.base)
)


def fqdn_object(name: str) -> ShellObject:
    """Return a full name as a script sees it: its text, and the same as ``Domain``.

    Source: CSSE19.
    """
    return ShellObject((("Domain", name),), type_=_FQDN, base=name)


def version_object(text: str) -> ShellObject:
    """Return a version such as ``Version 15.1`` as a script sees it; builds are not modelled."""
    major, _, minor = text.removeprefix("Version ").partition(".")
    return ShellObject(
        (("Major", int(major)), ("Minor", int(minor or 0))), type_=_VERSION, base=text
    )


_SETTINGS = "Microsoft.Exchange.Data.Directory.SystemConfiguration."
_ELSEWHERE = ("PermissionGroups", "ProtocolLoggingLevel", "SizeMode")


def named_value(label: str, text: str, numbers: Mapping[str, int]) -> Value:
    """Return values of an enumeration as a script sees them: their names, which have a number.

    Args:
        label: The enumeration.
        text: One name, or several with ``, `` between them.
        numbers: The number of each name, as far as it is known.

    Returns:
        The text alone when a number is not known.

    Source: CSSE19.
    """
    names = text.split(", ")
    if any(name not in numbers for name in names):
        return text
    kind = ("Microsoft.Exchange.Data." if label in _ELSEWHERE else _SETTINGS) + label
    return EnumValue(kind=kind, name=text, number=sum(numbers[name] for name in names))
