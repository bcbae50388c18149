"""What questions of one shape get on a run of addresses: everything but the client's name."""

from bisect import bisect_right
from dataclasses import replace

from relaysim.engine.compiled.endpoint import Endpoint
from relaysim.engine.compiled.verdict_cache import Admissions, Judge
from relaysim.engine.evaluate import Verdict, nobody
from relaysim.engine.selection import mapped_assumption
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import (
    Answers,
    Assumption,
    AuthAs,
    Decision,
    Grant,
    Note,
    Refusal,
    Rejected,
    Undecided,
)
from relaysim.model.principals import Principal
from relaysim.model.session import Session
from relaysim.net.address import Address, unmap
from relaysim.net.notation import AddressRange, Socket

__all__ = ["Ruling", "Shape"]


class Shape:
    """A session without its client address, and the rulings about it made so far.

    Attributes:
        session: The session; its ``ip`` means nothing.
        judge: Gives the verdicts of connectors on it.
        starts: First addresses of the runs of IPv4, see :class:`Endpoint`.
        four: Rulings about IPv4 clients by the number of the run, counted from 1; ``None`` where
            none was asked for yet. A list, because it is looked into most.
    """

    __slots__ = ("_four", "_kept", "_six", "four", "judge", "organization", "session", "starts")

    def __init__(
        self, session: Session, admissions: Admissions, four: Endpoint, six: Endpoint
    ) -> None:
        self.organization = admissions.organization
        self.session = session
        self.judge = Judge(admissions, session)
        self._four, self._six = four, six
        self.starts = four.starts
        self._kept: dict[tuple[bool, int], Ruling] = {}
        self.four: list[Ruling | None] = [None] * (len(four.starts) + 1)

    def ruling(self, client: Address) -> "Ruling":
        """Return the ruling about a client; the same object for all clients on one run."""
        plain = unmap(client)
        if plain.family == 6:
            number = bisect_right(self._six.starts, plain.value.to_bytes(16, "big"))
            return self._ruling(self._six, number, mapped=False)
        number = bisect_right(self._four.starts, plain.value.to_bytes(4, "big"))
        if plain is not client:
            return self._ruling(self._four, number, mapped=True)
        return self.ruling_four(number)

    def ruling_four(self, number: int) -> "Ruling":
        """Return the ruling about IPv4 clients on a run, counted from 1 as in ``four``."""
        found = self.four[number]
        if found is None:
            found = self.four[number] = Ruling(self, self._four, number - 1, mapped=False)
        return found

    def _ruling(self, endpoint: Endpoint, number: int, *, mapped: bool) -> "Ruling":
        found = self._kept.get((mapped, number))
        if found is None:
            found = self._kept[mapped, number] = Ruling(self, endpoint, number - 1, mapped=mapped)
        return found


class Ruling:
    """What questions of one shape get on a run of addresses on which nothing changes.

    Immutable. The attributes are those of :class:`~relaysim.model.decision.Decision` without
    ``session``. What follows from the connector is worked out when first read and kept; what
    explains its choice is asked of the point engine when read.

    Attributes:
        connector: As in a decision; likewise ``range`` and ``binding``.
        is_mapped: The clients are IPv4-mapped addresses. Assumption S-6 about them is only in
            whole decisions, because it names the client.
    """

    __slots__ = (
        "_endpoint",
        "_run",
        "_shape",
        "_verdict",
        "binding",
        "connector",
        "is_mapped",
        "range",
    )

    connector: ReceiveConnector | None
    range: AddressRange | None
    binding: Socket | None
    is_mapped: bool
    _shape: Shape
    _endpoint: Endpoint
    _run: int
    _verdict: Verdict | None

    def __init__(self, shape: Shape, endpoint: Endpoint, run: int, *, mapped: bool) -> None:
        winner = endpoint.winner(run)
        put = object.__setattr__
        put(self, "_shape", shape)
        put(self, "_endpoint", endpoint)
        put(self, "_run", run)
        put(self, "_verdict", None)
        put(self, "is_mapped", mapped)
        put(self, "connector", winner and winner.connector)
        put(self, "range", winner and winner.range)
        put(self, "binding", winner and winner.binding)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a ruling cannot be changed ({name})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a ruling cannot be changed ({name})")

    def __repr__(self) -> str:
        name = self.connector.name if self.connector is not None else None
        return f"<Ruling of {name!r} on {self.range}>"

    @property
    def verdict(self) -> Verdict:
        """All that follows from the connector that answers, or from there being none."""
        verdict = self._verdict
        if verdict is None:
            shape = self._shape
            if self.connector is not None:
                verdict = shape.judge.verdict(self.connector)
            else:
                chosen = self._endpoint.selection(self._run)
                verdict = nobody(shape.organization, chosen.refusal, chosen.undecided)
            object.__setattr__(self, "_verdict", verdict)
        return verdict

    @property
    def lost(self) -> tuple[Rejected, ...]:
        """Every other connector and why it lost."""
        return self._endpoint.selection(self._run).lost

    @property
    def principals(self) -> tuple[Principal, ...]:
        """What the session is."""
        return self.verdict.principals

    @property
    def rights(self) -> tuple[Grant, ...]:
        """Every receive-side right."""
        return self.verdict.rights

    @property
    def answers(self) -> Answers:
        """The answers."""
        return self.verdict.answers

    @property
    def auth_as(self) -> AuthAs | None:
        """How the message counts."""
        return self.verdict.auth_as

    @property
    def refusal(self) -> Refusal | None:
        """The first refusal."""
        return self.verdict.refusal

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Assumptions that took part, without S-6."""
        return self._endpoint.assumptions(self._run) + self.verdict.assumptions

    @property
    def notes(self) -> tuple[Note, ...]:
        """Further facts."""
        return self.verdict.notes

    @property
    def undecided(self) -> Undecided | None:
        """Set when the question has no answer."""
        return self.verdict.undecided

    def decision(self, ip: Address) -> Decision:
        """Return the whole decision about a client that this ruling was found for."""
        assumptions = self._endpoint.assumptions(self._run)
        if self.is_mapped:
            assumptions = (mapped_assumption(ip), *assumptions)
        return self.verdict.decision(
            replace(self._shape.session, ip=ip),
            connector=self.connector,
            matched=self.range,
            binding=self.binding,
            lost=self.lost,
            assumptions=assumptions,
        )
