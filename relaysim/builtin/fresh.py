"""What setup leaves behind: the default connectors of every version and role.

Source: RC16, INET07, ASK07, ASK10, PS565, SIZE07, SIZE13, PWPS, CSSE19.
"""

from collections.abc import Sequence
from typing import Any

from relaysim.lean import replace
from relaysim.model.connector import (
    AuthMechanism,
    ReceiveConnector,
    SizeMode,
    TransportRole,
)
from relaysim.model.defaults import (
    CLIENT_MECHANISMS,
    EVERY_ADDRESS,
    FULL_MECHANISMS,
    any_sockets,
    default_message_size,
)
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.organization import (
    AcceptedDomain,
    Organization,
    default_inherited_aces,
    one_server,
    usual_inherited_aces,
)
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = [
    "EVERY_ADDRESS",
    "any_sockets",
    "default_message_size",
    "fresh_like",
    "fresh_server",
    "fresh_servers",
]

_USERS = (PermissionGroup.EXCHANGE_USERS,)
_SERVERS = (PermissionGroup.EXCHANGE_SERVERS,)
_LEGACY = (PermissionGroup.EXCHANGE_SERVERS, PermissionGroup.EXCHANGE_LEGACY_SERVERS)
_ANONYMOUS = (PermissionGroup.ANONYMOUS_USERS,)


def fresh_server(
    *,
    exchange: ExchangeVersion = ExchangeVersion.V2007,
    role: ServerRole = ServerRole.HUB,
    server: str = "EX01",
    domain: str = "CONTOSO",
    dns_domain: str = "contoso.com",
    fqdn: str = "",
) -> Organization:
    """Return a server as setup leaves it, with one accepted domain.

    Its full name is ``fqdn``, or else made of ``server`` and ``dns_domain``.

    Source: RC16, ASK07, ASK10, PS565.
    """
    fqdn = fqdn or f"{server}.{dns_domain}"
    make = _Maker(exchange, role, domain, fqdn)
    if role is ServerRole.EDGE:
        connectors = make.edge(server)
    elif exchange.has_front_end:
        connectors = make.mailbox(server)
    else:
        connectors = make.hub(server)
    return one_server(
        exchange=exchange,
        server=server,
        role=role,
        domain=domain,
        fqdn=fqdn,
        accepted_domains=(AcceptedDomain(name=dns_domain),),
        connectors=connectors,
        inherited_aces=default_inherited_aces(role, domain),
    )


def fresh_servers(
    *,
    server: str | tuple[str, ...] = "EX01",
    domain: str = "CONTOSO",
    **given: Any,  # noqa: ANN401  # what fresh_server takes, or tuples of it
) -> Organization:
    """Return fresh servers of one organization, side by side.

    Args:
        server: Their names.
        domain: NetBIOS name of the Active Directory domain.
        given: What :func:`fresh_server` takes; a tuple has a value for each server.
    """
    names = server if isinstance(server, tuple) else (server,)
    parts = [
        fresh_server(
            server=name,
            domain=domain,
            **{key: v[number] if isinstance(v, tuple) else v for key, v in given.items()},
        )
        for number, name in enumerate(names)
    ]
    return _joined(parts)


def _joined(parts: Sequence[Organization]) -> Organization:
    servers = tuple(part.only for part in parts)
    inherited = usual_inherited_aces(servers, parts[0].domain)
    return replace(parts[0], servers=servers, inherited_aces=inherited)


def fresh_like(organization: Organization) -> Organization:
    """Return fresh servers of the same versions, roles and names.

    Its DNS domain is what follows the server's name in its full name, or else the first accepted
    domain without a wildcard.
    """
    if len(organization.servers) > 1:
        first = fresh_like(organization.one_by_one()[0])
        parts = [fresh_like(each) for each in organization.one_by_one()]
        return replace(_joined(parts), accepted_domains=first.accepted_domains)
    host, _, dns_domain = organization.full_name.partition(".")
    if host.casefold() != organization.server.casefold() or not dns_domain:
        plain = [d.name for d in organization.accepted_domains if not d.name.startswith("*")]
        dns_domain = plain[0] if plain else "contoso.com"
    return fresh_server(
        exchange=organization.exchange,
        role=organization.role,
        server=organization.server,
        domain=organization.domain,
        dns_domain=dns_domain,
        fqdn=organization.full_name,
    )


