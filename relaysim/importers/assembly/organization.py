"""Records of every kind as one organization, with all that is to be said about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.assembly.building import UNNAMED, build
from relaysim.importers.assembly.collected import agreeing, check_manifests
from relaysim.importers.assembly.connector_facts import ConnectorFacts
from relaysim.importers.assembly.connectors import PropertyReader
from relaysim.importers.assembly.domains import DomainFacts, domain_facts
from relaysim.importers.assembly.entries import directory_domain
from relaysim.importers.assembly.merging import check_same, grouped_connectors
from relaysim.importers.assembly.naming import path_parts
from relaysim.importers.assembly.ownership import read_entries
from relaysim.importers.assembly.parsed import forget_parsed
from relaysim.importers.assembly.remarks import Remark, connectors_command, entries_command
from relaysim.importers.assembly.servers import SERVERS_COMMAND, ServerFacts, server_facts
from relaysim.importers.reading import ReadFile
from relaysim.importers.records import Record, RecordKind
from relaysim.model.organization import Organization

__all__ = ["Imported", "assemble"]

_MOST_NAMED = 5
_DOMAINS_COMMAND = "Get-AcceptedDomain | Export-Clixml domains.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was made of the inputs.

    Attributes:
        organization: The organization.
        files: The inputs, in order, without the objects in them.
        connectors: The facts of each connector, in the order of the inputs.
        servers: The facts of each server that was told, in order; unnamed connectors have none.
        domains: The accepted domains, in order.
        remarks: Everything that is to be said, in order.
        missing: What is missing, each with the command that tells it.
    """

    organization: Organization
    files: tuple[ReadFile, ...]
    connectors: tuple[ConnectorFacts, ...]
    servers: tuple[ServerFacts, ...]
    domains: tuple[DomainFacts, ...]
    remarks: tuple[Remark, ...]
    missing: tuple[tuple[str, str], ...]


def assemble(
    files: Sequence[ReadFile], *, prefer_latest: bool = False, logs_alone: bool = False
) -> Imported:
    """Return the organization that the inputs describe.

    Args:
        files: The inputs, in order; a later one is the later export.
        prefer_latest: Take the later of two objects that differ, instead of refusing them.
        logs_alone: Take logs and transcripts without any export, instead of refusing them.

    Raises:
        InvalidConfiguration: Nothing was found, or one object is given twice and differs; both
            places are named.
    """
    remarks = list(_notes(files))
    by_kind = _by_kind(files)
    found = any(by_kind[kind] for kind in by_kind if kind is not RecordKind.OTHER)
    if not found and not (logs_alone and any(file.is_log for file in files)):
        raise InvalidConfiguration(_nothing(files))
    # Of the objects nothing but what is made of them is kept; the caller may let them go, too.
    files = [file._replace(records=()) for file in files]
    domain = directory_domain(by_kind[RecordKind.ENTRY])
    servers = server_facts(by_kind[RecordKind.SERVER], remarks, prefer_latest=prefer_latest)
    connectors = grouped_connectors(by_kind.pop(RecordKind.CONNECTOR), servers, remarks)
    problems = check_same(connectors, remarks, prefer_latest=prefer_latest)
    if problems:
        raise InvalidConfiguration(problems)
    domain = domain or _domain_of_paths(connectors) or "CONTOSO"
    properties = PropertyReader(remarks)
    for facts in connectors:
        properties.read(facts)
    forget_parsed()
    domains = domain_facts(by_kind[RecordKind.DOMAIN], remarks, prefer_latest=prefer_latest)
    entries = by_kind[RecordKind.ENTRY]
    read_entries(entries, connectors, domain, remarks, prefer_latest=prefer_latest)
    check_manifests(files, connectors, servers, remarks)
    _name_servers(connectors, servers, remarks)
    organization = build(connectors, servers, domains, domain, remarks)
    missing = _missing(connectors, domains, servers)
    return Imported(
        organization=organization,
        files=tuple(files),
        connectors=tuple(connectors),
        servers=tuple(servers.values()),
        domains=tuple(domains),
        remarks=tuple(remarks),
        missing=missing,
    )


