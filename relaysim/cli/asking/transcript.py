"""Transcripts of one question, and the headers a message would keep, for several commands."""

import sys

from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import Organization
from relaysim.model.session import Session
from relaysim.render.answers.transcript import TranscriptStyle, header_lines, render_transcript
from relaysim.smtp.clients.client_script import client_of, lead
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.header_firewall import Header, header_fates, parse_headers

__all__ = ["fates_text", "read_headers", "read_text", "transcript_text"]


def transcript_text(
    organization: Organization,
    session: Session,
    style: TranscriptStyle | None,
    headers: tuple[Header, ...] = (),
) -> str:
    """Return the dialogue of a question, and what becomes of ``headers`` if there are any.

    Args:
        organization: The organization.
        session: The question.
        style: How the dialogue looks; ``None`` leaves it out.
        headers: Further headers of the message.
    """
    conversation = Conversation(organization, client_of(session))
    # The From header is part of the question already.
    played = [f"{h.name}: {h.value}" for h in headers if h.name.casefold() != "from"]
    lead(conversation, session, headers=played)
    text = "" if style is None else render_transcript(conversation.dialogue, style)
    return text + (fates_text(conversation, headers) if headers else "")


def fates_text(conversation: Conversation, headers: tuple[Header, ...]) -> str:
    """Return an empty line and a line for each header, by the session's permissions at its end."""
    if conversation.talk is None:
        return ""
    fates = header_fates(conversation.talk.standing, headers)
    return "\n" + "".join(f"{line}\n" for line in header_lines(fates))


def read_headers(path: str) -> tuple[Header, ...]:
    """Return the headers of a file, a whole message or headers alone.

    Raises:
        InvalidInput: It cannot be read or begins with no header.
    """
    headers = parse_headers(read_text(path).replace("\r\n", "\n").split("\n"))
    if not headers:
        raise InvalidInput(Problem("has no header in its first line", file=path))
    return headers


def read_text(path: str) -> str:
    """Return the text of a file or of standard input (``-``); bytes that are no UTF-8 survive.

    Raises:
        InvalidInput: It cannot be read.
    """
    if path == "-":
        bytes_in = getattr(sys.stdin, "buffer", None)
        if bytes_in is None:
            return sys.stdin.read()
        return str(bytes_in.read().decode("utf-8", "surrogateescape"))
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # as relaysim.config.source reads files
            return file.read().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        reason = "no such file"
    except IsADirectoryError:
        reason = "is a folder, not a file"
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({(getattr(error, 'strerror', None) or 'bad name').lower()})"
    raise InvalidInput(Problem(reason, file=path))
