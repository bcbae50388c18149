"""Client lines: verbs, and the parameters of MAIL FROM and RCPT TO."""

from typing import NamedTuple

from relaysim.errors import RelaysimError
from relaysim.net.address import parse_address
from relaysim.smtp.paths import SmtpPath, parse_path, split_path

__all__ = ["Envelope", "parse_envelope", "parse_hello", "split_command"]

_HELLO_EXTRA = frozenset(".-_")


class Envelope(NamedTuple):
    """The argument of MAIL FROM or RCPT TO.

    Attributes:
        path: The path, with its own problem if it has one.
        parameters: Keywords, upper-case, and values (``""`` without one), in order.
        problem: What is wrong with the argument around the path, or ``""``.
    """

    path: SmtpPath
    parameters: tuple[tuple[str, str], ...] = ()
    problem: str = ""

    def value(self, keyword: str) -> str | None:
        """Return the value of a parameter, ``None`` when it is not given."""
        for name, value in self.parameters:
            if name == keyword:
                return value
        return None


_NOTHING = SmtpPath("", "", "", "")


def split_command(line: str) -> tuple[str, str]:
    """Return the verb, upper-case, and the argument.

    >>> split_command("mail from:<a@b.example> SIZE=3")
    ('MAIL', 'from:<a@b.example> SIZE=3')
    """
    verb, _, argument = line.strip(" \t").partition(" ")
    return (verb.upper() if verb.isascii() else verb), argument.strip(" \t")


def parse_envelope(argument: str, keyword: str) -> Envelope:
    """Return what stands after MAIL or RCPT; ``keyword`` is ``FROM`` or ``TO``.

    Never raises: what is wrong stands in ``problem`` or in the path's.
    """
    word, colon, rest = argument.partition(":")
    if not colon or word.strip(" \t").upper() != keyword:
        return Envelope(_NOTHING, problem=f"`{keyword}:` is missing")
    inside, tail = split_path(rest)
    if inside is None:
        return Envelope(_NOTHING, problem="the address is not closed")
    path = parse_path(inside)
    if inside == "" and not rest.lstrip(" \t").startswith("<"):
        return Envelope(_NOTHING, problem="there is no address")
    parameters: list[tuple[str, str]] = []
    for text in tail.split():
        name, equals, value = text.partition("=")
        if not name or (equals and not value) or not text.isprintable():
            return Envelope(path, tuple(parameters), "a parameter is malformed")
        parameters.append((name.upper() if name.isascii() else name, value))
    return Envelope(path, tuple(parameters))


def parse_hello(argument: str) -> str:
    """Return what is wrong with the name in EHLO or HELO, ``""`` when nothing is.

    No name at all passes, as it does on a connector that does not require one, and so does an
    underscore.

    Source: TELNET16.

    >>> parse_hello("ylmf-pc"), parse_hello("printer.")
    ('', 'the name has an empty label')
    """
    if not argument:
        return ""
    if len(argument) > 255:
        return "the name is longer than 255 characters"
    if argument.startswith("["):
        return _literal_problem(argument)
    if not all((char.isascii() and char.isalnum()) or char in _HELLO_EXTRA for char in argument):
        return "the name has a character that no host name has"
    if "" in argument.split("."):
        return "the name has an empty label"
    return ""


def _literal_problem(literal: str) -> str:
    inside = literal[1:-1]
    if inside[:5].upper() == "IPV6:":
        inside = inside[5:]
    try:
        parse_address(inside if literal.endswith("]") else "")
    except RelaysimError:
        return "the address in brackets is none"
    return ""
