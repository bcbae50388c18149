"""What Microsoft's own analysers and pages say should hold of receive connectors.

Source: EXA, HCORD, HCCC, RC16, RCAUTH13, CUST16, NEWRC.
"""

from relaysim.analysis.baselines.control import (
    Audited,
    Baseline,
    Checked,
    Control,
    ControlVerdict,
    each,
    meant_by,
)
from relaysim.analysis.baselines.letters import unrestricted
from relaysim.analysis.findings.finding import Severity
from relaysim.analysis.findings.relay import relaying
from relaysim.analysis.findings.space import ConnectorPower
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.properties.kept import kept_text
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["microsoft"]

_ENTRY = Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT)


def microsoft(version: ExchangeVersion | None, role: ServerRole) -> Baseline:
    """Return what Microsoft says; the same for every version and role."""
    del version, role
    return Baseline("microsoft", "Microsoft's analysers and pages", _controls(), "", ("EXA",))


def _controls() -> tuple[Control, ...]:
    return (*_power(), *_setup())


def _power() -> tuple[Control, ...]:
    return (
        Control(
            "EXA-relay",
            "Anonymous relay",
            "no connector for every address has a relay entry for ANONYMOUS LOGON",
            each(_no_relay_entry, "the entries"),
            "nobody on the Internet relays",
            meant_by("open-relay"),
            lambda power: (power.remove(_ENTRY),),
        ),
        Control(
            "EXA-domains",
            "Accepted domains",
            "no accepted domain is `*`",
            meant_by("accepted-domain-any"),
            "no foreign domain is accepted",
            meant_by("accepted-domain-any", "open-relay"),
        ),
        Control(
            "RC16-secured",
            "Externally secured",
            "no externally secured connector is for every address",
            each(lambda power: not (power.connector.externally_secured and unrestricted(power))),
            "whoever is trusted as an internal server is one",
            meant_by("es-global", "es-beyond-hosts", "es-over-clients", "es-over-exchange"),
        ),
        Control(
            "RC16-basic",
            "TLS before Basic",
            "BasicAuth comes with BasicAuthRequireTLS",
            each(_basic_after_tls),
            "no password crosses the network in clear",
            meant_by("basic-in-clear"),
            known=("Setup itself leaves it out on some connectors of the back end.",),
        ),
    )


def _setup() -> tuple[Control, ...]:
    return (
        Control(
            "HC-certificate",
            "Hybrid certificate",
            "TlsDomainCapabilities come with a TlsCertificateName",
            each(_certificate_named),
            "mail of Exchange Online is told from others",
            meant_by("hybrid-captured", "hybrid-certificate"),
        ),
        Control(
            "CUST16-ranges",
            "Distinguishing ranges",
            "no two connectors have the same ranges on bindings that meet",
            meant_by("no-distinguishing-range", "range-conflict"),
            "which connector answers is documented",
            meant_by("no-distinguishing-range", "range-conflict", "role-conflict"),
        ),
        Control(
            "RC16-setup",
            "Connectors of setup",
            "the connectors of setup are as setup made them",
            meant_by("default-changed"),
            "servers reach each other",
            _servers_meet,
        ),
        Control(
            "support",
            "Version",
            "the version gets security updates",
            meant_by("unsupported-version"),
        ),
    )


def _no_relay_entry(power: ConnectorPower) -> bool | None:
    if not unrestricted(power):
        return True
    if _ENTRY in power.connector.acl:
        return False
    return None if power.is_unsure("entries") and not relaying(power) else True


def _basic_after_tls(power: ConnectorPower) -> bool:
    held = power.connector.auth_mechanism
    return AuthMechanism.BASIC_AUTH not in held or AuthMechanism.BASIC_AUTH_REQUIRE_TLS in held


def _certificate_named(power: ConnectorPower) -> bool:
    named = (kept_text(power.connector, "TlsDomainCapabilities") or "").strip("{} ")
    return not named or bool(kept_text(power.connector, "TlsCertificateName"))


def _servers_meet(audited: Audited) -> Checked:
    """Fail where a connector of setup lost what servers need, or another one takes their place."""
    broken = tuple(
        finding.connector
        for finding in audited.findings
        if finding.id == "default-changed" and finding.severity is Severity.HIGH and finding.is_open
    )
    if broken:
        return Checked(ControlVerdict.NOT_MET, broken)
    return meant_by("exchange-captured")(audited)
