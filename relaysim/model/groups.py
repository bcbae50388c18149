"""Permission groups: presets that write access control entries, and the view back.

Source: RC16, ANON16, PERM13, SEED, EE428173, ASK07, ASK10, HF13.
"""

from enum import Enum
from functools import lru_cache

from relaysim.errors import UnknownName, closest
from relaysim.model.acl import Ace
from relaysim.model.principals import (
    ANONYMOUS_LOGON,
    AUTHENTICATED_USERS,
    EDGE_TRANSPORT_SERVERS,
    EXTERNALLY_SECURED_SERVERS,
    HUB_TRANSPORT_SERVERS,
    PARTNER_SERVERS,
    Principal,
    domain_group,
)
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["GROUP_FLAGS", "PermissionGroup", "parse_group", "preset", "shown_groups"]


class PermissionGroup(Enum):
    """A preset of rights; the value is Exchange's spelling. Declaration order is display order."""

    ANONYMOUS_USERS = "AnonymousUsers"
    EXCHANGE_USERS = "ExchangeUsers"
    EXCHANGE_SERVERS = "ExchangeServers"
    EXCHANGE_LEGACY_SERVERS = "ExchangeLegacyServers"
    PARTNERS = "Partners"

    __hash__ = object.__hash__  # members are singletons


GROUP_FLAGS = {
    "AnonymousUsers": 1,
    "ExchangeUsers": 2,
    "ExchangeServers": 4,
    "ExchangeLegacyServers": 8,
}
"""Flag values of the groups seen in serialised exports."""

_ALIASES = {"anonymous": "AnonymousUsers", "partner": "Partners"}

_ANONYMOUS = (
    Right.SUBMIT,
    Right.ACCEPT_ANY_SENDER,
    Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
    Right.ACCEPT_HEADERS_ROUTING,
)
_USERS = (
    Right.SUBMIT,
    Right.ACCEPT_ANY_RECIPIENT,
    Right.BYPASS_ANTI_SPAM,
    Right.ACCEPT_HEADERS_ROUTING,
)
_PARTNERS = (Right.SUBMIT, Right.ACCEPT_HEADERS_ROUTING)
_NINE = (
    Right.SUBMIT,
    Right.ACCEPT_ANY_RECIPIENT,
    Right.ACCEPT_ANY_SENDER,
    Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
    Right.ACCEPT_AUTHENTICATION_FLAG,
    Right.BYPASS_ANTI_SPAM,
    Right.BYPASS_MESSAGE_SIZE_LIMIT,
    Right.ACCEPT_EXCH50,
    Right.ACCEPT_HEADERS_ROUTING,
)
_HEADERS = (Right.ACCEPT_HEADERS_ORGANIZATION, Right.ACCEPT_HEADERS_FOREST)
_X_RIGHTS = (
    Right.ACCEPT_XPROXYFROM,
    Right.ACCEPT_XSESSIONPARAMS,
    Right.ACCEPT_XATTR,
    Right.ACCEPT_XSYSPROBE,
    Right.XMESSAGECONTEXT_ADRECIPIENTCACHE,
    Right.XMESSAGECONTEXT_EXTENDEDPROPERTIES,
    Right.XMESSAGECONTEXT_FASTINDEX,
)
_PRESETS: dict[tuple[object, ...], tuple[Ace, ...]] = {}


def preset(
    group: PermissionGroup, *, exchange: ExchangeVersion | None, role: ServerRole, domain: str
) -> tuple[Ace, ...]:
    """Return the explicit entries a group writes on a connector.

    Of an unknown version (``None``) those of the newest one: an older version has the same ones
    except for rights that it does not know.

    ``ExchangeLegacyServers`` is the only group that also denies. On an Edge the domain's
    ``Exchange Servers`` group does not exist and gets no entry.

    Source: SEED (ExchangeUsers, Externally Secured), RC16, PERM13, ANON16, HF13.

    >>> aces = preset(PermissionGroup.EXCHANGE_USERS, exchange=ExchangeVersion.V2007,
    ...               role=ServerRole.HUB, domain="CONTOSO")
    >>> [ace.right.value for ace in aces][1]
    'ms-Exch-SMTP-Accept-Any-Recipient'
    """
    key = (group, exchange, role, domain)
    found = _PRESETS.get(key)
    if found is None:
        found = _PRESETS[key] = tuple(_build(group, exchange, role, domain))
    return found


