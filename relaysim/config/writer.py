"""Organizations as server files, the inverse of :mod:`relaysim.config.serverfile`."""

from collections.abc import Iterable
from typing import Any

from relaysim.config.connector_properties import property_items
from relaysim.config.network import network_table
from relaysim.config.toml_text import format_pairs
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import (
    AcceptedDomain,
    Account,
    DomainType,
    Organization,
    usual_inherited_aces,
)
from relaysim.model.server import Server
from relaysim.model.version import UNKNOWN_VERSION, ServerRole

__all__ = [
    "accepted_domain_item",
    "account_table",
    "ace_tables",
    "connector_table",
    "format_server",
    "format_server_tables",
    "server_table",
]


def format_server(organization: Organization) -> str:
    """Return the text of a server file that describes the organization.

    Reading it back gives an equal organization, except that the entries of a connector stand in
    the order in which a server file gives them: groups first. The order never matters.
    """
    return "\n".join(["format = 1", "", *format_server_tables(server_table(organization))]) + "\n"


def format_server_tables(table: dict[str, Any], prefix: str = "") -> list[str]:
    """Return the lines of the tables of a server.

    Args:
        table: What :func:`server_table` returns.
        prefix: Begins every header; ``server.`` inside a scenario.
    """
    head = dict(table["organization"])
    inherited = head.pop("inherited_aces", None)
    settings = head.pop("unmodelled", None)
    if inherited == []:
        head["inherited_aces"] = []
    lines = [f"[{prefix}organization]", *format_pairs(head)] if head else []
    if settings:
        lines += ["", f"[{prefix}organization.unmodelled]", *format_pairs(settings)]
    for entry in inherited or ():
        lines += ["", f"[[{prefix}organization.inherited_aces]]", *format_pairs(entry)]
    if "network" in table:
        lines += ["", f"[{prefix}network]", *format_pairs(table["network"])]
    lines += _connector_lines(table, prefix)
    for server in table.get("server", ()):
        plain = {k: v for k, v in server.items() if k not in ("connector", "unmodelled")}
        lines += ["", f"[[{prefix}server]]", *format_pairs(plain)]
        if "unmodelled" in server:
            lines += ["", f"[{prefix}server.unmodelled]", *format_pairs(server["unmodelled"])]
        lines += _connector_lines(server, f"{prefix}server.")
    for account in table.get("account", ()):
        lines += ["", f"[[{prefix}account]]", *format_pairs(account)]
    return lines


def _connector_lines(table: dict[str, Any], prefix: str) -> list[str]:
    lines: list[str] = []
    for connector in table.get("connector", ()):
        plain = {k: v for k, v in connector.items() if k not in ("ace", "unmodelled")}
        lines += ["", f"[[{prefix}connector]]", *format_pairs(plain)]
        if "unmodelled" in connector:
            lines += ["", f"[{prefix}connector.unmodelled]"]
            lines += format_pairs(connector["unmodelled"])
        for entry in connector.get("ace", ()):
            lines += ["", f"[[{prefix}connector.ace]]", *format_pairs(entry)]
    return lines


def server_table(organization: Organization) -> dict[str, Any]:
    """Return the tables of a server file, without ``format``, as TOML would be decoded.

    One server is written in the short form, where nothing of it needs a table of its own.
    """
    only = organization.servers[0]
    short = len(organization.servers) == 1 and not only.unmodelled
    head: dict[str, Any] = {"domain": organization.domain}
    if short:
        named = _server_head(only)
        rest = {
            key: value for key, value in named.items() if key not in ("name", "exchange", "role")
        }
        head = {
            "exchange": named["exchange"],
            "server": only.name,
            "role": named["role"],
            **head,
            **rest,
        }
    if organization.accepted_domains:
        head["accepted_domains"] = [
            accepted_domain_item(domain) for domain in organization.accepted_domains
        ]
    usual = usual_inherited_aces(organization.servers, organization.domain)
    if organization.inherited_aces != usual:
        head["inherited_aces"] = ace_tables(
            ace._replace(inherited=False) for ace in organization.inherited_aces
        )
    if organization.unmodelled:
        head["unmodelled"] = dict(organization.unmodelled)
    table: dict[str, Any] = {"organization": head}
    network = network_table(organization.network)
    if network:
        table["network"] = network
    if not short:
        table["server"] = [
            {
                **_server_head(one.only),
                **({"unmodelled": dict(one.only.unmodelled)} if one.only.unmodelled else {}),
                **_connectors(one),
            }
            for one in organization.one_by_one()
        ]
    else:
        table |= _connectors(organization)
    if organization.accounts:
        table["account"] = [account_table(account) for account in organization.accounts]
    return table


