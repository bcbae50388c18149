"""Per connector: who came, what they used, and what nobody used as far as the logs can tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from relaysim.model.principals import (
    ANONYMOUS_LOGON,
    AUTHENTICATED_USERS,
    EXTERNALLY_SECURED_SERVERS,
)
from relaysim.model.rights import Right
from relaysim.net.address import parse_address
from relaysim.net.notation import format_range
from relaysim.replay.logged import FOREIGN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.replay.logged import LoggedSession, LoggedTransaction
    from relaysim.replay.summary import Summary

__all__ = ["ConnectorUse", "UseOfConnectors", "use_of_connectors"]

_SEEN_RIGHTS = (
    Right.SUBMIT,
    Right.ACCEPT_ANY_RECIPIENT,
    Right.ACCEPT_ANY_SENDER,
    Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
)
"""The rights whose use shows in the replies of a log; of the others no log tells."""


@dataclass(slots=True, kw_only=True)
class ConnectorUse:
    r"""What the logs show of one connector.

    Attributes:
        connector: ``SERVER\Name`` as logged.
        sessions: Number of sessions.
        clients: Addresses of clients, ``""`` for the hidden ones.
        first: Time of the first row.
        last: Time of the last row.
        used: Rights that were used, as far as replies show.
        never_used: Rights that entries of the connector grant and nobody used.
        idle_ranges: Remote ranges, as text, that no client came from.
    """

    connector: str
    sessions: int = 0
    clients: set[str] = field(default_factory=set)
    first: str = ""
    last: str = ""
    used: set[Right] = field(default_factory=set)
    never_used: tuple[Right, ...] = ()
    idle_ranges: tuple[str, ...] = ()


class UseOfConnectors(NamedTuple):
    r"""What the logs show of all connectors.

    Attributes:
        seen: Connectors with sessions, by first row.
        unused: Described connectors, ``SERVER\Name``, that log and had no session.
        blind: Described connectors without a session whose logging is off.
        silent: Described connectors without a session of which it is not described whether they
            log.
        gaps: Stretches without any row, as (last hour before, first hour after).
    """

    seen: tuple[ConnectorUse, ...]
    unused: tuple[str, ...]
    blind: tuple[str, ...]
    silent: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]


def use_of_connectors(summary: Summary, organization: Organization | None) -> UseOfConnectors:
    """Return what the logs show of each connector; no line is not no use where logging is off.

    Args:
        summary: What the logs come to, closed.
        organization: The described organization, or ``None``.
    """
    seen: dict[str, ConnectorUse] = {}
    for logged, entry in summary.shapes.items():
        name = f"{logged.server}\\{logged.connector}" if logged.server else logged.connector
        use = seen.setdefault(name.casefold(), ConnectorUse(connector=name))
        for client, count in entry.clients.items():
            use.sessions += count.sessions
            use.clients.add(client)
            use.first = min(use.first or count.first, count.first)
            use.last = max(use.last, count.last)
        use.used |= _used(logged)
    unused: list[str] = []
    blind: list[str] = []
    silent: list[str] = []
    for server, connector in _described(organization):
        name = f"{server}\\{connector.name}"
        found = seen.get(name.casefold()) or seen.get(connector.name.casefold())
        if found is not None:
            _compare(found, connector)
        else:
            {True: unused, False: blind, None: silent}[_logs(connector)].append(name)
    return UseOfConnectors(
        tuple(sorted(seen.values(), key=lambda use: (use.first, use.connector))),
        tuple(unused),
        tuple(blind),
        tuple(silent),
        tuple(_gaps(summary.hours)),
    )


def _described(organization: Organization | None) -> Iterable[tuple[str, ReceiveConnector]]:
    if organization is None:
        return
    for server in organization.servers:
        for connector in server.connectors:
            if connector.enabled:
                yield server.name, connector


def _logs(connector: ReceiveConnector) -> bool | None:
    """Tell whether a connector logs its sessions, ``None`` when that is not described."""
    for name, value in connector.unmodelled:
        if name.replace("_", "").casefold() == "protocollogginglevel":
            return value.strip().casefold() == "verbose"
    return None


def _used(logged: LoggedSession) -> set[Right]:
    used: set[Right] = set()
    for each in logged.transactions:
        used |= _used_by(each, anonymous=logged.auth != "account")
    return used


def _used_by(transaction: LoggedTransaction, *, anonymous: bool) -> set[Right]:
    used: set[Right] = set()
    if not transaction.mail_reply.startswith("2"):
        return used
    used.add(Right.SUBMIT)
    if any(r.domain == FOREIGN and r.reply.startswith("2") for r in transaction.recipients):
        used.add(Right.ACCEPT_ANY_RECIPIENT)
    if transaction.data_reply.startswith("2") and transaction.sender:
        foreign = transaction.sender == FOREIGN
        if foreign:
            used.add(Right.ACCEPT_ANY_SENDER)
        elif anonymous:
            used.add(Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER)
    return used


def _compare(use: ConnectorUse, connector: ReceiveConnector) -> None:
    # On an externally secured connector nobody is anything else (I-2).
    who = {ANONYMOUS_LOGON, AUTHENTICATED_USERS}
    if connector.externally_secured:
        who = {EXTERNALLY_SECURED_SERVERS}
    granted = {
        ace.right
        for ace in connector.acl
        if not ace.deny and not ace.inherited and ace.principal in who
    }
    use.never_used = tuple(r for r in _SEEN_RIGHTS if r in granted and r not in use.used)
    addresses = [parse_address(client) for client in use.clients if client]
    use.idle_ranges = tuple(
        format_range(entry)
        for entry in connector.remote_ip_ranges
        if not any(entry.interval.contains(address) for address in addresses)
    )


def _gaps(hours: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    from datetime import UTC, datetime, timedelta
    from itertools import pairwise

    times = []
    for hour in hours:
        try:
            times.append(datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC))
        except ValueError:
            continue
    for before, after in pairwise(times):
        if after - before > timedelta(hours=12):
            yield before.strftime("%Y-%m-%d %H:00"), after.strftime("%Y-%m-%d %H:00")
