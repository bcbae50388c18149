"""The kinds of values that only connectors have: bindings, ranges, mechanisms, groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput, closest
from relaysim.management_shell.values.kinds import Stored, choose
from relaysim.management_shell.values.multi import MultiChange, parse_multi
from relaysim.model.connector import AuthMechanism, SizeMode, TransportRole, parse_mechanism
from relaysim.model.groups import PermissionGroup
from relaysim.net.address import format_address
from relaysim.net.interval import cidr_blocks
from relaysim.net.notation import (
    AddressRange,
    Notation,
    Socket,
    parse_range,
    parse_socket,
)
from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.value import ObjectType, ShellList, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BindingsKind",
    "Groups",
    "Mechanisms",
    "Ranges",
    "Role",
    "SizeModes",
    "binding_object",
    "groups_text",
    "mechanisms_text",
    "range_object",
]

NONE = "None"


def _flags(value: Value) -> list[str]:
    """Return the names of an enumeration whose values combine: one text or several."""
    return [
        name.strip() for item in to_list(value) for name in to_text(item).split(",") if name.strip()
    ]


def mechanisms_text(mechanisms: Iterable[AuthMechanism]) -> str:
    """Return mechanisms as Exchange prints them; ``None`` for none.

    Source: QA305565, CSSE19.
    """
    held = set(mechanisms)
    return ", ".join(one.value for one in AuthMechanism if one in held) or NONE


def groups_text(groups: Iterable[PermissionGroup], *, custom: bool) -> str:
    """Return permission groups as Exchange prints them; ``None`` for none.

    Source: QA305565, GRAN.
    """
    names = [group.value for group in groups]
    return ", ".join([*names, "Custom"] if custom else names) or NONE


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


def binding_object(binding: Socket) -> ShellObject:
    """Return a binding as a script sees it."""
    family = "InterNetwork" if binding.address.family == 4 else "InterNetworkV6"
    return ShellObject(
        (("AddressFamily", family), ("Address", str(binding.address)), ("Port", binding.port)),
        type_=_BINDING,
        base=binding,
    )


def range_object(entry: AddressRange) -> ShellObject:
    """Return a remote range as a script sees it; only networks have a prefix length."""
    blocks = cidr_blocks(entry.interval) if entry.notation in _NETWORKS else []
    return ShellObject(
        (
            ("LowerBound", format_address(entry.family, entry.interval.low)),
            ("UpperBound", format_address(entry.family, entry.interval.high)),
            ("CIDRLength", blocks[0][1] if blocks else None),
            ("RangeFormat", _FORMATS[entry.notation]),
            ("Size", entry.size),
            ("Expression", str(entry)),
        ),
        type_=_RANGE,
        base=entry,
    )


_NETWORKS = (Notation.CIDR, Notation.NETMASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingsKind:
    """Local addresses and ports."""

    label: str = "MultiValuedProperty of address:port"

    def parse(self, value: Value) -> MultiChange[Socket]:
        """Return the change of the list."""
        return parse_multi(value, parse_socket)

    def text(self, stored: Stored) -> str:
        """Return the bindings in one text."""
        return ", ".join(map(str, stored)) if isinstance(stored, tuple) else ""

    def read(self, text: str) -> Stored:
        """Return the change that sets the bindings of a text."""
        return self.parse([part.strip() for part in text.split(",")])

    def shown(self, stored: Stored) -> Value:
        """Return a list of binding objects."""
        items = stored if isinstance(stored, tuple) else ()
        return ShellList(binding_object(item) for item in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """Remote addresses, in any of the four notations."""

    label: str = "MultiValuedProperty of ranges"

    def parse(self, value: Value) -> MultiChange[AddressRange]:
        """Return the change of the list."""
        return parse_multi(value, parse_range)

    def text(self, stored: Stored) -> str:
        """Return the ranges in one text."""
        return ", ".join(map(str, stored)) if isinstance(stored, tuple) else ""

    def read(self, text: str) -> Stored:
        """Return the change that sets the ranges of a text."""
        return self.parse([part.strip() for part in text.split(",")])

    def shown(self, stored: Stored) -> Value:
        """Return a list of range objects."""
        items = stored if isinstance(stored, tuple) else ()
        return ShellList(range_object(item) for item in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanisms:
    """Authentication mechanisms; ``None`` stands alone."""

    label: str = "AuthMechanisms"

    def parse(self, value: Value) -> frozenset[AuthMechanism]:
        """Return the mechanisms."""
        try:
            found = [parse_mechanism(name) for name in _flags(value)]
        except InvalidInput as error:
            problem = error.problems[0]
            raise ConversionError(
                problem.message, id="CannotConvertArgument", hint=problem.hint
            ) from error
        if None in found and len(found) > 1:
            raise ConversionError("`None` stands alone (V-3)", id="V-3")
        return frozenset(one for one in found if one is not None)

    def text(self, stored: Stored) -> str:
        """Return the mechanisms as Exchange prints them."""
        return mechanisms_text(stored) if isinstance(stored, frozenset) else str(stored)

    def read(self, text: str) -> Stored:
        """Return the mechanisms of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> str:
        """Return the mechanisms as Exchange prints them."""
        return self.text(stored)


