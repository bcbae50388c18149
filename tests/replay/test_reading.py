"""Rows of protocol logs become sessions, whatever stands between them."""

import gzip
import pickle
import random
import zipfile

import pytest

from relaysim.errors import InvalidInput
from relaysim.importers.logs.protocol_log import RowReader
from relaysim.replay import merge, summarize
from relaysim.replay.logged import plain_reply
from relaysim.replay.reading.gathering import Gatherer
from relaysim.replay.reading.reduction import split_endpoint
from relaysim.replay.reading.saved import decode_summary, encode_summary
from tests.replay.logs import HEAD, REFUSED, RELAYED, log_of, session_rows

TOKENS = "SMTPSubmit SMTPAcceptAnyRecipient"


def shapes_of(text):
    """Return the sessions a log text comes to, as if nothing more came."""
    gatherer = Gatherer()
    gatherer.feed(text.splitlines(keepends=True), "a.log")
    return gatherer.finish().closed().shapes


def only(text):
    (session,) = shapes_of(text)
    return session


def test_a_session_is_read_with_its_message_and_replies():
    session = only(log_of(session_rows(1, RELAYED)))
    assert (session.server, session.connector, session.port) == ("MX1", "Printers", 25)
    (message,) = session.transactions
    assert message.sender == "fabrikam.com"
    assert message.mail_reply == "250 2.1.0"
    assert [(r.domain, r.reply) for r in message.recipients] == [("example.org", "250 2.1.5")]
    assert message.data_reply == "250 2.6.0"
    assert session.begun
    assert session.ended
    assert session.whole


def test_interleaved_rows_belong_to_their_own_sessions():
    one, two = session_rows(1, RELAYED), session_rows(2, REFUSED, client="172.16.4.10:50001")
    mixed = [row for pair in zip(one, two, strict=False) for row in pair] + one[len(two) :]
    shapes = shapes_of(HEAD + "".join(mixed))
    assert {entry.sessions for entry in shapes.values()} == {1}
    assert len(shapes) == 2


