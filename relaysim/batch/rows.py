"""Rows of a batch: input cells to a question, a ruling to output cells."""

from collections.abc import Iterable, Sequence
from typing import Any

from relaysim.engine.compiled.endpoint import Winner
from relaysim.engine.compiled.question import Question
from relaysim.engine.compiled.ruling import Ruling
from relaysim.errors import InvalidInput, Problem, closest
from relaysim.model.decision import Answers, Verdict
from relaysim.model.facts.catalogue import FACTS, FactKind
from relaysim.model.facts.values import READERS

__all__ = [
    "ANSWER_COLUMNS",
    "DEFAULT_RESULTS",
    "INPUT_COLUMNS",
    "PLACE_COLUMNS",
    "RESULT_COLUMNS",
    "canonical",
    "check_columns",
    "parse_cell",
    "place_text",
    "question_of",
    "results_of",
]

INPUT_COLUMNS = (*(fact.word for fact in FACTS), "server")
"""Columns a row may have: the options of ``check``."""

ANSWER_COLUMNS = Answers._fields
PLACE_COLUMNS = ("connector", "range", "binding")
"""Result columns about the connector that answers, and nothing else."""
RESULT_COLUMNS = (
    "line",
    *PLACE_COLUMNS,
    *ANSWER_COLUMNS,
    "auth_as",
    "stage",
    "reply",
    "because",
    "rule",
    "right",
    "recipient",
    "assumed",
    "error",
)
"""Columns a result may have."""

DEFAULT_RESULTS = (
    "connector",
    "submit",
    "relay",
    "bypass_anti_spam",
    "resolve_p2",
    "stage",
    "reply",
    "assumed",
    "error",
)


def canonical(name: str) -> str:
    """Return a column's name as the tables here write it.

    >>> canonical(" Local-IP ")
    'local_ip'
    """
    return name.strip().lower().replace("-", "_")


def question_of(cells: dict[str, Any]) -> Question:
    """Return the question of a row, its cells by canonical column names.

    An empty cell, or ``None`` from JSON, is one that was not given; ``<>`` in ``from`` is the null
    sender and in ``header_from`` a message without one. Several recipients or groups are separated
    by ``;``, or are a list in JSON. The cell of the server is not looked at.

    Raises:
        InvalidInput: With every problem of the row; ``where`` is the column.
    """
    given = {
        name: value
        for name, value in cells.items()
        if name != "server" and value not in (None, "", [])
    }
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        try:
            values[name] = _READERS[name](value)
        except InvalidInput as error:
            for problem in error.problems:
                problem.where = problem.where or name
            problems += error.problems
    if "ip" not in given:
        problems.insert(0, Problem("no client address", where="ip"))
    auth = values.get("auth")
    if not (auth is not None and auth.is_account) and "auth" not in {p.where for p in problems}:
        problems += [
            Problem(f"only an account has a {name}", where=name, hint="set `auth` to `user`")
            for name in ("user", "group")
            if name in given
        ]
    if problems:
        raise InvalidInput(problems)
    # What a balancer hides the server cannot see: the question is asked with its address (S-9).
    values["ip"] = values.pop("behind", values["ip"])
    return Question(**{_FIELDS[name]: value for name, value in values.items()})


def results_of(
    ruling: Ruling, winner: Winner | None, wanted: Iterable[str], names: Verdict | None = None
) -> dict[str, Any]:
    """Return the result columns of a decided row: text, or the :class:`Answer` of a question.

    An answer that is not known is ``None``, and ``error`` then says what is missing.

    Args:
        ruling: What was decided.
        winner: Who answers.
        wanted: The columns.
        names: The verdict on the row itself, needed where the ruling leaves out a name.
    """
    results: dict[str, Any] = dict.fromkeys(wanted, "")
    unknown = ruling.undecided is not None and winner is None
    for name in results:
        if name in ANSWER_COLUMNS:
            results[name] = None if unknown else getattr(ruling.answers, name)
        elif name in PLACE_COLUMNS:
            results[name] = place_text(winner, name)
        elif name == "auth_as" and ruling.auth_as is not None:
            results[name] = ruling.auth_as.value
        elif name == "assumed":
            results[name] = " ".join(ruling.assumed)
        elif name == "error":
            results[name] = _undecided_text(ruling if names is None else names)
        elif ruling.refusal is not None:
            results[name] = _refusal_text(ruling if names is None else names, name)
    return results


def place_text(winner: Winner | None, name: str) -> str:
    """Return one of the columns about the connector that answers."""
    if winner is None:
        return ""
    if name == "connector":
        return winner.connector.name
    return str(winner.range if name == "range" else winner.binding)


def _undecided_text(found: Ruling | Verdict) -> str:
    undecided = found.undecided
    if undecided is None:
        return ""
    ask = undecided.fact.removeprefix("--")
    return f"undecided: {undecided.text} ({undecided.rule}; missing: {ask})"


def _refusal_text(found: Ruling | Verdict, name: str) -> str:
    refusal = found.refusal
    if refusal is None:
        return ""
    match name:
        case "stage":
            return refusal.stage.value
        case "reply":
            return refusal.reply or ""
        case "because":
            return refusal.because.value
        case "rule":
            return refusal.rule
        case "right":
            return refusal.right.value if refusal.right else ""
        case "recipient":
            return refusal.recipient or ""
        case _:
            return ""


def parse_cell(name: str, value: Any) -> Any:  # noqa: ANN401
    """Return the value of a cell that is not empty.

    Raises:
        InvalidInput: It is none.
    """
    return _READERS[name](value)


_FIELDS = {fact.word: fact.name for fact in FACTS}
_READERS = {fact.word: READERS[fact.kind] for fact in FACTS} | {"server": READERS[FactKind.NAME]}


_MOST_SUGGESTED = 100


def check_columns(names: Sequence[str], *, pass_through: bool) -> list[str]:
    """Return the canonical names of a header; names kept for passing through stay as written.

    Raises:
        InvalidInput: An unknown column, one that stands twice, or none called ``ip``.
    """
    problems: list[Problem] = []
    found: dict[str, None] = {}
    for name in names:
        plain = canonical(name)
        known = plain in INPUT_COLUMNS
        if not known and not pass_through:
            # To compare names takes the most of the time, and thousands are not shown.
            near = closest(plain, INPUT_COLUMNS) if len(problems) < _MOST_SUGGESTED else None
            hint = f"did you mean `{near}`? " if near else ""
            message = f"unknown column `{name}`"
            problems.append(Problem(message, hint=f"{hint}--pass-through keeps unknown columns"))
        column = plain if known else name
        if column in found:
            problems.append(Problem(f"column `{name}` stands twice"))
        found[column] = None
    if "ip" not in found and not problems:
        problems.append(Problem("no column `ip`", hint=f"columns: {', '.join(INPUT_COLUMNS)}"))
    if problems:
        raise InvalidInput(problems)
    return list(found)
