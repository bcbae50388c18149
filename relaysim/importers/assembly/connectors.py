"""Receive connectors: the property catalogue turns raw values into fields."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

from relaysim.errors import InvalidInput
from relaysim.importers.assembly.listing import Items, items_of, lost_text, marked, truth
from relaysim.importers.assembly.parsed import LISTS, PARSED
from relaysim.importers.assembly.remarks import Remark, connectors_command
from relaysim.importers.records import Record
from relaysim.model.acl import Ace
from relaysim.model.groups import PermissionGroup
from relaysim.model.properties.catalogue import BY_NAME, property_named
from relaysim.model.properties.declaration import Property
from relaysim.model.properties.kinds import FlagKind
from relaysim.model.properties.lists import GroupsKind

__all__ = ["ConnectorFacts", "read_property"]

FLAGS = ("AuthMechanism", "PermissionGroups")
ASKED_FOR = ("Bindings", "RemoteIPRanges", "PermissionGroups", "AuthMechanism", "Enabled")
"""Properties without which questions about a connector stay open."""

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


@dataclass(slots=True)
class ConnectorFacts:
    """What is known of one connector.

    Attributes:
        server: Its server, ``None`` when the input does not tell.
        name: Its name.
        records: The objects it was read from, in order.
        fields: Fields of the model that were told.
        unknown: Keys of which not everything is known.
        groups: The groups shown, ``None`` when they are not told.
        custom: Whether ``Custom`` is shown.
        kept: Properties that no rule uses, as texts.
        listed: The entries that were listed.
        state: ``listed``, ``from-groups``, ``unknown`` or ``unreadable``.
        unnamed: Whether the input does not tell its name, so that ``name`` is one of our own.
    """

    server: str | None
    name: str
    records: list[Record] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    groups: tuple[PermissionGroup, ...] | None = None
    custom: bool = False
    kept: dict[str, str] = field(default_factory=dict)
    listed: list[Ace] = field(default_factory=list)
    state: str = ""
    unnamed: bool = False

    @property
    def title(self) -> str:
        r"""``SERVER\Name``, or the name alone."""
        return self.name if self.server is None else f"{self.server}\\{self.name}"

    @property
    def place(self) -> tuple[str, int | None]:
        """File and line of the first object."""
        return self.records[0].file, self.records[0].line


@lru_cache(maxsize=4096)
def _known(name: str) -> tuple[Property | None, bool]:
    """Return a property of the catalogue, and whether a name says nothing that is kept."""
    known = property_named(name)
    if known is not None and known.modelled:
        return known, known.name == "Name"
    return known, name.casefold() in _NOISE or name.startswith("msExch")


def read_property(facts: ConnectorFacts, name: str, remarks: list[Remark]) -> None:
    """Read one property from the connector's objects: the first whole value of it counts."""
    known, is_noise = _known(name)
    if is_noise:
        return
    records = facts.records
    if len(records) > 1:
        records = [record for record in records if name in record.values]
    if known is None or not known.modelled:
        _keep(facts, known.name if known else name, records, remarks)
        return
    if name in LISTS:
        _read_list(facts, known, records, remarks)
    elif name in FLAGS:
        _read_flags(facts, known, records, remarks)
    else:
        _read_one(facts, known, records, remarks)


def _keep(facts: ConnectorFacts, name: str, records: list[Record], remarks: list[Remark]) -> None:
    for record in records:
        value = record.values.get(name)
        if value is None or value.text is None:
            continue
        text = ", ".join(value.items) if value.items is not None else value.text
        lost, cut = _state(text) if len(text) < _SHORT else _judged(text)
        if lost:
            continue
        if cut:
            remarks.append(
                Remark(
                    "truncated",
                    "was cut, what is there is kept",
                    record.file,
                    record.line_of(name),
                    facts.title,
                    name,
                )
            )
        facts.kept.setdefault(name, text)
        return


def _judged(text: str) -> tuple[bool, bool]:
    """Tell whether a text is lost, and whether it was cut."""
    return lost_text(text), marked(text)


_SHORT = 200
_state = lru_cache(maxsize=4096)(_judged)