def _build(
    group: PermissionGroup, exchange: ExchangeVersion | None, role: ServerRole, domain: str
) -> list[Ace]:
    match group:
        case PermissionGroup.ANONYMOUS_USERS:
            return _allow(ANONYMOUS_LOGON, _ANONYMOUS)
        case PermissionGroup.EXCHANGE_USERS:
            return _allow(AUTHENTICATED_USERS, _USERS)
        case PermissionGroup.PARTNERS:
            return _allow(PARTNER_SERVERS, _PARTNERS)
        case PermissionGroup.EXCHANGE_LEGACY_SERVERS:
            legacy = domain_group(domain, "ExchangeLegacyInterop")
            return _allow(legacy, _NINE) + [Ace(legacy, right, deny=True) for right in _HEADERS]
        case PermissionGroup.EXCHANGE_SERVERS:
            full: tuple[Right, ...] = _NINE + _HEADERS
            if exchange is None or exchange >= ExchangeVersion.V2010:
                full += (Right.ACCEPT_XSHADOW,)
            if exchange is None or exchange.has_front_end:
                full += _X_RIGHTS
            aces = _allow(EXTERNALLY_SECURED_SERVERS, _NINE)
            aces += _allow(HUB_TRANSPORT_SERVERS, full) + _allow(EDGE_TRANSPORT_SERVERS, full)
            if role is not ServerRole.EDGE:
                aces += _allow(domain_group(domain, "Exchange Servers"), full)
            return aces


def _allow(principal: Principal, rights: tuple[Right, ...]) -> list[Ace]:
    return [Ace(principal, right) for right in rights]


@lru_cache(maxsize=64)
def shown_groups(
    acl: tuple[Ace, ...], *, exchange: ExchangeVersion | None, role: ServerRole, domain: str
) -> tuple[tuple[PermissionGroup, ...], bool]:
    """Return the groups that an access control list shows, and whether ``Custom`` is added.

    A group is shown when the explicit allow entries give its principals all of its rights (its
    deny entries are not needed). ``Custom`` is added when an explicit allow entry remains that no
    shown group writes. An Edge never shows ``ExchangeLegacyServers``.

    Returns:
        Groups in display order, and the ``Custom`` flag.

    Source: QA305565, GRAN, DSC, TUPM2.
    """
    allowed = {ace for ace in acl if not ace.inherited and not ace.deny}
    everything = {
        ace.principal
        for ace in allowed
        if ace.right in (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL)
    }
    shown: list[PermissionGroup] = []
    accounted: set[Ace] = set()
    for group in PermissionGroup:
        if group is PermissionGroup.EXCHANGE_LEGACY_SERVERS and role is ServerRole.EDGE:
            continue
        entries = preset(group, exchange=exchange, role=role, domain=domain)
        if all(ace in allowed or ace.principal in everything for ace in entries if not ace.deny):
            shown.append(group)
            accounted.update(entries)
    return tuple(shown), bool(allowed - accounted)


def parse_group(text: str) -> PermissionGroup:
    """Return the permission group named ``text``, also by unique prefix, in any case.

    Raises:
        UnknownName: No such group, several, or ``Custom``, which Exchange shows but never sets.

    Source: NEWRC, GRAN.

    >>> parse_group("anonymous")
    <PermissionGroup.ANONYMOUS_USERS: 'AnonymousUsers'>
    """
    wanted = text.strip().casefold()
    names = {group.value.casefold(): group for group in PermissionGroup}
    if wanted in _ALIASES:
        return names[_ALIASES[wanted].casefold()]
    if wanted in names:
        return names[wanted]
    if wanted == "custom":
        raise UnknownName(
            "`Custom` cannot be set as a permission group (V-5): Exchange only shows it",
            hint="list the extra rights as access control entries instead",
        )
    matches = [group for name, group in names.items() if wanted and name.startswith(wanted)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UnknownName(
            f"`{text}` is the beginning of several permission groups",
            hint="one of " + ", ".join(f"`{group.value}`" for group in matches),
        )
    choices = [group.value for group in PermissionGroup]
    near = closest(text, choices)
    raise UnknownName(
        f"unknown permission group `{text}`",
        hint=f"did you mean `{near}`?" if near else f"one of {', '.join(choices)}",
    )
