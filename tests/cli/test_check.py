"""``relaysim check`` as its user meets it."""

import json
import subprocess
import sys
from typing import Any

import pytest

from relaysim import Session, evaluate, load, parse_address
from relaysim.config.source import Configuration
from relaysim.model.session import AuthKind
from relaysim.render.answers.check_view import comparison_view, decision_view
from relaysim.render.plain import render_plain
from relaysim.render.terminal import render_terminal
from tests import golden
from tests.console import relaysim

NAUGHTY = "a[red]b[/red] :smile: \x1b[31m" + "x" * 36

STRANGER, CRM = "203.0.113.9", "192.168.2.55"
SITUATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "an-externally-secured-client-may-do-nearly-everything": ("option-1", {"ip": CRM}),
    "an-entry-lets-a-client-relay-and-no-more": ("option-2", {"ip": "192.168.2.56"}),
    "a-stranger-may-not-submit-to-a-default-server": (
        "default",
        {"ip": STRANGER, "rcpt_to": ("a@example.net",)},
    ),
    "an-account-may-relay-at-a-default-server": (
        "default",
        {"ip": STRANGER, "auth": "user", "rcpt_to": ("a@example.net",)},
    ),
    "no-account-logs-on-where-clients-are-externally-secured": (
        "option-1",
        {"ip": CRM, "auth": "basic", "tls": True},
    ),
    "a-2003-bridgehead-may-relay": ("default", {"ip": STRANGER, "auth": "legacy"}),
    "nobody-listens-on-a-port-without-a-binding": (
        "option-1",
        {"ip": "2001:db8:a:b::1", "port": 26},
    ),
}
"""Configuration and session of each claim."""


def asked(name):
    """Return the command line that asks for a situation."""
    configuration, facts = SITUATIONS[name]
    words = ["check", "-c", f"builtin:{configuration}"]
    for key, value in facts.items():
        option = "--to" if key == "rcpt_to" else f"--{key}"
        words += [option] if value is True else [option, *value] if key == "rcpt_to" else []
        words += [] if value is True or key == "rcpt_to" else [option, str(value)]
    return words


@pytest.mark.parametrize("name", SITUATIONS)
def test_piped_output_is_the_golden_text(name):
    result = relaysim(asked(name))
    assert result.code == 0
    golden.compare(f"check/{name}.txt", result.output)


COMPARED = ["option-1", "option-2", "both"]


def test_several_configurations_stand_side_by_side():
    sources = [word for each in COMPARED for word in ("-c", f"builtin:{each}")]
    result = relaysim(["check", "--ip", CRM, *sources])
    golden.compare("check/three-configurations-stand-side-by-side.txt", result.output)
    document = json.loads(relaysim(["check", "--ip", CRM, *sources, "-o", "json"]).output)
    assert document["format"] == "relaysim.compare/1"
    for name, one in zip(COMPARED, document["checks"], strict=True):
        assert one["configuration"] == {"source": f"builtin:{name}", "exchange": "2007"}
        assert told(one) == meant(evaluate(load(f"builtin:{name}"), Session(ip=CRM)))


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_document_says_what_was_decided(name):
    configuration, facts = SITUATIONS[name]
    result = relaysim([*asked(name), "-o", "json"])
    assert result.code == 0
    document = json.loads(result.output)
    assert document["format"] == "relaysim.check/1"
    assert document["session"]["ip"] == facts["ip"]
    assert document["session"]["to"] == list(facts.get("rcpt_to", ()))
    decision = evaluate(load(f"builtin:{configuration}"), Session(**facts))
    assert told(document) == meant(decision)


def told(document):
    """Return what a document says, in the order of :func:`meant`."""
    connector, refusal = document["connector"], document["refusal"]
    return (
        connector and tuple(connector[key] for key in ("name", "range", "binding")),
        [tuple(one.values()) for one in document["lost"]],
        document["principals"],
        {name: tuple(one.values()) for name, one in document["answers"].items()},
        document["auth_as"],
        [tuple(one.values()) for one in document["rights"]],
        refusal and tuple(refusal.values()),
        [(one["rule"], one["text"], one["affects"]) for one in document["assumptions"]],
        [(one["rule"], one["text"]) for one in document["notes"]],
        document["undecided"],
    )


def meant(decision):
    """Return a decision as plain values, read from the decision itself."""

    def value(thing):
        return None if thing is None else thing.value

    connector, refusal = decision.connector, decision.refusal
    return (
        connector and (connector.name, str(decision.range), str(decision.binding)),
        [(one.name, one.reason.value, one.range and str(one.range)) for one in decision.lost],
        [one.name for one in decision.principals],
        {
            name: (one.answer, one.because.value, one.rule, value(one.right))
            for name, one in decision.answers._asdict().items()
        },
        value(decision.auth_as),
        [
            (
                *(one.right.value, one.granted, one.because.value),
                *(one.ace and one.ace.principal.name, one.source, one.ace and one.ace.inherited),
            )
            for one in decision.rights
        ],
        refusal
        and (
            *(refusal.stage.value, refusal.reply, refusal.because.value, refusal.rule),
            *(value(refusal.right), refusal.recipient),
        ),
        [(one.rule, one.text, list(one.affects)) for one in decision.assumptions],
        [(one.rule, one.text) for one in decision.notes],
        decision.undecided,
    )


