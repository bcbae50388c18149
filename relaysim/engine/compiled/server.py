"""Many questions about one server: prepared once, each answered by a few look-ups."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from socket import AF_INET, inet_pton
from typing import Any

from relaysim.engine.compiled.classes import MessageClass, MessageClasses, account_class
from relaysim.engine.compiled.endpoint import Chosen, CompiledEndpoint, Winner
from relaysim.engine.compiled.kinds import Kinds, kind_of
from relaysim.engine.compiled.memo import Memo, Room
from relaysim.engine.compiled.policies import Policies
from relaysim.engine.compiled.question import Question, texts
from relaysim.engine.compiled.ruling import Frame, Prepared, Row, Ruling, ruling_of, run_of
from relaysim.engine.compiled.verdict_cache import Admissions
from relaysim.engine.evaluate import judge_message, nobody
from relaysim.engine.selection import mapped_assumption
from relaysim.engine.worlds import is_partial, verdict_on
from relaysim.errors import InvalidInput
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Decision, Selection, Verdict
from relaysim.model.organization import Organization
from relaysim.model.session import Session, SessionShape
from relaysim.net.address import Address, parse_address, unmap

__all__ = ["CompiledServer"]

_ENDPOINTS_KEPT = 64
_RUN = 4096
# Bytes that things take beside their keys, about.
_RULING, _ROW, _FRAME = 1500, 1800, 600
_NO_CLIENT = Address(4, 0)
_SENDER = Question._fields.index("mail_from")
assert Question._fields[_SENDER:] == ("mail_from", "header_from", "rcpt_to", "size")  # noqa: S101


class CompiledServer:
    """A server prepared for many questions.

    Nothing is prepared before it is asked for: each port and local address when the first question
    names it, each class of question and each policy of a connector likewise.

    Args:
        organization: The organization, of this server alone.
        room: Bytes that what was prepared may take, about; beyond them all of it is forgotten.
    """

    def __init__(self, organization: Organization, *, room: int) -> None:
        self._organization = organization
        self._partial = is_partial(organization)
        self.room = Room(room)
        self._policies = Policies(organization)
        self._admissions = Admissions(organization, self._policies, self.room)
        self.messages = MessageClasses(organization, self.room)
        self._named = frozenset(
            ace.principal
            for acl in (organization.inherited_aces, *(c.acl for c in organization.connectors))
            for ace in acl
        )
        self._endpoints: dict[tuple[int, int, Address | None], CompiledEndpoint] = {}
        self.frames: Memo[tuple[object, ...], Frame] = Memo(self._frame, self.room, weight=_FRAME)
        self._same_frames: dict[object, Frame] = {}
        self._rulings: dict[object, Ruling] = {}
        self._kinds: Kinds[Prepared] = Kinds(self._kind, self.room)
        for each in (self.frames, self._same_frames, self._rulings):
            self.room.join(each.clear)

    @property
    def organization(self) -> Organization:
        """The organization, of this server alone."""
        return self._organization

    def rulings(self, questions: Sequence[Question]) -> list[Ruling]:
        """Return the rulings on many questions, in their order.

        Raises:
            InvalidInput: A question cannot be understood; its number is named, counted from 1.
        """
        rulings: list[Ruling] = []
        for start in range(0, len(questions), _RUN):
            run = questions[start : start + _RUN]
            try:
                few = self._kinds.are_few_in(run)
                rulings += self._by_kind(run) if few else self._by_class(run)
            except (OSError, TypeError, ValueError, LookupError, InvalidInput):
                # Something in this run is no plain IPv4 text, no whole question or none at all,
                # or stands for the first of its kind: look at every question.
                rulings += self._one_by_one(run, start)
        return rulings

    def ruling(self, question: Question) -> Ruling:
        """Return the ruling on one question.

        Raises:
            InvalidInput: The question cannot be understood.
        """
        whole = Question(*question)
        try:
            return self._ruling(whole)
        except (TypeError, ValueError, AttributeError):
            # Something is nothing of the kind: it is refused in the words of its field.
            whole.session()
            raise

    def _ruling(self, whole: Question) -> Ruling:
        whole = whole._replace(groups=texts(whole.groups), rcpt_to=texts(whole.rcpt_to))
        ip = whole.ip
        client = parse_address(ip) if isinstance(ip, str) else ip
        return self._row(whole).ruling(client)

    def _row(self, whole: Question) -> Row:
        """Return what is prepared for questions that differ from this one in the client alone."""
        frame = self.frames[whole[1:_SENDER]]
        message = self.messages.of(whole)
        row = frame.rows.get(message)
        return self.row(frame, message, whole.session()) if row is None else row

    def row(self, frame: Frame, message: MessageClass, shape: SessionShape) -> Row:
        """Return what is prepared for a class of messages, made when first asked for.

        Args:
            frame: Where the messages come from.
            message: Their class.
            shape: A session with a message of this class.
        """
        row = frame.rows.get(message)
        if row is None:
            session = shape.at(_NO_CLIENT)
            facts = self.messages.facts(message, frame.account)

            def table(endpoint: CompiledEndpoint, before: tuple[str, ...]) -> Memo[int, Ruling]:
                def make(number: int) -> Ruling:
                    return self._rule(frame, facts, session, endpoint.chosen(number), before)

                return Memo(make, self.room)

            row = Row(frame, table)
            self.room.take(_ROW)
            frame.rows[message] = row
        return row

    def winner(self, question: Question) -> Winner | None:
        """Return which connector answers a question, without why; ``None`` when none does."""
        ip = question[0]
        client = unmap(parse_address(ip) if isinstance(ip, str) else ip)
        frame = self.frames[Question(*question)[1:_SENDER]]
        endpoint = frame.four if client.family == 4 else frame.six
        return endpoint.winner(run_of(endpoint, client))

    def verdict(self, session: Session) -> Verdict:
        """Return the verdict on a session, with every name in it."""
        client = unmap(session.seen)
        endpoint = self._endpoint(client.family, session.port, session.local_ip)
        run = run_of(endpoint, client)
        winner = endpoint.winner(run)
        if self._partial:
            selection = endpoint.selection(run)
            return self._verdict_on(winner and winner.connector, selection, session)
        if winner is not None:
            admission = self._admissions.admission(winner.connector, session)
            return judge_message(admission, session)
        selection = endpoint.selection(run)
        return nobody(self._organization, selection.refusal, selection.undecided)

    def _by_kind(self, questions: Sequence[Question]) -> list[Ruling]:
        """Return the rulings on plain questions that differ in little but the client.

        Bytes compare like the numbers they stand for, so the address need not become one.
        """
        of_kind = self._kinds.prepared
        before = len(of_kind)
        rulings = [
            of_choice[choices[bisect_right(starts, inet_pton(AF_INET, question[0]))]]  # type: ignore[arg-type]  # an Address raises TypeError
            for question in questions
            for starts, choices, of_choice in (of_kind[question[kind_of]],)
        ]
        self._kinds.note(new=len(of_kind) - before, of=len(questions))
        return rulings

    def _kind(self, facts: tuple[Any, ...]) -> Prepared:
        """Return what is prepared for questions with these fields after their address."""
        return self._row(Question._make((_NO_CLIENT, *facts))).prepared

    def _by_class(self, questions: Sequence[Question]) -> list[Ruling]:
        """Return the rulings on plain questions of which each is worded in its own way."""
        frames, senders = self.frames, self.messages.senders
        recipients, limits = self.messages.recipients, self.messages.size_limits
        rulings: list[Ruling] = []
        # A dozen look-ups and a bisection each. The message's four facts stand last, as asserted.
        for question in questions:
            frame = frames[question[1:-4]]
            sender, header, texts_, size = question[-4:]
            message = (
                senders[sender],
                senders[header],
                recipients[texts_],
                bisect_left(limits, size) if size else None,
            )
            row = frame.rows.get(message)
            if row is None:
                row = self.row(frame, message, Question(*question).session())
            run = bisect_right(row.starts, inet_pton(AF_INET, question[0]))  # type: ignore[arg-type]  # an Address raises TypeError
            rulings.append(row.rulings[row.choices[run]])
        return rulings

    def decide(self, session: Session) -> Decision:
        """Return the whole decision about a session."""
        client = unmap(session.seen)
        endpoint = self._endpoint(client.family, session.port, session.local_ip)
        selection = endpoint.selection(run_of(endpoint, client))
        if client is not session.seen:
            mapped = mapped_assumption(session.seen)
            selection = selection._replace(assumptions=(mapped, *selection.assumptions))
        return Decision(session=session, selection=selection, verdict=self.verdict(session))

    def run(self, client: Address, *, port: int, local_ip: Address | None) -> int:
        """Return the run of addresses that a client is on: all of one get the same answers.

        Args:
            client: The client, no IPv4 address in the form of an IPv6 one.
            port: The port that it came to.
            local_ip: The address that it came to, ``None`` for any.
        """
        return run_of(self._endpoint(client.family, port, local_ip), client)

    def _rule(
        self,
        frame: Frame,
        facts: tuple[object, ...],
        session: Session,
        chosen: Chosen,
        before: tuple[str, ...],
    ) -> Ruling:
        policy, assumed, selection = chosen
        assumed = before + assumed
        if self._partial:
            connector = None if policy is None else policy.connector
            return ruling_of(self._verdict_on(connector, selection, session), assumed)
        if policy is None:
            assert selection is not None  # noqa: S101  # no connector, so the choice says why
            verdict = nobody(self._organization, selection.refusal, selection.undecided)
            return ruling_of(verdict, assumed)
        client = self._admissions.key(policy.connector, session)
        key = frame.account, client, facts, assumed
        found = self._rulings.get(key)
        if found is None:
            admission = self._admissions.admission(policy.connector, session)
            found = ruling_of(judge_message(admission, session), assumed)
            self.room.take(_RULING)
            self._rulings[key] = found
        return found

    def _verdict_on(
        self, connector: ReceiveConnector | None, selection: Selection | None, session: Session
    ) -> Verdict:
        """Return the verdict where not everything is known."""
        refusal = undecided = None
        if selection is not None and connector is None:
            refusal, undecided = selection.refusal, selection.undecided
        return verdict_on(
            self._organization, connector, session, refusal=refusal, undecided=undecided
        )

    def _frame(self, client: tuple[object, ...]) -> Frame:
        """Return the frame of questions with these fields between address and message."""
        session = Question._make((_NO_CLIENT, *client, *[None] * 2, (), None)).session()
        account = account_class(self._organization, session, self._named)
        place = session.port, session.local_ip
        key = session.auth, session.tls, place, account, session.cert
        found = self._same_frames.get(key)
        if found is None:
            four, six = (self._endpoint(family, *place) for family in (4, 6))
            found = Frame(auth=session.auth, tls=session.tls, account=account, four=four, six=six)
            self.room.take(_FRAME)
            self._same_frames[key] = found
        return found

    def _endpoint(self, family: int, port: int, local_ip: Address | None) -> CompiledEndpoint:
        """Return the prepared endpoint; the same object for the same arguments."""
        key = family, port, local_ip
        found = self._endpoints.get(key)
        if found is None:
            if len(self._endpoints) >= _ENDPOINTS_KEPT:
                self._endpoints.clear()
            found = self._endpoints[key] = CompiledEndpoint(
                self._organization, self._policies, *key
            )
        return found

    def _one_by_one(self, questions: Sequence[Question], start: int) -> Iterator[Ruling]:
        for number, question in enumerate(questions, start + 1):
            try:
                yield self.ruling(question)
            except InvalidInput as error:
                for problem in error.problems:
                    problem.where = f"question {number}"
                raise InvalidInput(error.problems) from None
