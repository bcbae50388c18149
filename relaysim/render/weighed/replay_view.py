"""What a replay says, as a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import printable
from relaysim.render.space.ranges import count_words
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.weighed.strips import replay_strips
from relaysim.replay.asking import logged_words
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.what_if import WhatIfOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relaysim.importers.logs.client_session import ClientSession
    from relaysim.replay.clients import ToldSession
    from relaysim.replay.least_values import LeastConfiguration
    from relaysim.replay.report import JudgedShape, ReplayReport

__all__ = [
    "client_words",
    "replay_view",
    "since_words",
    "told_result",
    "told_who",
    "verdict_of",
]

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
_TREATED_OTHERWISE = (WhatIfOutcome.REFUSED, WhatIfOutcome.ALLOWED, WhatIfOutcome.MOVES)
_UNREADABLE_SHOWN = 5


def _grids(report: ReplayReport) -> Iterator[Grid]:
    if report.shapes:
        yield _shapes_grid(report)
        yield _connectors_grid(report)
    if report.sessions:
        yield _transcripts_grid(report)
    if report.least is not None:
        from relaysim.render.weighed.suggest_view import plan_grid

        for number, plan in enumerate(report.least.plans, 1):
            yield plan_grid(number, plan, wanted=False)


def _transcripts_grid(report: ReplayReport) -> Grid:
    heads: tuple[str, ...] = ("WHERE",)
    if any(told.what_if is not None for told in report.sessions):
        heads += ("WHAT IF",)
    if any(told.judged is not None for told in report.sessions):
        heads += ("OUTCOME",)
    rows = []
    for told in report.sessions:
        session = told.session
        place = session.server or "?"
        if session.port is not None:
            place += f":{session.port}"
        rows.append(
            (
                cell(told.where),
                *(TableCell(each.value, _TONES[each]) for each in _outcomes(told)),
                cell(session.tool),
                cell(place),
                cell(session.client or "?"),
                cell(told_who(session)),
                cell(told_result(session)),
            )
        )
    columns = (*heads, "TOOL", "SERVER", "CLIENT", "WHO", "RESULT")
    last = len(columns) - 1
    return Grid(columns, tuple(rows), fold=(last,), readable=24, key=0, caption="Clients' own logs")


def told_who(session: ClientSession) -> str:
    """Return as whom a client's log shows it to have come."""
    who = session.auth or "anonymous"
    return f"{who}, TLS" if session.tls else who


def told_result(session: ClientSession) -> str:
    """Return how the session of a client's log ended."""
    if session.refusal is not None:
        return f"{session.stage or 'refused'}: {session.refusal}"
    if session.accepted is None:
        return "no end shown"
    return "accepted" if session.accepted else "not accepted"


def _told_reasons(report: ReplayReport) -> list[Fact]:
    """Return what is to say of each client's session that is not simply the same."""
    found = []
    for told in report.sessions:
        lines = told.what_if.why if told.what_if is not None else ()
        lines += told.judged.why if told.judged is not None else ()
        if lines:
            tone = _TONES[_outcomes(told)[0]]
            found.append(Fact(told.where, tuple(map(printable, dict.fromkeys(lines))), tone))
    return found


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
        tuple(_grids(report)),
        tuple(_below(report)),
        replay_strips(report),
    )


def verdict_of(report: ReplayReport) -> tuple[str, str]:
    """Return the verdict in one line, and its tone."""
    verdicts = []
    if report.shapes or not report.sessions:
        verdicts.append(_logs_verdict(report))
    if report.sessions:
        verdicts.append(_told_verdict(report))
    tones = [tone for _, tone in verdicts]
    worst = next((tone for tone in ("bad", "warn") if tone in tones), tones[0])
    return "; ".join(text for text, _ in verdicts), worst


def _logs_verdict(report: ReplayReport) -> tuple[str, str]:
    total = sum(shape.sessions for shape in report.shapes)
    judged = any(shape.judged is not None for shape in report.shapes)
    asked = any(shape.what_if is not None for shape in report.shapes)
    sessions = _plural(total, "session")
    if not total:
        return "no session in these logs", "warn"
    if asked:
        counts = [(each, report.count_what_if(each)) for each in WhatIfOutcome]
        return f"of {sessions}: {_counted(counts)}", _tone_of(counts)
    if judged:
        outcomes = [(each, report.count(each)) for each in ReplayOutcome]
        return f"of {sessions}: {_counted(outcomes)}", _tone_of(outcomes)
    return f"{sessions} in {_plural(len(report.shapes), 'shape')}", "strong"


def _told_verdict(report: ReplayReport) -> tuple[str, str]:
    refused = sum(told.session.refusal is not None for told in report.sessions)
    text = (
        f"{_plural(len(report.sessions), 'session')} in clients' logs, {refused:,} with a refusal"
    )
    counts: list[tuple[ReplayOutcome | WhatIfOutcome, int]] = [
        (each, report.count_told_what_if(each)) for each in WhatIfOutcome
    ]
    if not any(number for _, number in counts):
        counts = [(each, report.count_told(each)) for each in ReplayOutcome]
    counted = _counted(counts)
    tone = "bad" if _tone_of(counts) == "bad" else "strong"
    return f"{text}: {counted}" if counted else text, tone


