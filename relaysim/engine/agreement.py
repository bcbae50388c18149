"""What every possible configuration agrees on: one verdict of many, with the facts that decide.

Of a thousand connectors that might answer, most make the same of a session in every way in which
they might be. One of them stands for all those: what it says counts once, and the facts that it
lacks are named for each.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import (
    Answers,
    Assumption,
    Grant,
    Missing,
    Reason,
    Refusal,
    Verdict,
)
from relaysim.model.organization import Organization
from relaysim.model.rights import RECEIVE_RIGHTS

__all__ = ["OF_ENTRIES", "Alternative", "Described", "Part", "World", "agreed", "alternative_of"]

OF_ENTRIES = ("entries", "permission_groups")
"""What is not known where entries are not."""

Part = tuple[str, str]
"""What is unknown: the name of a property, and that of its connector; empty for the version."""


class World(NamedTuple):
    """A possible configuration: what was supposed beyond what is listed, and what follows."""

    supposed: frozenset[tuple[Part, int]]
    connector: str | None
    verdict: Verdict


class Alternative(NamedTuple):
    """The worlds in which one connector answers.

    Attributes:
        name: The connector, ``None`` for nobody.
        worlds: The worlds, at least one.
        parts: What is supposed in any of them, in that order.
        kind: Equal for alternatives of which the worlds say the same but for the connector's name;
            ``None`` for what is like no other.
    """

    name: str | None
    worlds: tuple[World, ...]
    parts: tuple[Part, ...]
    kind: object = None


Described = dict[tuple[Part, tuple[str, ...]], Missing]
"""Facts that are missing, made once."""


def alternative_of(
    name: str | None, worlds: Sequence[World], *, own: Part | None = None
) -> Alternative:
    """Return worlds as an alternative.

    Args:
        name: The connector that answers in them.
        worlds: The worlds.
        own: What is supposed in all of them and in worlds of no other connector; without it the
            alternative is like no other.
    """
    parts = dict.fromkeys(part for world in worlds for part, _ in sorted(world.supposed))
    kind = None if own is None else tuple([_likeness(world, name) for world in worlds])
    return Alternative(name, tuple(worlds), tuple(parts), kind)


def _likeness(world: World, name: str | None) -> object:
    """Return all that counts of a world but the name of its connector."""
    supposed = frozenset(
        [(key, whose == name or whose, number) for (key, whose), number in world.supposed]
    )
    verdict = world.verdict
    sayings = tuple([value for what, value in _sayings(world) if what != "connector"])
    rights = tuple([(grant.right, grant.granted) for grant in verdict.rights])
    return supposed, sayings, rights, verdict.undecided


def agreed(
    alternatives: Sequence[Alternative],
    others: Sequence[tuple[str | None, int]],
    organization: Organization,
    connector: ReceiveConnector | None,
    described: Described,
) -> Verdict:
    """Return what all worlds say, the first of them with its reasons.

    Args:
        alternatives: The worlds in which ``connector`` answers, then one of each kind of others.
        others: Every other that may answer, in order: its name, and the number of that which
            stands for it.
        organization: An organization of one server.
        connector: Who answers as far as is listed.
        described: The missing facts that were described before.
    """
    worlds = [world for alternative in alternatives for world in alternative.worlds]
    said: dict[str, list[object]] = {}
    for world in worlds:
        for name, value in _sayings(world):
            said.setdefault(name, []).append(value)
    differing = {name for name, values in said.items() if len(set(values)) > 1}
    first = worlds[0].verdict
    rights = _merged_rights([world.verdict.rights for world in worlds])
    open_rights = tuple(grant.right.value for grant in rights if grant.granted is None)
    decided_by = _decided_by(worlds, said, differing)
    missing = tuple(
        _described(part, affects, organization, described)
        for part, affects in _of_each(alternatives, others, decided_by).items()
        if affects or (open_rights and part[0] in ("entries", "exchange"))
    )
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
    if connector is not None and not connector.unknown.isdisjoint(OF_ENTRIES):
        text = f"no entry of `{connector.name}` that is not listed denies what a listed one allows"
        affects = tuple(name for name in Answers._fields if name not in differing)
        assumption = Assumption("G-3", text, affects)
        verdict = verdict._replace(assumptions=(assumption, *verdict.assumptions))
    return verdict


def _sayings(world: World) -> Iterator[tuple[str, object]]:
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


def _decided_by(
    worlds: Sequence[World], said: dict[str, list[object]], differing: Iterable[str]
) -> dict[Part, tuple[str, ...]]:
    """Return what of that which differs hangs on each unknown part."""
    parts = dict.fromkeys(part for world in worlds for part, _ in sorted(world.supposed))
    names = [name for name in said if name in set(differing)]
    decided_by: dict[Part, list[str]] = {part: [] for part in parts}
    beside = _beside(worlds, parts)
    for name in names:
        mattering = [part for part in parts if _matters(beside[part], said[name])]
        for part in mattering or parts:
            decided_by[part].append(name)
    return {part: tuple(affected) for part, affected in decided_by.items()}


def _of_each(
    alternatives: Sequence[Alternative],
    others: Sequence[tuple[str | None, int]],
    decided_by: dict[Part, tuple[str, ...]],
) -> dict[Part, tuple[str, ...]]:
    """Return the same of every connector that may answer, where one stood for many."""
    found = {part: decided_by[part] for part in alternatives[0].parts}
    for name, number in others:
        alternative = alternatives[number]
        for part in alternative.parts:
            mine = part
            if name is not None and part[1] == alternative.name:
                mine = part[0], name
            found.setdefault(mine, decided_by[part])
    return found


def _beside(worlds: Sequence[World], parts: Iterable[Part]) -> dict[Part, list[tuple[int, int]]]:
    """Return pairs of worlds, by their numbers, that differ in one part alone; for each part."""
    first: dict[frozenset[tuple[Part, int]], int] = {}
    for number, world in enumerate(worlds):
        first.setdefault(world.supposed, number)
    found: dict[Part, list[tuple[int, int]]] = {part: [] for part in parts}
    alike: dict[tuple[Part, frozenset[tuple[Part, int]]], int] = {}
    for number, world in enumerate(worlds):
        for pair in world.supposed:
            rest = world.supposed - {pair}
            other = alike.setdefault((pair[0], rest), first.get(rest, number))
            found[pair[0]].append((other, number))
    return found


def _matters(pairs: Iterable[tuple[int, int]], values: Sequence[object]) -> bool:
    """Tell whether worlds that differ in one part alone say different things."""
    return any(values[one] != values[other] for one, other in pairs)


def _described(
    part: Part, affects: tuple[str, ...], organization: Organization, known: Described
) -> Missing:
    found = known.get((part, affects))
    if found is None:
        found = known[part, affects] = _description(part, affects, organization)
    return found


def _description(part: Part, affects: tuple[str, ...], organization: Organization) -> Missing:
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
