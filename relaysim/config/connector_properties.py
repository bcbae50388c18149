"""Properties of a connector in a server file, read and written by the property catalogue."""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from relaysim.config.remarks import binding_remarks, range_remarks
from relaysim.config.tables import Table, describe
from relaysim.errors import InvalidInput
from relaysim.model.connector import AuthMechanism, ReceiveConnector, parse_mechanism
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES, property_named
from relaysim.model.properties.declaration import Property
from relaysim.model.properties.kept import default_of, in_order, is_default
from relaysim.model.properties.kinds import UNLIMITED, CountKind, FlagKind, ValueKind
from relaysim.model.properties.lists import BindingListKind, MechanismsKind, RangeListKind
from relaysim.model.properties.quantities import SizeKind
from relaysim.model.version import NEWEST, ExchangeVersion, ServerRole, has_two_services
from relaysim.net.notation import parse_range, parse_socket

__all__ = [
    "BY_VERSION",
    "EXCHANGE_SPELLING",
    "canonical_keys",
    "decode_properties",
    "property_items",
]

EXCHANGE_SPELLING = {one.name.casefold(): one.key for one in PROPERTIES}
"""The key of each property by Exchange's own name of it, case-folded."""

BY_VERSION = ("max_message_size",)
"""Keys of modelled properties whose default depends on the version."""

_KEYS = dict.fromkeys(one.key for one in PROPERTIES)
_ELSEWHERE = ("Name", "PermissionGroups")
_FIELDS = tuple(one.field for one in PROPERTIES if one.field and one.name not in _ELSEWHERE)
_HEAD = (
    "Enabled",
    "TransportRole",
    "Bindings",
    "RemoteIPRanges",
    "AuthMechanism",
)
_UNITS = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"))


