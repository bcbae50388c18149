"""The organization: one server with its connectors, domains and accounts."""

from dataclasses import dataclass
from enum import Enum

from relaysim.errors import UnknownName, closest
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.groups import PermissionGroup, shown_groups
from relaysim.model.principals import LOCAL_SYSTEM, Principal, domain_group
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = [
    "AcceptedDomain",
    "Account",
    "DomainType",
    "Organization",
    "ascii_domain",
    "default_inherited_aces",
    "domain_of",
    "find_connector",
]


class DomainType(Enum):
    """Type of an accepted domain; the value is Exchange's spelling."""

    AUTHORITATIVE = "Authoritative"
    INTERNAL_RELAY = "InternalRelay"
    EXTERNAL_RELAY = "ExternalRelay"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedDomain:
    """A domain the organization takes mail for.

    Attributes:
        name: ``contoso.com``, ``*.contoso.com`` (the domain and its sub-domains) or ``*``.
        type: Says who knows the recipients; it does not matter for RCPT TO.
        match_sub_domains: Makes a plain name match its sub-domains too (2016 and later).
        label: What the shell calls the domain; empty means by its name.

    Source: NEWAD, ACC16, SETAD, EXA.
    """

    name: str
    type: DomainType = DomainType.AUTHORITATIVE
    match_sub_domains: bool = False
    label: str = ""

    def matches(self, domain: str) -> bool:
        """Tell whether ``domain`` (as :func:`ascii_domain` returns it) is covered.

        >>> AcceptedDomain(name="*.contoso.com").matches("contoso.com")
        True
        """
        name = self.name
        if name == "*":
            return True
        wildcard = name.startswith("*.")
        plain = ascii_domain(name[2:] if wildcard else name)
        if domain == plain:
            return True
        return (wildcard or self.match_sub_domains) and domain.endswith("." + plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    r"""A mailbox or service account that can authenticate.

    Attributes:
        name: The principal, ``CONTOSO\app``.
        groups: Security groups it is a member of, directly or not.
        addresses: Its own SMTP addresses.
        send_as: Addresses of other mailboxes it holds Send As on.
    """

    name: Principal
    groups: tuple[Principal, ...] = ()
    addresses: tuple[str, ...] = ()
    send_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Everything that decides an answer.

    Attributes:
        exchange: Version of the server.
        server: NetBIOS name of the server.
        role: Hub Transport (Mailbox from 2013 on) or Edge Transport.
        domain: NetBIOS name of the Active Directory domain.
        fqdn: Full name of the server, for banners.
        accepted_domains: Domains mail is taken for.
        connectors: Receive connectors; names are unique without case; order never matters.
        inherited_aces: Entries that every connector inherits.
        accounts: Known accounts; an empty tuple means none are known, not that none exist.
        unmodelled: Settings outside the connectors that no rule uses, as (name, value) in order.
    """

    exchange: ExchangeVersion = ExchangeVersion.V2007
    server: str = "EX01"
    role: ServerRole = ServerRole.HUB
    domain: str = "CONTOSO"
    fqdn: str = ""
    accepted_domains: tuple[AcceptedDomain, ...] = ()
    connectors: tuple[ReceiveConnector, ...] = ()
    inherited_aces: tuple[Ace, ...] = ()
    accounts: tuple[Account, ...] = ()
    unmodelled: tuple[tuple[str, str], ...] = ()

    @property
    def full_name(self) -> str:
        """``fqdn``, or a name made of the server's and the first plain accepted domain."""
        if self.fqdn:
            return self.fqdn
        plain = [d.name for d in self.accepted_domains if not d.name.startswith("*")]
        return f"{self.server}.{plain[0]}" if plain else self.server

    def groups_of(self, connector: ReceiveConnector) -> tuple[tuple[PermissionGroup, ...], bool]:
        """Return the permission groups a connector shows, and whether ``Custom`` is among them."""
        return shown_groups(
            connector.acl, exchange=self.exchange, role=self.role, domain=self.domain
        )

    def is_accepted(self, domain: str) -> bool:
        """Tell whether a domain (as :func:`ascii_domain` returns it) is an accepted one."""
        return any(accepted.matches(domain) for accepted in self.accepted_domains)


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


def find_connector(organization: Organization, text: str) -> ReceiveConnector:
    r"""Return the connector named ``text``: name or ``SERVER\name``, any case, or unique prefix.

    Raises:
        UnknownName: None or several; the message suggests the closest.
    """
    wanted = text.strip().casefold()
    server, slash, rest = wanted.partition("\\")
    if slash and server == organization.server.casefold():
        wanted = rest
    for connector in organization.connectors:
        if connector.name.casefold() == wanted:
            return connector
    matches = [
        c for c in organization.connectors if wanted and c.name.casefold().startswith(wanted)
    ]
    if len(matches) == 1:
        return matches[0]
    names = [connector.name for connector in organization.connectors]
    if matches:
        raise UnknownName(
            f"`{text}` is the beginning of several connector names",
            hint="one of " + ", ".join(f"`{connector.name}`" for connector in matches),
        )
    near = closest(text, names)
    hint = f"did you mean `{near}`? " if near else ""
    raise UnknownName(
        f"unknown connector `{text}`", hint=f"{hint}connectors here: {', '.join(names) or 'none'}"
    )


def ascii_domain(domain: str) -> str:
    """Return a domain lower-case and in its ASCII (IDNA) form, without a final dot.

    A name that IDNA cannot encode is only lowered: it then matches nothing but itself.

    >>> ascii_domain("BÜCHER.example.")
    'xn--bcher-kva.example'
    """
    lowered = domain.casefold() if not domain.isascii() else domain.lower()
    lowered = lowered.removesuffix(".")
    if lowered.isascii():
        return lowered
    try:
        # The full stop of another script becomes a dot only now.
        return domain.removesuffix(".").encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        return lowered


def domain_of(address: str) -> str:
    """Return the domain of an SMTP address as :func:`ascii_domain` gives it.

    The text after the last ``@``; an address without one has the empty domain.

    >>> domain_of('"a@b"@Contoso.COM')
    'contoso.com'
    """
    return ascii_domain(address.rpartition("@")[2]) if "@" in address else ""
