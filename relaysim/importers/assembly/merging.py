"""The same connector in several outputs: joined where they agree, refused where they differ."""

from relaysim.errors import Problem
from relaysim.importers.assembly.connectors import ConnectorFacts
from relaysim.importers.assembly.listing import items_of, lost_text, marked
from relaysim.importers.assembly.naming import place_of
from relaysim.importers.assembly.remarks import Remark
from relaysim.importers.assembly.servers import ServerFacts
from relaysim.importers.records import Record, is_token_list
from relaysim.model.properties.catalogue import property_named

__all__ = ["check_same", "grouped_connectors"]


def grouped_connectors(
    records: list[Record], servers: dict[str, ServerFacts], remarks: list[Remark]
) -> list[ConnectorFacts]:
    """Return one item for each connector, with all objects that describe it."""
    found: dict[tuple[str | None, str], ConnectorFacts] = {}
    lost = 0
    first: Record | None = None
    for record in records:
        place = place_of(record)
        if place is None:
            lost, first = lost + 1, first or record
            continue
        server = place.server
        if server is not None and server.casefold() in servers:
            server = servers[server.casefold()].name
        key = (server.casefold() if server else None, place.name.casefold())
        facts = found.setdefault(key, ConnectorFacts(server, place.name))
        facts.records.append(record)
        _say_lossy(facts, record, remarks)
    if first is not None:
        remarks.append(
            Remark(
                "truncated" if marked(first.text("Name") or "") else "partial-object",
                f"{lost} connectors whose name is not told or was cut are left out",
                first.file,
                first.line,
                command="Get-ReceiveConnector | Export-Clixml connectors.xml",
            )
        )
    return _joined(list(found.values()))


def _say_lossy(facts: ConnectorFacts, record: Record, remarks: list[Remark]) -> None:
    name = facts.name
    if len(facts.records) == 1 and ("?" in name or "\N{REPLACEMENT CHARACTER}" in name):
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
    kept = []
    for facts in connectors:
        if facts.server is None:
            folded = facts.name.casefold()
            same = [
                other
                for other in connectors
                if other.server is not None and other.name.casefold() == folded
            ]
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
            facts.records.reverse()
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


def _different(records: list[Record]) -> dict[str, tuple[Record, Record]]:
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


def _told(record: Record, name: str) -> object | None:
    """Return what is compared of a value, ``None`` when it is not told whole."""
    if is_token_list(name):
        items = items_of(record, name)
        if not items.is_whole or any(item.isdigit() for item in items.items):
            return None
        return frozenset(item.casefold() for item in items.items)
    text = record.text(name)
    if text is None or marked(text) or lost_text(text):
        return None
    return " ".join(text.casefold().split())
