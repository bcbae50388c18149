"""What a scenario file says, as values; nothing is decided here."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from relaysim.config.toml.positions import key_lines, line_of
from relaysim.lean import field, frozen
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Answers
from relaysim.model.organization import AcceptedDomain, Account, Organization
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind, SessionShape
from relaysim.net.address import Address, unmap
from relaysim.net.addrset import EVERYTHING, NOTHING, AddressSet
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange

__all__ = [
    "ANSWER_KEYS",
    "POWER_KEYS",
    "AceChange",
    "Allowance",
    "Change",
    "Check",
    "CheckQuestion",
    "CheckShape",
    "ConnectorPatch",
    "Expectation",
    "PowerExpectation",
    "Run",
    "RunExpectation",
    "Scenario",
    "Step",
    "normal_addresses",
]

ANSWER_KEYS: tuple[str, ...] = Answers._fields
"""The answers that ``expect`` may name, in the order they are printed."""

POWER_KEYS: tuple[str, ...] = (
    "widened",
    "narrowed",
    "rerouted",
    "refused_differently",
    "changed",
    "equal_power",
)
"""What ``expect`` of a change may say about power, in the terms of ``relaysim diff``."""

_MAPPED_LOW = 0xFFFF << 32
MAPPED = AddressSet((Interval(6, _MAPPED_LOW, _MAPPED_LOW + 0xFFFFFFFF),))
"""The IPv4-mapped block ``::ffff:0:0/96``."""
_ANY = EVERYTHING - MAPPED


@frozen
class CheckShape(SessionShape):
    """Everything about a session but the client's address; hashable, so that answers are shared.

    Attributes:
        server: The name of the one that is asked, ``None`` for the only one or for all (S-8).
    """

    server: str | None = None


class CheckQuestion(NamedTuple):
    """A ``check`` table.

    Attributes:
        ip: Client addresses and ranges, as written; empty means ``any``.
        excluded: Addresses and ranges of ``except``.
        auth: Kinds of authentication, each is asked.
        mail_from: Envelope senders, each is asked; empty when not asked about.
        rcpt_to: Messages' recipients, each entry is asked; empty when not asked about.
        tls: TLS states, each is asked; ``None`` when not written: no TLS, or both with every
            address.
        port: Ports, each is asked; empty means every one that a connector is bound to; ``None``
            when not written: 25, or every one with every address.
        local_ip: Local addresses, each is asked; empty means every endpoint; ``None`` when not
            written: it is not known (S-7), or every endpoint with every address.
        behind: Address of the balancer or NAT that all the clients stand behind: what is asked
            about is that address, which stands for them (S-9).
        server: Names of servers, each is asked; empty means every one; ``None`` when not written:
            all have to decide alike (S-8), or each is asked, with every address or endpoint.
        shared: The facts of which a question has one, the same in every session that is asked.
    """

    ip: tuple[AddressRange, ...]
    excluded: tuple[AddressRange, ...] = ()
    auth: tuple[AuthKind, ...] = (AuthKind.NONE,)
    mail_from: tuple[str, ...] = ()
    rcpt_to: tuple[tuple[str, ...], ...] = ()
    tls: tuple[bool, ...] | None = None
    port: tuple[int, ...] | None = None
    local_ip: tuple[Address, ...] | None = None
    behind: Address | None = None
    server: tuple[str, ...] | None = None
    shared: SessionShape = SessionShape()

    @property
    def is_about_everybody(self) -> bool:
        """Whether every address is asked about: every endpoint is too, unless narrowed."""
        return not self.ip

    @property
    def states(self) -> tuple[bool, ...]:
        """The TLS states that are asked about."""
        if self.tls is not None:
            return self.tls
        return (False, True) if self.is_about_everybody else (False,)

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that are asked about; empty for every one."""
        if self.port is not None:
            return self.port
        return () if self.is_about_everybody else (25,)

    @property
    def locals(self) -> tuple[Address, ...] | None:
        """The local addresses that are asked about; empty for all, ``None`` when not known."""
        if self.local_ip is None and self.is_about_everybody:
            return ()
        return self.local_ip

    @property
    def servers(self) -> tuple[str, ...] | None:
        """The servers that are asked one by one; empty for all, ``None`` for all together."""
        if self.server is None and self.locals == ():
            return ()
        return self.server

    @property
    def single(self) -> Address | None:
        """The address when the question is about exactly one, else ``None``."""
        if self.behind is not None:
            return self.behind
        if len(self.ip) == 1 and not self.excluded:
            family, low, high = self.ip[0].interval
            if low == high:
                return Address(family, low)
        return None

    @property
    def addresses(self) -> AddressSet:
        """Every address asked about; IPv4-mapped ones as the IPv4 addresses they are (S-6)."""
        if self.behind is not None:
            plain = unmap(self.behind)
            return AddressSet((Interval(plain.family, plain.value, plain.value),))
        asked = normal_addresses(self.ip) if self.ip else _ANY
        return asked - normal_addresses(self.excluded) if self.excluded else asked

    def shapes(self) -> Iterator[CheckShape]:
        """Yield every combination of authentication, sender and recipients, at no place yet."""
        froms: tuple[str | None, ...] = self.mail_from or (None,)
        shared = self.shared.facts()
        for auth, mail_from, rcpt_to in product(self.auth, froms, self.rcpt_to or ((),)):
            asked = shared | {"auth": auth, "mail_from": mail_from, "rcpt_to": rcpt_to}
            yield CheckShape(**asked)


