"""The controls of a baseline: letter and intent, and what stops when the fix is applied."""

from typing import TYPE_CHECKING, Any

from relaysim.analysis.baselines.control import Checked, ControlResult, ControlVerdict
from relaysim.analysis.compare.change import ChangeKind, Comparison
from relaysim.errors import printable
from relaysim.render.markdown_text import escaped
from relaysim.render.places import source_words, spot_words
from relaysim.render.space.who_can_view import who_words
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.weighed.fixes import fix_lines

if TYPE_CHECKING:
    from relaysim.render.weighed.audit_answer import AuditAnswer

__all__ = [
    "baseline_document",
    "baseline_markdown",
    "baseline_view",
    "control_words",
    "effect_words",
]

_MOST = 6
_NAMED = 3
_TONES = {
    ControlVerdict.MET: "",
    ControlVerdict.NOT_MET: "bad",
    ControlVerdict.CANNOT_TELL: "warn",
    ControlVerdict.NOTHING: "dim",
}


def effect_words(result: ControlResult) -> list[str]:
    """Return what would change for whom when a control's fix is applied, worst first."""
    if result.refused:
        return [f"Exchange refuses it: {result.refused}"]
    if result.effect is None:
        return []
    lines = [
        *_lines(result.effect, ChangeKind.NARROWED, "may no longer"),
        *_lines(result.effect, ChangeKind.WIDENED, "may then"),
        *_lines(result.effect, ChangeKind.CANNOT_TELL, "may or may not:"),
    ]
    if not lines:
        return ["nobody may do less or more"]
    more = len(lines) - _MOST
    return [*lines[:_MOST], f"and {more} more"] if more > 0 else lines


def _lines(effect: Comparison, kind: ChangeKind, verb: str) -> list[str]:
    """Return a line for each identity and thing it may do, with every place of it."""
    rights: dict[tuple[str, tuple[str, str]], list[str]] = {}
    for change in effect.changes:
        if change.kind is kind:
            place = spot_words(change.spots, effect.spots), change.before or change.after or ""
            held = rights.setdefault((who_words(change.way), place), [])
            if change.right and change.right not in held:
                held.append(change.right)
    places: dict[tuple[bool, str, str], list[str]] = {}
    for (who, (where, name)), held in rights.items():
        # Who may not submit may do nothing else, which need not be said.
        words = ["submit"] if "submit" in held else [right.replace("_", " ") for right in held]
        what = ", ".join(words) or "anything"
        said = f"{where} (`{name}`)" if name else where
        places.setdefault((what != "submit", who, what), []).append(said)
    ordered = sorted(places.items(), key=lambda pair: pair[0][0])
    return [f"{who} {verb} {what} on {', '.join(said)}" for (_, who, what), said in ordered]


def control_words(checked: Checked) -> str:
    """Return a verdict, with what is needed to tell or where it fails."""
    if checked.verdict is ControlVerdict.CANNOT_TELL:
        return f"cannot tell (needs {checked.missing})" if checked.missing else "cannot tell"
    if checked.verdict is ControlVerdict.NOT_MET and checked.where:
        more = len(checked.where) - _NAMED
        names = ", ".join(checked.where[:_NAMED]) + (f" and {more} more" if more > 0 else "")
        return f"not met: {names}"
    return str(checked.verdict.value)


def _several(answer: "AuditAnswer") -> bool:
    return len({result.server for result in answer.controls}) > 1


def _name(result: ControlResult, answer: "AuditAnswer") -> str:
    server = f" [{result.server}]" if _several(answer) else ""
    return f"{result.control.id}{server}"


def _verdict(answer: "AuditAnswer") -> str:
    counts = {
        verdict: sum(result.letter.verdict is verdict for result in answer.controls)
        for verdict in ControlVerdict
    }
    parts = [f"{count} {verdict.value}" for verdict, count in counts.items() if count]
    differ = sum(
        {result.letter.verdict, result.intent.verdict}
        == {ControlVerdict.MET, ControlVerdict.NOT_MET}
        for result in answer.controls
    )
    apart = f"; letter and intent differ in {differ}" if differ else ""
    return f"{' and '.join(each.title for each in answer.baselines)}: {', '.join(parts)}{apart}"


