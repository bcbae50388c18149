"""``relaysim explain REPLY``: from the words of a reply back to what decides it."""

import ast
import json
import re
from pathlib import Path

import pytest

from relaysim import Session, evaluate, load, parse_address
from relaysim.smtp.known_replies import KNOWN, OTHERS, recognise
from tests.console import relaysim

PACKAGE = Path(__file__).resolve().parents[2] / "relaysim"
REFUSAL = re.compile(r"[45]\d\d \d\.\d\.\d{1,2} \S.*")


def said_by_the_program():
    """Return every refusal that stands in the engine's and the session's code."""
    found = set()
    for room in ("engine", "smtp"):
        for module in (PACKAGE / room).rglob("*.py"):
            if module.stem == "known_replies":
                continue
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                value = node.value if isinstance(node, ast.Constant) else None
                if isinstance(value, str) and REFUSAL.fullmatch(value):
                    found.add(value)
    return sorted(found)


@pytest.mark.parametrize("reply", said_by_the_program())
def test_every_refusal_the_program_can_print_finds_its_rule(reply):
    found = recognise(f"javax.mail.MessagingException: {reply} [EX01]")
    assert found.by_words, reply
    assert all(known.rule for known in found.replies)


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.reply)
def test_every_known_reply_is_recognised_as_itself(known):
    code, enhanced, words = known.reply.split(" ", 2)
    first, _, rest = words.rpartition(" ")
    for text in (
        f">>> {known.reply}\r\n",
        f"{code}-{enhanced} {first}\r\n{code} {enhanced} {rest}",
        f"> {code} {enhanced} {first}\n> {rest}",
        f"({code}, b'{enhanced} {first}\\n{enhanced} {rest}')".upper(),
        f"The server response was: {enhanced} {words}\n   at System.Net.Mail.SmtpClient.Send()",
    ):
        found = recognise(text)
        assert found.by_words, text
        assert known in found.replies


def test_the_longer_words_of_two_replies_are_the_one_that_was_said():
    text = "550 5.7.1 Anonymous client does not have permissions to send as this sender"
    assert [known.reply for known in recognise(text).replies] == [text]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", "O-7"),
        ("Remote Server returned '550 5.7.1 Unable to relay'", "O-2"),
        (
            "(530, b'5.7.57 SMTP; Client was not authenticated to send anonymous mail during "
            "MAIL FROM', 'x@y')",
            "O-1",
        ),
        ("SMTPSenderRefused: 451 5.7.3 Must issue a STARTTLS command first", "O-11"),
    ],
)
def test_a_trace_is_recognised_by_the_words_in_it(text, rule):
    result = relaysim(["explain", "-", "-o", "json"], stdin=text)
    assert result.code == 0
    document = json.loads(result.output)
    assert {known["rule"] for known in document["replies"]} == {rule}
    assert f"({rule})" in document["verdict"]


@pytest.mark.parametrize(
    "text",
    [
        "554 5.7.1 <x@example.net>: Relay access denied",
        "550 5.7.1 <x@example.net>... Relaying denied",
        "550 5.7.230 Connecting Exchange server version is out-of-date",
    ],
)
def test_what_another_system_says_is_not_taken_for_exchange(text):
    result = relaysim(["explain", text])
    assert result.code == 0
    assert result.output.startswith("this is not your receive connector")


def test_the_sessions_that_get_it_are_exact_and_what_tells_them_apart_is_asked():
    reply = "530 5.7.1 Client was not authenticated"
    result = relaysim(["explain", reply, "-c", "builtin:option-2", "-o", "json"])
    document = json.loads(result.output)
    assert document["sessions"]
    for each in document["sessions"]:
        if each["auth"] != "none":
            continue
        first = each["ranges"][0].split("-")[0]
        port = each["endpoints"][0]["port"]
        session = Session(ip=parse_address(first), port=port, rcpt_to=("x@relay.invalid",))
        refusal = evaluate(load("builtin:option-2"), session).refusal
        assert refusal is not None
        assert refusal.reply == each["reply"]
    shown = relaysim(["explain", reply, "-c", "builtin:option-2"]).output
    assert "which address does the server see?" in shown


def test_a_reply_that_nobody_gets_here_says_so():
    arguments = ["explain", "550 5.7.54 Unable to relay recipient in non-accepted domain"]
    result = relaysim([*arguments, "-c", "builtin:option-2"])
    assert "no session on builtin:option-2 gives this reply" in result.output


