"""Verdicts where not everything is known: what every possible configuration agrees on.

What is listed is true, more may exist. Each way in which the rest could be is a *world*: a
configuration that is known completely, judged as any other. What all worlds say alike is the
answer; what they say differently is undecided, and the facts that would decide it are named with
the command that gives them. An answer that is given stays the same whatever the facts turn out
to be.

Two choices keep the number of worlds small. Allow entries only ever open, so of unlisted entries
two worlds say it all: there are none, or everybody is allowed everything. That an unlisted entry
denies what a listed one allows is assumed away, and said (G-3).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from relaysim.engine.agreement import (
    OF_ENTRIES,
    Alternative,
    Described,
    Part,
    World,
    agreed,
    alternative_of,
)
from relaysim.engine.evaluate import judge, nobody
from relaysim.engine.standing import client_proxy
from relaysim.engine.variants import newest, possible_versions, variants_of
from relaysim.lean import replace
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector, TransportRole
from relaysim.model.decision import Refusal, Undecided, Verdict
from relaysim.model.edit import change_server
from relaysim.model.organization import Organization
from relaysim.model.principals import WELL_KNOWN, domain_group
from relaysim.model.rights import Right
from relaysim.model.session import Session
from relaysim.model.version import ServerRole

__all__ = [
    "KnownWorlds",
    "hangs_on_place",
    "hangs_on_version_alone",
    "is_entangled",
    "is_partial",
    "verdict_on",
]

_WHERE = frozenset({"bindings", "remote_ip_ranges", "enabled"})
_OF_SIZE = frozenset({"max_message_size"})
_SIZES = (0, 1 << 62)
_COUNTS = (1, 1 << 30)

_Supposed = dict[Part, Any]
"""A value for each unknown part."""


_Place = tuple[Part, ReceiveConnector | None]
"""What would have to be so, and who answers then."""


class KnownWorlds:
    """What connectors make of one session in every way in which they might be, kept.

    Attributes:
        worlds: The worlds in which a connector answers, by its name.
        alternatives: The same where it answers in another's place.
        kinds: A number of each kind of these.
        described: The facts that are missing.
        others: Who may answer in the place of a connector that surely is there.
    """

    __slots__ = ("alternatives", "described", "kinds", "others", "worlds")

    def __init__(self) -> None:
        self.worlds: dict[str, tuple[World, ...]] = {}
        self.alternatives: dict[Part, Alternative] = {}
        self.kinds: dict[object, int] = {}
        self.described: Described = {}
        self.others: list[_Place] | None = None


def is_partial(organization: Organization) -> bool:
    """Tell whether something of an organization of one server is not known."""
    only = organization.only
    return only.exchange is None or any(connector.unknown for connector in only.connectors)


def is_entangled(organization: Organization) -> bool:
    """Tell whether what is not known of one connector of the only server counts at the others.

    It does when the version is not known, and when a connector might answer in another's place.
    """
    return organization.only.exchange is None or hangs_on_place(organization)


def hangs_on_place(organization: Organization) -> bool:
    """Tell whether a verdict hangs on the port and the local address that a client came to.

    It does when a connector of the only server might answer in another's place, there or not.
    """
    return any(not each.unknown.isdisjoint(_WHERE) for each in organization.only.connectors)


def hangs_on_version_alone(organization: Organization) -> bool:
    """Tell whether nothing but the version is unknown that a message of untold size hangs on."""
    only = organization.only
    return only.exchange is None and all(
        connector.unknown <= _OF_SIZE for connector in only.connectors
    )


def verdict_on(
    organization: Organization,
    connector: ReceiveConnector | None,
    session: Session,
    *,
    refusal: Refusal | None = None,
    undecided: Undecided | None = None,
    known: KnownWorlds | None = None,
) -> Verdict:
    """Return the verdict of the connector that answers as far as is listed.

    The client's address plays no part: where ranges are not known completely, every connector
    that could hold the address may answer as well.

    Args:
        organization: An organization of one server.
        connector: The connector, or ``None`` when nobody answers.
        session: The session.
        refusal: Why nobody answers.
        undecided: Why it cannot be told who answers.
        known: Keeps what connectors make of the session, for the next verdict on the same session.
    """
    if undecided is not None or not is_partial(organization):
        whole = newest(organization)
        return judge(whole, connector, session) if connector else nobody(whole, refusal, undecided)
    known = KnownWorlds() if known is None else known

    def worlds_of(other: ReceiveConnector | None) -> tuple[World, ...]:
        if other is None:
            return tuple(_worlds(organization, None, session, refusal))
        found = known.worlds.get(other.name)
        if found is None:
            found = known.worlds[other.name] = tuple(_worlds(organization, other, session, refusal))
        return found

    alternatives = [alternative_of(connector.name if connector else None, worlds_of(connector))]
    others: list[tuple[str | None, int]] = []
    first: dict[object, int] = {}
    for part, other in _places(organization, connector, session, known):
        alternative = _alternative(part, other, worlds_of, known)
        number = len(alternatives)
        if alternative.kind is not None:
            number = first.setdefault(alternative.kind, number)
        if number == len(alternatives):
            alternatives.append(alternative)
        others.append((other.name if other else None, number))
    return agreed(alternatives, others, organization, connector, known.described)


def _alternative(
    part: Part,
    other: ReceiveConnector | None,
    worlds_of: Callable[[ReceiveConnector | None], tuple[World, ...]],
    known: KnownWorlds,
) -> Alternative:
    """Return the worlds in which somebody answers in another's place."""
    # Only what is supposed of the connector itself is supposed wherever it answers for another.
    own = part if other is not None and part[1] == other.name else None
    alternative = known.alternatives.get(part) if own else None
    if alternative is None:
        more = (part, 1 if other is None else 2)
        worlds = [each._replace(supposed=each.supposed | {more}) for each in worlds_of(other)]
        alternative = alternative_of(other.name if other else None, worlds, own=own)
        if own:
            # A number is looked up in no time, however many worlds it stands for.
            kind = known.kinds.setdefault(alternative.kind, len(known.kinds))
            alternative = known.alternatives[part] = alternative._replace(kind=kind)
    return alternative


