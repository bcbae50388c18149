"""What a program gives is taken for what it is, or refused in the words of its field."""

import ipaddress
import math
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import relaysim
from relaysim import AuthKind, InvalidInput, Session, evaluate, load, parse_address
from relaysim.model.acl import Ace
from relaysim.model.directory.accounts import Account
from relaysim.model.directory.domains import AcceptedDomain
from relaysim.model.server import Network

IP = parse_address("192.168.2.55")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tls", "no"),
        ("tls", 1),
        ("tls", None),
        ("port", "25"),
        ("port", 0),
        ("port", -1),
        ("port", 65536),
        ("port", True),
        ("port", 25.0),
        ("size", -5),
        ("size", math.nan),
        ("size", "10"),
        ("size", True),
        ("auth", "nobody"),
        ("auth", 3),
        ("ip", "192.168.2"),
        ("ip", None),
        ("ip", 3232236087),
        ("local_ip", "x"),
        ("behind", ["10.0.0.1"]),
        ("user", 5),
        ("mail_from", b"a@b"),
        ("header_from", 1),
        ("cert", False),
        ("rcpt_to", 5),
        ("rcpt_to", ("a@b.example", None)),
        ("groups", {"a": 1}),
    ],
)
def test_what_is_nothing_of_the_kind_is_refused_with_its_field(field, value):
    with pytest.raises(InvalidInput) as caught:
        Session(**{"ip": IP, field: value})
    (problem,) = caught.value.problems
    assert problem.where == field
    # In bulk the same is refused, whatever was asked before.
    compiled = relaysim.compile(load("builtin:option-1"))
    if field not in ("ip", "behind"):
        from relaysim.engine.compiled.question import Question

        good = Question("192.168.2.55", rcpt_to=("a@b.example",), size=10)
        with pytest.raises(InvalidInput):
            compiled.decide_many([good, good, Question("192.168.2.55", **{field: value})])


WRONG: dict[str, Any] = {"ip": "x", "port": "25", "tls": "no"}


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(InvalidInput) as caught:
        Session(**WRONG)
    assert [problem.where for problem in caught.value.problems] == ["tls", "port", "ip"]


def test_text_stands_for_what_it_spells():
    written = Session(
        ip="192.168.2.55",
        auth="basic",
        local_ip="10.0.0.1",
        rcpt_to="user@example.net",
        groups=["abc"],
    )
    assert written == Session(
        ip=IP,
        auth=AuthKind.BASIC,
        local_ip=parse_address("10.0.0.1"),
        rcpt_to=("user@example.net",),
        groups=("abc",),
    )
    known: Any = ipaddress.ip_address("192.168.2.55")
    assert Session(ip=known).ip == IP
    assert Session(ip=IP, groups="abc").groups == ("abc",)


def test_a_question_in_texts_is_answered_as_the_same_in_values():
    organization = load("builtin:option-2")
    decision = evaluate(organization, Session(ip="192.168.2.55", rcpt_to="a@example.net"))
    assert decision == evaluate(organization, Session(ip=IP, rcpt_to=("a@example.net",)))


def test_an_answer_has_a_truth_value_unless_it_is_undecided():
    answers = evaluate(load("builtin:option-2"), Session(ip=IP)).answers
    assert answers.relay
    assert not answers.bypass_anti_spam
    with pytest.raises(InvalidInput, match="undecided"):
        bool(answers.relay._replace(answer=None))


def test_a_configuration_is_loaded_by_a_path_value(tmp_path):
    from relaysim.config.writer import format_server

    organization = load("builtin:option-1")
    path = Path(tmp_path, "server.toml")
    path.write_text(format_server(organization), "utf-8")
    assert load(path) == load(str(path))


def test_a_decision_shows_itself_in_a_notebook_with_everything_escaped():
    from dataclasses import replace

    from relaysim.model.edit import change_server

    organization = load("builtin:option-2")
    evil = "<script>alert(1)</script>\x1b[31m"
    organization = change_server(
        organization, connectors=tuple(replace(c, name=evil) for c in organization.connectors[-1:])
    )
    decision = evaluate(organization, Session(ip=IP, behind=IP))
    page, text = decision._repr_html_(), str(decision)  # what a notebook calls
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    for shown in (page, text):
        assert "\x1b" not in shown
        assert "relay" in shown
        assert "192.168.2.55 behind 192.168.2.55" in shown
    assert "yes" in decision.answers.relay._repr_html_()


