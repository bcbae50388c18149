"""``relaysim explain "550 5.7.60 ..."``: from a reply to what decides it."""

import re
import sys

from relaysim.analysis.endpoints import EVERYBODY, Narrowing, Surface, endpoints
from relaysim.analysis.reach import ways
from relaysim.analysis.refused import refused_so, with_own_domain
from relaysim.errors import InvalidInput
from relaysim.model.decision import Refusal
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion
from relaysim.net.addrset import AddressSet
from relaysim.render.answers.reply_view import ReplyAnswer
from relaysim.smtp.known_replies import KnownReply, recognise

__all__ = ["answer_reply", "is_reply", "reply_text"]

_LOOKS = re.compile(r"(^|\D)[245]\d\d([ -]|$)|\b[245]\.\d{1,3}\.\d{1,3}\b")
_KINDS = (AuthKind.NONE, AuthKind.USER, AuthKind.EXCHANGE, AuthKind.EDGE, AuthKind.PARTNER)
_MOST = 1 << 20


def is_reply(text: str) -> bool:
    """Tell whether a text has a reply code, an enhanced code or the words of a known reply."""
    return _LOOKS.search(text) is not None or recognise(text).by_words


def reply_text(text: str) -> str:
    """Return the text, or for ``-`` what stands on standard input.

    Raises:
        InvalidInput: Nothing stands there, or too much.
    """
    if text != "-":
        return text
    read = sys.stdin.read(_MOST + 1)
    if not read.strip():
        raise InvalidInput("nothing on standard input")
    if len(read) > _MOST:
        raise InvalidInput("more than 1,048,576 characters on standard input")
    return read


def answer_reply(
    text: str,
    organization: Organization | None,
    *,
    source: str | None,
    among: AddressSet | None,
    auth: AuthKind | None,
    ports: tuple[int, ...],
    sender: str | None = None,
    recipient: str | None = None,
    exchange: ExchangeVersion | None = None,
) -> ReplyAnswer:
    """Return what a reply comes from, here when there is a configuration.

    Args:
        text: The reply, or something that holds it.
        organization: The servers to search, or ``None``.
        source: Where they came from.
        among: Only clients among these addresses.
        auth: Only clients that identify themselves so.
        ports: Only these ports.
        sender: The sender, where it is known.
        recipient: The recipient, where it is known.
        exchange: The version that was given for servers that tell none.
    """
    found = recognise(text)
    if organization is None:
        return ReplyAnswer(text, found, None, (), ())
    if sender is None and recipient is None:
        organization = with_own_domain(organization)
    surface = Surface(organization, endpoints(organization, Narrowing(ports=ports)))
    kinds = _KINDS if auth is None else (auth,)
    refused = refused_so(
        surface,
        ways(organization, kinds),
        lambda refusal: _is_one_of(refusal, found.replies),
        among=among if among is None else among & EVERYBODY,
        sender=sender,
        recipient=recipient,
    )
    given = exchange.value if exchange is not None else None
    return ReplyAnswer(text, found, source, surface.spots, refused.sessions, given, refused.missing)


def _is_one_of(refusal: Refusal, replies: tuple[KnownReply, ...]) -> bool:
    """Tell whether a refusal is one of these, in the words of its version."""
    said = refusal.reply
    return said is not None and any(said.startswith(known.reply) for known in replies)
