"""SMTP paths: what stands between the angle brackets of MAIL FROM and RCPT TO.

The domain after the last ``@`` outside quotes decides whether an address is local, and nothing
else does: not a source route, not ``%`` or ``!`` in the local part, not a domain inside quotes.
An address without a domain is nobody's.
"""

import re
from typing import NamedTuple

from relaysim.errors import RelaysimError
from relaysim.model.organization import ascii_domain
from relaysim.net.address import parse_address

__all__ = ["LONGEST_PATH", "SmtpPath", "Trait", "parse_path", "split_path"]

LONGEST_PATH = 571
"""Characters of an address that a connector takes; see docs/explanation/limits.md."""

_PLAIN = re.compile(r"([A-Za-z0-9_+\-]+(?:\.[A-Za-z0-9_+\-]+)*)@([A-Za-z0-9](?:[A-Za-z0-9.\-]*))\Z")
_ATOM = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~."
)

Trait = str
"""What is special about a path: ``null``, ``no-domain``, ``quoted``, ``route``, ``literal``,
``percent``, ``bang``, ``international``."""


class SmtpPath(NamedTuple):
    """A path, understood or not.

    Attributes:
        text: What was written between the brackets.
        mailbox: The address it means, without route; ``""`` for the null path or a problem.
        local: Local part as written.
        domain: Domain as written, ``""`` without one; a literal keeps its brackets.
        route: Hosts of a source route, without ``@``; they are not used.
        traits: What is special about it.
        problem: Why it is no path, one clause, or ``""``.
    """

    text: str
    mailbox: str
    local: str
    domain: str
    route: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()
    problem: str = ""


def split_path(text: str) -> tuple[str | None, str]:
    """Return the inside of the brackets and what follows them, or ``None`` and all of it.

    Without brackets the path ends at the first blank outside quotes, as a telnet user types it.

    >>> split_path('<"a>b"@contoso.com> SIZE=5')
    ('"a>b"@contoso.com', 'SIZE=5')
    """
    text = text.lstrip(" \t")
    bracketed = text.startswith("<")
    quoted = escaped = False
    for index, char in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif bracketed and char == ">":
            rest = text[index + 1 :]
            if rest and rest[0] not in " \t":
                return None, text
            return text[1:index], rest.strip(" \t")
        elif not bracketed and char in " \t":
            return text[:index], text[index:].strip(" \t")
    if bracketed or quoted or not text:
        return None, text
    return text, ""


def parse_path(text: str) -> SmtpPath:
    r"""Return the path that ``text``, the inside of the brackets, means.

    Never raises: what is wrong stands in ``problem``.

    Source: RFC5321, RFC6531.

    >>> parse_path("@relay.example:someone@example.net").mailbox
    'someone@example.net'
    >>> parse_path("example.net!someone").traits
    ('bang', 'no-domain')
    """
    plain = _PLAIN.match(text)
    if plain is not None and len(text) <= LONGEST_PATH:
        local, domain = plain.group(1), plain.group(2)
        problem = _domain_problem(domain)
        return SmtpPath(text, "" if problem else text, local, domain, (), (), problem)
    if text == "":
        return SmtpPath("", "", "", "", (), ("null",))
    if len(text) > LONGEST_PATH:
        return _broken(text, f"it is longer than {LONGEST_PATH} characters")
    if not text.isprintable():
        return _broken(text, "it holds a control character or bytes that are no text")
    route, mailbox, problem = _split_route(text)
    if problem:
        return _broken(text, problem)
    local, domain, problem = _split_mailbox(mailbox)
    if problem:
        return _broken(text, problem)
    return SmtpPath(text, mailbox, local, domain, route, _traits(route, local, domain), "")


def _broken(text: str, problem: str) -> SmtpPath:
    return SmtpPath(text, "", "", "", (), (), problem)


def _traits(route: tuple[str, ...], local: str, domain: str) -> tuple[Trait, ...]:
    traits = []
    if route:
        traits.append("route")
    if local.startswith('"'):
        traits.append("quoted")
    if "%" in local:
        traits.append("percent")
    if "!" in local:
        traits.append("bang")
    if domain.startswith("["):
        traits.append("literal")
    if not local.isascii() or not domain.isascii():
        traits.append("international")
    if not domain:
        traits.append("no-domain")
    return tuple(traits)


def _split_route(text: str) -> tuple[tuple[str, ...], str, str]:
    if not text.startswith("@"):
        return (), text, ""
    depth = 0
    for index, char in enumerate(text):
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        elif char == '"':
            break
        elif char == ":" and depth == 0:
            hosts = text[:index].split(",")
            if not all(host.startswith("@") for host in hosts):
                return (), "", "a host of its source route has no @"
            names = tuple(host[1:] for host in hosts)
            for name in names:
                problem = _domain_problem(name)
                if problem:
                    return (), "", f"in its source route, {problem}"
            return names, text[index + 1 :], ""
    return (), "", "its source route has no end"


def _split_mailbox(text: str) -> tuple[str, str, str]:
    """Return local part, domain and problem."""
    if text.startswith('"'):
        end = _closing_quote(text)
        if end < 0:
            return "", "", "a quoted local part is not closed"
        local, rest = text[: end + 1], text[end + 1 :]
        if rest and not rest.startswith("@"):
            return "", "", "something stands between the quoted local part and the @"
        domain, has_at = rest[1:], bool(rest)
    else:
        local, at, domain = text.partition("@")
        has_at = bool(at)
        problem = _local_problem(local)
        if problem:
            return "", "", problem
    if not has_at:
        return local, "", ""
    problem = _domain_problem(domain)
    return (local, domain, "") if not problem else ("", "", problem)


def _closing_quote(text: str) -> int:
    escaped = False
    for index in range(1, len(text)):
        if escaped:
            escaped = False
        elif text[index] == "\\":
            escaped = True
        elif text[index] == '"':
            return index
    return -1


def _local_problem(local: str) -> str:
    if not local:
        return "the local part is empty"
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "a dot stands at the edge of the local part or beside another dot"
    for char in local:
        if char not in _ATOM and char.isascii():
            return f"`{char}` in the local part needs quotes"
    return ""


def _domain_problem(domain: str) -> str:
    if domain.startswith("["):
        return _literal_problem(domain)
    if "@" in domain:
        return "it has more than one @"
    name = ascii_domain(domain)
    if not name:
        return "the domain is empty"
    if len(name) > 255:
        return "the domain is longer than 255 characters"
    for label in name.split("."):
        if not label or len(label) > 63:
            return "a label of the domain is empty or longer than 63 characters"
        if label[0] == "-" or label[-1] == "-":
            return "a label of the domain begins or ends with a hyphen"
        if not all(char.isalnum() or char in "-_" for char in label):
            return "the domain has a character that no host name has"
    return ""


def _literal_problem(domain: str) -> str:
    if not domain.endswith("]"):
        return "the address literal is not closed"
    inside = domain[1:-1]
    if inside[:5].casefold() == "ipv6:":
        inside = inside[5:]
    elif ":" in inside:
        return "an IPv6 literal begins with `IPv6:`"
    try:
        parse_address(inside)
    except RelaysimError:
        return "the address literal is no address"
    return ""
