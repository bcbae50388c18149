"""The whole audit: every finding of the catalogue decided, each with one of three verdicts."""

from collections.abc import Iterable

from relaysim.analysis.findings.authentication import find_authentication
from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import Finding, FindingVerdict, Severity
from relaysim.analysis.findings.grants import find_grants
from relaysim.analysis.findings.limits import find_limits
from relaysim.analysis.findings.relay import find_relay
from relaysim.analysis.findings.secured import find_secured
from relaysim.analysis.findings.setup import find_setup
from relaysim.analysis.findings.space import AuditContext, ConnectorPower, Space
from relaysim.analysis.findings.structure import find_structure
from relaysim.analysis.findings.surroundings import find_surroundings
from relaysim.lean import replace, uncollected
from relaysim.model.organization import Organization
from relaysim.net.addrset import NOTHING, AddressSet

__all__ = ["audit", "sorted_findings"]

_FINDERS = (
    find_relay,
    find_secured,
    find_grants,
    find_structure,
    find_surroundings,
    find_setup,
    find_authentication,
    find_limits,
)
_POWER = (
    "open-relay",
    "relay-wide",
    "relay-on-default",
    "account-relay-internet",
    "beyond-groups",
    "broad-principal",
    "full-control",
    "send-as-anyone",
)
"""What hangs on entries: where not all of them are known, it never holds."""
_SECURED = ("es-global", "es-beyond-hosts")
_SELECTION = ("bindings", "remote_ip_ranges")


