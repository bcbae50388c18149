"""A reply explained: who says so, why, and which sessions here get it."""

import re
import shlex
from typing import Any, NamedTuple

from relaysim.analysis.endpoints import Spot
from relaysim.analysis.refused import RefusedSessions
from relaysim.errors import printable
from relaysim.model.decision import Missing
from relaysim.render.places import endpoint_documents, spot_words, tls_words
from relaysim.render.space.who_can_view import who_words
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.weighed.audit_view import range_words
from relaysim.render.wording import unknown_words
from relaysim.smtp.known_replies import KnownReply, Recognised, also

__all__ = ["ReplyAnswer", "reply_document", "reply_view"]

_SHOWN = 30


class ReplyAnswer(NamedTuple):
    """A reply that was looked up.

    Attributes:
        text: What the user gave.
        recognised: What it was recognised as.
        source: The configuration that was searched, or ``None``.
        spots: Every endpoint that was covered.
        sessions: The sessions that get it there.
        exchange: The version that was given for servers that tell none, or ``None``.
        missing: Facts that are not known and on which it hangs whether further sessions get it.
    """

    text: str
    recognised: Recognised
    source: str | None
    spots: tuple[Spot, ...]
    sessions: tuple[RefusedSessions, ...]
    exchange: str | None = None
    missing: tuple[Missing, ...] = ()


def _verdict(answer: ReplyAnswer) -> str:
    found = answer.recognised
    if not found.replies:
        if found.others:
            return f"this is not your receive connector: {found.others[0]}"
        return "no receive connector says this: look at what stands between, or behind it"
    if not found.by_words and found.others:
        return f"this is not your receive connector: {found.others[0]}"
    # An enhanced code that one reply alone has tells as much as its words.
    alone = len(found.replies) == 1 and re.search(r"\d\.\d+\.\d+", answer.text)
    if not found.by_words and not re.search("[A-Za-z]{2}", answer.text) and not alone:
        return "Exchange uses this code; the words of the reply would tell which of these it is"
    if not found.by_words and re.search("[A-Za-z]{2}", answer.text):
        return "the code is Exchange's, the words are not: perhaps another system's"
    first = found.replies[0]
    return f"{first.stage}: {first.decides} ({first.rule})"


def _facts(known: KnownReply) -> Fact:
    lines = (
        known.reply,
        f"at {known.stage}, {known.versions}, rule {known.rule}",
        known.decides,
        *filter(None, (also(known),)),
    )
    return Fact("reply", lines)


def reply_view(answer: ReplyAnswer) -> View:
    """Return the view: what decides it, who else says so, and the sessions that get it."""
    found = answer.recognised
    above = [_facts(known) for known in found.replies[:5]]
    above += [Fact("others", (who,)) for who in found.others]
    grids = []
    below = []
    if answer.source is not None:
        if answer.sessions:
            rows = tuple(
                (
                    cell(each.connector or "(none)"),
                    cell(who_words(each.way)),
                    cell(each.message),
                    cell(range_words(each.addresses)),
                    cell(spot_words(each.spots, answer.spots)),
                    TableCell(tls_words(each.tls, both=True)),
                )
                for each in answer.sessions[:_SHOWN]
            )
            columns = ("CONNECTOR", "WHO", "MESSAGE", "FROM", "ON", "TLS")
            grids.append(Grid(columns, rows, fold=(2, 3, 4), readable=16, key=0))
            below.append(Fact("tell apart", (_questions(answer),)))
            below.append(Fact("next", (_next(answer),)))
        elif answer.missing:
            text = f"whether a session on {answer.source} gives this reply cannot be told"
            below.append(Fact("here", (text,)))
        else:
            text = f"no session on {answer.source} gives this reply"
            below.append(Fact("here", (text, "look at another server, or what stands between")))
        if answer.sessions and answer.missing:
            text = "further sessions may get it, which cannot be told"
            below.append(Fact("here", (text,)))
        below += [Fact("unknown", (words,), "warn") for words in unknown_words(answer.missing)]
    return View(printable(_verdict(answer)), "strong", tuple(above), tuple(grids), tuple(below))


_NEEDS = {"O-1": "submit", "O-2": "relay", "O-7": "own-domain-sender", "O-12": "bypass-size-limit"}


def _next(answer: ReplyAnswer) -> str:
    """Return the command that takes over: for the first client that gets the reply here."""
    first = answer.sessions[0]
    need = next(
        (_NEEDS[known.rule] for known in answer.recognised.replies if known.rule in _NEEDS), ""
    )
    ip = str(first.addresses.intervals[0].first) if first.addresses.size == 1 else "ADDRESS"
    words = ["relaysim", "suggest", "--ip", ip, "--need", need or "submit"]
    if first.way.auth.value != "none":
        words += ["--auth", first.way.auth.value]
    port = first.spots[0].port
    if port != 25:
        words += ["--port", str(port)]
    words += ["-c", answer.source or ""]
    if answer.exchange is not None:
        words += ["--exchange", answer.exchange]
    return shlex.join(words)


def _questions(answer: ReplyAnswer) -> str:
    """Return the smallest facts that tell the sessions apart."""
    sessions = answer.sessions
    asked = []
    if len({each.connector for each in sessions}) > 1:
        asked.append("which address does the server see?")
    if len({each.way.auth for each in sessions}) > 1:
        asked.append("was it authenticated, and how?")
    if len({each.spots for each in sessions}) > 1:
        asked.append("which port did it connect to?")
    if len({each.tls for each in sessions}) > 1:
        asked.append("did it use TLS?")
    if len({each.message for each in sessions}) > 1:
        asked.append("who were sender and recipient?")
    return " ".join(asked) or "nothing: there is one kind of session"


def reply_document(answer: ReplyAnswer) -> dict[str, Any]:
    """Return the ``relaysim.explain-reply/1`` document."""
    found = answer.recognised
    return {
        "format": "relaysim.explain-reply/1",
        "verdict": _verdict(answer),
        "by_words": found.by_words,
        "replies": [{**known._asdict(), "also": also(known) or None} for known in found.replies],
        "others": list(found.others),
        "configuration": answer.source,
        "sessions": [
            {
                "connector": each.connector,
                "who": who_words(each.way),
                "auth": each.way.auth.value,
                "message": each.message,
                "stage": each.refusal.stage.value,
                "reply": each.refusal.reply,
                "ranges": [str(interval) for interval in each.addresses],
                "endpoints": endpoint_documents(each.spots),
                "tls": list(each.tls),
            }
            for each in answer.sessions
        ],
        "missing": [{"fact": each.fact, "command": each.command} for each in answer.missing],
    }
