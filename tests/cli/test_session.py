"""``relaysim session`` and ``check --transcript`` as their user meets them."""

import json
import os
import pty
import subprocess
import sys

import pytest

from tests import golden
from tests.console import ROOT, relaysim

PLAIN = "EHLO app\nMAIL FROM:<app@contoso.com>\nRCPT TO:<someone@example.net>\nQUIT\n"
MESSAGE = (
    "EHLO app\nMAIL FROM:<app@contoso.com>\nRCPT TO:<someone@example.net>\nDATA\n"
    "From: App <app@contoso.com>\nReceived: x\nX-MS-Exchange-Organization-SCL: -1\n\nHi\n.\nQUIT\n"
)
ACCOUNT = (
    "EHLO app\nSTARTTLS\nEHLO app\nAUTH LOGIN\nQ09OVE9TT1xhcHA=\ncHc=\n"
    "MAIL FROM:<a@example.org>\nNONSENSE\nQUIT\n"
)
SITUATIONS = {
    "an-externally-secured-client-keeps-its-headers": ("--ip 192.168.2.55 --why", MESSAGE),
    "an-anonymous-relay-loses-headers": (
        "--ip 192.168.2.55 -c builtin:option-2 --why",
        MESSAGE,
    ),
    "a-stranger-is-refused-at-mail-from": ("--ip 203.0.113.9 -c builtin:default --why", PLAIN),
    "an-account-logs-on-after-starttls": (
        "--ip 203.0.113.9 --port 587 -c builtin:default --why",
        ACCOUNT,
    ),
    "a-connection-is-refused": ("--ip 203.0.113.9 --port 26 --why", PLAIN),
    "a-message-as-a-log": ("--ip 192.168.2.55 -o log", MESSAGE),
    "a-log-on-as-a-log": (
        "--ip 2001:db8::1 --port 587 -c builtin:default -o log",
        ACCOUNT,
    ),
    "a-date-with-a-zone-is-utc-in-the-log": (
        "--ip 192.168.2.55 --date 2023-03-25T08:35:43+05:00 -o log",
        PLAIN,
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_piped_session_is_the_golden_text(name):
    options, script = SITUATIONS[name]
    result = relaysim(["session", *options.split(), "-"], stdin=script)
    assert result.code == 0
    golden.compare(f"session/{name}.txt", result.output)


def test_the_document_has_each_exchange_and_what_becomes_of_the_message():
    options = ["--ip", "192.168.2.55", "-c", "builtin:option-2", "-o", "json"]
    document = json.loads(relaysim(["session", *options, "-"], stdin=MESSAGE).output)
    assert document["connector"] == "CRM Application"
    assert document["client"] == {
        "ip": "192.168.2.55",
        "local_ip": None,
        "port": 25,
        "auth": "none",
        "user": None,
        "groups": [],
    }
    replies = [(one["moment"], one["reply"][0][:3]) for one in document["exchanges"]]
    assert replies == [
        *(("connect", "220"), ("EHLO", "250"), ("MAIL FROM", "250"), ("RCPT TO", "250")),
        *(("DATA", "354"), ("end of data", "250"), ("QUIT", "221")),
    ]
    relayed = document["exchanges"][3]["why"]
    assert (relayed["rule"], relayed["granted"], relayed["source"]) == (
        "O-2",
        True,
        "connector ACE",
    )
    message = document["exchanges"][5]["message"]
    assert (message["recipients"], message["auth_as"]) == (["someone@example.net"], "Anonymous")
    assert {one["name"]: (one["kept"], one["because"]) for one in message["headers"]} == {
        "From": (True, None),
        "Received": (True, "allow-entry"),
        "X-MS-Exchange-Organization-SCL": (False, "no-allow-entry"),
    }
    assert [one["value"] for one in message["added"]] == ["EX01.contoso.com", "Anonymous"]


def test_a_transcript_played_again_is_the_same_transcript(tmp_path):
    options = ["session", "--ip", "192.168.2.55", "-c", "builtin:option-2", "--why"]
    first = relaysim([*options, "-"], stdin=MESSAGE)
    (tmp_path / "again.txt").write_text(first.output)
    assert relaysim([*options, str(tmp_path / "again.txt")]).output == first.output


def test_json_is_written_beside_the_transcript(tmp_path):
    place = tmp_path / "session.json"
    arguments = ["session", "--ip", "192.168.2.55", "-o", "smtp", "-o", f"json:{place}", "-"]
    result = relaysim(arguments, stdin=PLAIN)
    assert result.output.startswith("S: 220 ")
    document = json.loads(place.read_text("utf-8"))
    assert document["format"] == "relaysim.session/1"
    assert [e["moment"] for e in document["exchanges"]] == [
        "connect",
        "EHLO",
        "MAIL FROM",
        "RCPT TO",
        "QUIT",
    ]


def test_control_characters_of_a_script_do_not_reach_the_terminal():
    result = relaysim(["session", "--ip", "1.2.3.4", "-"], stdin="EHLO \x1b[31m\x07\n")
    assert "\x1b" not in result.output
    assert "C: EHLO \\x1b[31m\\x07" in result.output


WRONG = [
    (["--ip", "1.2.3.4", "no-such-file"], "error: no-such-file: no such file"),
    (["--ip", "1.2.3.4", "."], "error: .: is a folder, not a file"),
    (["--ip", "1.2.3", "-"], "error: --ip: `1.2.3` is no address"),
    (["-"], "error: missing option '--ip'"),
    (["--ip", "1.2.3.4", "--date", "now", "-"], "error: --date: `now` is no moment"),
    (["--ip", "1.2.3.4", "-o", "telnet", "-"], "error: --output: unknown format `telnet`"),
    (["--ip", "1.2.3.4", "--headers", "nowhere", "-"], "error: nowhere: no such file"),
    (["--ip", "1.2.3.4", "--headers", "LICENSE", "-"], "error: LICENSE: has no header"),
    (["--ip", "1.2.3.4", "--auth", "kerberos", "-"], "error: --auth: unknown authentication"),
    *(
        (
            ["--ip", "1.2.3.4", "--auth", kind, "-"],
            f"error: --auth: `{kind}` is told by the session itself\nhint: let the client issue",
        )
        for kind in ("user", "basic", "ntlm")
    ),
]


def test_saying_that_it_proves_nothing_is_the_default():
    plain = ["session", "--ip", "192.168.2.55", "-"]
    result = relaysim([*plain[:-1], "--auth", "none", "-"], stdin=MESSAGE)
    assert result.code == 0
    assert result.output == relaysim(plain, stdin=MESSAGE).output


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=range(len(WRONG)))
def test_wrong_input_exits_2_with_one_error(arguments, message):
    result = relaysim(["session", *arguments], stdin="EHLO a\n")
    assert result.code == 2
    assert result.output.startswith(message)


def test_a_missing_local_address_is_named_and_exits_2(tmp_path):
    text = (ROOT / "docs" / "examples" / "two-addresses.toml").read_text("utf-8")
    (tmp_path / "server.toml").write_text(text)
    arguments = ["session", "--ip", "192.168.2.55", "-c", str(tmp_path / "server.toml"), "-"]
    result = relaysim(arguments, stdin="EHLO a\n")
    assert result.code == 2
    assert "add `--local-ip`" in result.output


def compare(tmp_path, text, config="builtin:option-2"):
    (tmp_path / "seen.txt").write_text(text)
    place = str(tmp_path / "seen.txt")
    return relaysim(["session", "--ip", "192.168.2.55", "-c", config, "--compare", place])


def test_a_transcript_of_a_server_that_answers_alike_passes(tmp_path):
    """Source: QA1193037 (names, times and ids differ)."""
    text = (
        "S: 220 mx Microsoft ESMTP MAIL Service ready at Sat, 25 Mar 2023 08:35:43 +0500\n"
        "C: HELO a\nS: 250 mail.example Hello [192.0.2.1]\nC: MAIL FROM:<a@contoso.com>\n"
        "C: RCPT TO:<b@example.net>\nS: 250 2.1.5 Recipient OK\nC: DATA\nC: From: <a@contoso.com>\n"
        "C:\nC: .\nS: 250 2.6.0 <1@x> [InternalId=2] Queued mail for delivery\n"
    )
    assert compare(tmp_path, text).code == 0


def test_a_transcript_that_differs_is_a_finding(tmp_path):
    text = "C: HELO a\nC: MAIL FROM:<a@contoso.com>\nS: 530 5.7.1 Client was not authenticated\n"
    result = compare(tmp_path, text)
    assert result.code == 1
    assert result.output.splitlines()[-1] == (
        "failed: after `MAIL FROM:<a@contoso.com>`: expected `530 5.7.1 Client was not "
        "authenticated`, actual `250 2.1.0 Sender OK`"
    )


def test_a_transcript_without_server_lines_cannot_be_compared(tmp_path):
    result = compare(tmp_path, "EHLO a\n")
    assert result.code == 2
    assert "has no line of the server to compare with" in result.output


def test_headers_are_told_by_the_permissions_at_the_end():
    arguments = ["session", "--ip", "192.168.2.55", "--headers", "docs/examples/headers.txt", "-"]
    lines = relaysim(arguments, stdin="EHLO a\n").output.splitlines()[-3:]
    assert [line.split()[0] for line in lines] == ["kept", "stripped", "kept"]
    assert "ms-Exch-Accept-Headers-Organization" in lines[1]


def test_check_prints_the_dialogue_of_the_question():
    question = [
        "check",
        "--ip",
        "203.0.113.9",
        "-c",
        "builtin:default",
        "--to",
        "a@example.net",
        "--transcript",
    ]
    result = relaysim(question)
    assert result.code == 0
    assert "S: 530 5.7.1 Client was not authenticated" in result.output.splitlines()
    assert result.output.splitlines()[-2:] == [
        "C: QUIT",
        "S: 221 2.0.0 Service closing transmission channel",
    ]


def test_check_prints_a_dialogue_for_each_configuration():
    question = ["check", "--ip", "192.168.2.55", "--to", "a@example.net", "--transcript=log"]
    result = relaysim([*question, "-c", "builtin:option-1", "-c", "builtin:option-2"])
    heads = [line for line in result.output.splitlines() if line.startswith("# ")]
    assert heads == ["# builtin:option-1", "# builtin:option-2"]


def test_check_writes_a_dialogue_and_a_document_side_by_side(tmp_path):
    place = tmp_path / "decision.json"
    question = ["check", "--ip", "192.168.2.55", "--transcript", "-o", "text"]
    result = relaysim([*question, "-o", f"json:{place}"])
    assert result.code == 0
    assert result.output.startswith("S: 220 ")
    assert json.loads(place.read_text("utf-8"))["format"] == "relaysim.check/1"


def test_check_with_headers_keeps_the_table_and_adds_their_fates():
    question = ["check", "--ip", "192.168.2.55", "--headers", "docs/examples/headers.txt"]
    result = relaysim(question)
    plain = relaysim(question[:-2])
    assert result.output.startswith(plain.output)
    assert "stripped" in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_typed_session_answers_line_by_line_and_ends_with_quit():
    near, far = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "relaysim", "session", "--ip", "192.168.2.55", "--color", "never"],
        cwd=ROOT,
        stdin=far,
        stdout=far,
        stderr=far,
        env=os.environ | {"TERM": "dumb", "PYTHONPATH": str(ROOT)},
    )
    os.close(far)
    os.write(near, b"EHLO app\nNONSENSE\nQUIT\n")
    assert process.wait(30) == 0
    seen = b""
    try:
        while chunk := os.read(near, 65536):
            seen += chunk
    except OSError:
        pass  # Linux reports the closed other end as an error.
    os.close(near)
    text = seen.decode().replace("\r\n", "\n")
    assert "S: 220 EX01.contoso.com Microsoft ESMTP MAIL Service ready" in text
    assert "S: 500 5.3.3 Unrecognized command" in text
    assert text.endswith("S: 221 2.0.0 Service closing transmission channel\n")
