"""The STIGs of Exchange 2016 and 2019, Mailbox and Edge: what concerns receive connectors.

Source: STIG16ED, STIG16MB, STIG19ED, STIG19MB, EVALSTIG.
"""

from typing import NamedTuple

from relaysim.analysis.baselines.control import (
    Audited,
    Baseline,
    Check,
    Checked,
    Control,
    ControlVerdict,
    Repair,
    each,
    meant_by,
)
from relaysim.analysis.baselines.letters import (
    BANNER,
    anonymous_groups,
    at_most,
    by_eye,
    equals,
    exactly,
    no_anonymous,
    one_domain,
    organization_size,
    plain_banner,
    sets,
    transport_setting,
    with_tls,
)
from relaysim.analysis.findings.space import ConnectorPower
from relaysim.model.connector import AuthMechanism
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["stig"]

_TLS, _BASIC = AuthMechanism.TLS, AuthMechanism.BASIC_AUTH
_AFTER = AuthMechanism.BASIC_AUTH_REQUIRE_TLS
_RELAY = (
    "open-relay",
    "relay-wide",
    "relay-on-default",
    "relay-behind-translator",
    "gateway-captured",
    "accepted-domain-any",
)
_EDSP = "Another value is no finding where the EDSP documents and signs it."
_EITHER = (
    "V-259595 and V-259641 (2016: V-221219 and V-221261) demand two different exact values of "
    "AuthMechanism for each connector: none satisfies both."
)
_STOPS = "Either value on an Edge's default connector stops mail from the Mailbox servers."
_DEFAULT = (
    "Microsoft's own default, which does not relay, fails it; a `Custom` connector with a relay "
    "entry made by hand passes it."
)


class _Row(NamedTuple):
    """A control with its ids: 2016 Edge, 2016 Mailbox, 2019 Edge, 2019 Mailbox; or empty."""

    ids: tuple[str, str, str, str]
    title: str
    letter: str
    check: Check
    intent: str = ""
    meant: Check | None = None
    repair: Repair | None = None
    known: tuple[str, ...] = ()


def stig(version: ExchangeVersion | None, role: ServerRole) -> Baseline:
    """Return the STIG of a version and role, the nearest one where there is none."""
    edge = role is ServerRole.EDGE
    new = version is None or version >= ExchangeVersion.V2019
    column = (2 if new else 0) + (0 if edge else 1)
    rows = [row for row in (*_both(edge=edge), *_edge_only()) if row.ids[column]]
    controls = tuple(Control(row.ids[column], row.title, row.letter, *row[3:]) for row in rows)
    product = f"Exchange {'2019' if new else '2016'} {'Edge' if edge else 'Mailbox'}"
    exact = version in (ExchangeVersion.V2016, ExchangeVersion.V2019)
    shown = f"Exchange {version.value}" if version is not None else "an unknown version"
    remark = "" if exact else f"no STIG of {shown} is known here: this is the one of {product}"
    return Baseline("stig", f"STIG {product}", controls, remark, ("STIG19MB", "EVALSTIG"))


def _both(*, edge: bool) -> tuple[_Row, ...]:
    """Return the controls that Edge and Mailbox servers have, some with different texts."""
    return (
        _encryption(edge=edge),
        _anonymous(edge=edge),
        _bounded(
            ("V-221202", "V-228399", "V-259630", "V-259697"),
            "ConnectionTimeout",
            300 if edge else 600,
            "00:05:00" if edge else "00:10:00",
        ),
        _bounded(("V-221226", "V-228384", "V-259599", "V-259678"), "MaxHopCount", 60, "60"),
        _bounded(
            ("V-221229", "V-228383", "V-259600", "V-259680"),
            "MaxRecipientsPerMessage",
            5000,
            "5000",
            "The stricter default of 200 is a finding.",
        ),
        _Row(
            ("V-221231", "V-228382", "V-259607", "V-259677"),
            "Message size",
            "MaxMessageSize equals the organization's MaxReceiveSize on each connector",
            organization_size(equal=True),
            "no connector takes more than the organization",
            organization_size(equal=False),
            known=(_EDSP,),
        ),
        _Row(
            ("V-221258", "V-228408", "V-259638", "V-259707"),
            "Banner",
            f"Banner is exactly `{BANNER}` on each connector",
            each(equals("Banner", BANNER)),
            "no product, version or host is told",
            each(plain_banner),
            sets("Banner", BANNER),
        ),
    )


def _encryption(*, edge: bool) -> _Row:
    ids = ("V-221261", "V-228375", "V-259641", "V-259710")
    meant = "TLS is required where servers talk to each other"
    if edge:
        return _Row(
            ids,
            "Encryption",
            "AuthMechanism is exactly `Tls` on each connector",
            each(exactly(_TLS), "all mechanisms"),
            meant,
            each(_servers_need_tls),
            sets("AuthMechanism", ("Tls",)),
            (_EITHER, _STOPS),
        )
    return _Row(
        ids,
        "Encryption",
        "AuthMechanism contains Tls on each connector",
        each(with_tls, "all mechanisms"),
        meant,
        each(_servers_need_tls),
        sets("AuthMechanism", _tls_too),
        ("It holds for `Tls, ExternalAuthoritative` for the whole Internet.",),
    )


