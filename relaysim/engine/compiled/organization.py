"""Many questions about one organization: prepared once, each answered by one look-up.

A :class:`Decision` names its client, so no two clients can share one. What is expensive in it can
be shared: a :class:`Ruling` is all that questions of one shape get on a run of addresses between
two neighbouring range ends. :meth:`Compiled.decide_many` finds the ruling of every question and
makes no object for any of them; whole decisions are made of rulings when asked for.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from socket import AF_INET, inet_pton
from typing import NamedTuple, overload

from relaysim.engine.compiled.endpoint import Endpoint
from relaysim.engine.compiled.ruling import Ruling, Shape
from relaysim.engine.compiled.verdict_cache import Admissions
from relaysim.errors import InvalidInput
from relaysim.model.decision import Decision
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind, Session, parse_auth
from relaysim.net.address import Address, parse_address

__all__ = ["Compiled", "Decisions", "Question"]

_ENDPOINTS_KEPT = 1024
_RULINGS_KEPT = 500_000
_SHAPE_WEIGHT = 250  # Of a shape itself, in places for rulings.
_DECISIONS_KEPT = 4096
_CHUNK = 4096


class Question(NamedTuple):
    """One question; the fields are those of :class:`~relaysim.model.session.Session`.

    Addresses and ``auth`` may be text. Equal texts are found fastest, so write alike what is alike.
    """

    ip: str | Address
    auth: str | AuthKind = AuthKind.NONE
    tls: bool = False
    port: int = 25
    local_ip: str | Address | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    mail_from: str | None = None
    header_from: str | None = None
    rcpt_to: tuple[str, ...] = ()
    size: int | None = None

    @classmethod
    def of(cls, session: Session) -> "Question":
        """Return the question that asks about a session."""
        return cls(*(getattr(session, name) for name in cls._fields))

    def session(self) -> Session:
        """Return the question with everything parsed.

        Raises:
            InvalidInput: ``ip``, ``local_ip`` or ``auth`` is nothing of the kind.
        """
        local, auth = self.local_ip, self.auth
        return Session(
            ip=parse_address(self.ip) if isinstance(self.ip, str) else self.ip,
            local_ip=parse_address(local) if isinstance(local, str) else local,
            port=self.port,
            auth=parse_auth(auth) if isinstance(auth, str) else auth,
            user=self.user,
            groups=tuple(self.groups),
            tls=self.tls,
            mail_from=self.mail_from,
            header_from=self.header_from,
            rcpt_to=tuple(self.rcpt_to),
            size=self.size,
        )


_NO_CLIENT = Address(4, 0)
_DEFAULTS = tuple(Question._field_defaults.values())


class Compiled:
    """An organization prepared for many questions.

    Nothing is prepared before it is asked for: each port and local address when the first question
    names it, each shape of question (all but the client's address) and each run of addresses
    likewise. Memory is bounded: what was prepared for a shape is forgotten when there are too many.
    """

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._endpoints: dict[tuple[int, int, Address | None], Endpoint] = {}
        self._shapes = _Shapes(self, Admissions(organization))
        self._decisions: dict[tuple[Shape, Address], Decision] = {}

    @property
    def organization(self) -> Organization:
        """The organization; a changed one has to be compiled again."""
        return self._organization

    def decide(
        self,
        ip: str | Address,
        *,
        auth: str | AuthKind = AuthKind.NONE,
        tls: bool = False,
        port: int = 25,
        local_ip: str | Address | None = None,
        user: str | None = None,
        groups: Iterable[str] = (),
        mail_from: str | None = None,
        header_from: str | None = None,
        rcpt_to: Iterable[str] = (),
        size: int | None = None,
    ) -> Decision:
        """Return what ``evaluate`` returns for this session; the same object for equal questions.

        Raises:
            InvalidInput: ``ip``, ``local_ip`` or ``auth`` is nothing of the kind.

        >>> import relaysim
        >>> compiled = relaysim.compile(relaysim.load("builtin:option-2"))
        >>> compiled.decide("192.168.2.55").answers.relay.answer
        True
        """
        question = Question(
            ip,
            auth,
            tls,
            port,
            local_ip,
            user,
            _texts(groups),
            mail_from,
            header_from,
            _texts(rcpt_to),
            size,
        )
        return self.decision(question)

    def decision(self, question: Question) -> Decision:
        """Return what :meth:`decide` returns, for a question as one value."""
        client = _client(question)
        shape = self._shape(question)
        decision = self._decisions.get((shape, client))
        if decision is None:
            decision = shape.ruling(client).decision(client)
            if len(self._decisions) >= _DECISIONS_KEPT:
                self._decisions.clear()
            self._decisions[shape, client] = decision
        return decision

    def decide_many(self, questions: Iterable[Question]) -> "Decisions":
        """Return the decisions of many questions, in their order.

        Args:
            questions: Questions, or plain tuples of the same fields. Keep to tuples inside them.

        Raises:
            InvalidInput: A question cannot be understood; its number is named, counted from 1.
        """
        asked = questions if isinstance(questions, list | tuple) else list(questions)
        rulings: list[Ruling] = []
        shapes = self._shapes
        for start in range(0, len(asked), _CHUNK):
            chunk = asked[start : start + _CHUNK]
            try:
                # Two look-ups and a bisection each: the shape, the run, the ruling. Bytes compare
                # like the numbers they stand for, so the address need not become one.
                found = [
                    row[bisect_right(starts, inet_pton(AF_INET, question[0]))]  # type: ignore[arg-type]  # an Address raises TypeError
                    for question in chunk
                    for starts, row, _ in (shapes[question[1:]],)
                ]
            except (OSError, TypeError, ValueError, InvalidInput):
                # Something in this chunk is no plain IPv4 text: look at every question.
                rulings += self._one_by_one(chunk, start)
                continue
            if not all(found):
                found = [
                    ruling or self.ruling(question)
                    for question, ruling in zip(chunk, found, strict=True)
                ]
            rulings += found  # type: ignore[arg-type]  # none is missing any more
        return Decisions(self, asked, rulings)

    def ruling(self, question: Question) -> Ruling:
        """Return the ruling on one question.

        Raises:
            InvalidInput: The question cannot be understood.
        """
        return self._shape(question).ruling(_client(question))

    def shape(self, session: Session) -> Shape:
        """Return what is prepared for sessions like this one, whatever their client."""
        return self._shapes[Question.of(session)[1:]][2]

    def endpoint(self, family: int, port: int, local_ip: Address | None) -> Endpoint:
        """Return the prepared endpoint; the same object for the same arguments."""
        key = family, port, local_ip
        found = self._endpoints.get(key)
        if found is None:
            if len(self._endpoints) >= _ENDPOINTS_KEPT:
                self._endpoints.clear()
            found = self._endpoints[key] = Endpoint(self._organization, *key)
        return found

    def _one_by_one(self, questions: Sequence[Question], start: int) -> Iterator[Ruling]:
        for number, question in enumerate(questions, start + 1):
            try:
                yield self.ruling(question)
            except InvalidInput as error:
                for problem in error.problems:
                    problem.where = f"question {number}"
                raise InvalidInput(error.problems) from None

    def _shape(self, question: Question) -> Shape:
        try:
            return self._shapes[question[1:]][2]
        except TypeError:
            # Lists in place of tuples cannot be looked up.
            whole = Question(*question)
            fixed = whole._replace(groups=_texts(whole.groups), rcpt_to=_texts(whole.rcpt_to))
            return self._shapes[fixed[1:]][2]


class Decisions(Sequence[Decision]):
    """Decisions in the order of the questions; each is made whole when it is asked for.

    Attributes:
        rulings: What was decided about each question, without the client's name. Equal questions
            have the same ruling. Read here what you need of very many questions: making whole
            decisions takes longer than deciding.
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


_Prepared = tuple[list[bytes], list[Ruling | None], Shape]


class _Shapes(dict[tuple[object, ...], _Prepared]):
    """What the fields of a question after its address stand for, prepared when first met."""

    def __init__(self, compiled: Compiled, admissions: Admissions) -> None:
        self.compiled, self.admissions = compiled, admissions
        self.weight = 0

    def __missing__(self, key: tuple[object, ...]) -> _Prepared:
        session = Question._make((_NO_CLIENT, *key, *_DEFAULTS[len(key) :])).session()
        if self.weight > _RULINGS_KEPT:
            self.clear()
            self.weight = 0
        # Different spellings of one shape, such as "user" and AuthKind.USER, share it.
        plain: tuple[object, ...] = Question.of(session)[1:]
        if plain != key and plain in self:
            found = self[plain]
        else:
            port, local_ip = session.port, session.local_ip
            four, six = (self.compiled.endpoint(family, port, local_ip) for family in (4, 6))
            shape = Shape(session, self.admissions, four, six)
            found = self[plain] = four.starts, shape.four, shape
            self.weight += len(shape.four) + _SHAPE_WEIGHT
        self[key] = found
        return found


def _client(question: Question) -> Address:
    ip = question[0]
    return parse_address(ip) if isinstance(ip, str) else ip


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    # One text is surely meant as one address, not as its characters.
    if isinstance(values, str):
        return (values,)
    return values if isinstance(values, tuple) else tuple(values)
