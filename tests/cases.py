"""Plain data to model values and back, and a decision as the oracle would say it."""

import relaysim
from relaysim.model.acl import Ace
from relaysim.model.connector import (
    AuthMechanism,
    ReceiveConnector,
    SizeMode,
    TransportRole,
    parse_mechanism,
)
from relaysim.model.groups import parse_group, preset
from relaysim.model.organization import (
    AcceptedDomain,
    Account,
    DomainType,
    one_server,
)
from relaysim.model.principals import parse_principal
from relaysim.model.rights import parse_right
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import parse_address
from relaysim.net.notation import parse_range, parse_socket


def organization_of(plain):
    """Return the model value of a plain organization, through the public parsers."""
    domain = plain["domain"]
    return one_server(
        exchange=ExchangeVersion(plain["exchange"]),
        server=plain["server"],
        role=ServerRole(plain["role"]),
        domain=domain,
        accepted_domains=tuple(
            AcceptedDomain(
                name=accepted["name"],
                type=DomainType(accepted["type"]),
                match_sub_domains=accepted["match_sub_domains"],
            )
            for accepted in plain["accepted_domains"]
        ),
        connectors=tuple(connector_of(connector, plain) for connector in plain["connectors"]),
        inherited_aces=tuple(ace_of(ace, domain) for ace in plain["inherited_aces"]),
        accounts=tuple(
            Account(
                name=parse_principal(account["name"], domain),
                groups=tuple(parse_principal(group, domain) for group in account["groups"]),
                addresses=tuple(account["addresses"]),
                send_as=tuple(account["send_as"]),
            )
            for account in plain["accounts"]
        ),
    )


def connector_of(plain, organization):
    acl: list[Ace] = []
    for group in plain["permission_groups"]:
        acl += preset(
            parse_group(group),
            exchange=ExchangeVersion(organization["exchange"]),
            role=ServerRole(organization["role"]),
            domain=organization["domain"],
        )
    acl += [ace_of(ace, organization["domain"]) for ace in plain["acl"]]
    mechanisms = [parse_mechanism(name) for name in plain["auth_mechanism"]]
    return ReceiveConnector(
        name=plain["name"],
        enabled=plain["enabled"],
        bindings=tuple(parse_socket(text) for text in plain["bindings"]),
        remote_ip_ranges=tuple(parse_range(text) for text in plain["remote_ip_ranges"]),
        auth_mechanism=frozenset(m for m in mechanisms if isinstance(m, AuthMechanism)),
        acl=tuple(acl),
        transport_role=TransportRole(plain["transport_role"]),
        require_tls=plain["require_tls"],
        domain_secure_enabled=plain["domain_secure_enabled"],
        max_message_size=plain["max_message_size"],
        max_recipients_per_message=plain["max_recipients_per_message"],
        size_enabled=SizeMode(plain["size_enabled"]),
    )


def ace_of(plain, domain):
    return Ace(
        parse_principal(plain["principal"], domain),
        parse_right(plain["right"]),
        plain["deny"],
        plain["inherited"],
    )


def session_of(plain):
    local = plain["local_ip"]
    return Session(
        ip=parse_address(plain["ip"]),
        local_ip=None if local is None else parse_address(local),
        port=plain["port"],
        auth=AuthKind(plain["auth"]),
        user=plain["user"],
        groups=tuple(plain["groups"]),
        tls=plain["tls"],
        mail_from=plain["mail_from"],
        header_from=plain["header_from"],
        rcpt_to=tuple(plain["rcpt_to"]),
        size=plain["size"],
    )


