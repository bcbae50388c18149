"""What questions of one class get: everything but the names in it."""

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from relaysim.engine.compiled.classes import AccountClass, MessageClass
from relaysim.engine.compiled.endpoint import CompiledEndpoint
from relaysim.engine.compiled.memo import Memo
from relaysim.model.decision import Answers, AuthAs, Grant, Note, Refusal, Stage, Undecided, Verdict
from relaysim.model.session import AuthKind
from relaysim.net.address import Address, unmap

__all__ = ["Frame", "Prepared", "Row", "Ruling", "ruling_of", "run_of"]

_OWNER = "whether the sender is the account's own address, or one it holds Send As on"


class Ruling(NamedTuple):
    """What questions of one class get, whoever asks them. Equal classes share one object.

    It is a :class:`~relaysim.model.decision.Verdict` without what names a client, an address or an
    account; the decision about a question has all of it.

    Attributes:
        answers: The answers.
        rights: Every receive-side right.
        auth_as: How the message counts.
        refusal: The first refusal; a refused recipient is not named.
        assumed: Rules of the assumptions that took part, each once, in their order.
        notes: Further facts.
        undecided: Set when the question has no answer; with O-7 the sender is not named.
    """

    answers: Answers
    rights: tuple[Grant, ...]
    auth_as: AuthAs | None
    refusal: Refusal | None
    assumed: tuple[str, ...]
    notes: tuple[Note, ...]
    undecided: Undecided | None

    @property
    def names_sender(self) -> bool:
        """Whether ``undecided`` names the sender in the decision about a question."""
        return self.undecided is not None and self.undecided.text == _OWNER

    @property
    def has_names(self) -> bool:
        """Whether the decision about a question names an address that is left out here."""
        at_recipient = self.refusal is not None and self.refusal.stage is Stage.RCPT_TO
        return at_recipient or self.names_sender


def ruling_of(verdict: Verdict, assumed: tuple[str, ...]) -> Ruling:
    """Return what a verdict says about every question of its class.

    Args:
        verdict: The verdict on one of them.
        assumed: Rules of the assumptions that were made in choosing the connector.
    """
    refusal, undecided = verdict.refusal, verdict.undecided
    if refusal is not None and refusal.recipient is not None:
        refusal = refusal._replace(recipient=None)
    if undecided is not None and undecided.rule == "O-7":
        undecided = undecided._replace(text=_OWNER, options=())
    rules = (*assumed, *(assumption.rule for assumption in verdict.assumptions))
    return Ruling(
        verdict.answers,
        verdict.rights,
        verdict.auth_as,
        refusal,
        tuple(dict.fromkeys(rules)),
        verdict.notes,
        undecided,
    )


class Frame:
    """All that questions have in common that differ in client and message alone.

    Attributes:
        auth: How the clients identify themselves.
        tls: Whether they issue STARTTLS first.
        account: The class of their account, ``None`` when none logs on.
        four: Where clients with an IPv4 address end up.
        six: The same for IPv6.
        rows: What is prepared for the messages of one class.
    """

    __slots__ = ("account", "auth", "four", "rows", "six", "tls")

    def __init__(
        self,
        *,
        auth: AuthKind,
        tls: bool,
        account: AccountClass | None,
        four: CompiledEndpoint,
        six: CompiledEndpoint,
    ) -> None:
        self.auth, self.tls, self.account, self.four, self.six = auth, tls, account, four, six
        self.rows: dict[MessageClass, Row] = {}


Prepared = tuple[list[bytes], list[int], Memo[int, Ruling]]
"""Three attributes of a :class:`Row`, taken apart faster than they are read."""


class Row:
    """The rulings about the messages of one class from the clients of one frame.

    Attributes:
        starts: First addresses of the runs of IPv4, see :class:`Endpoint`.
        choices: What choosing comes to on each of them.
        rulings: The rulings by these numbers.
    """

    __slots__ = ("_endpoints", "_mapped", "_six", "choices", "rulings", "starts")

    def __init__(
        self,
        frame: Frame,
        make: Callable[[CompiledEndpoint, tuple[str, ...]], Memo[int, Ruling]],
    ) -> None:
        self._endpoints = frame.four, frame.six
        self.starts, self.choices = frame.four.starts, frame.four.choices
        self.rulings = make(frame.four, ())
        self._mapped = make(frame.four, ("S-6",))
        self._six = make(frame.six, ())

    @property
    def prepared(self) -> Prepared:
        """What answers an IPv4 client: the starts, the choices and the rulings."""
        return self.starts, self.choices, self.rulings

    def ruling(self, client: Address) -> Ruling:
        """Return the ruling about a client."""
        plain = unmap(client)
        four, six = self._endpoints
        endpoint = four if plain.family == 4 else six
        run = run_of(endpoint, plain)
        table = self.rulings if plain is client else self._mapped
        return (table if plain.family == 4 else self._six)[endpoint.choices[run]]


def run_of(endpoint: CompiledEndpoint, client: Address) -> int:
    """Return the run that an address of the endpoint's family is on, counted from 1."""
    return bisect_right(endpoint.starts, client.value.to_bytes(len(endpoint.starts[0]), "big"))
