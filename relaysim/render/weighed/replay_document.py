"""What a replay says, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.replay.asking import logged_words, relays
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.report import CLIENTS_SHOWN
from relaysim.replay.what_if import WhatIfOutcome

if TYPE_CHECKING:
    from relaysim.replay.clients import ToldSession
    from relaysim.replay.judging import JudgedSession
    from relaysim.replay.leaving import Heirs
    from relaysim.replay.report import JudgedShape, ReplayReport
    from relaysim.replay.usage import ConnectorUse
    from relaysim.replay.what_if import WhatIf

__all__ = ["replay_document"]


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
        "connectors": [_use_document(each, report.heirs) for each in use.seen],
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
        "account": each.account,
        "auth_offered": list(each.auth_offered),
        "from": each.sender,
        "to": [{"address": r.address, "reply": r.reply} for r in each.recipients],
        "stage": each.stage,
        "refusal": each.refusal,
        "accepted": each.accepted,
        "outcome": judged.outcome.value if judged is not None else None,
        "why": list(judged.why) if judged is not None else [],
        "predicted": _predicted(judged),
        "what_if": _what_if_document(told.what_if),
    }


def _shape_document(each: JudgedShape) -> dict[str, Any]:
    judged = each.judged
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
        "relays": relays(each.shape),
        "what_if": _what_if_document(each.what_if),
    }


def _what_if_document(asked: WhatIf | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {"outcome": asked.outcome.value, "why": list(asked.why), "connector": asked.connector}


def _predicted(judged: JudgedSession | None) -> str | None:
    return judged.predicted or None if judged is not None else None


def _use_document(use: ConnectorUse, heirs: tuple[Heirs, ...]) -> dict[str, Any]:
    name = use.connector.strip().casefold()
    heir = next((each for each in heirs if each.connector.casefold() == name), None)
    return {
        "connector": use.connector,
        "sessions": use.sessions,
        "clients": len(use.clients),
        "first": use.first,
        "last": use.last,
        "used": sorted(right.value for right in use.used),
        "never_used": [right.value for right in use.never_used],
        "idle_ranges": list(use.idle_ranges),
        "without_it": None
        if heir is None
        else {
            "clients": [{"connector": to, "clients": count} for to, count in heir.clients],
            "undecided": heir.undecided,
        },
    }
