"""Objects of Exchange as they travel: what they look like once, then only their values.

A connector has some sixty properties. Their names, kinds and usual values, those of the first such
object, are told in a line of their own; each object is then one line with what is unusual on it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from relaysim.backend.wire import encode_text, encode_value
from relaysim.model.properties.catalogue import BY_NAME
from relaysim.model.properties.kinds import CountKind, FlagKind, NameKind
from relaysim.model.properties.lists import (
    BindingListKind,
    GroupsKind,
    MechanismsKind,
    RangeListKind,
    TextListKind,
)
from relaysim.model.properties.quantities import SizeKind, SpanKind
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import EnumValue, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Layouts"]

_EMPTY: dict[type[object], str] = {SizeKind: "size", SpanKind: "span"}
_LISTS: dict[type[object], str] = {
    RangeListKind: "ranges",
    BindingListKind: "bindings",
    TextListKind: "texts",
}
_NAMES = (NameKind, MechanismsKind, GroupsKind)
_BY_TYPE = {
    "Microsoft.Exchange.Data.ByteQuantifiedSize": "size",
    "Microsoft.Exchange.Data.ServerVersion": "version",
    "Microsoft.Exchange.Data.EnhancedTimeSpan": "span",
    "Microsoft.Exchange.Data.Directory.ADObjectId": "id",
    "Microsoft.Exchange.Configuration.Tasks.SecurityPrincipalIdParameter": "principal",
}
_ALONE = frozenset(("Microsoft.Exchange.Data.IPRange", "Microsoft.Exchange.Data.IPBinding"))


_Form = tuple[str, tuple[str, ...], tuple[str, ...]]
"""The type of an object, and names and kinds of its properties."""


class Layouts:
    """The layouts that one other side knows."""

    def __init__(self) -> None:
        self._known: dict[_Form, tuple[int, list[str]]] = {}

    def lines(self, value: Value) -> Iterator[dict[str, Any]]:
        """Yield the lines of one value: its layout if that is new, and the value."""
        if not isinstance(value, ShellObject) or not _has_layout(value):
            yield {"value": encode_value(value)}
            return
        items = value.items()
        kinds = tuple(_kind(name, item, value) for name, item in items)
        names = tuple(name for name, _ in items)
        key = (value.type.name, names, kinds)
        fields = [_field(kind, item) for kind, (_, item) in zip(kinds, items, strict=True)]
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = len(self._known) + 1, fields
            form = {"t": value.type.name, "n": list(names), "k": list(kinds), "u": fields}
            yield {"layout": known[0], **form}
        number, usual = known
        other = [
            f"{place}:{field}"
            for place, (field, same) in enumerate(zip(fields, usual, strict=True))
            if field != same
        ]
        yield {"o": number, "v": "\t".join((encode_text(to_text(value)), *other))}


def _has_layout(value: ShellObject) -> bool:
    name = value.type.name
    return name.startswith("Microsoft.Exchange.") and name not in _BY_TYPE and name not in _ALONE


def _kind(name: str, value: Value, owner: ShellObject) -> str:
    """Return how a property travels; the other side gives it a type by that."""
    if isinstance(value, ShellObject):
        if name == "Id" and value is owner.get("Identity"):
            return "same Identity"
        return _BY_TYPE.get(value.type.name, "any")
    return _kind_of(name, type(value))  # type: ignore[arg-type]  # mypy: no class is hashable


@cache  # the names of properties are few
def _kind_of(name: str, class_: type[Any]) -> str:
    """Return how a property travels whose value is of this class, which is no object's."""
    if issubclass(class_, EnumValue):
        return "names"
    if name == "ExtendedRights":
        return "rights"
    known = BY_NAME.get(name.casefold())
    kind = None if known is None else known.kind
    if issubclass(class_, list):
        return _LISTS.get(type(kind), "list")
    if class_ is type(None):
        return _EMPTY.get(type(kind), "text")
    if issubclass(class_, str):
        return _text_kind(name, kind)
    if issubclass(class_, bool) and isinstance(kind, FlagKind):
        return "flag"
    if isinstance(kind, CountKind) and not kind.unlimited and issubclass(class_, int):
        return "count"
    return "any"


def _text_kind(name: str, kind: object) -> str:
    if isinstance(kind, _NAMES) or name == "DomainType":
        return "names"
    if isinstance(kind, CountKind) and kind.unlimited:
        return "any"
    return "version" if name == "AdminDisplayVersion" else "text"


def _field(kind: str, value: Value) -> str:
    """Return a value as one field of a line; nothing stands for null."""
    if isinstance(value, str):
        return encode_text(value)
    if value is None or kind == "same Identity":
        return ""
    if isinstance(value, list):
        return _joined(value)
    if isinstance(value, ShellObject):
        return _object_field(kind, value)
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value) if isinstance(value, int | float) else encode_text(to_text(value))


def _joined(items: Sequence[Value]) -> str:
    return "=" + "\n".join(encode_text(to_text(item)) for item in items)


def _object_field(kind: str, value: ShellObject) -> str:
    if kind == "size":
        return str(value.base)
    if kind == "id":
        return _joined((value, *(value.get(name) for name in ("Name", "DistinguishedName", "Rdn"))))
    if kind == "principal":
        return _joined((value.get("RawIdentity"), value.get("SecurityIdentifier")))
    return encode_text(to_text(value))
