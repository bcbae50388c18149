"""What was decided about one session, with the reason for every part of it.

Everything the program prints about a question is in a :class:`Decision`; renderers add nothing.
"""

from enum import Enum
from typing import Any, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.lean import frozen
from relaysim.model.acl import Ace
from relaysim.model.answers.missing import Missing, ServerAnswer, Undecided
from relaysim.model.connector import ReceiveConnector
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.model.session import Session, behind_words
from relaysim.net.notation import AddressRange, Socket

__all__ = [
    "Answer",
    "Answers",
    "Assumption",
    "AuthAs",
    "Decision",
    "Grant",
    "LostReason",
    "Missing",
    "Note",
    "Reason",
    "Refusal",
    "Rejected",
    "Selection",
    "ServerAnswer",
    "Stage",
    "Undecided",
    "Verdict",
]


class Reason(Enum):
    """Why an answer or a right is what it is. Public codes: never renamed.

    For rights only the first four occur.
    """

    ALLOW_ENTRY = "allow-entry"
    DENY_ENTRY = "deny-entry"
    NO_ALLOW_ENTRY = "no-allow-entry"
    NO_IDENTITY = "no-identity"
    """The session has no identity on any connector, so nothing was looked up."""

    PORT_CLOSED = "port-closed"
    NO_RANGE = "no-range"
    UNDECIDED = "undecided"
    """A fact is missing, or the configuration is invalid; see :class:`Undecided`."""
    STARTTLS_NOT_OFFERED = "starttls-not-offered"
    AUTH_NOT_OFFERED = "auth-not-offered"
    AUTH_NEEDS_TLS = "auth-needs-tls"
    AUTH_WITHOUT_SUBMIT = "auth-without-submit"
    TLS_REQUIRED = "tls-required"
    NO_SUBMIT = "no-submit"
    EVERY_DOMAIN_ACCEPTED = "every-domain-accepted"
    FRONT_END_NOT_ENFORCED = "front-end-not-enforced"
    AUTH_AS_INTERNAL = "auth-as-internal"
    AUTH_AS_PARTNER = "auth-as-partner"
    AUTH_AS_ANONYMOUS = "auth-as-anonymous"

    SIZE_EXCEEDED = "size-exceeded"
    SENDER_NOT_PERMITTED = "sender-not-permitted"
    NO_FROM_HEADER = "no-from-header"
    TOO_MANY_RECIPIENTS = "too-many-recipients"
    NOT_ACCEPTED_DOMAIN = "not-accepted-domain"
    NO_BACK_END = "no-back-end"
    """A front end finds no connector behind it that takes the message."""

    __hash__ = object.__hash__


class LostReason(Enum):
    """Why a connector does not answer. Public codes: never renamed."""

    DISABLED = "disabled"
    OTHER_PORT = "other-port"
    OTHER_ADDRESS = "other-address"
    NO_RANGE = "no-range"
    WIDER_RANGE = "wider-range"
    ANY_ADDRESS = "any-address"
    NAME_ORDER = "name-order"
    UNDECIDED = "undecided"


class Rejected(NamedTuple):
    """A connector that does not answer.

    Attributes:
        name: The connector's name.
        reason: Why; the first that applies, in the order of :class:`LostReason`.
        range: Its smallest range that holds the client, or ``None`` when none does or the
            connector never got that far.
    """

    name: str
    reason: LostReason
    range: AddressRange | None


class Grant(NamedTuple):
    """One right of the session, granted or not.

    Attributes:
        right: The right.
        granted: Whether the session holds it; ``None`` when that is undecided.
        because: ``ALLOW_ENTRY``, ``DENY_ENTRY``, ``NO_ALLOW_ENTRY`` or ``NO_IDENTITY``.
        ace: The entry that decided, or ``None``. Among entries of the deciding kind the one whose
            principal comes first in ``Decision.principals``, an exact right before all extended
            rights before full control.
        source: The permission group the entry belongs to, ``"connector ACE"``,
            ``"inherited ACE"``, or ``None`` without an entry.
    """

    right: Right
    granted: bool | None
    because: Reason
    ace: Ace | None = None
    source: str | None = None


class Answer(NamedTuple):
    """One answer.

    Attributes:
        answer: Yes or no; ``None`` when it is undecided, see :class:`Missing`.
        because: Why. ``DENY_ENTRY`` is what "denied" means, against "not granted".
        rule: The rule of the model that decided.
        right: The right it hangs on, or ``None``.
    """

    answer: bool | None
    because: Reason
    rule: str
    right: Right | None = None

    def __bool__(self) -> bool:
        """Whether the answer is yes; an undecided one raises ``InvalidInput``."""
        if self.answer is None:
            raise InvalidInput("the answer is undecided", hint="look at `.answer`, which is None")
        return self.answer

    def _repr_html_(self) -> str:
        """The answer for a notebook."""
        from relaysim.model.answers.readable import answer_html

        return answer_html(self)

    @property
    def denied(self) -> bool:
        """Whether a deny entry decided."""
        return self.answer is False and self.because is Reason.DENY_ENTRY


class Answers(NamedTuple):
    """The answers, in the order they are printed."""

    submit: Answer
    relay: Answer
    bypass_anti_spam: Answer
    resolve_p2: Answer
    bypass_size_limit: Answer
    any_sender: Answer
    own_domain_sender: Answer
    keep_routing_headers: Answer
    keep_organization_headers: Answer
    keep_forest_headers: Answer
    exch50: Answer


class AuthAs(Enum):
    """How the organization regards the message; the value is that of the header."""

    ANONYMOUS = "Anonymous"
    INTERNAL = "Internal"
    PARTNER = "Partner"


