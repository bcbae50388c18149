"""Expectations held against what was decided."""

from collections.abc import Iterable

from relaysim.errors import UnknownName, closest
from relaysim.model.organization import Organization
from relaysim.model.rights import Right
from relaysim.scenario.answers import NONE, Facts
from relaysim.scenario.reading.schema import ANSWER_KEYS, Expectation
from relaysim.scenario.results import Difference, Warned

__all__ = [
    "actual_codes",
    "actual_groups",
    "actual_reply",
    "actual_text",
    "check_names",
    "differences",
    "held_rights",
    "is_met",
    "open_question",
    "unnamed_assumptions",
]


def is_met(expectation: Expectation, facts: Facts, organization: Organization) -> bool:
    """Tell whether everything expected holds; the quick reading of :func:`differences`."""
    values = facts.values
    for key, wanted in expectation.facts:
        actual = values[key]
        if actual is wanted or actual == wanted:
            continue
        if wanted == "denied" and key in facts.denied:
            continue
        if key == "connector" and isinstance(wanted, str) and wanted.casefold() == actual:
            continue
        return False
    return expectation.is_simple or not _rest(expectation, facts, organization)


def differences(
    expectation: Expectation, facts: Facts, organization: Organization
) -> tuple[Difference, ...]:
    """Return everything that is not met, in the order of the file."""
    found = []
    for key, wanted in expectation.facts:
        actual = facts.values[key]
        met = key in facts.denied if wanted == "denied" else actual == _folded(key, wanted)
        if not met:
            found.append(Difference(key, _word(wanted), actual_text(key, facts)))
    return (*found, *_rest(expectation, facts, organization))


def unnamed_assumptions(expectation: Expectation, facts: Facts) -> tuple[Warned, ...]:
    """Return the assumptions that decided something expected and are not named in ``assumes``.

    An assumption about the connector decides everything; one about the refusal decides ``reply``,
    ``refused_at`` and ``because``.
    """
    found = []
    keys = expectation.keys
    for assumption in facts.assumptions:
        if assumption.rule in expectation.assumes:
            continue
        touched = keys
        if "connector" not in assumption.affects:
            affected = set(assumption.affects)
            if "refusal" in affected:
                affected.update(("reply", "refused_at", "because"))
            touched = tuple(key for key in keys if key in affected)
        if touched:
            found.append(Warned(assumption.rule, assumption.text, touched))
    return tuple(found)


def open_question(expectation: Expectation, facts: Facts) -> bool:
    """Tell whether something is expected of a question that has no answer.

    An undecided sender (O-7) leaves only the refusal open.
    """
    undecided = facts.verdict.undecided
    if undecided is None:
        return False
    keys = set(expectation.keys)
    if "undecided" in keys:
        return False
    return undecided.rule != "O-7" or bool(keys & {"reply", "refused_at"})


def check_names(expectation: Expectation, organization: Organization) -> None:
    """See that the expected connector exists, so that a typo is no mere failure.

    Raises:
        UnknownName: It does not; the message suggests the closest.
    """
    for key, wanted in expectation.facts:
        if key != "connector" or not isinstance(wanted, str) or wanted == NONE:
            continue
        servers = organization.servers
        names = [connector.name for server in servers for connector in server.connectors]
        if wanted.casefold() in (name.casefold() for name in names):
            continue
        near = closest(wanted, names)
        hint = f"did you mean `{near}`? " if near else ""
        raise UnknownName(
            f"expect.connector: there is no connector `{wanted}`",
            hint=f"{hint}connectors at this step: {', '.join(names) or 'none'}",
        )


def actual_text(key: str, facts: Facts) -> str:
    """Return the actual value of one of ``Expectation.facts`` as a scenario would write it."""
    if key in facts.denied:
        return "denied"
    if key == "connector":
        connector = facts.connector
        return NONE if connector is None else connector.name
    return _word(facts.values[key])


