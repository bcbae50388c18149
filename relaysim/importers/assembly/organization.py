"""Records of every kind as one organization, with all that is to be said about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.assembly.connectors import ASKED_FOR, ConnectorFacts, read_property
from relaysim.importers.assembly.domains import DomainFacts, domain_facts
from relaysim.importers.assembly.entries import Listing, directory_domain, read_listing
from relaysim.importers.assembly.merging import check_same, grouped_connectors
from relaysim.importers.assembly.naming import Place, path_parts, split_identity
from relaysim.importers.assembly.remarks import Remark, connectors_command, entries_command
from relaysim.importers.assembly.servers import ServerFacts, server_facts
from relaysim.importers.reading import ReadFile
from relaysim.importers.records import Record, RecordKind
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector, TransportRole
from relaysim.model.groups import preset
from relaysim.model.organization import Organization, default_inherited_aces
from relaysim.model.server import Server
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["UNNAMED", "Imported", "assemble"]

UNNAMED = "unknown-server"
"""The server of connectors whose server the input does not tell."""

_SERVERS_COMMAND = "Get-ExchangeServer | Export-Clixml servers.xml"
_DOMAINS_COMMAND = "Get-AcceptedDomain | Export-Clixml domains.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was made of the inputs.

    Attributes:
        organization: The organization.
        files: The inputs, in order.
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


def assemble(files: Sequence[ReadFile], *, prefer_latest: bool = False) -> Imported:
    """Return the organization that the inputs describe.

    Args:
        files: The inputs, in order; a later one is the later export.
        prefer_latest: Take the later of two objects that differ, instead of refusing them.

    Raises:
        InvalidConfiguration: Nothing was found, or one object is given twice and differs; both
            places are named.
    """
    remarks = list(_notes(files))
    by_kind = _by_kind(files)
    if not any(by_kind[kind] for kind in by_kind if kind is not RecordKind.OTHER):
        raise InvalidConfiguration(_nothing(files))
    domain = directory_domain(by_kind[RecordKind.ENTRY])
    servers = server_facts(by_kind[RecordKind.SERVER], remarks)
    connectors = grouped_connectors(by_kind[RecordKind.CONNECTOR], servers, remarks)
    problems = check_same(connectors, remarks, prefer_latest=prefer_latest)
    if problems:
        raise InvalidConfiguration(problems)
    for facts in connectors:
        for name in dict.fromkeys(name for record in facts.records for name in record.values):
            read_property(facts, name, remarks)
    domains = domain_facts(by_kind[RecordKind.DOMAIN], remarks)
    domain = domain or _domain_of_paths(connectors) or "CONTOSO"
    _read_entries(by_kind[RecordKind.ENTRY], connectors, domain, remarks, prefer_latest)
    _name_servers(connectors, servers, remarks)
    organization = _organization(connectors, servers, domains, domain, remarks)
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


def _notes(files: Iterable[ReadFile]) -> Iterator[Remark]:
    for file in files:
        for note in file.notes:
            yield Remark(note.kind, note.message, note.file, note.line)
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
        if not file.records:
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


def _read_entries(
    records: list[Record],
    connectors: list[ConnectorFacts],
    domain: str,
    remarks: list[Remark],
    prefer_latest: bool,  # noqa: FBT001
) -> None:
    outputs: dict[tuple[str, str, int], list[Record]] = {}
    owners: dict[int, ConnectorFacts] = {}
    stray: dict[tuple[str, str], tuple[int, Record]] = {}
    for record in records:
        identity = record.text("Identity") or record.context.owner
        facts = _owner(record, identity, connectors)
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
        problem = _take(owners[owner], listings, remarks, prefer_latest)
        if problem is not None:
            problems.append(problem)
    if problems:
        raise InvalidConfiguration(problems)


def _owner(
    record: Record, identity: str | None, connectors: list[ConnectorFacts]
) -> ConnectorFacts | None:
    path = record.text("Identity.DistinguishedName")
    place = split_identity(path) if path else None
    if place is None or place.server is None:
        place = split_identity(identity) if identity else None
    if place is None:
        return None
    if place.server is None and record.context.server:
        place = Place(record.context.server, place.name)
    name = place.name.casefold()
    same = [facts for facts in connectors if facts.name.casefold() == name]
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
    prefer_latest: bool,  # noqa: FBT001
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
    facts.listed = list(dict.fromkeys(ace for listing in chosen for ace in listing.aces))
    facts.state = "listed" if all(listing.readable for listing in chosen) else "unreadable"
    if not whole:
        facts.unknown.add("entries")
    return problem


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
                f"the server of {len(unnamed)} connectors is not told; {name}, the only one in the "
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
                f"the server of {len(unnamed)} connectors is not told; they stand under "
                f"`{UNNAMED}`",
                file,
                line,
                command=connectors_command(),
            )
        )


def _organization(
    connectors: list[ConnectorFacts],
    servers: dict[str, ServerFacts],
    domains: list[DomainFacts],
    domain: str,
    remarks: list[Remark],
) -> Organization:
    by_server: dict[str | None, list[ConnectorFacts]] = {}
    for facts in connectors:
        key = facts.server.casefold() if facts.server is not None else None
        by_server.setdefault(key, []).append(facts)
    made = []
    for key, told in servers.items():
        made.append(_server(told, told.name, by_server.get(key, []), domain, remarks))
    if None in by_server:
        made.append(_server(ServerFacts(UNNAMED), UNNAMED, by_server[None], domain, remarks))
    edge_only = bool(made) and all(server.role is ServerRole.EDGE for server in made)
    role = ServerRole.EDGE if edge_only else ServerRole.HUB
    return Organization(
        servers=tuple(made) or (Server(name=UNNAMED, exchange=None),),
        domain=domain,
        accepted_domains=tuple(facts.domain for facts in domains),
        inherited_aces=default_inherited_aces(role, domain),
    )


def _server(
    told: ServerFacts,
    name: str,
    connectors: list[ConnectorFacts],
    domain: str,
    remarks: list[Remark],
) -> Server:
    if told.version is None and connectors:
        file, line = connectors[0].place
        remarks.append(
            Remark(
                "unknown-version",
                f"the version of {name} is not told (ExchangeVersion is that of the schema); where "
                "versions differ the answer is undecided",
                file,
                line,
                name,
                "AdminDisplayVersion",
                _SERVERS_COMMAND,
            )
        )
    role = told.role or ServerRole.HUB
    roles = _transport_roles(connectors, told, role, remarks)
    return Server(
        name=name,
        exchange=told.version,
        role=role,
        fqdn=told.fqdn,
        connectors=tuple(
            _connector(facts, roles[id(facts)], told.version, role, domain, remarks)
            for facts in connectors
        ),
    )


def _transport_roles(
    connectors: list[ConnectorFacts],
    told: ServerFacts,
    role: ServerRole,
    remarks: list[Remark],
) -> dict[int, TransportRole]:
    """Return the service of each connector; where it is not shown, setup's names and ports tell."""
    front = role is not ServerRole.EDGE and (told.version is None or told.version.has_front_end)
    named = any("frontend" in facts.name.casefold() for facts in connectors)
    found: dict[int, TransportRole] = {}
    guessed: list[ConnectorFacts] = []
    for facts in connectors:
        shown = facts.fields.get("transport_role")
        if shown is not None:
            found[id(facts)] = shown
            continue
        ports = {socket.port for socket in facts.fields.get("bindings", ())}
        is_front = front and named and not ports & {2525, 465}
        if front and named:
            guessed.append(facts)
        found[id(facts)] = (
            TransportRole.FRONTEND_TRANSPORT if is_front else TransportRole.HUB_TRANSPORT
        )
    if guessed:
        file, line = guessed[0].place
        remarks.append(
            Remark(
                "lost-column",
                f"TransportRole of {len(guessed)} connectors is not shown: taken from the names "
                "and ports of setup (assumption)",
                file,
                line,
                guessed[0].title,
                "TransportRole",
                connectors_command(guessed[0].server),
            )
        )
    return found