def _best(records: list[Record], name: str) -> tuple[Record, Items]:
    """Return the record that tells a list best, and its items."""
    if len(records) == 1:
        return records[0], items_of(records[0], name)
    read = [(record, items_of(record, name)) for record in records]
    for record, items in read:
        if items.is_whole:
            return record, items
    return max(read, key=lambda pair: len(pair[1].items))


def _say_gap(
    facts: ConnectorFacts, name: str, record: Record, items: Items, remarks: list[Remark]
) -> None:
    if items.ended:
        kind, what = "partial-object", "the input ends inside the list"
    elif items.cut:
        kind, what = "truncated", "the list was cut when it was printed"
    else:
        kind, what = "lost-column", "the values were lost when it was exported"
    count = len(items.items)
    remarks.append(
        Remark(
            kind,
            f"{what}: {count} value{'' if count == 1 else 's'} known, more may exist",
            record.file,
            record.line_of(name),
            facts.title,
            name,
            f"$FormatEnumerationLimit = -1; {connectors_command(facts.server)}",
        )
    )


def _read_list(
    facts: ConnectorFacts, known: Property, records: list[Record], remarks: list[Remark]
) -> None:
    value = records[0].values[known.name]
    if value.items is not None:
        try:
            every = list(map(PARSED[known.name].__getitem__, value.items))
        except (InvalidInput, KeyError):
            # Something in it is no value: item by item tells what.
            pass
        else:
            facts.fields[known.field] = tuple(chain.from_iterable(every))
            return
    record, items = _best(records, known.name)
    good: list[Any] = []
    bad: list[str] = []
    for text in items.items:
        try:
            good += PARSED[known.name][text]
        except InvalidInput:
            bad.append(text)
    facts.fields[known.field] = tuple(good)
    if bad:
        facts.unknown.add(known.key)
        remarks.append(
            Remark(
                "ambiguous",
                f"{_quoted(bad)} cannot be read; what hangs on it is undecided",
                record.file,
                record.line_of(known.name),
                facts.title,
                known.name,
                connectors_command(facts.server),
            )
        )
    if not items.is_whole:
        facts.unknown.add(known.key)
        _say_gap(facts, known.name, record, items, remarks)


def _quoted(texts: Iterable[str]) -> str:
    shown = [f"`{text[:80]}`" for text in texts]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def _read_flags(
    facts: ConnectorFacts, known: Property, records: list[Record], remarks: list[Remark]
) -> None:
    record, items = _best(records, known.name)
    key = "entries" if known.name == "PermissionGroups" else known.key
    value, custom, problem = _flags(known.name, items.items)
    if isinstance(known.kind, GroupsKind):
        facts.groups, facts.custom = value, custom
    else:
        facts.fields[known.field] = value
    if problem:
        facts.unknown.add(key)
        remarks.append(
            Remark(
                "ambiguous",
                f"{problem}; what hangs on it is undecided",
                record.file,
                record.line_of(known.name),
                facts.title,
                known.name,
                connectors_command(facts.server),
            )
        )
    if not items.is_whole:
        facts.unknown.add(key)
        _say_gap(facts, known.name, record, items, remarks)


@lru_cache(maxsize=1024)
def _flags(name: str, items: tuple[str, ...]) -> tuple[Any, bool, str]:
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


def _read_one(
    facts: ConnectorFacts, known: Property, records: list[Record], remarks: list[Remark]
) -> None:
    for record in records:
        text = record.text(known.name)
        if text is None:
            continue
        value, problem = _parsed(known.name, text)
        if problem:
            facts.unknown.add(known.key)
            remarks.append(
                Remark(
                    "truncated" if marked(text) else "ambiguous",
                    f"{problem}; what hangs on it is undecided",
                    record.file,
                    record.line_of(known.name),
                    facts.title,
                    known.name,
                    connectors_command(facts.server),
                )
            )
            continue
        facts.unknown.discard(known.key)
        facts.fields[known.field] = value
        return


_ROLES = {"32": "HubTransport", "16384": "FrontendTransport"}


@lru_cache(maxsize=4096)
def _parsed(name: str, text: str) -> tuple[object, str]:
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
