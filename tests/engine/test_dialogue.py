"""What the server answers, command by command."""

from dataclasses import replace

import pytest

from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_server
from relaysim.model.acl import Ace
from relaysim.model.decision import AuthAs, Reason, Stage
from relaysim.model.edit import change_server
from relaysim.model.organization import AcceptedDomain, Account, find_connector
from relaysim.model.principals import ANONYMOUS_LOGON, parse_principal
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import parse_address
from relaysim.smtp.authentication import TOKEN, encode
from relaysim.smtp.clients.client_script import converse, read_script, script_for
from relaysim.smtp.dialogue import LONGEST_LINE, Conversation, play
from relaysim.smtp.record import Client, SmtpStage

APP_SERVER, STRANGER = parse_address("192.168.2.55"), parse_address("203.0.113.9")
MESSAGE = ["From: App <app@contoso.com>", "Subject: x", "", "Hello", "."]
TO_DATA = ["EHLO a", "MAIL FROM:<app@contoso.com>", "RCPT TO:<user@contoso.com>", "DATA"]
ACCOUNT = Account(
    name=parse_principal("CONTOSO\\app", "CONTOSO"),
    addresses=("app@contoso.com",),
    send_as=("sales@contoso.com",),
)


def server(version="2016", **changes):
    return fresh_server(exchange=ExchangeVersion(version), **changes)


def with_connector(organization, name, **changes):
    found = find_connector(organization, name)
    connectors = tuple(replace(c, **changes) if c is found else c for c in organization.connectors)
    return change_server(organization, connectors=connectors)


def replies(organization, lines, client=None):
    """Return the last line of every reply, banner first."""
    dialogue = play(organization, client or Client(ip=STRANGER), lines)
    return [exchange.reply[-1] if exchange.reply else "" for exchange in dialogue.exchanges]


def last(organization, lines, client=None):
    return play(organization, client or Client(ip=STRANGER), lines).exchanges[-1]


def test_banner_names_the_server_and_a_fixed_moment():
    assert replies(server(), []) == [
        "220 EX01.contoso.com Microsoft ESMTP MAIL Service ready at Mon, 1 Jan 2024 00:00:00 +0000"
    ]


def test_banner_property_replaces_the_greeting_and_fqdn_the_name():
    organization = with_connector(server(), "Default Frontend", banner="220 hello", fqdn="mx.a.b")
    assert replies(organization, ["EHLO a"])[0] == "220 hello"
    assert last(organization, ["HELO a"]).reply == ("250 mx.a.b Hello [203.0.113.9]",)


def test_closed_port_has_no_reply_and_no_further_exchange():
    dialogue = play(server(), Client(ip=STRANGER, port=26), ["EHLO a"])
    (only,) = dialogue.exchanges
    assert only.reply == ()
    assert only.closed
    assert dialogue.refusal is not None
    assert dialogue.refusal.because is Reason.PORT_CLOSED


ORDER = [
    (["MAIL FROM:<>"], "503 5.5.2 Send hello first"),
    (["RCPT TO:<a@contoso.com>"], "503 5.5.2 Send hello first"),
    (["DATA"], "503 5.5.2 Send hello first"),
    (["STARTTLS"], "503 5.5.2 Send hello first"),
    (["AUTH NTLM"], "503 5.5.2 Send hello first"),
    (["EHLO a", "RCPT TO:<a@contoso.com>"], "503 5.5.2 Need mail command"),
    (["EHLO a", "DATA"], "503 5.5.2 Need mail command"),
    (["EHLO a", "MAIL FROM:<>", "DATA"], "503 5.5.2 Need rcpt command"),
    (["EHLO a", "MAIL FROM:<>", "MAIL FROM:<>"], "503 5.5.2 Sender already specified"),
    (["EHLO a", "MAIL FROM:<>", "EHLO a", "MAIL FROM:<>"], "250 2.1.0 Sender OK"),
    (["EHLO a", "MAIL FROM:<>", "RSET", "MAIL FROM:<>"], "250 2.1.0 Sender OK"),
    (["EHLO a", "STARTTLS", "MAIL FROM:<>"], "503 5.5.2 Send hello first"),
    (["NONSENSE"], "500 5.3.3 Unrecognized command 'NONSENSE'"),
    ([""], "500 5.3.3 Unrecognized command ''"),
    (["EHLO a$b"], "501 5.5.4 Invalid domain name"),
    (["ehlo"], "250 XRDST"),
    (["EHLO a", "mail from: a@b.example"], "250 2.1.0 Sender OK"),
    (["EHLO a", "MAIL FROM:<a@@b.example>"], "501 5.1.7 Invalid address"),
    (["QUIT"], "221 2.0.0 Service closing transmission channel"),
]


