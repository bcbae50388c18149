"""A summary as JSON text, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import AcceptedDomain, DomainType
from relaysim.replay.counts import ClientCount, ShapeCount
from relaysim.replay.logged import LoggedRecipient, LoggedSession, LoggedTransaction
from relaysim.replay.summary import Fragment, Summary, UnreadableRow

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SUMMARY_FORMAT", "decode_summary", "encode_summary"]

SUMMARY_FORMAT = "relaysim-replay-summary"
"""First value of a saved summary."""
_VERSION = 1
_Logged = TypeVar("_Logged", LoggedSession, LoggedTransaction, LoggedRecipient)
_PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str, type(None)),
    "int | None": (int, type(None)),
    "bool": (bool,),
}
"""The plain kinds of a field, as its annotation spells them."""


def encode_summary(summary: Summary) -> str:
    """Return a summary as JSON text, one line; equal for equal summaries."""
    shapes = [
        [logged, sorted((c, *n) for c, n in entry.clients.items())]
        for logged, entry in summary.shapes.items()
    ]
    accepted = summary.accepted
    document = {
        "format": SUMMARY_FORMAT,
        "version": _VERSION,
        "accepted": None
        if accepted is None
        else [[a.name, a.type.value, a.match_sub_domains] for a in accepted],
        "files": summary.files,
        "rows": summary.rows,
        "unreadable": summary.unreadable,
        "unreadable_count": summary.unreadable_count,
        "hours": summary.hours,
        "shapes": sorted(shapes, key=json.dumps),
        "fragments": summary.fragments,
    }
    return json.dumps(document, separators=(",", ":")) + "\n"


def decode_summary(text: str, file: str | None = None) -> Summary:
    """Return the summary of :func:`encode_summary`.

    Raises:
        InvalidInput: It is no summary, or of a version that is not known.
    """
    marks: tuple[object, object] = None, None
    try:
        document = json.loads(text)
        marks = document["format"], document["version"]
        if marks == (SUMMARY_FORMAT, _VERSION):
            return _decode(document)
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError):
        pass
    if marks[0] == SUMMARY_FORMAT and marks[1] != _VERSION:
        version = str(marks[1])[:20]
        message = f"a summary of version {version} (expected {_VERSION})"
        raise InvalidInput(Problem(message, file=file))
    raise InvalidInput(Problem("no summary of `relaysim replay`", file=file))


def _decode(document: dict[str, Any]) -> Summary:
    accepted = document["accepted"]
    return Summary(
        accepted=None
        if accepted is None
        else tuple(
            AcceptedDomain(name=str(name), type=DomainType(kind), match_sub_domains=bool(sub))
            for name, kind, sub in accepted
        ),
        shapes=dict(_shape(*each) for each in document["shapes"]),
        fragments=tuple(_fragment(*each) for each in document["fragments"]),
        files=tuple(str(name) for name in document["files"]),
        rows=int(document["rows"]),
        unreadable=tuple(
            UnreadableRow(str(f), int(n), str(w)) for f, n, w in document["unreadable"]
        ),
        unreadable_count=int(document["unreadable_count"]),
        hours=tuple(str(hour) for hour in document["hours"]),
    )


def _fragment(*parts: Any) -> Fragment:  # noqa: ANN401  # what JSON had
    *texts, rows = parts
    connector, session, local, remote, first, last = (str(text) for text in texts)
    return Fragment(
        connector, session, local, remote, first, last, tuple(_row(*row) for row in rows)
    )


def _row(sequence: int, event: str, data: str, context: str) -> tuple[int, str, str, str]:
    return int(sequence), str(event), str(data), str(context)


def _checked(one: _Logged) -> _Logged:
    """Return a part of a session whose plain values are what they should be.

    Raises:
        TypeError: One is not.
    """
    for value, kind in zip(one, type(one).__annotations__.values(), strict=True):
        expected = _PLAIN.get(kind.__forward_arg__)
        if expected is not None and type(value) not in expected:
            raise TypeError
    return one


def _shape(
    logged: Iterable[Any], clients: Iterable[tuple[str, int, str, str, str]]
) -> tuple[LoggedSession, ShapeCount]:
    session = _checked(LoggedSession(*logged))
    tokens = session.permissions
    session = session._replace(
        permissions=None if tokens is None else tuple(str(token) for token in tokens),
        transactions=tuple(
            _checked(
                LoggedTransaction(
                    s, r, tuple(_checked(LoggedRecipient(*each)) for each in rcpts), d
                )
            )
            for s, r, rcpts, d in session.transactions
        ),
    )
    return session, ShapeCount(
        clients={
            str(client): ClientCount(int(n), str(first), str(last), str(example))
            for client, n, first, last, example in clients
        }
    )
