"""Logged sessions are held against the description, and a wrong description is found."""

import pytest

import relaysim
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.reading.gathering import Gatherer
from relaysim.replay.report import report
from relaysim.replay.what_if import WhatIfOutcome
from tests.replay.logs import REFUSED, RELAYED, SERVER, log_of, session_rows

LOGGED_ON = (
    ("<", "STARTTLS", ""),
    (">", "220 2.0.0 SMTP server ready", ""),
    ("<", "EHLO device", ""),
    (">", "250  MX1 Hello AUTH NTLM LOGIN", ""),
    ("<", "AUTH LOGIN", ""),
    (">", "334 <authentication response>", ""),
    (">", "334 <authentication response>", ""),
    ("*", "FABRIKAM\\app", "authenticated"),
    (">", "235 2.7.0 Authentication successful", ""),
)


@pytest.fixture
def server(tmp_path):
    """Return what loads the server, its text changed by pairs of old and new."""

    def load(*changes):
        text = SERVER
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "server.toml"
        path.write_text(text, encoding="utf-8")
        return relaysim.load(str(path))

    return load


def judge(organization, *sessions, changed=None):
    gatherer = Gatherer(organization.accepted_domains)
    gatherer.feed(log_of(*sessions).splitlines(keepends=True), "a.log")
    return report(gatherer.finish(), organization, changed)


def only(answer):
    (shape,) = answer.shapes
    return shape


def test_what_the_model_predicts_is_the_same(server):
    relayed = session_rows(1, RELAYED)
    refused = session_rows(
        2, REFUSED, connector="MX1\\Default Frontend MX1", client="198.51.100.7:5"
    )
    answer = judge(server(), relayed, refused)
    assert answer.count(ReplayOutcome.SAME) == 2


def test_a_range_that_is_too_small_is_named(server):
    organization = server(("172.16.4.0/24", "172.16.4.0/29"))
    shape = only(judge(organization, session_rows(1, RELAYED)))
    assert shape.judged.outcome is ReplayOutcome.DIFFERENT
    assert "172.16.4.0/29" in shape.judged.why[0]
    assert "Default Frontend MX1" in shape.judged.why[0]


def test_a_missing_entry_is_named_by_tokens_and_by_the_reply(server):
    organization = server(
        ("ms-Exch-SMTP-Accept-Any-Recipient", "ms-Exch-Bypass-Anti-Spam"),
    )
    tokens = "SMTPSubmit SMTPAcceptAnyRecipient SMTPAcceptAnySender"
    rows = (("*", tokens, "Set Session Permissions"), *RELAYED)
    why = " ".join(only(judge(organization, session_rows(1, rows))).judged.why)
    assert "SMTPAcceptAnyRecipient" in why
    assert "BypassAntiSpam" in why
    assert "550 5.7.54" in why


def test_a_connector_that_is_not_described_is_named(server):
    rows = session_rows(1, RELAYED, connector="MX1\\Gone")
    shape = only(judge(server(), rows))
    assert shape.judged.outcome is ReplayOutcome.DIFFERENT
    assert "`Gone` is not described" in shape.judged.why[0]


def test_a_server_that_is_not_described_cannot_be_told(server):
    shape = only(judge(server(), session_rows(1, RELAYED, connector="MX9\\Printers")))
    assert shape.judged.outcome is ReplayOutcome.CANNOT_TELL


def test_a_hidden_client_cannot_be_told(server):
    shape = only(judge(server(), session_rows(1, RELAYED, client="x.x.x.x:5")))
    assert shape.judged.outcome is ReplayOutcome.CANNOT_TELL


def test_a_session_between_servers_is_no_client(server):
    rows = session_rows(
        1,
        (("<", "XPROXYFROM SID=1 IP=172.16.4.9 PORT=5 DOMAIN=device", ""), *RELAYED),
        connector="MX1\\Default MX1",
        client="172.16.0.1:5",
        local="172.16.0.1:2525",
    )
    shape = only(judge(server(), rows))
    assert shape.judged.outcome is ReplayOutcome.NOT_A_CLIENT


