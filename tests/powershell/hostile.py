"""Random configurations whose every text is chosen to break out of a script."""

from dataclasses import replace

from relaysim.builtin.fresh import fresh_server
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector, TransportRole
from relaysim.model.edit import with_connectors
from relaysim.model.organization import AcceptedDomain
from relaysim.model.principals import Principal
from relaysim.model.properties.kept import in_order
from relaysim.model.rights import Right
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.notation import parse_range, parse_socket

__all__ = ["expected_calls", "hostile_configuration", "hostile_text"]

_PIECES = (
    "--%", "'", "\"", "`", "$", "$(Pwn)", "; Pwn #", ";Pwn;", "|Pwn", "& Pwn", "\n Pwn \n", "\r",
    "\t", "#", "{", "}", "(", ")", "@(", "@'", "'@", "<#", "#>", "$x", "-Name",
    "-Confirm:$false", " ", ",", "\u2018", "\u2019", "\u201a", "\u201b", "\u201c", "\u201d",
    "\u201e", "\u2013", "\u2014", "\u0411", "\u0412", "\xd1", "\xc2", "\u0142", "\u0392",
    "\u4e12", "\u4e2d", "\xc1", "caf\xe9", "\U0001f600", "\U0001f611", "\x1b[2J", "\x03", "\x1a",
    "\x7f", "\x9b", "\u202e", "\u202c", "\u200b", "\u2028", "\u2029", "\x85", "\xa0", "\ufeff",
    "\x00", "%PATH%", "\\", "$env:PATH", "$([char]65)", "$null", "007", "1e3", "true", "Relay",
    "a", "Z", "=", "*", "[0]", "~", "!", "\uffff", "\x01", "\x0b",
)  # fmt: skip
_PLAIN = "abcXYZ019-_. "


def hostile_text(random, *, longest=12):
    """Return a text that means harm, or now and then none."""
    if random.random() < 0.1:
        return "--%"
    pieces = [random.choice(_PIECES) for _ in range(random.randint(1, 4))]
    text = "".join(pieces)
    if random.random() < 0.5:
        text = random.choice(_PLAIN) + text
    return text[:longest]


def hostile_configuration(random):
    """Return an organization that a script has to build, and the calls that must arrive."""
    fresh = fresh_server(
        exchange=random.choice([ExchangeVersion.V2007, ExchangeVersion.V2016, ExchangeVersion.SE]),
        role=ServerRole.HUB,
        server=hostile_text(random) if random.random() < 0.2 else "EX01",
        domain="CONTOSO",
    )
    connectors = []
    for number in range(random.randint(1, 2)):
        kept = [
            ("Comment", hostile_text(random)),
            ("TlsCertificateName", hostile_text(random)),
            ("ServiceDiscoveryFqdn", hostile_text(random)),
        ]
        if fresh.exchange is ExchangeVersion.V2007:
            kept = kept[:1]
        role = TransportRole.HUB_TRANSPORT
        if fresh.exchange.has_front_end:
            role = TransportRole.FRONTEND_TRANSPORT
        user = hostile_text(random).replace("\\", "").replace("@", "").strip() or "x"
        connectors.append(
            ReceiveConnector(
                name=hostile_text(random) + str(number),
                bindings=(parse_socket(f"0.0.0.0:{2600 + number}"),),
                remote_ip_ranges=(parse_range("192.0.2.10"),),
                auth_mechanism=frozenset({AuthMechanism.TLS}),
                transport_role=role,
                banner="220 " + hostile_text(random),
                fqdn=hostile_text(random),
                acl=(Ace(Principal(f"CONTOSO\\{user}"), Right.SUBMIT),),
                unmodelled=in_order(kept),
            )
        )
    domain = AcceptedDomain(name="fabrikam.com", label=hostile_text(random))
    organization = with_connectors(fresh, (*fresh.connectors, *connectors))
    organization = replace(organization, accepted_domains=(*organization.accepted_domains, domain))
    return organization, expected_calls(connectors, domain)


def expected_calls(connectors, domain):
    """Return what must arrive, written from the configuration and not by the exporter."""
    texts = {"Banner": "banner", "Fqdn": "fqdn"}
    found = []
    for one in connectors:
        parameters = {name: getattr(one, field) or None for name, field in texts.items()}
        parameters |= {name: text or None for name, text in one.unmodelled}
        found.append(("New-ReceiveConnector", one.name, parameters))
        found += [("Add-ADPermission", one.name, {"User": ace.principal.name}) for ace in one.acl]
    found.append(("New-AcceptedDomain", domain.label, {"DomainName": domain.name}))
    return found
