"""Strict decoding of the ``expect`` of a step that changes something: its error, and power."""

from typing import Any

from relaysim.config.tables import describe
from relaysim.errors import InvalidInput
from relaysim.scenario.reading.allowance import parse_allowance
from relaysim.scenario.reading.decode_check import EXPECT_KEYS
from relaysim.scenario.reading.keys import At, read_flag, read_text, read_words
from relaysim.scenario.reading.schema import (
    POWER_KEYS,
    Allowance,
    PowerExpectation,
    RunExpectation,
)

__all__ = ["decode_effect"]

_ASK = "what follows from the change is asked by a `check` step"
_RIGHTLESS = ("rerouted", "refused_differently")
_PLAIN = ("changed", "equal_power")


def decode_effect(
    data: Any,  # noqa: ANN401
    at: At,
    *,
    may_fail: bool,
) -> tuple[RunExpectation | None, PowerExpectation | None]:
    """Return the error that a step is expected to end in, and what it does to power.

    Args:
        data: The ``expect`` table.
        at: The step.
        may_fail: Whether an error can be expected: of a ``run`` step.
    """
    if not isinstance(data, dict):
        at.problem(f"expected a table, got {describe(data)}", "expect")
        return None, None
    known = (*(["error"] if may_fail else []), *POWER_KEYS)
    error: RunExpectation | None = None
    facts: list[tuple[str, bool | tuple[Allowance, ...]]] = []
    for key, value in data.items():
        try:
            if key == "error" and may_fail:
                error = RunExpectation(_read_error(value))
            elif key in _PLAIN:
                facts.append((key, read_flag(value)))
            elif key in POWER_KEYS:
                facts.append((key, _read_change(key, value)))
            else:
                at.unknown(key, known, "expect", hint=_ASK if key in EXPECT_KEYS else None)
        except InvalidInput as problem:
            at.errors(problem, "expect", key)
    if not data:
        hint = "such as `widened = false`" + (' or `error = "V-1"`' if may_fail else "")
        at.problem("nothing is expected", "expect", hint=hint)
    return error, PowerExpectation(tuple(facts)) if facts else None


def _read_error(value: Any) -> str:  # noqa: ANN401
    try:
        return read_text(value).strip()
    except InvalidInput as error:
        error.problems[0].hint = "a rule id, or part of its text"
        raise


def _read_change(key: str, value: Any) -> bool | tuple[Allowance, ...]:  # noqa: ANN401
    if isinstance(value, bool):
        return value
    if not isinstance(value, str | list):
        raise InvalidInput(
            f"expected true, false or a list of ranges, got {describe(value)}",
            hint='such as `["10.0.0.5:relay"]`',
        )
    found = read_words(value, parse_allowance, split="")
    if key in _RIGHTLESS:
        for each in found:
            if each.rights:
                raise InvalidInput(f"`{each.text}` names a right", hint="only ranges stand here")
    return found