def _places(
    organization: Organization,
    connector: ReceiveConnector | None,
    session: Session,
    known: KnownWorlds,
) -> Iterator[_Place]:
    """Yield who else may answer, with what would have to be so."""
    if connector is not None and "enabled" in connector.unknown:
        yield from _places_of_doubtful(organization, connector, session)
        return
    if known.others is None:
        doubtful = variants_of(organization).doubtful(_WHERE)
        known.others = [
            (part, other)
            for other in doubtful
            if (part := _doubt_about(other, session)) is not None
        ]
    for part, other in known.others:
        if other is not connector:
            yield part, other


def _places_of_doubtful(
    organization: Organization, connector: ReceiveConnector, session: Session
) -> Iterator[_Place]:
    """Yield who else may answer where the one that is listed may be disabled."""
    disabled = "enabled", connector.name
    for other in organization.connectors:
        if other is connector:
            continue
        part = _doubt_about(other, session)
        if part is not None:
            yield part, other
        elif other.enabled and any(_takes(socket, session) for socket in other.bindings):
            yield disabled, other
    yield disabled, None


def _doubt_about(other: ReceiveConnector, session: Session) -> Part | None:
    """Return what would have to be so for a connector to answer, ``None`` where nothing can be."""
    if not (other.enabled or "enabled" in other.unknown):
        return None
    is_bound = any(_takes(socket, session) for socket in other.bindings)
    if "bindings" in other.unknown and not is_bound:
        return "bindings", other.name
    if "remote_ip_ranges" in other.unknown and (is_bound or "bindings" in other.unknown):
        return "remote_ip_ranges", other.name
    if is_bound and "enabled" in other.unknown:
        return "enabled", other.name
    return None


def _takes(socket: Any, session: Session) -> bool:  # noqa: ANN401  # a binding
    if socket.port != session.port:
        return False
    return socket.is_any or session.local_ip is None or socket.address == session.local_ip


