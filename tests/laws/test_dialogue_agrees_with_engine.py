"""The dialogue of a question ends where the decision says, with the same reply.

The decision answers a point, the dialogue plays every command; both ask the same rules, so what
these laws hold is everything around them: order, state, parsing, what a client does next.
"""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from relaysim.builtin.fresh import fresh_server
from relaysim.engine.evaluate import evaluate
from relaysim.model.decision import Stage
from relaysim.model.organization import Account
from relaysim.model.principals import parse_principal
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import parse_address
from relaysim.smtp.clients.client_script import client_of, converse
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.record import Client, SmtpStage
from tests import strategies
from tests.cases import organization_of, session_of
from tests.oracle.definition import decide

STAGES = {
    Stage.CONNECT: SmtpStage.CONNECT,
    Stage.STARTTLS: SmtpStage.STARTTLS,
    Stage.AUTH: SmtpStage.AUTH,
    Stage.MAIL_FROM: SmtpStage.MAIL_FROM,
    Stage.RCPT_TO: SmtpStage.RCPT_TO,
    Stage.END_OF_DATA: SmtpStage.END_OF_DATA,
}


def reaches_end_of_data(dialogue):
    return any(exchange.moment is SmtpStage.END_OF_DATA for exchange in dialogue.exchanges)


def without_rcpt_for_lack_of_a_domain(session, dialogue):
    """Nothing was asked about recipients, and no recipient of a filling is taken either."""
    return not session.rcpt_to and not reaches_end_of_data(dialogue)


def first_outcome(dialogue):
    """Return the first exchange that refuses or leaves the question open, or `None`."""
    for exchange in dialogue.exchanges:
        if exchange.refusal is not None or exchange.undecided is not None:
            return exchange
    return None


def hold_against_decision(organization, session):
    decision, dialogue = evaluate(organization, session), converse(organization, session)
    assert dialogue.connector is decision.connector
    if without_rcpt_for_lack_of_a_domain(session, dialogue):
        at_the_end = decision.refusal is not None and decision.refusal.stage is Stage.END_OF_DATA
        if at_the_end or decision.undecided is not None:
            return
    outcome = first_outcome(dialogue)
    if outcome is None:
        assert (decision.refusal, decision.undecided) == (None, None)
        if reaches_end_of_data(dialogue):
            assert dialogue.messages[-1].auth_as is decision.auth_as
        return
    assert outcome.undecided == decision.undecided
    assert outcome.refusal == decision.refusal
    if decision.refusal is not None:
        reply = decision.refusal.reply
        assert outcome.moment is STAGES[decision.refusal.stage]
        assert outcome.reply == (() if reply is None else (reply,))


@given(strategies.plain_cases())
def test_dialogue_and_decision_refuse_alike(case):
    hold_against_decision(organization_of(case[0]), session_of(case[1]))


ACCOUNT = Account(
    name=parse_principal("CONTOSO\\app", "CONTOSO"),
    addresses=("app@contoso.com",),
    send_as=("sales@contoso.com",),
)
ADDRESSES = ["app@contoso.com", "sales@contoso.com", "boss@contoso.com", "someone@example.net"]


@st.composite
def sessions_on_fresh_servers(draw):
    """Draw a session that mostly gets past AUTH, on a server as setup leaves it."""
    exchange = draw(st.sampled_from(ExchangeVersion))
    role = draw(st.sampled_from([ServerRole.HUB, ServerRole.HUB, ServerRole.EDGE]))
    server = fresh_server(exchange=exchange, role=role)
    accounts = (ACCOUNT,) if draw(st.booleans()) else ()
    session = Session(
        ip=parse_address("203.0.113.9"),
        port=draw(st.sampled_from([25, 25, 587, 2525, 465, 717])),
        auth=draw(st.sampled_from(AuthKind)),
        user=draw(st.sampled_from([None, "CONTOSO\\app", "app@contoso.com", "CONTOSO\\other"])),
        tls=draw(st.sampled_from([True, True, False])),
        mail_from=draw(st.sampled_from([None, "", *ADDRESSES])),
        header_from=draw(st.sampled_from([None, None, "", *ADDRESSES])),
        rcpt_to=tuple(draw(st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=3))),
        size=draw(st.sampled_from([None, None, 40 << 20])),
    )
    return replace(server, accounts=accounts), session


@given(sessions_on_fresh_servers())
def test_dialogue_and_decision_refuse_alike_on_fresh_servers(case):
    hold_against_decision(*case)


