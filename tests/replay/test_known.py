"""A session whose like was read before is the session that its rows tell."""

import random

import pytest

from relaysim.model.organization import AcceptedDomain
from relaysim.replay.reading.known import KnownSessions
from relaysim.replay.reading.reduction import ReducedDomains, SessionReader

ROWS = (
    *(("<", data, "") for data in (
        "EHLO a", "ehlo b", "MAIL FROM:<a@fabrikam.com> SIZE=1", "MAIL FROM:<b@fabrikam.com>",
        "MAIL FROM:<>", "MAIL FROM:", "mail from: c@example.org", "RCPT TO:<x@example.net>",
        "RCPT TO:<y@fabrikam.com>", "DATA", "RSET", "QUIT", "STARTTLS", "AUTH ntlm", "AUTH LOGIN",
        "AUTH", "BDAT 5", "BDAT 7 LAST", "X-EXPS EXCHANGEAUTH SHA256", "XPROXYFROM SID=1",
    )),
    *((">", data, "") for data in (
        "220 MX1 ready", "220 2.0.0 SMTP server ready", "250 2.1.0 Sender OK", "250-MX1 Hello",
        "250  MX1 Hello [10.0.0.1]", "250  2.1.0 x", "250 MX1 Hello", "250", "", "250 2.1.5 OK",
        "354 Start", "250 2.6.0 <1@app> Queued", "250 2.6.0 <2@app> Queued", "334 <challenge>",
        "235 2.7.0 Authentication successful", "535 5.7.3 Authentication unsuccessful",
        "550 5.7.54 SMTP; Unable to relay recipient", "550 5.1.1 User unknown <a@b>",
        "550 5.1.1 User unknown <c@d>", "454 4.7.0 Temporary", "221 2.0.0 bye",
    )),
    ("*", "SMTPSubmit SMTPAcceptAnyRecipient", "Set Session Permissions"),
    ("*", "None", "Set Session Permissions\r\n"),
    ("*", "FABRIKAM\\app", "authenticated"),
    ("*", "FABRIKAM\\app", "FABRIKAM\\app\n"),
    ("*", "", "User Name: app"),
    ("*", "Inbound authentication failed because of LogonDenied", ""),
    ("*", "", "TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded using AES"),
    ("*", "TLS negotiation failed with error", ""),
    ("*", "08D6;2025;1", "receiving message"),
)  # fmt: skip

LOGON = tuple(
    row
    for row in ROWS
    if row[1].startswith(("AUTH", "MAIL", "235", "250 2", "RCPT", "BDAT", "FABR"))
)


@pytest.mark.parametrize("seed", range(20))
def test_a_known_session_is_what_its_rows_tell(seed):
    draw = random.Random(seed)  # noqa: S311  # the same sessions every time
    accepted = (AcceptedDomain(name="fabrikam.com"),) if seed % 2 else None
    known = KnownSessions(SessionReader(ReducedDomains(accepted)))
    seen = set()
    for _ in range(150):
        # Few kinds of rows, so that many sessions are alike.
        some = draw.sample(ROWS, 4) if draw.random() < 0.5 else draw.sample(LOGON, 3)
        told = [draw.choice(some) for _ in range(draw.randrange(7))]
        rests = [",".join(row) for row in told]
        read = SessionReader(ReducedDomains(accepted)).read_told("MX1\\C", "10.0.0.1:25", told)
        by_rows = known.read_told("MX1\\C", "10.0.0.1:25", told)
        assert by_rows.logged == read, told
        assert all(map(known.learn, rests))
        assert known.read("MX1\\C", "10.0.0.1:25", rests) is by_rows
        seen.add(id(by_rows))
    assert len(seen) < 150
