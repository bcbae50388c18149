"""An explanation: of a connector, a group, a right, a rule, an answer or a finding."""

from collections.abc import Callable
from typing import Any, NamedTuple

from relaysim.render.view import View

__all__ = ["Explanation", "explanation_document", "explanation_view"]


class Explanation(NamedTuple):
    """What ``explain`` tells, whatever it is about.

    Attributes:
        view: In words.
        document: Makes the same as data.
    """

    view: View
    document: Callable[[], dict[str, Any]]


def explanation_view(explanation: Explanation) -> View:
    """Return it in words."""
    return explanation.view


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """Return it as data."""
    return explanation.document()
