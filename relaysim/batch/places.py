"""Rows about several servers: each is asked of its server, or of all that it could mean (S-8)."""

from typing import Any

from relaysim.batch.rows import PLACE_COLUMNS, place_text, results_of
from relaysim.engine.compiled.organization import BulkAnswer, Compiled
from relaysim.engine.compiled.question import Question
from relaysim.errors import UnknownName
from relaysim.model.organization import Organization

__all__ = ["Places"]


class Places:
    """The servers of an organization, prepared for many rows.

    Args:
        organization: The organization, of one server or several.
        room: Bytes that may be kept of earlier rows.
    """

    def __init__(self, organization: Organization, *, room: int) -> None:
        self.compiled = Compiled(organization, room=room)

    def results(self, question: Question, server: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return the result columns of a row.

        Servers that decide alike give one answer; where their connectors have different names,
        each stands with its server. Otherwise nothing is answered, and ``error`` has every outcome.

        Args:
            question: The question.
            server: The name of a server, or nothing.
            wanted: The columns, empty.

        Raises:
            InvalidInput: There is no such server, or the question cannot be understood.
        """
        try:
            found = self.compiled.found(question, server=server)
        except UnknownName as error:
            for problem in error.problems:
                problem.where = "server"
            raise
        ruling = found.ruling
        if ruling.undecided is not None and ruling.undecided.rule == "S-8":
            return _apart(found, wanted)
        first = found.asked[0]
        names = first.verdict(question.session()) if ruling.has_names else None
        results = results_of(ruling, first.winner(question), wanted, names)
        if len(found.asked) > 1:
            results |= _places(found, question, [n for n in PLACE_COLUMNS if n in results])
        return results


def _places(found: BulkAnswer, question: Question, names: list[str]) -> dict[str, Any]:
    """Return the columns about the connectors that answer, each with its server if they differ."""
    winners = [(one.organization.server, one.winner(question)) for one in found.asked]
    columns = {}
    for name in names:
        values = [place_text(winner, name) for _, winner in winners]
        pairs = zip(winners, values, strict=True)
        each = (f"{server}\\{value or '(none)'}" for (server, _), value in pairs)
        columns[name] = values[0] if len(set(values)) == 1 else "; ".join(each)
    return columns


def _apart(found: BulkAnswer, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the results of a row that the servers answer differently."""
    undecided = found.ruling.undecided
    assert undecided is not None  # noqa: S101  # the servers differ
    results: dict[str, Any] = dict.fromkeys(wanted, "")
    for name in found.ruling.answers._fields:
        if name in results:
            results[name] = None
    options = "; ".join(undecided.options)
    return results | {
        "error": f"undecided: {undecided.text} ({undecided.rule}; missing: server); {options}"
    }
