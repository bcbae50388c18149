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

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from relaysim.engine.evaluate import judge, nobody
from relaysim.engine.standing import client_proxy
from relaysim.engine.variants import newest, possible_versions, variants_of
from relaysim.lean import replace
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism, ReceiveConnector, TransportRole
from relaysim.model.decision import (
    Answers,
    Assumption,
    Grant,
    Missing,
    Reason,
    Refusal,
    Undecided,
    Verdict,
)
from relaysim.model.edit import change_server
from relaysim.model.organization import Organization
from relaysim.model.principals import WELL_KNOWN, domain_group
from relaysim.model.rights import RECEIVE_RIGHTS, Right
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

_ENTRIES = ("entries", "permission_groups")
_WHERE = frozenset({"bindings", "remote_ip_ranges", "enabled"})
_OF_SIZE = frozenset({"max_message_size"})
_SIZES = (0, 1 << 62)
_COUNTS = (1, 1 << 30)

_Part = tuple[str, str]
"""What is unknown: the name of a property, and that of its connector; empty for the version."""

_Supposed = dict[_Part, Any]
"""A value for each unknown part."""


class _World(NamedTuple):
    """A possible configuration: what was supposed beyond what is listed, and what follows."""

    supposed: frozenset[tuple[_Part, int]]
    connector: str | None
    verdict: Verdict


KnownWorlds = dict[str, tuple[_World, ...]]
"""What connectors, by name, make of one session in every way in which they might be."""


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
    known = {} if known is None else known
    worlds: list[_World] = []
    for part, other in _places(organization, connector, session):
        if other is None:
            found = tuple(_worlds(organization, None, session, refusal))
        elif other.name in known:
            found = known[other.name]
        else:
            found = known[other.name] = tuple(_worlds(organization, other, session, refusal))
        if part is not None:
            more = (part, 1 if other is None else 2)
            found = tuple([each._replace(supposed=each.supposed | {more}) for each in found])
        worlds += found
    return _merged(worlds, organization, connector)


def _places(
    organization: Organization, connector: ReceiveConnector | None, session: Session
) -> Iterator[tuple[_Part | None, ReceiveConnector | None]]:
    """Yield who may answer, with what would have to be so; who answers as listed comes first."""
    yield None, connector
    doubtful = connector is not None and "enabled" in connector.unknown
    others = organization.connectors
    for other in others if doubtful else variants_of(organization).doubtful(_WHERE):
        if other is connector or not (other.enabled or "enabled" in other.unknown):
            continue
        is_bound = any(_takes(socket, session) for socket in other.bindings)
        if "bindings" in other.unknown and not is_bound:
            yield ("bindings", other.name), other
        elif "remote_ip_ranges" in other.unknown and (is_bound or "bindings" in other.unknown):
            yield ("remote_ip_ranges", other.name), other
        elif is_bound and "enabled" in other.unknown:
            yield ("enabled", other.name), other
        elif is_bound and doubtful and connector is not None:
            yield ("enabled", connector.name), other
    if doubtful and connector is not None:
        yield ("enabled", connector.name), None


def _takes(socket: Any, session: Session) -> bool:  # noqa: ANN401  # a binding
    if socket.port != session.port:
        return False
    return socket.is_any or session.local_ip is None or socket.address == session.local_ip


def _worlds(
    organization: Organization,
    connector: ReceiveConnector | None,
    session: Session,
    refusal: Refusal | None,
) -> Iterator[_World]:
    """Yield every world in which this connector answers."""
    dimensions: dict[_Part, Sequence[Any]] = {}
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
        yield _World(supposed, connector.name if connector else None, verdict)


def _dimensions(
    organization: Organization, connector: ReceiveConnector, session: Session
) -> dict[_Part, Sequence[Any]]:
    """Return what may be so beyond what is listed, where it could matter; as listed comes first."""
    name, unknown = connector.name, connector.unknown
    found: dict[_Part, Sequence[Any]] = {}
    judging = [connector]
    if connector.is_front_end and session.auth.is_account:
        proxy = client_proxy(newest(organization))
        if proxy is not None:
            judging += [one for one in organization.connectors if one.name == proxy.name]
    for each in judging:
        if not each.unknown.isdisjoint(_ENTRIES):
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


