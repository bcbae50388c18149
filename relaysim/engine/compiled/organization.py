"""Many questions about one organization: prepared once, each answered by a few look-ups.

A :class:`Decision` names its client, so no two clients can share one. What is expensive in it can
be shared: a :class:`Ruling` is all that questions of one class get from connectors that judge
alike. :meth:`Compiled.decide_many` finds the ruling of every question and makes no object for any
of them; whole decisions are made when asked for.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, overload

from relaysim.engine.compiled.question import Question, texts
from relaysim.engine.compiled.ruling import Ruling, ruling_of
from relaysim.engine.compiled.server import CompiledServer
from relaysim.engine.decide import asked_among, essence, together
from relaysim.lean import replace
from relaysim.model.decision import Decision
from relaysim.model.organization import Organization, find_server
from relaysim.model.session import Session
from relaysim.net.address import Address, parse_address

__all__ = ["BulkAnswer", "Compiled", "Decisions", "Question"]

_ROOM = 64 << 20
_LEAST_ROOM = 1 << 20
_DECISIONS_KEPT = 4096
_CONNECTORS_NAMED = 200_000
"""Connectors that lost, named in the decisions that are kept."""
_TOGETHER = 2500
"""Bytes of what several servers say together, about."""
_LOCAL_IP = Question._fields.index("local_ip")


class BulkAnswer(NamedTuple):
    """What is found about one question.

    Attributes:
        asked: The servers that it can mean.
        ruling: What they say together (S-8): one answer where they decide alike, else undecided.
    """

    asked: tuple[CompiledServer, ...]
    ruling: Ruling


class Compiled:
    """An organization prepared for many questions, its servers asked as ``evaluate`` asks them.

    Args:
        organization: The organization, of one server or several.
        room: Bytes that what was prepared may take, about, shared out among the servers; beyond
            them all of it is forgotten.
    """

    def __init__(self, organization: Organization, *, room: int = _ROOM) -> None:
        self._organization = organization
        self._views = organization.one_by_one()
        share = room if len(self._views) == 1 else max(room // len(self._views), _LEAST_ROOM)
        self.servers = tuple(CompiledServer(view, room=share) for view in self._views)
        self._by_name = {each.organization.server: each for each in self.servers}
        self._connectors = sum(len(view.connectors) for view in self._views)
        self._decisions: dict[Session, Decision] = {}
        self._together: dict[tuple[object, ...], _Together] = {}
        for each in self.servers:
            each.room.join(self._together.clear)

    @property
    def organization(self) -> Organization:
        """The organization; a changed one has to be compiled again."""
        return self._organization

    def decide(self, ip: str | Address, **facts: Any) -> Decision:  # noqa: ANN401
        """Return what ``evaluate`` returns for this session; the same object for equal questions.

        Args:
            ip: The client.
            facts: The fields of :class:`~relaysim.model.session.SessionShape`, texts where
                :class:`Question` takes texts, and ``behind``.

        Raises:
            InvalidInput: ``ip``, ``local_ip`` or ``auth`` is nothing of the kind.

        >>> import relaysim
        >>> compiled = relaysim.compile(relaysim.load("builtin:option-2"))
        >>> compiled.decide("192.168.2.55").answers.relay.answer
        True
        """
        behind = facts.pop("behind", None)
        if behind is None:
            return self.decision(Question(ip, **facts))
        seen = parse_address(behind) if isinstance(behind, str) else behind
        return self._kept(replace(Question(ip, **facts).session(), behind=seen))

    def decision(self, question: Question) -> Decision:
        """Return what :meth:`decide` returns, for a question as one value."""
        return self._kept(Question(*question).session())

    def decide_many(self, questions: Iterable[Question]) -> "Decisions":
        """Return the decisions of many questions, in their order.

        Args:
            questions: Questions, or plain tuples of the same fields. Keep to tuples inside them.

        Raises:
            InvalidInput: A question cannot be understood; its number is named, counted from 1.
        """
        asked = questions if isinstance(questions, list | tuple) else list(questions)
        of_each = [server.rulings(asked) for server in self.servers]
        if len(of_each) == 1:
            return Decisions(self, asked, of_each[0])
        rulings = []
        for question, *each in zip(asked, *of_each, strict=True):
            if question[_LOCAL_IP] is None:
                rulings.append(self._joint(question, self.servers, tuple(each)))
            else:
                rulings.append(self._among(question, each))
        return Decisions(self, asked, rulings)

    def ruling(self, question: Question) -> Ruling:
        """Return the ruling on one question.

        Raises:
            InvalidInput: The question cannot be understood.
        """
        return self.found(question).ruling

    def found(self, question: Question, *, server: str = "") -> BulkAnswer:
        """Return which servers a question can mean, and what they say of it together.

        Args:
            question: The question.
            server: The name of the server that is asked, or nothing.

        Raises:
            InvalidInput: There is no such server, or the question cannot be understood.
        """
        meant = self._meant(Question(*question)) if not server else self._named(server)
        each = tuple(one.ruling(question) for one in meant)
        return BulkAnswer(meant, self._joint(question, meant, each))

    def _named(self, server: str) -> tuple[CompiledServer, ...]:
        return (self._by_name[find_server(self._organization, server).name],)

    def _meant(self, question: Question) -> tuple[CompiledServer, ...]:
        """Return the servers that a question can mean, as the engine tells them."""
        if len(self.servers) == 1 or question.local_ip is None:
            return self.servers
        local = question.session().local_ip
        return tuple(self._by_name[view.server] for view in asked_among(self._views, local))

    def _among(self, question: Question, of_all: Sequence[Ruling]) -> Ruling:
        """Return what the servers that a local address leaves say together."""
        meant = self._meant(Question(*question))
        pairs = zip(self.servers, of_all, strict=True)
        return self._joint(question, meant, tuple(one for server, one in pairs if server in meant))

    def _joint(
        self, question: Question, meant: tuple[CompiledServer, ...], each: tuple[Ruling, ...]
    ) -> Ruling:
        """Return what servers say together, given the ruling of each."""
        if len(each) == 1:
            return each[0]
        key = (meant, *map(id, each))
        found = self._together.get(key)
        if found is None:
            found = _Together(each, *_alike(each))
            meant[0].room.take(_TOGETHER)
            self._together[key] = found
        if found.ruling is None or (found.has_names and _differ_in_names(question, meant, each)):
            return self._apart(question, meant, each)
        return found.ruling

    def _apart(
        self, question: Question, meant: tuple[CompiledServer, ...], each: tuple[Ruling, ...]
    ) -> Ruling:
        """Return the ruling where servers differ; their outcomes name the connector of each."""
        winners = [server.winner(question) for server in meant]
        names = (None if winner is None else winner.connector.name for winner in winners)
        key = (meant, *map(id, each), *names)
        found = self._together.get(key)
        if found is None:
            decision = self._kept(Question(*question).session())
            found = _Together(each, ruling_of(decision.verdict, ()), has_names=False)
            meant[0].room.take(_TOGETHER)
            self._together[key] = found
        assert found.ruling is not None  # noqa: S101  # it was just put there
        return found.ruling

    def _kept(self, session: Session) -> Decision:
        decision = self._decisions.get(session)
        if decision is None:
            room = _CONNECTORS_NAMED // (self._connectors + 1)
            if len(self._decisions) >= min(_DECISIONS_KEPT, max(room, 16)):
                self._decisions.clear()
            decision = self._decisions[session] = self._decide(session)
        return decision

    def _decide(self, session: Session) -> Decision:
        if len(self.servers) == 1:
            return self.servers[0].decide(session)
        asked = asked_among(self._views, session.local_ip)
        return together(asked, [self._by_name[view.server].decide(session) for view in asked])


class _Together(NamedTuple):
    """What servers with these rulings say together.

    Attributes:
        each: The rulings; kept, so that their ids stay their own.
        ruling: The one of all, ``None`` where they differ.
        has_names: Whether they could differ in a name that rulings leave out.
    """

    each: tuple[Ruling, ...]
    ruling: Ruling | None
    has_names: bool


def _alike(each: tuple[Ruling, ...]) -> tuple[Ruling | None, bool]:
    """Return the one ruling of servers that decide alike, and whether it leaves out a name."""
    if len({essence(one) for one in each}) > 1:
        return None, False
    rules = (rule for one in each for rule in one.assumed)
    first = each[0]
    return first._replace(assumed=tuple(dict.fromkeys(rules))), first.has_names


def _differ_in_names(
    question: Question, meant: Iterable[CompiledServer], each: Sequence[Ruling]
) -> bool:
    """Tell whether rulings are alike but for names that they leave out.

    Of one recipient, and of senders that are the same, only one name can be meant.
    """
    asked = Question(*question)
    if each[0].names_sender:
        apart = asked.header_from not in (None, asked.mail_from)
    else:
        apart = len(texts(asked.rcpt_to)) > 1
    return apart and len({essence(server.verdict(asked.session())) for server in meant}) > 1


class Decisions(Sequence[Decision]):
    """Decisions in the order of the questions; each is made whole when it is asked for.

    Attributes:
        rulings: What was decided about each question, without the names in it. Read here what you
            need of very many questions: making whole decisions takes longer than deciding.
    """

    __slots__ = ("_compiled", "_questions", "rulings")

    def __init__(
        self, compiled: Compiled, questions: Sequence[Question], rulings: list[Ruling]
    ) -> None:
        self._compiled, self._questions, self.rulings = compiled, questions, rulings

    def __len__(self) -> int:
        return len(self.rulings)

    @overload
    def __getitem__(self, index: int) -> Decision: ...
    @overload
    def __getitem__(self, index: slice) -> "Decisions": ...
    def __getitem__(self, index: int | slice) -> "Decision | Decisions":
        if isinstance(index, slice):
            return Decisions(self._compiled, self._questions[index], self.rulings[index])
        return self._compiled.decision(self._questions[index])

    def __repr__(self) -> str:
        return f"<{len(self)} decisions>"
