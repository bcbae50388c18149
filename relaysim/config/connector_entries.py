"""Entries of a server file: permission groups and access control entries, as one list."""

from collections.abc import Callable
from functools import cache, lru_cache

from relaysim.config.tables import Table
from relaysim.errors import UnknownName, closest
from relaysim.model.acl import Ace
from relaysim.model.groups import PermissionGroup, parse_group, preset
from relaysim.model.organization import Organization
from relaysim.model.principals import WELL_KNOWN, Principal, parse_principal
from relaysim.model.rights import parse_right
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["decode_aces", "decode_acl"]

_HINTS = {"right": "did you mean `rights`?", "principal": "did you mean `user`?"}
_WELL_KNOWN_NAMES = tuple(each.name for each in WELL_KNOWN)


@lru_cache(maxsize=256)
def _group_named(text: str) -> PermissionGroup | None:
    return None if text.strip().casefold() == "none" else parse_group(text)


def decode_acl(table: Table, organization: Organization) -> tuple[Ace, ...]:
    """Return the entries of a connector: those its groups write, and its ``ace`` tables."""
    groups = table.parse_list("permission_groups", _group_named) or []
    if None in groups and len(groups) > 1:
        table.problem("`None` stands alone", "permission_groups")
    only = organization.only
    if PermissionGroup.EXCHANGE_LEGACY_SERVERS in groups and only.role is ServerRole.EDGE:
        table.problem("ExchangeLegacyServers does not exist on an Edge (V-5)", "permission_groups")
    given = tuple(groups)
    written, whole = _entries_of(given, only.exchange, only.role, organization.domain)
    entries = table.tables("ace")
    if not entries:
        return whole
    # The list has set semantics: duplicates, which real dumps show, decide nothing.
    acl = written.copy()
    for entry in entries:
        acl.update(dict.fromkeys(decode_aces(entry, organization.domain)))
    return tuple(acl)


@lru_cache(maxsize=256)
def _entries_of(
    groups: tuple[PermissionGroup | None, ...],
    exchange: ExchangeVersion | None,
    role: ServerRole,
    domain: str,
) -> tuple[dict[Ace, None], tuple[Ace, ...]]:
    """Return the entries that groups write, each once, in the order of the groups; both forms."""
    written = dict.fromkeys(
        ace
        for group in PermissionGroup
        if group in groups
        for ace in preset(group, exchange=exchange, role=role, domain=domain)
    )
    return written, tuple(written)


def decode_aces(entry: Table, domain: str) -> list[Ace]:
    """Return the entries of one ``ace`` table, one for each right."""
    principal: Principal | None = entry.parse("user", _users_of(domain), None)
    rights = entry.parse_list("rights", parse_right)
    deny = entry.get("deny", bool, False)
    inherited = entry.get("inherited", bool, False)
    if not entry.has("user"):
        entry.problem("`user` is missing")
    if rights is None:
        entry.problem("`rights` is missing")
    elif not rights and not entry.data["rights"]:
        entry.problem("the list is empty", "rights")
    entry.finish(hints=_HINTS)
    if principal is None:
        return []
    return [Ace(principal, right, deny, inherited) for right in rights or ()]


@cache
def _users_of(domain: str) -> Callable[[str], Principal]:
    """Return the one parser for the users of a domain, so that each text is read once."""
    return lambda text: _parse_user(text, domain)


def _parse_user(text: str, domain: str) -> Principal:
    """Return a principal; what can only be a misspelt well-known one is an error."""
    principal = parse_principal(text, domain)
    prefix, _, name = principal.key.rpartition("\\")
    foreign = prefix in ("nt authority", "ms exchange") and principal.name not in _WELL_KNOWN_NAMES
    if foreign or name == "anonymous":
        known = _WELL_KNOWN_NAMES
        near = closest(text, known) or closest(f"NT AUTHORITY\\{name} LOGON", known)
        raise UnknownName(
            f"there is no principal `{text}`", hint=f"did you mean `{near}`?" if near else None
        )
    return principal
