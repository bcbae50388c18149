"""A map as data: one JSON document, or CSV with a line for each run and each way to come."""

from typing import Any

from relaysim.analysis.overlay import Layer
from relaysim.analysis.partition import MAPPED, Outcome
from relaysim.model.decision import Answers
from relaysim.model.session import Session
from relaysim.net.interval import Interval
from relaysim.net.special import kinds_in
from relaysim.render.answers.jsondoc import answer_document, refusal_document
from relaysim.render.places import (
    configuration_document,
    endpoint_documents,
    narrowed,
    spot_words,
    tls_words,
)
from relaysim.render.space.map_view import MapAnswer, answer_words, is_undecided
from relaysim.render.space.ranges import interval_texts

__all__ = ["RANGE_COLUMNS", "csv_lines", "map_csv", "map_document", "range_cells"]


def map_document(answer: MapAnswer) -> dict[str, Any]:
    """Return the ``relaysim.map/1`` document."""
    configuration = answer.configuration
    return {
        "format": "relaysim.map/1",
        "configuration": configuration_document(configuration),
        "covered": {
            "endpoints": endpoint_documents(answer.spots),
            "tls": list(answer.tls),
        },
        "sessions": [
            _session(session) | narrowed(answer.spots, answer.tls) for session in answer.sessions
        ],
        "counts": [
            {
                "session": index,
                "family": family,
                **{name: _count(answer, index, family, name) for name in Answers._fields},
            }
            for index in range(len(answer.sessions))
            for family in answer.families
        ],
        "left_out": str(MAPPED) if 6 in answer.families else None,
        "regions": [
            _region(layer) | {"endpoints": endpoint_documents(block.spots), "tls": list(block.tls)}
            for block in answer.blocks
            for layer in block.rows
        ],
    }


def map_csv(answer: MapAnswer) -> str:
    """Return CSV: the run of addresses, how the client comes, and every answer."""
    heading = ("on", "tls", *RANGE_COLUMNS, "auth", "user", "connector")
    rows: list[list[str]] = [[*heading, *Answers._fields, "auth_as", "stage", "because"]]
    placed = [
        (block, interval, outcomes) for block in answer.blocks for interval, outcomes in block.rows
    ]
    for block, interval, outcomes in placed:
        for session, outcome in zip(answer.sessions, outcomes, strict=True):
            refusal = outcome.refusal
            rows.append(
                [
                    spot_words(block.spots, answer.spots),
                    tls_words(block.tls, both=len(answer.tls) > 1),
                    *range_cells(interval),
                    session.auth.value,
                    session.user or "",
                    outcome.connector.name if outcome.connector else "",
                    *(answer_words(outcome, name) for name in Answers._fields),
                    outcome.auth_as.value if outcome.auth_as else "",
                    refusal.stage.value if refusal else "",
                    refusal.because.value if refusal else "",
                ]
            )
    return csv_lines(rows, spreadsheet=answer.writing.spreadsheet)


RANGE_COLUMNS = ("family", "first", "last", "size", "kinds")
"""Headings of :func:`range_cells`."""


def range_cells(interval: Interval) -> tuple[str, ...]:
    """Return what CSV tells of a run of addresses."""
    first, last, kinds = str(interval.first), str(interval.last), ";".join(kinds_in(interval))
    return str(interval.family), first, last, str(interval.size), kinds


def csv_lines(rows: list[list[str]], *, spreadsheet: bool = False) -> str:
    """Return rows as CSV text; control characters are escaped, so that a row is a line.

    Args:
        rows: The cells.
        spreadsheet: Whether a spreadsheet will open it: then no cell is a formula.
    """
    import csv
    from io import StringIO

    from relaysim.errors import printable
    from relaysim.render.plain import no_formula

    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    shown = [[printable(text) for text in row] for row in rows]
    if spreadsheet:
        shown = [[no_formula(text) for text in row] for row in shown]
    writer.writerows(shown)
    return stream.getvalue()


def _count(answer: MapAnswer, index: int, family: int, name: str) -> int:
    return answer.where(
        family, lambda layer: bool(getattr(layer.outcomes[index].answers, name).answer)
    ).size


def _session(session: Session) -> dict[str, Any]:
    return {
        "auth": session.auth.value,
        "user": session.user,
        "groups": list(session.groups),
    }


def _region(layer: Layer) -> dict[str, Any]:
    interval = layer.interval
    return {
        "family": interval.family,
        "first": str(interval.first),
        "last": str(interval.last),
        "size": interval.size,
        "cidr": interval_texts(interval, "cidr"),
        "kinds": kinds_in(interval),
        "outcomes": [_outcome(outcome) for outcome in layer.outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    undecided = outcome.undecided
    return {
        "connector": outcome.connector.name if outcome.connector else None,
        "decided": not is_undecided(outcome),
        "answers": {
            name: answer_document(answer) for name, answer in outcome.answers._asdict().items()
        },
        "auth_as": outcome.auth_as.value if outcome.auth_as else None,
        "refusal": refusal_document(outcome.refusal),
        "assumptions": [
            {"rule": a.rule, "text": a.text, "affects": list(a.affects)}
            for a in outcome.assumptions
        ],
        "undecided": None if undecided is None else undecided._asdict(),
    }
