"""The catalogue: every finding with its stable id, title, severity and why it matters.

Source: EXA, RC16, NEWRC, SETRC, RCUI07, NDR16, P365C.
"""

from typing import NamedTuple

from relaysim.analysis.findings.finding import Severity

__all__ = ["RULES", "FindingRule"]


class FindingRule(NamedTuple):
    """What is known of a finding before any configuration is looked at.

    Attributes:
        title: One line.
        severity: How bad it is at its worst.
        why: Why it matters, one or two sentences.
    """

    title: str
    severity: Severity
    why: str


_C, _H, _M, _L, _N = Severity

RULES: dict[str, FindingRule] = {
    # Relay power
    "open-relay": FindingRule(
        "Anyone on the Internet may relay",
        _C,
        "Strangers send through the server to anybody; it is listed as a source of spam at once.",
    ),
    "accepted-domain-any": FindingRule(
        "Every domain counts as accepted",
        _C,
        "With the accepted domain `*` nothing is relay, so whoever may submit may send anywhere.",
    ),
    "relay-on-default": FindingRule(
        "Relay right on a connector of setup",
        _H,
        "The connector that setup made answers everybody whom no other one answers: what it grants "
        "reaches the Internet as soon as a range is widened.",
    ),
    "relay-wide": FindingRule(
        "More hosts may relay than are named",
        _H,
        "Every host of the range may send as anyone to anyone, a desktop with malware included.",
    ),
    "relay-behind-translator": FindingRule(
        "Everyone behind a balancer may relay",
        _C,
        "The server sees the balancer's address, so its right is the right of all its clients.",
    ),
    "gateway-captured": FindingRule(
        "Internet mail arrives through the relay connector",
        _H,
        "What a gateway passes on from the Internet gets the right to relay, and where anti-spam "
        "is bypassed, no filtering.",
    ),
    "relay-unlogged": FindingRule(
        "Relay leaves no trace",
        _M,
        "Without a protocol log nobody can tell who relayed, or whether anybody still does.",
    ),
    "account-relay-internet": FindingRule(
        "Any account may relay from the Internet",
        _M,
        "One stolen password is enough to send to anybody.",
    ),
    # Externally secured
    "es-global": FindingRule(
        "Internet addresses are trusted as internal servers",
        _C,
        "They relay, use any sender, count as internal and pass no anti-spam filter.",
    ),
    "es-beyond-hosts": FindingRule(
        "Whole networks are trusted as internal servers",
        _H,
        "Every host of them relays, uses any sender and counts as internal.",
    ),
    "es-over-exchange": FindingRule(
        "Own Exchange servers fall into an externally secured connector",
        _H,
        "AUTH is not offered there, and headers of the organization and the forest are removed.",
    ),
    "es-over-clients": FindingRule(
        "Desktops are trusted as internal servers",
        _H,
        "Any desktop may send as anyone, and Outlook shows the name as if it were checked.",
    ),
    "es-needs-proof": FindingRule(
        "External security cannot be seen here",
        _N,
        "Externally secured means secured by IPsec, a VPN or a trusted network, which is not in "
        "the configuration.",
    ),
    # Grants
    "sleeping-grant": FindingRule(
        "A grant decides nothing today",
        _L,
        "It comes to life when one setting changes, and nobody will remember it then.",
    ),
    "deny-without-effect": FindingRule(
        "A deny decides nothing",
        _L,
        "Somebody believes that it protects.",
    ),
    "deny-breaks-preset": FindingRule(
        "A deny takes away what a group gives",
        _H,
        "Sessions that the permission group is for are refused.",
    ),
    "beyond-groups": FindingRule(
        "A right no permission group grants",
        _H,
        "The right is shown by no permission group, so that nobody sees it in the console.",
    ),
    "full-control": FindingRule(
        "Full control for an unexpected principal",
        _H,
        "It carries every right, those of servers included.",
    ),
    "unresolved-principal": FindingRule(
        "A grant to an unknown SID",
        _M,
        "The account is gone or from elsewhere; nobody can say who holds the right.",
    ),
    "broad-principal": FindingRule(
        "A grant to everybody",
        _H,
        "Every account of the domain holds the right.",
    ),
    "send-as-anyone": FindingRule(
        "An account may send as anyone",
        _M,
        "Mail in a colleague's name is not told apart from his own.",
    ),
    "send-as-on-frontend": FindingRule(
        "Send-as rights where they do nothing",
        _L,
        "An account's session is judged on the Client Proxy connector (P-3).",
    ),
    "own-domain-from-internet": FindingRule(
        "Internet senders may use own addresses",
        _L,
        "It is the default, and risk assessments report it all the same.",
    ),
    "acl-unknown": FindingRule(
        "Rights not in the input",
        _M,
        "Custom is shown, and the entries behind it are not known (G-3).",
    ),
    "inherited-changed": FindingRule(
        "Inherited entries differ from setup's",
        _M,
        "They reach every connector of the organization.",
    ),
    # Selection and structure
    "exchange-captured": FindingRule(
        "A relay connector captures Exchange servers",
        _H,
        "The server's sessions cannot authenticate there (451 5.7.3), and its queues stop.",
    ),
    "hybrid-captured": FindingRule(
        "A connector captures Exchange Online",
        _H,
        "Mail from Exchange Online counts as anonymous.",
    ),
    "hybrid-certificate": FindingRule(
        "Hybrid connector without a usable certificate name",
        _M,
        "Exchange Online's mail is told by the certificate that is named.",
    ),
    "default-changed": FindingRule(
        "A connector of setup was changed",
        _H,
        "Mail between servers, health probes and updates rely on what setup made.",
    ),
    "no-inbound": FindingRule(
        "Nobody outside may deliver",
        _M,
        "Where the server is published, mail from the Internet is refused.",
    ),
    "unreachable": FindingRule(
        "A connector never answers",
        _M,
        "Somebody believes that it works; narrower ranges of others take all of its clients.",
    ),
    "shadowed-range": FindingRule(
        "A range never answers",
        _N,
        "Narrower ranges of other connectors take all of its clients.",
    ),
    "no-distinguishing-range": FindingRule(
        "Two connectors for the same clients",
        _H,
        "Their ranges are equal, so that which one answers is not documented (S-4).",
    ),
    "range-conflict": FindingRule(
        "Ranges Exchange would refuse",
        _H,
        "The shell refuses such a pair, so the input is stale or made by hand (V-4).",
    ),
    "role-conflict": FindingRule(
        "Two services on one port",
        _H,
        "Both claim the same address and port; only one can have it (P-4).",
    ),
    "role-port": FindingRule(
        "Port of the other service",
        _M,
        "The back end on a client's port bypasses the front end, or the reverse.",
    ),
    "foreign-binding": FindingRule(
        "Binding to an address the server lacks",
        _M,
        "Nobody can connect to it; often clients were written into Bindings.",
    ),
    "servers-differ": FindingRule(
        "Servers answer one connector's clients differently",
        _M,
        "What works depends on the server that a balancer picks.",
    ),
    "stale-range": FindingRule(
        "Nobody comes from a range",
        _N,
        "Rights of clients that are gone are rights for whoever gets their addresses.",
    ),
    # Authentication and TLS
    "basic-in-clear": FindingRule(
        "Passwords without TLS",
        _H,
        "The password crosses the network before anything is refused.",
    ),
    "basic-for-nothing": FindingRule(
        "Logon offered that can never succeed",
        _L,
        "Passwords are asked for although no account may submit.",
    ),
    "no-tls": FindingRule("TLS not offered", _M, "All mail crosses the network in clear."),
    "tls-not-required": FindingRule(
        "TLS not required", _L, "A client that does not ask for TLS sends in clear."
    ),
    "tls-required-inbound": FindingRule(
        "TLS required from the Internet", _M, "Servers without STARTTLS are refused (451 5.7.3)."
    ),
    "servers-group-without-auth": FindingRule(
        "Group for servers that cannot authenticate",
        _L,
        "ExchangeServers is set, and nothing offered lets a server be one.",
    ),
    "invalid-combination": FindingRule(
        "Settings Exchange refuses together",
        _M,
        "The input is stale or wrong, and so may be the answers.",
    ),
    # Limits, wording, life cycle
    "tarpit-off": FindingRule("No tarpit", _L, "Addresses can be guessed quickly."),
    "limit-timeout": FindingRule(
        "Long connections", _L, "A client may hold a connection longer than the profile allows."
    ),
    "limit-hops": FindingRule(
        "Many hops", _L, "A loop goes round longer than the profile allows before it is stopped."
    ),
    "limit-connections": FindingRule(
        "Many connections at once", _L, "One storm of connections may take all of the server."
    ),
    "limit-recipients": FindingRule(
        "Many recipients in one message", _L, "One message reaches more than the profile allows."
    ),
    "limit-size": FindingRule(
        "Large messages", _L, "Messages may be larger than the profile allows."
    ),
    "chunking-off": FindingRule("CHUNKING is off", _N, "Large messages take longer."),
    "banner-default": FindingRule(
        "Banner names the product", _N, "The default banner tells host and product."
    ),
    "purpose-unclear": FindingRule(
        "A connector without a comment", _N, "Nobody knows who needs it, so nobody removes it."
    ),
    "unsupported-version": FindingRule(
        "Version without security updates",
        _M,
        "Holes stay open, and Exchange Online throttles old servers.",
    ),
    "outbound-proxy-open": FindingRule(
        "Port 717 answers everyone", _N, "The default; only own servers need it."
    ),
    "accept-unused": FindingRule(
        "An acceptance matches nothing",
        _L,
        "What it accepted is gone or has grown; it would hide the next one.",
    ),
}
"""Every finding by its id, in the order of reports."""