def _connector(
    facts: ConnectorFacts,
    transport_role: TransportRole,
    version: ExchangeVersion | None,
    role: ServerRole,
    domain: str,
    remarks: list[Remark],
) -> ReceiveConnector:
    _say_missing(facts, remarks)
    acl = _acl(facts, version, role, domain, remarks)
    fields = {"bindings": (), "remote_ip_ranges": ()} | facts.fields
    fields["transport_role"] = transport_role
    return ReceiveConnector(
        name=facts.name,
        acl=acl,
        unknown=frozenset(facts.unknown),
        unmodelled=tuple(facts.kept.items()),
        **fields,
    )


def _say_missing(facts: ConnectorFacts, remarks: list[Remark]) -> None:
    held = {name for record in facts.records for name in record.values}
    file, line = facts.place
    for name in ASKED_FOR:
        if name in held:
            continue
        key = "entries" if name == "PermissionGroups" else _KEYS[name]
        facts.unknown.add(key)
        asked = any(name in record.context.asked for record in facts.records)
        why = "was asked for and is not in the output" if asked else "is not in the output"
        remarks.append(
            Remark(
                "lost-column",
                f"{name} {why}; what hangs on it is undecided",
                file,
                line,
                facts.title,
                name,
                connectors_command(facts.server),
            )
        )


