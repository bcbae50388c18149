"""A message's headers: which survive, what the server adds, and what a recipient sees.

Source: HF13, RC16, AM10, HDR, TIMM, KB288635.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from relaysim.engine.identity import IdentityKind
from relaysim.engine.standing import AuthenticatedSession
from relaysim.model.decision import AuthAs
from relaysim.model.organization import domain_of
from relaysim.model.rights import Right
from relaysim.smtp.record import HeaderFate

__all__ = [
    "Header",
    "added_headers",
    "from_address",
    "guard",
    "header_fates",
    "parse_headers",
    "shown_sender",
]

_ORGANIZATION = "x-ms-exchange-organization-"
_FOREST = "x-ms-exchange-forest-"


class Header(NamedTuple):
    """One header, unfolded.

    Attributes:
        name: As written.
        value: On one line, without surrounding blanks.
    """

    name: str
    value: str


def parse_headers(lines: Iterable[str]) -> tuple[Header, ...]:
    """Return the headers of a message up to its first empty line.

    A line that is neither a header nor a continuation ends them, as a body without an empty line
    before it does.

    >>> parse_headers(["Subject: a", " b", "", "To: x"])
    (Header(name='Subject', value='a b'),)
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line == "":
            break
        if line[0] in " \t":
            if found and (more := line.strip()):
                found[-1][1].append(more)
            continue
        name, colon, value = line.partition(":")
        if not colon or not name or " " in name.rstrip() or not name.isascii():
            break
        first = value.strip()
        found.append((name.rstrip(), [first] if first else []))
    return tuple(Header(name, " ".join(parts)) for name, parts in found)


def from_address(headers: Iterable[Header]) -> str | None:
    """Return the address in the From header: ``None`` without the header, ``""`` for ``<>``.

    The first address of several; display names, comments and quotes are passed over.

    >>> from_address([Header("From", '"Smith, A" <a@contoso.com>')])
    'a@contoso.com'
    """
    for header in headers:
        if header.name.casefold() == "from":
            return _first_address(header.value)
    return None


def _first_address(value: str) -> str:
    text, inside, in_brackets = "", "", False
    for char, is_mark in _outside_comments(value):
        if is_mark and char == "<":
            in_brackets, inside = True, ""
        elif is_mark and char == ">" and in_brackets:
            return inside.strip()
        elif is_mark and not in_brackets and char in ",;":
            if "@" in text:
                break
            text = ""
        elif in_brackets:
            inside += char
        else:
            text += char
    return (inside if in_brackets else text).strip()


def _outside_comments(value: str) -> Iterator[tuple[str, bool]]:
    """Yield each character outside comments, and whether it may be a mark: it is not quoted."""
    quoted = escaped = False
    depth = 0
    for char in value:
        is_mark = not (quoted or escaped)
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif not quoted and char in "()" and (depth or char == "("):
            depth += 1 if char == "(" else -1
            continue
        if not depth:
            yield char, is_mark


def guard(name: str) -> Right | None:
    """Return the right that keeps a header of this name, ``None`` for one nobody guards.

    >>> guard("Received").value
    'ms-Exch-Accept-Headers-Routing'
    """
    folded = name.casefold()
    if folded == "received" or folded.startswith("resent-"):
        return Right.ACCEPT_HEADERS_ROUTING
    if folded.startswith(_ORGANIZATION):
        return Right.ACCEPT_HEADERS_ORGANIZATION
    if folded.startswith(_FOREST):
        return Right.ACCEPT_HEADERS_FOREST
    return None


def header_fates(
    standing: AuthenticatedSession, headers: Iterable[Header]
) -> tuple[HeaderFate, ...]:
    """Return what becomes of each header (O-8): removed without its right, never refused."""
    fates = []
    for header in headers:
        right = guard(header.name)
        if right is None:
            fates.append(HeaderFate(header.name, header.value, kept=True))
        else:
            grant = standing.grant(right)
            fates.append(HeaderFate(header.name, header.value, bool(grant.granted), right, grant))
    return tuple(fates)


def added_headers(standing: AuthenticatedSession, auth_as: AuthAs) -> tuple[tuple[str, str], ...]:
    """Return what the server stamps on the message about the session.

    AuthMechanism is given only where its value was seen: 10 for an externally secured session,
    04 for another Exchange server. A spam confidence level is never predicted.
    """
    added = [
        ("X-MS-Exchange-Organization-AuthSource", standing.organization.full_name),
        ("X-MS-Exchange-Organization-AuthAs", auth_as.value),
    ]
    code = {IdentityKind.EXTERNALLY_SECURED: "10", IdentityKind.SERVER: "04"}.get(
        standing.identity.kind
    )
    if code is not None and auth_as is AuthAs.INTERNAL:
        added.append(("X-MS-Exchange-Organization-AuthMechanism", code))
    return tuple(added)


def shown_sender(
    standing: AuthenticatedSession, auth_as: AuthAs, address: str, written: str
) -> str:
    """Return what a recipient's Outlook shows as the sender, one sentence (O-4).

    Args:
        standing: The session.
        auth_as: How the message counts.
        address: Address of the From header, ``""`` without one.
        written: The From header as written.
    """
    if not address:
        return "Outlook shows no sender address: the message has none"
    if auth_as is not AuthAs.INTERNAL:
        return f"Outlook shows the sender as written, `{written}`: the address is not resolved"
    if standing.organization.is_accepted(domain_of(address)):
        return (
            f"Outlook shows the display name that the address list has for `{address}`, "
            "if a recipient of the organization has this address"
        )
    return (
        f"Outlook shows the sender as written, `{written}`, unless a contact of the address list "
        "has this address: the message counts as internal"
    )
