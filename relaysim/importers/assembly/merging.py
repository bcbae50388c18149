"""The same connector in several outputs: joined where they agree, refused where they differ."""

from bisect import bisect_left
from collections.abc import Iterable

from relaysim.errors import InvalidInput, Problem
from relaysim.importers.assembly.connector_facts import ConnectorFacts
from relaysim.importers.assembly.listing import items_of, lost_text, marked
from relaysim.importers.assembly.naming import place_of
from relaysim.importers.assembly.parsed import LISTS, PARSED
from relaysim.importers.assembly.remarks import Remark
from relaysim.importers.assembly.servers import ServerFacts
from relaysim.importers.records import Record, is_token_list
from relaysim.model.properties.catalogue import property_named

__all__ = ["check_same", "grouped_connectors"]

_CUT = "\N{HORIZONTAL ELLIPSIS}"
_MOST_COMPARED = 20_000


def grouped_connectors(
    records: list[Record], servers: dict[str, ServerFacts], remarks: list[Remark]
) -> list[ConnectorFacts]:
    """Return one item for each connector, with all objects that describe it."""
    # By server and name, both folded; the facts in the order of the first objects.
    found: dict[str | None, dict[str, tuple[ConnectorFacts, list[Record]]]] = {}
    each: list[tuple[ConnectorFacts, list[Record]]] = []
    nameless: list[Record] = []
    for record in records:
        place = place_of(record)
        if place is None:
            nameless.append(record)
            continue
        server = place.server
        if server is not None and server.casefold() in servers:
            server = servers[server.casefold()].name
        there = found.setdefault(server.casefold() if server else None, {})
        key = place.name.casefold()
        known = there.get(key)
        if known is None:
            facts = ConnectorFacts.of(record, server=server, name=place.name)
            there[key] = facts, [record]
            each.append(there[key])
            _say_lossy(facts, record, remarks)
        else:
            known[1].append(record)
    del found
    for facts, records_of_it in each:
        facts.records = tuple(records_of_it)
    named = _joined([facts for facts, _ in each])
    return named + _unnamed(nameless, named, remarks)


def _unnamed(
    records: list[Record], named: list[ConnectorFacts], remarks: list[Remark]
) -> list[ConnectorFacts]:
    """Return connectors for the objects whose name is not told, so that they are not forgotten.

    One that says nothing else than a named one does is taken for that one, and left out.
    """
    found: list[ConnectorFacts] = []
    known = _NamedConnectors(named)
    for record in records:
        shown = record.text("Name") or record.text("Identity") or ""
        cut = marked(shown)
        what = (
            f"a connector whose name was cut (`{shown}`)" if cut else "a connector without a name"
        )
        same = known.same(record, shown)
        if same is not None:
            message = f"{what} says nothing that {same.title} does not; it is left out"
        else:
            name = f"unnamed-{len(found) + 1}"
            server = record.context.server
            found.append(ConnectorFacts.of(record, server=server, name=name, unnamed=True))
            message = f"{what} stands as `{name}`, so that what it may serve is not decided wrongly"
        remarks.append(
            Remark(
                "truncated" if cut else "partial-object",
                message,
                record.file,
                record.line,
                command="Get-ReceiveConnector | Export-Clixml connectors.xml",
            )
        )
    return found


class _NamedConnectors:
    """Finds the connector that an object without a whole name says nothing new of.

    So many pairs are compared; what is left then stands for itself, as what fits no connector.
    """

    def __init__(self, named: list[ConnectorFacts]) -> None:
        self._named = sorted(named, key=lambda one: one.name.casefold())
        self._names = [one.name.casefold() for one in self._named]
        self._left = _MOST_COMPARED

    def same(self, record: Record, shown: str) -> ConnectorFacts | None:
        """Return it, ``None`` when there is none."""
        begin = shown.rpartition("\\")[2].rstrip("} ").rstrip(f".{_CUT}").casefold()
        for place in range(bisect_left(self._names, begin), len(self._names)):
            if not self._names[place].startswith(begin) or self._left <= 0:
                break
            facts = self._named[place]
            self._left -= len(facts.records)
            if _may_be(record, facts):
                return facts
        return None