def _tone_of(counts: Iterable[tuple[ReplayOutcome | WhatIfOutcome, int]]) -> str:
    return "bad" if any(number and _TONES[each] == "bad" for each, number in counts) else "good"


def _counted(counts: Iterable[tuple[ReplayOutcome | WhatIfOutcome, int]]) -> str:
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
                cell(client_words(shape.clients)),
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
    fold = (count - 2, count - 1)
    return Grid(columns, tuple(rows), fold=fold, readable=24, key=0, caption="Kinds of sessions")


def _outcomes(shape: JudgedShape | ToldSession) -> list[ReplayOutcome | WhatIfOutcome]:
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
            lines += since_words(shape)
        if shape.judged is not None:
            lines += shape.judged.why
        if lines:
            tone = _TONES[_outcomes(shape)[0]]
            found.append(Fact(f"{number}", tuple(map(printable, dict.fromkeys(lines))), tone))
    return found


def since_words(shape: JudgedShape) -> tuple[str, ...]:
    """Return since when somebody came whom the changed configuration treats otherwise."""
    if shape.what_if is None or shape.what_if.outcome not in _TREATED_OTHERWISE:
        return ()
    return (f"came from {_minute(shape.first)} to {_minute(shape.last)}",)


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


def client_words(clients: tuple[str, ...]) -> str:
    """Return the first clients and the number of the others."""
    shown = ", ".join(client or "hidden" for client in clients[:3])
    more = len(clients) - 3
    return f"{shown} and {more:,} more" if more > 0 else shown


def _connectors_grid(report: ReplayReport) -> Grid:
    rows = [
        (
            cell(use.connector),
            TableCell(f"{use.sessions:,}"),
            TableCell(f"{len(use.clients):,}"),
            TableCell(_minute(use.first)),
            TableCell(_minute(use.last)),
        )
        for use in report.use.seen
    ]
    columns = ("CONNECTOR", "SESSIONS", "CLIENTS", "FIRST", "LAST")
    return Grid(columns, tuple(rows), key=0, caption="Connectors")


def _idle(report: ReplayReport) -> list[str]:
    lines = []
    for use in report.use.seen:
        if use.never_used:
            rights = ", ".join(right.value for right in use.never_used)
            lines.append(f"{use.connector}: nobody used {rights}")
        if use.idle_ranges:
            lines.append(f"{use.connector}: nobody came from {_few(use.idle_ranges)}")
    return [printable(line) for line in lines]


def _without(report: ReplayReport) -> list[str]:
    lines = []
    for heirs in report.heirs:
        parts = [
            f"{_plural(count, 'client')} would come to {f'`{name}`' if name else 'no connector'}"
            for name, count in heirs.clients
        ]
        if heirs.undecided:
            parts.append(f"of {_plural(heirs.undecided, 'client')} it cannot be told")
        if parts:
            lines.append(f"{heirs.connector}: without it {', '.join(parts)}")
    return [printable(line) for line in lines]


def _few(texts: tuple[str, ...]) -> str:
    more = f" and {len(texts) - 3:,} more" if len(texts) > 3 else ""
    return ", ".join(texts[:3]) + more


def _least_facts(least: LeastConfiguration) -> list[Fact]:
    found = []
    if not least.plans:
        found.append(Fact("no plan", ("nothing may go that the logs show as unused",)))
    if least.kept:
        found.append(Fact("kept", tuple(printable(line) for line in least.kept), "warn"))
    found.append(Fact("blind spots", tuple(printable(line) for line in least.blind), "warn"))
    return found


def _below(report: ReplayReport) -> list[Fact]:
    use, summary = report.use, report.summary
    below = _reasons(report) + _told_reasons(report)
    if idle := _idle(report):
        below.append(Fact("not used", tuple(idle), "warn"))
    if heirs := _without(report):
        below.append(Fact("without", tuple(heirs)))
    if use.unused:
        below.append(Fact("unused", tuple(f"{name}: no session" for name in use.unused), "warn"))
    if use.blind:
        text = "its logging is off, so that no line is not no use"
        below.append(Fact("blind", tuple(f"{name}: {text}" for name in use.blind), "warn"))
    if use.silent and report.shapes:
        text = "no session, and whether it logs is not described (ProtocolLoggingLevel)"
        below.append(Fact("silent", tuple(f"{name}: {text}" for name in use.silent), "warn"))
    if use.gaps:
        lines = tuple(
            f"no row between {before} and {after}: nobody came, or logs are gone"
            for before, after in use.gaps[:10]
        )
        below.append(Fact("gap", lines, "warn"))
    if report.least is not None:
        below += _least_facts(report.least)
    if summary.unreadable_count:
        lines = tuple(
            f"{row.file}:{row.line}: {row.why}" for row in summary.unreadable[:_UNREADABLE_SHOWN]
        )
        more = summary.unreadable_count - len(lines)
        lines += (f"and {more:,} more",) if more else ()
        below.append(Fact("unreadable", lines, "warn"))
    if report.unread:
        text = "no server's log, and no SMTP session in it"
        below.append(Fact("not read", tuple(f"{name}: {text}" for name in report.unread), "warn"))
    below.append(
        Fact(
            "not told",
            ("no log shows the From header or the size of a message",),
            "dim",
        )
    )
    return below
