"""Security principals: well-known ones by name, SID or localised name, and custom ones."""

from relaysim.errors import InvalidInput

__all__ = [
    "ANONYMOUS_LOGON",
    "AUTHENTICATED_USERS",
    "EDGE_TRANSPORT_SERVERS",
    "EVERYONE",
    "EXTERNALLY_SECURED_SERVERS",
    "HUB_TRANSPORT_SERVERS",
    "LEGACY_EXCHANGE_SERVERS",
    "LOCAL_SYSTEM",
    "PARTNER_SERVERS",
    "WELL_KNOWN",
    "Principal",
    "domain_group",
    "parse_principal",
]

_EXCHANGE_SIDS = "S-1-9-1419165041-1139599005-3936102811-1022490595"


class Principal:
    r"""A user, group or pseudo-group that an access control entry can name.

    Two principals are equal when their names are, without case; the canonical name of a
    well-known principal is its English one.

    Attributes:
        name: Display name, ``DOMAIN\Name`` for most.
        sid: Security identifier when it is the same everywhere, else ``None``.
        key: Case-folded name, what equality and hashing use.
    """

    __slots__ = ("_hash", "key", "name", "sid")
    name: str
    sid: str | None
    key: str

    def __init__(self, name: str, *, sid: str | None = None) -> None:
        self.name = name
        self.sid = sid
        self.key = name.casefold()
        self._hash = hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Principal) and self.key == other.key

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(
        self,
    ) -> tuple[type["Principal"], tuple[str], tuple[None, dict[str, str | None]]]:
        # The hash of a text is another one in every process, so it must not travel.
        return Principal, (self.name,), (None, {"sid": self.sid})

    def __repr__(self) -> str:
        return f"Principal({self.name!r})"

    def __str__(self) -> str:
        return self.name


ANONYMOUS_LOGON = Principal("NT AUTHORITY\\ANONYMOUS LOGON", sid="S-1-5-7")
AUTHENTICATED_USERS = Principal("NT AUTHORITY\\Authenticated Users", sid="S-1-5-11")
EVERYONE = Principal("Everyone", sid="S-1-1-0")
LOCAL_SYSTEM = Principal("NT AUTHORITY\\SYSTEM", sid="S-1-5-18")
PARTNER_SERVERS = Principal("MS Exchange\\Partner Servers", sid=f"{_EXCHANGE_SIDS}-10")
HUB_TRANSPORT_SERVERS = Principal("MS Exchange\\Hub Transport Servers", sid=f"{_EXCHANGE_SIDS}-21")
EDGE_TRANSPORT_SERVERS = Principal(
    "MS Exchange\\Edge Transport Servers", sid=f"{_EXCHANGE_SIDS}-22"
)
EXTERNALLY_SECURED_SERVERS = Principal(
    "MS Exchange\\Externally Secured Servers", sid=f"{_EXCHANGE_SIDS}-23"
)
LEGACY_EXCHANGE_SERVERS = Principal(
    "MS Exchange\\Legacy Exchange Servers", sid=f"{_EXCHANGE_SIDS}-24"
)

WELL_KNOWN: tuple[Principal, ...] = (
    ANONYMOUS_LOGON,
    AUTHENTICATED_USERS,
    EVERYONE,
    LOCAL_SYSTEM,
    PARTNER_SERVERS,
    HUB_TRANSPORT_SERVERS,
    EDGE_TRANSPORT_SERVERS,
    EXTERNALLY_SECURED_SERVERS,
    LEGACY_EXCHANGE_SERVERS,
)
"""Principals that are the same in every organization. Source: PERM13, RC16, ANON16."""

_DOMAIN_GROUPS = {
    name.casefold(): name
    for name in (
        "Exchange Servers",
        "ExchangeLegacyInterop",
        "Organization Management",
        "Exchange Trusted Subsystem",
    )
}
_LOCALISED = {
    # Spellings met in published scripts and outputs of Windows in other languages.
    "nt-autorität\\anonymous-anmeldung": ANONYMOUS_LOGON,
    "nt-authority\\anonymous-logon": ANONYMOUS_LOGON,
    "autorite nt\\ouverture de session anonyme": ANONYMOUS_LOGON,
    "anonymous logon": ANONYMOUS_LOGON,
    "nt-autorität\\authentifizierte benutzer": AUTHENTICATED_USERS,
    "nt-authority\\authenticated-users": AUTHENTICATED_USERS,
    "autorite nt\\utilisateurs authentifiés": AUTHENTICATED_USERS,
    "authenticated users": AUTHENTICATED_USERS,
    "nt authority\\accesso anonimo": ANONYMOUS_LOGON,
    "nt authority\\usuarios autentificados": AUTHENTICATED_USERS,
    "jeder": EVERYONE,
    "tout le monde": EVERYONE,
}
_NT_AUTHORITY = (
    "nt-autorität",
    "autorite nt",
    "nt-hallinta",
    "nt-myndighet",
    "zarządzanie nt",
    "autoridade nt",
    "nt instans",
)
"""What NT AUTHORITY is called elsewhere; some Windows leave the name behind it English."""
_KNOWN = (
    {p.key: p for p in WELL_KNOWN} | {p.sid.casefold(): p for p in WELL_KNOWN if p.sid} | _LOCALISED
)
_KNOWN |= {
    f"{prefix}\\{p.key.partition(chr(92))[2]}": p
    for prefix in _NT_AUTHORITY
    for p in (ANONYMOUS_LOGON, AUTHENTICATED_USERS, LOCAL_SYSTEM)
}


def domain_group(domain: str, name: str) -> Principal:
    """Return the principal of one of Exchange's groups in the organization's domain."""
    return Principal(f"{domain}\\{name}")


def parse_principal(text: str, domain: str) -> Principal:
    r"""Return the principal that ``text`` names.

    Well-known principals are found by name, SID or a localised name; Exchange's own groups also
    without a domain or with ``<Domain>``. Everything else is a custom principal, a user or group
    of the organization; a plain name gets the domain in front, as Exchange looks it up there,
    while SIDs and ``name@domain`` stay as written.

    Args:
        text: The name or SID.
        domain: NetBIOS name of the organization's domain.

    Raises:
        InvalidInput: ``text`` is empty.

    Source: PERM13, RC16, ADTASK.

    >>> parse_principal("S-1-5-7", "CONTOSO")
    Principal('NT AUTHORITY\\ANONYMOUS LOGON')
    >>> parse_principal("exchange servers", "CONTOSO")
    Principal('CONTOSO\\Exchange Servers')
    """
    name = text.strip()
    if not name:
        raise InvalidInput("an empty principal name")
    known = _KNOWN.get(name.casefold())
    if known is not None:
        return known
    prefix, slash, group = name.rpartition("\\")
    candidate = _DOMAIN_GROUPS.get(group.casefold())
    if candidate and (not slash or prefix.casefold() in (domain.casefold(), "<domain>")):
        return domain_group(domain, candidate)
    if not slash and "@" not in name and not name.casefold().startswith("s-1-"):
        name = f"{domain}\\{name}"
    return Principal(name)
