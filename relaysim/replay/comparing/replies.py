"""Replies of a log held against refusals of the model: alike, contrary, or about other things."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relaysim.model.decision import Refusal

__all__ = ["ReplyMatch", "is_permission_refusal", "match_reply"]

_PERMISSION_CODES = frozenset(
    (
        "530 5.7.1",
        "530 5.7.57",
        "550 5.7.54",
        "550 5.7.60",
        "504 5.7.4",
        "535 5.7.3",
        "451 5.7.3",
        "454 4.7.0",
    )
)
"""Codes that Exchange uses for what its connectors decide, whatever the words."""
_PERMISSION_WORDS = ("unable to relay", "permissions to send as", "was not authenticated")
_UNKNOWN_FACTS = {
    "552 5.3.4": "the size of the message, which the log does not show",
    "452 4.5.3": "the number of recipients",
}


class ReplyMatch(Enum):
    """How a logged reply stands to what the model predicts."""

    ALIKE = "alike"
    OTHER_WORDS = "other words"
    """The same refusal in the words of another version."""
    LOGGED_REFUSAL = "logged refusal"
    PREDICTED_REFUSAL = "predicted refusal"
    OUTSIDE = "outside"
    """A refusal that no permission decides."""
    NOT_LOGGED = "not logged"


def is_permission_refusal(reply: str) -> bool:
    """Tell whether a refusal is one that the connector's permissions decide."""
    head = " ".join(reply.split(" ")[:2])
    words = reply.lower()
    return head in _PERMISSION_CODES or any(text in words for text in _PERMISSION_WORDS)


def match_reply(logged: str, predicted: Refusal | None) -> ReplyMatch:
    """Return how a logged reply stands to the predicted refusal at the same stage.

    Args:
        logged: The reply as sessions keep it, ``""`` when there is none.
        predicted: The refusal, or ``None`` when the model lets the command pass.
    """
    if not logged:
        return ReplyMatch.NOT_LOGGED
    if logged[:1] in "23":
        return ReplyMatch.PREDICTED_REFUSAL if predicted is not None else ReplyMatch.ALIKE
    if predicted is None or predicted.reply is None:
        if is_permission_refusal(logged):
            return ReplyMatch.LOGGED_REFUSAL
        return ReplyMatch.OUTSIDE
    if logged[:3] != predicted.reply[:3]:
        return ReplyMatch.OUTSIDE if not is_permission_refusal(logged) else ReplyMatch.OTHER_WORDS
    same = logged.split(" ")[:2] == predicted.reply.split(" ")[:2]
    return ReplyMatch.ALIKE if same else ReplyMatch.OTHER_WORDS


def unknown_fact(reply: str) -> str | None:
    """Return the fact a refusal hangs on that no log shows, or ``None``."""
    return _UNKNOWN_FACTS.get(" ".join(reply.split(" ")[:2]))