def _notes(files: Sequence[ReadFile]) -> Iterator[Remark]:
    expected = agreeing(files)
    for file in files:
        for note in file.notes:
            yield Remark(note.kind, note.message, note.file, note.line)
        if file.manifest is not None or file.name in expected:
            continue
        others: dict[str, list[Record]] = {}
        for record in file.records:
            if record.kind is RecordKind.OTHER:
                name = record.type_name or ", ".join(list(record.values)[:3])
                others.setdefault(name, []).append(record)
        for name, records in others.items():
            count = len(records)
            yield Remark(
                "ignored-object",
                f"{count} object{'' if count == 1 else 's'} in {file.name} that are no receive "
                f"connectors, entries, domains or servers ({name}): ignored",
                file.name,
                records[0].line,
            )
        if not file.counts:
            yield Remark(
                "ignored-object",
                f"{file.name} holds nothing for an import ({file.form})",
                file.name,
                command=file.hint or None,
            )


def _by_kind(files: Iterable[ReadFile]) -> dict[RecordKind, list[Record]]:
    found: dict[RecordKind, list[Record]] = {kind: [] for kind in RecordKind}
    for file in files:
        for record in file.records:
            found[record.kind].append(record)
    return found


def _nothing(files: Sequence[ReadFile]) -> list[Problem]:
    looked = (
        "no receive connector (Get-ReceiveConnector), permission entry (Get-ADPermission), "
        "accepted domain (Get-AcceptedDomain) or server (Get-ExchangeServer) was found"
    )
    hint = "export with `Get-ReceiveConnector | Export-Clixml connectors.xml`"
    if len(files) > _MOST_NAMED:
        return [Problem(f"in {len(files)} files {looked}", hint=hint)]
    found = [
        Problem(looked, file=file.name, hint=f"`{file.hint}` reads it" if file.hint else hint)
        for file in files
    ]
    return found or [Problem(looked, hint=hint)]


def _domain_of_paths(connectors: Iterable[ConnectorFacts]) -> str | None:
    """Return the likely NetBIOS name of the domain: the first part of its DNS name."""
    for facts in connectors:
        for record in facts.records:
            for key, value in path_parts(record.text("DistinguishedName") or ""):
                if key == "DC":
                    return value.upper()
    return None


def _name_servers(
    connectors: list[ConnectorFacts], servers: dict[str, ServerFacts], remarks: list[Remark]
) -> None:
    """Find a server for connectors without one, where there is just one that it can be."""
    for facts in connectors:
        if facts.server is not None and facts.server.casefold() not in servers:
            servers[facts.server.casefold()] = ServerFacts(facts.server)
    unnamed = [facts for facts in connectors if facts.server is None]
    if unnamed and len(servers) == 1:
        name = next(iter(servers.values())).name
        taken = {facts.name.casefold() for facts in connectors if facts.server is not None}
        for facts in unnamed:
            if facts.name.casefold() not in taken:
                facts.server = name
        file, line = unnamed[0].place
        remarks.append(
            Remark(
                "ambiguous",
                f"the server of {_number(unnamed)} is not told; {name}, the only one in the "
                "input, is assumed",
                file,
                line,
                command=connectors_command(),
            )
        )
    elif unnamed:
        file, line = unnamed[0].place
        remarks.append(
            Remark(
                "ambiguous",
                f"the server of {_number(unnamed)} is not told: under `{UNNAMED}`",
                file,
                line,
                command=connectors_command(),
            )
        )


def _number(connectors: Sequence[ConnectorFacts]) -> str:
    return "one connector" if len(connectors) == 1 else f"{len(connectors)} connectors"


def _missing(
    connectors: Iterable[ConnectorFacts],
    domains: Sequence[DomainFacts],
    servers: dict[str, ServerFacts],
) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    if not domains:
        found.append(("the accepted domains", _DOMAINS_COMMAND))
    if any(facts.version is None for facts in servers.values()) or not servers:
        found.append(("the version and role of the servers", SERVERS_COMMAND))
    for facts in connectors:
        if "entries" in facts.unknown and facts.groups is not None:
            found.append((f"the entries of {facts.title}", entries_command(facts.title)))
        rest = sorted(facts.unknown - {"entries"})
        if rest or facts.groups is None:
            words = ", ".join(rest + ([] if facts.groups is not None else ["permission_groups"]))
            found.append((f"{words} of {facts.title}", connectors_command(facts.server)))
    return tuple(found)
