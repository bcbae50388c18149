"""The server behind a real PowerShell answers JSON lines, whatever it is asked."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim.backend.service import serve_lines
from relaysim.backend.wire import PROTOCOL, decode_text, decode_value, encode_text, encode_value
from relaysim.powershell.values.value import HashTable


def ask(*requests):
    """Return the answers to these requests, each with its number."""
    lines = [json.dumps({"id": n, **each}) for n, each in enumerate(requests)]
    return raw("\n".join(lines).encode() + b"\n")


def raw(data, **more):
    out = io.BytesIO()
    serve_lines(io.BytesIO(data), out, **more)
    assert out.getvalue().isascii()
    return [json.loads(line) for line in out.getvalue().splitlines()]


def table(**values):
    return {"h": [[encode_text(name), value] for name, value in values.items()]}


CONNECT = {"op": "connect", "exchange": "=2016"}
NEW = {
    "op": "run",
    "command": "New-ReceiveConnector",
    "parameters": table(
        Name="=Relay",
        Usage="=Custom",
        Bindings="=0.0.0.0:25",
        RemoteIPRanges=["=10.0.0.5"],
        TransportRole="=FrontendTransport",
        PermissionGroups="=AnonymousUsers",
    ),
}


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_text_travels_as_ascii_and_arrives(text):
    wire = encode_text(text)
    assert '"' not in wire
    assert wire.isascii()
    assert wire.isprintable()
    assert decode_text(wire) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(max_size=5),
        lambda below: st.lists(below, max_size=3),
        max_leaves=10,
    )
)
def test_every_value_travels_there_and_back(value):
    texts = json.loads(json.dumps(encode_value(value)))
    assert decode_value(texts) == value


def test_a_table_travels():
    found = decode_value({"h": [["=Add", ["=10.0.0.1"]]]})
    assert isinstance(found, HashTable)
    assert found.items() == [("Add", ["10.0.0.1"])]


def values_of(layout, line):
    """Return the text of an object and all of its fields: the usual ones, and those of its own."""
    text, *others = line["v"].split("\t")
    fields = list(layout["u"])
    for other in others:
        place, _, field = other.partition(":")
        fields[int(place)] = field
    return text, fields


def test_a_command_changes_the_server_and_a_refusal_names_its_rule():
    answers = ask(CONNECT, NEW, NEW, {"op": "compare"})
    made = [each for each in answers if each["id"] == 1]
    layout, line, end = made
    assert layout["t"].endswith("ReceiveConnector")
    text, fields = values_of(layout, line)
    assert decode_text(text) == "EX01\\Relay"
    shown = dict(zip(layout["n"], zip(layout["k"], fields, strict=True), strict=True))
    assert shown["RemoteIPRanges"] == ("ranges", "==10.0.0.5")
    assert shown["PermissionGroups"] == ("names", "=AnonymousUsers")
    assert shown["Enabled"] == ("flag", "T")
    assert end == {"id": 1, "end": True}
    (refused,) = [each for each in answers if each["id"] == 2]
    assert [error["id"] for error in refused["errors"]] == ["V-7"]
    changes = [dict(each["value"]["p"]) for each in answers if each["id"] == 3 and "value" in each]
    assert {name: decode_text(text) for name, text in changes[0].items()} == {
        "Sign": "+",
        "Where": 'connector "Relay"',
        "What": "created",
    }


def test_a_layout_is_told_once_and_a_null_is_an_empty_field():
    get = {"op": "run", "command": "Get-ReceiveConnector"}
    answers = ask(CONNECT, get, get)
    layouts = [each for each in answers if "layout" in each]
    objects = [each for each in answers if "o" in each]
    assert {each["id"] for each in layouts} == {1}
    assert {each["o"] for each in objects} <= {each["layout"] for each in layouts}
    names = layouts[0]["n"]
    assert values_of(layouts[0], objects[0])[1][names.index("WhenChanged")] == ""
    # What the first object has is usual; of the next one only what is different is told.
    assert objects[0]["v"].count("\t") == 0
    assert 0 < objects[1]["v"].count("\t") < len(names) / 2


def test_a_connector_that_a_script_changed_is_saved_by_instance():
    held = {"o": "=Client Frontend EX01", "e": [["=MaxHopCount", 7], ["=Comment", "=by hand"]]}
    change = {"op": "run", "command": "Set-ReceiveConnector", "parameters": table(Instance=held)}
    answers = ask(CONNECT, change, {"op": "compare"})
    said = [dict(each["value"]["p"])["What"] for each in answers if "value" in each]
    assert any("7" in text for text in said)
    missing = {**change, "parameters": table(Identity={"o": "=nothing", "e": []})}
    assert ask(CONNECT, missing)[-1]["errors"]


def test_a_trial_changes_nothing():
    trial = {**NEW, "parameters": {"h": [*NEW["parameters"]["h"], ["=WhatIf", True]]}}
    answers = ask(CONNECT, trial, {"op": "compare"})
    assert [each for each in answers if each["id"] == 2] == [{"id": 2, "end": True}]


def test_an_argument_that_does_not_fit_ends_the_statement_and_shows_before_a_pipeline_begins():
    wrong = {"command": "Set-ReceiveConnector", "parameters": table(MaxHopCount="=many")}
    answers = ask(CONNECT, {"op": "bind", **wrong}, {"op": "run", **wrong})
    for answer in answers[1:]:
        assert answer["ended"]
        assert [error["id"] for error in answer["errors"]] == ["CannotConvertArgumentNoMessage"]
    right = {**wrong, "op": "bind", "parameters": table(MaxHopCount=7)}
    assert ask(CONNECT, right)[-1] == {"id": 1, "end": True}


def test_restore_goes_back_to_the_beginning():
    answers = ask(CONNECT, NEW, {"op": "restore"}, {"op": "compare"})
    assert [each for each in answers if each["id"] == 3] == [{"id": 3, "end": True}]


def test_questions_are_answered_with_truth_values():
    question = {"op": "check", "parameters": table(IP="=10.0.0.5", To="=a@example.net")}
    answer = dict(ask(CONNECT, NEW, question)[-2]["value"]["p"])
    assert answer["Connector"] == "=Relay"
    assert answer["Submit"] is True
    assert answer["Relay"] is False
    assert answer["Stage"] == "=RCPT TO"


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b"\xff\xfe",
        b'{"op":"run","command":"Get-ReceiveConnector; Remove-Item x"}',
        b'{"op":"unheard of"}',
        b'{"op":"run"}',
        b'{"op":"run","command":"Get-ReceiveConnector","parameters":' + b"[" * 5000 + b"}",
        b'{"op":"run","command":"Get-ReceiveConnector","parameters":{"h":[["Name","x"]]}}',
    ],
)
def test_a_bad_request_is_answered_and_the_next_one_too(line):
    begin = json.dumps({"id": 0, **CONNECT}).encode()
    answers = raw(b"\n".join([begin, line, b'{"id":9,"op":"hello"}', b""]))
    assert answers[1]["errors"]
    assert answers[-1]["id"] == 9
    assert answers[-1]["protocol"] == PROTOCOL


def test_a_byte_order_mark_before_the_first_request_is_no_matter():
    assert raw(b'\xef\xbb\xbf{"id":1,"op":"hello"}\n')[0]["protocol"] == PROTOCOL


def test_the_state_is_left_behind_as_a_server_file(tmp_path):
    place = tmp_path / "after.toml"
    lines = [json.dumps({"id": n, **each}) for n, each in enumerate((CONNECT, NEW))]
    raw("\n".join(lines).encode(), state_file=str(place))
    assert 'name = "Relay"' in place.read_text("utf-8")


RELAY = {
    "op": "run",
    "command": "Add-ADPermission",
    "parameters": table(
        Identity="=Default Frontend EX01",
        User="=S-1-5-7",
        ExtendedRights="=ms-Exch-SMTP-Accept-Any-Recipient",
    ),
}
MAIL = {"From": "=a@contoso.com", "To": "=b@example.net", "SmtpServer": "=EX01"}


TWO = """format = 1
[organization]
domain = "CONTOSO"
[[server]]
name = "EX01"
exchange = "2016"
[[server]]
name = "EX02"
exchange = "2019"
"""


def test_what_names_no_server_is_about_the_one_that_the_shell_runs_on(tmp_path):
    file = tmp_path / "two.toml"
    file.write_text(TWO)
    connect = {"op": "connect", "source": encode_text(str(file)), "home": "=ex02"}
    answers = ask(connect, NEW, {"op": "compare"}, {"op": "restore"}, NEW, {"op": "compare"})
    for number in (2, 5):
        (change,) = [one for one in values(answers, number) if one["What"] == "=created"]
        assert decode_text(change["Where"]) == 'connector "EX02\\Relay"'
    asked = {"op": "session", "parameters": table(IP="=10.0.0.5", Line=["=QUIT"])}
    assert "EX01, EX02" in ask(connect, asked)[-1]["errors"][0]["hint"]


def test_what_is_not_known_leaves_a_mail_and_an_answer_undecided(tmp_path):
    file = tmp_path / "partly.toml"
    known = TWO[: TWO.index('[[server]]\nname = "EX02')]
    file.write_text(
        known + '[[server.connector]]\nname = "Relay"\nbindings = ["0.0.0.0:25"]\n'
        'remote_ip_ranges = ["0.0.0.0-255.255.255.255"]\ntransport_role = "FrontendTransport"\n'
        'permission_groups = ["AnonymousUsers"]\nauth_mechanism = ["Tls"]\nunknown = ["entries"]\n'
    )
    connect = {"op": "connect", "source": encode_text(str(file))}
    mail = {"op": "mail", "parameters": table(ClientIP="=10.0.0.1", **MAIL)}
    check = {"op": "check", "parameters": table(IP="=10.0.0.1")}
    answers = ask(connect, mail, check)
    (sent,), (answer,) = values(answers, 1), values(answers, 2)
    assert sent["Accepted"] is None
    assert "entries" in decode_text(sent["Missing"])
    assert answer["Submit"] is True
    assert answer["Relay"] is None


def values(answers, number):
    return [dict(one["value"]["p"]) for one in answers if one["id"] == number and "value" in one]


def test_findings_and_the_power_that_changed_are_told():
    asked = [{"op": "audit"}, RELAY, {"op": "audit"}, {"op": "compare"}]
    only = {"op": "compare", "parameters": table(SettingsOnly=True)}
    answers = ask(CONNECT, *asked, only)
    before, after = values(answers, 1), values(answers, 3)
    assert "=critical" not in {one["Severity"] for one in before}
    assert "=critical" in {one["Severity"] for one in after}
    widened = [one for one in values(answers, 4) if one.get("Kind") == "=widened"]
    assert {one["Right"] for one in widened} == {"=relay"}
    assert all("Kind" not in one for one in values(answers, 5))


def test_a_mail_is_refused_or_taken_as_the_model_says_and_needs_an_address():
    mail = {"op": "mail", "parameters": table(ClientIP="=10.0.0.1", **MAIL)}
    answers = ask(CONNECT, mail, RELAY, mail, {"op": "mail", "parameters": table(**MAIL)})
    (refused,), (taken,) = values(answers, 1), values(answers, 3)
    assert refused["Accepted"] is False
    assert refused["Refusal"].startswith("=550 5.7.54")
    assert taken["Accepted"] is True
    assert "-ClientIP" in decode_text(answers[-1]["errors"][0]["hint"])


@pytest.mark.parametrize(
    "line", [{"op": {"a": 1}}, {"op": ["a"]}, {"op": "connect", "source": {"a": 1}}, {"op": 7}]
)
def test_a_member_that_is_no_text_is_an_error_of_its_line(line):
    out = io.BytesIO()
    serve_lines(io.BytesIO(json.dumps(line).encode() + b"\n"), out)
    (error,) = json.loads(out.getvalue().splitlines()[-1])["errors"]
    assert error["message"].endswith("of a line is no text")
