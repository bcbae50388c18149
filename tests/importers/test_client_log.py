"""Clients' logs, bounces and stack traces are read as the sessions they show."""

import pytest

from relaysim.importers.logs.client_log import read_client_log

RELAY = "550 5.7.1 Unable to relay"
SEND_AS = "550 5.7.60 SMTP; Client does not have permissions to send as this sender"

SWAKS = f"""\
=== Trying mx1.fabrikam.com:25...
=== Connected to mx1.fabrikam.com.
<-  220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
 -> EHLO web
<-  250-MX1.fabrikam.com Hello [172.16.4.9]
<-  250-STARTTLS
<-  250 CHUNKING
 -> MAIL FROM:<app@fabrikam.com>
<-  250 2.1.0 Sender OK
 -> RCPT TO:<joe@example.org>
<** {RELAY}
 -> QUIT
<-  221 2.0.0 Service closing transmission channel
=== Connection closed with remote host.
"""
SWAKS_TLS = f"""\
=== Trying mx1.fabrikam.com:587...
=== Connected to mx1.fabrikam.com.
<-  220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
 -> EHLO web
<-  250-MX1.fabrikam.com Hello [172.16.4.9]
<-  250 STARTTLS
 -> STARTTLS
<-  220 2.0.0 SMTP server ready
=== TLS started with cipher TLSv1.2
 ~> EHLO web
<~  250-MX1.fabrikam.com Hello [172.16.4.9]
<~  250 AUTH GSSAPI NTLM LOGIN
 ~> AUTH LOGIN
<~  334 VXNlcm5hbWU6
 ~> RkFCUklLQU1cYXBw
<~  334 UGFzc3dvcmQ6
 ~> c2VjcmV0
<~  235 2.7.0 Authentication successful
 ~> MAIL FROM:<boss@fabrikam.com>
<~  250 2.1.0 Sender OK
 ~> RCPT TO:<joe@example.org>
<~  250 2.1.5 Recipient OK
 ~> DATA
<~  354 Start mail input; end with <CRLF>.<CRLF>
 ~> Subject: hello
 ~>
 ~> 550 5.7.1 is only text here
 ~> .
<~* {SEND_AS}
 ~> QUIT
<~  221 2.0.0 Service closing transmission channel
""".replace("<~* ", "<** ")
MSMTP = f"""\
<-- 220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
--> EHLO localhost
<-- 250-MX1.fabrikam.com Hello [172.16.4.9]
<-- 250 CHUNKING
--> MAIL FROM:<app@fabrikam.com>
--> RCPT TO:<joe@example.org>
--> DATA
<-- 250 2.1.0 Sender OK
<-- {RELAY}
<-- 503 5.5.2 Need rcpt command
"""
NODEMAILER = f"""\
[2025-03-01 08:00:00] INFO  [abc] Secure connection established to 172.16.0.1:25
[2025-03-01 08:00:00] DEBUG [abc] S: 220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
[2025-03-01 08:00:00] DEBUG [abc] C: EHLO web
[2025-03-01 08:00:00] DEBUG [abc] S: 250-MX1.fabrikam.com Hello [172.16.4.9]
[2025-03-01 08:00:00] DEBUG [abc] S: 250 CHUNKING
[2025-03-01 08:00:00] DEBUG [abc] C: MAIL FROM:<app@fabrikam.com>
[2025-03-01 08:00:00] DEBUG [abc] S: 250 2.1.0 Sender OK
[2025-03-01 08:00:00] DEBUG [abc] C: RCPT TO:<joe@example.org>
[2025-03-01 08:00:00] DEBUG [abc] S: {RELAY}
"""
SMTPLIB = f"""\
send: 'ehlo [127.0.1.1]\\r\\n'
reply: b'250-MX1.fabrikam.com Hello [172.16.4.9]\\r\\n'
reply: b'250 CHUNKING\\r\\n'
reply: retcode (250); Msg: b'MX1.fabrikam.com Hello [172.16.4.9]\\nCHUNKING'
send: 'mail FROM:<app@fabrikam.com> size=20\\r\\n'
reply: b'250 2.1.0 Sender OK\\r\\n'
send: 'rcpt TO:<joe@example.org>\\r\\n'
reply: b'{RELAY}\\r\\n'
"""
JAVAMAIL = f"""\
DEBUG: JavaMail version 1.6.2
DEBUG SMTP: trying to connect to host "mx1.fabrikam.com", port 25, isSSL false
220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
DEBUG SMTP: connected to host "mx1.fabrikam.com", port: 25
EHLO web
250-MX1.fabrikam.com Hello [172.16.4.9]
250 CHUNKING
DEBUG SMTP: Found extension "CHUNKING", arg ""
MAIL FROM:<app@fabrikam.com>
250 2.1.0 Sender OK
RCPT TO:<joe@example.org>
{RELAY}
DEBUG SMTP: Invalid Addresses
"""
EXIM = f"""\
Connecting to mx1.fabrikam.com [172.16.0.1]:25 ... connected
  SMTP<< 220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
  SMTP>> EHLO web
  SMTP<< 250-MX1.fabrikam.com Hello [172.16.4.9]
         250 CHUNKING
  SMTP>> MAIL FROM:<app@fabrikam.com>
  SMTP<< 250 2.1.0 Sender OK
  SMTP>> RCPT TO:<joe@example.org>
  SMTP<< {RELAY}
"""
TELNET = f"""\
220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
ehlo web
250-MX1.fabrikam.com Hello [172.16.4.9]
250 CHUNKING
mail from:app@fabrikam.com
250 2.1.0 Sender OK
rcpt to:joe@example.org
{RELAY}
"""
OLD_NODEMAILER = f"""\
SERVER client1:
\u2514\u2500\u2500220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
CLIENT client1:
\u2514\u2500\u2500EHLO [127.0.0.1]
SERVER client1:
\u2514\u2500\u2500250-MX1.fabrikam.com Hello [172.16.4.9]
   250 CHUNKING
CLIENT client1:
\u2514\u2500\u2500MAIL FROM:<app@fabrikam.com>
SERVER client1:
\u2514\u2500\u2500250 2.1.0 Sender OK
CLIENT client1:
\u2514\u2500\u2500RCPT TO:<joe@example.org>
SERVER client1:
\u2514\u2500\u2500{RELAY}
"""
OLD_PHPMAILER = f"""\
SMTP -> FROM SERVER:220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
CLIENT -> SMTP: EHLO web
SMTP -> FROM SERVER:250-MX1.fabrikam.com Hello [172.16.4.9]
250 CHUNKING
CLIENT -> SMTP: MAIL FROM:<app@fabrikam.com>
SMTP -> FROM SERVER:250 2.1.0 Sender OK
CLIENT -> SMTP: RCPT TO:<joe@example.org>
SMTP -> FROM SERVER:{RELAY}
SMTP -> ERROR: RCPT not accepted from server: {RELAY}
"""


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("swaks", SWAKS),
        ("msmtp", MSMTP),
        ("nodemailer", NODEMAILER),
        ("smtplib", SMTPLIB),
        ("javamail", JAVAMAIL),
        ("exim", EXIM.replace("         250 CHUNKING\n", "  SMTP<< 250 CHUNKING\n")),
        ("telnet", TELNET),
        ("nodemailer", OLD_NODEMAILER),
        ("phpmailer", OLD_PHPMAILER),
    ],
)
def test_a_refused_recipient_is_read_from_every_form(tool, text):
    (session,) = read_client_log(text)
    assert session.tool == tool
    assert session.client == "172.16.4.9"
    assert session.sender == "app@fabrikam.com"
    assert session.recipients == (("joe@example.org", RELAY),)
    assert (session.stage, session.refusal) == ("RCPT TO", RELAY)
    assert session.accepted is False