def _merged(
    worlds: Sequence[_World], organization: Organization, connector: ReceiveConnector | None
) -> Verdict:
    """Return what all worlds say, the first of them with its reasons."""
    said: dict[str, list[object]] = {}
    for world in worlds:
        for name, value in _sayings(world):
            said.setdefault(name, []).append(value)
    differing = {name for name, values in said.items() if len(set(values)) > 1}
    first = worlds[0].verdict
    rights = _merged_rights([world.verdict.rights for world in worlds])
    open_rights = tuple(grant.right.value for grant in rights if grant.granted is None)
    missing = tuple(_missing(worlds, said, differing, open_rights, organization))
    verdict = first._replace(
        answers=Answers._make(
            answer._replace(answer=None, because=Reason.UNDECIDED) if name in differing else answer
            for name, answer in zip(Answers._fields, first.answers, strict=True)
        ),
        rights=rights,
        auth_as=None if "auth_as" in differing else first.auth_as,
        refusal=_merged_refusal([world.verdict.refusal for world in worlds]),
        undecided=next((w.verdict.undecided for w in worlds if w.verdict.undecided), None),
        missing=(*missing, *(one for one in first.missing if one.affects)),
    )
    if connector is not None and not connector.unknown.isdisjoint(_ENTRIES):
        text = f"no entry of `{connector.name}` that is not listed denies what a listed one allows"
        affects = tuple(name for name in Answers._fields if name not in differing)
        assumption = Assumption("G-3", text, affects)
        verdict = verdict._replace(assumptions=(assumption, *verdict.assumptions))
    return verdict


def _sayings(world: _World) -> Iterator[tuple[str, object]]:
    """Yield what a world says, by name."""
    verdict = world.verdict
    yield "connector", world.connector
    for name, answer in zip(Answers._fields, verdict.answers, strict=True):
        yield name, answer.answer
    yield "auth_as", verdict.auth_as
    yield "refusal", _essence(verdict.refusal)
    yield "reply", verdict.refusal and verdict.refusal.reply


def _essence(refusal: Refusal | None) -> object:
    return None if refusal is None else (refusal.stage, refusal.recipient)


def _merged_refusal(refusals: Sequence[Refusal | None]) -> Refusal | None:
    """Return the refusal of all worlds; the words of several versions stand side by side."""
    first = refusals[0]
    if first is None or len({_essence(each) for each in refusals}) > 1:
        return None
    replies = dict.fromkeys(each.reply for each in refusals if each and each.reply)
    return first._replace(reply=" or ".join(replies) or None)


def _merged_rights(worlds: Sequence[tuple[Grant, ...]]) -> tuple[Grant, ...]:
    held = [{grant.right: grant for grant in rights} for rights in worlds]
    found = []
    for right in RECEIVE_RIGHTS:
        grants = [rights[right] for rights in held if right in rights]
        if not grants:
            continue
        granted = {right in rights and bool(rights[right].granted) for rights in held}
        if len(granted) > 1:
            found.append(Grant(right, granted=None, because=Reason.UNDECIDED))
        else:
            found.append(grants[0])
    return tuple(found)


def _missing(
    worlds: Sequence[_World],
    said: dict[str, list[object]],
    differing: Iterable[str],
    open_rights: tuple[str, ...],
    organization: Organization,
) -> Iterator[Missing]:
    """Yield the facts that what differs hangs on."""
    parts = dict.fromkeys(part for world in worlds for part, _ in sorted(world.supposed))
    names = [name for name in said if name in set(differing)]
    decided_by: dict[_Part, list[str]] = {part: [] for part in parts}
    beside = _beside(worlds, parts)
    for name in names:
        mattering = [part for part in parts if _matters(beside[part], said[name])]
        for part in mattering or parts:
            decided_by[part].append(name)
    for part, affected in decided_by.items():
        if affected or (open_rights and part[0] in ("entries", "exchange")):
            yield _described(part, tuple(affected), organization)


def _beside(worlds: Sequence[_World], parts: Iterable[_Part]) -> dict[_Part, list[tuple[int, int]]]:
    """Return pairs of worlds, by their numbers, that differ in one part alone; for each part."""
    first: dict[frozenset[tuple[_Part, int]], int] = {}
    for number, world in enumerate(worlds):
        first.setdefault(world.supposed, number)
    found: dict[_Part, list[tuple[int, int]]] = {part: [] for part in parts}
    alike: dict[tuple[_Part, frozenset[tuple[_Part, int]]], int] = {}
    for number, world in enumerate(worlds):
        for pair in world.supposed:
            rest = world.supposed - {pair}
            other = alike.setdefault((pair[0], rest), first.get(rest, number))
            found[pair[0]].append((other, number))
    return found


def _matters(pairs: Iterable[tuple[int, int]], values: Sequence[object]) -> bool:
    """Tell whether worlds that differ in one part alone say different things."""
    return any(values[one] != values[other] for one, other in pairs)


def _described(part: _Part, affects: tuple[str, ...], organization: Organization) -> Missing:
    key, name = part
    server = organization.server
    if key == "exchange":
        command = f"Get-ExchangeServer {_quoted(server)} | Format-List Name,AdminDisplayVersion"
        return Missing(f"the Exchange version of `{server}`", command, affects)
    place = f"{server}\\{name}"
    if key == "entries":
        return Missing(f"the entries of `{place}`", f"Get-ADPermission {_quoted(place)}", affects)
    wanted = _NAMES.get(key, "".join(word.capitalize() for word in key.split("_")))
    command = f"Get-ReceiveConnector {_quoted(place)} | Format-List {wanted}"
    return Missing(f"{wanted} of `{place}`", command, affects)


_NAMES = {"remote_ip_ranges": "RemoteIPRanges", "require_tls": "RequireTLS"}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
