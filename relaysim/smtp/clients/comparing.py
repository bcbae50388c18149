"""A dialogue against a transcript of a real server: do the replies agree?"""

from typing import NamedTuple

from relaysim.smtp.record import Dialogue

__all__ = ["DialogueDifference", "differences", "settle"]


class DialogueDifference(NamedTuple):
    """A place where the replies differ.

    Attributes:
        after: The client's line before it, ``""`` for the greeting.
        seen: Lines of the real server.
        answered: Lines that the configuration answers.
    """

    after: str
    seen: tuple[str, ...]
    answered: tuple[str, ...]


def differences(dialogue: Dialogue, text: str) -> tuple[DialogueDifference, ...]:
    """Return where a dialogue differs from the transcript whose client lines it plays.

    Args:
        dialogue: The dialogue of the transcript's ``C:`` lines.
        text: The transcript; ``S:`` lines are the real server's. Where it has none after a
            client line, nothing is compared: unknown is not wrong.

    Returns:
        The differences in order; host names, times, ids and sizes are left out of account.
    """
    actual: list[tuple[str, list[str]]] = [("", [])]
    for exchange in dialogue.exchanges:
        actual += [(line, []) for line in exchange.said]
        actual[-1][1].extend(exchange.reply)
    found = []
    for index, (after, seen) in enumerate(_groups(text)):
        answered = tuple(actual[index][1]) if index < len(actual) else ()
        if seen and [settle(line) for line in seen] != [settle(line) for line in answered]:
            found.append(DialogueDifference(after, tuple(seen), answered))
    return tuple(found)


def settle(line: str) -> str:
    """Return a reply without what the real server's clock, name and queue made of it.

    >>> settle("250-mail.contoso.com Hello [192.0.2.1]")
    '250-... Hello [...]'
    """
    if line.startswith("220 ") and "Microsoft ESMTP MAIL Service ready" in line:
        return "220 ... Microsoft ESMTP MAIL Service ready"
    if " Hello [" in line and line[3:4] in ("-", " "):
        return f"{line[:4]}... Hello [...]"
    if line.startswith("250 2.6.0 ") and line.endswith("Queued mail for delivery"):
        return "250 2.6.0 ... Queued mail for delivery"
    return "334 ..." if line.startswith("334 ") else line.rstrip()


def _groups(text: str) -> list[tuple[str, list[str]]]:
    """Return each client line with the server lines behind it, the greeting first."""
    groups: list[tuple[str, list[str]]] = [("", [])]
    for line in text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"):
        if line.startswith("C:"):
            groups.append((line[2:].removeprefix(" "), []))
        elif line.startswith("S:"):
            groups[-1][1].append(line[2:].removeprefix(" "))
    return groups
