"""Raw texts as items: braces, separators, marks of a cut, and type names where a list was lost."""

import re
from functools import lru_cache
from typing import NamedTuple

from relaysim.importers.formats.nodes import LOST
from relaysim.importers.records import Record, Value

__all__ = ["Items", "items_of", "lost_text", "marked", "text_items", "truth"]

_MARKS = ("...", "\N{HORIZONTAL ELLIPSIS}")
_TYPE_NAME = re.compile(
    r"^(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*(?:`\d+)?(?:\[.*\])?(?: ?\[\])?$", re.DOTALL
)
_SEPARATORS = re.compile(r"[,;|\s]+")
_DASH = re.compile(r"(?<=[0-9a-fA-F:]) +- +(?=[0-9a-fA-F:])")


class Items(NamedTuple):
    """The items of a list.

    Attributes:
        items: Those that are whole.
        cut: The text was cut: more items may exist.
        ended: The input ended inside the list.
        lost: Nothing is known of it but a type name, or not all of it.
    """

    items: tuple[str, ...]
    cut: bool = False
    ended: bool = False
    lost: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether these are all items."""
        return not (self.cut or self.ended or self.lost)


def marked(text: str) -> bool:
    """Tell whether a text ends in the mark of a cut."""
    return text.rstrip("} ").endswith(_MARKS)


def lost_text(text: str) -> bool:
    """Tell whether a text is the name of a type instead of a value.

    >>> lost_text("System.Object[]"), lost_text("EX01.contoso.com")
    (True, False)
    """
    stripped = text.strip()
    if LOST in stripped:
        return True
    if not _TYPE_NAME.match(stripped):
        return False
    return stripped.startswith(("System.", "Microsoft.", "Deserialized.")) or "`" in stripped


_TRUTHS = {
    **dict.fromkeys(("true", "1", "yes", "wahr", "vrai", "verdadero", "vero"), True),
    **dict.fromkeys(("false", "0", "no", "falsch", "faux", "falso"), False),
}
"""What PowerShell, scripts and spreadsheets make of a truth value."""


def truth(text: str | None) -> bool | None:
    """Return the truth value that a text stands for, ``None`` when it stands for none.

    >>> truth("$True"), truth("WAHR"), truth("maybe")
    (True, True, None)
    """
    return _TRUTHS.get((text or "").strip().casefold().removeprefix("$"))


def items_of(record: Record, name: str) -> Items:
    """Return the items of a property whose items hold no blank."""
    value = record.values.get(name)
    if value is None:
        return Items((), lost=True)
    if value.items is not None:
        return _given(value)
    if value.text is None:
        return Items((), lost=True)
    return text_items(value.text)


def text_items(text: str) -> Items:
    """Return the items of a text that stands for a list."""
    return _short(text) if len(text) < _SHORT else _parted(text)


def _parted(text: str) -> Items:
    if lost_text(text):
        return Items((), lost=True)
    text = _DASH.sub("-", text.strip())
    opened, closed = text.startswith("{"), text.endswith("}")
    inner = text[1:] if opened else text
    inner = inner[:-1] if opened and closed else inner
    cut = marked(inner)
    if cut:
        inner = inner.rstrip()
        inner = inner[: -3 if inner.endswith("...") else -1]
    parts = [part for part in _SEPARATORS.split(inner.strip()) if part]
    ended = opened and not closed and not cut
    # A list that its limit cut has its brace, and the mark stands behind a whole item; a cell that
    # did not fit has lost the brace, and the mark may stand inside one.
    whole = (opened and closed) or inner.rstrip().endswith((",", ";"))
    if (cut or ended) and not whole:
        parts = parts[:-1]
    return Items(tuple(parts), cut=cut, ended=ended)


_SHORT = 200
_short = lru_cache(maxsize=4096)(_parted)
"""Short lists, of flags above all, are the same in most objects."""


def _given(value: Value) -> Items:
    items = value.items or ()
    if len(items) == 1 and (" " in items[0].strip() or "," in items[0]):
        items = tuple(part for part in _SEPARATORS.split(items[0]) if part)
    lost = any(lost_text(item) for item in items)
    kept = tuple(item.strip() for item in items if not lost_text(item))
    cut = bool(kept) and marked(kept[-1])
    return Items(kept[:-1] if cut else kept, cut=cut, lost=lost)