def test_the_server_and_port_are_read_where_they_are_shown():
    shown = {
        "mx1.fabrikam.com": (SWAKS, JAVAMAIL, EXIM),
        "172.16.0.1": (NODEMAILER,),
    }
    for server, texts in shown.items():
        for text in texts:
            (session,) = read_client_log(text)
            assert (session.server, session.port) == (server, 25)


def test_tls_account_and_end_of_data_are_read_and_the_text_of_the_message_is_not():
    (session,) = read_client_log(SWAKS_TLS)
    assert session.tls
    assert session.auth == "FABRIKAM\\app"
    assert session.auth_offered == ("GSSAPI", "NTLM", "LOGIN")
    assert session.accepted is False
    assert (session.stage, session.refusal) == ("end of data", SEND_AS)


@pytest.mark.parametrize(
    ("tool", "line", "stage", "refusal"),
    [
        (
            "postfix",
            "Mar  1 08:00:00 web postfix/smtp[7]: 1A2: to=<joe@example.org>, "
            "relay=mx1.fabrikam.com[172.16.0.1]:25, delay=1, dsn=5.7.1, status=bounced (host "
            f"mx1.fabrikam.com[172.16.0.1] said: {RELAY} (in reply to RCPT TO command))",
            "RCPT TO",
            RELAY,
        ),
        (
            "postfix",
            f"<joe@example.org>: host mx1.fabrikam.com[172.16.0.1] said: {SEND_AS} "
            "(in reply to end of DATA command)",
            "end of data",
            SEND_AS,
        ),
        (
            "exim",
            "** joe@example.org R=smarthost T=remote_smtp H=mx1.fabrikam.com [172.16.0.1]: SMTP "
            f"error from remote mail server after RCPT TO:<joe@example.org>: {RELAY}",
            "RCPT TO",
            RELAY,
        ),
        (
            ".net",
            "System.Net.Mail.SmtpFailedRecipientException: Mailbox unavailable. The server "
            "response was: 5.7.1 Unable to relay",
            "RCPT TO",
            "5.7.1 Unable to relay",
        ),
        (
            "javamail",
            f"com.sun.mail.smtp.SMTPAddressFailedException: {RELAY}",
            "RCPT TO",
            RELAY,
        ),
    ],
)
def test_a_quoted_reply_is_found_in_a_log_line_or_a_trace(tool, line, stage, refusal):
    (session,) = read_client_log(f"something before\n{line}\nsomething after\n")
    assert (session.tool, session.stage, session.refusal) == (tool, stage, refusal)


