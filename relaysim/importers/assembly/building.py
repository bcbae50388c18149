"""Facts of connectors and servers as values of the model, with what stays open."""

from functools import lru_cache
from typing import Any

from relaysim.importers.assembly.connector_facts import (
    ASKED_FOR,
    TAKEN_AS_MADE,
    CommonFacts,
    ConnectorFacts,
)
from relaysim.importers.assembly.domains import DomainFacts
from relaysim.importers.assembly.remarks import (
    UNKNOWN_VERSION,
    Remark,
    connectors_command,
    entries_command,
    enumerated,
)
from relaysim.importers.assembly.servers import SERVERS_COMMAND, ServerFacts
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector, TransportRole
from relaysim.model.defaults import default_message_size
from relaysim.model.field_checks import changed
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.organization import Organization, default_inherited_aces
from relaysim.model.principals import ANONYMOUS_LOGON, AUTHENTICATED_USERS, PARTNER_SERVERS
from relaysim.model.rights import Right
from relaysim.model.server import Server
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["UNNAMED", "build"]

UNNAMED = "unknown-server"
"""The server of connectors whose server the input does not tell."""


def build(
    connectors: list[ConnectorFacts],
    servers: dict[str, ServerFacts],
    domains: list[DomainFacts],
    domain: str,
    remarks: list[Remark],
) -> Organization:
    """Return the organization that the facts describe."""
    by_server: dict[str | None, list[ConnectorFacts]] = {}
    for facts in connectors:
        key = facts.server.casefold() if facts.server is not None else None
        by_server.setdefault(key, []).append(facts)
    made = []
    making = _Making()
    for key, told in servers.items():
        made.append(_server(told, by_server.get(key, []), domain, remarks, making))
    if None in by_server:
        made.append(_server(ServerFacts(UNNAMED), by_server[None], domain, remarks, making))
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
    connectors: list[ConnectorFacts],
    domain: str,
    remarks: list[Remark],
    making: "_Making",
) -> Server:
    if told.version is None and connectors:
        file, line = connectors[0].place
        remarks.append(
            Remark(
                UNKNOWN_VERSION,
                f"the version of {told.name} is not told (ExchangeVersion is that of the schema); "
                "where versions differ the answer is undecided",
                file,
                line,
                told.name,
                "AdminDisplayVersion",
                SERVERS_COMMAND,
            )
        )
    role = told.role or ServerRole.HUB
    roles = _transport_roles(connectors, told, role, remarks)
    newest = told.version or ExchangeVersion.SE
    size = default_message_size(newest)
    made = []
    for facts in connectors:
        acl = _acl(facts, told.version, role, domain, remarks)
        _say_missing(facts, remarks)
        connector = making.connector(facts, roles[id(facts)], acl, size)
        facts.finish(connector)
        made.append(connector)
    _say_not_shown(connectors, remarks)
    return Server(
        name=told.name,
        exchange=told.version,
        role=role,
        fqdn=told.fqdn,
        connectors=tuple(made),
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
        shown = facts.told("transport_role")
        if shown is not None:
            found[id(facts)] = shown
            continue
        ports = {socket.port for socket in facts.told("bindings") or ()}
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


_MOST_BASES = 1024


class _Making:
    """Makes connectors; those that share values are made of one that has these."""

    def __init__(self) -> None:
        self._bases: dict[tuple[object, ...], tuple[CommonFacts, ReceiveConnector]] = {}

    def connector(
        self, facts: ConnectorFacts, transport_role: TransportRole, acl: tuple[Ace, ...], size: int
    ) -> ReceiveConnector:
        """Return what the facts describe.

        Args:
            facts: They.
            transport_role: Its service.
            acl: Its entries.
            size: The limit of messages in bytes where none is told.
        """
        key = id(facts.common), id(acl), transport_role, size
        if key not in self._bases:
            if len(self._bases) >= _MOST_BASES:
                self._bases.clear()
            fields: dict[str, Any] = {
                "bindings": (),
                "remote_ip_ranges": (),
                "max_message_size": size,
            }
            fields |= facts.common.fields
            fields |= {"transport_role": transport_role, "acl": acl}
            fields["unmodelled"] = _shared(tuple(facts.common.kept.items()))
            # The facts are kept beside it, so that no others can be taken for them.
            self._bases[key] = facts.common, ReceiveConnector(name="", **fields)
        changes = {**facts.own_fields(), "name": facts.name, "transport_role": transport_role}
        if facts.unknown:
            changes["unknown"] = facts.unknown
        if facts.not_shown:
            changes["not_shown"] = facts.not_shown
        if facts.kept is not facts.common.kept:
            changes["unmodelled"] = _shared(tuple(facts.kept.items()))
        return changed(self._bases[key][1], changes)


@lru_cache(maxsize=1024)
def _shared(kept: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return what is kept, the same value for all connectors that keep the same."""
    return kept


def _say_missing(facts: ConnectorFacts, remarks: list[Remark]) -> None:
    if not facts.lacking:
        return
    file, line = facts.place
    for name in ASKED_FOR:
        if name not in facts.lacking or (name == "PermissionGroups" and facts.state == "listed"):
            continue
        facts.unknown |= {"entries" if name == "PermissionGroups" else _KEYS[name]}
        why = (
            "was asked for and is not in the output"
            if name in facts.asked
            else "is not in the output"
        )
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


_NAMED = 4


def _say_not_shown(connectors: list[ConnectorFacts], remarks: list[Remark]) -> None:
    alike: dict[frozenset[str], list[ConnectorFacts]] = {}
    for facts in connectors:
        if facts.not_shown:
            alike.setdefault(facts.not_shown, []).append(facts)
    for lacking, members in alike.items():
        names = [name for name in TAKEN_AS_MADE if name in lacking]
        if len(names) > _NAMED + 1:
            names[_NAMED:] = [f"{len(names) - _NAMED} others"]
        of = "" if len(members) == 1 else f" of {len(members)} connectors"
        verb = "are" if len(names) > 1 else "is"
        file, line = members[0].place
        remarks.append(
            Remark(
                "lost-column",
                f"{enumerated(names)}{of} {verb} not shown: taken as New-ReceiveConnector makes "
                "them (assumption)",
                file,
                line,
                members[0].title,
                None,
                connectors_command(members[0].server),
            )
        )


_KEYS = {
    "Bindings": "bindings",
    "RemoteIPRanges": "remote_ip_ranges",
    "AuthMechanism": "auth_mechanism",
    "Enabled": "enabled",
}


def _holds_groups(facts: ConnectorFacts, implied: tuple[Ace, ...]) -> bool:
    """Tell whether a listing holds what the shown groups of clients write (G-3).

    What ExchangeServers writes depends on the version, so that it proves nothing here.
    """
    clients = (ANONYMOUS_LOGON, AUTHENTICATED_USERS, PARTNER_SERVERS)
    held = {(ace.principal, ace.right) for ace in facts.listed if not ace.deny}
    broad = {
        ace.principal
        for ace in facts.listed
        if not ace.deny and ace.right in (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL)
    }
    return all(
        (ace.principal, ace.right) in held or ace.principal in broad
        for ace in implied
        if not ace.deny and ace.principal in clients
    )


def _not_whole(facts: ConnectorFacts) -> Remark:
    file, line = facts.place
    return Remark(
        "filtered-acl",
        "the listed entries lack some that its PermissionGroups write, so that not all of them "
        "are listed (G-3): what hangs on the others is undecided",
        file,
        line,
        facts.title,
        "PermissionGroups",
        entries_command(facts.title),
    )


def _say_beyond(facts: ConnectorFacts, implied: tuple[Ace, ...], remarks: list[Remark]) -> None:
    """Say where a connector shown without Custom has a hand-made entry for clients (G-3)."""
    clients = (ANONYMOUS_LOGON, AUTHENTICATED_USERS, PARTNER_SERVERS)
    written = {(ace.principal, ace.right) for ace in implied}
    beyond = [
        ace
        for ace in facts.listed
        if not ace.inherited
        and ace.principal in clients
        and (ace.deny or (ace.principal, ace.right) not in written)
    ]
    if not beyond:
        return
    file, line = facts.place
    remarks.append(
        Remark(
            "ambiguous",
            f"is shown without Custom, and its entries hold {beyond[0].right.value} of "
            f"{beyond[0].principal.name}, which no group writes (G-3): the two outputs are of "
            "different times; the entries are taken",
            file,
            line,
            facts.title,
            "PermissionGroups",
            entries_command(facts.title),
        )
    )


@lru_cache(maxsize=256)
def _implied(
    groups: tuple[PermissionGroup, ...],
    version: ExchangeVersion | None,
    role: ServerRole,
    domain: str,
) -> tuple[Ace, ...]:
    """Return the entries that groups write, each once."""
    return tuple(
        dict.fromkeys(
            ace
            for group in groups
            # An Edge has no such group, whatever a listing of it shows (G-6).
            if role is not ServerRole.EDGE or group is not PermissionGroup.EXCHANGE_LEGACY_SERVERS
            for ace in preset(group, exchange=version, role=role, domain=domain)
        )
    )


def _acl(
    facts: ConnectorFacts,
    version: ExchangeVersion | None,
    role: ServerRole,
    domain: str,
    remarks: list[Remark],
) -> tuple[Ace, ...]:
    implied = _implied(facts.groups or (), version, role, domain)
    if facts.state in ("listed", "unreadable"):
        listed = facts.listed
        if "entries" not in facts.unknown and not _holds_groups(facts, implied):
            facts.unknown |= {"entries"}
            remarks.append(_not_whole(facts))
        elif facts.groups is not None and facts.custom is False:
            _say_beyond(facts, implied, remarks)
        return tuple(dict.fromkeys((*listed, *implied) if "entries" in facts.unknown else listed))
    facts.state = "from-groups"
    if facts.custom or facts.groups is None or "entries" in facts.unknown:
        facts.state = "unknown"
        facts.unknown |= {"entries"}
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
    return implied
