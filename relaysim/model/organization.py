"""The organization: what the directory holds, and its servers."""

from collections.abc import Iterable
from typing import Any

from relaysim.errors import InvalidInput, UnknownName, closest
from relaysim.lean import field, frozen, replace
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.directory.accounts import Account, AccountTable
from relaysim.model.directory.domains import (
    AcceptedDomain,
    DomainTable,
    DomainType,
    ascii_domain,
    domain_of,
)
from relaysim.model.field_checks import PAIRS, TEXT, a, checked, many
from relaysim.model.groups import PermissionGroup, preset, shown_groups
from relaysim.model.principals import LOCAL_SYSTEM, domain_group
from relaysim.model.rights import Right
from relaysim.model.server import NOTHING_SAID, Network, Server
from relaysim.model.version import UNKNOWN_VERSION, ExchangeVersion, ServerRole
from relaysim.net.address import Address

__all__ = [
    "AcceptedDomain",
    "Account",
    "DomainType",
    "Organization",
    "ascii_domain",
    "default_inherited_aces",
    "domain_of",
    "find_connector",
    "find_place",
    "find_server",
    "one_server",
    "usual_inherited_aces",
]


@frozen
@checked(
    servers=many(Server, least=1),
    domain=TEXT,
    accepted_domains=many(AcceptedDomain),
    inherited_aces=many(Ace),
    accounts=many(Account),
    network=a(Network),
    unmodelled=PAIRS,
    beside=many(Server),
)
class Organization:
    """Everything that decides an answer.

    Most questions are about one server. What belongs to a server can be read from an organization
    that has just one, and :meth:`on` returns the organization with just that one.

    Attributes:
        servers: The servers, at least one; names are unique without case; order never matters.
        domain: NetBIOS name of the Active Directory domain.
        accepted_domains: Domains mail is taken for.
        inherited_aces: Entries that every connector inherits.
        accounts: Known accounts; an empty tuple means none are known, not that none exist.
        network: What was said about the network around the servers.
        unmodelled: Settings outside the servers that no rule uses, as (name, value) in order.
        beside: The other servers, where this is the view of one of several (:meth:`on`): a front
            end may hand mail to them. Views are equal whatever stands beside them.
    """

    servers: tuple[Server, ...]
    domain: str = "CONTOSO"
    accepted_domains: tuple[AcceptedDomain, ...] = ()
    inherited_aces: tuple[Ace, ...] = ()
    accounts: tuple[Account, ...] = ()
    network: Network = NOTHING_SAID
    unmodelled: tuple[tuple[str, str], ...] = ()
    beside: tuple[Server, ...] = field(default=(), repr=False, compare=False)
    _domains: DomainTable | None = field(default=None, init=False, repr=False, compare=False)
    _accounts: AccountTable | None = field(default=None, init=False, repr=False, compare=False)

    def on(self, server: str) -> "Organization":
        """Return the organization with only the server of this name, in any case.

        An Edge beside other servers is no part of their directory, and inherits nothing from it.

        Raises:
            UnknownName: No such server; the message suggests the closest.
        """
        found = find_server(self, server)
        return self if len(self.servers) == 1 else self._with_only(found)

    def one_by_one(self) -> "tuple[Organization, ...]":
        """Return the organization once for each server, with only that server, in order."""
        if len(self.servers) == 1:
            return (self,)
        return tuple(self._with_only(server) for server in self.servers)

    def _with_only(self, server: Server) -> "Organization":
        inherited = () if server.role is ServerRole.EDGE else self.inherited_aces
        beside = tuple(other for other in self.servers if other is not server)
        return replace(self, servers=(server,), inherited_aces=inherited, beside=beside)

    @property
    def only(self) -> Server:
        """The server of an organization that has one.

        Raises:
            InvalidInput: There are several, and only one can be meant.
        """
        if len(self.servers) != 1:
            names = ", ".join(server.name for server in self.servers)
            raise InvalidInput(
                f"one server can be asked here, and there are {names or 'none'}",
                hint="name one with `--server`",
            )
        return self.servers[0]

    @property
    def exchange(self) -> ExchangeVersion:
        """Version of the only server.

        Raises:
            InvalidInput: It is not known, and is needed.
        """
        exchange = self.only.exchange
        if exchange is None:
            raise InvalidInput(
                f"the Exchange version of `{self.only.name}` is not known, and is needed here",
                hint="name it with `--exchange`, or as `exchange` in the server file; "
                "Get-ExchangeServer shows it",
            )
        return exchange

    @property
    def version_text(self) -> str:
        """Version of the only server as it is written, ``unknown`` when it is not known."""
        exchange = self.only.exchange
        return UNKNOWN_VERSION if exchange is None else exchange.value

    @property
    def versions_text(self) -> str:
        """Versions of all servers, each once, in the order of the servers."""
        each = dict.fromkeys(one.version_text for one in self.one_by_one())
        return ", ".join(each)

    @property
    def server(self) -> str:
        """Name of the only server."""
        return self.only.name

    @property
    def role(self) -> ServerRole:
        """Role of the only server."""
        return self.only.role

    @property
    def fqdn(self) -> str:
        """Full name of the only server as it was given; see :attr:`full_name`."""
        return self.only.fqdn

    @property
    def connectors(self) -> tuple[ReceiveConnector, ...]:
        """Receive connectors of the only server."""
        return self.only.connectors

    @property
    def full_name(self) -> str:
        """Full name of the only server, as :meth:`full_name_of` gives it."""
        return self.full_name_of(self.only)

    def full_name_of(self, server: Server) -> str:
        """Return ``fqdn``, or a name made of the server's and the first plain accepted domain."""
        if server.fqdn:
            return server.fqdn
        plain = [d.name for d in self.accepted_domains if not d.name.startswith("*")]
        return f"{server.name}.{plain[0]}" if plain else server.name

    def groups_of(self, connector: ReceiveConnector) -> tuple[tuple[PermissionGroup, ...], bool]:
        """Return the permission groups a connector of the only server shows, and ``Custom``."""
        server = self.only
        return shown_groups(
            connector.acl, exchange=server.exchange, role=server.role, domain=self.domain
        )

    def entries_of(self, group: PermissionGroup) -> tuple[Ace, ...]:
        """Return the entries a permission group writes on a connector of the only server."""
        server = self.only
        return preset(group, exchange=server.exchange, role=server.role, domain=self.domain)

    def is_accepted(self, domain: str) -> bool:
        """Tell whether a domain (as :func:`ascii_domain` returns it) is an accepted one."""
        return bool(self.domains.matching(domain))

    @property
    def domains(self) -> DomainTable:
        """The accepted domains as a look-up, made when it is first asked for and kept."""
        table = self._domains
        if table is None:
            table = DomainTable(self.accepted_domains)
            object.__setattr__(self, "_domains", table)
        return table

    def find_account(self, user: str) -> Account | None:
        r"""Return the account of a user named ``DOMAIN\name``, ``name`` or by an SMTP address."""
        table = self._accounts
        if table is None:
            table = AccountTable(self.accounts)
            object.__setattr__(self, "_accounts", table)
        return table.find(user, self.domain)