_GROUPS = {group.value.casefold(): group for group in PermissionGroup}


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Permission groups; ``None`` stands alone, ``Custom`` is refused (V-5)."""

    label: str = "PermissionGroups"

    def parse(self, value: Value) -> tuple[PermissionGroup, ...]:
        """Return the groups in the order in which they are shown."""
        names = [name.casefold() for name in _flags(value)]
        for name in names:
            if name == "custom":
                raise ConversionError(
                    "`Custom` is shown for rights given by hand and cannot be set (V-5)",
                    id="V-5",
                    hint="name the other groups only; rights given by hand stay (G-4)",
                )
            if name != "none" and name not in _GROUPS:
                near = closest(name, [*(group.value for group in PermissionGroup), NONE])
                raise ConversionError(
                    f"unknown permission group `{name}`",
                    id="CannotConvertArgument",
                    hint=f"did you mean `{near}`?" if near else None,
                )
        if "none" in names and len(names) > 1:
            raise ConversionError("`None` stands alone (V-3)", id="V-3")
        return tuple(group for key, group in _GROUPS.items() if key in names)

    def text(self, stored: Stored) -> str:
        """Return the groups as Exchange prints them."""
        return groups_text(stored, custom=False) if isinstance(stored, tuple) else str(stored)

    def read(self, text: str) -> Stored:
        """Return the groups of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> str:
        """Return the groups as Exchange prints them."""
        return self.text(stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The service that owns a connector."""

    label: str = "ServerRole"

    def parse(self, value: Value) -> TransportRole:
        """Return the role."""
        names = tuple(role.value for role in TransportRole)
        return TransportRole(choose(to_text(value), names))

    def text(self, stored: Stored) -> str:
        """Return the role's name."""
        return stored.value if isinstance(stored, TransportRole) else str(stored)

    def read(self, text: str) -> Stored:
        """Return the role of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> str:
        """Return the role's name."""
        return self.text(stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeModes:
    """What EHLO says about SIZE."""

    label: str = "SizeMode"

    def parse(self, value: Value) -> SizeMode:
        """Return the mode."""
        return SizeMode(choose(to_text(value), tuple(mode.value for mode in SizeMode)))

    def text(self, stored: Stored) -> str:
        """Return the mode's name."""
        return stored.value if isinstance(stored, SizeMode) else str(stored)

    def read(self, text: str) -> Stored:
        """Return the mode of a text."""
        return self.parse(text)

    def shown(self, stored: Stored) -> str:
        """Return the mode's name."""
        return self.text(stored)
