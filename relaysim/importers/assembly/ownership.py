"""Which connector the entries of an output belong to, and what several outputs say together."""

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.assembly.connector_facts import ConnectorFacts
from relaysim.importers.assembly.entries import Listing, read_listing
from relaysim.importers.assembly.naming import ConnectorKey, split_identity
from relaysim.importers.assembly.remarks import Remark, entries_command
from relaysim.importers.records import Record

__all__ = ["read_entries"]


def read_entries(
    records: list[Record],
    connectors: list[ConnectorFacts],
    domain: str,
    remarks: list[Remark],
    *,
    prefer_latest: bool,
) -> None:
    """Give each connector the entries that the outputs show for it.

    Raises:
        InvalidConfiguration: Two whole listings of one connector differ.
    """
    outputs: dict[tuple[str, str, int], list[Record]] = {}
    owners: dict[int, ConnectorFacts] = {}
    stray: dict[tuple[str, str], tuple[int, Record]] = {}
    by_name: dict[str, list[ConnectorFacts]] = {}
    for connector in connectors:
        by_name.setdefault(connector.name.casefold(), []).append(connector)
    for record in records:
        identity = record.text("Identity") or record.context.owner
        facts = _owner(record, identity, by_name)
        if facts is None:
            key = (record.file, identity or "")
            count, first = stray.get(key, (0, record))
            stray[key] = (count + 1, first)
            continue
        owners[id(facts)] = facts
        outputs.setdefault((record.file, record.context.command, id(facts)), []).append(record)
    for (file, identity), (count, record) in stray.items():
        remarks.append(_stray(file, identity, count, record))
    by_owner: dict[int, list[Listing]] = {}
    for (_, _, owner), rows in outputs.items():
        listing = read_listing(owners[owner].title, rows, domain, remarks)
        by_owner.setdefault(owner, []).append(listing)
    problems = []
    for owner, listings in by_owner.items():
        problem = _take(owners[owner], listings, remarks, prefer_latest=prefer_latest)
        if problem is not None:
            problems.append(problem)
    if problems:
        raise InvalidConfiguration(problems)


def _owner(
    record: Record, identity: str | None, by_name: dict[str, list[ConnectorFacts]]
) -> ConnectorFacts | None:
    path = record.text("Identity.DistinguishedName")
    place = split_identity(path) if path else None
    if place is None or place.server is None:
        place = split_identity(identity) if identity else None
    if place is None:
        return None
    if place.server is None and record.context.server:
        place = ConnectorKey(record.context.server, place.name)
    same = by_name.get(place.name.casefold(), [])
    if place.server is not None:
        server = place.server.partition(".")[0].casefold()
        exact = [facts for facts in same if (facts.server or "").casefold() == server]
        if exact:
            return exact[0]
        unnamed = [facts for facts in same if facts.server is None]
        if len(unnamed) == 1 and len(same) == 1:
            # The entries tell what the connector's own output does not.
            unnamed[0].server = place.server.partition(".")[0]
            return unnamed[0]
        return None
    return same[0] if len(same) == 1 else None


def _stray(file: str, identity: str, count: int, record: Record) -> Remark:
    if identity:
        message = (
            f"{count} entries of `{identity}`, which is not among the connectors (or more than one "
            "has this name): ignored"
        )
    else:
        message = f"{count} entries in {file} whose connector is not told: ignored"
    return Remark(
        "ambiguous",
        message,
        file,
        record.line,
        command=None if identity else entries_command("SERVER\\Name"),
    )


def _take(
    facts: ConnectorFacts,
    listings: list[Listing],
    remarks: list[Remark],
    *,
    prefer_latest: bool,
) -> Problem | None:
    whole = [listing for listing in listings if listing.is_whole]
    problem = None
    if len(whole) > 1 and any(set(one.aces) != set(whole[0].aces) for one in whole[1:]):
        first, last = whole[0], whole[-1]
        message = (
            f"the entries of {facts.title} differ between {first.file}:{first.line} and "
            f"{last.file}:{last.line}"
        )
        if prefer_latest:
            remarks.append(
                Remark("duplicate", f"{message}; the later ones are taken", last.file, last.line)
            )
        else:
            problem = Problem(
                message,
                file=last.file,
                line=last.line,
                hint="`--prefer-latest` takes the later export",
            )
    chosen = whole[-1:] or listings
    facts.listed = tuple(dict.fromkeys(ace for listing in chosen for ace in listing.aces))
    facts.state = "listed" if all(listing.readable for listing in chosen) else "unreadable"
    if not whole:
        facts.unknown |= {"entries"}
    return problem