def canonical_keys(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table with the keys of a server file for properties spelled as Exchange does."""
    return {EXCHANGE_SPELLING.get(key.casefold(), key): value for key, value in table.items()}


def decode_properties(
    table: Table, *, exchange: ExchangeVersion | None, role: ServerRole
) -> tuple[dict[str, Any], tuple[tuple[str, str], ...]]:
    """Return what a ``[[connector]]`` table says about properties; problems are noted on it.

    ``name`` and ``permission_groups`` are left to the caller. Of an unknown version (``None``) the
    defaults are those of the newest one.

    Returns:
        Every field of :class:`~relaysim.model.connector.ReceiveConnector` that a property has,
        by name, the default where the table is silent; and the properties that no rule uses.
    """
    known = exchange
    exchange = exchange or NEWEST
    defaults, fields = _defaults(exchange, role)
    later = _later_than(exchange) if known else ()
    fields = fields.copy()
    kept: list[tuple[str, str]] = []
    # There may be ten thousand connectors, each with some of a hundred properties.
    table.ask_for(_KEYS)
    for wanted in _among(tuple(table.data)):
        key = wanted.key
        if key in later and wanted.name != "TransportRole":
            _remark_version(table, wanted, exchange)
        value = _decode(table, key, wanted, defaults[key])
        if key in fields:
            fields[key] = value
        else:
            kept.append((wanted.name, wanted.kind.format(value)))
    kept += _decode_unmodelled(table)
    return fields, in_order(kept) if kept else ()


@lru_cache(maxsize=256)
def _among(keys: tuple[str, ...]) -> tuple[Property, ...]:
    """Return the properties whose keys a connector has, in their order; most have the same."""
    return tuple(one for one in PROPERTIES if one.key in keys and one.name not in _ELSEWHERE)


@cache
def _defaults(
    exchange: ExchangeVersion, role: ServerRole
) -> tuple[dict[str, object], dict[str, object]]:
    """Return what each property is when nobody set it, by its key; and those of the model."""
    every = {wanted.key: default_of(wanted, exchange=exchange, role=role) for wanted in PROPERTIES}
    return every, {key: every[key] for key in _FIELDS}


@cache
def _later_than(exchange: ExchangeVersion) -> frozenset[str]:
    """Return the keys of the properties that a version does not know."""
    return frozenset(wanted.key for wanted in PROPERTIES if not wanted.known_to(exchange))


def _remark_version(table: Table, wanted: Property, exchange: ExchangeVersion) -> None:
    table.remark(
        f"Exchange {exchange.value} has no {wanted.name} (known from Exchange "
        f"{wanted.since.value} on)",
        wanted.key,
    )


def _decode(table: Table, key: str, wanted: Property, default: object) -> object:
    items = _ITEMS.get(type(wanted.kind))
    if items is not None:
        parser, remark, signs = items
        if remark is not None and signs.isdisjoint(str(table.data[key])):
            remark = None
        return _items(wanted.kind, table, table.parse_list(key, parser, remark=remark))
    raw = table.data[key]
    if isinstance(raw, dict | float) or (isinstance(raw, bool) and wanted.kind.label != "Boolean"):
        table.problem(f"expected {wanted.kind.expected}, got {describe(raw)}", key)
        return default
    try:
        return wanted.kind.read(raw)
    except InvalidInput as error:
        for problem in error.problems:
            message = problem.message
            if message == f"expected {wanted.kind.expected}":
                message += f", got {describe(raw)}"
            table.problem(message, key, problem.hint)
    return default


def _items(kind: ValueKind, table: Table, found: list[Any] | None) -> object:
    values = found or []
    if not isinstance(kind, MechanismsKind):
        return tuple(values)
    if None not in values:
        return frozenset(values)
    if len(values) > 1:
        table.problem("`None` stands alone (V-3)", "auth_mechanism")
    return frozenset(one for one in values if isinstance(one, AuthMechanism))


_ITEMS: dict[type[ValueKind], tuple[Callable[[str], Any], Any, frozenset[str]]] = {
    BindingListKind: (parse_socket, binding_remarks, frozenset("%")),
    RangeListKind: (parse_range, range_remarks, frozenset("%:")),
    MechanismsKind: (parse_mechanism, None, frozenset()),
}
"""How the items of a list are read, each with its own place in errors, remarks on them, and the
characters without any of which there is nothing to remark."""


def _decode_unmodelled(table: Table) -> list[tuple[str, str]]:
    sub = table.table("unmodelled")
    if sub is None:
        return []
    kept = []
    for key in sub.data:
        wanted = property_named(key)
        if wanted is not None and (wanted.modelled or wanted.key in table.data):
            sub.problem(f"`{key}` is the key `{wanted.key}` of the connector", key)
        kept.append((key, sub.get(key, str, "")))
    return kept


def property_items(
    connector: ReceiveConnector, *, exchange: ExchangeVersion | None, role: ServerRole
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the properties of a connector as a server file has them.

    Properties with their default value are left out, but for addresses, mechanisms and, where a
    server has two transport services, the role.

    Returns:
        Keys with their values, and what stands under ``unmodelled``: properties that the catalogue
        does not know or whose text is no value of their kind.
    """
    versionless = () if exchange else BY_VERSION
    exchange = exchange or NEWEST
    two_services = has_two_services(exchange, role)
    found: dict[str, Any] = {}
    head = [BY_NAME[name.casefold()] for name in _HEAD]
    for wanted in (*head, *(one for one in PROPERTIES if one not in head)):
        if not wanted.field or wanted.name in _ELSEWHERE:
            continue
        needed = wanted.kind.is_list or (wanted.name == "TransportRole" and two_services)
        if (
            needed
            or not is_default(wanted, connector, exchange=exchange, role=role)
            or (wanted.key in versionless and wanted.key not in connector.unknown)
        ):
            found[wanted.key] = _written(wanted.kind, getattr(connector, wanted.field))
    rest: dict[str, str] = {}
    for name, text in connector.unmodelled:
        known = BY_NAME.get(name.casefold())
        value = None if known is None else _canonical(known, text)
        if known is None or value is None:
            rest[name] = text
        else:
            found[known.key] = _written(known.kind, value)
    return found, rest


def _canonical(wanted: Property, text: str) -> object | None:
    """Return the value of a kept text that comes back as it is, else ``None``."""
    if wanted.modelled:
        return None
    try:
        value = wanted.kind.parse(text)
    except InvalidInput:
        return None
    return value if wanted.kind.format(value) == text else None


def _written(kind: ValueKind, value: Any) -> Any:  # noqa: ANN401
    if isinstance(kind, FlagKind) or (isinstance(kind, CountKind) and value != UNLIMITED):
        return value
    if isinstance(kind, SizeKind):
        return _size(value)
    if isinstance(kind, MechanismsKind):
        return [one.value for one in AuthMechanism if one in value]
    return [str(item) for item in value] if kind.is_list else kind.format(value)


def _size(size: int) -> str | int:
    for unit, name in _UNITS:
        if size and size % unit == 0:
            return f"{size // unit}{name}"
    return size
