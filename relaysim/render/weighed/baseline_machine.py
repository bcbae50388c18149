"""The controls of a baseline for machines: JUnit, GitHub annotations and CSV."""

from typing import TYPE_CHECKING, NamedTuple

from relaysim.analysis.baselines.control import ControlResult, ControlVerdict
from relaysim.render.weighed.baseline_view import control_words, effect_words
from relaysim.render.weighed.fixes import fix_lines

if TYPE_CHECKING:
    from relaysim.render.weighed.audit_answer import AuditAnswer

__all__ = ["ControlLine", "control_lines", "control_rows"]


class ControlLine(NamedTuple):
    """A control that was decided, as lines of text.

    Attributes:
        id: The control with its baseline: ``stig/V-259687``.
        server: The server it was decided on.
        title: What it is about.
        letter: How its letter is decided.
        words: The intent, what its fix would do, and what is known of it.
        message: All of it on one line.
        file: The file that the server stands in, or empty.
        line: The line, counted from 1, or 0.
        is_bad: Whether the intent is not met, whatever the letter says.
    """

    id: str
    server: str
    title: str
    letter: ControlVerdict
    words: tuple[str, ...]
    message: str
    file: str
    line: int
    is_bad: bool


def control_lines(answer: "AuditAnswer") -> list[ControlLine]:
    """Return every control of the baselines that were asked for, in their order."""
    found = []
    for result in answer.controls:
        words = (
            f"letter: {control_words(result.letter)} ({result.control.letter})",
            f"intent: {control_words(result.intent)}",
            *(f"if the fix is applied: {line}" for line in effect_words(result)),
            *result.control.known,
        )
        file, line = answer.places.get(result.server, ("", 0))
        found.append(
            ControlLine(
                id=f"{answer.baselines[0].name}/{result.control.id}",
                server=result.server,
                title=result.control.title,
                letter=result.letter.verdict,
                words=words,
                message="; ".join(words[:3]),
                file=file,
                line=line,
                is_bad=result.intent.verdict is ControlVerdict.NOT_MET,
            )
        )
    return found


def control_rows(answer: "AuditAnswer", columns: int) -> list[list[str]]:
    """Return a row of the audit's CSV for each control; ``columns`` is how many a row has."""
    rows = []
    for told, result in zip(control_lines(answer), answer.controls, strict=True):
        what = f"{told.title}: {told.words[0]}; {told.words[1]}"
        row = [told.id, told.letter.value, "", told.server, "", "", "", "", told.file]
        row += [str(told.line or ""), what, _missing(result), "; ".join(fix_lines(result.fix))]
        rows.append([*row, *[""] * (columns - len(row))])
    return rows


def _missing(result: ControlResult) -> str:
    return result.letter.missing or result.intent.missing
