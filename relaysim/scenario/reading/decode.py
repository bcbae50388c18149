"""Strict decoding of scenario files: every problem of a file at once, each with its line."""

from collections.abc import Callable
from typing import Any

from relaysim.config.serverfile import decode_server
from relaysim.config.tables import Problems, describe, read_toml
from relaysim.errors import InvalidInput, InvalidScenario, Problem, closest
from relaysim.model.organization import Organization, one_server
from relaysim.scenario.places import narrow_question
from relaysim.scenario.reading.decode_change import decode_change
from relaysim.scenario.reading.decode_check import decode_expectation, decode_question
from relaysim.scenario.reading.decode_power import decode_effect
from relaysim.scenario.reading.keys import At, read_text, read_words
from relaysim.scenario.reading.schema import (
    Change,
    Check,
    PowerExpectation,
    Run,
    Scenario,
    Step,
)

__all__ = ["SCENARIO_KEYS", "STEP_KEYS", "Resolve", "decode_scenario", "parse_scenario"]

Resolve = Callable[[str], Organization]
"""Gives the organization that a scenario's ``server`` names, or raises ``InvalidInput``."""

SCENARIO_KEYS = ("format", "title", "server", "skip", "step")
STEP_KEYS = ("name", "check", "run", "engine", "set", "expect", "source", "known_gap", "skip")

_NOTHING = one_server()
_SERVER_FILE = 'this belongs to a server file, which a scenario names: `server = "FILE"`'
_KEY_HINTS = {
    "steps": "write one `[[step]]` table per step",
    "case": "did you mean `step`?",
    "organization": _SERVER_FILE,
    "connector": _SERVER_FILE,
}
_STEP_HINTS = {
    "because": "`because` stands inside `expect`",
    "ip": "`ip` stands inside `check`",
    "title": "did you mean `name`?",
}


def parse_scenario(
    data: bytes,
    *,
    file: str,
    resolve: Resolve,
    for_update: bool = False,
    notice: Callable[[Problem], None] | None = None,
) -> Scenario:
    """Return the scenario that a file describes.

    Args:
        data: The file's bytes.
        file: Its name for error messages.
        resolve: Finds the server that the file names.
        for_update: Accept checks without an ``expect`` table.
        notice: Takes each warning about a server that stands in the file.

    Raises:
        InvalidScenario: With every problem of the file, each with its line.
    """
    try:
        text, tables = read_toml(data, file=file)
    except InvalidInput as error:
        raise InvalidScenario(error.problems) from None
    problems = Problems(file=file, text=text)
    scenario = decode_scenario(tables, problems, resolve, for_update=for_update)
    problems.raise_if_any(InvalidScenario)
    problems.tell(notice)
    if notice is not None:
        _tell_narrow_questions(scenario, notice)
    return scenario


def _tell_narrow_questions(scenario: Scenario, notice: Callable[[Problem], None]) -> None:
    found = [
        (index, step.name, problem)
        for index, step in enumerate(scenario.steps)
        if isinstance(step.action, Check) and (problem := narrow_question(step.action)) is not None
    ]
    lines = scenario.lines() if found else []
    for index, name, problem in found:
        problem.file, problem.line = scenario.file or None, lines[index]
        problem.where = f"step `{name}`"
        notice(problem)


def decode_scenario(
    data: Any,  # noqa: ANN401
    problems: Problems,
    resolve: Resolve,
    *,
    for_update: bool = False,
) -> Scenario:
    """Return the scenario of decoded tables, noting every problem.

    The result is only meaningful when ``problems`` stays empty.
    """
    at = At(problems, (), "")
    if not isinstance(data, dict):
        at.problem(f"expected a table, got {describe(data)}")
        data = {}
    for key in data:
        if key not in SCENARIO_KEYS:
            at.unknown(key, SCENARIO_KEYS, hint=_KEY_HINTS.get(key))
    if "format" not in data:
        at.problem("`format` is missing", hint="begin a scenario file with `format = 1`")
    elif data["format"] != 1 or isinstance(data["format"], bool):
        at.problem(f"unknown format {describe(data['format'])} (expected 1)", "format")
    title = _optional_text(data, "title", at) or ""
    skip = _optional_text(data, "skip", at)
    server, organization = _server(data, at, resolve)
    steps = _steps(data.get("step"), problems, organization, for_update=for_update)
    return Scenario(
        title=title,
        server=server,
        organization=organization,
        steps=tuple(steps),
        skip=skip,
        file=problems.file or "",
        text=problems.text,
    )


def _optional_text(data: dict[str, Any], key: str, at: At) -> str | None:
    if key not in data:
        return None
    try:
        return read_text(data[key])
    except InvalidInput as error:
        at.errors(error, key)
        return None


def _server(data: dict[str, Any], at: At, resolve: Resolve) -> tuple[str | None, Organization]:
    named = data.get("server")
    if isinstance(named, dict):
        noted = len(at.problems.found)
        organization = decode_server(named, at.problems, path=("server",), where="server")
        return None, _NOTHING if len(at.problems.found) > noted else organization
    if "server" not in data:
        hint = 'name one, `server = "builtin:default"` or a path, or describe it in `[server]`'
        at.problem("`server` is missing", hint=hint)
        return None, _NOTHING
    try:
        text = read_text(named)
        return text, resolve(text)
    except InvalidInput as error:
        for problem in error.problems:
            place = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
            parts = (place if problem.file else None, problem.where, problem.message)
            message = ": ".join(part for part in parts if part)
            at.problem(message, "server", hint=problem.hint)
        return None, _NOTHING


