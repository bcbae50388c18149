"""Logs held against configurations, in every format that this can be written in."""

from typing import Any, NamedTuple

from relaysim.render.view import View
from relaysim.render.weighed.replay_document import replay_document
from relaysim.render.weighed.replay_rows import replay_csv, replay_markdown
from relaysim.render.weighed.replay_view import replay_view
from relaysim.replay.reading.saved import encode_summary
from relaysim.replay.report import ReplayReport

__all__ = ["ReplayTold", "told_csv", "told_document", "told_markdown", "told_summary", "told_view"]


class ReplayTold(NamedTuple):
    """What the logs show.

    Attributes:
        report: Every session held against the configuration.
        sources: Where the configuration came from, and the changed one.
        spreadsheet: No cell of CSV is a formula.
    """

    report: ReplayReport
    sources: tuple[str, ...]
    spreadsheet: bool = False


def told_view(told: ReplayTold) -> View:
    """Return it in words."""
    return replay_view(told.report, told.sources)


def told_document(told: ReplayTold) -> dict[str, Any]:
    """Return the ``relaysim.replay/1`` document."""
    return replay_document(told.report, told.sources)


def told_csv(told: ReplayTold) -> str:
    """Return a row for each kind of session."""
    return replay_csv(told.report, spreadsheet=told.spreadsheet)


def told_markdown(told: ReplayTold) -> str:
    """Return a table for a ticket."""
    return replay_markdown(told.report)


def told_summary(told: ReplayTold) -> str:
    """Return the logs' summary, from which they can be judged again."""
    return encode_summary(told.report.summary)
