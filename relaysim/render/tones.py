"""Colours of answers: what opens something to strangers is red, and nothing of that is green.

Words say it all; a colour only points where somebody looking for holes should look first.
"""

from relaysim.model.answers.catalogue import ANSWERS
from relaysim.model.principals import ANONYMOUS_LOGON, EVERYONE, Principal
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.render.view import Tone

__all__ = ["answer_tone", "entry_tone", "is_stranger"]

_OPENS = frozenset(answer.name for answer in ANSWERS if answer.is_opening)
"""Answers that a stranger should not get."""
_OPENING_RIGHTS = {answer.right for answer in ANSWERS if answer.is_opening} | {
    Right.ALL_EXTENDED_RIGHTS,
    Right.FULL_CONTROL,
}


def is_stranger(auth: AuthKind) -> bool:
    """Tell whether a client comes without proving who it is."""
    return auth in (AuthKind.NONE, AuthKind.PARTNER)


def answer_tone(name: str, *, answer: bool | None, auth: AuthKind) -> Tone:
    """Return the tone of an answer.

    Args:
        name: The field of :class:`~relaysim.model.decision.Answers`.
        answer: Yes, no, or undecided.
        auth: How the client identifies itself.
    """
    if answer is None:
        return "warn"
    if not is_stranger(auth) or name not in _OPENS:
        return "" if answer else "dim"
    return "bad" if answer else "good"


def entry_tone(principal: Principal, right: Right, *, allows: bool) -> Tone:
    """Return the tone of an entry that allows or denies a right to somebody."""
    if not allows:
        return "strong"
    strangers = principal in (ANONYMOUS_LOGON, EVERYONE)
    return "bad" if strangers and right in _OPENING_RIGHTS else ""
