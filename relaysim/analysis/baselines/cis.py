"""The CIS benchmarks of Exchange 2007 and 2019: what concerns receive connectors.

Source: CIS19, CIS07.
"""

from relaysim.analysis.baselines.control import Baseline, Control, each, meant_by
from relaysim.analysis.baselines.letters import (
    at_most,
    by_eye,
    equals,
    exactly,
    sets,
    unrestricted,
)
from relaysim.model.connector import MEGABYTE, AuthMechanism
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["cis"]

_TLS, _BASIC = AuthMechanism.TLS, AuthMechanism.BASIC_AUTH
_AFTER = AuthMechanism.BASIC_AUTH_REQUIRE_TLS
_SIZE = 25 * MEGABYTE
_TRUST = (
    "open-relay",
    "relay-wide",
    "es-global",
    "es-beyond-hosts",
    "relay-behind-translator",
)


def cis(version: ExchangeVersion | None, role: ServerRole) -> Baseline:
    """Return the benchmark of a version and role, the nearest one where there is none."""
    if version is not None and version <= ExchangeVersion.V2010:
        exact = version is ExchangeVersion.V2007
        remark = "" if exact else "no CIS benchmark of 2010 is known here: this is that of 2007"
        return Baseline("cis", "CIS Exchange 2007", _of_2007(), remark, ("CIS07",))
    edge = role is ServerRole.EDGE
    exact = version is ExchangeVersion.V2019
    shown = f"Exchange {version.value}" if version is not None else "an unknown version"
    title = f"CIS Exchange 2019 v1.0.0 Level 1 {'Edge' if edge else 'Mailbox'}"
    remark = "" if exact else f"no CIS benchmark of {shown} is known here: this is that of 2019"
    first = _edge() if edge else _mailbox()
    return Baseline("cis", title, (first, *_every()), remark, ("CIS19",))


def _mailbox() -> Control:
    return Control(
        "AuthMechanism",
        "Encryption",
        "AuthMechanism is exactly `Tls` on each connector",
        each(exactly(_TLS), "all mechanisms"),
        "TLS is offered to everybody",
        meant_by("no-tls"),
        sets("AuthMechanism", ("Tls",)),
        (
            "It expects no impact; it stops mail between servers and logons on 587.",
            "The Edge part of the same benchmark demands another exact value.",
        ),
    )


def _edge() -> Control:
    return Control(
        "1.12",
        "TLS before Basic",
        "AuthMechanism is exactly `Tls, BasicAuth, BasicAuthRequireTLS` on each connector",
        each(exactly(_TLS, _BASIC, _AFTER), "all mechanisms"),
        "no password crosses the network in clear",
        meant_by("basic-in-clear"),
        sets("AuthMechanism", ("Tls", "BasicAuth", "BasicAuthRequireTLS")),
        (
            "It says that Basic is used where TLS cannot be had; no AUTH is offered then.",
            "The Mailbox part of the same benchmark demands another exact value.",
        ),
    )


def _every() -> tuple[Control, ...]:
    return (
        Control(
            "2.2.5",
            "Message size",
            "MaxMessageSize is 25 MB or less on each connector",
            each(at_most("MaxMessageSize", _SIZE)),
            repair=sets("MaxMessageSize", "25MB"),
        ),
        Control(
            "4.1",
            "Protocol log",
            "ProtocolLoggingLevel is Verbose on each connector",
            each(equals("ProtocolLoggingLevel", "Verbose")),
            "relay leaves a trace",
            meant_by("relay-unlogged"),
            sets("ProtocolLoggingLevel", "Verbose"),
        ),
    )


def _of_2007() -> tuple[Control, ...]:
    return (
        Control(
            "5.1",
            "Accepted domains",
            "accepted domains are restricted",
            meant_by("accepted-domain-any"),
            "no foreign domain is accepted",
            meant_by("accepted-domain-any"),
        ),
        Control(
            "5.4",
            "Smart host",
            "no smart host gets a password without TLS",
            by_eye("Get-SendConnector"),
            "no password crosses the network in clear",
            meant_by("basic-in-clear"),
        ),
        Control(
            "5.18",
            "Remote ranges",
            "remote ranges are restricted on each connector",
            each(lambda power: not unrestricted(power), "all ranges"),
            "whoever is trusted is named",
            meant_by(*_TRUST),
            known=("The default connectors that take mail of the Internet fail it.",),
        ),
    )
