"""What a compiled organization promises beside the law: sharing, immutability, bounded memory."""

import subprocess
import sys
from dataclasses import replace

import pytest

import relaysim
from relaysim.engine.compiled.organization import Compiled, Question
from relaysim.model.session import AuthKind
from tests.console import ROOT


def compiled(name="builtin:option-2"):
    return relaysim.compile(relaysim.load(name))


def test_clients_on_one_run_share_a_ruling_and_others_do_not():
    decisions = compiled().decide_many(
        [Question(ip) for ip in ("9.9.9.9", "10.10.10.10", "192.168.2.55", "::ffff:9.9.9.9")]
    )
    first, second, other, mapped = decisions.rulings
    assert first is second
    assert first is not other
    assert mapped.assumed == ("S-6", *first.assumed)
    assert str(decisions[3].assumptions[0].text).startswith("::ffff:9.9.9.9 is judged as")


def test_a_ruling_cannot_be_changed():
    ruling = compiled().ruling(Question("192.168.2.55"))
    with pytest.raises(AttributeError):
        ruling.answers = None


def test_one_text_is_one_recipient_and_a_list_is_as_good_as_a_tuple():
    index = compiled("builtin:default")
    one = index.decide("10.0.0.1", auth="user", rcpt_to="someone@example.net")
    assert one.session.rcpt_to == ("someone@example.net",)
    listed = Question("10.0.0.1", auth=AuthKind.USER, rcpt_to=["someone@example.net"])  # type: ignore[arg-type]
    assert index.decide_many([listed])[0] is one


def test_one_text_of_recipients_is_of_the_class_of_that_one_address():
    texts = ("someone@example.net", "boss@contoso.com")
    asked = [Question("10.0.0.1", auth="exchange", rcpt_to=text) for text in texts]  # type: ignore[arg-type]
    index = compiled("builtin:default")
    index.decide_many(asked)
    foreign, own = (index.servers[0].messages.recipients[each.rcpt_to] for each in asked)
    assert foreign != own


def test_kinds_of_question_are_looked_up_at_once_only_while_they_are_few():
    kinds = compiled().servers[0]._kinds
    few = [Question("1.1.1.1", size=n % 8) for n in range(64)]
    many = [Question("1.1.1.1", size=n) for n in range(64)]
    assert kinds.are_few_in(few)
    kinds.note(new=len(many), of=len(many))
    assert not kinds.are_few_in(few), "a run is left out before kinds are looked at again"
    assert not kinds.are_few_in(many)
    assert [kinds.are_few_in(few) for _ in range(3)] == [False, False, True]


def test_decisions_are_a_sequence():
    questions = [Question("192.168.2.55"), Question("1.1.1.1")]
    decisions = compiled().decide_many(iter(questions))
    assert len(decisions) == 2
    assert decisions[-1] == decisions[1:][0]
    assert [d.answers.relay.answer for d in decisions] == [True, False]


def test_ever_new_texts_and_accounts_take_bounded_memory():
    (index,) = Compiled(relaysim.load("builtin:option-2"), room=100_000).servers
    most = 0
    for number in range(5_000):
        text = f"a{number}@example.net"
        index.ruling(Question("192.168.2.55", auth="user", user=text, mail_from=text))
        most = max(most, len(index.messages.senders) + len(index.frames))
    assert index.room.used <= 100_000
    assert most < 1_500


def test_texts_of_one_class_share_a_ruling():
    index = compiled()
    asked = [
        Question("192.168.2.55", mail_from=f"a{n}@{n}.example", rcpt_to=(f"b@{n}.example",))
        for n in range(50)
    ]
    assert len({id(ruling) for ruling in index.decide_many(asked).rulings}) == 1


def test_importing_the_package_or_asking_one_question_does_not_load_the_index():
    code = (
        "import sys, relaysim; "
        "relaysim.evaluate(relaysim.load('builtin:option-1'), "
        "relaysim.Session(ip=relaysim.parse_address('1.1.1.1'))); "
        "sys.exit('relaysim.engine.compiled.server' in sys.modules "
        "or 'socket' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def limited(server, name, most):
    """Return a server with a name and connectors that take so many recipients."""
    connectors = [replace(c, max_recipients_per_message=most) for c in server.connectors]
    return replace(server, name=name, connectors=tuple(connectors))


def test_servers_that_refuse_different_recipients_in_the_same_words_do_not_decide_alike():
    one = relaysim.load("builtin:option-1")
    servers = tuple(limited(one.only, f"EX0{most}", most) for most in (1, 2))
    both = replace(one, servers=servers)
    asked = Question("192.168.2.55", rcpt_to=("a@contoso.com", "b@contoso.com", "c@contoso.com"))
    compiled = relaysim.compile(both)
    decisions = compiled.decide_many([asked._replace(rcpt_to=asked.rcpt_to[:1]), asked])
    assert decisions.rulings[0].undecided is None
    refused = [compiled.servers[n].ruling(asked).refusal for n in (0, 1)]
    assert refused[0] is not None
    assert refused[0] == refused[1]
    undecided = decisions.rulings[1].undecided
    assert undecided is not None
    assert undecided.rule == "S-8"
    assert decisions[1] == relaysim.evaluate(both, asked.session())
