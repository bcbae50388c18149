"""The least configuration keeps what was seen, takes what nobody used, and names what is blind."""

import json

import pytest

import relaysim
from relaysim.analysis.compare.change import ChangeKind
from relaysim.analysis.compare.compare import compare
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.session import AuthKind
from tests.console import relaysim as run
from tests.replay.logs import REFUSED, RELAYED, SERVER, log_of, session_rows

LOGS = '\nprotocol_logging_level = "Verbose"'
SEEN = (
    session_rows(1, RELAYED),
    session_rows(2, RELAYED, client="172.16.4.10:50001", minute=1),
    session_rows(3, REFUSED, connector="MX1\\Default Frontend MX1", client="198.51.100.7:5"),
)
OTHER = """
[[connector]]
name = "Old scanner"
protocol_logging_level = "{}"
transport_role = "FrontendTransport"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["172.16.9.9"]
auth_mechanism = "Tls"
permission_groups = "{}"
"""


@pytest.fixture
def suggested(tmp_path):
    """Return what gives the answer's `suggest` for sessions and a server's text."""

    def ask(*sessions, server=SERVER):
        config, log = tmp_path / "server.toml", tmp_path / "a.log"
        config.write_text(server, encoding="utf-8")
        log.write_text(log_of(*sessions), encoding="utf-8")
        done = run(["replay", str(log), "-c", str(config), "--suggest", "-o", "json"])
        assert done.code == 0, done.output
        return relaysim.load(str(config)), json.loads(done.output)["suggest"]

    return ask


def with_connector(level="Verbose", groups="AnonymousUsers"):
    before, account = SERVER.split("[[account]]")
    return before + OTHER.format(level, groups) + "\n[[account]]" + account


def after(organization, plan):
    done = ExchangeSession(organization).run(plan["script"])
    assert not done.errors
    return done.organization


def named(organization, name):
    return next(each for each in organization.connectors if each.name == name)


def test_ranges_shrink_to_the_addresses_seen_and_setups_connectors_keep_theirs(suggested):
    organization, answer = suggested(*SEEN)
    exact = answer["plans"][0]
    changed = after(organization, exact)
    assert [str(e) for e in named(changed, "Printers").remote_ip_ranges] == [
        "172.16.4.9-172.16.4.10"
    ]
    default = "Default Frontend MX1"
    assert named(changed, default) == named(organization, default)
    assert "172.16.4.0/24" in exact["rollback"]


def test_a_connector_that_logs_and_nobody_used_is_disabled_and_a_blind_one_is_named(suggested):
    organization, answer = suggested(*SEEN, server=with_connector())
    assert not named(after(organization, answer["plans"][0]), "Old scanner").enabled
    organization, answer = suggested(*SEEN, server=with_connector(level="None"))
    assert named(after(organization, answer["plans"][0]), "Old scanner").enabled
    assert any("Old scanner: its logging is off" in line for line in answer["blind_spots"])


def test_what_would_give_strangers_more_is_no_plan(suggested):
    organization, answer = suggested(*SEEN, server=with_connector(groups="None"))
    assert named(after(organization, answer["plans"][0]), "Old scanner").enabled
    assert any("strangers would get more" in line for line in answer["kept"])


def test_an_entry_that_no_session_needs_goes_also_from_a_connector_of_setup(suggested):
    hole = SERVER.replace(
        '[[connector]]\nname = "Client Frontend MX1"',
        "[[connector.ace]]\nuser = 'NT AUTHORITY\\ANONYMOUS LOGON'\n"
        'rights = ["ms-Exch-SMTP-Accept-Any-Recipient"]\n\n'
        '[[connector]]\nname = "Client Frontend MX1"',
    )
    taken = session_rows(
        3,
        [(e, d.replace("joe@example.org", "ann@fabrikam.com"), c) for e, d, c in RELAYED],
        connector="MX1\\Default Frontend MX1",
        client="198.51.100.7:5",
    )
    organization, answer = suggested(taken, server=hole)
    (plan,) = answer["plans"]
    assert "Remove-ADPermission" in plan["script"]
    stranger = relaysim.Session(ip="198.51.100.9")
    assert relaysim.evaluate(organization, stranger).answers.relay
    assert not relaysim.evaluate(after(organization, plan), stranger).answers.relay


def test_where_the_description_is_not_true_nothing_is_suggested(suggested):
    far = session_rows(1, RELAYED, client="172.16.5.9:5")
    _, answer = suggested(far)
    assert answer["plans"] == []
    assert any("Printers: sessions differ" in line for line in answer["kept"])


def test_a_hidden_client_keeps_the_ranges(suggested):
    _, answer = suggested(*SEEN, session_rows(4, RELAYED, client="x.x.x.x:5", minute=2))
    assert not any("RemoteIPRanges" in plan["script"] for plan in answer["plans"])


def test_a_plan_gives_strangers_nothing_and_can_be_undone(suggested):
    organization, answer = suggested(*SEEN, server=with_connector())
    for plan in answer["plans"]:
        changed = after(organization, plan)
        assert not any(
            change.way.auth is AuthKind.NONE
            for change in compare(organization, changed).changes
            if change.kind is ChangeKind.WIDENED
        )
        undone = ExchangeSession(changed).run(plan["rollback"])
        assert compare(organization, undone.organization).equal_power


def test_people_read_the_plan_and_its_blind_spots(tmp_path):
    config, log = tmp_path / "server.toml", tmp_path / "a.log"
    config.write_text(SERVER, encoding="utf-8")
    log.write_text(log_of(*SEEN), encoding="utf-8")
    text = run(["replay", str(log), "-c", str(config), "--suggest"]).output
    assert "plan 1: only what was used: the addresses seen" in text
    assert "seen from 2025-03-01 08:00 to 2025-03-01 08:01" in text
