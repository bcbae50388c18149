"""Findings about single entries: who holds what, and what it decides.

An entry is judged by leaving it out: where no session then gets anything else, it decides nothing.

Source: RC16, PERM13, ADTASK.
"""

from collections.abc import Iterator

from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.analysis.findings.space import (
    GLOBAL,
    ConnectorPower,
    Space,
    ranges_of,
)
from relaysim.engine.evaluate import judge
from relaysim.engine.variants import newest
from relaysim.lean import replace
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.decision import Verdict
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Organization, default_inherited_aces
from relaysim.model.principals import (
    ANONYMOUS_LOGON,
    AUTHENTICATED_USERS,
    EVERYONE,
    WELL_KNOWN,
    Principal,
)
from relaysim.model.rights import Right
from relaysim.model.session import EVERY_KIND, TLS_STATES, AuthKind, Session
from relaysim.net.address import Address

__all__ = ["find_grants"]

_BROAD_SIDS = ("-513", "-514", "-515")
"""How the SIDs of Domain Users, Domain Guests and Domain Computers end, in every language."""
_BUILTIN_SIDS = ("s-1-5-32-545", "s-1-5-32-546")
"""The SIDs of Users and Guests of a server."""
_BROAD = ("domain users", "domain computers", "users", "guests", "domain guests")
_PLAIN = frozenset(
    {
        AuthMechanism.TLS,
        AuthMechanism.INTEGRATED,
        AuthMechanism.BASIC_AUTH,
        AuthMechanism.EXCHANGE_SERVER,
    }
)
_BEYOND = {
    Right.ACCEPT_HEADERS_ORGANIZATION: Severity.HIGH,
    Right.ACCEPT_HEADERS_FOREST: Severity.HIGH,
    Right.BYPASS_ANTI_SPAM: Severity.MEDIUM,
    Right.ACCEPT_AUTHENTICATION_FLAG: Severity.MEDIUM,
    Right.BYPASS_MESSAGE_SIZE_LIMIT: Severity.LOW,
}
_IMPERSONATING = (Right.ACCEPT_ANY_SENDER, Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER)


def find_grants(space: Space) -> Iterator[Finding]:
    """Yield what is wrong with entries."""
    for server in space.surface.servers.values():
        usual = set(default_inherited_aces(server.role, server.domain))
        if server.inherited_aces and set(server.inherited_aces) != usual:
            yield Finding(
                id="inherited-changed",
                severity=Severity.MEDIUM,
                server=server.server,
                what="the inherited entries are not those that setup makes",
            )
    for power in space.each():
        yield from _of(space, power)
    for power in space.disabled:
        yield from _disabled(space, power)


