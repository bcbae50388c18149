"""Every finding has a server that has it and one that just does not, and its fix mends it."""

from dataclasses import replace
from typing import Any

import pytest

from relaysim import load
from relaysim.analysis.findings.audit import audit
from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import FindingVerdict
from relaysim.cli.weighing.audit import context_of
from relaysim.config.serverfile import parse_server
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.edit import with_connectors
from relaysim.model.server import Network
from relaysim.model.version import ExchangeVersion
from relaysim.net.notation import parse_range
from relaysim.policy.policy import Policy
from relaysim.render.weighed.fixes import fix_lines
from tests.analysis.finding_cases import CASES, OTHERS

EVERY = [*CASES.items(), *OTHERS.items()]


def findings(organization):
    return audit(organization, context_of(Policy()))


def violated(organization, id_):
    return [
        finding
        for finding in findings(organization)
        if finding.id == id_ and finding.verdict is FindingVerdict.VIOLATED
    ]


def parsed(text):
    return parse_server(text.encode(), file="it.toml")


def test_every_finding_that_a_configuration_can_have_has_a_case():
    # Logs alone tell stale ranges; entries that are not known are told of, never held against one.
    assert CASES.keys() == RULES.keys() - {"accept-unused", "stale-range", "acl-unknown"}


@pytest.mark.parametrize(("id_", "case"), EVERY)
def test_a_server_has_the_finding_and_another_just_does_not(id_, case):
    assert case.before in case.text
    assert violated(parsed(case.text), id_)
    other = parsed(case.text.replace(case.before, case.after))
    assert not violated(other, id_)


@pytest.mark.parametrize(("id_", "case"), [pair for pair in EVERY if pair[1].fixed])
def test_the_fix_makes_the_finding_go_away(id_, case):
    organization = parsed(case.text)
    before = violated(organization, id_)
    session = ExchangeSession(organization)
    for finding in before:
        assert finding.fix
        for line in fix_lines(finding.fix):
            assert line.isascii()
            done = session.run(line)
            assert not done.errors, (line, done.errors)
    assert not violated(session.organization, id_)


@pytest.mark.parametrize("name", ["default", "option-1", "option-2", "both"])
def test_every_finding_of_the_catalogue_is_decided_once_or_more(name):
    found = {finding.id for finding in findings(load(f"builtin:{name}"))}
    assert found == RULES.keys() - {"accept-unused"}


def test_entries_that_are_not_known_never_hold():
    organization = load("builtin:option-2")
    connectors = [
        replace(connector, unknown=frozenset({"entries"})) for connector in organization.connectors
    ]
    unsure = with_connectors(organization, connectors)
    verdicts = {f.id: f.verdict for f in findings(unsure) if f.id == "open-relay"}
    assert verdicts == {"open-relay": FindingVerdict.CANNOT_TELL}


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("relay-unlogged", "ProtocolLoggingLevel"),
        ("tls-not-required", "RequireTLS"),
        ("purpose-unclear", "Comment"),
        ("limit-hops", "MaxHopCount"),
        ("limit-size", "MaxMessageSize"),
        ("chunking-off", "ChunkingEnabled"),
    ],
)
def test_a_property_that_no_export_showed_neither_holds_nor_is_violated(rule, name):
    organization = load("builtin:option-2")
    hidden = with_connectors(
        organization,
        [replace(each, not_shown=frozenset({name})) for each in organization.connectors],
    )
    verdicts = {f.verdict for f in findings(hidden) if f.id == rule}
    assert verdicts == {FindingVerdict.CANNOT_TELL}
    (missing,) = {f.missing for f in findings(hidden) if f.id == rule and "CRM" in f.connector}
    assert missing.endswith(f"| fl {name}`")


def test_what_no_connector_knows_cannot_be_told_until_it_is_said():
    organization = load("builtin:option-2")
    told = {f.id: f.missing for f in findings(organization) if f.missing}
    assert told["relay-behind-translator"] == "`[network]` `balancers`"
    network = Network(
        balancers=(parse_range("192.168.2.55"),),
        gateways=(),
        exchange_servers=(parse_range("192.168.2.56"),),
    )
    knowing = replace(organization, network=network)
    assert [str(f.ranges) for f in violated(knowing, "relay-behind-translator")] == ["192.168.2.55"]
    assert not violated(knowing, "gateway-captured")
    assert [str(f.ranges) for f in violated(knowing, "exchange-captured")] == ["192.168.2.56"]


def test_the_question_that_no_connector_should_be_an_open_relay_does_not_read_names():
    text = CASES["open-relay"].text.replace("S-1-5-7", "NT-AUTORITÄT\\\\ANONYMOUS-ANMELDUNG")
    (finding,) = violated(parsed(text), "open-relay")
    assert str(finding.ranges) == "8.8.8.0-8.8.8.255"
    assert finding.witness is not None
    assert finding.witness.ip == "8.8.8.0"


def test_a_relay_right_without_submit_sleeps_and_an_unknown_version_is_no_error(tmp_path):
    from tests.analysis.finding_cases import HEAD, RELAY, connector

    path = tmp_path / "server.toml"
    idle = connector(ranges='"8.8.8.8"', groups="None", more=RELAY)
    path.write_text(HEAD.format(exchange="2010") + idle)
    found = {each.id: each for each in audit(load(str(path)), context_of(Policy()))}
    assert found["sleeping-grant"].verdict is FindingVerdict.VIOLATED
    assert "the principal may submit" in found["sleeping-grant"].what
    path.write_text(HEAD.format(exchange="unknown") + connector(ranges='"8.8.8.8"', more=RELAY))
    found = {each.id: each for each in audit(load(str(path)), context_of(Policy()))}
    assert found["open-relay"].verdict is FindingVerdict.VIOLATED


@pytest.mark.parametrize(
    "name",
    [
        "auth_mechanism",
        "remote_ip_ranges",
        "bindings",
        "enabled",
        "entries",
        "require_tls",
        "transport_role",
        "max_message_size",
    ],
)
def test_what_is_not_known_of_a_connector_is_no_fault_of_it(name):
    known = load("builtin:default", exchange=ExchangeVersion.V2016)
    empty: dict[str, Any] = {"auth_mechanism": frozenset(), "remote_ip_ranges": (), "bindings": ()}
    values = {name: empty[name]} if name in empty else {}
    unsure = with_connectors(
        known,
        [replace(each, unknown=frozenset({name}), **values) for each in known.connectors],
    )
    before, after = (
        {(f.id, f.connector) for f in findings(one) if f.verdict is FindingVerdict.VIOLATED}
        for one in (known, unsure)
    )
    assert after <= before
