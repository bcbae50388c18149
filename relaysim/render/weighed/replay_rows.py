"""What a replay says, row by row: CSV, Markdown, and a line of JSON for each session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.render.markdown_text import literal
from relaysim.render.space.map_doc import csv_lines
from relaysim.render.weighed.replay_view import (
    client_words,
    since_words,
    told_result,
    told_who,
    verdict_of,
)
from relaysim.replay.asking import logged_words, relays
from relaysim.replay.clients import ToldSession
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.what_if import WhatIfOutcome

if TYPE_CHECKING:
    from relaysim.replay.judging import JudgedSession
    from relaysim.replay.logged import LoggedSession
    from relaysim.replay.report import JudgedShape, ReplayReport
    from relaysim.replay.what_if import WhatIf

__all__ = ["replay_csv", "replay_markdown", "session_line", "told_line"]

_COLUMNS = (
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
    "account",
    "relays",
    "where",
)
_SHOWN = 50
_HARMLESS = (ReplayOutcome.SAME, WhatIfOutcome.SAME)


def replay_csv(report: ReplayReport, *, spreadsheet: bool = False) -> str:
    """Return CSV with a line for each shape and client, and for each session of a client's log.

    Args:
        report: What was found.
        spreadsheet: Whether a spreadsheet will open it: then no cell is a formula.
    """
    rows = [list(_COLUMNS)]
    for each in report.shapes:
        counts = report.summary.shapes[each.shape].clients
        shape, relayed = each.shape, relays(each.shape)
        for client in each.clients:
            count = counts[client]
            rows.append(
                [
                    *_outcomes(each),
                    shape.server,
                    shape.connector,
                    client,
                    str(count.sessions),
                    count.first,
                    count.last,
                    logged_words(shape),
                    "; ".join(_why(each)),
                    shape.account,
                    "" if relayed is None else "yes" if relayed else "no",
                    "",
                ]
            )
    rows += [_told_row(told) for told in report.sessions]
    return csv_lines(rows, spreadsheet=spreadsheet)


def _told_row(told: ToldSession) -> list[str]:
    session = told.session
    return [
        *_outcomes(told),
        session.server or "",
        "",
        session.client or "",
        "1",
        "",
        "",
        _told_words(told),
        "; ".join(_why(told)),
        session.account or "",
        "",
        told.where,
    ]


def _told_words(told: ToldSession) -> str:
    return f"{told.session.tool}; {told_who(told.session)}; {told_result(told.session)}"


def _outcomes(each: JudgedShape | ToldSession) -> tuple[str, str]:
    judged, asked = each.judged, each.what_if
    return (
        judged.outcome.value if judged is not None else "",
        asked.outcome.value if asked is not None else "",
    )


def _why(each: JudgedShape | ToldSession) -> tuple[str, ...]:
    judged = each.judged.why if each.judged is not None else ()
    return judged + (each.what_if.why if each.what_if is not None else ())


def replay_markdown(report: ReplayReport) -> str:
    """Return Markdown that fits a pull request's comment: the verdict, then what differs."""
    verdict, _ = verdict_of(report)
    rows: list[tuple[str, str, str, JudgedShape | ToldSession]] = [
        (f"{each.sessions:,}", client_words(each.clients), logged_words(each.shape), each)
        for each in report.shapes
        if _matters(each)
    ]
    rows += [
        ("1", told.session.client or "?", f"{told.where}: {_told_words(told)}", told)
        for told in report.sessions
        if _matters(told)
    ]
    lines = [f"**{_escaped(verdict)}**", ""]
    if rows:
        lines += [
            "| Outcome | Sessions | Clients | Logged | Why |",
            "| --- | ---: | --- | --- | --- |",
        ]
    for sessions, clients, logged, each in rows[:_SHOWN]:
        judged, asked = _outcomes(each)
        why = each.what_if.why if each.what_if is not None else ()
        why += () if isinstance(each, ToldSession) else since_words(each)
        why += _why(each)
        texts = (asked or judged, sessions, clients, logged, "; ".join(dict.fromkeys(why)))
        lines.append("| " + " | ".join(_escaped(text) for text in texts) + " |")
    if len(rows) > _SHOWN:
        lines.append(f"\n{len(rows) - _SHOWN:,} more are in the JSON document.")
    return "\n".join(lines) + "\n"


def _matters(each: JudgedShape | ToldSession) -> bool:
    judged, asked = each.judged, each.what_if
    outcomes = [found.outcome for found in (judged, asked) if found is not None]
    return any(outcome not in _HARMLESS for outcome in outcomes)


def session_line(
    key: str, session: LoggedSession, client: str, judged: JudgedSession, asked: WhatIf | None
) -> dict[str, Any]:
    """Return what ``--sessions`` says of a session of a server's log."""
    return {
        "key": key,
        "server": session.server or None,
        "connector": session.connector,
        "client": client or None,
        "account": session.account or None,
        **_judged_line(judged, asked),
    }


def told_line(told: ToldSession) -> dict[str, Any]:
    """Return what ``--sessions`` says of a session of a client's log: its key is file and line."""
    session = told.session
    return {
        "key": told.where,
        "server": session.server,
        "connector": None,
        "client": session.client,
        "account": session.account,
        **_judged_line(told.judged, told.what_if),
        "tool": session.tool,
        "refusal": session.refusal,
    }


def _judged_line(judged: JudgedSession | None, asked: WhatIf | None) -> dict[str, Any]:
    line: dict[str, Any] = {
        "outcome": judged.outcome.value if judged is not None else None,
        "why": list(judged.why) if judged is not None else [],
    }
    if asked is not None:
        line["what_if"] = {"outcome": asked.outcome.value, "why": list(asked.why)}
    return line


def _escaped(text: str) -> str:
    return literal(text, also="{}")