def _disabled(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    """Yield what would wake with a connector that is disabled."""
    organization, connector = power.organization, power.connector
    preset = {ace for group in PermissionGroup for ace in organization.entries_of(group)}
    for ace in dict.fromkeys(connector.acl):
        if ace.inherited or ace.deny or ace in preset:
            continue
        if _decides(space, organization, connector, ace):
            more: dict[str, object] = {
                "principal": ace.principal,
                "right": ace.right,
                "fix": (power.remove(ace),),
            }
            yield _asleep(space, power, ace, "the connector is enabled", more)


def _of(space: Space, power: ConnectorPower) -> Iterator[Finding]:
    connector = power.connector
    if power.is_unsure("entries"):
        yield space.cannot_tell(
            power,
            "acl-unknown",
            Severity.MEDIUM,
            f"the output of `Get-ReceiveConnector '{power.identity}' | Get-ADPermission`",
        )
    preset = power.preset
    for ace in dict.fromkeys(connector.acl):
        if ace.inherited:
            continue
        if ace.deny:
            yield from _deny(space, power, ace, preset)
        elif ace not in preset:
            yield from _allow(space, power, ace)
    entry = Ace(ANONYMOUS_LOGON, Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER)
    if entry in connector.acl and power.strangers and power.may("own_domain_sender", AuthKind.NONE):
        yield space.finding(
            power,
            id="own-domain-from-internet",
            severity=Severity.LOW,
            principal=entry.principal,
            right=entry.right,
            ranges=power.strangers,
            what=f"`{connector.name}` takes own addresses as senders from the Internet",
            fix=(power.remove(entry),),
        )


def _allow(space: Space, power: ConnectorPower, ace: Ace) -> Iterator[Finding]:
    name, who = f"`{power.connector.name}`", ace.principal
    more: dict[str, object] = {"principal": who, "right": ace.right, "fix": (power.remove(ace),)}
    folded = (who.sid or who.name).casefold()
    is_broad = who in (EVERYONE, AUTHENTICATED_USERS) or (
        _plain_name(who) in _BROAD or folded.endswith(_BROAD_SIDS) or folded in _BUILTIN_SIDS
    )
    # What begins so is one of Exchange's own principals, told by no name in some listings.
    is_own = folded.startswith("s-1-9-1419165041-")
    is_unknown = who.name.casefold().startswith("s-1-") and not is_own
    if ace.right in (Right.FULL_CONTROL, Right.ALL_EXTENDED_RIGHTS):
        what = f"{who.name} holds {ace.right.value} on {name}"
        yield space.finding(power, id="full-control", severity=Severity.HIGH, what=what, **more)
    elif is_unknown and not is_broad:
        strong = ace.right in (Right.ACCEPT_ANY_RECIPIENT, *_IMPERSONATING)
        severity = Severity.MEDIUM if strong else Severity.LOW
        what = f"nobody knows who {who.name} is, and it holds {ace.right.value} on {name}"
        yield space.finding(power, id="unresolved-principal", severity=severity, what=what, **more)
    elif is_broad:
        strong = ace.right in (Right.ACCEPT_ANY_RECIPIENT, *_IMPERSONATING)
        severity = Severity.HIGH if strong else Severity.MEDIUM
        what = f"{who.name} holds {ace.right.value} on {name}"
        yield space.finding(power, id="broad-principal", severity=severity, what=what, **more)
    elif who in WELL_KNOWN and ace.right in _BEYOND:
        what = f"{who.name} holds {ace.right.value} on {name}, which no group grants"
        severity = _BEYOND[ace.right]
        yield space.finding(power, id="beyond-groups", severity=severity, what=what, **more)
    elif who not in WELL_KNOWN and ace.right in _IMPERSONATING:
        yield from _impersonation(space, power, ace, more)
    if not _decides(space, power.organization, power.connector, ace):
        yield from _sleeping(space, power, ace, more)


def _impersonation(
    space: Space, power: ConnectorPower, ace: Ace, more: dict[str, object]
) -> Iterator[Finding]:
    name, who = f"`{power.connector.name}`", ace.principal.name
    if power.connector.is_front_end:
        proxies = [
            other
            for other in power.organization.connectors
            if not other.is_front_end and other.name.casefold().startswith("client proxy")
        ]
        verdict = FindingVerdict.VIOLATED if proxies else FindingVerdict.CANNOT_TELL
        moved = [
            each
            for other in proxies
            if (each := space.named.get((power.server, other.name))) is not None
        ]
        if any(ace in other.acl for other in proxies):
            return
        yield space.finding(
            power,
            id="send-as-on-frontend",
            verdict=verdict,
            severity=Severity.LOW,
            what=f"{who} holds {ace.right.value} on {name} alone, where it does nothing",
            missing="" if proxies else "the entries of the connector Client Proxy",
            **{**more, "fix": tuple(each.add(ace) for each in moved)},
        )
        return
    what = f"{who} may send as anyone through {name}"
    yield space.finding(power, id="send-as-anyone", severity=Severity.MEDIUM, what=what, **more)


def _deny(
    space: Space, power: ConnectorPower, ace: Ace, preset: frozenset[Ace]
) -> Iterator[Finding]:
    if ace in preset:
        return
    name, who = f"`{power.connector.name}`", ace.principal.name
    more: dict[str, object] = {
        "principal": ace.principal,
        "right": ace.right,
        "fix": (power.remove(ace),),
    }
    if not _decides(space, power.organization, power.connector, ace):
        what = f"denying {ace.right.value} to {who} on {name} changes nothing for anybody"
        yield space.finding(
            power, id="deny-without-effect", severity=Severity.LOW, what=what, **more
        )
        return
    given = ace._replace(deny=False)
    shown, _ = power.organization.groups_of(power.connector)
    if any(given in power.organization.entries_of(group) for group in shown):
        servers = ace.principal.name.casefold().endswith("servers")
        yield space.finding(
            power,
            id="deny-breaks-preset",
            severity=Severity.HIGH if servers else Severity.MEDIUM,
            what=f"{who} is denied {ace.right.value} on {name}, which its group gives",
            **more,
        )


def _sleeping(
    space: Space, power: ConnectorPower, ace: Ace, more: dict[str, object]
) -> Iterator[Finding]:
    """Yield a grant that decides nothing today and would once one setting changes."""
    connector = power.connector
    submit = Ace(ace.principal, Right.SUBMIT)
    changes = {
        "ExternalAuthoritative is removed": replace(
            connector,
            auth_mechanism=connector.auth_mechanism - {AuthMechanism.EXTERNAL_AUTHORITATIVE},
        ),
        "the principal may submit": replace(connector, acl=(*connector.acl, submit)),
        "authentication is offered": replace(connector, auth_mechanism=_PLAIN),
        "both authentication and submission are possible": replace(
            connector, acl=(*connector.acl, submit), auth_mechanism=_PLAIN
        ),
    }
    for words, changed in changes.items():
        if _decides(space, power.organization, changed, ace):
            yield _asleep(space, power, ace, words, more)
            return


def _asleep(
    space: Space, power: ConnectorPower, ace: Ace, wakes: str, more: dict[str, object]
) -> Finding:
    connector = power.connector
    # One that is disabled answers nobody yet: its ranges say whom it would answer.
    strangers = power.strangers if connector.enabled else ranges_of(connector.remote_ip_ranges)
    relay = ace.carries(Right.ACCEPT_ANY_RECIPIENT) and bool(strangers & GLOBAL)
    return space.finding(
        power,
        id="sleeping-grant",
        severity=Severity.MEDIUM if relay else Severity.LOW,
        what=f"{ace.principal.name} holds {ace.right.value} on `{connector.name}` to no effect; "
        f"it wakes when {wakes}",
        **more,
    )


def _decides(
    space: Space, organization: Organization, connector: ReceiveConnector, ace: Ace
) -> bool:
    """Tell whether leaving an entry out changes what any session gets.

    It is worked out once for connectors that are alike in all that decides.
    """
    key = (
        id(organization),
        ace,
        connector.acl,
        connector.auth_mechanism,
        connector.transport_role,
        connector.require_tls,
        connector.domain_secure_enabled,
        connector.unknown,
        connector.unmodelled,
    )
    found = space.decided.get(key)
    if found is None:
        found = space.decided[key] = _changes(organization, connector, ace)
    return found


def _changes(organization: Organization, connector: ReceiveConnector, ace: Ace) -> bool:
    """Tell whether leaving an entry out changes what any session gets."""
    # Of a version that is not told the newest knows every right.
    organization = newest(organization)
    without = replace(connector, acl=tuple(each for each in connector.acl if each != ace))
    is_known = ace.principal in WELL_KNOWN
    group = () if is_known else (ace.principal.name,)
    for auth in EVERY_KIND:
        for tls in TLS_STATES:
            session = Session(
                ip=Address(4, 0), auth=auth, tls=tls, groups=group if auth.is_account else ()
            )
            before = judge(organization, connector, session)
            after = judge(organization, without, session)
            if _cell(before) != _cell(after):
                return True
    return False


def _cell(verdict: Verdict) -> tuple[object, ...]:
    # Who may not submit does nothing with the other rights it holds.
    idle = verdict.answers.submit.answer is False
    return (
        () if idle else tuple(grant.granted for grant in verdict.rights),
        tuple(answer.answer for answer in verdict.answers),
        verdict.auth_as,
        verdict.refusal,
    )


def _plain_name(principal: Principal) -> str:
    return principal.name.rpartition("\\")[2].casefold()