def test_the_whole_space_can_be_asked_from_a_program():
    organization = load("builtin:option-2")
    reaches = relaysim.who_can(organization, "relay", auth="none")
    assert [str(part) for found in reaches for part in found.addresses] == [
        "192.168.2.55-192.168.2.56"
    ]
    rows = relaysim.map(organization, auth="none", port=25, tls=False)
    assert sum(row.interval.high - row.interval.low + 1 for row in rows) == (
        (1 << 32) + (1 << 128) - (1 << 32)
    )
    for row in rows:
        point = Session(
            ip=parse_address(str(row.interval).partition("-")[0]),
            local_ip=None if row.endpoint.is_any else row.endpoint.address,
        )
        assert row.outcome.answers == evaluate(organization, point).answers
    for wrong in ({"port": "25"}, {"tls": "no"}, {"auth": "x"}, {"nothing": 1}):
        with pytest.raises(InvalidInput):
            relaysim.map(organization, **wrong)
    with pytest.raises(InvalidInput, match="relay"):
        relaysim.who_can(organization, "relaying")


def test_scenarios_can_be_run_from_a_program(tmp_path):
    text = (
        'format = 1\ntitle = "t"\nserver = "builtin:option-1"\n[[step]]\nname = "s"\n'
        'check = {{ ip = "192.168.2.55" }}\nexpect = {{ relay = {} }}\n'
    )
    for name, answer in (("a", "true"), ("b", "false")):
        Path(tmp_path, f"{name}.toml").write_text(text.format(answer), "utf-8")
    good, bad = relaysim.run_scenarios(tmp_path)
    assert (good.passed, bad.passed) == (True, False)
    assert relaysim.run_scenarios([tmp_path / "a.toml"])[0].passed


CONNECTOR = load("builtin:default").connectors[0]
PRINCIPAL = CONNECTOR.acl[0].principal
VALUES: dict[str, Any] = {
    "connector": CONNECTOR,
    "server": load("builtin:default").only,
    "organization": load("builtin:default"),
    "account": Account(name=PRINCIPAL),
    "domain": AcceptedDomain(name="contoso.com"),
    "network": Network(),
}
WRONG_FIELDS = [
    *(("connector", field, "no") for field in ("enabled", "require_tls", "chunking_enabled")),
    *(("connector", field, -1) for field in ("max_message_size", "max_recipients_per_message")),
    ("connector", "max_message_size", True),
    ("connector", "max_message_size", "10 MB"),
    ("connector", "name", None),
    ("connector", "bindings", "0.0.0.0:25"),
    ("connector", "bindings", ("0.0.0.0:25",)),
    ("connector", "remote_ip_ranges", ["10.0.0.0/8"]),
    ("connector", "auth_mechanism", "Tls"),
    ("connector", "auth_mechanism", {"Tls"}),
    ("connector", "acl", (("ANONYMOUS LOGON", "Submit"),)),
    ("connector", "transport_role", "FrontendTransport"),
    ("connector", "unknown", {"entries": True}),
    ("server", "exchange", "2016"),
    ("server", "role", "edge"),
    ("server", "addresses", ("10.0.0.1",)),
    ("server", "connectors", CONNECTOR),
    ("organization", "servers", ()),
    ("organization", "servers", "EX01"),
    ("organization", "domain", None),
    ("organization", "accepted_domains", ("contoso.com",)),
    ("organization", "accounts", ["app"]),
    ("organization", "network", None),
    ("account", "name", "CONTOSO\\app"),
    ("account", "groups", ("CONTOSO\\Relay",)),
    ("account", "addresses", "app@contoso.com"),
    ("domain", "type", "Authoritative"),
    ("domain", "match_sub_domains", 1),
    ("network", "balancers", ("10.0.0.1",)),
    ("network", "hybrid", "yes"),
]


@pytest.mark.parametrize(("value", "field", "wrong"), WRONG_FIELDS)
def test_no_value_takes_a_field_that_is_nothing_of_the_kind(value, field, wrong):
    with pytest.raises(InvalidInput) as caught:
        replace(VALUES[value], **{field: wrong})
    (problem,) = caught.value.problems
    assert problem.where == field
    assert problem.message.startswith("expected ")
    assert len(str(problem)) < 200


def test_an_entry_takes_no_names_for_a_principal_and_a_right():
    with pytest.raises(InvalidInput) as caught:
        Ace("ANONYMOUS LOGON", "Submit")  # type: ignore[arg-type]
    assert [problem.where for problem in caught.value.problems] == ["principal", "right"]
    assert pickle.loads(pickle.dumps(CONNECTOR)) == CONNECTOR  # noqa: S301  # our own


def test_lists_and_sets_are_taken_for_what_the_fields_hold():
    lists: dict[str, Any] = {
        "bindings": list(CONNECTOR.bindings),
        "acl": list(CONNECTOR.acl),
        "auth_mechanism": set(CONNECTOR.auth_mechanism),
    }
    listed = replace(CONNECTOR, **lists)
    assert listed == CONNECTOR
    assert hash(listed) == hash(CONNECTOR)