def _may_be(record: Record, facts: ConnectorFacts) -> bool:
    """Tell whether an object without a whole name may be a connector that is known."""
    held = {name for one in facts.records for name in one.values}
    shared = [name for name in record.values if name in held and property_named(name)]
    return len(shared) > 1 and not _different([*facts.records, record])


def _say_lossy(facts: ConnectorFacts, record: Record, remarks: list[Remark]) -> None:
    name = facts.name
    if "?" in name or "\N{REPLACEMENT CHARACTER}" in name:
        remarks.append(
            Remark(
                "lossy",
                f"the name `{name}` holds question marks: characters that the encoding of the "
                "export lacks were lost, so that it may be another name on the server",
                record.file,
                record.line_of("Name"),
                facts.title,
                "Name",
                "Get-ReceiveConnector | Export-Clixml connectors.xml",
            )
        )


def _joined(connectors: list[ConnectorFacts]) -> list[ConnectorFacts]:
    """Give an object without a server to the one connector of its name that has one."""
    by_name: dict[str, list[ConnectorFacts]] = {}
    for facts in connectors:
        if facts.server is not None:
            by_name.setdefault(facts.name.casefold(), []).append(facts)
    kept = []
    for facts in connectors:
        if facts.server is None:
            # There is one without a server of each name, so that nothing is added twice.
            same = by_name.get(facts.name.casefold(), [])
            if len(same) == 1:
                same[0].records += facts.records
                continue
        kept.append(facts)
    return kept


def check_same(
    connectors: list[ConnectorFacts], remarks: list[Remark], *, prefer_latest: bool
) -> list[Problem]:
    """Return a problem for each property that two objects of one connector tell differently.

    With ``prefer_latest`` the later object comes first, and a remark says so.
    """
    problems: list[Problem] = []
    for facts in connectors:
        if len(facts.records) < 2:
            continue
        different = _different(facts.records)
        for name, (one, other) in different.items():
            message = (
                f"{facts.title} is given twice and differs in {name}: "
                f"{one.file}:{one.line_of(name)} and {other.file}:{other.line_of(name)}"
            )
            if prefer_latest:
                remarks.append(
                    Remark(
                        "duplicate",
                        f"{message}; the later one is taken",
                        other.file,
                        other.line_of(name),
                        facts.title,
                        name,
                    )
                )
            else:
                problems.append(
                    Problem(
                        message,
                        file=other.file,
                        line=other.line_of(name),
                        hint="`--prefer-latest` takes the later export",
                    )
                )
        if different and prefer_latest:
            facts.records = facts.records[::-1]
            facts.file, facts.line = facts.records[0].file, facts.records[0].line
        elif not different:
            one, other = facts.records[0], facts.records[-1]
            remarks.append(
                Remark(
                    "duplicate",
                    f"is given twice, and equal in what both tell ({one.file}:{one.line})",
                    other.file,
                    other.line,
                    facts.title,
                )
            )
    return problems


def _different(records: Iterable[Record]) -> dict[str, tuple[Record, Record]]:
    """Return the properties that are told whole and differently, with the two objects."""
    found: dict[str, tuple[Record, Record]] = {}
    first: dict[str, tuple[Record, object]] = {}
    for record in records:
        for name in record.values:
            known = property_named(name)
            if known is None or name == "Name":
                continue
            told = _told(record, name)
            if told is None:
                continue
            before = first.setdefault(name, (record, told))
            if before[1] != told and name not in found:
                found[name] = (before[0], record)
    return found


def _meant(name: str, items: tuple[str, ...]) -> object:
    """Return what a list stands for, whatever its order and the spelling of its addresses."""
    texts = frozenset(item.casefold() for item in items)
    if name not in LISTS:
        return texts
    try:
        values = [value for text in texts for value in PARSED[name][text]]
    except InvalidInput:
        return texts
    return frozenset(getattr(value, "interval", value) for value in values)


def _told(record: Record, name: str) -> object | None:
    """Return what is compared of a value, ``None`` when it is not told whole."""
    if is_token_list(name):
        items = items_of(record, name)
        if not items.is_whole or any(item.isdigit() for item in items.items):
            return None
        return _meant(name, items.items)
    text = record.text(name)
    if text is None or marked(text) or lost_text(text):
        return None
    return " ".join(text.casefold().split())