@pytest.mark.parametrize(("lines", "reply"), ORDER, ids=range(len(ORDER)))
def test_reply_to_commands_in_any_order(lines, reply):
    assert replies(server(), lines)[-1] == reply


def test_a_reply_whose_words_are_not_published_says_that_it_is_assumed():
    exchange = last(server(), ["NOOP"])
    assert [a.rule for a in exchange.assumptions] == ["D-2"]
    assert last(server(), ["RSET"]).assumptions == ()


@pytest.mark.parametrize(
    ("version", "reply"),
    [
        ("2007", "550 5.7.1 Unable to relay"),
        ("2010", "550 5.7.1 Unable to relay"),
        ("2013", "550 5.7.1 Unable to relay"),
        ("2016", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
        ("SE", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    ],
)
def test_refused_relay_is_worded_by_version(version, reply):
    organization = server(version)
    if version in ("2007", "2010"):
        old = change_server(builtin("option-2"), exchange=ExchangeVersion(version))
        organization = replace(old, accepted_domains=())
        organization = with_connector(
            organization, "CRM", acl=(Ace(ANONYMOUS_LOGON, Right.SUBMIT),)
        )
    lines = ["EHLO a", "MAIL FROM:<>", "RCPT TO:<someone@example.net>"]
    assert replies(organization, lines, Client(ip=APP_SERVER))[-1] == reply


def test_each_recipient_is_judged_and_the_message_goes_to_those_taken():
    lines = [
        "EHLO a",
        "MAIL FROM:<a@example.org>",
        "RCPT TO:<user@contoso.com>",
        "RCPT TO:<someone@example.net>",
        "RCPT TO:<other@contoso.com>",
        "DATA",
        *MESSAGE,
    ]
    dialogue = play(server(), Client(ip=STRANGER), lines)
    assert [e.code for e in dialogue.exchanges[3:6]] == [250, 550, 250]
    assert dialogue.messages[0].recipients == ("user@contoso.com", "other@contoso.com")
    assert dialogue.refusal is not None
    assert dialogue.refusal.recipient == "someone@example.net"


def test_recipients_beyond_the_limit_are_refused_and_the_others_kept():
    organization = with_connector(server(), "Default Frontend", max_recipients_per_message=2)
    lines = ["EHLO a", "MAIL FROM:<>", *[f"RCPT TO:<u{n}@contoso.com>" for n in range(3)]]
    assert replies(organization, lines)[-1] == "452 4.5.3 Too many recipients"
    dialogue = play(organization, Client(ip=STRANGER), [*lines, "DATA", *MESSAGE])
    assert len(dialogue.messages[0].recipients) == 2


def test_several_messages_in_one_session_are_counted_and_judged_alike():
    twice = [*TO_DATA, *MESSAGE, *TO_DATA[1:], *MESSAGE]
    dialogue = play(server(), Client(ip=STRANGER), twice)
    assert [e.reply[-1].split("InternalId=")[1][0] for e in dialogue.exchanges if e.message] == [
        "1",
        "2",
    ]


def test_size_is_checked_when_announced_and_again_at_the_end():
    organization = with_connector(server(), "Default Frontend", max_message_size=1000)
    at_mail = last(organization, ["EHLO a", "MAIL FROM:<> SIZE=1001"])
    assert at_mail.reply == ("552 5.3.4 Message size exceeds fixed maximum message size",)
    at_end = last(organization, [*TO_DATA, "Subject: x", "", "{1 KB}", "."])
    assert at_end.moment is SmtpStage.END_OF_DATA
    assert at_end.reply == at_mail.reply


def test_size_counts_bytes_with_line_ends_and_without_stuffed_dots():
    dialogue = play(server(), Client(ip=STRANGER), [*TO_DATA, "Subject: ü", "", "..a", "."])
    assert dialogue.messages[0].size == len("Subject: ü\r\n\r\n.a\r\n".encode())


def test_login_asks_for_name_and_password_and_takes_on_the_account():
    lines = ["EHLO a", "STARTTLS", "EHLO a", "AUTH LOGIN", encode("CONTOSO\\app"), encode("pw")]
    dialogue = play(server(), Client(ip=STRANGER, port=587), lines)
    assert [e.reply[-1] for e in dialogue.exchanges[4:]] == [
        "334 VXNlcm5hbWU6",
        "334 UGFzc3dvcmQ6",
        "235 2.7.0 Authentication successful",
    ]
    state = dialogue.exchanges[-1].state
    assert state.authenticated
    assert state.principals[0].name == "CONTOSO\\app"
    assert state.permissions == (
        "SMTPSubmit",
        "SMTPAcceptAnyRecipient",
        "BypassAntiSpam",
        "AcceptRoutingHeaders",
    )


def test_login_before_starttls_is_refused_where_basic_auth_requires_it():
    exchange = last(server(), ["EHLO a", "AUTH LOGIN"])
    assert exchange.reply == ("504 5.7.4 Unrecognized authentication type",)
    assert exchange.refusal is not None
    assert exchange.refusal.because is Reason.AUTH_NEEDS_TLS


@pytest.mark.parametrize("mechanism", ["PLAIN", "CRAM-MD5", "GSSAPI", "XOAUTH2"])
def test_mechanisms_that_are_not_offered_are_refused(mechanism):
    exchange = last(server(), ["EHLO a", f"AUTH {mechanism} eA=="])
    assert exchange.reply == ("504 5.7.4 Unrecognized authentication type",)


def test_ntlm_takes_two_tokens_and_names_the_clients_account():
    lines = ["EHLO a", "AUTH NTLM", TOKEN, TOKEN]
    client = Client(ip=STRANGER, port=587, user="CONTOSO\\app")
    dialogue = play(server(), client, lines)
    assert [e.code for e in dialogue.exchanges[2:]] == [334, 334, 235]
    assert dialogue.exchanges[-1].state.principals[0].name == "CONTOSO\\app"


def test_wrong_password_leaves_the_session_as_it_was():
    client = Client(ip=STRANGER, port=587, password_right=False)
    dialogue = play(server(), client, ["EHLO a", "AUTH NTLM", TOKEN, TOKEN])
    assert dialogue.exchanges[-1].reply == ("535 5.7.3 Authentication unsuccessful",)
    assert dialogue.exchanges[-1].state == dialogue.exchanges[0].state


def test_an_account_without_submit_fails_at_auth_and_stays_anonymous():
    lines = ["EHLO a", "AUTH NTLM", TOKEN, TOKEN]
    exchange = last(server(), lines)
    assert exchange.reply == ("535 5.7.3 Authentication unsuccessful",)
    assert exchange.refusal is not None
    assert exchange.refusal.because is Reason.AUTH_WITHOUT_SUBMIT
    assert exchange.state.principals == (ANONYMOUS_LOGON,)


def test_externally_secured_sessions_are_trusted_from_the_start_and_refuse_auth():
    dialogue = play(builtin("option-1"), Client(ip=APP_SERVER), ["EHLO a", "AUTH LOGIN"])
    assert dialogue.exchanges[0].state.permissions == (
        "SMTPSubmit",
        "SMTPAcceptAnyRecipient",
        "SMTPAcceptAuthenticationFlag",
        "SMTPAcceptAnySender",
        "SMTPAcceptAuthoritativeDomainSender",
        "BypassAntiSpam",
        "BypassMessageSizeLimit",
        "SMTPAcceptEXCH50",
        "AcceptRoutingHeaders",
    )
    assert dialogue.exchanges[-1].code == 504


def test_an_exchange_server_proves_itself_by_x_exps_and_others_cannot():
    lines = ["EHLO a", "X-EXPS GSSAPI", TOKEN]
    peer = last(server(), lines, Client(ip=STRANGER, auth=AuthKind.EXCHANGE))
    assert peer.code == 235
    assert peer.state.principals[0].name == "CONTOSO\\Exchange Servers"
    assert last(server(), lines).reply == ("454 4.7.0 Temporary authentication failure",)


def test_a_server_that_cannot_prove_itself_gives_up_in_its_own_words():
    client = Client(ip=APP_SERVER, auth=AuthKind.EXCHANGE)
    exchange = last(builtin("option-2"), ["EHLO a", "X-EXPS GSSAPI"], client)
    assert exchange.by_client
    assert exchange.reply == ("451 5.7.3 Cannot achieve Exchange Server authentication",)
    typed = last(builtin("option-2"), ["EHLO a", "X-EXPS GSSAPI"], Client(ip=APP_SERVER))
    assert typed.reply == ("500 5.3.3 Unrecognized command",)


def test_a_partner_is_known_after_starttls_only():
    edge = server(role=ServerRole.EDGE)
    client = Client(ip=STRANGER, auth=AuthKind.PARTNER)
    dialogue = play(edge, client, ["EHLO a", "STARTTLS"])
    names = [e.state.principals[0].name for e in dialogue.exchanges]
    assert names == ["NT AUTHORITY\\ANONYMOUS LOGON"] * 2 + ["MS Exchange\\Partner Servers"]


def test_starttls_that_is_not_offered_is_an_unknown_command():
    organization = with_connector(server(), "Default Frontend", auth_mechanism=frozenset())
    exchange = last(organization, ["EHLO a", "StartTls"])
    assert exchange.reply == ("500 5.3.3 Unrecognized command 'StartTls'",)
    assert exchange.refusal is not None
    assert exchange.refusal.stage is Stage.STARTTLS


def test_the_front_end_passes_an_own_domain_sender_that_the_back_end_refuses():
    """Source: JV09, I1665 (O-7, O-7a)."""
    acl = tuple(Ace(ANONYMOUS_LOGON, r) for r in (Right.SUBMIT, Right.ACCEPT_ANY_SENDER))
    front = with_connector(server(), "Default Frontend", acl=acl)
    back = with_connector(server(), "Default EX01", acl=acl)
    lines = [
        "EHLO a",
        "MAIL FROM:<boss@contoso.com>",
        "RCPT TO:<user@contoso.com>",
        "DATA",
        "From: boss@contoso.com",
        ".",
    ]
    assert last(front, lines).code == 250
    refused = last(back, lines, Client(ip=STRANGER, port=2525))
    assert refused.reply[0].startswith("550 5.7.1 Anonymous client does not have permissions")


def test_the_from_header_of_an_account_is_judged_behind_the_front_end():
    """Source: GWB, SP (P-2)."""
    organization = replace(server(), accounts=(ACCOUNT,))
    client = Client(ip=STRANGER, port=587, user="CONTOSO\\app")
    start = ["EHLO a", "AUTH NTLM", TOKEN, TOKEN, *TO_DATA[1:]]
    accepted = last(organization, [*start, *MESSAGE], client)
    assert accepted.message is not None
    assert accepted.message.auth_as is AuthAs.INTERNAL
    assert accepted.message.goes_to == "Client Proxy EX01"
    refused = last(organization, [*start, "From: boss@contoso.com", "", "."], client)
    assert refused.moment is SmtpStage.END_OF_DATA
    assert refused.reply[0].startswith("550 5.7.60 SMTP;")
    missing = last(organization, [*start, "Subject: none", "", "."], client)
    assert missing.refusal is not None
    assert missing.refusal.because is Reason.NO_FROM_HEADER


def test_an_unknown_accounts_address_leaves_the_question_open_and_the_session_alive():
    client = Client(ip=STRANGER, port=587)
    conversation = Conversation(server(), client)
    message = ["MAIL FROM:<app@contoso.com>", "RCPT TO:<user@contoso.com>", "DATA", "From: <a@b.c>"]
    for line in ["EHLO a", "AUTH NTLM", TOKEN, TOKEN, *message]:
        conversation.feed(line)
    (exchange,) = conversation.feed(".")
    assert exchange.reply == ()
    assert exchange.undecided is not None
    assert exchange.undecided.fact == "--user"
    assert conversation.feed("MAIL FROM:<>")[0].code == 250


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [("a@example.org", "a@contoso.com", 250), ("a@contoso.com", "a@example.org", 550)],
)
def test_of_several_from_headers_the_first_is_judged_and_that_is_an_assumption(first, second, code):
    message = ["EHLO a", "MAIL FROM:<x@example.org>", "RCPT TO:<b@contoso.com>", "DATA"]
    # Without this right an own domain in From is refused, a foreign one is not.
    organization = with_connector(
        server("2016"),
        "Default EX01",
        acl=tuple(Ace(ANONYMOUS_LOGON, right) for right in (Right.SUBMIT, Right.ACCEPT_ANY_SENDER)),
    )
    client = Client(ip=parse_address("203.0.113.9"), port=2525)
    one = last(organization, [*message, f"From: {first}", "", "."], client)
    two = last(organization, [*message, f"From: {first}", f"FROM: {second}", "", "."], client)
    assert one.code == two.code == code
    added = [a for a in two.assumptions if a not in one.assumptions]
    assert [(a.rule, a.text, a.affects) for a in added] == [
        ("O-7", "only the first From header is judged, the others are not", ("refusal",))
    ]


def test_guarded_headers_are_stripped_without_their_right_and_never_refused():
    lines = [
        *TO_DATA,
        "Received: from x",
        "Resent-From: y@example.net",
        "X-MS-Exchange-Organization-SCL: -1",
        "x-ms-exchange-forest-a: b",
        *MESSAGE,
    ]
    (message,) = play(server(), Client(ip=STRANGER), lines).messages
    kept = {fate.name: (fate.kept, fate.right) for fate in message.headers}
    assert kept["Received"] == (True, Right.ACCEPT_HEADERS_ROUTING)
    assert kept["Resent-From"] == (True, Right.ACCEPT_HEADERS_ROUTING)
    assert kept["X-MS-Exchange-Organization-SCL"] == (False, Right.ACCEPT_HEADERS_ORGANIZATION)
    assert kept["x-ms-exchange-forest-a"] == (False, Right.ACCEPT_HEADERS_FOREST)
    assert kept["Subject"] == (True, None)


def test_externally_secured_mail_carries_auth_mechanism_10_and_never_a_spam_level():
    """Source: AM10, HDR, SLX (O-5)."""
    (message,) = play(builtin("option-1"), Client(ip=APP_SERVER), [*TO_DATA, *MESSAGE]).messages
    assert dict(message.added) == {
        "X-MS-Exchange-Organization-AuthSource": "EX01.contoso.com",
        "X-MS-Exchange-Organization-AuthAs": "Internal",
        "X-MS-Exchange-Organization-AuthMechanism": "10",
    }
    assert "address list has for `app@contoso.com`" in message.shown


def test_anonymous_mail_is_shown_as_written():
    (message,) = play(builtin("option-2"), Client(ip=APP_SERVER), [*TO_DATA, *MESSAGE]).messages
    assert message.auth_as is AuthAs.ANONYMOUS
    assert "`App <app@contoso.com>`" in message.shown


def test_a_trusted_server_may_declare_a_message_untrusted():
    """Source: TUPM1, RCPERM13 (O-5)."""
    lines = [TO_DATA[0], "MAIL FROM:<a@example.net> AUTH=<>", *TO_DATA[2:], *MESSAGE]
    exchange = last(builtin("option-1"), lines, Client(ip=APP_SERVER))
    assert exchange.message is not None
    assert exchange.message.auth_as is AuthAs.ANONYMOUS
    assert "O-5" in [a.rule for a in exchange.assumptions]


@pytest.mark.parametrize(
    ("version", "shape"),
    [
        ("2007", "> Queued mail for delivery"),
        ("2010", "> [InternalId=1] Queued mail for delivery"),
        ("2013", "> [InternalId=1, Hostname=EX01.contoso.com] Queued mail for delivery"),
        ("2019", "] 50 bytes in 0.100, 0,488 KB/sec Queued mail for delivery"),
    ],
)
def test_the_queued_reply_has_the_shape_of_the_version(version, shape):
    organization = change_server(builtin("option-2"), exchange=ExchangeVersion(version))
    exchange = last(organization, [*TO_DATA, *MESSAGE], Client(ip=APP_SERVER))
    assert exchange.reply[0].endswith(shape)


def test_the_message_id_of_the_message_is_repeated():
    lines = [*TO_DATA, "Message-ID: <1@app>", *MESSAGE]
    assert last(server(), lines).reply[0].startswith("250 2.6.0 <1@app> [")


def test_bdat_takes_bytes_whatever_they_are():
    conversation = Conversation(server(), Client(ip=STRANGER))
    head = b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<user@contoso.com>\r\n"
    body = b"From: <>\r\n\r\n.\r\nQUIT\r\n"
    conversation.receive(head + b"BDAT %d\r\n" % len(body) + body + b"BDAT 0 LAST\r\nNOOP\r\n")
    codes = [e.code for e in conversation.dialogue.exchanges]
    assert codes == [220, 250, 250, 250, 250, 250, 250]
    assert conversation.dialogue.messages[0].size == len(body)


def test_pipelined_commands_are_answered_one_by_one():
    conversation = Conversation(server(), Client(ip=STRANGER))
    data = b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<x@example.net>\r\nDATA\r\n"
    assert [e.code for e in conversation.receive(data)] == [250, 250, 550, 503]


def test_bare_line_feeds_end_lines():
    conversation = Conversation(server(), Client(ip=STRANGER))
    assert [e.code for e in conversation.receive(b"EHLO a\nNOOP\n")] == [250, 250]


def test_bare_line_feed_in_a_message_is_refused_where_the_property_says_so():
    organization = with_connector(
        server(), "Default Frontend", unmodelled=(("BareLinefeedRejectionEnabled", "True"),)
    )
    for each, code in ((organization, 550), (server(), 250)):
        conversation = Conversation(each, Client(ip=STRANGER))
        for line in TO_DATA:
            conversation.feed(line)
        assert conversation.receive(b"From: <>\n\r\nx\r\n.\r\n")[-1].code == code


def test_over_long_lines_are_refused_once_and_the_session_goes_on():
    conversation = Conversation(server(), Client(ip=STRANGER))
    for _ in range(4):
        conversation.receive(b"A" * (LONGEST_LINE // 2))
    exchanges = conversation.receive(b"\r\nEHLO a\r\n")
    assert [e.code for e in exchanges] == [500, 250]
    assert [e.code for e in conversation.feed("B" * 10000)] == [500]


def test_default_domain_completes_a_plain_name_and_nothing_odd():
    """Source: PS565."""
    organization = with_connector(server(), "Default Frontend", default_domain="contoso.com")
    start = ["EHLO a", "MAIL FROM:<app>"]
    assert replies(organization, [*start, "RCPT TO:<user>"])[-2:] == [
        "250 2.1.0 Sender OK",
        "250 2.1.5 Recipient OK",
    ]
    for odd in ("example.net!user", '"user@example.net"', "user%example.net"):
        assert replies(organization, [*start, f"RCPT TO:<{odd}>"])[-1] == (
            "501 5.1.3 Invalid address"
        )


def test_parameters_need_the_keyword_that_announces_them():
    organization = with_connector(
        server(), "Default Frontend", delivery_status_notification_enabled=False
    )
    assert last(organization, ["EHLO a", "MAIL FROM:<> RET=HDRS"]).code == 501
    assert last(server(), ["EHLO a", "MAIL FROM:<> RET=HDRS"]).code == 250
    assert last(server(), ["EHLO a", "MAIL FROM:<> NONSENSE=1"]).code == 501


def test_sub_domains_follow_the_accepted_domain():
    lines = ["EHLO a", "MAIL FROM:<>", "RCPT TO:<x@sub.contoso.com>"]
    assert last(server(), lines).code == 550
    wide = replace(server(), accepted_domains=(AcceptedDomain(name="*.contoso.com"),))
    assert last(wide, lines).code == 250


def test_idna_and_unicode_spellings_of_an_accepted_domain_are_one():
    organization = replace(server(), accepted_domains=(AcceptedDomain(name="bücher.example"),))
    start = ["EHLO a", "MAIL FROM:<>"]
    for spelling in ("x@bücher.example", "x@XN--BCHER-KVA.example"):
        assert last(organization, [*start, f"RCPT TO:<{spelling}>"]).code == 250


def test_a_script_may_carry_both_sides():
    text = "S: 220 x\r\nC: EHLO a\r\n250-x\nC:\nC: QUIT\n"
    assert read_script(text) == ("EHLO a", "", "QUIT")


def test_script_for_a_question_types_what_converse_plays():
    organization = server()
    session = Session(
        ip=STRANGER,
        mail_from="a@example.org",
        rcpt_to=("user@contoso.com",),
        size=5000,
    )
    connector = find_connector(organization, "Default Frontend")
    script = script_for(session, organization, connector)
    assert play(organization, Client(ip=STRANGER), script) == converse(organization, session)
    assert "MAIL FROM:<a@example.org> SIZE=5000" in script


def test_a_client_quits_after_a_refusal_and_nothing_later_is_invented():
    session = Session(ip=STRANGER, mail_from="a@example.org", rcpt_to=("x@example.net",))
    moments = [e.moment for e in converse(server(), session).exchanges]
    assert moments[-2:] == [SmtpStage.RCPT_TO, SmtpStage.QUIT]
    assert SmtpStage.DATA not in moments
