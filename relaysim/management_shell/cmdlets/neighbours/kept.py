"""Keeping the neighbours: each property one setting of the organization, by target and name.

The values are text, as everything is that no rule uses: so they stand in a server file and come
back from it. What a script sees of them is made here again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.management_shell.cmdlets.neighbours.declared import commands_about
from relaysim.management_shell.cmdlets.settings import with_setting
from relaysim.management_shell.state import Unmodelled
from relaysim.management_shell.values.connector_objects import identity_object
from relaysim.management_shell.values.parameters import argument_of, shown
from relaysim.model.properties.kinds import FlagKind, ValueKind
from relaysim.model.properties.lists import TextListKind
from relaysim.model.properties.quantities import SizeKind, SpanKind
from relaysim.powershell.hosting.credentials import secret_of
from relaysim.powershell.values.conversion import to_int, to_text, written_text
from relaysim.powershell.values.value import ObjectType, ShellList, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relaysim.model.organization import Organization

__all__ = [
    "converter",
    "first_value",
    "kept_names",
    "kept_properties",
    "kept_target",
    "kept_text",
    "kept_value",
    "with_kept",
]

_FLAG = FlagKind()
_LIST = TextListKind()
_SIZE = SizeKind(low=0, high=(1 << 63) - 1, unlimited=True)
_SPAN = SpanKind(low=0, high=100_000 * 86_400)
_KINDS: dict[str, ValueKind] = {"b": _FLAG, "m": _LIST, "z": _SIZE, "s": _SPAN}


def _text(value: Value) -> object:
    if isinstance(value, list):
        return ", ".join(written_text(one) for one in value)
    return written_text(value)


def _number(value: Value) -> object:
    text = to_text(value).strip()
    return text if text.casefold() == "unlimited" else str(to_int(value))


def _secret(value: Value) -> object:
    """Return what stands for a secret: never the secret itself."""
    if isinstance(value, ShellObject) and "UserName" in value:
        return f"{to_text(value.get('UserName'))} with a password"
    if value is not None:
        secret_of(value)
    return "a password"


_CONVERTERS: dict[str, Callable[[Value], object]] = {
    "t": _text,
    "i": _number,
    "c": _secret,
    **{letter: argument_of(kind) for letter, kind in _KINDS.items()},
}


def converter(letter: str) -> Callable[[Value], object]:
    """Return what turns an argument into a value of a kind, by its letter in ``commands.txt``."""
    convert = _CONVERTERS[letter]

    def keep(value: Value) -> object:
        if value is None:
            return ""
        return convert(value)

    return keep


def kept_text(letter: str, value: object) -> str:
    """Return a converted value as it is kept."""
    kind = _KINDS.get(letter)
    if kind is None or isinstance(value, str):
        return to_text(value)
    return kind.format(value)


@lru_cache(maxsize=256)
def _letters(noun: str) -> dict[str, str]:
    """Return the kinds of the properties of a family by their names in lower case."""
    found: dict[str, str] = {}
    for command in commands_about(noun):
        for one in command.parameters:
            found.setdefault(one.name.lower(), one.kind)
    return found


def kept_value(noun: str, name: str, text: str) -> Value:
    """Return a kept text as a script sees the property."""
    letter = _letters(noun.lower()).get(name.lower(), "t")
    if letter == "i" and text.lstrip("-").isdigit():
        return int(text)
    kind = _KINDS.get(letter)
    if kind is None or not text:
        return text
    try:
        value = kind.parse(text)
    except InvalidInput:
        return text
    make = _PARTS.get((noun.lower(), name.lower()))
    if make is not None and isinstance(value, tuple):
        return ShellList(make(to_text(one)) for one in value)
    # A limit is a text: `Unlimited` stands among them.
    return text if isinstance(kind, SizeKind) else shown(kind, value)


_SPACE = ObjectType(name="Microsoft.Exchange.Data.AddressSpace", text=lambda one: to_text(one.base))


def _space(text: str) -> Value:
    """Return an address space, written ``SMTP:*.contoso.com;1``."""
    kind, colon, rest = text.rpartition(":")
    address, _, cost = rest.partition(";")
    return ShellObject(
        (
            ("Type", kind if colon else "SMTP"), ("Address", address),
            ("Domain", address.removeprefix("*.")),
            ("Cost", int(cost) if cost.isdigit() else 1),
        ),
        type_=_SPACE, base=text,
    )  # fmt: skip


_PARTS: dict[tuple[str, str], Callable[[str], Value]] = {
    ("sendconnector", "addressspaces"): _space,
    ("sendconnector", "sourcetransportservers"): lambda text: identity_object(text, text, ""),
}


def first_value(value: object) -> Value:
    """Return what a property begins with as a script sees it."""
    return ShellList(value) if isinstance(value, tuple) else value


def kept_target(words: str, name: str) -> str:
    """Return the target of the settings of an object."""
    return f'{words} "{name}"' if name else words


def _pairs(organization: Organization, target: str) -> Iterable[tuple[str, str]]:
    start = f"{target}: ".casefold()
    for key, text in organization.unmodelled:
        if key.casefold().startswith(start):
            yield key[len(start) :], text


def kept_properties(organization: Organization, noun: str, target: str) -> list[tuple[str, Value]]:
    """Return the properties that are kept of an object, as a script sees them."""
    return [(name, kept_value(noun, name, text)) for name, text in _pairs(organization, target)]


def kept_names(organization: Organization, words: str) -> list[str]:
    """Return the names of the objects of a family of which anything is kept, in order."""
    start = f'{words} "'.casefold()
    found: dict[str, str] = {}
    for key, _ in organization.unmodelled:
        name, quote, _ = key[len(start) :].partition('": ')
        if key.casefold().startswith(start) and quote:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def with_kept(
    organization: Organization, target: str, values: Iterable[tuple[str, str]]
) -> tuple[Organization, tuple[Unmodelled, ...]]:
    """Return the organization with settings of a target, and the settings for the report."""
    entries = tuple(Unmodelled(target, name, text) for name, text in values)
    for entry in entries:
        organization = with_setting(organization, entry)
    return organization, entries