def _worlds(
    organization: Organization,
    connector: ReceiveConnector | None,
    session: Session,
    refusal: Refusal | None,
) -> Iterator[World]:
    """Yield every world in which this connector answers."""
    dimensions: dict[Part, Sequence[Any]] = {}
    if organization.only.exchange is None:
        dimensions["exchange", ""] = possible_versions(organization)[::-1]
    place = 0
    if connector is not None:
        dimensions |= _dimensions(organization, connector, session)
        place = variants_of(organization).places[connector.name]
    for numbers in product(*(range(len(values)) for values in dimensions.values())):
        chosen = dict(zip(dimensions, numbers, strict=True))
        values = {key: dimensions[key][number] for key, number in chosen.items()}
        world = _world(organization, values)
        if connector is None:
            verdict = nobody(world, refusal, None)
        else:
            verdict = judge(world, world.connectors[place], session)
        supposed = frozenset((key, number) for key, number in chosen.items() if number)
        yield World(supposed, connector.name if connector else None, verdict)


def _dimensions(
    organization: Organization, connector: ReceiveConnector, session: Session
) -> dict[Part, Sequence[Any]]:
    """Return what may be so beyond what is listed, where it could matter; as listed comes first."""
    name, unknown = connector.name, connector.unknown
    found: dict[Part, Sequence[Any]] = {}
    judging = [connector]
    if connector.is_front_end and session.auth.is_account:
        proxy = client_proxy(newest(organization))
        if proxy is not None:
            judging += [one for one in organization.connectors if one.name == proxy.name]
    for each in judging:
        if not each.unknown.isdisjoint(OF_ENTRIES):
            found["entries", each.name] = (False, True)
    if "auth_mechanism" in unknown:
        found["auth_mechanism", name] = _mechanisms(connector.auth_mechanism)
    for key in ("require_tls", "domain_secure_enabled"):
        if key in unknown:
            listed = getattr(connector, key)
            found[key, name] = (listed, not listed)
    if "transport_role" in unknown and organization.role is ServerRole.HUB:
        found["transport_role", name] = _roles(connector)
    if "max_message_size" in unknown and session.size is not None:
        found["max_message_size", name] = _SIZES
    if "max_recipients_per_message" in unknown and len(session.rcpt_to) > 1:
        found["max_recipients_per_message", name] = _COUNTS
    return found


def _roles(connector: ReceiveConnector) -> tuple[TransportRole, ...]:
    listed = connector.transport_role
    return (listed, *(role for role in TransportRole if role is not listed))


def _mechanisms(listed: frozenset[AuthMechanism]) -> list[frozenset[AuthMechanism]]:
    """Return the sets of mechanisms that hold those that are listed and contradict no rule."""
    tls, basic, external = (
        AuthMechanism.TLS,
        AuthMechanism.BASIC_AUTH,
        AuthMechanism.EXTERNAL_AUTHORITATIVE,
    )
    others = [one for one in AuthMechanism if one not in listed]
    found = []
    for picks in product((False, True), repeat=len(others)):
        held = listed | {one for one, picked in zip(others, picks, strict=True) if picked}
        needs_tls = AuthMechanism.BASIC_AUTH_REQUIRE_TLS in held
        if held == listed or not (
            (external in held and held - {external, tls})
            or (needs_tls and not {tls, basic} <= held)
        ):
            found.append(held)
    return found


def _world(organization: Organization, supposed: _Supposed) -> Organization:
    """Return the configuration in which everything supposed is so."""
    found = variants_of(organization).known(supposed.get(("exchange", "")))
    changes: dict[str, dict[str, Any]] = {}
    for (key, name), value in supposed.items():
        if key == "entries":
            if value:
                changes.setdefault(name, {})["acl"] = _everything(organization)
        elif name:
            changes.setdefault(name, {})[key] = value
    if not changes:
        return found
    connectors = tuple(
        _changed(each, changes[each.name]) if each.name in changes else each
        for each in found.connectors
    )
    return change_server(found, connectors=connectors)


def _changed(connector: ReceiveConnector, changes: dict[str, Any]) -> ReceiveConnector:
    """Return a connector with other values, and with more entries."""
    more = {"acl": (*connector.acl, *changes["acl"])} if "acl" in changes else {}
    return replace(connector, **changes | more)


def _everything(organization: Organization) -> Iterator[Ace]:
    for principal in WELL_KNOWN:
        yield Ace(principal, Right.ALL_EXTENDED_RIGHTS)
    for name in ("Exchange Servers", "ExchangeLegacyInterop"):
        yield Ace(domain_group(organization.domain, name), Right.ALL_EXTENDED_RIGHTS)
