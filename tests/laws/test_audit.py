"""Planted widenings are all found, and every range that is reported has a true witness.

``RELAYSIM_PLANTED=10000`` asks as many random organizations, from number ``RELAYSIM_DEEP_FROM`` on.
"""

import os
import random

import pytest

from relaysim import Session, evaluate
from relaysim.analysis.findings.audit import audit
from relaysim.analysis.findings.finding import FindingVerdict
from relaysim.analysis.findings.space import GLOBAL
from relaysim.cli.weighing.audit import context_of
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.edit import with_connectors
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import AcceptedDomain, default_inherited_aces, one_server
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import Address, parse_address
from relaysim.net.notation import parse_range, parse_socket
from relaysim.policy.policy import Policy

CASES = int(os.environ.get("RELAYSIM_PLANTED", "120"))
FIRST = int(os.environ.get("RELAYSIM_DEEP_FROM", "0"))
PRIVATE = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "192.168.0.0/16", "10.1.2.3", "fd00::/8"]
PUBLIC = ["8.8.8.0/24", "8.8.0.0/16", "9.9.9.9", "8.8.8.8-8.8.8.20", "0.0.0.0/0", "2600::/16"]
BINDINGS = [["0.0.0.0:25"], ["0.0.0.0:25", "[::]:25"], ["10.0.0.1:25"], ["0.0.0.0:587"]]
GROUPS = [
    (),
    (PermissionGroup.ANONYMOUS_USERS,),
    (PermissionGroup.EXCHANGE_USERS,),
    (PermissionGroup.EXCHANGE_SERVERS,),
    (PermissionGroup.ANONYMOUS_USERS, PermissionGroup.EXCHANGE_SERVERS),
]
RELAY = Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT)
SPARE = {4: parse_address("10.77.0.1"), 6: parse_address("fd77::1")}
FOREIGN = "someone@relay.invalid"


def connector(draw, organization, name, *, ranges, plant=None):
    groups: tuple[PermissionGroup, ...] = draw.choice(GROUPS)
    mechanisms = {AuthMechanism.TLS} if draw.random() < 0.8 else set()
    if AuthMechanism.TLS in mechanisms and draw.random() < 0.3:
        mechanisms |= {AuthMechanism.INTEGRATED, AuthMechanism.EXCHANGE_SERVER}
    more: tuple[Ace, ...] = ()
    if plant == "entry":
        groups, more = (PermissionGroup.ANONYMOUS_USERS,), (RELAY,)
    if plant == "secured":
        groups = (PermissionGroup.EXCHANGE_SERVERS,)
        mechanisms = {AuthMechanism.TLS, AuthMechanism.EXTERNAL_AUTHORITATIVE}
    acl = tuple(ace for group in groups for ace in organization.entries_of(group))
    return ReceiveConnector(
        name=name,
        enabled=plant is not None or draw.random() < 0.9,
        bindings=tuple(map(parse_socket, draw.choice(BINDINGS))),
        remote_ip_ranges=tuple(map(parse_range, ranges)),
        auth_mechanism=frozenset(mechanisms),
        require_tls=AuthMechanism.TLS in mechanisms and draw.random() < 0.1,
        acl=(*acl, *more),
    )


def planted(seed):
    """Return an organization with one widening, and the name of the connector that has it."""
    draw = random.Random(seed)  # noqa: S311  # the same organizations every time
    base = one_server(
        exchange=draw.choice([ExchangeVersion.V2007, ExchangeVersion.V2010]),
        accepted_domains=(AcceptedDomain(name="contoso.com"),),
        inherited_aces=default_inherited_aces(ServerRole.HUB, "CONTOSO"),
    )
    made = []
    for number in range(draw.randrange(5)):
        some = draw.sample(PRIVATE + PUBLIC, draw.randrange(1, 4))
        made.append(connector(draw, base, f"Connector {number}", ranges=some))
    some = [*draw.sample(PRIVATE, draw.randrange(3)), draw.choice(PUBLIC)]
    made.append(
        connector(draw, base, "Planted", ranges=some, plant=draw.choice(["entry", "secured"]))
    )
    draw.shuffle(made)
    return with_connectors(base, made)


def asked(organization, ip, endpoint, *, tls):
    session = Session(
        ip=ip,
        port=endpoint.port,
        # An address that nobody is bound to stands for every one without a binding of its own.
        local_ip=SPARE[ip.family] if endpoint.is_any else endpoint.address,
        auth=AuthKind.NONE,
        tls=tls,
        rcpt_to=(FOREIGN,),
    )
    return evaluate(organization, session)


def relays(organization, ip, endpoint):
    """Return the connectors that let an address relay at an endpoint."""
    found = set()
    for tls in (False, True):
        decision = asked(organization, ip, endpoint, tls=tls)
        if decision.answers.relay.answer and decision.connector is not None:
            found.add(decision.connector.name)
    return found


@pytest.mark.parametrize("part", range(4))
def test_planted_widenings_are_found_and_every_range_has_a_true_witness(part):
    for seed in range(FIRST + part, FIRST + CASES, 4):
        organization = planted(seed)
        opened = [
            finding
            for finding in audit(organization, context_of(Policy()))
            if finding.id == "open-relay" and finding.verdict is FindingVerdict.VIOLATED
        ]
        for finding in opened:
            witness = finding.witness
            assert witness is not None
            session = Session(
                ip=parse_address(witness.ip),
                port=witness.endpoint.port,
                local_ip=parse_address(witness.local_ip)
                if witness.local_ip
                else None
                if witness.endpoint.is_any
                else witness.endpoint.address,
                tls=witness.tls,
                rcpt_to=(FOREIGN,),
            )
            assert evaluate(organization, session).answers.relay.answer is True, seed
            for ip in {end for i in finding.ranges for end in (i.first, i.last)}:
                assert any(
                    finding.connector in relays(organization, ip, endpoint)
                    for endpoint in finding.endpoints
                    if endpoint.address.family == ip.family
                ), (seed, finding.connector, str(ip))
        told = {finding.connector: finding.ranges for finding in opened}
        # What the engine lets relay at the ends of every public range is among what is told.
        for each in organization.connectors:
            for entry in each.remote_ip_ranges:
                for ip in (entry.interval.first, entry.interval.last, Address(4, 0x08080808)):
                    if not GLOBAL.contains(ip):
                        continue
                    for endpoint in endpoints_of(organization, ip):
                        for name in relays(organization, ip, endpoint):
                            assert name in told, (seed, name, str(ip))
                            assert told[name].contains(ip), (seed, name, str(ip))


def endpoints_of(organization, ip):
    from relaysim.analysis.endpoints import Narrowing, endpoints

    found = endpoints(organization, Narrowing())
    return [endpoint for endpoint in found if endpoint.address.family == ip.family]
