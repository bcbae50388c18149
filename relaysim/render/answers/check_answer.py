"""The answer of ``check``: one decision, or one for each of several configurations."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from relaysim.config.source import Configuration
from relaysim.model.decision import Decision
from relaysim.render.view import View

__all__ = ["CheckAnswer", "check_answer_document", "check_answer_view"]


class CheckAnswer(NamedTuple):
    """What was decided.

    Attributes:
        configurations: Where each organization came from; never empty.
        decisions: The decision of each.
        brief: Leave out of one decision what a first look does not need.
    """

    configurations: Sequence[Configuration]
    decisions: Sequence[Decision]
    brief: bool = False


def check_answer_view(answer: CheckAnswer) -> View:
    """Return the view of the decision, or of several side by side."""
    from relaysim.render.answers.check_view import comparison_view, decision_view

    configurations, decisions, brief = answer
    if len(decisions) == 1:
        return decision_view(configurations[0], decisions[0], brief=brief)
    return comparison_view(configurations, decisions)


def check_answer_document(answer: CheckAnswer) -> dict[str, Any]:
    """Return the ``relaysim.check/1`` document, or ``relaysim.compare/1`` around several."""
    from relaysim.render.answers.jsondoc import check_document, compare_document

    pairs = zip(answer.configurations, answer.decisions, strict=True)
    documents = [check_document(*pair) for pair in pairs]
    return documents[0] if len(documents) == 1 else compare_document(documents)