def actual_reply(facts: Facts) -> str:
    """Return the reply the client sees, ``none`` without a refusal or without a reply."""
    refusal = facts.verdict.refusal
    return NONE if refusal is None or refusal.reply is None else refusal.reply


def held_rights(facts: Facts) -> frozenset[Right]:
    """Return the rights of the session."""
    return frozenset(grant.right for grant in facts.verdict.rights if grant.granted)


def actual_groups(facts: Facts, organization: Organization) -> frozenset[str]:
    """Return the permission groups that the connector shows, ``Custom`` among them."""
    if facts.connector is None:
        return frozenset()
    groups, custom = organization.groups_of(facts.connector)
    return frozenset([group.value for group in groups] + (["Custom"] if custom else []))


def actual_codes(expectation: Expectation, facts: Facts) -> tuple[str, ...]:
    """Return the reason codes that ``because`` is held against.

    Those of the answers that are expected (of all answers when none is), and of the refusal.
    """
    named = [key for key, _ in expectation.facts if key in ANSWER_KEYS] or ANSWER_KEYS
    codes = [getattr(facts.verdict.answers, key).because.value for key in named]
    if facts.verdict.refusal is not None:
        codes.append(facts.verdict.refusal.because.value)
    return tuple(dict.fromkeys(codes))


def _rest(expectation: Expectation, facts: Facts, organization: Organization) -> list[Difference]:
    found: list[Difference] = []
    if expectation.reply is not None:
        reply = actual_reply(facts)
        wanted = expectation.reply
        if not (reply == wanted if NONE in (wanted, reply) else reply.startswith(wanted)):
            found.append(Difference("reply", wanted, reply))
    if expectation.rights is not None or expectation.has or expectation.lacks:
        found += _right_differences(expectation, held_rights(facts))
    if expectation.permission_groups is not None:
        groups = actual_groups(facts, organization)
        if groups != expectation.permission_groups:
            found.append(_sets("permission_groups", expectation.permission_groups, groups))
    if expectation.because:
        codes = actual_codes(expectation, facts)
        missing = tuple(code for code in expectation.because if code not in codes)
        if missing:
            text = ", ".join(expectation.because)
            found.append(Difference("because", text, ", ".join(codes) or NONE, missing))
    if expectation.assumes:
        rules = tuple(dict.fromkeys(assumption.rule for assumption in facts.assumptions))
        missing = tuple(rule for rule in expectation.assumes if rule not in rules)
        if missing:
            text = ", ".join(expectation.assumes)
            found.append(Difference("assumes", text, ", ".join(rules) or NONE, missing))
    return found


def _right_differences(expectation: Expectation, held: frozenset[Right]) -> list[Difference]:
    found = []
    if expectation.rights is not None and held != expectation.rights:
        names = frozenset(right.value for right in expectation.rights)
        found.append(_sets("rights", names, frozenset(right.value for right in held)))
    missing = _names(expectation.has - held)
    if missing:
        found.append(Difference("has", ", ".join(_names(expectation.has)), "", missing))
    extra = _names(expectation.lacks & held)
    if extra:
        found.append(Difference("lacks", ", ".join(_names(expectation.lacks)), "", (), extra))
    return found


def _sets(key: str, wanted: frozenset[str], actual: frozenset[str]) -> Difference:
    return Difference(
        key,
        ", ".join(sorted(wanted)) or NONE,
        ", ".join(sorted(actual)) or NONE,
        tuple(sorted(wanted - actual)),
        tuple(sorted(actual - wanted)),
    )


def _names(rights: Iterable[Right]) -> tuple[str, ...]:
    chosen = set(rights)
    return tuple(right.value for right in Right if right in chosen)


def _folded(key: str, wanted: bool | str) -> bool | str:  # noqa: FBT001
    return wanted.casefold() if key == "connector" and isinstance(wanted, str) else wanted


def _word(value: bool | str) -> str:  # noqa: FBT001
    return str(value).lower() if isinstance(value, bool) else value
