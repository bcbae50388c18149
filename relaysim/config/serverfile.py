"""Server files: strict decoding of TOML into an organization."""

from collections.abc import Callable
from functools import cache
from typing import Any

from relaysim.config.connector_entries import decode_aces, decode_acl
from relaysim.config.connector_properties import BY_VERSION, EXCHANGE_SPELLING, decode_properties
from relaysim.config.doubts import tell_impossible
from relaysim.config.network import decode_network
from relaysim.config.tables import Problems, Table, choose, read_toml
from relaysim.config.toml.positions import Path
from relaysim.errors import InvalidConfiguration, InvalidInput, Problem
from relaysim.lean import replace, uncollected
from relaysim.model.connector import ReceiveConnector, TransportRole
from relaysim.model.organization import (
    AcceptedDomain,
    Account,
    DomainType,
    Organization,
    usual_inherited_aces,
)
from relaysim.model.principals import Principal, parse_principal
from relaysim.model.properties.catalogue import BY_KEY
from relaysim.model.server import Server
from relaysim.model.session import parse_mailbox
from relaysim.model.version import (
    ExchangeVersion,
    ServerRole,
    has_two_services,
    parse_known_or_unknown,
)
from relaysim.net.address import parse_address

__all__ = [
    "MAY_BE_HIDDEN",
    "MAY_BE_UNKNOWN",
    "decode_accepted_domains",
    "decode_account",
    "decode_connector",
    "decode_server",
    "parse_server",
]

MAY_BE_UNKNOWN = ("entries", "permission_groups", *sorted(BY_KEY.keys() - {"name"}))
"""What the `unknown` list of a connector may name."""
MAY_BE_HIDDEN = tuple(sorted({wanted.name for wanted in BY_KEY.values()} - {"Name"}))
"""What the `not_shown` list of a connector may name."""
_CONNECTOR_HINTS = {
    "remote_ip_range": "did you mean `remote_ip_ranges`?",
    "binding": "did you mean `bindings`?",
    **dict.fromkeys(
        ("aces", "entry", "entries", "permissions"),
        "write one `[[connector.ace]]` table per entry",
    ),
    "usage": "a usage only sets properties at creation: write the properties it sets",
}


def parse_server(
    data: bytes, *, file: str, notice: Callable[[Problem], None] | None = None
) -> Organization:
    """Return the organization a server file describes.

    Args:
        data: The file's bytes.
        file: Its name for error messages.
        notice: Takes each warning, such as an ignored zone id; they make nothing invalid.

    Raises:
        InvalidConfiguration: With every problem of the file, each with its line.
    """
    try:
        with uncollected():
            text, tables = read_toml(data, file=file)
            problems = Problems(file=file, text=text)
            organization = decode_server(tables, problems)
            # What the collector has to walk over when it comes back should be as little as can be.
            del tables
    except InvalidInput as error:
        raise InvalidConfiguration(error.problems) from None
    problems.raise_if_any(InvalidConfiguration)
    problems.tell(notice)
    if notice is not None:
        tell_impossible(organization, file, text, notice)
    return organization


def decode_server(
    data: Any,  # noqa: ANN401
    problems: Problems,
    *,
    path: Path = (),
    where: str = "",
) -> Organization:
    """Return the organization of decoded tables, noting every problem.

    The result is only meaningful when ``problems`` stays empty. With a ``path`` the tables stand
    inside another file, whose own ``format`` counts.
    """
    root = Table(data, problems, path, where)
    if not path and not root.has("format"):
        root.problem("`format` is missing", hint="begin a server file with `format = 1`")
    elif not path and root.get("format", int, 1) != 1:
        root.problem(f"unknown format `{root.data['format']}` (expected 1)", "format")
    tables = root.tables("server")
    base = _decode_organization(root, tables)
    if tables:
        if root.has("connector"):
            hint = "a connector of one of several servers stands in `[[server.connector]]`"
            root.problem("beside `[[server]]` there is no `[[connector]]`", "connector", hint)
        servers = _decode_servers(tables, base)
    else:
        connectors = _decode_connectors(root, base)
        servers = (replace(base.only, connectors=connectors),)
    # Of several servers any one gives the domain, which is all that an account needs.
    accounts = tuple(decode_account(table, base) for table in root.tables("account"))
    network = decode_network(root)
    root.finish(hints={"connectors": "write one `[[connector]]` table per connector"})
    return replace(base, servers=servers, accounts=accounts, network=network)