STAMPED = f"""\
2024-05-01T10:00:00Z S: 220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
2024-05-01T10:00:00Z C: EHLO [172.16.4.9]
2024-05-01T10:00:00Z S: 250-MX1.fabrikam.com Hello [172.16.4.9]
2024-05-01T10:00:00Z S: 250 CHUNKING
2024-05-01T10:00:01Z C: MAIL FROM:<app@fabrikam.com>
2024-05-01T10:00:01Z C: RCPT TO:<joe@example.org>
2024-05-01T10:00:01Z S: 250 2.1.0 Sender OK
2024-05-01T10:00:01Z S: {RELAY}
"""
LOGGED = f"""\
2024-05-01 10:00:00,123 DEBUG [main] DEBUG SMTP: trying to connect to host "mx1", port 25
2024-05-01 10:00:00,124 DEBUG [main] 220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
2024-05-01 10:00:00,125 DEBUG [main] EHLO web
2024-05-01 10:00:00,126 DEBUG [main] 250 MX1.fabrikam.com Hello [172.16.4.9]
2024-05-01 10:00:00,127 DEBUG [main] MAIL FROM:<app@fabrikam.com>
2024-05-01 10:00:00,128 DEBUG [main] 250 2.1.0 Sender OK
2024-05-01 10:00:00,129 DEBUG [main] RCPT TO:<joe@example.org>
2024-05-01 10:00:00,130 DEBUG [main] {RELAY}
"""
EXIM_PIPELINED = f"""\
Connecting to mx1.fabrikam.com [172.16.0.1]:25 ... connected
  SMTP<< 220 MX1.fabrikam.com Microsoft ESMTP MAIL Service ready
  SMTP>> EHLO web
  SMTP<< 250-MX1.fabrikam.com Hello [172.16.4.9]
         250-SIZE 37748736
         250 CHUNKING
  SMTP>> MAIL FROM:<app@fabrikam.com> SIZE=1500
  SMTP>> RCPT TO:<joe@example.org>
  SMTP>> DATA
  SMTP<< 250 2.1.0 Sender OK
  SMTP<< {RELAY}
  SMTP<< 503 5.5.2 Need rcpt command
"""