def plain_organization(organization):
    """Return a model organization as the oracle's plain data, groups written out as entries."""
    return {
        "exchange": organization.exchange.value,
        "server": organization.server,
        "role": organization.role.value,
        "domain": organization.domain,
        "accepted_domains": [
            {"name": d.name, "type": d.type.value, "match_sub_domains": d.match_sub_domains}
            for d in organization.accepted_domains
        ],
        "inherited_aces": [plain_ace(ace) for ace in organization.inherited_aces],
        "accounts": [
            {
                "name": account.name.name,
                "groups": [group.name for group in account.groups],
                "addresses": list(account.addresses),
                "send_as": list(account.send_as),
            }
            for account in organization.accounts
        ],
        "connectors": [
            {
                "name": c.name,
                "enabled": c.enabled,
                "bindings": [str(binding) for binding in c.bindings],
                "remote_ip_ranges": [str(a_range) for a_range in c.remote_ip_ranges],
                "auth_mechanism": sorted(mechanism.value for mechanism in c.auth_mechanism),
                "permission_groups": [],
                "acl": [plain_ace(ace) for ace in c.acl],
                "transport_role": c.transport_role.value,
                "require_tls": c.require_tls,
                "domain_secure_enabled": c.domain_secure_enabled,
                "max_message_size": c.max_message_size,
                "max_recipients_per_message": c.max_recipients_per_message,
                "size_enabled": c.size_enabled.value,
            }
            for c in organization.connectors
        ],
    }


def plain_ace(ace):
    return {
        "principal": ace.principal.name,
        "right": ace.right.value,
        "deny": ace.deny,
        "inherited": ace.inherited,
    }


def plain_session(session):
    """Return a model session as the oracle's plain data."""
    return {
        "ip": str(session.ip),
        "local_ip": None if session.local_ip is None else str(session.local_ip),
        "port": session.port,
        "auth": session.auth.value,
        "user": session.user,
        "groups": list(session.groups),
        "tls": session.tls,
        "mail_from": session.mail_from,
        "header_from": session.header_from,
        "rcpt_to": list(session.rcpt_to),
        "size": session.size,
    }


def said_by_engine(organization, session):
    """Evaluate with the engine; return the decision in the oracle's shape."""
    decision = relaysim.evaluate(organization, session)
    refusal, undecided = decision.refusal, decision.undecided
    return {
        "connector": text_of(decision.connector, "name"),
        "range": None if decision.range is None else str(decision.range),
        "binding": None if decision.binding is None else str(decision.binding),
        "lost": {
            lost.name: (lost.reason.value, None if lost.range is None else str(lost.range))
            for lost in decision.lost
        },
        "principals": [principal.key for principal in decision.principals],
        "rights": {
            grant.right.value: (
                grant.granted,
                grant.because.value,
                None if grant.ace is None else grant.ace.principal.key,
                grant.source,
                None if grant.ace is None else grant.ace.inherited,
            )
            for grant in decision.rights
        },
        "answers": {
            name: (answer.answer, answer.because.value, answer.rule, text_of(answer.right, "value"))
            for name, answer in decision.answers._asdict().items()
        },
        "auth_as": text_of(decision.auth_as, "value"),
        "refusal": None
        if refusal is None
        else {
            "stage": refusal.stage.value,
            "reply": refusal.reply,
            "because": refusal.because.value,
            "rule": refusal.rule,
            "right": text_of(refusal.right, "value"),
            "recipient": refusal.recipient,
        },
        "assumptions": {(a.rule, tuple(sorted(a.affects))) for a in decision.assumptions},
        "undecided": None
        if undecided is None
        else {"rule": undecided.rule, "fact": undecided.fact},
    }


def text_of(value, attribute):
    return None if value is None else getattr(value, attribute)


def differences(expected, actual):
    """Return the lines in which two sayings differ, empty when they agree."""
    expected = expected | {"principals": [name.casefold() for name in expected["principals"]]}
    lines = []
    for part, wanted in expected.items():
        found = actual[part]
        if found == wanted:
            continue
        if isinstance(wanted, dict) and isinstance(found, dict):
            lines += [
                f"{part}.{name}: oracle {wanted.get(name)!r}, engine {found.get(name)!r}"
                for name in sorted(wanted.keys() | found.keys())
                if wanted.get(name) != found.get(name)
            ]
        else:
            lines.append(f"{part}: oracle {wanted!r}, engine {found!r}")
    return lines