@pytest.mark.parametrize("width", [60, 100, 200])
def test_terminal_output_is_the_golden_text(width):
    configuration = Configuration("builtin:option-1", load("builtin:option-1"))
    session = Session(ip=parse_address("192.168.2.55"))
    view = decision_view(configuration, evaluate(configuration.organization, session))
    text = render_terminal(view, color=False, width=width)
    assert max(map(len, text.splitlines())) <= width
    golden.compare(f"check/an-answer-fits-{width}-columns.txt", text)


def test_colour_only_repeats_the_words():
    import re

    configuration = Configuration("builtin:option-1", load("builtin:option-1"))
    session = Session(ip=parse_address("192.168.2.55"))
    view = decision_view(configuration, evaluate(configuration.organization, session))
    coloured = render_terminal(view, color=True, width=120)
    assert "\x1b[" in coloured
    words = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    plain = render_terminal(view, color=False, width=120)
    assert [line.rstrip() for line in words.splitlines()] == plain.splitlines()


@pytest.fixture
def naughty_file(tmp_path):
    path = tmp_path / "naughty.toml"
    path.write_text(
        "format = 1\n[organization]\naccepted_domains = ['contoso.com']\n[[connector]]\n"
        f"name = {json.dumps(NAUGHTY)}\n"
        "bindings = ['[::]:25']\nremote_ip_ranges = ['2001:db8:a:b::/64']\n"
        "auth_mechanism = 'Tls'\npermission_groups = 'AnonymousUsers'\n"
    )
    return str(path)


def test_a_connector_name_of_64_naughty_characters_prints_unharmed(naughty_file):
    shown = NAUGHTY.replace("\x1b", "\\x1b")
    plain = relaysim(["check", "--ip", "2001:db8:a:b::1", "-c", naughty_file])
    assert plain.code == 0
    assert shown in plain.output
    assert "2001:db8:a:b::1" in plain.output
    assert "\x1b" not in plain.output
    configuration = Configuration(naughty_file, load(naughty_file))
    session = Session(ip=parse_address("2001:db8:a:b::1"))
    decision = evaluate(configuration.organization, session)
    for view in (
        decision_view(configuration, decision),
        comparison_view([configuration] * 2, [decision] * 2),
    ):
        terminal = render_terminal(view, color=False, width=None)
        assert shown in terminal
        assert "2001:db8:a:b::1" in terminal
        assert shown in render_plain(view)


def test_json_keeps_a_naughty_name_as_it_is(naughty_file):
    result = relaysim(["check", "--ip", "2001:db8:a:b::1", "-c", naughty_file, "-o", "json"])
    assert json.loads(result.output)["connector"]["name"] == NAUGHTY


def test_expectations_decide_the_exit_code():
    met = relaysim(["check", "--ip", "192.168.2.55", "--expect", "relay=yes"])
    assert met.code == 0
    failed = relaysim(
        ["check", "--ip", "192.168.2.55", "--expect", "relay=no", "--expect", "accepted=yes"]
    )
    assert failed.code == 1
    assert failed.output.splitlines()[-1] == (
        "failed: builtin:option-1: relay: expected no, actual yes: "
        "ms-Exch-SMTP-Accept-Any-Recipient, ExchangeServers: "
        "MS Exchange\\Externally Secured Servers (O-2)"
    )


def test_denied_is_told_apart_from_not_granted():
    denied = ["check", "--ip", "10.0.0.1", "--auth", "legacy", "-c", "builtin:default"]
    assert relaysim([*denied, "--expect", "keep-forest=denied"]).code == 0
    assert relaysim([*denied, "--expect", "keep-forest=no"]).code == 0
    plain_no = ["check", "--ip", "192.168.2.55", "--expect", "keep-forest=denied"]
    assert relaysim(plain_no).code == 1


def test_a_missing_local_address_is_asked_for():
    result = relaysim(["check", "--ip", "10.0.20.22", "-c", "docs/examples/two-addresses.toml"])
    assert result.code == 2
    assert "--local-ip" in result.output
    assert "10.0.1.13: connector `smtp-noauth`" in result.output
    answered = relaysim(
        [
            "check",
            "--ip",
            "10.0.20.22",
            "--local-ip",
            "10.0.1.13",
            "-c",
            "docs/examples/two-addresses.toml",
            "--expect",
            "relay=yes",
        ]
    )
    assert answered.code == 0


