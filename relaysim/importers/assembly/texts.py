"""What single texts of a connector's properties come to, each read once for all objects."""

from functools import lru_cache
from typing import Any, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.importers.assembly.listing import lost_text, marked, text_items, truth
from relaysim.importers.assembly.parsed import LISTS
from relaysim.model.properties.catalogue import BY_NAME, property_named
from relaysim.model.properties.declaration import Property
from relaysim.model.properties.kinds import FlagKind
from relaysim.model.properties.lists import GroupsKind

__all__ = ["FLAGS", "PLAIN_TEXTS", "flags_of", "known_property", "parsed_text", "state_of"]

FLAGS = ("AuthMechanism", "PermissionGroups")
_KNOWN_FLAGS = {"AuthMechanism": 31, "PermissionGroups": 15}
"""The numbers that published exports show beside their names."""

_NOISE = frozenset(
    [
        "name",
        "identity",
        "server",
        "distinguishedname",
        "guid",
        "id",
        "objectcategory",
        "objectclass",
        "whenchanged",
        "whencreated",
        "whenchangedutc",
        "whencreatedutc",
        "organizationid",
        "originatingserver",
        "isvalid",
        "objectstate",
        "admindisplayname",
        "exchangeversion",
        "runspaceid",
        "pscomputername",
        "pspath",
        "psshowcomputername",
        "identity.distinguishedname",
        "server.distinguishedname",
        "psparentpath",
        "dn",
        "cn",
        "instancetype",
        "usncreated",
        "usnchanged",
        "showinadvancedviewonly",
        "objectguid",
    ]
)


@lru_cache(maxsize=4096)
def known_property(name: str) -> tuple[Property | None, bool]:
    """Return a property of the catalogue, and whether a name says nothing that is kept."""
    known = property_named(name)
    if known is not None and known.modelled:
        return known, known.name == "Name"
    return known, name.casefold() in _NOISE or name.startswith("msExch")


class _PlainText(NamedTuple):
    """What a text comes to about which nothing is to be said.

    Attributes:
        holder: Where it goes: ``fields``, ``kept``, ``groups``, nowhere, or ``slow`` where it has
            to be read with its object.
        key: Under which key; for ``slow`` the property.
        value: The value.
    """

    holder: str = ""
    key: str = ""
    value: Any = None


class _PlainTexts(dict[tuple[str, str | None], _PlainText]):
    """What each text of a property comes to: most objects of an export hold the same ones."""

    def __missing__(self, pair: tuple[str, str | None]) -> _PlainText:
        name, text = pair
        plain = None if text is None or len(text) >= _SHORT else _plain(name, text)
        if plain is None:
            return _PlainText("slow", name)
        if len(self) >= _MOST_TEXTS:
            self.clear()
        self[pair] = plain
        return plain


PLAIN_TEXTS = _PlainTexts()
"""By property and text; ``None`` is a value that is no text."""
_MOST_TEXTS = 16384


def _plain(name: str, text: str) -> _PlainText | None:
    """Return what a text of a property comes to, ``None`` where something is to be said of it."""
    known, is_noise = known_property(name)
    if is_noise:
        return _PlainText()
    if known is None or not known.modelled:
        lost, cut = _judged(text)
        return None if lost or cut else _PlainText("kept", known.name if known else name, text)
    if name in LISTS:
        return None
    if name in FLAGS:
        items = text_items(text)
        value, custom, problem = flags_of(known.name, items.items)
        if problem or not items.is_whole:
            return None
        is_groups = isinstance(known.kind, GroupsKind)
        return (
            _PlainText("groups", "", (value, custom))
            if is_groups
            else _PlainText("fields", known.field, value)
        )
    if not text.strip():
        return _PlainText()
    value, problem = parsed_text(known.name, text.strip())
    return None if problem else _PlainText("fields", known.field, value)


def _judged(text: str) -> tuple[bool, bool]:
    """Tell whether a text is lost, and whether it was cut."""
    return lost_text(text), marked(text)


_SHORT = 200
_short_state = lru_cache(maxsize=4096)(_judged)


def state_of(text: str) -> tuple[bool, bool]:
    """Tell whether a text is lost, and whether it was cut."""
    return _short_state(text) if len(text) < _SHORT else _judged(text)


@lru_cache(maxsize=1024)
def flags_of(name: str, items: tuple[str, ...]) -> tuple[Any, bool, str]:
    """Return what flags stand for, whether Custom is among them, and what is wrong with them."""
    known = BY_NAME[name.casefold()]
    texts, problem = list(items), ""
    if len(texts) == 1 and texts[0].lstrip("-").isdigit():
        texts, problem = _numbered(known, texts[0])
    names: list[str] = []
    for text in texts:
        try:
            known.kind.parse_items([text] if text.casefold() != "custom" else [])
        except InvalidInput:
            problem = problem or f"`{text}` is not known"
        else:
            names.append(text)
    others = [one for one in names if one.casefold() not in ("custom", "none")]
    custom = any(one.casefold() == "custom" for one in names)
    return known.kind.parse_items(others), custom, problem


def _numbered(known: Property, text: str) -> tuple[list[str], str]:
    """Return the names a number stands for, and what is wrong with the rest of it."""
    limit = _KNOWN_FLAGS[known.name]
    number = int(text[:12])
    if number < 0 or number & ~limit:
        rest = number & ~limit
        number = 0 if number < 0 else number & limit
        problem = f"the number {text} has a part ({rest}) whose name no published export tells"
    else:
        problem = ""
    names = known.kind.names(str(number))  # type: ignore[attr-defined]
    return names, problem


_ROLES = {"32": "HubTransport", "16384": "FrontendTransport"}


@lru_cache(maxsize=4096)
def parsed_text(name: str, text: str) -> tuple[object, str]:
    """Return the value of a text, and what is wrong with it; nothing when it is well."""
    try:
        return _value_of(BY_NAME[name.casefold()], text), ""
    except InvalidInput as error:
        return None, str(error)


def _value_of(known: Property, text: str) -> object:
    if marked(text) or lost_text(text):
        raise InvalidInput(f"`{text}` was cut or lost")
    if known.name == "TransportRole":
        text = _ROLES.get(text, text)
    if isinstance(known.kind, FlagKind):
        told = truth(text)
        return known.kind.parse(text) if told is None else told
    value = known.kind.parse(text)
    if known.name == "MaxMessageSize" and isinstance(value, int) and value < 65536:
        raise InvalidInput(f"`{text}` has lost its unit")
    return value