class Stage(Enum):
    """Where a session is refused; the value is what is printed. Declaration order is time order."""

    CONNECT = "connect"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL_FROM = "MAIL FROM"
    RCPT_TO = "RCPT TO"
    END_OF_DATA = "end of data"


class Refusal(NamedTuple):
    """The first refusal the client meets.

    Attributes:
        stage: Where.
        reply: The SMTP reply in the words of the server's version, or ``None`` when the TCP
            connection itself is refused.
        because: Why.
        rule: The rule of the model.
        right: The missing right, or ``None``.
        recipient: The refused recipient at ``RCPT_TO``, else ``None``.
    """

    stage: Stage
    reply: str | None
    because: Reason
    rule: str
    right: Right | None = None
    recipient: str | None = None


class Assumption(NamedTuple):
    """Something nobody documents and that took part in the answer.

    Attributes:
        rule: The rule of the model it belongs to.
        text: What was assumed, one sentence without a final stop.
        affects: Names of the answers it decided, and of ``connector``, ``auth_as``, ``refusal``.
    """

    rule: str
    text: str
    affects: tuple[str, ...]


class Note(NamedTuple):
    """A fact worth knowing beside the answer.

    Attributes:
        rule: The rule of the model it belongs to.
        text: One sentence without a final stop.
    """

    rule: str
    text: str


class Selection(NamedTuple):
    """The outcome of choosing a connector.

    Attributes:
        connector: The winner, or ``None``.
        range: Its matching range, or ``None``.
        binding: Its matching binding, or ``None``.
        lost: The other connectors in name order, each with its reason.
        refusal: Set when nobody answers.
        undecided: Set when the question cannot be answered.
        assumptions: What was assumed on the way.
    """

    connector: ReceiveConnector | None
    range: AddressRange | None
    binding: Socket | None
    lost: tuple[Rejected, ...]
    refusal: Refusal | None = None
    undecided: Undecided | None = None
    assumptions: tuple[Assumption, ...] = ()


class Verdict(NamedTuple):
    """What is decided once it is known which connector answers, if any.

    Nothing in it depends on the client's address.

    Attributes:
        principals: What the session is, most specific first; empty without an identity.
        rights: Every receive-side right of the version, in declaration order.
        answers: The answers.
        auth_as: How the message counts, or ``None`` when the session ends before MAIL FROM.
        refusal: The first refusal, or ``None`` when nothing that was asked is refused.
        assumptions: Assumptions that took part, in the order they were made.
        notes: Further facts.
        undecided: Set when the question has no answer.
        missing: Facts that are not known and that answers hang on; those are ``None``.
    """

    principals: tuple[Principal, ...]
    rights: tuple[Grant, ...]
    answers: Answers
    auth_as: AuthAs | None
    refusal: Refusal | None
    assumptions: tuple[Assumption, ...]
    notes: tuple[Note, ...]
    undecided: Undecided | None = None
    missing: tuple[Missing, ...] = ()


@frozen
class Decision:
    """The complete answer about one session: the question, who answers it, and what it comes to.

    What the parts say can be read from the decision itself.

    Attributes:
        session: The question.
        selection: Which connector answers, and why the others do not.
        verdict: What that connector makes of the session.
        servers: Of several servers, those that the answer holds for, with the connector of each;
            ``selection`` belongs to the first. Empty when there is one server.
    """

    session: Session
    selection: Selection
    verdict: Verdict
    servers: tuple[ServerAnswer, ...] = ()

    @property
    def connector(self) -> ReceiveConnector | None:
        """The connector that answers, or ``None``."""
        return self.selection.connector

    @property
    def range(self) -> AddressRange | None:
        """The range of ``connector`` that matched, or ``None``."""
        return self.selection.range

    @property
    def binding(self) -> Socket | None:
        """The binding of ``connector`` that matched, or ``None``."""
        return self.selection.binding

    @property
    def lost(self) -> tuple[Rejected, ...]:
        """Every other connector and why it lost, in name order."""
        return self.selection.lost

    @property
    def principals(self) -> tuple[Principal, ...]:
        """What the session is, most specific first; empty without an identity."""
        return self.verdict.principals

    @property
    def rights(self) -> tuple[Grant, ...]:
        """Every receive-side right of the version, in declaration order."""
        return self.verdict.rights

    @property
    def answers(self) -> Answers:
        """The answers."""
        return self.verdict.answers

    @property
    def auth_as(self) -> AuthAs | None:
        """How the message counts, or ``None`` when the session ends before MAIL FROM."""
        return self.verdict.auth_as

    @property
    def refusal(self) -> Refusal | None:
        """The first refusal, or ``None`` when nothing that was asked is refused."""
        return self.verdict.refusal

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Assumptions that took part, in the order they were made."""
        return self.selection.assumptions + self.verdict.assumptions

    @property
    def notes(self) -> tuple[Note, ...]:
        """Further facts."""
        behind = self.session.behind
        if behind is None:
            return self.verdict.notes
        return (Note("S-9", behind_words(self.session.ip, behind)), *self.verdict.notes)

    @property
    def undecided(self) -> Undecided | None:
        """Set when the question has no answer.

        Every answer is then ``None`` by ``UNDECIDED``, except with rule ``O-7``, which leaves only
        ``refusal`` open.
        """
        return self.verdict.undecided

    def __str__(self) -> str:
        """The answers, one a line, with who answers and what is refused first."""
        from relaysim.model.answers.readable import decision_text

        return decision_text(self)

    def _repr_html_(self) -> str:
        """The same for a notebook, everything from outside escaped."""
        from relaysim.model.answers.readable import decision_html

        return decision_html(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, FBT001  # IPython's
        """Give a notebook without HTML the text."""
        printer.text("..." if cycle else str(self))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Facts that are not known and that answers hang on; those answers are ``None``."""
        return self.verdict.missing