@given(strategies.plain_cases())
def test_dialogue_and_oracle_refuse_alike(case):
    """The naive definition has a conversation of its own: stage, reply, recipient."""
    organization, session = organization_of(case[0]), session_of(case[1])
    said, dialogue = decide(*case), converse(organization, session)
    refusal = dialogue.refusal
    if not session.rcpt_to and not reaches_end_of_data(dialogue) and refusal is None:
        assert said["refusal"] is None or said["refusal"]["stage"] == "end of data"
        return
    if said["undecided"] is not None:
        assert first_outcome(dialogue).undecided is not None
        return
    actual = None if refusal is None else (refusal.stage.value, refusal.reply, refusal.recipient)
    expected = said["refusal"]
    if expected is not None:
        expected = (expected["stage"], expected["reply"], expected["recipient"])
    assert actual == expected


@given(strategies.plain_cases())
def test_permissions_change_only_at_starttls_or_auth(case):
    organization, session = organization_of(case[0]), session_of(case[1])
    exchanges = converse(organization, session).exchanges
    for before, after in pairwise(exchanges):
        if before.state != after.state:
            assert after.moment in (SmtpStage.STARTTLS, SmtpStage.AUTH)
            assert after.positive


COMMANDS = [
    "EHLO a",
    "HELO a",
    "STARTTLS",
    "X-ANONYMOUSTLS",
    "AUTH LOGIN",
    "AUTH NTLM",
    "AUTH PLAIN AGEAYg==",
    "X-EXPS GSSAPI",
    "YXBw",
    "MAIL FROM:<>",
    "MAIL FROM:<app@contoso.com> SIZE=70000 AUTH=<>",
    "RCPT TO:<x@contoso.com>",
    "RCPT TO:<someone@example.net> NOTIFY=NEVER",
    "RCPT TO:<@a.example:b%c@d.example>",
    "DATA",
    "From: <app@contoso.com>",
    "",
    "{1 MB}",
    "..",
    ".",
    "BDAT 3",
    "BDAT 0 LAST",
    "RSET",
    "NOOP",
    "VRFY x",
    "HELP",
    "QUIT",
    "*",
]


@st.composite
def conversations(draw):
    organization, session = draw(strategies.plain_cases())
    client = client_of(session_of(session))
    return organization_of(organization), client


@given(conversations(), st.lists(st.sampled_from(COMMANDS), max_size=25))
def test_any_order_of_commands_has_an_answer_and_rights_change_only_at_authentication(who, lines):
    conversation = Conversation(*who)
    state = conversation.opening.state
    for line in lines:
        for exchange in conversation.feed(line):
            assert exchange.reply or exchange.undecided is not None
            assert exchange.why.text
            if exchange.state != state:
                assert exchange.moment in (SmtpStage.STARTTLS, SmtpStage.AUTH)
            if exchange.message is not None:
                assert exchange.message.recipients
            state = exchange.state
    if conversation.closed:
        assert conversation.feed("NOOP") == ()


@given(
    conversations(),
    st.lists(
        st.binary(max_size=30)
        | st.sampled_from(COMMANDS).map(lambda line: line.encode() + b"\r\n")
        | st.sampled_from(
            [b"\n", b"\r\n", b"\r", b"\x00", b"\xff\xfe", b"A" * 5000, b"BDAT 9\r\n"]
        ),
        max_size=20,
    ),
)
def test_arbitrary_bytes_never_crash_and_every_answer_is_a_reply(who, chunks):
    conversation = Conversation(*who)
    for chunk in chunks:
        for exchange in conversation.receive(chunk):
            assert exchange.undecided is not None or 200 <= exchange.code <= 599


@given(conversations(), st.lists(st.sampled_from(COMMANDS), max_size=12), st.data())
def test_cutting_the_bytes_elsewhere_changes_nothing(who, lines, data):
    whole = b"".join(line.encode() + b"\r\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=4)))
    at_once, in_pieces = Conversation(*who), Conversation(*who)
    at_once.receive(whole)
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        in_pieces.receive(whole[start:end])
    assert at_once.dialogue == in_pieces.dialogue


@given(strategies.plain_cases())
def test_a_client_beyond_any_range_hears_what_the_decision_says(case):
    organization, session = organization_of(case[0]), session_of(case[1])
    client = Client(ip=session.ip, local_ip=session.local_ip, port=session.port)
    opening = Conversation(organization, client).opening
    decision = evaluate(organization, session)
    if decision.connector is None and decision.refusal is not None:
        assert opening.closed
        assert opening.refusal == decision.refusal
