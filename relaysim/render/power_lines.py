"""What a change of an organization gives and takes, as signed lines behind those of its text."""

from relaysim.analysis.compare.change import ChangeKind, PowerChange
from relaysim.analysis.compare.compare import compare
from relaysim.errors import printable
from relaysim.model.organization import Organization
from relaysim.render.places import spot_words, tls_phrase
from relaysim.render.space.who_can_view import who_words
from relaysim.render.weighed.audit_view import range_words

__all__ = ["power_lines"]

_SIGNS = {ChangeKind.WIDENED: "+", ChangeKind.NARROWED: "-", ChangeKind.CANNOT_TELL: "?"}
_MOST = 12


def _submit_first(right: str) -> tuple[bool, str]:
    return right not in ("submit", "relay"), right


def power_lines(before: Organization, after: Organization) -> str:
    """Return the lines, under one heading; empty where the organizations are the same.

    Compared exactly, as ``relaysim diff`` does: every address, endpoint, TLS state and identity.
    """
    if before == after:
        return ""
    comparison = compare(before, after)
    grouped: dict[PowerChange, list[str]] = {}
    for change in comparison.changes:
        if change.kind in _SIGNS:
            alike = change._replace(right="", by_version=False)
            grouped.setdefault(alike, []).append(change.right.replace("_", " "))
    if not grouped:
        return "power\n  = nobody may do more or less\n"
    lines = []
    for change, rights in grouped.items():
        what = ", ".join(sorted(filter(None, rights), key=_submit_first)) or "undecided"
        if change.kind is ChangeKind.NARROWED and "submit" in rights:
            what = "submit and all that follows"
        where = spot_words(change.spots, comparison.spots)
        lines.append(
            f"  {_SIGNS[change.kind]} {who_words(change.way)}: {what} from "
            f"{range_words(change.addresses)} on {where}, {tls_phrase(change.tls)}"
        )
    more = len(lines) - _MOST
    shown = [*lines[:_MOST], f"  and {more} more: relaysim diff"] if more > 0 else lines
    return "".join(f"{printable(line)}\n" for line in ("power", *shown))
