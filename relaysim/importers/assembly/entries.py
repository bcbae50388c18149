"""Entries of Get-ADPermission: who, which right, allowed or denied, inherited or not.

Source: PERM13.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from relaysim.importers.assembly.listing import items_of, lost_text, marked, truth
from relaysim.importers.assembly.remarks import Remark, entries_command
from relaysim.importers.records import Record
from relaysim.model.acl import Ace
from relaysim.model.principals import WELL_KNOWN, Principal, parse_principal
from relaysim.model.rights import Right, right_named

__all__ = ["Listing", "directory_domain", "read_listing"]

_SIDS = {principal.sid: principal for principal in WELL_KNOWN if principal.sid}
_EXCHANGE_GROUPS = (
    "exchange servers",
    "exchangelegacyinterop",
    "organization management",
    "exchange trusted subsystem",
    "exchange windows permissions",
)
_BUILT_IN = ("nt authority", "builtin", "ms exchange", "everyone")
_NT_NAMES = frozenset(
    (
        "anonymous logon",
        "authenticated users",
        "system",
        "self",
        "network",
        "interactive",
        "service",
        "batch",
        "dialup",
        "network service",
        "local service",
        "iusr",
        "this organization",
        "enterprise domain controllers",
        "restricted",
        "terminal server user",
        "remote interactive logon",
        "proxy",
        "other organization",
        "creator owner",
        "local account",
        "write restricted",
    )
)
_NT = re.compile(r"(?:^|\W)NT(?:\W|$)|autorit|autorid", re.IGNORECASE)


@dataclass(slots=True)
class Listing:
    """The entries of one connector as one output shows them.

    Attributes:
        title: The connector.
        file: The file.
        line: The line of the first entry.
        aces: The entries whose right, sense and principal are told, each once.
        readable: Whether every shown entry could be read whole.
        hidden: What a filter or a missing column keeps out of sight.
    """

    title: str
    file: str
    line: int | None
    aces: dict[Ace, int | None] = field(default_factory=dict)
    readable: bool = True
    hidden: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether these are all entries, as far as the output tells."""
        return self.readable and not self.hidden


def directory_domain(records: Iterable[Record]) -> str | None:
    r"""Return the NetBIOS name of the domain that entries show: that of Exchange's own groups.

    Without one of those it is the domain of most other principals.
    """
    counts: dict[str, int] = {}
    for record in records:
        prefix, slash, name = (record.text("User") or "").rpartition("\\")
        if not slash or prefix.casefold() in _BUILT_IN or _NT.search(prefix):
            continue
        if name.casefold() in _EXCHANGE_GROUPS:
            return prefix
        counts[prefix] = counts.get(prefix, 0) + 1
    return max(counts, key=lambda prefix: counts[prefix]) if counts else None


class _Once:
    """Remarks of one listing, each of them once."""

    def __init__(self, remarks: list[Remark], title: str) -> None:
        self._remarks = remarks
        self._title = title
        self._said: set[tuple[str, str]] = set()

    def __call__(
        self, kind: str, about: str, message: str, record: Record, name: str | None = None
    ) -> None:
        if (kind, about) in self._said:
            return
        self._said.add((kind, about))
        self._remarks.append(
            Remark(
                kind,
                message,
                record.file,
                record.line,
                self._title,
                name,
                entries_command(self._title),
            )
        )


def read_listing(title: str, records: list[Record], domain: str, remarks: list[Remark]) -> Listing:
    """Return the entries that records of one output show for one connector.

    Args:
        title: The connector, for remarks.
        records: Its rows.
        domain: NetBIOS name of the directory's domain.
        remarks: Takes what could not be told.
    """
    first = records[0]
    listing = Listing(title, first.file, first.line)
    say = _Once(remarks, title)
    inherited_told = True
    for record in records:
        rights = _rights(record, listing, say)
        principal = _principal(record, domain, listing, say)
        deny = _flag(record, "Deny")
        inherited = _flag(record, "IsInherited")
        if deny is None:
            listing.readable = False
            say(
                "lost-column",
                "Deny",
                "the output does not show Deny, so that an entry may allow or deny: none of these "
                "entries is taken",
                record,
                "Deny",
            )
            continue
        if inherited is None:
            inherited_told = False
        if principal is None:
            continue
        for right in rights:
            listing.aces.setdefault(Ace(principal, right, deny, bool(inherited)), record.line)
    _say_hidden(listing, first, say)
    if not inherited_told:
        _say_inherited(listing, first, say)
    return listing