def test_an_account_relays_with_its_own_address(server):
    mail = tuple((e, d.replace("scan@", "app@"), c) for e, d, c in RELAYED)
    rows = session_rows(
        1,
        LOGGED_ON + mail,
        connector="MX1\\Client Frontend MX1",
        local="172.16.0.1:587",
    )
    assert only(judge(server(), rows)).judged.outcome is ReplayOutcome.SAME


def test_a_wrong_password_is_no_matter_of_permissions(server):
    rows = session_rows(
        1,
        (
            *LOGGED_ON[:7],
            ("*", "", "Inbound AUTH LOGIN failed because of LogonDenied"),
            (">", "535 5.7.3 Authentication unsuccessful", ""),
        ),
        connector="MX1\\Client Frontend MX1",
        local="172.16.0.1:587",
    )
    assert only(judge(server(), rows)).judged.outcome is ReplayOutcome.CANNOT_TELL


def test_a_refusal_that_no_connector_decides_is_no_difference(server):
    rows = [list(each) for each in RELAYED]
    rows[3][1] = "550 5.1.1 User unknown"
    shape = only(judge(server(), session_rows(1, [tuple(each) for each in rows])))
    assert shape.judged.outcome is ReplayOutcome.SAME
    assert "outside the connector" in shape.judged.why[0]


def test_without_its_beginning_a_session_is_judged_by_what_is_left(server):
    rows = session_rows(1, RELAYED)[5:]
    shape = only(judge(server(), rows))
    assert shape.judged.outcome is ReplayOutcome.SAME
    assert "beginning" in " ".join(shape.judged.why)


def test_a_changed_configuration_says_whom_it_refuses_and_whom_it_lets_in(server):
    organization = server()
    narrowed = server(
        ("172.16.4.0/24", "172.16.4.0/29"),
    )
    relayed = session_rows(1, RELAYED)
    asked = only(judge(organization, relayed, changed=narrowed)).what_if
    assert asked.outcome is WhatIfOutcome.REFUSED
    assert asked.connector == "Default Frontend MX1"
    widened = server(("172.16.4.0/24", "0.0.0.0-255.255.255.254"))
    refused = session_rows(
        2, REFUSED, connector="MX1\\Default Frontend MX1", client="198.51.100.7:5"
    )
    asked = only(judge(organization, refused, changed=widened)).what_if
    assert (asked.outcome, asked.why[0]) == (WhatIfOutcome.ALLOWED, "would relay")


def test_connectors_that_do_not_log_are_blind_and_others_unused(server):
    organization = server(
        ('name = "Printers"', 'name = "Printers"\nprotocol_logging_level = "None"'),
        (
            'name = "Client Proxy MX1"',
            'name = "Client Proxy MX1"\nprotocol_logging_level = "Verbose"',
        ),
    )
    refused = session_rows(
        2, REFUSED, connector="MX1\\Default Frontend MX1", client="198.51.100.7:5"
    )
    use = judge(organization, refused).use
    assert use.blind == ("MX1\\Printers",)
    assert use.unused == ("MX1\\Client Proxy MX1",)
    assert [each.connector for each in use.seen] == ["MX1\\Default Frontend MX1"]


def test_another_server_of_the_organization_is_no_client_and_a_stranger_at_its_port_is(server):
    described = server(('server = "MX1"', 'server = "MX1"\naddresses = ["172.16.0.1"]'))
    one = session_rows(
        1, RELAYED, connector="MX1\\Default MX1", client="172.16.0.2:5", local="172.16.0.1:2525"
    )
    assert only(judge(server(), one)).judged.outcome is ReplayOutcome.NOT_A_CLIENT
    assert only(judge(described, one)).judged.outcome is ReplayOutcome.DIFFERENT


