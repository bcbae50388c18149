"""Values of properties on a connector: in fields of the model, or kept as texts by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.lean import field_defaults
from relaysim.model.connector import ReceiveConnector
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.properties.declaration import Property
    from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["default_of", "in_order", "is_default", "kept_text", "value_of", "with_kept"]

_PLACES = {one.name.casefold(): place for place, one in enumerate(PROPERTIES)}


_DEFAULTS = field_defaults(ReceiveConnector)


def default_of(wanted: Property, *, exchange: ExchangeVersion, role: ServerRole) -> object:
    """Return what a property is when nobody set it.

    Bindings and ranges must be given; their default is the empty tuple.
    """
    if callable(wanted.default):
        return wanted.default(exchange, role)
    if wanted.default is None and wanted.field:
        return _DEFAULTS.get(wanted.field, ())
    return wanted.default


def kept_text(connector: ReceiveConnector, name: str) -> str | None:
    """Return the text of a property that was kept without a rule, or ``None``; any case."""
    folded = name.casefold()
    for key, text in connector.unmodelled:
        if key.casefold() == folded:
            return text
    return None


def value_of(
    wanted: Property,
    connector: ReceiveConnector,
    *,
    exchange: ExchangeVersion,
    role: ServerRole,
) -> object:
    """Return the value of a property of a connector, its default when nobody set it.

    ``PermissionGroups`` is a view of the entries: see
    :func:`relaysim.model.groups.shown_groups`.

    Raises:
        InvalidInput: The kept text is no value of the property's kind.
    """
    if wanted.field:
        return getattr(connector, wanted.field)
    text = kept_text(connector, wanted.name)
    if text is None:
        return default_of(wanted, exchange=exchange, role=role)
    return wanted.kind.parse(text)


def is_default(
    wanted: Property,
    connector: ReceiveConnector,
    *,
    exchange: ExchangeVersion,
    role: ServerRole,
) -> bool:
    """Tell whether a property of a connector is what it is when nobody sets it."""
    try:
        value = value_of(wanted, connector, exchange=exchange, role=role)
    except InvalidInput:
        return False
    return value == default_of(wanted, exchange=exchange, role=role)


def in_order(kept: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return kept properties in the catalogue's order and spelling, then the unknown ones.

    A name that occurs twice keeps its last text.
    """
    last = {name.casefold(): (name, text) for name, text in kept}
    named = [
        (BY_NAME[folded].name if folded in BY_NAME else name, text)
        for folded, (name, text) in last.items()
    ]
    return tuple(sorted(named, key=lambda pair: _PLACES.get(pair[0].casefold(), len(_PLACES))))


def with_kept(
    kept: tuple[tuple[str, str], ...], wanted: Property, value: object
) -> tuple[tuple[str, str], ...]:
    """Return kept properties with a value of one that no rule uses, in place of the old one."""
    return in_order((*kept, (wanted.name, wanted.kind.format(value))))
