"""Where a reply comes from: every session of a configuration that is refused in certain words."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from relaysim.analysis.endpoints import Spot, Surface, joined
from relaysim.analysis.reach import Way
from relaysim.lean import replace
from relaysim.model.decision import Missing, Refusal
from relaysim.model.organization import AcceptedDomain, Organization
from relaysim.model.session import Session
from relaysim.net.address import Address
from relaysim.net.addrset import NOTHING, AddressSet

__all__ = [
    "RefusedSearch",
    "RefusedSessions",
    "messages_of",
    "refused_so",
    "with_own_domain",
]

FOREIGN = "someone@relay.invalid"
_TOLD = frozenset({"refusal", "reply"})


class RefusedSessions(NamedTuple):
    """Sessions that are refused alike.

    Attributes:
        way: How they come.
        message: What they send, in words.
        connector: The connector that refuses, or ``None``.
        refusal: The refusal.
        addresses: From where.
        spots: On which endpoints.
        tls: In which TLS states.
    """

    way: Way
    message: str
    connector: str | None
    refusal: Refusal
    addresses: AddressSet
    spots: tuple[Spot, ...]
    tls: tuple[bool, ...]


class RefusedSearch(NamedTuple):
    """What a search for a refusal found.

    Attributes:
        sessions: The sessions whose first refusal it is.
        missing: Facts that are not known and on which it hangs how further sessions are refused.
    """

    sessions: tuple[RefusedSessions, ...]
    missing: tuple[Missing, ...]


_STAND_IN = AcceptedDomain(name="contoso.com")


def with_own_domain(organization: Organization) -> Organization:
    """Return an organization in which own and foreign addresses can be told apart.

    Where no accepted domain is described there is one all the same (O-10).
    """
    if organization.accepted_domains:
        return organization
    return replace(organization, accepted_domains=(_STAND_IN,))


def messages_of(
    organization: Organization, sender: str | None = None, recipient: str | None = None
) -> Iterator[tuple[str, Session]]:
    """Yield the kinds of message that can be told apart, in words and as shapes of sessions.

    Args:
        organization: Whose accepted domains tell them apart.
        sender: The sender, where it is known.
        recipient: The recipient, where it is known.
    """
    if sender is not None or recipient is not None:
        words = [f"from {sender}"] if sender is not None else []
        words += [f"to {recipient}"] if recipient is not None else []
        to = () if recipient is None else (recipient,)
        yield " ".join(words), Session(ip=Address(4, 0), mail_from=sender, rcpt_to=to)
        return
    plain = [d.name for d in organization.accepted_domains if not d.name.startswith("*")]
    own = f"user@{plain[0] if plain else _STAND_IN.name}"
    shape = Session(ip=Address(4, 0))
    yield "to a foreign recipient", replace(shape, rcpt_to=(FOREIGN,))
    yield (
        "from a foreign sender to an own recipient",
        replace(shape, mail_from=FOREIGN, rcpt_to=(own,)),
    )
    yield (
        "from an own sender to an own recipient",
        replace(shape, mail_from=own, rcpt_to=(f"other-{own}",)),
    )


def refused_so(
    surface: Surface,
    ways: Iterable[Way],
    test: Callable[[Refusal], bool],
    *,
    states: Iterable[bool] = (False, True),
    among: AddressSet | None = None,
    sender: str | None = None,
    recipient: str | None = None,
) -> RefusedSearch:
    """Return every session whose first refusal passes a test, and what is not known of others.

    Args:
        surface: The endpoints to look at.
        ways: How clients come.
        test: Tells whether a refusal is the one that is looked for.
        states: TLS states to look at.
        among: Only clients among these addresses; ``None`` for all.
        sender: The sender, where it is known.
        recipient: The recipient, where it is known.
    """
    messages = list(messages_of(surface.organization, sender, recipient))
    found: dict[tuple[object, ...], dict[tuple[Spot, bool], AddressSet]] = {}
    unknown: dict[Missing, None] = {}
    for way in ways:
        for words, shape in messages:
            for tls in states:
                judged = surface.judge(way.session(shape, tls=tls))
                for spot in surface.spots:
                    for endpoint in spot.endpoints:
                        for outcome in {id(o): o for o in judged.track(endpoint)[1]}.values():
                            refusal = outcome.refusal
                            hangs = [m for m in outcome.missing if not _TOLD.isdisjoint(m.affects)]
                            passes = refusal is not None and test(refusal)
                            if not passes and not hangs:
                                continue
                            where = judged.where(endpoint, (id(outcome),))
                            where = where if among is None else where & among
                            if not where:
                                continue
                            unknown |= dict.fromkeys(hangs)
                            if refusal is None or not passes:
                                continue
                            name = outcome.connector.name if outcome.connector else None
                            places = found.setdefault((way, words, name, refusal), {})
                            key = spot, tls
                            places[key] = places.get(key, NOTHING) | where
    return RefusedSearch(tuple(_alike(_joined(found), len(messages))), tuple(unknown))


def _alike(found: Iterable[RefusedSessions], messages: int) -> Iterator[RefusedSessions]:
    """Yield sessions that differ in their messages only as one."""
    grouped: dict[RefusedSessions, list[str]] = {}
    for each in found:
        grouped.setdefault(each._replace(message=""), []).append(each.message)
    for each, words in grouped.items():
        every = len(words) == messages > 1
        yield each._replace(message="any message" if every else ", ".join(words))


def _joined(
    found: dict[tuple[object, ...], dict[tuple[Spot, bool], AddressSet]],
) -> Iterator[RefusedSessions]:
    for (way, words, name, refusal), places in found.items():
        alike: dict[AddressSet, list[tuple[Spot, bool]]] = {}
        for place, addresses in places.items():
            alike.setdefault(addresses, []).append(place)
        for addresses, pairs in alike.items():
            for members, tls in joined(pairs):
                yield RefusedSessions(
                    way,  # type: ignore[arg-type]
                    words,  # type: ignore[arg-type]
                    name,  # type: ignore[arg-type]
                    refusal,  # type: ignore[arg-type]
                    addresses,
                    members,
                    tls,
                )