def default_inherited_aces(role: ServerRole, domain: str) -> tuple[Ace, ...]:
    """Return what setup leaves on the organization container, inherited by every connector.

    ``Exchange Servers`` and SYSTEM hold all extended rights, Organization Management and Exchange
    Trusted Subsystem full control. The account that ran setup has full control too; its name is
    not known, so it is not listed. An Edge has no directory domain and inherits nothing.

    Source: PERM13.
    """
    if role is ServerRole.EDGE:
        return ()
    return (
        Ace(domain_group(domain, "Exchange Servers"), Right.ALL_EXTENDED_RIGHTS, inherited=True),
        Ace(LOCAL_SYSTEM, Right.ALL_EXTENDED_RIGHTS, inherited=True),
        Ace(domain_group(domain, "Organization Management"), Right.FULL_CONTROL, inherited=True),
        Ace(domain_group(domain, "Exchange Trusted Subsystem"), Right.FULL_CONTROL, inherited=True),
    )


def one_server(
    *,
    server: str = "EX01",
    exchange: ExchangeVersion | None = ExchangeVersion.V2007,
    role: ServerRole = ServerRole.HUB,
    fqdn: str = "",
    addresses: tuple[Address, ...] = (),
    connectors: tuple[ReceiveConnector, ...] = (),
    **organization: Any,  # noqa: ANN401  # the fields of Organization
) -> Organization:
    """Return an organization of one server, the fields of both given side by side.

    >>> one_server(server="MAIL16", domain="LAB").full_name
    'MAIL16'
    """
    only = Server(
        name=server,
        exchange=exchange,
        role=role,
        fqdn=fqdn,
        addresses=addresses,
        connectors=connectors,
    )
    return Organization(servers=(only,), **organization)