def _server_head(server: Server) -> dict[str, Any]:
    head: dict[str, Any] = {
        "name": server.name,
        "exchange": UNKNOWN_VERSION if server.exchange is None else server.exchange.value,
        "role": server.role.value,
    }
    if server.fqdn:
        head["fqdn"] = server.fqdn
    if server.addresses:
        head["addresses"] = [str(address) for address in server.addresses]
    return head


def _connectors(organization: Organization) -> dict[str, Any]:
    tables = [connector_table(one, organization) for one in organization.connectors]
    return {"connector": tables} if tables else {}


def accepted_domain_item(domain: AcceptedDomain) -> str | dict[str, Any]:
    """Return an entry of ``accepted_domains``: a string where the defaults hold."""
    item: dict[str, Any] = {"name": domain.name}
    if domain.type is not DomainType.AUTHORITATIVE:
        item["type"] = domain.type.value
    if domain.match_sub_domains:
        item["match_sub_domains"] = True
    if domain.label:
        item["label"] = domain.label
    return item if len(item) > 1 else domain.name


def connector_table(connector: ReceiveConnector, organization: Organization) -> dict[str, Any]:
    """Return a ``[[connector]]`` table; properties with their default value are left out."""
    groups, rest = _split_acl(connector, organization)
    table: dict[str, Any] = {"name": connector.name}
    properties, unknown = property_items(
        connector, exchange=organization.only.exchange, role=organization.role
    )
    for key, value in properties.items():
        table[key] = value
        if key == "auth_mechanism":
            table["permission_groups"] = [group.value for group in groups]
    if connector.unknown:
        table["unknown"] = sorted(connector.unknown)
    if connector.not_shown:
        table["not_shown"] = sorted(connector.not_shown)
    if unknown:
        table["unmodelled"] = unknown
    if rest:
        table["ace"] = ace_tables(rest)
    return table


def ace_tables(aces: Iterable[Ace]) -> list[dict[str, Any]]:
    """Return one table for each run of entries that differ in the right only."""
    tables: list[dict[str, Any]] = []
    last: Ace | None = None
    for ace in aces:
        if last is not None and last._replace(right=ace.right) == ace:
            tables[-1]["rights"].append(ace.right.value)
        else:
            table: dict[str, Any] = {"user": ace.principal.name, "rights": [ace.right.value]}
            if ace.deny:
                table["deny"] = True
            if ace.inherited:
                table["inherited"] = True
            tables.append(table)
        last = ace
    return tables


def _split_acl(
    connector: ReceiveConnector, organization: Organization
) -> tuple[list[PermissionGroup], list[Ace]]:
    """Return the groups that can be written, and the entries that they do not write.

    A group is written only when all of its entries are there, its deny entries too: otherwise
    reading it back would add some.
    """
    held = set(connector.acl)
    groups: list[PermissionGroup] = []
    written: set[Ace] = set()
    for group in PermissionGroup:
        if group is PermissionGroup.EXCHANGE_LEGACY_SERVERS and organization.role is (
            ServerRole.EDGE
        ):
            continue
        entries = organization.entries_of(group)
        if held.issuperset(entries):
            groups.append(group)
            written.update(entries)
    rest = [ace for ace in dict.fromkeys(connector.acl) if ace not in written]
    return groups, rest


def account_table(account: Account) -> dict[str, Any]:
    """Return an ``[[account]]`` table."""
    table: dict[str, Any] = {"name": account.name.name}
    if account.groups:
        table["groups"] = [group.name for group in account.groups]
    if account.addresses:
        table["addresses"] = list(account.addresses)
    if account.send_as:
        table["send_as"] = list(account.send_as)
    if account.password_file:
        table["password_file"] = account.password_file
    return table