def baseline_view(answer: "AuditAnswer") -> View:
    """Return the view: a row for each control, then details of those that are not met."""
    above = [Fact("server", (source_words(answer.configuration),))]
    above += [Fact("remark", (each.remark,)) for each in answer.baselines if each.remark]
    rows = tuple(
        (
            cell(_name(result, answer)),
            cell(result.control.title),
            TableCell(printable(control_words(result.letter)), _TONES[result.letter.verdict]),
            TableCell(printable(control_words(result.intent)), _TONES[result.intent.verdict]),
        )
        for result in answer.controls
    )
    columns = ("CONTROL", "ABOUT", "LETTER", "INTENT")
    grids = [Grid(columns, rows, fold=(2, 3), readable=16, key=0)]
    grids += [
        _details(result, answer)
        for result in answer.controls
        if result.letter.verdict is ControlVerdict.NOT_MET
    ]
    worst = any(result.intent.verdict is ControlVerdict.NOT_MET for result in answer.controls)
    return View(_verdict(answer), "bad" if worst else "strong", tuple(above), tuple(grids))


def _details(result: ControlResult, answer: "AuditAnswer") -> Grid:
    control = result.control
    lines = [("letter", control.letter)]
    if control.intent:
        lines.append(("intent", control.intent))
    lines += _labelled("applied", effect_words(result))
    lines += _labelled("known", list(control.known))
    rows = tuple((TableCell(label, "dim"), cell(text)) for label, text in lines)
    return Grid(
        ("", ""), rows, fold=(1,), title=printable(f"{_name(result, answer)}: {control.title}")
    )


def _labelled(label: str, texts: list[str]) -> list[tuple[str, str]]:
    return [(label if not place else "", text) for place, text in enumerate(texts)]


def baseline_document(answer: "AuditAnswer") -> dict[str, Any]:
    """Return the ``baseline`` part of an audit's document."""
    return {
        "titles": [each.title for each in answer.baselines],
        "remarks": [each.remark for each in answer.baselines if each.remark],
        "controls": [
            {
                "id": result.control.id,
                "title": result.control.title,
                "server": result.server,
                "letter": _checked(result.control.letter, result.letter),
                "intent": _checked(result.control.intent, result.intent),
                "fix": fix_lines(result.fix),
                "if_applied": effect_words(result),
                "known": list(result.control.known),
            }
            for result in answer.controls
        ],
    }


def _checked(text: str, checked: Checked) -> dict[str, Any]:
    return {
        "text": text or None,
        "verdict": None if checked.verdict is ControlVerdict.NOTHING else checked.verdict.value,
        "where": list(checked.where),
        "missing": checked.missing or None,
    }


def baseline_markdown(answer: "AuditAnswer") -> str:
    """Return Markdown: the counts, a table of the controls, and what fixes would do, folded."""
    lines = [f"**relaysim audit: {_verdict(answer)}**", ""]
    lines += [each.remark for each in answer.baselines if each.remark]
    lines += ["| control | about | letter | intent |", "| --- | --- | --- | --- |"]
    for result in answer.controls:
        cells = (
            _name(result, answer),
            result.control.title,
            control_words(result.letter),
            control_words(result.intent),
        )
        lines.append(f"| {' | '.join(map(escaped, cells))} |")
    told = [result for result in answer.controls if effect_words(result) or result.control.known]
    if told:
        lines += ["", "<details><summary>If the fixes are applied</summary>", ""]
        for result in told:
            words = [*effect_words(result), *result.control.known]
            lines.append(f"- {escaped(_name(result, answer))}: {escaped('; '.join(words))}")
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"
