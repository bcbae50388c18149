"""Rewriting expectations from what is: only values change, the rest stays byte for byte."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from relaysim.analysis.compare.change import Comparison
from relaysim.config.toml.positions import Path
from relaysim.config.toml_text import format_key, format_value
from relaysim.errors import InvalidInput
from relaysim.model.organization import Organization
from relaysim.scenario.answers import Facts, ScenarioAnswers
from relaysim.scenario.compare import (
    actual_codes,
    actual_groups,
    actual_reply,
    actual_text,
    differences,
    held_rights,
)
from relaysim.scenario.places import asked_shapes
from relaysim.scenario.power import breaches_of, written_changes
from relaysim.scenario.reading.schema import Check, Expectation, PowerExpectation, Run, Scenario
from relaysim.scenario.rewriting.layout import KeySpan, apply_edits, places
from relaysim.scenario.run import Runner

__all__ = ["UpdateNote", "updated"]

_USUAL = ("connector", "submit", "relay", "bypass_anti_spam", "resolve_p2", "refused_at")
_DIFFERENT = object()


class UpdateNote(NamedTuple):
    """What an update did to a step, or why it did nothing.

    Attributes:
        name: The step.
        text: What changed, or the reason.
        done: Whether the step is now as it should be.
    """

    name: str
    text: str
    done: bool


class _CannotUpdate(Exception):  # caught in this module
    """A step whose expectation cannot be written."""


def updated(
    scenario: Scenario,
    text: str,
    runner: Runner,
    *,
    select: Callable[[Sequence[str]], Collection[int]] | None = None,
) -> tuple[str, tuple[UpdateNote, ...]]:
    """Return a scenario's text with every expectation as it is answered now, and what changed.

    An ``expect`` that is there keeps its keys and gets new values where they are not met; one
    that is missing or empty gets the usual keys. Known gaps and skipped steps are left alone.

    Args:
        scenario: What the text says, decoded with ``for_update``.
        text: The file's text, line breaks as they are.
        runner: Runs the steps.
        select: Returns of the names of the steps the places of those that are asked for.
    """
    found = places(text)
    edits: dict[tuple[int, int], str] = {}
    notes: list[UpdateNote] = []
    answers = runner.answers_of(scenario.organization)
    names = [step.name for step in scenario.steps]
    wanted = range(len(names)) if select is None else select(names)
    for index, step in enumerate(scenario.steps):
        if scenario.skip is not None or step.skip is not None:
            continue
        action = step.action
        asked = step.known_gap is None and index in wanted
        try:
            before, table = answers, {}
            if isinstance(action, Run):
                _, answers = runner.ran(answers, action)
            elif not isinstance(action, Check):
                answers = runner.changed(answers, action)
            elif asked:
                table = _new_values(action, answers)
            if asked and step.power is not None:
                table = _new_power(
                    runner.compared(before.organization, answers.organization), step.power
                )
            if table:
                expect = action.expect if isinstance(action, Check) else step.power
                edits |= _edits(text, found, index, expect, table)
                notes.append(UpdateNote(step.name, _words(expect, table), done=True))
        except _CannotUpdate as error:
            notes.append(UpdateNote(step.name, str(error), done=False))
        except InvalidInput as error:
            notes.append(UpdateNote(step.name, error.problems[0].text(), done=False))
            if not isinstance(action, Check):
                break
    return apply_edits(text, edits), tuple(notes)


def _new_values(check: Check, answers: ScenarioAnswers) -> dict[str, Any]:
    """Return the keys of ``expect`` that need a value, with it."""
    found = _all_facts(check, answers)
    every = [facts for _, facts in found]
    if check.expect is None:
        table = {}
        for key in _USUAL:
            value = _same(_value(key, facts) for facts in every)
            if value is not _DIFFERENT and (key, value) != ("refused_at", "none"):
                table[key] = value
        reply = _same(actual_reply(facts) for facts in every)
        if reply is not _DIFFERENT and reply != "none":
            table["reply"] = reply
        if not table:
            raise _CannotUpdate("not filled in: the addresses have no answer in common")
        return table
    wrong: dict[str, None] = {}
    for organization, facts in found:
        for difference in differences(check.expect, facts, organization):
            wrong[difference.key] = None
    table = {}
    for key in wrong:
        value = _same(_actual(key, facts, check.expect, one) for one, facts in found)
        if value is _DIFFERENT:
            raise _CannotUpdate(f"not changed: `{key}` differs between the sessions asked about")
        if value in ([], ()) and key in ("has", "lacks"):
            raise _CannotUpdate(f"not changed: nothing would be left of `{key}`")
        table[key] = value
    return table


def _new_power(comparison: Comparison, expected: PowerExpectation) -> dict[str, Any]:
    """Return the keys of a change's ``expect`` that need a value, with it."""
    broken = breaches_of(expected, comparison)
    if any(breach.is_open for breach in broken):
        raise _CannotUpdate("not changed: what the change does to power cannot be told")
    return {breach.key: written_changes(breach.key, comparison) for breach in broken}