def _steps(
    data: Any,  # noqa: ANN401
    problems: Problems,
    organization: Organization,
    *,
    for_update: bool,
) -> list[Step]:
    at = At(problems, (), "")
    if not isinstance(data, list):
        if data is None:
            at.problem("there is no step", hint="write one `[[step]]` table per step")
        else:
            hint = "write one `[[step]]` table per step"
            at.problem(f"expected a list of tables, got {describe(data)}", "step", hint=hint)
        return []
    if not data:
        at.problem("there is no step", "step", hint="write one `[[step]]` table per step")
    steps: list[Step] = []
    names: set[str] = set()
    for index, item in enumerate(data):
        step = _step(item, index, problems, organization, for_update=for_update)
        if step is None:
            continue
        if step.name in names:
            place = At(problems, ("step", index), f"step `{step.name}`")
            place.problem("the name is used twice", "name", hint="a re-run names one step")
        names.add(step.name)
        steps.append(step)
    return steps


def _step(
    data: Any,  # noqa: ANN401
    index: int,
    problems: Problems,
    organization: Organization,
    *,
    for_update: bool,
) -> Step | None:
    name = data.get("name") if isinstance(data, dict) else None
    words = f"step `{name}`" if isinstance(name, str) and name.strip() else f"step[{index}]"
    at = At(problems, ("step", index), words)
    if not isinstance(data, dict):
        at.problem(f"expected a table, got {describe(data)}")
        return None
    noted = len(problems.found)
    for key in data:
        if key not in STEP_KEYS:
            at.unknown(key, STEP_KEYS, hint=_STEP_HINTS.get(key))
    name = _name(data, at)
    source: tuple[str, ...] = ()
    if "source" in data:
        try:
            source = read_words(data["source"], _source_id)
        except InvalidInput as error:
            at.errors(error, "source")
    known_gap = _optional_text(data, "known_gap", at)
    skip = _optional_text(data, "skip", at)
    action = _action(data, at, organization, for_update=for_update)
    power: PowerExpectation | None = None
    if isinstance(action, Run | Change) and "expect" in data:
        wanted, power = decode_effect(data["expect"], at, may_fail=isinstance(action, Run))
        if isinstance(action, Run):
            action = action._replace(expect=wanted)
    if action is None or len(problems.found) > noted:
        return None
    return Step(name, action, source, known_gap, skip, power)


def _name(data: dict[str, Any], at: At) -> str:
    if "name" not in data:
        at.problem("`name` is missing", hint="a step's name is what it claims")
        return ""
    name = data["name"]
    if not isinstance(name, str):
        at.problem(f"expected a string, got {describe(name)}", "name")
        return ""
    if not name or name != name.strip() or not name.isprintable() or len(name) > 200:
        hint = "one line of at most 200 characters, without spaces around it"
        at.problem(f"{describe(name)} cannot name a step", "name", hint=hint)
    return name


def _source_id(text: str) -> str:
    if not (text.isascii() and text.isalnum()):
        raise InvalidInput(f"`{text}` is no source id", hint="source ids look like `RC16`")
    return text


def _action(
    data: dict[str, Any], at: At, organization: Organization, *, for_update: bool
) -> Check | Run | Change | None:
    actions = [key for key in ("check", "run", "set") if key in data]
    if len(actions) != 1:
        found = " and ".join(f"`{key}`" for key in actions) if actions else "none"
        at.problem(f"expected one of `check`, `run` and `set`, got {found}", hint=_near(data))
        return None
    if "engine" in data and actions[0] != "run":
        at.problem("only a `run` step has an engine", "engine")
    if actions[0] == "check":
        return _check(data, at, for_update=for_update)
    if actions[0] == "run":
        return _run(data, at)
    return decode_change(data["set"], at, organization)


def _near(data: dict[str, Any]) -> str | None:
    if "expect" in data and "check" not in data:
        return "`expect` needs a `check`"
    for key in data:
        near = closest(key, ("check", "run", "set"))
        if near and key not in STEP_KEYS:
            return f"did you mean `{near}`?"
    return None


def _check(data: dict[str, Any], at: At, *, for_update: bool) -> Check | None:
    question = decode_question(data["check"], at)
    if "expect" not in data or (for_update and data["expect"] == {}):
        if not for_update:
            hint = "`relaysim test --update` fills it in from the actual answer"
            at.problem("`expect` is missing", hint=hint)
        expectation = None
    else:
        expectation = decode_expectation(data["expect"], at)
    return None if question is None else Check(question, expectation)


def _run(data: dict[str, Any], at: At) -> Run | None:
    try:
        text = read_text(data["run"])
    except InvalidInput as error:
        at.errors(error, "run")
        return None
    engine = data.get("engine", "embedded")
    if engine not in ("embedded", "powershell"):
        at.problem("expected `embedded` or `powershell`", "engine")
        return None
    return Run(text, real=engine == "powershell")