class _Maker:
    """Makes connectors of one server."""

    def __init__(self, exchange: ExchangeVersion, role: ServerRole, domain: str, fqdn: str) -> None:
        self.exchange, self.role, self.domain, self.fqdn = exchange, role, domain, fqdn

    def connector(
        self,
        name: str,
        port: int,
        mechanisms: frozenset[AuthMechanism],
        groups: tuple[PermissionGroup, ...],
        *,
        front_end: bool = False,
        megabytes: int | None = None,
        recipients: int = 200,
        gssapi: bool = False,
        domain_secure: bool = False,
        size: SizeMode = SizeMode.ENABLED,
        ipv4_only: bool = False,
    ) -> ReceiveConnector:
        acl = tuple(
            ace
            for group in groups
            for ace in preset(group, exchange=self.exchange, role=self.role, domain=self.domain)
        )
        return ReceiveConnector(
            name=name,
            bindings=any_sockets(port)[:1] if ipv4_only else any_sockets(port),
            remote_ip_ranges=EVERY_ADDRESS[1:] if ipv4_only else EVERY_ADDRESS,
            auth_mechanism=mechanisms,
            acl=acl,
            transport_role=(
                TransportRole.FRONTEND_TRANSPORT if front_end else TransportRole.HUB_TRANSPORT
            ),
            max_message_size=(
                megabytes << 20 if megabytes else default_message_size(self.exchange)
            ),
            max_recipients_per_message=recipients,
            fqdn=self.fqdn,
            enable_auth_gssapi=gssapi,
            domain_secure_enabled=domain_secure,
            size_enabled=size,
        )

    def hub(self, server: str) -> tuple[ReceiveConnector, ...]:
        bare = SizeMode.ENABLED_WITHOUT_VALUE
        return (
            self.connector(f"Default {server}", 25, FULL_MECHANISMS, _USERS + _LEGACY, size=bare),
            self.connector(f"Client {server}", 587, CLIENT_MECHANISMS, _USERS, gssapi=True),
        )

    def edge(self, server: str) -> tuple[ReceiveConnector, ...]:
        return (
            self.connector(
                f"Default internal receive connector {server}",
                25,
                frozenset({AuthMechanism.TLS, AuthMechanism.EXCHANGE_SERVER}),
                (*_ANONYMOUS, *_SERVERS, PermissionGroup.PARTNERS),
                domain_secure=True,
                ipv4_only=True,
            ),
        )

    def mailbox(self, server: str) -> tuple[ReceiveConnector, ...]:
        small = 35 if self.exchange is ExchangeVersion.V2013 else None
        bare = SizeMode.ENABLED_WITHOUT_VALUE
        return (
            self.connector(
                f"Default {server}",
                2525,
                FULL_MECHANISMS,
                _USERS + _LEGACY,
                megabytes=small,
                recipients=5000,
                size=bare,
            ),
            self.connector(
                f"Client Proxy {server}",
                465,
                FULL_MECHANISMS,
                _USERS + _SERVERS,
                megabytes=small,
                gssapi=True,
            ),
            self.connector(
                f"Default Frontend {server}",
                25,
                FULL_MECHANISMS,
                _ANONYMOUS + _LEGACY,
                front_end=True,
                domain_secure=True,
            ),
            self.connector(
                f"Outbound Proxy Frontend {server}",
                717,
                FULL_MECHANISMS,
                _SERVERS,
                front_end=True,
                domain_secure=True,
            ),
            self.connector(
                f"Client Frontend {server}",
                587,
                CLIENT_MECHANISMS,
                _USERS,
                front_end=True,
                megabytes=small,
                gssapi=True,
            ),
        )
