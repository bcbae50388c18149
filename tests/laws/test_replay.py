"""What the modelled server logs, replay reads back as what the model predicts."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from relaysim.builtin import builtin
from relaysim.builtin.fresh import fresh_server
from relaysim.cli.weighing.suggest import attempt, setups_of
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import parse_address
from relaysim.render.answers.transcript import TranscriptStyle, render_transcript
from relaysim.replay.judging import ReplayOutcome, SessionJudge
from relaysim.replay.least import least_configuration
from relaysim.replay.reading.gathering import Gatherer
from relaysim.replay.report import report
from relaysim.replay.what_if import what_if
from relaysim.smtp.clients.client_script import converse

SERVERS = [fresh_server(exchange=version) for version in ExchangeVersion] + [
    builtin(f"builtin:{name}") for name in ("option-1", "option-2", "both")
]
MAILBOXES = ("app@contoso.com", "joe@example.net", "")
SESSIONS = st.builds(
    Session,
    ip=st.sampled_from(["192.168.2.55", "10.0.0.9", "198.51.100.7", "2001:db8::7"]).map(
        parse_address
    ),
    local_ip=st.just(parse_address("10.1.0.1")),
    port=st.sampled_from([25, 587]),
    auth=st.sampled_from([AuthKind.NONE, AuthKind.BASIC, AuthKind.NTLM]),
    tls=st.booleans(),
    mail_from=st.sampled_from(MAILBOXES),
    rcpt_to=st.lists(st.sampled_from(MAILBOXES[:2]), min_size=1, max_size=2, unique=True).map(
        tuple
    ),
)


@given(st.sampled_from(SERVERS), SESSIONS)
def test_a_log_of_the_modelled_server_is_never_different_from_the_model(organization, session):
    dialogue = converse(organization, session)
    text = render_transcript(dialogue, TranscriptStyle.LOG)
    gatherer = Gatherer(organization.accepted_domains)
    gatherer.feed(text.splitlines(keepends=True), "own.log")
    summary = gatherer.finish().closed()
    assert not summary.unreadable
    judge = SessionJudge(organization)
    for logged, entry in summary.shapes.items():
        for client in entry.clients:
            judged = judge.judge(logged, client)
            if dialogue.connector is None:
                continue
            assert judged.outcome is not ReplayOutcome.DIFFERENT, (judged, text)


@given(
    st.lists(st.tuples(st.sampled_from(SERVERS[:3]), SESSIONS), min_size=1, max_size=4), st.data()
)
def test_damage_to_a_log_loses_no_row_but_the_damaged_one(asked, data):
    rows = []
    for organization, session in asked:
        dialogue = converse(organization, session)
        text = render_transcript(dialogue, TranscriptStyle.LOG)
        rows += [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    assume(rows)
    damaged = data.draw(st.integers(0, len(rows) - 1))
    keep = data.draw(st.integers(0, 40))
    rows[damaged] = rows[damaged][:keep].rstrip("\n") + "\n"
    gatherer = Gatherer()
    gatherer.feed(rows, "own.log")
    summary = gatherer.finish()
    assert summary.rows == len(rows) - 1
    assert summary.unreadable_count == (1 if rows[damaged].strip(", \r\n") else 0)


@settings(max_examples=20)
@given(
    st.sampled_from([builtin(f"builtin:{name}") for name in ("option-1", "option-2", "both")]),
    st.lists(SESSIONS, min_size=1, max_size=4),
)
def test_a_suggested_plan_keeps_the_result_of_every_session_seen(organization, asked):
    gatherer = Gatherer(organization.accepted_domains)
    for number, session in enumerate(asked):
        text = render_transcript(converse(organization, session), TranscriptStyle.LOG)
        lines = [line.replace(",08D", f",{number}8D") for line in text.splitlines(keepends=True)]
        gatherer.feed(lines, f"{number}.log")
    seen = report(gatherer.finish(), organization)
    found = least_configuration(seen, organization, attempt, is_setups=setups_of(organization))
    for plan in found.plans:
        changed = attempt(organization, plan.pipelines)
        assert changed is not None
        before, after = SessionJudge(organization), SessionJudge(changed)
        for shape in seen.shapes:
            for client in shape.clients:
                assert before.answers(shape.shape, client) == after.answers(shape.shape, client)
                assert what_if(before, shape.shape, client) == what_if(after, shape.shape, client)