def audit(
    organization: Organization, context: AuditContext, *, leave_out: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Return every finding of the catalogue, decided: violated, holds, or cannot tell.

    A rule that is violated nowhere, and everywhere decided, comes once as *holds*.

    Args:
        organization: The servers.
        context: What else is needed.
        leave_out: Ids of rules that are not asked about.
    """
    with uncollected():
        return _audited(Space(organization, context), frozenset(leave_out))


def _audited(space: Space, left_out: frozenset[str]) -> tuple[Finding, ...]:
    found = [finding for find in _FINDERS for finding in find(space) if finding.id not in left_out]
    found = [_safe(space, _rested(space, _undecided_entries(space, finding))) for finding in found]
    found += _unknown_power(space, found, left_out)
    found += _not_shown(space, found, left_out)
    seen = {finding.id for finding in found}
    found += [
        Finding(id=id_, verdict=FindingVerdict.HOLDS, severity=rule.severity)
        for id_, rule in RULES.items()
        if id_ not in seen and id_ not in left_out and id_ != "accept-unused"
    ]
    return sorted_findings(_once(found))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without those that are there already."""
    # Only those of one connector and rule can be equal: to hash the ranges of all takes longer.
    known: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        key = finding.id, finding.server, finding.connector, finding.what
        same = known.setdefault(key, [])
        if finding not in same:
            same.append(finding)
    return [finding for same in known.values() for finding in same]


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings worst first: violated, cannot tell, holds; then by severity and place."""
    worst = (FindingVerdict.VIOLATED, FindingVerdict.CANNOT_TELL, FindingVerdict.HOLDS)
    verdicts = {verdict: place for place, verdict in enumerate(worst)}
    severities = {severity: place for place, severity in enumerate(Severity)}
    order = {id_: place for place, id_ in enumerate(RULES)}

    def rank(finding: Finding) -> tuple[object, ...]:
        place = finding.server.casefold(), finding.connector.casefold(), finding.key
        severity = severities[finding.severity]
        return verdicts[finding.verdict], severity, order[finding.id], place, finding.what

    return tuple(sorted(findings, key=rank))


def _undecided_entries(space: Space, finding: Finding) -> Finding:
    """Turn what an unknown entry could undo into *cannot tell*."""
    if finding.id not in _POWER or finding.verdict is not FindingVerdict.VIOLATED:
        return finding
    power = space.named.get((finding.server, finding.connector))
    if power is None or not power.is_unsure("entries") or power.connector.externally_secured:
        return finding
    return replace(
        finding, verdict=FindingVerdict.CANNOT_TELL, missing=_entries_of(power), witness=None
    )


_WHOLE = ("Bindings", "RemoteIPRanges", "AuthMechanism", "TransportRole")
_RESTS_ON = {
    "relay-unlogged": ("ProtocolLoggingLevel",),
    "exchange-captured": ("AuthMechanism",),
    "hybrid-captured": ("AuthMechanism", "TlsDomainCapabilities"),
    "default-changed": ("Enabled", "PermissionGroups", *_WHOLE),
    "invalid-combination": ("RequireTLS", "DomainSecureEnabled", "Fqdn", *_WHOLE),
    "basic-in-clear": ("AuthMechanism",),
    "basic-for-nothing": ("Enabled", "Bindings", "RemoteIPRanges"),
    "no-tls": ("AuthMechanism",),
    "servers-group-without-auth": ("AuthMechanism",),
    "tls-not-required": ("RequireTLS",),
    "tls-required-inbound": ("RequireTLS",),
    "tarpit-off": ("TarpitInterval",),
    "limit-timeout": ("ConnectionTimeout",),
    "limit-hops": ("MaxHopCount",),
    "limit-recipients": ("MaxRecipientsPerMessage",),
    "limit-connections": ("MaxInboundConnection",),
    "limit-size": ("MaxMessageSize",),
    "chunking-off": ("ChunkingEnabled",),
    "banner-default": ("Banner",),
    "purpose-unclear": ("Comment",),
}
"""What a finding would not be, were it otherwise: where it is not known, nothing is decided."""
_SHOWN_ALONE = tuple(id_ for id_ in _RESTS_ON if id_.startswith(("limit-", "tarpit-", "chunking-")))
"""What holds of a default as well as it may be violated by it."""


def _hidden(power: ConnectorPower, id_: str) -> str:
    """Return what is not known of what a rule rests on, and what tells it; empty for nothing."""
    names = [name for name in _RESTS_ON.get(id_, ()) if not power.knows(name)]
    shown = ",".join(names)
    return f"{shown}: `Get-ReceiveConnector '{power.identity}' | fl {shown}`" if names else ""


def _rested(space: Space, finding: Finding) -> Finding:
    """Turn a finding that rests on a property that is not known into *cannot tell*."""
    power = space.named.get((finding.server, finding.connector))
    if power is None or finding.verdict is not FindingVerdict.VIOLATED:
        return finding
    missing = _hidden(power, finding.id)
    if not missing:
        return finding
    return replace(
        finding, verdict=FindingVerdict.CANNOT_TELL, missing=missing, fix=(), witness=None
    )


_SET_WHOLE = {
    "Bindings": ("bindings",),
    "RemoteIPRanges": ("remote_ip_ranges",),
    "AuthMechanism": ("auth_mechanism",),
    "PermissionGroups": ("entries", "permission_groups"),
}


def _safe(space: Space, finding: Finding) -> Finding:
    """Leave out a fix that sets a list of which not everything is known: it would drop the rest."""
    power = space.named.get((finding.server, finding.connector))
    if not finding.fix or power is None or not power.connector.unknown:
        return finding
    names = {
        name
        for line in finding.fix
        for command in line
        if command.name == "Set-ReceiveConnector"
        for name, _ in command.arguments
    }
    if not any(power.is_unsure(*keys) for name, keys in _SET_WHOLE.items() if name in names):
        return finding
    return replace(finding, fix=())


def _untold(power: ConnectorPower, id_: str, missing: str, ranges: AddressSet = NOTHING) -> Finding:
    """Return the finding of a rule that cannot be told of a connector."""
    return Finding(
        id=id_,
        verdict=FindingVerdict.CANNOT_TELL,
        severity=RULES[id_].severity,
        server=power.server,
        connector=power.connector.name,
        ranges=ranges,
        endpoints=power.all_places,
        missing=missing,
    )


def _not_shown(space: Space, found: list[Finding], left_out: frozenset[str]) -> list[Finding]:
    """Return what cannot be told of limits that are not known."""
    here = {(each.id, each.server, each.connector) for each in found}
    return [
        _untold(power, id_, missing)
        for power in space.each()
        for id_ in _SHOWN_ALONE
        if id_ not in left_out and (id_, power.server, power.connector.name) not in here
        for missing in [_hidden(power, id_)]
        if missing
    ]


def _unknown_power(space: Space, found: list[Finding], left_out: frozenset[str]) -> list[Finding]:
    """Return what cannot be told because entries, ranges or bindings are not all known."""
    more = []
    for power in space.each():
        missing, ids = "", list(_POWER)
        if power.is_unsure("entries"):
            missing = _entries_of(power)
        elif power.is_unsure(*_SELECTION):
            missing = f"all ranges and bindings: `Get-ReceiveConnector '{power.identity}' | fl`"
        if power.is_unsure("auth_mechanism", *_SELECTION):
            missing = f"all of its properties: `Get-ReceiveConnector '{power.identity}' | fl`"
            ids += _SECURED
        if not missing:
            continue
        here = {
            finding.id
            for finding in found
            if finding.server == power.server and finding.connector == power.connector.name
        }
        more += [
            _untold(power, id_, missing, power.everybody)
            for id_ in ids
            if id_ not in here and id_ not in left_out
        ]
    return more


def _entries_of(power: ConnectorPower) -> str:
    return f"its entries: `Get-ReceiveConnector '{power.identity}' | Get-ADPermission`"
