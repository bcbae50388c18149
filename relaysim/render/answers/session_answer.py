"""A dialogue that was played, in every format it can be written in."""

from typing import Any, NamedTuple

from relaysim.config.source import Configuration
from relaysim.render.answers.dialogue_json import session_document
from relaysim.render.answers.transcript import TranscriptStyle, render_transcript
from relaysim.smtp.record import Dialogue

__all__ = ["PlayedSession", "played_document", "played_log", "played_smtp"]


class PlayedSession(NamedTuple):
    """A dialogue, and how it is written.

    Attributes:
        configuration: Where the organization came from.
        dialogue: What was said.
        stamp: Time in every row of a log.
        why: Whether replies are explained, in ``smtp``.
    """

    configuration: Configuration
    dialogue: Dialogue
    stamp: str
    why: bool = False


def played_smtp(played: PlayedSession) -> str:
    """Return the lines of client and server."""
    return render_transcript(played.dialogue, TranscriptStyle.SMTP, why=played.why)


def played_log(played: PlayedSession) -> str:
    """Return the rows of a protocol log."""
    return render_transcript(played.dialogue, TranscriptStyle.LOG, stamp=played.stamp)


def played_document(played: PlayedSession) -> dict[str, Any]:
    """Return the ``relaysim.session/1`` document."""
    return session_document(played.configuration, played.dialogue)