def test_pipelined_commands_get_their_own_replies():
    dialogue = (
        ("<", "MAIL FROM:<a@fabrikam.com>", ""),
        ("<", "RCPT TO:<b@example.org>", ""),
        ("<", "RCPT TO:<c@fabrikam.com>", ""),
        (">", "250 2.1.0 Sender OK", ""),
        (">", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", ""),
        (">", "250 2.1.5 Recipient OK", ""),
    )
    (message,) = only(log_of(session_rows(1, dialogue))).transactions
    replies = {r.domain: r.reply[:3] for r in message.recipients}
    assert replies == {"example.org": "550", "fabrikam.com": "250"}


def test_the_last_permissions_before_the_message_count_and_a_lost_asterisk_is_put_back():
    rows = (
        ("*", "SMTPSubmit", "Set Session Permissions"),
        ("", TOKENS, "Set Session Permissions"),
    )
    session = only(log_of(session_rows(1, rows)))
    assert session.permissions == tuple(sorted(TOKENS.split()))


def test_tls_and_account_are_read():
    rows = (
        ("<", "STARTTLS", ""),
        (">", "220 2.0.0 SMTP server ready", ""),
        ("*", "", "TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded using ..."),
        ("<", "EHLO device", ""),
        (">", "250  MX1 Hello AUTH NTLM LOGIN", ""),
        ("<", "AUTH LOGIN", ""),
        (">", "334 <authentication response>", ""),
        (">", "334 <authentication response>", ""),
        ("*", "FABRIKAM\\app", "authenticated"),
        (">", "235 2.7.0 Authentication successful", ""),
    )
    session = only(log_of(session_rows(1, rows)))
    assert (session.tls, session.auth, session.account) == ("done", "account", "FABRIKAM\\app")
    assert session.mechanism == "LOGIN"


def test_a_wrong_password_is_told_from_a_refused_mechanism():
    wrong = (
        ("<", "AUTH LOGIN", ""),
        (">", "334 <authentication response>", ""),
        ("*", "", "Inbound AUTH LOGIN failed because of LogonDenied"),
        ("*", "", "User Name: FABRIKAM\\app"),
        (">", "535 5.7.3 Authentication unsuccessful", ""),
    )
    none = (("<", "AUTH LOGIN", ""), (">", "504 5.7.4 Unrecognized authentication type", ""))
    assert only(log_of(session_rows(1, wrong))).auth == "denied"
    assert only(log_of(session_rows(1, none))).auth == "refused"


def test_a_reply_of_one_row_a_line_is_one_reply():
    rows = (
        ("<", "EHLO device", ""),
        (">", "250-MX1 Hello [172.16.4.9]", ""),
        (">", "250-SIZE", ""),
        (">", "250 CHUNKING", ""),
        *RELAYED,
    )
    (message,) = only(log_of(session_rows(1, rows))).transactions
    assert message.data_reply == "250 2.6.0"


def test_columns_are_found_by_their_names():
    rows = session_rows(1, RELAYED)
    order = [8, 6, 0, 1, 2, 3, 4, 5, 7]
    names = HEAD.splitlines()[-1].removeprefix("#Fields: ").split(",")
    head = HEAD.splitlines(keepends=True)[:-1]
    moved = ["#Fields: " + ",".join(names[i] for i in order) + ",extra\n"]
    for row in rows:
        fields = row.rstrip("\n").split(",") if '"' not in row else None
        if fields is None:
            banner = row[row.index('"') : row.rindex('"') + 1]
            fields = row.rstrip("\n").replace(banner, "BANNER").split(",")
            fields = [banner if field == "BANNER" else field for field in fields]
        moved.append(",".join(fields[i] for i in order) + ",x\n")
    assert only("".join([*head, *moved])) == only(log_of(rows))


def _rows(lines, complain):
    reader = RowReader(complain)
    found = [reader.row(number, line) for number, line in enumerate(lines, 1)]
    return [row for row in found if row is not None]


@pytest.mark.parametrize("keep", range(1, 60, 7))
def test_a_damaged_row_is_named_and_loses_no_other(keep):
    rows = session_rows(1, RELAYED) + session_rows(2, REFUSED, minute=1)
    damaged = [row[:keep] + "\n" if place == 3 else row for place, row in enumerate(rows)]
    complaints = []
    good = _rows(
        (HEAD + "".join(damaged)).splitlines(keepends=True), lambda *x: complaints.append(x)
    )
    assert len(good) == len(rows) - 1
    assert [line for line, _ in complaints] == [HEAD.count("\n") + 4]


def test_an_open_quote_damages_its_own_line_only():
    rows = session_rows(1, RELAYED)
    rows[1] = rows[1][: rows[1].index('"') + 9] + "\n"
    complaints = []
    good = _rows(rows, lambda *x: complaints.append(x))
    assert len(good) == len(rows) - 1
    assert [line for line, _ in complaints] == [2]


def test_a_send_log_is_named_and_not_counted():
    text = log_of(session_rows(1, RELAYED)).replace("Receive Protocol", "Send Protocol")
    gatherer = Gatherer()
    gatherer.feed(text.splitlines(keepends=True), "send.log")
    summary = gatherer.finish()
    assert not summary.shapes
    assert "Send Protocol Log" in summary.unreadable[0].why


def test_every_cut_of_the_logs_gives_the_same_summary(tmp_path):
    chosen = random.Random(7)  # noqa: S311  # no secret
    rows = []
    for number in range(12):
        dialogue = chosen.choice([RELAYED, REFUSED, ()])
        client = f"172.16.4.{chosen.randrange(1, 5)}:5{number:04}"
        rows.append(session_rows(number, dialogue, client=client, minute=number))
    lines = []
    while any(rows):
        lines.append(chosen.choice([each for each in rows if each]).pop(0))
    whole = tmp_path / "whole.log"
    whole.write_text(HEAD + "".join(lines), encoding="utf-8")
    want = summarize([whole])
    for cut in range(0, len(lines), 5):
        one, two = tmp_path / "one.log", tmp_path / "two.log"
        one.write_text(HEAD + "".join(lines[:cut]), encoding="utf-8")
        two.write_text(HEAD + "".join(lines[cut:]), encoding="utf-8")
        parts = [summarize([two]), summarize([one])]
        merged = merge(*parts)
        assert merged.shapes == want.shapes
        assert merged.fragments == want.fragments == ()
        assert merged.rows == want.rows
        assert merged == merge(*reversed(parts))


def test_a_summary_is_pickled_saved_and_read_back(tmp_path):
    log = tmp_path / "a.log"
    log.write_text(log_of(session_rows(1, RELAYED), session_rows(2, REFUSED)[:6]), "utf-8")
    summary = summarize([log])
    assert summary.fragments
    assert pickle.loads(pickle.dumps(summary)) == summary  # noqa: S301  # our own bytes
    assert decode_summary(encode_summary(summary)) == summary


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"172.16.0.1"', "7"), ('"none"', "null"), (",25,", ',"x",'), (",25,", ",2.5,"),
        ("true", "1"), ('"rows":', '"rows":1e999,"row":'), ('"protocol"', "[]"),
        ('"fabrikam.com"', "true"), ('"example.org"', "3"),
    ],
)  # fmt: skip
def test_a_summary_with_a_value_of_another_type_is_refused(tmp_path, right, wrong):
    log = tmp_path / "a.log"
    log.write_text(log_of(session_rows(1, RELAYED), session_rows(2, REFUSED)), "utf-8")
    text = encode_summary(summarize([log]))
    assert right in text
    with pytest.raises(InvalidInput, match="no summary of"):
        decode_summary(text.replace(right, wrong, 1))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "relaysim-replay-summary"}', "nul"])