@pytest.mark.parametrize(
    ("tool", "text"),
    [("mailkit", STAMPED), ("javamail", LOGGED), ("exim", EXIM_PIPELINED)],
)
def test_stamps_of_a_logger_and_replies_over_unmarked_lines_hide_nothing(tool, text):
    (session,) = read_client_log(text)
    assert (session.tool, session.client, session.sender) == (
        tool,
        "172.16.4.9",
        "app@fabrikam.com",
    )
    assert session.recipients == (("joe@example.org", RELAY),)
    assert (session.stage, session.refusal, session.accepted) == ("RCPT TO", RELAY, False)


def test_what_is_said_of_a_message_that_the_log_leaves_out_is_about_the_message():
    lines = ["DATA", "354 go on", "<1024 bytes encoded mime message>", SEND_AS]
    (session,) = read_client_log(
        "[t] DEBUG [id] S: 220 MX1 ready\n[t] DEBUG [id] C: EHLO a\n[t] DEBUG [id] S: 250 MX1\n"
        f"[t] DEBUG [id] C: {lines[0]}\n[t] DEBUG [id] S: {lines[1]}\n[t] INFO [id] {lines[2]}\n"
        f"[t] DEBUG [id] S: {lines[3]}\n"
    )
    assert (session.stage, session.refusal) == ("end of data", SEND_AS)


@pytest.mark.parametrize(
    ("tool", "line", "address", "accepted"),
    [
        (
            "postfix",
            "postfix/smtp[2]: 4F2: to=<joe@example.org>, relay=mx1.fabrikam.com[172.16.0.1]:25, "
            "dsn=2.6.0, status=sent (250 2.6.0 <x@y> Queued mail for delivery)",
            "joe@example.org",
            True,
        ),
        (
            "exim",
            "2022-11-02 19:46:05 1oqJ8b ** joe@example.org R=smarthost T=remote_smtp "
            "H=mx1.fabrikam.com [172.16.0.1]: SMTP error from remote mail server after "
            f"RCPT TO:<joe@example.org>: {RELAY}",
            "joe@example.org",
            False,
        ),
        (
            "msmtp",
            "Nov 02 19:46:05 host=mx1.fabrikam.com tls=off auth=off from=app@fabrikam.com "
            f"recipients=joe@example.org smtpstatus=550 smtpmsg='{RELAY}' errormsg='not accepted' "
            "exitcode=EX_DATAERR",
            "joe@example.org",
            False,
        ),
        (
            "smtplib",
            "smtplib.SMTPRecipientsRefused: {'joe@example.org': (550, b'5.7.1 Unable to relay')}",
            "joe@example.org",
            False,
        ),
        ("bounce", f"Diagnostic-Code: smtp;{RELAY}", "", False),
    ],
)
def test_one_line_of_a_delivery_is_a_session(tool, line, address, accepted):
    (session,) = read_client_log(line)
    assert (session.tool, session.accepted) == (tool, accepted)
    assert session.recipients[0].address == address
    assert session.refusal == (None if accepted else RELAY)


def test_a_failure_that_several_lines_tell_is_one():
    trace = (
        f"Error: Can't send mail - all recipients were rejected: {RELAY}\n    at index.js:790\n"
        f"  code: 'EENVELOPE',\n  response: '{RELAY}',\n  responseCode: 550\n"
    )
    (session,) = read_client_log(trace)
    assert (session.tool, session.refusal) == ("nodemailer", RELAY)


@pytest.mark.parametrize("text", ["", "hello\nworld\n", "a,b\n1,2\n"])
def test_a_text_without_a_session_gives_none(text):
    assert read_client_log(text) == ()
