"""Exchange's types by name: members of enumerations, objects that a parameter declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.management_shell.values.parameters import converted, shown
from relaysim.management_shell.values.property_objects import binding_object, range_object
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.properties.kinds import NameKind, ValueKind
from relaysim.model.properties.lists import GroupsKind, MechanismsKind
from relaysim.model.properties.quantities import SizeKind
from relaysim.net.notation import parse_range, parse_socket
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import final_failure, to_text
from relaysim.powershell.values.value import EnumValue, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EXCHANGE_TYPES"]

_DATA = "Microsoft.Exchange.Data."
_SETTINGS = f"{_DATA}Directory.SystemConfiguration."
_OBJECTS = (
    f"{_SETTINGS}ReceiveConnector",
    f"{_SETTINGS}AcceptedDomain",
    f"{_DATA}Directory.Management.ExchangeServer",
    "Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject",
)
_KEPT = (
    *(
        f"{_DATA}Directory.Management.{name}"
        for name in (
            "Mailbox", "MailUser", "MailContact", "MailPublicFolder", "DistributionGroup",
            "DynamicDistributionGroup", "CASMailbox", "Contact", "Group", "User",
        )
    ),
    f"{_SETTINGS}SmtpSendConnectorConfig",
)  # fmt: skip
"""Objects that only are kept: what is shown of them has a shorter name."""
_ANY_SIZE = SizeKind(low=0, high=1 << 62)


def _as_range(value: Value) -> Value:
    try:
        return range_object(parse_range(to_text(value)))
    except InvalidInput as error:
        raise ConversionError(error.problems[0].message) from error


def _as_binding(value: Value) -> Value:
    try:
        return binding_object(parse_socket(to_text(value)))
    except InvalidInput as error:
        raise ConversionError(error.problems[0].message) from error


def _member(kind: ValueKind) -> Callable[[Value], Value]:
    def convert(value: Value) -> Value:
        return value if isinstance(value, EnumValue) else shown(kind, converted(kind, value))

    return convert


def _object(name: str) -> Callable[[Value], Value]:
    def convert(value: Value) -> Value:
        if value is None or (isinstance(value, ShellObject) and value.type.name == name):
            return value
        raise final_failure(value, name)

    return convert


def _kept(name: str) -> Callable[[Value], Value]:
    last = name.rpartition(".")[2].removeprefix("Smtp").removesuffix("Config")

    def convert(value: Value) -> Value:
        own = value.type.name if isinstance(value, ShellObject) else ""
        if value is None or own == f"{_DATA}Directory.{last}":
            return value
        raise final_failure(value, name)

    return convert


def _types() -> dict[str, Callable[[Value], Value]]:
    found: dict[str, Callable[[Value], Value]] = {
        f"{_DATA}IPRange": _as_range,
        f"{_DATA}IPBinding": _as_binding,
        f"{_DATA}ByteQuantifiedSize": lambda value: shown(_ANY_SIZE, converted(_ANY_SIZE, value)),
    }
    for one in PROPERTIES:
        if isinstance(one.kind, NameKind | MechanismsKind | GroupsKind):
            for start in (_DATA, _SETTINGS):
                found[start + one.kind.label] = _member(one.kind)
    found |= {name: _object(name) for name in _OBJECTS}
    found |= {name: _kept(name) for name in _KEPT}
    return found


EXCHANGE_TYPES = _types()
"""The types, each with what makes a value one of it."""
