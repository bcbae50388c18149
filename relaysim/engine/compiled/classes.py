"""What decides about a question: the class of its sender, its recipients, its size, its account.

Two questions of one class get one ruling. Their texts differ, and count for nothing but their
class: a text is looked at once, and stands for a small number from then on.
"""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from relaysim.engine.compiled.memo import Memo, Room
from relaysim.engine.compiled.question import Question, texts
from relaysim.engine.identity import identify
from relaysim.engine.standing import SenderClass, classify_sender, is_contested
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.organization import Account, Organization, ascii_domain, domain_of
from relaysim.model.principals import Principal
from relaysim.model.session import AuthKind, SessionShape
from relaysim.net.address import Address

__all__ = ["AccountClass", "MessageClass", "MessageClasses", "account_class"]

_ANY_CLIENT = Address(4, 0)
_ANY_MECHANISM = ReceiveConnector(
    name="",
    bindings=(),
    remote_ip_ranges=(),
    auth_mechanism=frozenset({AuthMechanism.INTEGRATED}),
)


class SenderFacts(NamedTuple):
    """What is looked at in a sender.

    Attributes:
        is_null: It is the null sender, or a From header left out.
        kind: Type of its accepted domain, ``None`` for a foreign one.
        contested: Accepted domains of different classes hold it.
        owners: Places of the accounts that it belongs to.
    """

    is_null: bool
    kind: SenderClass
    contested: bool
    owners: tuple[int, ...]


class RecipientFacts(NamedTuple):
    """What is looked at in the recipients of a message, against the limits that connectors have.

    Attributes:
        limits_before_foreign: How many limits are reached before the first recipient that is in
            no accepted domain; -1 when all are in one.
        limits_passed: How many limits all the recipients together are over.
    """

    limits_before_foreign: int
    limits_passed: int


class AccountClass(NamedTuple):
    """What is looked at in an account.

    Attributes:
        principals: Of what it holds, in order, that which some entry names.
        account: The place of its entry in the organization, ``None`` when it has none.
        known: Whether there is an account whose addresses are known.
    """

    principals: tuple[Principal, ...]
    account: int | None
    known: bool


MessageClass = tuple[int, int, int, int | None]
"""Numbers of the sender, of the header sender, of the recipients, and of the size."""


class MessageClasses:
    """Numbers the classes of what messages say.

    Attributes:
        senders: The number of a sender by its text; 0 is no sender, 1 the null sender.
        recipients: The number of recipients by their texts; 0 is none.
        size_limits: Sizes that some connector allows, in order: the class of a size is the number
            of limits that it is over. The first one is half a byte.
    """

    def __init__(self, organization: Organization, room: Room) -> None:
        self._organization = organization
        connectors = organization.connectors
        # Below the first limit is no size at all: what is not positive, or no number, stands
        # there alone, so that it is looked at and refused every time.
        self.size_limits = sorted({0.5, *(c.max_message_size for c in connectors)})
        self._counts = sorted({c.max_recipients_per_message for c in connectors})
        self._owners: dict[tuple[str, str], tuple[int, ...]] = {}
        for place, account in enumerate(organization.accounts):
            for address in dict.fromkeys(map(mailbox, (*account.addresses, *account.send_as))):
                self._owners[address] = (*self._owners.get(address, ()), place)
        self._sender_numbers: dict[SenderFacts | None, int] = {None: 0}
        self._sender_facts: list[SenderFacts | None] = [None]
        self._recipient_numbers: dict[RecipientFacts, int] = {RecipientFacts(-1, 0): 0}
        self._recipient_facts = [RecipientFacts(-1, 0)]
        self.senders: Memo[str | None, int] = Memo(self.class_of_sender, room)
        self.recipients: Memo[tuple[str, ...], int] = Memo(self.class_of_recipients, room)
        self._domains: Memo[str, tuple[SenderClass, bool, bool]] = Memo(self._domain, room)
        room.join(self._domains.clear)
        room.join(self.senders.clear)
        room.join(self.recipients.clear)

    def of(self, shape: SessionShape | Question) -> MessageClass:
        """Return the class of the message of a session or a question."""
        size = bisect_left(self.size_limits, shape.size) if shape.size else None
        return (
            self.senders[shape.mail_from],
            self.senders[shape.header_from],
            self.recipients[shape.rcpt_to],
            size,
        )

    def facts(self, message: MessageClass, account: AccountClass | None) -> tuple[object, ...]:
        """Return what is equal for classes that are judged alike for a client.

        Whose a sender is counts only as far as it is, or is not, the client's own.
        """
        sender, header, recipients, size = message
        return (
            self._sender_of(sender, account),
            self._sender_of(header, account),
            self._recipient_facts[recipients],
            size or 1,
        )

    def _sender_of(self, number: int, account: AccountClass | None) -> tuple[object, ...] | None:
        facts = self._sender_facts[number]
        if facts is None:
            return None
        return *facts[:-1], account is not None and account.account in facts.owners

    def _domain(self, text: str) -> tuple[SenderClass, bool, bool]:
        """Return the class of a domain as it is written, if it is contested, if it is accepted."""
        domain = ascii_domain(text)
        organization = self._organization
        kind = classify_sender(organization, domain)
        contested = kind is not None and is_contested(organization, domain)
        return kind, contested, organization.is_accepted(domain)

    def class_of_sender(self, text: str | None) -> int:
        """Return the number of a sender's class, without keeping the text."""
        if text is None:
            return 0
        kind, contested, _ = self._domains[text.rpartition("@")[2] if "@" in text else ""]
        owners = self._owners.get(mailbox(text), ()) if self._owners else ()
        facts = SenderFacts(not text, kind, contested, owners)
        number = self._sender_numbers.get(facts)
        if number is None:
            number = self._sender_numbers[facts] = len(self._sender_facts)
            self._sender_facts.append(facts)
        return number

    def class_of_recipients(self, recipients: tuple[str, ...]) -> int:
        """Return the number of the class of a message's recipients, without keeping the texts."""
        domains = self._domains
        recipients = texts(recipients)
        foreign = -1
        for place, text in enumerate(recipients):
            if not domains[text.rpartition("@")[2] if "@" in text else ""][2]:
                foreign = place
                break
        facts = RecipientFacts(
            -1 if foreign < 0 else bisect_right(self._counts, foreign),
            bisect_left(self._counts, len(recipients)),
        )
        number = self._recipient_numbers.get(facts)
        if number is None:
            number = self._recipient_numbers[facts] = len(self._recipient_facts)
            self._recipient_facts.append(facts)
        return number


def account_class(
    organization: Organization, shape: SessionShape, named: frozenset[Principal]
) -> AccountClass | None:
    """Return the class of the account that logs on, ``None`` when none does.

    Args:
        organization: The organization.
        shape: The session.
        named: The principals that entries name.
    """
    if not shape.auth.is_account:
        return None
    asked = SessionShape(auth=AuthKind.NTLM, user=shape.user, groups=shape.groups)
    identity = identify(organization, _ANY_MECHANISM, asked.at(_ANY_CLIENT))
    place = _place(organization, identity.account)
    held = tuple(principal for principal in identity.principals if principal in named)
    return AccountClass(held, place, identity.account is not None)


def _place(organization: Organization, account: Account | None) -> int | None:
    if account is None or not (account.addresses or account.send_as):
        return None
    places = (place for place, each in enumerate(organization.accounts) if each is account)
    return next(places, None)


def mailbox(address: str) -> tuple[str, str]:
    """Return what two spellings of one address share: case and IDNA form do not matter."""
    return address.rpartition("@")[0].casefold(), domain_of(address)