def _decode_connectors(root: Table, base: Organization) -> tuple[ReceiveConnector, ...]:
    connectors: list[ReceiveConnector] = []
    seen: set[str] = set()
    for table in root.tables("connector"):
        connector = decode_connector(table, base)
        if connector is None:
            continue
        folded = connector.name.casefold()
        if folded in seen:
            table.problem(f"connector name `{connector.name}` is used twice", "name")
        seen.add(folded)
        connectors.append(connector)
    return tuple(connectors)


def _decode_servers(tables: list[Table], base: Organization) -> tuple[Server, ...]:
    servers: list[Server] = []
    seen: set[str] = set()
    for table, server in zip(tables, base.servers, strict=True):
        if server.name.casefold() in seen:
            table.problem(f"server name `{server.name}` is used twice", "name")
        seen.add(server.name.casefold())
        connectors = _decode_connectors(table, replace(base, servers=(server,)))
        servers.append(replace(server, connectors=connectors))
        table.finish(hints={"connectors": "write one `[[server.connector]]` table per connector"})
    return tuple(servers)


def _decode_server(table: Table, defaults: Server) -> Server:
    """Return a server without its connectors; what is left out is that of ``defaults``."""
    return Server(
        name=defaults.name,
        exchange=table.parse("exchange", parse_known_or_unknown, defaults.exchange),
        role=table.parse("role", _parse_role, defaults.role),
        fqdn=table.get("fqdn", str, ""),
        addresses=tuple(table.parse_list("addresses", parse_address) or ()),
    )


def _decode_named_server(table: Table, defaults: Server) -> Server:
    name = table.get("name", str, "").strip()
    if not name:
        table.problem("`name` is missing")
    elif "\\" in name:
        table.problem("a server's name has no `\\`", "name")
    table.where = f"server `{name}`" if name else table.where
    server = _decode_server(table, replace(defaults, name=name))
    return replace(server, unmodelled=_decode_unmodelled(table))


def _decode_organization(root: Table, tables: list[Table]) -> Organization:
    """Return the organization with its servers, their connectors not read yet."""
    table = root.table("organization")
    if table is None:
        table = Table({}, root.problems, ("organization",), "organization")
    if tables:
        for key in ("server", "fqdn", "addresses"):
            if key in table.data:
                table.has(key)
                table.problem("of several servers each has its own, in `[[server]]`", key)
        exchange: ExchangeVersion | None = ExchangeVersion.V2007
        defaults = Server(
            name="?",
            exchange=table.parse("exchange", parse_known_or_unknown, exchange),
            role=table.parse("role", _parse_role, ServerRole.HUB),
        )
        servers = tuple(_decode_named_server(each, defaults) for each in tables)
    else:
        servers = (_decode_server(table, Server(name=table.get("server", str, "EX01"))),)
    domain = table.get("domain", str, "CONTOSO")
    domains = decode_accepted_domains(table)
    inherited = usual_inherited_aces(servers, domain)
    if table.has("inherited_aces"):
        inherited = tuple(
            ace._replace(inherited=True)
            for entry in table.tables("inherited_aces")
            for ace in decode_aces(entry, domain)
        )
    organization = Organization(
        servers=servers,
        domain=domain,
        accepted_domains=domains,
        inherited_aces=inherited,
        unmodelled=_decode_unmodelled(table),
    )
    table.finish()
    return organization


def _parse_role(text: str) -> ServerRole:
    word = choose(text, ("hub", "edge", "mailbox"), "role")
    return ServerRole.EDGE if word == "edge" else ServerRole.HUB


def decode_accepted_domains(table: Table) -> tuple[AcceptedDomain, ...]:
    """Return the ``accepted_domains`` of a table, none when absent."""
    if not table.has("accepted_domains"):
        return ()
    value = table.data["accepted_domains"]
    if not isinstance(value, list):
        table.problem("expected a list of domains", "accepted_domains")
        return ()
    domains = []
    for index, item in enumerate(value):
        path = (*table.path, "accepted_domains", index)
        where = f"accepted_domains[{index}]"
        entry = Table(
            {"name": item} if isinstance(item, str) else item, table.problems, path, where
        )
        names = [kind.value for kind in DomainType]
        kind = entry.parse(
            "type",
            lambda text, names=names: DomainType(choose(text, names, "domain type")),  # type: ignore[misc]
            DomainType.AUTHORITATIVE,
        )
        name = entry.parse("name", _parse_domain, "")
        if "name" not in entry.data and entry.data:
            entry.problem("`name` is missing")
        domains.append(
            AcceptedDomain(
                name=name,
                type=kind,
                match_sub_domains=entry.get("match_sub_domains", bool, False),
                label=entry.get("label", str, ""),
            )
        )
        entry.finish()
    return tuple(domains)