def test_what_is_no_summary_is_refused(text):
    with pytest.raises(InvalidInput, match="summary"):
        decode_summary(text, "x.json")


def test_packed_logs_and_folders_give_what_plain_ones_give(tmp_path):
    text = log_of(session_rows(1, RELAYED), session_rows(2, REFUSED))
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a.log").write_text(text, encoding="utf-8")
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(text.encode("utf-8-sig")))
    (tmp_path / "wide.log").write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("logs/a.log", text)
    want = summarize([tmp_path / "plain"]).shapes
    for name in ("a.log.gz", "a.zip", "wide.log"):
        assert summarize([tmp_path / name]).shapes == want


def test_a_log_damaged_inside_its_packing_is_read_as_far_as_it_goes(tmp_path):
    text = log_of(*(session_rows(n, RELAYED, client=f"172.16.4.9:{n}") for n in range(500)))
    data = gzip.compress(text.encode())
    (tmp_path / "cut.gz").write_bytes(data[: len(data) // 2])
    summary = summarize([tmp_path / "cut.gz"])
    assert 0 < summary.rows < text.count("\n")
    assert summary.unreadable_count == 1


def test_a_text_damaged_inside_its_packing_is_named_and_the_others_are_read(tmp_path):
    data = bytearray(gzip.compress(b"220 MX1 ready\nEHLO x\n" * 99))
    data[12:16] = b"\xff\xff\xff\xff"
    (tmp_path / "a.gz").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("?", log_of(session_rows(1, RELAYED)))
    broken = (tmp_path / "b.zip").read_bytes().replace(b"?", b"\0")
    (tmp_path / "b.zip").write_bytes(broken[:60] + b"\xff\xff" + broken[62:])
    (tmp_path / "c.log").write_text(log_of(session_rows(2, REFUSED)), encoding="utf-8")
    summary = summarize([tmp_path])
    assert summary.unreadable_count == 2
    assert {row.why for row in summary.unreadable} == {"a damaged or locked archive"}
    assert summary.rows


def test_a_reply_that_names_a_message_is_reduced_to_what_it_means():
    assert plain_reply("550 5.1.1 User unknown <a@b>") == plain_reply(
        "550 5.1.1 User unknown <c@d>"
    )
    assert plain_reply("250 2.6.0 <x@y> Queued") == "250 2.6.0"


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("10.0.0.1:25", "10.0.0.1", 25),
        ("[2001:db8::1]:587", "2001:db8::1", 587),
        ("X.X.X.45:25", None, 25),
        ("", None, None),
    ],
)
def test_endpoints_are_read_and_masked_ones_are_not_guessed(text, address, port):
    assert split_endpoint(text) == (address, port)


