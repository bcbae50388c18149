"""What a replay says, as a view, a document, CSV and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.errors import printable
from relaysim.render.map_doc import csv_lines
from relaysim.render.ranges import count_words
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.replay.asking import logged_words
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.report import CLIENTS_SHOWN
from relaysim.replay.what_if import WhatIfOutcome

if TYPE_CHECKING:
    from relaysim.replay.judging import JudgedSession
    from relaysim.replay.report import JudgedShape, ReplayReport
    from relaysim.replay.usage import ConnectorUse

__all__ = ["replay_csv", "replay_document", "replay_markdown", "replay_view"]

_TONES = {
    ReplayOutcome.SAME: "good",
    ReplayOutcome.DIFFERENT: "bad",
    ReplayOutcome.CANNOT_TELL: "warn",
    ReplayOutcome.NOT_A_CLIENT: "dim",
    WhatIfOutcome.REFUSED: "bad",
    WhatIfOutcome.ALLOWED: "bad",
    WhatIfOutcome.MOVES: "warn",
    WhatIfOutcome.SAME: "",
    WhatIfOutcome.CANNOT_TELL: "warn",
    WhatIfOutcome.NOT_A_CLIENT: "dim",
}
_UNREADABLE_SHOWN = 5


def _plural(count: int, word: str) -> str:
    return f"{count_words(count)} {word}{'' if count == 1 else 's'}"


def replay_view(report: ReplayReport, sources: tuple[str, ...]) -> View:
    """Return the view: the verdict, shapes by importance, connectors, what no log shows.

    Args:
        report: The answer.
        sources: Names of the configuration and the changed one, as far as they were given.
    """
    verdict, tone = verdict_of(report)
    summary = report.summary
    above = [
        Fact(
            "read",
            (f"{_plural(summary.rows, 'row')} of {_plural(len(summary.files), 'log')}",),
        )
    ]
    if sources:
        above.append(Fact("server", sources))
    return View(
        verdict,
        tone,
        tuple(above),
        (_shapes_grid(report), _connectors_grid(report)),
        tuple(_below(report)),
    )


def verdict_of(report: ReplayReport) -> tuple[str, str]:
    """Return the verdict in one line, and its tone."""
    total = sum(shape.sessions for shape in report.shapes)
    judged = any(shape.judged is not None for shape in report.shapes)
    asked = any(shape.what_if is not None for shape in report.shapes)
    sessions = _plural(total, "session")
    if not total:
        return "no session in these logs", "warn"
    if asked:
        counts = [(each, report.count_what_if(each)) for each in WhatIfOutcome]
        bad = any(n for each, n in counts if each in (WhatIfOutcome.REFUSED, WhatIfOutcome.ALLOWED))
        return f"of {sessions}: {_counted(counts)}", "bad" if bad else "good"
    if judged:
        outcomes = [(each, report.count(each)) for each in ReplayOutcome]
        bad = report.count(ReplayOutcome.DIFFERENT) > 0
        return f"of {sessions}: {_counted(outcomes)}", "bad" if bad else "good"
    return f"{sessions} in {_plural(len(report.shapes), 'shape')}", "strong"


def _counted(counts: Any) -> str:  # noqa: ANN401  # pairs of either enumeration
    return ", ".join(f"{number:,} {each.value}" for each, number in counts if number)


def _shapes_grid(report: ReplayReport) -> Grid:
    rows = []
    for number, shape in enumerate(report.shapes, 1):
        words = [TableCell(f"{number}")]
        words += [TableCell(each.value, _TONES[each]) for each in _outcomes(shape)]
        rows.append(
            (
                *words,
                TableCell(f"{shape.sessions:,}"),
                cell(_clients(shape.clients)),
                cell(logged_words(shape.shape)),
            )
        )
    heads: tuple[str, ...] = ("NO",)
    if report.shapes and report.shapes[0].what_if is not None:
        heads += ("WHAT IF",)
    if report.shapes and report.shapes[0].judged is not None:
        heads += ("OUTCOME",)
    columns = (*heads, "SESSIONS", "CLIENTS", "LOGGED")
    count = len(columns)
    return Grid(columns, tuple(rows), fold=(count - 2, count - 1), readable=24, headed=True, key=0)


def _outcomes(shape: JudgedShape) -> list[ReplayOutcome | WhatIfOutcome]:
    found: list[ReplayOutcome | WhatIfOutcome] = []
    if shape.what_if is not None:
        found.append(shape.what_if.outcome)
    if shape.judged is not None:
        found.append(shape.judged.outcome)
    return found


def _reasons(report: ReplayReport) -> list[Fact]:
    """Return what is to say of each shape that is not simply the same, by its number."""
    found = []
    for number, shape in enumerate(report.shapes, 1):
        lines: tuple[str, ...] = ()
        if shape.what_if is not None:
            lines += shape.what_if.why
        if shape.judged is not None:
            lines += shape.judged.why
        if lines:
            tone = _TONES[_outcomes(shape)[0]]
            found.append(Fact(f"{number}", tuple(printable(line) for line in lines), tone))
    return found


def _clients(clients: tuple[str, ...]) -> str:
    shown = ", ".join(client or "hidden" for client in clients[:3])
    more = len(clients) - 3
    return f"{shown} and {more:,} more" if more > 0 else shown


def _connectors_grid(report: ReplayReport) -> Grid:
    rows = [
        (
            cell(use.connector),
            TableCell(f"{use.sessions:,}"),
            TableCell(f"{len(use.clients):,}"),
            TableCell(use.first[:16].replace("T", " ")),
            TableCell(use.last[:16].replace("T", " ")),
        )
        for use in report.use.seen
    ]
    columns = ("CONNECTOR", "SESSIONS", "CLIENTS", "FIRST", "LAST")
    return Grid(columns, tuple(rows), headed=True, key=0)


def _idle(report: ReplayReport) -> list[str]:
    lines = []
    for use in report.use.seen:
        if use.never_used:
            rights = ", ".join(right.value for right in use.never_used)
            lines.append(f"{use.connector}: nobody used {rights}")
        if use.idle_ranges:
            lines.append(f"{use.connector}: nobody came from {_few(use.idle_ranges)}")
    return [printable(line) for line in lines]


def _few(texts: tuple[str, ...]) -> str:
    more = f" and {len(texts) - 3:,} more" if len(texts) > 3 else ""
    return ", ".join(texts[:3]) + more


def _below(report: ReplayReport) -> list[Fact]:
    use, summary = report.use, report.summary
    below = _reasons(report)
    if idle := _idle(report):
        below.append(Fact("not used", tuple(idle), "warn"))
    if use.unused:
        below.append(Fact("unused", tuple(f"{name}: no session" for name in use.unused), "warn"))
    if use.blind:
        text = "its logging is off, so that no line is not no use"
        below.append(Fact("blind", tuple(f"{name}: {text}" for name in use.blind), "warn"))
    if use.silent:
        text = "no session, and whether it logs is not described (ProtocolLoggingLevel)"
        below.append(Fact("silent", tuple(f"{name}: {text}" for name in use.silent), "warn"))
    if use.gaps:
        lines = tuple(
            f"no row between {before} and {after}: nobody came, or logs are gone"
            for before, after in use.gaps[:10]
        )
        below.append(Fact("gap", lines, "warn"))
    if summary.unreadable_count:
        lines = tuple(
            f"{row.file}:{row.line}: {row.why}" for row in summary.unreadable[:_UNREADABLE_SHOWN]
        )
        more = summary.unreadable_count - len(lines)
        lines += (f"and {more:,} more",) if more else ()
        below.append(Fact("unreadable", lines, "warn"))
    below.append(
        Fact(
            "not told",
            (
                "logs show no From header, no message size, and nothing of connectors that do not log",
            ),
            "dim",
        )
    )
    return below


def replay_document(report: ReplayReport, sources: tuple[str, ...]) -> dict[str, Any]:
    """Return the ``relaysim.replay/1`` document."""
    summary, use = report.summary, report.use
    return {
        "format": "relaysim.replay/1",
        "configuration": list(sources),
        "files": list(summary.files),
        "rows": summary.rows,
        "sessions": sum(shape.sessions for shape in report.shapes),
        "outcomes": {each.value: report.count(each) for each in ReplayOutcome},
        "what_if": {each.value: report.count_what_if(each) for each in WhatIfOutcome}
        if any(shape.what_if is not None for shape in report.shapes)
        else None,
        "shapes": [_shape_document(shape) for shape in report.shapes],
        "connectors": [_use_document(each) for each in use.seen],
        "unused": list(use.unused),
        "blind": list(use.blind),
        "silent": list(use.silent),
        "gaps": [{"after": before, "before": after} for before, after in use.gaps],
        "unreadable": [
            {"file": row.file, "line": row.line, "why": row.why} for row in summary.unreadable
        ],
        "unreadable_count": summary.unreadable_count,
    }


def _shape_document(each: JudgedShape) -> dict[str, Any]:
    judged, asked = each.judged, each.what_if
    return {
        "outcome": judged.outcome.value if judged is not None else None,
        "why": list(judged.why) if judged is not None else [],
        "connector": each.shape.connector,
        "server": each.shape.server or None,
        "count": each.sessions,
        "clients": [client or None for client in each.clients[:CLIENTS_SHOWN]],
        "client_count": len(each.clients),
        "first": each.first,
        "last": each.last,
        "examples": list(each.examples),
        "predicted": _predicted(judged),
        "logged": logged_words(each.shape),
        "account": each.shape.account or None,
        "tls": each.shape.tls == "done",
        "port": each.shape.port,
        "what_if": None
        if asked is None
        else {"outcome": asked.outcome.value, "why": list(asked.why), "connector": asked.connector},
    }


def _predicted(judged: JudgedSession | None) -> str | None:
    return judged.predicted or None if judged is not None else None


def _use_document(use: ConnectorUse) -> dict[str, Any]:
    return {
        "connector": use.connector,
        "sessions": use.sessions,
        "clients": len(use.clients),
        "first": use.first,
        "last": use.last,
        "used": sorted(right.value for right in use.used),
        "never_used": [right.value for right in use.never_used],
        "idle_ranges": list(use.idle_ranges),
    }


def replay_csv(report: ReplayReport) -> str:
    """Return CSV with a line for each shape and client."""
    rows = [
        [
            "outcome",
            "what_if",
            "server",
            "connector",
            "client",
            "sessions",
            "first",
            "last",
            "logged",
            "why",
        ]
    ]
    for each in report.shapes:
        counts = report.summary.shapes[each.shape].clients
        why = each.judged.why if each.judged is not None else ()
        why += each.what_if.why if each.what_if is not None else ()
        rows += [
            [
                each.judged.outcome.value if each.judged is not None else "",
                each.what_if.outcome.value if each.what_if is not None else "",
                each.shape.server,
                each.shape.connector,
                client,
                str(counts[client].sessions),
                counts[client].first,
                counts[client].last,
                logged_words(each.shape),
                "; ".join(why),
            ]
            for client in each.clients
        ]
    return csv_lines(rows)


def replay_markdown(report: ReplayReport) -> str:
    """Return Markdown that fits a pull request's comment: the verdict, then what is not the same."""
    verdict, _ = verdict_of(report)
    lines = [f"**{_escaped(verdict)}**", ""]
    shown = [
        each
        for each in report.shapes
        if (each.judged is not None and each.judged.outcome is not ReplayOutcome.SAME)
        or (each.what_if is not None and each.what_if.outcome is not WhatIfOutcome.SAME)
    ]
    if shown:
        lines += [
            "| Outcome | Sessions | Clients | Logged | Why |",
            "| --- | ---: | --- | --- | --- |",
        ]
    for each in shown[:50]:
        outcome = each.what_if.outcome.value if each.what_if is not None else ""
        if not outcome and each.judged is not None:
            outcome = each.judged.outcome.value
        why = each.what_if.why if each.what_if is not None else ()
        why += each.judged.why if each.judged is not None else ()
        cells = [outcome, f"{each.sessions:,}", _clients(each.clients)]
        cells += [logged_words(each.shape), "; ".join(why)]
        lines.append("| " + " | ".join(_escaped(text) for text in cells) + " |")
    if len(shown) > 50:
        lines.append(f"\n{len(shown) - 50:,} more shapes are in the JSON document.")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, in one cell."""
    out = printable(text)
    for char in "\\`*_{}[]<>|#":
        out = out.replace(char, "\\" + char)
    return out
