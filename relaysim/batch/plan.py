"""What a batch has to do with every block of its input, and what comes of a block."""

from array import array
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from relaysim.batch.cells import word
from relaysim.model.organization import Organization

__all__ = ["MESSAGES_KEPT", "SUMMARY", "BadRows", "BatchPlan", "Worked", "summary_key"]

MESSAGES_KEPT = 10
"""Bad rows of a block whose messages are kept; of a file no more are ever shown."""
SUMMARY = ("connector", "submit", "relay", "bypass_anti_spam", "resolve_p2", "stage", "error")
"""Columns that a summary counts by."""


class BatchPlan(NamedTuple):
    """What is to be done with every block.

    Attributes:
        organization: The organization to ask.
        source: Input format: ``csv`` or ``jsonl``.
        header: Columns of the input, in order; for JSON lines those of the output's beginning.
        target: Output format: ``csv``, ``jsonl`` or ``summary``.
        echo: Input columns to write out again; ``None`` for the keys of each row as they come.
        results: Result columns to write.
        pass_through: Unknown keys of JSON rows are no error.
        delimiter: What separates the cells of a CSV input.
        spreadsheet: No cell of a CSV output may be taken for a formula.
    """

    organization: Organization
    source: str
    header: tuple[str, ...]
    target: str
    echo: tuple[str, ...] | None
    results: tuple[str, ...]
    pass_through: bool
    delimiter: str = ","
    spreadsheet: bool = False


def summary_key(results: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words by which a summary counts a row with these results."""
    return (
        *(word(results[name]) for name in SUMMARY[:-1]),
        "(bad row)" if results["error"] else "",
    )


class BadRows:
    """The rows of a block without an answer, in order; compact, because they can be very many.

    Attributes:
        lines: The first line of each in the file.
        ends: Where the output of each ends in the output of the block.
        messages: Why, of the first ``MESSAGES_KEPT``.
    """

    __slots__ = ("ends", "lines", "messages")

    def __init__(self) -> None:
        self.lines, self.ends = array("Q"), array("Q")
        self.messages: list[str] = []

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, line: int, end: int, message: str) -> None:
        """Add one; its message is dropped when there are enough."""
        self.lines.append(line)
        self.ends.append(end)
        if len(self.messages) < MESSAGES_KEPT:
            self.messages.append(message)


class Worked(NamedTuple):
    """What came of a block.

    Attributes:
        text: Output, whole lines.
        rows: Number of rows.
        bad: Rows without an answer, in order.
        tally: For a summary, how often each combination of ``SUMMARY`` columns came.
    """

    text: bytes | memoryview
    rows: int
    bad: BadRows
    tally: Counter[tuple[str, ...]]