def test_a_log_in_utf_16_without_its_mark_is_read(tmp_path):
    text = log_of(session_rows(1, RELAYED))
    (tmp_path / "plain.log").write_text(text, encoding="utf-8")
    want = summarize([tmp_path / "plain.log"]).shapes
    for name in ("utf-16-le", "utf-16-be"):
        (tmp_path / "wide.log").write_bytes(text.encode(name))
        assert summarize([tmp_path / "wide.log"]).shapes == want


def test_an_ipv4_client_on_an_ipv6_socket_is_that_client(tmp_path):
    log = tmp_path / "a.log"
    log.write_text(
        log_of(session_rows(1, RELAYED, client="[::ffff:172.16.4.9]:50000")), encoding="utf-8"
    )
    ((_, entry),) = summarize([log]).shapes.items()
    assert list(entry.clients) == ["172.16.4.9"]


def test_without_a_context_column_tokens_and_account_are_told_by_their_form():
    rows = (
        ("*", TOKENS, ""),
        ("<", "AUTH LOGIN", ""),
        (">", "334 <authentication response>", ""),
        ("*", "FABRIKAM\\app", ""),
        (">", "235 2.7.0 Authentication successful", ""),
    )
    text = log_of(session_rows(1, rows)).replace(",event,data,context", ",event,data")
    lines = text.splitlines(keepends=True)
    text = "".join(
        line if line.startswith("#") else line.rstrip("\n").rpartition(",")[0] + "\n"
        for line in lines
    )
    session = only(text)
    assert session.permissions == tuple(sorted(TOKENS.split()))
    assert (session.auth, session.account) == ("account", "FABRIKAM\\app")


TRACKING = """\
#Software: Microsoft Exchange Server
#Version: 14.0.0.0
#Log-type: Message Tracking Log
#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,\
source,event-id,internal-message-id,message-id,recipient-address,recipient-status,total-bytes,\
recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,\
message-info
2025-03-01T08:00:00.000Z,172.16.4.9,dev,172.16.0.1,MX1,x,MX1\\Printers,SMTP,RECEIVE,7,<a@b>,\
joe@example.org;ann@fabrikam.com,,512,2,,,"Scan, page 1",scan@fabrikam.com,scan@fabrikam.com,
2025-03-01T08:00:01.000Z,,,,MX1,,,STOREDRIVER,DELIVER,8,<a@b>,ann@fabrikam.com,,512,1,,,Scan,x,x,
cut,row
"""


def test_a_message_tracking_log_tells_who_came_by_which_connector(tmp_path):
    (tmp_path / "t.log").write_text(TRACKING, encoding="utf-8")
    summary = summarize([tmp_path / "t.log"])
    ((session, entry),) = summary.shapes.items()
    assert (session.server, session.connector, session.kind) == ("MX1", "Printers", "tracking")
    (message,) = session.transactions
    assert [r.domain for r in message.recipients] == ["example.org", "fabrikam.com"]
    assert list(entry.clients) == ["172.16.4.9"]
    assert summary.rows == 2
    assert [row.line for row in summary.unreadable] == [7]
    assert decode_summary(encode_summary(summary)) == summary


def test_sessions_of_a_masked_log_are_told_apart_by_their_clients():
    one = session_rows(1, RELAYED, client="172.16.4.9:1")
    other = session_rows(1, RELAYED, client="172.16.4.10:2")
    mixed = [row for pair in zip(one, other, strict=True) for row in pair]
    ((_, entry),) = shapes_of(log_of(mixed)).items()
    assert {client: count.sessions for client, count in entry.clients.items()} == {
        "172.16.4.9": 1,
        "172.16.4.10": 1,
    }