def test_each_server_of_an_organization_is_asked_for_its_own_log(tmp_path):
    path = tmp_path / "two.toml"
    connector = (
        '[[server.connector]]\nname = "Relay"\nbindings = ["0.0.0.0:25"]\n'
        'remote_ip_ranges = ["172.16.{}.0/24"]\nauth_mechanism = "Tls"\n'
        'permission_groups = "AnonymousUsers"\n'
    )
    path.write_text(
        'format = 1\n[organization]\ndomain = "FABRIKAM"\naccepted_domains = ["fabrikam.com"]\n'
        + "".join(
            f'[[server]]\nname = "MX{n}"\nexchange = "2010"\n{connector.format(n)}' for n in (4, 5)
        ),
        encoding="utf-8",
    )
    organization = relaysim.load(str(path))
    refused = [(e, d.replace("5.7.54 SMTP; ", "5.7.1 "), c) for e, d, c in REFUSED]
    for number in (4, 5):
        rows = session_rows(
            1, refused, connector=f"MX{number}\\Relay", client=f"172.16.{number}.9:5"
        )
        assert only(judge(organization, rows)).judged.outcome is ReplayOutcome.SAME


ACCOUNTS = tuple((e, d.replace("scan@", "app@"), c) for e, d, c in RELAYED)


@pytest.mark.parametrize(
    ("dialogue", "where"),
    [
        (RELAYED, {}),
        (REFUSED, {"connector": "MX1\\Default Frontend MX1", "client": "198.51.100.7:5"}),
        (
            LOGGED_ON + ACCOUNTS,
            {"connector": "MX1\\Client Frontend MX1", "local": "172.16.0.1:587"},
        ),
    ],
    ids=["relayed", "refused", "account"],
)
def test_a_row_that_is_lost_makes_no_difference_that_was_not_there(server, dialogue, where):
    organization = server()
    rows = session_rows(1, dialogue, **where)
    told = []
    for place in range(len(rows)):
        shape = only(judge(organization, rows[:place] + rows[place + 1 :]))
        told.append(shape.judged.outcome)
    assert set(told) <= {ReplayOutcome.SAME, ReplayOutcome.CANNOT_TELL}
    assert told.count(ReplayOutcome.SAME) > len(told) / 2


NOT_KNOWN = 'name = "Printers"\nunknown = ["entries"]\n'
TOKENS = ("*", "SMTPSubmit SMTPAcceptAnyRecipient SMTPAcceptAnySender", "Set Session Permissions")
OTHER_RIGHT = "ms-Exch-Bypass-Anti-Spam"
RELAY_RIGHT = "ms-Exch-SMTP-Accept-Any-Recipient"
TO_OWN = tuple(
    (event, data.replace("example.org", "fabrikam.com"), "") for event, data, _ in RELAYED
)


@pytest.mark.parametrize(
    ("dialogue", "right", "outcome", "why"),
    [
        # The entry that is listed holds; whether one that is not denies, only the log knows.
        (RELAYED, RELAY_RIGHT, ReplayOutcome.SAME, ""),
        (REFUSED, RELAY_RIGHT, ReplayOutcome.CANNOT_TELL, "denies what a listed one allows (G-3)"),
        (RELAYED, OTHER_RIGHT, ReplayOutcome.CANNOT_TELL, "not known: the entries of"),
        (REFUSED, OTHER_RIGHT, ReplayOutcome.CANNOT_TELL, "Get-ADPermission"),
        ((TOKENS, *RELAYED), OTHER_RIGHT, ReplayOutcome.CANNOT_TELL, "the entries of"),
        (TO_OWN, OTHER_RIGHT, ReplayOutcome.SAME, ""),
    ],
)
def test_what_hangs_on_entries_that_are_not_known_cannot_be_told(
    server, dialogue, right, outcome, why
):
    organization = server(('name = "Printers"\n', NOT_KNOWN), (RELAY_RIGHT, right))
    judged = only(judge(organization, session_rows(1, dialogue))).judged
    assert judged.outcome is outcome
    assert why in " ".join(judged.why)


