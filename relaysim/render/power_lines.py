"""What a change of an organization gives and takes, as signed lines behind those of its text."""

from collections.abc import Callable, Iterable

from relaysim.analysis.compare.change import ChangeKind, Comparison, PowerChange
from relaysim.analysis.compare.compare import compare
from relaysim.analysis.reach import Way
from relaysim.errors import printable
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind
from relaysim.render.places import spot_words, tls_phrase
from relaysim.render.space.who_can_view import who_words
from relaysim.render.weighed.audit_view import range_words

__all__ = ["alike", "change_items", "power_items", "power_lines"]

_SIGNS = {
    ChangeKind.WIDENED: "+",
    ChangeKind.NARROWED: "-",
    ChangeKind.CANNOT_TELL: "?",
    ChangeKind.REROUTED: "~",
    ChangeKind.REFUSED_DIFFERENTLY: "~",
}
_MOST = 12
_NO_WAY = Way(AuthKind.NONE)


def _submit_first(right: str) -> tuple[bool, str]:
    return right not in ("submit", "relay"), right


def power_lines(before: Organization, after: Organization) -> str:
    """Return the lines, under one heading; empty where the organizations are the same.

    Compared exactly, as ``relaysim diff`` does: every address, endpoint, TLS state and identity.
    """
    if before == after:
        return ""
    lines = power_items(compare(before, after))
    return "".join(f"{printable(line)}\n" for line in ("power", *(f"  {one}" for one in lines)))


def power_items(comparison: Comparison) -> list[str]:
    """Return who may do more (``+``), or no longer may (``-``), the first dozen lines of it."""
    items = change_items((c for c in comparison.changes if c.kind.is_power), comparison)
    if not items:
        return ["= nobody may do more or less"]
    more = len(items) - _MOST
    return [*items[:_MOST], f"and {more} more: relaysim diff"] if more > 0 else items


def change_items(changes: Iterable[PowerChange], comparison: Comparison) -> list[str]:
    """Return changes as signed lines, those that differ in the right only in one.

    Args:
        changes: Some of the changes of a comparison.
        comparison: All of it.
    """
    return [
        f"{_SIGNS[change.kind]} {who}: {what} from {range_words(change.addresses)} on "
        f"{spot_words(change.spots, comparison.spots)}, {tls_phrase(change.tls)}"
        for change, who, what in alike(changes, _what)
    ]


def alike(
    changes: Iterable[PowerChange], what: Callable[[PowerChange, list[str]], str]
) -> list[tuple[PowerChange, str, str]]:
    """Return changes that differ in the right, and in who gets it, as one: first, who, what.

    Args:
        changes: The changes.
        what: Says the rights of one identity in words, from the first change and all rights.
    """
    rights: dict[PowerChange, list[str]] = {}
    for change in changes:
        # That only the words differ is said of a refusal, not of a right.
        words_only = change.by_version and change.kind is ChangeKind.REFUSED_DIFFERENTLY
        key = change._replace(right="", by_version=words_only)
        rights.setdefault(key, []).append(change.right.replace("_", " "))
    grouped: dict[tuple[PowerChange, str], tuple[PowerChange, list[str]]] = {}
    for change, names in rights.items():
        words = what(change, list(filter(None, names)))
        same = change._replace(way=_NO_WAY), words
        grouped.setdefault(same, (change, []))[1].append(who_words(change.way))
    return [(first, ", ".join(who), words) for (_, words), (first, who) in grouped.items()]


def _what(change: PowerChange, rights: list[str]) -> str:
    match change.kind:
        case ChangeKind.REROUTED:
            return f"{change.before or 'nobody'} -> {change.after or 'nobody'}, the same power,"
        case ChangeKind.REFUSED_DIFFERENTLY:
            replies = (change.reply_before, change.reply_after)
            return " -> ".join(reply or "accepted or closed" for reply in replies) + ","
        case ChangeKind.NARROWED if "submit" in rights:
            return "submit and all that follows"
        case _:
            return ", ".join(sorted(rights, key=_submit_first)) or "undecided"
