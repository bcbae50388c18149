"""Receive connectors: the property catalogue turns raw values into fields."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from relaysim.errors import InvalidInput
from relaysim.importers.assembly.connector_facts import CommonFacts, ConnectorFacts
from relaysim.importers.assembly.listing import (
    Items,
    items_of,
    marked,
)
from relaysim.importers.assembly.parsed import LISTS, PARSED, WHOLE_LISTS
from relaysim.importers.assembly.remarks import Remark, connectors_command
from relaysim.importers.assembly.texts import (
    FLAGS,
    PLAIN_TEXTS,
    flags_of,
    known_property,
    parsed_text,
    state_of,
)
from relaysim.importers.records import Record, Value
from relaysim.importers.shared_values import SharedValues
from relaysim.model.properties.declaration import Property
from relaysim.model.properties.lists import GroupsKind

__all__ = ["PropertyReader"]


class PropertyReader:
    """Reads the properties of connectors; what connectors share is read once.

    Args:
        remarks: Takes what is to be said.
    """

    def __init__(self, remarks: list[Remark]) -> None:
        self._remarks = remarks
        self._common: dict[int, tuple[Mapping[str, Value], CommonFacts]] = {}

    def read(self, facts: ConnectorFacts) -> None:
        """Read every property from a connector's objects, and let them go.

        The first whole value of each counts.
        """
        self._read(facts)
        facts.let_go()

    def _read(self, facts: ConnectorFacts) -> None:
        if len(facts.records) > 1:
            for name in dict.fromkeys(name for record in facts.records for name in record.values):
                _read_property(facts, name, self._remarks)
            return
        values = facts.records[0].values
        if isinstance(values, SharedValues):
            facts.common = common = self._of(values.shared)
            facts.kept = common.kept
            if common.groups is not None:
                facts.groups, facts.custom = common.groups
            own = _plain(values.own)
            others = common.others + own.others
            for name, text in own.kept.items():
                facts.keep(name, text)
        else:
            common = own = _plain(values.items())
            facts.kept, others = own.kept, own.others
        facts.fields = own.fields
        if own.groups is not None:
            facts.groups, facts.custom = own.groups
        for name in others:
            _read_property(facts, name, self._remarks)
        if len(facts.kept) > len(common.kept):
            # Some came behind those beside which they stand.
            order = {name.casefold(): place for place, name in enumerate(values)}
            facts.kept = dict(
                sorted(facts.kept.items(), key=lambda pair: order.get(pair[0].casefold(), -1))
            )

    def _of(self, shared: Mapping[str, Value]) -> CommonFacts:
        """Return what values say that objects share."""
        # They are kept beside it, so that no others can be taken for them.
        found = self._common.get(id(shared))
        if found is None:
            found = self._common[id(shared)] = shared, _plain(shared.items())
        return found[1]


def _plain(values: Iterable[tuple[str, Value]]) -> CommonFacts:
    """Return what values say about which nothing is to be said, and which are others."""
    fields: dict[str, Any] = {}
    kept: dict[str, str] = {}
    groups = None
    others: list[str] = []
    for name, (text, items, _) in values:
        holder, key, value = PLAIN_TEXTS[name, text if items is None else None]
        if holder == "fields":
            fields[key] = value
        elif holder == "kept":
            kept.setdefault(key, value)
        elif holder == "groups":
            groups = value
        elif holder == "slow":
            others.append(key)
    return CommonFacts(fields, kept, groups, tuple(others))


def _read_property(facts: ConnectorFacts, name: str, remarks: list[Remark]) -> None:
    """Read one property from the connector's objects: the first whole value of it counts."""
    known, is_noise = known_property(name)
    if is_noise:
        return
    records: Sequence[Record] = facts.records
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


def _keep(
    facts: ConnectorFacts, name: str, records: Sequence[Record], remarks: list[Remark]
) -> None:
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
        facts.keep(name, text)
        return


def _best(records: Sequence[Record], name: str) -> tuple[Record, Items]:
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
    limit = "$FormatEnumerationLimit = -1; " if items.cut else ""
    remarks.append(
        Remark(
            kind,
            f"{what}: {count} value{'' if count == 1 else 's'} known, more may exist",
            record.file,
            record.line_of(name),
            facts.title,
            name,
            f"{limit}{connectors_command(facts.server)}",
        )
    )


def _read_list(
    facts: ConnectorFacts, known: Property, records: Sequence[Record], remarks: list[Remark]
) -> None:
    value = records[0].values[known.name]
    if value.items is not None:
        try:
            found = WHOLE_LISTS.values(known.name, value.items)
        except (InvalidInput, KeyError):
            # Something in it is no value: item by item tells what.
            pass
        else:
            facts.tell(known.field, found)
            return
    elif value.text is not None and len(records) == 1:
        same = WHOLE_LISTS.of_text(known.name, value.text)
        if same is not None:
            facts.tell(known.field, same)
            return
    record, items = _best(records, known.name)
    good: list[Any] = []
    bad: list[str] = []
    for text in items.items:
        try:
            good += PARSED[known.name][text]
        except InvalidInput:
            bad.append(text)
    facts.tell(known.field, tuple(good))
    if bad:
        facts.unknown |= {known.key}
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
        facts.unknown |= {known.key}
        _say_gap(facts, known.name, record, items, remarks)
    elif not bad and value.text is not None and len(records) == 1:
        WHOLE_LISTS.keep_text(known.name, value.text, facts.told(known.field))


def _quoted(texts: Iterable[str]) -> str:
    shown = [f"`{text[:80]}`" for text in texts]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def _read_flags(
    facts: ConnectorFacts, known: Property, records: Sequence[Record], remarks: list[Remark]
) -> None:
    record, items = _best(records, known.name)
    key = "entries" if known.name == "PermissionGroups" else known.key
    value, custom, problem = flags_of(known.name, items.items)
    if isinstance(known.kind, GroupsKind):
        # A number or a name that is not known, or what was cut, may be Custom.
        is_told = items.is_whole and not problem
        facts.groups, facts.custom = value, custom if custom or is_told else None
    else:
        facts.tell(known.field, value)
    if problem:
        facts.unknown |= {key}
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
        facts.unknown |= {key}
        _say_gap(facts, known.name, record, items, remarks)


def _read_one(
    facts: ConnectorFacts, known: Property, records: Sequence[Record], remarks: list[Remark]
) -> None:
    for record in records:
        text = record.text(known.name)
        if text is None:
            continue
        value, problem = parsed_text(known.name, text)
        if problem:
            facts.unknown |= {known.key}
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
        facts.unknown -= {known.key}
        facts.tell(known.field, value)
        return