def find_server(organization: Organization, text: str) -> Server:
    """Return the server named ``text``, by its name or full name, in any case.

    Raises:
        UnknownName: No such server; the message suggests the closest.
    """
    wanted = text.strip().casefold()
    for server in organization.servers:
        full = organization.full_name_of(server).casefold()
        if wanted in (server.name.strip().casefold(), full.strip()):
            return server
    names = [server.name for server in organization.servers]
    near = closest(text, names)
    hint = f"did you mean `{near}`? " if near else ""
    raise UnknownName(
        f"unknown server `{text}`", hint=f"{hint}servers here: {', '.join(names) or 'none'}"
    )


def usual_inherited_aces(servers: Iterable[Server], domain: str) -> tuple[Ace, ...]:
    """Return what setup leaves on the container above servers; above Edges alone there is none."""
    roles = {server.role for server in servers}
    role = ServerRole.HUB if ServerRole.HUB in roles else ServerRole.EDGE
    return default_inherited_aces(role, domain)


def find_connector(organization: Organization, text: str) -> ReceiveConnector:
    """Return the connector that :func:`find_place` finds."""
    return find_place(organization, text)[1]


def find_place(organization: Organization, text: str) -> tuple[Server, ReceiveConnector]:
    r"""Return the connector named ``text`` and its server: name, ``SERVER\name``, unique prefix.

    Names are compared without case; a whole name comes before the beginning of another one.

    Raises:
        UnknownName: None or several; the message says which, or suggests the closest.
    """
    wanted = text.strip().casefold()
    servers = organization.servers
    head, slash, rest = wanted.partition("\\")
    for server in servers if slash else ():
        if head in (server.name.casefold(), organization.full_name_of(server).casefold()):
            servers, wanted = (server,), rest
    pairs = [(server, connector) for server in servers for connector in server.connectors]
    matches = [pair for pair in pairs if pair[1].name.casefold() == wanted] or [
        pair for pair in pairs if wanted and pair[1].name.casefold().startswith(wanted)
    ]
    if len(matches) == 1:
        return matches[0]
    several = len(organization.servers) > 1

    def named(pair: tuple[Server, ReceiveConnector]) -> str:
        return f"{pair[0].name}\\{pair[1].name}" if several else pair[1].name

    if matches:
        same = len({connector.name.casefold() for _, connector in matches}) == 1
        what = "a connector of" if same else "the beginning of"
        things = "servers" if same else "connector names"
        choices = ", ".join(f"`{named(pair)}`" for pair in matches)
        raise UnknownName(f"`{text}` is {what} several {things}", hint=f"one of {choices}")
    names = [named(pair) for pair in pairs]
    near = closest(text, names) or closest(text, [connector.name for _, connector in pairs])
    hint = f"did you mean `{near}`? " if near else ""
    raise UnknownName(
        f"unknown connector `{text}`", hint=f"{hint}connectors here: {', '.join(names) or 'none'}"
    )