def _say_inherited(listing: Listing, record: Record, say: _Once) -> None:
    denies = any(ace.deny for ace in listing.aces)
    listing.readable &= not denies
    say(
        "lost-column",
        "IsInherited",
        "the output does not show IsInherited; the entries are taken as explicit"
        + (", and since some of them deny, their order is not known" if denies else ""),
        record,
        "IsInherited",
    )


def _say_hidden(listing: Listing, record: Record, say: _Once) -> None:
    hidden = record.context.hidden
    if not hidden:
        return
    kept_out = tuple(text for text in hidden if "IsInherited" not in text)
    listing.hidden = kept_out
    what = ", ".join(hidden)
    say(
        "filtered-acl",
        what,
        f"the command above the output hides {what}"
        + (": a hidden deny would win over what is listed" if kept_out else " (A-3 is assumed)"),
        record,
        "Deny" if any("Deny" in text for text in hidden) else None,
    )


def _flag(record: Record, name: str) -> bool | None:
    text = record.text(name)
    if text is None:
        text = dict(record.context.fixed).get(name)
    return truth(text)


def _rights(record: Record, listing: Listing, say: _Once) -> list[Right]:
    if "ExtendedRights" not in record.values and "AccessRights" not in record.values:
        listing.readable = False
        say(
            "lost-column",
            "ExtendedRights",
            "the output shows who has an entry, and not which right it carries",
            record,
            "ExtendedRights",
        )
        return []
    text = record.text("ExtendedRights")
    if text is None:
        return _without_type(record, say)
    items = items_of(record, "ExtendedRights")
    if not items.is_whole:
        listing.readable = False
        lost = lost_text(text)
        say(
            "lost-column" if lost else "truncated",
            text,
            "the rights were lost, only the name of their type is left"
            if lost
            else f"the right was cut: {text}; which one it is cannot be told",
            record,
            "ExtendedRights",
        )
    return [right for item in items.items if (right := _right(item, record, say)) is not None]


def _right(text: str, record: Record, say: _Once) -> Right | None:
    right = right_named(text)
    if right is None and text.casefold().startswith("ms-exch-smtp"):
        say(
            "ambiguous",
            text,
            f"the right `{text}` is not known; the entry is left out",
            record,
            "ExtendedRights",
        )
    return right


def _without_type(record: Record, say: _Once) -> list[Right]:
    """Return the right of an entry that names no extended right."""
    if "AccessRights" not in record.values:
        who = record.text("User") or "an entry"
        say(
            "ambiguous",
            who,
            f"which right the entry of {who} carries is not shown (AccessRights is missing); no "
            "entry is made of it",
            record,
            "ExtendedRights",
        )
        return []
    words = [word.casefold() for word in items_of(record, "AccessRights").items]
    if "genericall" in words:
        return [Right.FULL_CONTROL]
    return [Right.ALL_EXTENDED_RIGHTS] if "extendedright" in words else []


def _principal(record: Record, domain: str, listing: Listing, say: _Once) -> Principal | None:
    sid = record.text("User.SecurityIdentifier")
    if sid in _SIDS:
        return _SIDS[sid]
    text = record.text("User") or dict(record.context.fixed).get("User")
    if text is None or marked(text) or lost_text(text):
        listing.readable = False
        say(
            "truncated" if text is not None and marked(text) else "partial-object",
            text or "",
            f"whom the entry is for cannot be told ({text or 'no User'}); it is left out",
            record,
            "User",
        )
        return None
    principal = parse_principal(text, domain)
    if principal not in WELL_KNOWN and _is_foreign(text):
        listing.readable = False
        say(
            "ambiguous",
            text,
            f"`{text}` is a name of another language that is not known: export the SID "
            "(`User.SecurityIdentifier`)",
            record,
            "User",
        )
    return principal


def _is_foreign(text: str) -> bool:
    """Tell whether a principal is a built-in one under a name that nobody has told us."""
    prefix, slash, name = text.rpartition("\\")
    if not slash or not _NT.search(prefix):
        return False
    return prefix.casefold() != "nt authority" or name.casefold() not in _NT_NAMES