def _all_facts(check: Check, answers: ScenarioAnswers) -> list[tuple[Organization, Facts]]:
    question = check.question
    single = question.single
    found: list[tuple[Organization, Facts]] = []
    for shape, addresses in asked_shapes(question, answers.organization):
        if single is not None:
            every = [answers.at(single, shape)]
        else:
            every = [facts for _, facts in answers.over(addresses, shape)]
        found += [(answers.server_of(shape, facts), facts) for facts in every]
    for _, facts in found:
        if facts.verdict.undecided is not None and (
            check.expect is None or "undecided" not in check.expect.keys
        ):
            undecided = facts.verdict.undecided
            raise _CannotUpdate(f"not changed: undecided ({undecided.rule}): {undecided.text}")
    return found


def _same(values: Any) -> Any:  # noqa: ANN401
    first, *rest = values
    return first if all(value == first for value in rest) else _DIFFERENT


def _value(key: str, facts: Facts) -> bool | str:
    text = actual_text(key, facts)
    return text == "true" if text in ("true", "false") else text


def _actual(key: str, facts: Facts, expect: Expectation, organization: Organization) -> Any:  # noqa: ANN401
    held = held_rights(facts)
    match key:
        case "reply":
            return actual_reply(facts)
        case "rights":
            return sorted(right.value for right in held)
        case "has":
            return sorted(right.value for right in expect.has & held)
        case "lacks":
            return sorted(right.value for right in expect.lacks - held)
        case "permission_groups":
            return sorted(actual_groups(facts, organization))
        case "because":
            return list(actual_codes(expect, facts))
        case "assumes":
            return list(dict.fromkeys(assumption.rule for assumption in facts.assumptions))
        case _:
            return _value(key, facts)


def _edits(
    text: str,
    found: dict[Path, KeySpan],
    index: int,
    expect: Expectation | PowerExpectation | None,
    table: dict[str, Any],
) -> dict[tuple[int, int], str]:
    step: Path = ("step", index)
    if expect is not None:
        return {
            (place.start, place.end): format_value(value)
            for key, value in table.items()
            for place in [found[(*step, "expect", key)]]
        }
    empty = found.get((*step, "expect"))
    if empty is not None and not empty.is_header:
        return {(empty.start, empty.end): format_value(table)}
    if empty is not None:
        end = _line_end(text, empty.end)
        lines = (f"{format_key(k)} = {format_value(v)}" for k, v in table.items())
        new = "".join(f"{_break(text, end)}{line}" for line in lines)
        return {(end, end): new}
    return _inserted(text, found, step, table)


def _inserted(
    text: str, found: dict[Path, KeySpan], step: Path, table: dict[str, Any]
) -> dict[tuple[int, int], str]:
    """Return the edit that puts a new ``expect`` after ``check``."""
    check = found.get((*step, "check"))
    if check is None or check.is_header:
        check = found[(*step, "name")]
    if not found[step].is_header:
        return {(check.end, check.end): f", expect = {format_value(table)}"}
    line = text.rfind("\n", 0, check.key) + 1
    indent = text[line : check.key]
    # Where `check  =` leaves room for the longer word, `expect =` lines up with it.
    width = text.index("=", check.key) - check.key
    end = _line_end(text, check.end)
    new = f"{_break(text, end)}{indent}{'expect'.ljust(width - 1)} = {format_value(table)}"
    return {(end, end): new}


def _line_end(text: str, position: int) -> int:
    """Return the end of the line, its line break not included."""
    end = text.find("\n", position)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1] == "\r" else end


def _break(text: str, end: int) -> str:
    return "\r\n" if text.startswith("\r\n", end) else "\n"


def _words(expect: Expectation | PowerExpectation | None, table: dict[str, Any]) -> str:
    values = ", ".join(f"{key} = {format_value(value)}" for key, value in table.items())
    return f"{'filled in' if expect is None else 'now'} {values}"