class Expectation(NamedTuple):
    """An ``expect`` table of a check.

    Attributes:
        facts: (key, value) of the answers (``True``, ``False`` or ``"denied"``), ``connector``,
            ``auth_as``, ``refused_at`` and ``undecided``, in the order of the file; ``"none"``
            stands for nothing.
        reply: Beginning of the reply, ``"none"`` for no reply, ``None`` when not expected.
        rights: The exact set of rights, or ``None``.
        has: Rights that must be held.
        lacks: Rights that must not be held.
        permission_groups: The exact set of groups the connector shows, or ``None``.
        because: Reason codes that must be among the actual ones.
        assumes: Rules whose assumptions are accepted and must take part.
    """

    facts: tuple[tuple[str, bool | str], ...] = ()
    reply: str | None = None
    rights: frozenset[Right] | None = None
    has: frozenset[Right] = frozenset()
    lacks: frozenset[Right] = frozenset()
    permission_groups: frozenset[str] | None = None
    because: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()

    @property
    def is_simple(self) -> bool:
        """Whether only ``facts`` are expected."""
        return self[1:] == _SIMPLE

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of everything that is expected, ``assumes`` left out."""
        rest = [
            key
            for key, value in zip(self._fields[1:-1], self[1:-1], strict=True)
            if value not in (None, frozenset(), ())
        ]
        if self.rights is not None and not self.rights:
            rest.append("rights")
        return tuple(key for key, _ in self.facts) + tuple(rest)


_SIMPLE = Expectation()[1:]


class RunExpectation(NamedTuple):
    """An ``expect`` table of a ``run`` step.

    Attributes:
        error: A rule id, or a part of the error's text.
    """

    error: str


class Allowance(NamedTuple):
    """Addresses that are expected to get, or to lose, something.

    Attributes:
        text: As written, ``RANGES[:RIGHT,RIGHT]``.
        addresses: The addresses, mapped ones as IPv4.
        rights: Names of answers and rights; none means everything.
    """

    text: str
    addresses: AddressSet
    rights: frozenset[str] = frozenset()


class PowerExpectation(NamedTuple):
    """What a change is expected to do to power.

    Attributes:
        facts: (key of ``POWER_KEYS``, value), in the order of the file; the value tells whether
            there is such a change, or, for the first four keys, exactly what it is about.
    """

    facts: tuple[tuple[str, bool | tuple[Allowance, ...]], ...]


class AceChange(NamedTuple):
    """One entry of ``add_ace`` or ``remove_ace``.

    Attributes:
        connector: Name of the connector.
        principal: Who.
        rights: What; never empty.
        deny: Whether deny entries are meant.
    """

    connector: str
    principal: Principal
    rights: tuple[Right, ...]
    deny: bool = False


class ConnectorPatch(NamedTuple):
    """One entry of ``change``: properties of a connector that get new values.

    Attributes:
        connector: Name of the connector.
        table: The properties, decoded TOML, valid for some connector of this server.
    """

    connector: str
    table: dict[str, object]


class Change(NamedTuple):
    """A ``set`` table; the parts are applied in this order, to the server named last, if any."""

    connector: tuple[ReceiveConnector, ...] = ()
    change: tuple[ConnectorPatch, ...] = ()
    remove_connector: tuple[str, ...] = ()
    remove_ace: tuple[AceChange, ...] = ()
    add_ace: tuple[AceChange, ...] = ()
    accepted_domains: tuple[AcceptedDomain, ...] | None = None
    account: tuple[Account, ...] = ()
    server: str | None = None


class Check(NamedTuple):
    """A question and what is expected of the answer (``None`` only before an update)."""

    question: CheckQuestion
    expect: Expectation | None


class Run(NamedTuple):
    """Shell text, and the error it is expected to end in.

    Attributes:
        text: The text.
        expect: The error, or ``None`` when there must be none.
        real: Whether a real PowerShell runs it, where all that it does really happens.
    """

    text: str
    expect: RunExpectation | None = None
    real: bool = False


class Step(NamedTuple):
    """One ``[[step]]``.

    Attributes:
        name: Unique in its file, printable, never empty.
        action: What it does.
        source: Ids of the sources the claim rests on.
        known_gap: Why it is known to fail, or ``None``.
        skip: Why it is left out, or ``None``.
        power: What it is expected to do to power; only of a change.
    """

    name: str
    action: Check | Run | Change
    source: tuple[str, ...] = ()
    known_gap: str | None = None
    skip: str | None = None
    power: PowerExpectation | None = None


@frozen
class Scenario:
    """A scenario file.

    Attributes:
        title: One line, or empty.
        server: What the file names as its server: ``builtin:NAME``, a path as written, or
            ``None`` when the server is described in the file itself.
        organization: The server at the beginning.
        steps: In order; order is meaning.
        skip: Why the whole file is left out, or ``None``.
        file: The file as the user named it; no part of the scenario's meaning.
        text: The file's text, for line numbers; no part of the scenario's meaning.
    """

    title: str = ""
    server: str | None = None
    organization: Organization
    steps: tuple[Step, ...]
    skip: str | None = None
    file: str = field(default="", compare=False)
    text: str = field(default="", compare=False, repr=False)

    def lines(self) -> list[int | None]:
        """Return the line of each step, read from the text; ``None`` when not known."""
        if not self.text:
            return [None] * len(self.steps)
        lines = key_lines(self.text)
        return [line_of(("step", index), lines) for index in range(len(self.steps))]


def normal_addresses(ranges: tuple[AddressRange, ...]) -> AddressSet:
    """Return the addresses of some ranges, IPv4-mapped ones as IPv4 (S-6).

    >>> from relaysim.net.notation import parse_range
    >>> print(normal_addresses((parse_range("::ffff:192.0.2.0/127"),)))
    192.0.2.0-192.0.2.1
    """
    found = AddressSet(entry.interval for entry in ranges)
    mapped = found & MAPPED
    if not mapped:
        return found or NOTHING
    shifted = (Interval(4, low - _MAPPED_LOW, high - _MAPPED_LOW) for _, low, high in mapped)
    return (found - mapped) | AddressSet(shifted)