def test_whether_an_address_is_the_accounts_own_is_asked_for():
    example = ["-c", "docs/examples/two-addresses.toml", "--port", "465"]
    question = ["check", "--ip", "10.0.0.1", "--auth", "user", "--from", "scanner@example.com"]
    unknown = relaysim([*question, *example])
    assert unknown.code == 2
    assert "--user" in unknown.output
    known = relaysim([*question, "--user", "scanner", *example, "--expect", "accepted=yes"])
    assert known.code == 0
    other = [*question[:-1], "boss@example.com", "--user", "scanner", *example]
    assert relaysim([*other, "--expect", "accepted=no"]).code == 0


BAD = {
    "no address": (["--ip", "1.2.3"], "--ip: `1.2.3` is no address"),
    "octal octet": (["--ip", "10.0.0.010"], "looks octal"),
    "unknown auth": (["--ip", "1.2.3.4", "--auth", "magic"], "unknown authentication `magic`"),
    "no port": (["--ip", "1.2.3.4", "--port", "0"], "--port"),
    "bad size": (["--ip", "1.2.3.4", "--size", "big"], "`big` is no size"),
    "bad sender": (["--ip", "1.2.3.4", "--from", "me"], "`me` is no SMTP address"),
    "empty recipient": (["--ip", "1.2.3.4", "--to", "<>"], "a recipient cannot be empty"),
    "user without account": (["--ip", "1.2.3.4", "--user", "x"], "--user: only an account"),
    "unknown built-in": (["--ip", "1.2.3.4", "-c", "builtin:option1"], "did you mean"),
    "no file": (["--ip", "1.2.3.4", "-c", "nowhere.toml"], "nowhere.toml: no such file"),
    "a folder": (["--ip", "1.2.3.4", "-c", "tests/golden"], "no receive connector"),
    "unknown format": (["--ip", "1.2.3.4", "-o", "jsn"], "did you mean `json`?"),
    "two to one place": (["--ip", "1.2.3.4", "-o", "json", "-o", "text"], "two outputs go to"),
    "unwritable": (["--ip", "1.2.3.4", "-o", "json:/dev/null/x.json"], "cannot be written"),
    "transcript as JSON": (
        ["--ip", "1.2.3.4", "--transcript", "smtp", "-o", "json"],
        "--transcript: it goes with text output",
    ),
    "unknown question": (["--ip", "1.2.3.4", "--expect", "rely=no"], "did you mean `relay`?"),
    "no expectation": (["--ip", "1.2.3.4", "--expect", "relay"], "is no expectation"),
    "unknown option": (["--ip", "1.2.3.4", "--adress", "x"], "no such option"),
    "no address given": ([], "--ip"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_error_and_exit_2(name):
    arguments, expected = BAD[name]
    result = relaysim(["check", *arguments])
    assert result.code == 2
    assert expected.casefold() in result.output.casefold()
    lines = result.output.splitlines()
    assert sum(line.startswith("error: ") for line in lines) == 1
    assert all(line.startswith(("error: ", "hint: ")) for line in lines)


def test_the_environment_and_the_folder_name_the_configuration(tmp_path, monkeypatch):
    server = "format = 1\n[organization]\naccepted_domains = ['x.example']\n"
    (tmp_path / "relaysim.toml").write_text(server)
    here = relaysim(["check", "--ip", "1.2.3.4"], cwd=tmp_path)
    assert "relaysim.toml (Exchange 2007)" in here.output
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELAYSIM_CONFIG", "builtin:both")
    named = subprocess.run(
        [sys.executable, "-m", "relaysim", "check", "--ip", "1.2.3.4"],
        capture_output=True,
        text=True,
        check=True,
        env={"RELAYSIM_CONFIG": "builtin:both", "PYTHONPATH": str(_root())},
    )
    assert "builtin:both (Exchange 2007)" in named.stdout


def test_output_to_a_file_leaves_standard_output_to_the_other(tmp_path):
    target = tmp_path / "answer.json"
    result = relaysim(["check", "--ip", "192.168.2.55", "-o", "text", "-o", f"json:{target}"])
    assert result.code == 0
    assert result.output.startswith("192.168.2.55, no authentication: may relay")
    assert json.loads(target.read_text())["answers"]["relay"]["answer"] is True
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]


def test_a_code_page_without_a_character_does_not_end_the_program(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'format = 1\n[[connector]]\nname = "Привет"\nbindings = ["0.0.0.0:25"]\n'
        'remote_ip_ranges = ["0.0.0.0/0"]\n',
        encoding="utf-8",
    )
    result = subprocess.run(
        [sys.executable, "-m", "relaysim", "check", "--ip", "1.2.3.4", "-c", str(path)],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(_root())},
    )
    assert result.returncode == 0
    assert b"\\u041f" in result.stdout
    assert result.stderr.startswith(b"warning: standard output is cp1252 and cannot show")


def test_every_kind_of_authentication_is_answered():
    for kind in AuthKind:
        result = relaysim(["check", "--ip", "192.168.2.55", "--auth", kind.value])
        assert result.code == 0
        assert result.output


def _root():
    from tests.console import ROOT

    return ROOT
