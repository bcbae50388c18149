"""Receive connectors: the property catalogue turns raw values into fields."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from relaysim.errors import InvalidInput
from relaysim.importers.assembly.listing import (
    Items,
    items_of,
    marked,
)
from relaysim.importers.assembly.parsed import LISTS, PARSED
from relaysim.importers.assembly.remarks import Remark, connectors_command
from relaysim.importers.assembly.texts import (
    FLAGS,
    PLAIN_TEXTS,
    flags_of,
    known_property,
    parsed_text,
    state_of,
)
from relaysim.importers.records import Record
from relaysim.model.acl import Ace
from relaysim.model.groups import PermissionGroup
from relaysim.model.properties.declaration import Property
from relaysim.model.properties.lists import GroupsKind

__all__ = ["ASKED_FOR", "ConnectorFacts", "read_properties"]

ASKED_FOR = ("Bindings", "RemoteIPRanges", "PermissionGroups", "AuthMechanism", "Enabled")
"""Properties without which questions about a connector stay open."""


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
        custom: Whether ``Custom`` is shown; ``None`` when it may be in what cannot be read.
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
    custom: bool | None = False
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


def read_properties(facts: ConnectorFacts, remarks: list[Remark]) -> None:
    """Read every property from the connector's objects: the first whole value of each counts."""
    if len(facts.records) > 1:
        for name in dict.fromkeys(name for record in facts.records for name in record.values):
            _read_property(facts, name, remarks)
        return
    fields, kept = facts.fields, facts.kept
    values = facts.records[0].values
    texts = [text if items is None else None for text, items, _ in values.values()]
    plain = map(PLAIN_TEXTS.__getitem__, zip(values, texts, strict=True))
    for holder, key, value in plain:
        if holder == "fields":
            fields[key] = value
        elif holder == "kept":
            kept.setdefault(key, value)
        elif holder == "groups":
            facts.groups, facts.custom = value
        elif holder == "slow":
            _read_property(facts, key, remarks)


def _read_property(facts: ConnectorFacts, name: str, remarks: list[Remark]) -> None:
    """Read one property from the connector's objects: the first whole value of it counts."""
    known, is_noise = known_property(name)
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
        lost, cut = state_of(text)
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
    value, custom, problem = flags_of(known.name, items.items)
    if isinstance(known.kind, GroupsKind):
        # A number or a name that is not known, or what was cut, may be Custom.
        is_told = items.is_whole and not problem
        facts.groups, facts.custom = value, custom if custom or is_told else None
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


def _read_one(
    facts: ConnectorFacts, known: Property, records: list[Record], remarks: list[Remark]
) -> None:
    for record in records:
        text = record.text(known.name)
        if text is None:
            continue
        value, problem = parsed_text(known.name, text)
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