def test_a_change_to_entries_that_are_not_known_cannot_be_told(server):
    changed = server(('name = "Printers"\n', NOT_KNOWN), (RELAY_RIGHT, OTHER_RIGHT))
    shape = only(judge(server(), session_rows(1, RELAYED), changed=changed))
    assert shape.what_if.outcome is WhatIfOutcome.CANNOT_TELL
    assert "the entries of" in shape.what_if.why[0]


def test_a_reply_that_ranges_which_are_not_known_may_explain_is_no_difference(server):
    narrow = ("172.16.4.0/24", "172.16.4.0/29")
    organization = server(
        ('name = "Printers"\n', 'name = "Printers"\nunknown = ["remote_ip_ranges"]\n'), narrow
    )
    judged = only(judge(organization, session_rows(1, RELAYED))).judged
    assert judged.outcome is ReplayOutcome.CANNOT_TELL
    assert "RemoteIPRanges" in judged.why[0]


def test_without_accepted_domains_a_recipient_that_was_taken_is_no_difference(server):
    organization = server(('accepted_domains = ["fabrikam.com"]\n', ""))
    rows = session_rows(1, TO_OWN, connector="MX1\\Default Frontend MX1", client="198.51.100.7:5")
    judged = only(judge(organization, rows)).judged
    assert judged.outcome is ReplayOutcome.CANNOT_TELL
    assert "(O-10)" in judged.why[0]


def test_who_would_answer_without_a_connector_is_told(server):
    answer = judge(
        server(), session_rows(1, RELAYED), session_rows(2, RELAYED, client="172.16.4.10:5")
    )
    (heirs,) = answer.heirs
    assert heirs == ("MX1\\Printers", (("Default Frontend MX1", 2),), 0)


TRACKED = """\
#Log-type: Message Tracking Log
#Fields: date-time,client-ip,server-ip,server-hostname,connector-id,source,event-id,\
internal-message-id,message-id,recipient-address,sender-address,message-info
2025-03-01T08:00:00.000Z,{client},172.16.0.1,MX1,MX1\\{connector},SMTP,RECEIVE,7,<a@b>,{to},\
scan@fabrikam.com,
"""


@pytest.mark.parametrize(
    ("connector", "client", "outcome"),
    [
        ("Printers", "172.16.4.9", ReplayOutcome.SAME),
        # An account relays there, and the log does not show whether one logged on.
        ("Client Frontend MX1", "172.16.4.9", ReplayOutcome.CANNOT_TELL),
        ("Plain", "172.16.5.9", ReplayOutcome.DIFFERENT),
        ("Default Frontend MX1", "172.16.4.9", ReplayOutcome.DIFFERENT),
    ],
)
def test_a_tracked_message_may_be_an_accounts(server, connector, client, outcome):
    # Nobody can log on at this one.
    plain = (
        '[[connector]]\nname = "Plain"\nbindings = "0.0.0.0:25"\n'
        'transport_role = "FrontendTransport"\nremote_ip_ranges = "172.16.5.0/24"\n'
        'auth_mechanism = "Tls"\npermission_groups = "AnonymousUsers"\n\n[[account]]'
    )
    organization = server(("[[account]]", plain))
    gatherer = Gatherer(organization.accepted_domains)
    text = TRACKED.format(client=client, connector=connector, to="joe@example.org")
    gatherer.feed_tracking(text.splitlines(keepends=True), "t.log")
    answer = report(gatherer.finish(), organization, organization)
    shape = only(answer)
    assert shape.judged.outcome is outcome
    changed = {
        ReplayOutcome.SAME: WhatIfOutcome.SAME,
        ReplayOutcome.CANNOT_TELL: WhatIfOutcome.CANNOT_TELL,
    }
    assert shape.what_if.outcome is changed.get(outcome, shape.what_if.outcome)