def _tls_too(power: ConnectorPower) -> tuple[str, ...]:
    held = power.connector.auth_mechanism | {_TLS}
    return tuple(one.value for one in AuthMechanism if one in held)


def _servers_need_tls(power: ConnectorPower) -> bool:
    return power.connector.require_tls or not power.may("submit", AuthKind.EXCHANGE)


def _anonymous(*, edge: bool) -> _Row:
    ids = ("V-221245", "V-228391", "V-259622", "V-259687")
    intent, meant = "nobody relays anonymously beyond named hosts", meant_by(*_RELAY)
    if edge:
        return _Row(
            ids,
            "Anonymous clients",
            "no connector that the Internet does not reach has AnonymousUsers",
            each(_inner_no_anonymous, "the permission groups"),
            intent,
            meant,
            sets("PermissionGroups", anonymous_groups),
            (f"{_DEFAULT} Its automated check ignores that only inner connectors are meant.",),
        )
    return _Row(
        ids,
        "Anonymous clients",
        "no connector has AnonymousUsers (the title says: internal ones)",
        each(no_anonymous, "the permission groups"),
        intent,
        meant,
        sets("PermissionGroups", ("ExchangeUsers",)),
        (f"{_DEFAULT} Its fix ends inbound mail of the Internet.",),
    )


def _inner_no_anonymous(power: ConnectorPower) -> bool | None:
    return True if power.strangers else no_anonymous(power)


def _bounded(
    ids: tuple[str, str, str, str], name: str, most: int, text: str, more: str = ""
) -> _Row:
    return _Row(
        ids,
        name,
        f"{name} is exactly {text} on each connector",
        each(equals(name, most)),
        f"{name} is {text} or less",
        each(at_most(name, most)),
        sets(name, text),
        tuple(filter(None, (_EDSP, more))),
    )


def _edge_only() -> tuple[_Row, ...]:
    return (
        _Row(
            ("V-221219", "", "V-259595", ""),
            "TLS before Basic",
            "AuthMechanism is exactly `Tls, BasicAuth, BasicAuthRequireTLS` on each connector "
            "(the title says: those that face the Internet)",
            each(exactly(_TLS, _BASIC, _AFTER), "all mechanisms"),
            "no password crosses the network in clear",
            meant_by("basic-in-clear"),
            sets("AuthMechanism", ("Tls", "BasicAuth", "BasicAuthRequireTLS")),
            (_EITHER, _STOPS, "It also offers AUTH that always fails (basic-for-nothing)."),
        ),
        _Row(
            ("V-221204", "", "V-259579", ""),
            "Accepted domains",
            "Default is True for every accepted domain",
            one_domain,
            "no foreign domain is accepted",
            meant_by("accepted-domain-any"),
            known=("Only one domain can be the default: two domains cannot satisfy it.",),
        ),
        _Row(
            ("V-221206", "", "V-259580", ""),
            "Domain Secure",
            "DomainSecureEnabled is True on each connector (the title says: external ones)",
            each(lambda power: power.connector.domain_secure_enabled),
            "mutual TLS with the partners that are listed",
            _partners,
            sets("DomainSecureEnabled", value=True),
        ),
        _Row(
            ("V-221230", "", "V-259606", ""),
            "Connections",
            "MaxInboundConnection is 5000 on each connector that the Internet reaches",
            each(lambda power: not power.strangers or _connections(power) == _MOST),
            "connections are bounded",
            each(lambda power: isinstance(_connections(power), int)),
            sets("MaxInboundConnection", str(5000)),
            (_EDSP,),
        ),
        _Row(
            ("V-221244", "", "V-259621", ""),
            "Tarpit",
            "TarpitInterval is 00:00:05 or more on each connector",
            each(lambda power: not at_most("TarpitInterval", 4)(power)),
            "wrong recipients are answered slowly",
            meant_by("tarpit-off"),
            sets("TarpitInterval", "00:00:05"),
        ),
        _Row(
            ("V-221228", "", "V-259605", ""),
            "Chunking",
            "ChunkingEnabled is True on each connector",
            each(lambda power: power.connector.chunking_enabled),
            repair=sets("ChunkingEnabled", value=True),
        ),
        _Row(
            ("V-221227", "", "V-259604", ""),
            "Naming",
            "each connector is clearly named",
            by_eye("a reader of the names"),
            "somebody can say what each connector is for",
            meant_by("purpose-unclear"),
        ),
    )


_MOST = 5000


def _connections(power: ConnectorPower) -> object:
    from relaysim.analysis.findings.limits import setting

    return setting(power, "MaxInboundConnection")


def _partners(audited: Audited) -> Checked:
    listed = transport_setting(audited, "TLSReceiveDomainSecureList")
    if listed is None:
        missing = "Get-TransportConfig: TLSReceiveDomainSecureList"
        return Checked(ControlVerdict.CANNOT_TELL, (), missing)
    if not listed:
        return Checked(ControlVerdict.MET)
    return each(lambda power: not power.strangers or power.connector.domain_secure_enabled)(audited)
