"""The one table of what is asked about every session: words, rule and right of each answer.

What each place says of an answer is read here: labels and verbs, the rule that its page shows, the
right that a plan grants, the entries that a scenario's expectation covers, the colour.
"""

from typing import NamedTuple

from relaysim.model.rights import Right

__all__ = ["ANSWERS", "AskedAnswer"]


class AskedAnswer(NamedTuple):
    """One answer of :class:`~relaysim.model.decision.Answers`.

    Attributes:
        name: The field.
        label: What a table calls it, in the article's words where it has some.
        verb: What somebody does who may.
        rule: The rule that it follows from.
        right: The right that it hangs on.
        is_given_by_right: Whether that right alone gives it to whoever may submit.
        is_opening: Whether a stranger should not get it; that strangers submit is what a mail
            server is for.
    """

    name: str
    label: str
    verb: str
    rule: str
    right: Right
    is_given_by_right: bool = True
    is_opening: bool = True


ANSWERS = (
    AskedAnswer(
        "submit",
        "Submit",
        "submit",
        "O-1",
        Right.SUBMIT,
        is_given_by_right=False,
        is_opening=False,
    ),
    AskedAnswer("relay", "Relay", "relay", "O-2", Right.ACCEPT_ANY_RECIPIENT),
    AskedAnswer(
        "bypass_anti_spam", "Bypass anti-spam", "bypass anti-spam", "O-3", Right.BYPASS_ANTI_SPAM
    ),
    AskedAnswer(
        "resolve_p2",
        "ResolveP2",
        "have their P2 address resolved",
        "O-4",
        Right.ACCEPT_AUTHENTICATION_FLAG,
        is_given_by_right=False,
    ),
    AskedAnswer(
        "bypass_size_limit",
        "Bypass size limit",
        "bypass the size limit",
        "O-6",
        Right.BYPASS_MESSAGE_SIZE_LIMIT,
    ),
    AskedAnswer(
        "any_sender",
        "Send from foreign domains",
        "send from foreign domains",
        "O-7",
        Right.ACCEPT_ANY_SENDER,
        is_opening=False,
    ),
    AskedAnswer(
        "own_domain_sender",
        "Send as anyone in own domains",
        "send as anyone in own domains",
        "O-7",
        Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
    ),
    AskedAnswer(
        "keep_routing_headers",
        "Keep routing headers",
        "keep routing headers",
        "O-8",
        Right.ACCEPT_HEADERS_ROUTING,
        is_opening=False,
    ),
    AskedAnswer(
        "keep_organization_headers",
        "Keep organization headers",
        "keep organization headers",
        "O-8",
        Right.ACCEPT_HEADERS_ORGANIZATION,
    ),
    AskedAnswer(
        "keep_forest_headers",
        "Keep forest headers",
        "keep forest headers",
        "O-8",
        Right.ACCEPT_HEADERS_FOREST,
    ),
    AskedAnswer("exch50", "XEXCH50 accepted", "send XEXCH50", "O-9", Right.ACCEPT_EXCH50),
)
"""Every answer, in the order in which they are printed."""