def test_known_facts_narrow_the_search():
    reply = "530 5.7.1 Client was not authenticated"
    arguments = ["explain", reply, "-c", "builtin:option-2", "-o", "json"]
    narrowed = json.loads(
        relaysim([*arguments, "--ip", "10.1.2.3", "--port", "25", "--auth", "none"]).output
    )
    assert {tuple(each["ranges"]) for each in narrowed["sessions"]} == {("10.1.2.3",)}
    assert {each["connector"] for each in narrowed["sessions"]} == {"Default EX01"}


def test_a_connector_of_exactly_that_name_wins(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text(
        "format = 1\n[[connector]]\nname = '550 5.7.1 Relay'\nbindings = ['0.0.0.0:25']\n"
        "remote_ip_ranges = ['10.0.0.5']\npermission_groups = 'AnonymousUsers'\n"
    )
    shown = relaysim(["explain", "550 5.7.1 Relay", "-c", str(path)]).output
    assert "ms-Exch-SMTP-Submit" in shown


def test_sender_and_recipient_narrow_the_search():
    reply = "550 5.7.1 Unable to relay"
    arguments = ["explain", reply, "-c", "builtin:default", "--auth", "user", "-o", "json"]
    assert json.loads(relaysim([*arguments, "--to", "a@contoso.com"]).output)["sessions"] == []
    found = json.loads(relaysim([*arguments, "--to", "a@example.net"]).output)
    assert found["sessions"] == []
    reply = "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"
    arguments = ["explain", reply, "-c", "builtin:default-2019", "--auth", "none", "-o", "json"]
    assert json.loads(relaysim([*arguments, "--to", "a@contoso.com"]).output)["sessions"] == []
    (only,) = json.loads(relaysim([*arguments, "--to", "a@example.net"]).output)["sessions"]
    assert (only["connector"], only["message"]) == ("Default Frontend EX01", "to a@example.net")


def test_what_differs_in_its_message_only_is_one_row():
    reply = "530 5.7.1 Client was not authenticated"
    arguments = ["explain", reply, "-c", "builtin:option-2", "-o", "json"]
    narrowed = [*arguments, "--ip", "10.1.2.3", "--port", "25", "--auth", "none"]
    (only,) = json.loads(relaysim(narrowed).output)["sessions"]
    assert only["message"] == "any message"
    shown = relaysim([word for word in narrowed if word not in ("-o", "json")]).output
    command = "relaysim suggest --ip 10.1.2.3 --need submit -c builtin:option-2"
    assert command in shown
    assert relaysim(command.split()[1:]).code == 0


@pytest.mark.parametrize(("words", "who"), OTHERS)
def test_every_text_of_another_system_is_told(words, who):
    shown = relaysim(["explain", "-"], stdin=f"451 {words} (in reply to RCPT TO)")
    assert shown.code == 0
    assert who in " ".join(shown.output.split())


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.reply)
def test_a_reply_that_names_a_server_of_exchange_online_is_told_so(known):
    text = f"{known.reply} [AM0PR01CA0001.eurprd01.prod.outlook.com]"
    assert recognise(text).others[0].startswith("Exchange Online")


def test_where_ranges_are_not_known_no_session_is_ruled_out(tmp_path):
    place = tmp_path / "relay.txt"
    place.write_text(
        "Name             : Relay\nServer           : EX01\nBindings         : {0.0.0.0:26}\n"
        "RemoteIPRanges   : {10.0.0.1, 10.0.0.2...}\nPermissionGroups : AnonymousUsers\n"
        "AuthMechanism    : Tls\nEnabled          : True\nTransportRole    : FrontendTransport\n",
        encoding="utf-8",
    )
    asked = ["explain", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"]
    for client in ("10.0.0.1", "10.9.9.9"):
        asked_here = [*asked, "-c", str(place), "--exchange", "2016", "--ip", client]
        said = relaysim(asked_here).output
        assert ("cannot be told" in said) == (client == "10.9.9.9"), client
        assert (r"RemoteIPRanges of `EX01\Relay`" in said) == (client == "10.9.9.9")
        written = relaysim([*asked_here, "-o", "json"]).output
        document = json.loads(written[written.index("{\n") : written.rindex("\n}") + 2])
        assert bool(document["sessions"]) == (client == "10.0.0.1")
        assert bool(document["missing"]) == (client == "10.9.9.9")
