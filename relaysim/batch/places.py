"""Rows about several servers: each is asked of its server, or of all that it could mean (S-8)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from relaysim.batch.rows import PLACE_COLUMNS, results_of
from relaysim.engine.compiled.organization import Compiled
from relaysim.engine.compiled.question import Question
from relaysim.engine.compiled.ruling import Ruling
from relaysim.engine.decide import asked_servers, evaluate
from relaysim.errors import UnknownName
from relaysim.model.decision import Verdict
from relaysim.model.organization import Organization, find_server

__all__ = ["Places"]


class Places:
    """The servers of an organization, each prepared for many questions.

    Args:
        organization: The organization, of one server or several.
        room: Bytes that may be kept of earlier rows, shared out among the servers.
    """

    def __init__(self, organization: Organization, *, room: int) -> None:
        self._organization = organization
        share = max(room // len(organization.servers), 1 << 20)
        self._compiled = {
            each.server: Compiled(each, room=share) for each in organization.one_by_one()
        }

    @property
    def first(self) -> Compiled:
        """The first server."""
        return next(iter(self._compiled.values()))

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
        asked = self._asked(question, server)
        found = [_answered(compiled, question, wanted) for compiled in asked]
        results = [each.results for each in found]
        if len(found) > 1 and len({_essence(each.whole) for each in found}) > 1:
            return self._apart(question, wanted)
        first = results[0]
        for name in (name for name in PLACE_COLUMNS if name in first):
            values = [each[name] for each in results]
            if len(set(values)) > 1:
                pairs = zip(asked, values, strict=True)
                first[name] = "; ".join(
                    f"{compiled.organization.server}\\{value or '(none)'}"
                    for compiled, value in pairs
                )
        if "assumed" in first:
            rules = dict.fromkeys(rule for each in found for rule in each.ruling.assumed)
            first["assumed"] = " ".join(rules)
        return first

    def _asked(self, question: Question, server: str) -> Sequence[Compiled]:
        if server:
            try:
                return (self._compiled[find_server(self._organization, server).name],)
            except UnknownName as error:
                for problem in error.problems:
                    problem.where = "server"
                raise
        if len(self._compiled) == 1 or question.local_ip is None:
            return tuple(self._compiled.values())
        meant = asked_servers(self._organization, Question(*question).session())
        return tuple(self._compiled[each.server] for each in meant)

    def _apart(self, question: Question, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return the results of a row that the servers answer differently."""
        decision = evaluate(self._organization, Question(*question).session())
        undecided = decision.undecided
        assert undecided is not None  # noqa: S101  # the servers differ
        results: dict[str, Any] = dict.fromkeys(wanted, "")
        for name in decision.answers._fields:
            if name in results:
                results[name] = None
        options = "; ".join(undecided.options)
        return results | {
            "error": f"undecided: {undecided.text} ({undecided.rule}; missing: server); {options}"
        }


class _Found(NamedTuple):
    """What one server makes of a row.

    Attributes:
        ruling: The ruling.
        whole: The same with every name in it.
        results: The result columns.
    """

    ruling: Ruling
    whole: Ruling | Verdict
    results: dict[str, Any]


def _answered(compiled: Compiled, question: Question, wanted: dict[str, Any]) -> _Found:
    ruling, winner = compiled.ruling(question), compiled.winner(question)
    names = compiled.verdict(question.session()) if ruling.has_names else None
    whole = ruling if names is None else names
    return _Found(ruling, whole, results_of(ruling, winner, wanted, names))


def _essence(whole: Ruling | Verdict) -> object:
    """Return what must be the same for two servers to decide alike, as the engine has it."""
    refusal, undecided = whole.refusal, whole.undecided
    return (
        tuple((answer.answer, answer.denied) for answer in whole.answers),
        whole.auth_as,
        refusal and (refusal.stage, refusal.reply, refusal.recipient),
        undecided and (undecided.rule, undecided.text),
    )
