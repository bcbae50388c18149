"""Kinds of several values: texts, bindings, ranges, mechanisms and permission groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from relaysim.errors import InvalidInput
from relaysim.model.connector import AuthMechanism, parse_mechanism
from relaysim.model.groups import GROUP_FLAGS, PermissionGroup, parse_group
from relaysim.model.properties.kinds import RefusedValue, ValueKind
from relaysim.net.notation import parse_range, parse_socket

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.net.notation import AddressRange, Socket

__all__ = [
    "BindingListKind",
    "GroupsKind",
    "MechanismsKind",
    "RangeListKind",
    "TextListKind",
    "groups_text",
    "mechanisms_text",
    "refuse_cut",
    "split_items",
]

NONE = "None"
_CUT = ("...", "\N{HORIZONTAL ELLIPSIS}")


def split_items(text: str, *, separator: str = ",") -> list[str]:
    """Return the items of a printed list, without the braces that ``Format-List`` puts around it.

    Raises:
        InvalidInput: The list was cut: its last item is an ellipsis.
    """
    inner = text.strip()
    if inner[:1] == "{" and inner[-1:] == "}":
        inner, separator = inner[1:-1].strip(), ","
    items = [item.strip() for item in inner.split(separator)] if inner else []
    refuse_cut(items)
    return items


def refuse_cut(items: Sequence[str]) -> None:
    """Refuse a list that was cut when it was printed.

    Raises:
        InvalidInput: An item is, or the last one ends with, an ellipsis.
    """
    for item in items:
        if item.endswith(_CUT):
            raise InvalidInput(
                f"the list was cut at `{item}`",
                hint="print it whole: `$FormatEnumerationLimit = -1`",
            )


class TextListKind(ValueKind):
    """A list of texts. In one text they stand with ``; `` between them.

    Texts that would not come back from that are written as a JSON list.
    """

    __slots__ = ()
    label = "MultiValuedProperty"
    is_list = True

    def parse(self, text: str) -> tuple[str, ...]:
        """Return the texts: ``a; b``, ``{a, b}`` as printed, or ``["a", "b"]``."""
        if text.startswith("["):
            import json

            try:
                found = json.loads(text)
            except (ValueError, RecursionError):
                found = None
            if isinstance(found, list) and all(isinstance(item, str) for item in found):
                return tuple(found)
        return tuple(item for item in split_items(text, separator=";") if item)

    def parse_items(self, items: Sequence[str]) -> tuple[str, ...]:
        """Return the texts as they stand."""
        return tuple(items)

    def format(self, value: object) -> str:
        """Return the texts in one."""
        if not isinstance(value, tuple):
            return str(value)
        plain = "; ".join(value)
        try:
            same = self.parse(plain) == value
        except InvalidInput:
            same = False
        if same:
            return plain
        import json

        return json.dumps(list(value))

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "a list of strings"


class BindingListKind(ValueKind):
    """Local addresses and ports, at least one."""

    __slots__ = ()
    label = "MultiValuedProperty of address:port"
    is_list = True

    def parse(self, text: str) -> tuple[Socket, ...]:
        """Return the bindings of a printed list."""
        return self.parse_items(split_items(text))

    def parse_items(self, items: Sequence[str]) -> tuple[Socket, ...]:
        """Return the bindings, each written ``address:port``."""
        refuse_cut(items)
        return tuple(parse_socket(item) for item in items)

    def format(self, value: object) -> str:
        """Return the bindings in one text."""
        return ", ".join(map(str, value)) if isinstance(value, tuple) else ""

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "a list of bindings such as `0.0.0.0:25`"


class RangeListKind(ValueKind):
    """Remote addresses in any of the four notations, at least one."""

    __slots__ = ()
    label = "MultiValuedProperty of ranges"
    is_list = True

    def parse(self, text: str) -> tuple[AddressRange, ...]:
        """Return the ranges of a printed list."""
        return self.parse_items(split_items(text))

    def parse_items(self, items: Sequence[str]) -> tuple[AddressRange, ...]:
        """Return the ranges, each in any notation."""
        refuse_cut(items)
        return tuple(parse_range(item) for item in items)

    def format(self, value: object) -> str:
        """Return the ranges in one text."""
        return ", ".join(map(str, value)) if isinstance(value, tuple) else ""

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "a list of ranges"


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


def _flag_names(number: int, flags: dict[str, int], what: str) -> list[str]:
    """Return the names whose flags make up a number.

    Raises:
        InvalidInput: A flag is not known.
    """
    names = [name for name, flag in flags.items() if number & flag]
    rest = number & ~sum(flags.values())
    if rest:
        raise InvalidInput(f"`{number}` has an unknown {what} ({rest})")
    return names or [NONE]


class _FlagsKind(ValueKind):
    """An enumeration whose values combine; ``None`` stands alone.

    Attributes:
        flags: Exchange's spelling of each value, and its number in a serialised object.
        what: What one value is called.
    """

    __slots__ = ()
    is_list = True
    flags: ClassVar[dict[str, int]] = {}
    what = ""

    def names(self, text: str) -> list[str]:
        """Return the names in a text, or those that a number stands for.

        Raises:
            InvalidInput: The number has a flag that is not known.
        """
        word = text.strip()
        if word.isascii() and word.isdigit() and len(word) < 10:
            return _flag_names(int(word), self.flags, self.what)
        return [name for name in split_items(text) if name]

    def parse(self, text: str) -> object:
        """Return the values named in one text, ``Tls, Integrated``, or by its number."""
        return self.parse_items(self.names(text))

    @property
    def expected(self) -> str:
        """What a value looks like."""
        return "a list of strings"

    @property
    def limits(self) -> str:
        """The names."""
        return ", ".join(self.flags)


class MechanismsKind(_FlagsKind):
    """Authentication mechanisms; the empty set is ``None``.

    Source: CSSE19 (the numbers but the last one, which follows from the order).
    """

    __slots__ = ()
    label = "AuthMechanisms"
    what = "authentication mechanism"
    flags: ClassVar = {one.value: 1 << index for index, one in enumerate(AuthMechanism)}

    def parse_items(self, items: Sequence[str]) -> frozenset[AuthMechanism]:
        """Return the mechanisms named."""
        found = [parse_mechanism(name) for name in items]
        if None in found and len(found) > 1:
            raise RefusedValue("`None` stands alone", rule="V-3")
        return frozenset(one for one in found if one is not None)

    def format(self, value: object) -> str:
        """Return the mechanisms as Exchange prints them."""
        return mechanisms_text(value) if isinstance(value, frozenset) else str(value)


class GroupsKind(_FlagsKind):
    """Permission groups in the order in which they are shown; ``Custom`` cannot be set (V-5).

    Source: CSSE19 (the numbers).
    """

    __slots__ = ()
    label = "PermissionGroups"
    what = "permission group"
    flags: ClassVar = GROUP_FLAGS

    def parse_items(self, items: Sequence[str]) -> tuple[PermissionGroup, ...]:
        """Return the groups named."""
        found = [None if name.strip().casefold() == "none" else parse_group(name) for name in items]
        if None in found and len(found) > 1:
            raise RefusedValue("`None` stands alone", rule="V-3")
        return tuple(group for group in PermissionGroup if group in found)

    def parse_shown(self, text: str) -> tuple[tuple[PermissionGroup, ...], bool]:
        """Return the groups that a server shows, and whether ``Custom`` is among them.

        Raises:
            InvalidInput: No such group.

        >>> GroupsKind().parse_shown("AnonymousUsers, Custom")
        ((<PermissionGroup.ANONYMOUS_USERS: 'AnonymousUsers'>,), True)
        """
        names = self.names(text)
        others = [name for name in names if name.strip().casefold() != "custom"]
        return self.parse_items(others), len(others) < len(names)

    def format(self, value: object) -> str:
        """Return the groups as Exchange prints them."""
        return groups_text(value, custom=False) if isinstance(value, tuple) else str(value)