_KEYS = {
    "Bindings": "bindings",
    "RemoteIPRanges": "remote_ip_ranges",
    "AuthMechanism": "auth_mechanism",
    "Enabled": "enabled",
}


def _acl(
    facts: ConnectorFacts,
    version: ExchangeVersion | None,
    role: ServerRole,
    domain: str,
    remarks: list[Remark],
) -> tuple[Ace, ...]:
    groups = facts.groups or ()
    if role is ServerRole.EDGE:
        groups = tuple(group for group in groups if group.value != "ExchangeLegacyServers")
    implied = [
        ace
        for group in groups
        for ace in preset(group, exchange=version, role=role, domain=domain)
    ]
    if facts.state in ("listed", "unreadable"):
        listed = facts.listed
        return tuple(dict.fromkeys(listed + implied if "entries" in facts.unknown else listed))
    facts.state = "from-groups"
    if facts.custom or facts.groups is None or "entries" in facts.unknown:
        facts.state = "unknown"
        facts.unknown.add("entries")
    if facts.custom:
        file, line = facts.place
        remarks.append(
            Remark(
                "no-acl",
                "is shown with Custom and its entries are not in the input: what hangs on them is "
                "undecided",
                file,
                line,
                facts.title,
                "PermissionGroups",
                entries_command(facts.title),
            )
        )
    return tuple(dict.fromkeys(implied))


def _missing(
    connectors: Iterable[ConnectorFacts],
    domains: Sequence[DomainFacts],
    servers: dict[str, ServerFacts],
) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    if not domains:
        found.append(("the accepted domains", _DOMAINS_COMMAND))
    if any(facts.version is None for facts in servers.values()) or not servers:
        found.append(("the version and role of the servers", _SERVERS_COMMAND))
    for facts in connectors:
        if "entries" in facts.unknown and facts.groups is not None:
            found.append((f"the entries of {facts.title}", entries_command(facts.title)))
        rest = sorted(facts.unknown - {"entries"})
        if rest or facts.groups is None:
            words = ", ".join(rest + ([] if facts.groups is not None else ["permission_groups"]))
            found.append((f"{words} of {facts.title}", connectors_command(facts.server)))
    return tuple(found)
