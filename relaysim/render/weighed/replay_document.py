"""What a replay says, as a document, CSV and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.importers.logs.client_session import MASKED
from relaysim.render.markdown_text import literal
from relaysim.render.space.map_doc import csv_lines
from relaysim.render.weighed.replay_view import client_words, verdict_of
from relaysim.replay.asking import logged_words
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.report import CLIENTS_SHOWN
from relaysim.replay.what_if import WhatIfOutcome

if TYPE_CHECKING:
    from relaysim.replay.clients import ToldSession
    from relaysim.replay.judging import JudgedSession
    from relaysim.replay.report import JudgedShape, ReplayReport
    from relaysim.replay.usage import ConnectorUse

__all__ = ["replay_csv", "replay_document", "replay_markdown"]


def replay_document(report: ReplayReport, sources: tuple[str, ...]) -> dict[str, Any]:
    """Return the ``relaysim.replay/1`` document."""
    summary, use = report.summary, report.use
    return {
        "format": "relaysim.replay/1",
        "configuration": list(sources),
        "files": list(summary.files),
        "rows": summary.rows,
        "session_count": sum(shape.sessions for shape in report.shapes),
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
        "sessions": [_client_document(told) for told in report.sessions],
        "not_read": list(report.unread),
        "suggest": _least_document(report),
    }


def _least_document(report: ReplayReport) -> dict[str, Any] | None:
    if report.least is None:
        return None
    from relaysim.render.weighed.suggest_view import plan_document

    return {
        "plans": [plan_document(plan) for plan in report.least.plans],
        "kept": list(report.least.kept),
        "blind_spots": list(report.least.blind),
    }


def _client_document(told: ToldSession) -> dict[str, Any]:
    each, judged = told.session, told.judged
    return {
        "file": told.file,
        "line": each.line,
        "tool": each.tool,
        "server": each.server,
        "port": each.port,
        "client": each.client,
        "tls": each.tls,
        "auth": each.auth,
        "account": None if each.auth in (None, MASKED) else each.auth,
        "auth_offered": list(each.auth_offered),
        "from": each.sender,
        "to": [{"address": r.address, "reply": r.reply} for r in each.recipients],
        "stage": each.stage,
        "refusal": each.refusal,
        "accepted": each.accepted,
        "outcome": judged.outcome.value if judged is not None else None,
        "why": list(judged.why) if judged is not None else [],
        "predicted": _predicted(judged),
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


def replay_csv(report: ReplayReport, *, spreadsheet: bool = False) -> str:
    """Return CSV with a line for each shape and client.

    Args:
        report: What was found.
        spreadsheet: Whether a spreadsheet will open it: then no cell is a formula.
    """
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
    return csv_lines(rows, spreadsheet=spreadsheet)


def replay_markdown(report: ReplayReport) -> str:
    """Return Markdown that fits a pull request's comment: the verdict, then what differs."""
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
        cells = [outcome, f"{each.sessions:,}", client_words(each.clients)]
        cells += [logged_words(each.shape), "; ".join(why)]
        lines.append("| " + " | ".join(_escaped(text) for text in cells) + " |")
    if len(shown) > 50:
        lines.append(f"\n{len(shown) - 50:,} more shapes are in the JSON document.")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return literal(text, also="{}")