def _parse_domain(text: str) -> str:
    name = text.strip()
    rest = name.removeprefix("*.") if name != "*" else "x"
    if not rest or "*" in rest or "@" in rest or " " in rest or len(name) > 256:
        raise InvalidInput(
            f"`{text}` is no accepted domain (expected `contoso.com`, `*.contoso.com` or `*`)"
        )
    return name


def decode_connector(table: Table, organization: Organization) -> ReceiveConnector | None:
    """Return the connector of one ``[[connector]]`` table, or ``None`` when it has no name."""
    table.rename(EXCHANGE_SPELLING)
    name = table.get("name", str, "").strip()
    if not name:
        table.problem("`name` is missing")
    else:
        table.where = f"connector `{name}`"
    try:
        BY_KEY["name"].kind.check(name)
    except InvalidInput as error:
        table.problem(error.problems[0].message, "name")
    only = organization.only
    fields, kept = decode_properties(table, exchange=only.exchange, role=only.role)
    unknown = frozenset(table.parse_list("unknown", _parse_property) or ())
    if only.exchange is None:
        # Whose default depends on the version is as little known as the version.
        unknown |= {key for key in BY_VERSION if not table.has(key)}
    not_shown = frozenset(table.parse_list("not_shown", _parse_shown) or ())
    _check_transport_role(table, fields["transport_role"], only)
    acl = decode_acl(table, organization)
    for key in ("bindings", "remote_ip_ranges"):
        if key in unknown or table.data.get(key):
            continue
        if table.has(key):
            table.problem("the list is empty", key)
        elif key not in table.misspelt().values():
            table.problem(f"`{key}` is missing")
    table.finish(hints=_CONNECTOR_HINTS)
    if not name:
        return None
    return ReceiveConnector(
        name=name, acl=acl, unknown=unknown, not_shown=not_shown, unmodelled=kept, **fields
    )


def _parse_property(text: str) -> str:
    return choose(text, MAY_BE_UNKNOWN, "property")


def _parse_shown(text: str) -> str:
    return choose(text, MAY_BE_HIDDEN, "property")


def _check_transport_role(table: Table, role: TransportRole, server: Server) -> None:
    if server.exchange is None:
        return
    needed = has_two_services(server.exchange, server.role)
    if needed and "transport_role" not in table.data:
        table.problem(
            "`transport_role` is missing",
            hint="from Exchange 2013 on, write `FrontendTransport` or `HubTransport`",
        )
    if role is TransportRole.FRONTEND_TRANSPORT and not needed:
        table.problem(
            "there is no Front End Transport service before Exchange 2013 or on an Edge",
            "transport_role",
        )


def _parse_proxy_address(text: str) -> str:
    """Return an SMTP address, also where Exchange's own export puts ``SMTP:`` in front."""
    prefix, colon, rest = text.strip().partition(":")
    return parse_mailbox(rest if colon and prefix.casefold() == "smtp" else text)


def _decode_unmodelled(table: Table) -> tuple[tuple[str, str], ...]:
    sub = table.table("unmodelled")
    if sub is None:
        return ()
    return tuple((key, sub.get(key, str, "")) for key in sub.data)


@cache
def _principals_of(domain: str) -> Callable[[str], Principal]:
    """Return the one parser for the principals of a domain, so that each text is read once."""
    return lambda text: parse_principal(text, domain)


def decode_account(table: Table, organization: Organization) -> Account:
    """Return the account of one ``[[account]]`` table."""
    principal = _principals_of(organization.domain)
    name = table.parse("name", principal, Principal("?"))
    if not table.has("name"):
        table.problem("`name` is missing")
    else:
        table.where = f"account `{name}`"
    groups = table.parse_list("groups", principal)
    addresses = table.parse_list("addresses", _parse_proxy_address)
    send_as = table.parse_list("send_as", _parse_proxy_address)
    password_file = table.get("password_file", str, "")
    table.finish()
    return Account(
        name=name,
        groups=tuple(groups or ()),
        addresses=tuple(addresses or ()),
        send_as=tuple(send_as or ()),
        password_file=password_file,
    )
