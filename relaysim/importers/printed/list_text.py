r"""Format-List: one property a line, the value beside the colon, long values on further lines.

Only the column of the colon tells a property from a line of a value: a comment of several lines may
look like properties. Where somebody edited the text and the colons no longer stand in one column,
the names tell.

Source: FMTLIST.
"""

import re
from collections.abc import Iterator, Mapping

from relaysim.importers.printed.cells import cell_width
from relaysim.importers.printed.wrapping import join_lines, join_tokens
from relaysim.importers.records import (
    PRINTED_NAMES,
    Value,
    canonical_name,
    is_token_list,
)

__all__ = ["ListBlock", "property_line", "squeezed_objects", "squeezed_score"]

_LINE = re.compile(r"^(\s*)([A-Za-z_][\w.-]*)(\s*):(?: +(.*)|)$")
_BARE_LINE = re.compile(r"^(\s*)([A-Za-z_][\w.-]*)\s*(:)\s*(.*)$")
_ITEMS_GO_ON = re.compile(r"^[\w.:/()\[\],{}\s-]+$")


def property_line(line: str) -> re.Match[str] | None:
    """Return the match of a line that begins an object, or ``None``.

    The shell puts a blank before the colon. Without it only a name that objects are printed with
    is taken, because a head or a letter has such lines, too.
    """
    match = _LINE.match(line)
    if match is None:
        return None
    if not match[3] and match[2].casefold() not in PRINTED_NAMES():
        return None
    return match


def _colon(match: re.Match[str]) -> int:
    return match.start(3)


def _is_collapsed(match: re.Match[str]) -> bool:
    """Tell whether the colon stands right behind the name, or one blank behind it."""
    return not match[1] and match.string.startswith((":", " :"), match.end(2))


class ListBlock:
    """The objects of one run of lines.

    Args:
        base: The greatest width that values of the same output had so far, 0 at first.
    """

    __slots__ = (
        "_blanks",
        "_collapsed",
        "_colon",
        "_first",
        "_lines",
        "_loose",
        "_order",
        "_spaced",
        "_start",
        "twice",
        "width",
    )

    def __init__(self, *, width: int = 0) -> None:
        self.width = width
        self._blanks = 0
        self._collapsed = True
        self._colon = -1
        self._first = ""
        self._loose = False
        self._spaced = True
        self._start = 0
        self._order: list[str] = []
        self._lines: dict[str, list[tuple[int, str]]] = {}
        self.twice: set[str] = set()

    @property
    def is_empty(self) -> bool:
        """Whether no property was taken yet."""
        return not self._order

    def blank(self, line: str) -> None:
        """Take an empty line: a part of a value when it fills the value's column, else a gap."""
        if self._order and not self._loose and len(line) >= self._colon + 2:
            self._lines[self._order[-1]].append((0, ""))
        else:
            self._blanks += 1

    def has_column(self, line: str) -> bool:
        """Tell whether a line's colon stands where the block's do."""
        match = _BARE_LINE.match(line)
        return match is not None and _colon(match) == self._colon

    def take(self, line: str, number: int) -> "bool | ListBlock":
        """Take a line that is not empty.

        Returns:
            ``True`` when it was taken, ``False`` when it does not belong here, or the next block
            when it begins the next object.
        """
        if not self._order:
            return self._begin(line, number)
        column = self._colon
        if not self._loose and not line[: column + 2].strip():
            found = self._lines[self._order[-1]]
            found += [(0, "")] * self._blanks
            self._blanks = 0
            found.append((number, line[column + 2 :]))
            return True
        match = self._property(line)
        if match is not None:
            return self._next(line, number, match)
        if self._open_list() and _ITEMS_GO_ON.match(line) and not self._blanks:
            self._lines[self._order[-1]].append((number, line.strip()))
            return True
        return False

    def _begin(self, line: str, number: int) -> bool:
        match = property_line(line)
        if match is None:
            return False
        self._colon = match.end(3)
        self._start = number
        self._first = line
        self._add(match, number)
        return True

    def _property(self, line: str) -> re.Match[str] | None:
        match = _BARE_LINE.match(line)
        if match is None:
            return None
        if _colon(match) == self._colon and not self._loose:
            return match
        known = match[2].casefold() in PRINTED_NAMES()
        beside = not self._blanks or (self._blanks == 1 and self._spaced)
        if known and beside and self._collapsed and _is_collapsed(match):
            # A page that squeezes blanks: names of one length had their colons in one column.
            self._loose = True
            return match
        if len(self._order) == 1 and not self._blanks and known:
            # The second line decides whether the colons stand in one column.
            self._loose = True
            return match
        if self._loose and known:
            return match
        if known and not match[1] and not self._blanks and len(match[2]) >= self._colon:
            # Somebody typed it: the shell leaves room for the longest name.
            return match
        return None

    def _next(self, line: str, number: int, match: re.Match[str]) -> "bool | ListBlock":
        name = canonical_name(match[2])
        if name in self._lines:
            if self._blanks or name == self._order[0] or not self._loose:
                return self._following(line, number)
            self.twice.add(name)
            return True
        if self._blanks:
            if not self._spaced or (len(self._order) == 1 and not self._loose and self._blanks > 1):
                return self._following(line, number)
        elif len(self._order) > 0:
            self._spaced = False
        self._add(match, number)
        return True

    def _following(self, line: str, number: int) -> "ListBlock":
        block = ListBlock(width=max(self.width, self._widest()))
        block.take(line, number)
        return block

    def _add(self, match: re.Match[str], number: int) -> None:
        name = canonical_name(match[2])
        self._collapsed &= _is_collapsed(match)
        self._order.append(name)
        self._lines[name] = [(number, match[match.lastindex or 0] or "")]
        self._blanks = 0

    def _open_list(self) -> bool:
        # Only the ends are looked at: a list may have hundreds of thousands of lines.
        lines = self._lines[self._order[-1]]
        if lines[-1][1].rstrip().endswith(","):
            return True
        last = next((text for _, text in reversed(lines) if text.strip()), "")
        return lines[0][1].startswith("{") and not last.rstrip().endswith("}")

    def _widest(self) -> int:
        """Return the width of the longest value line that was followed by another one."""
        found = 0
        for name in self._order:
            lines = self._lines[name]
            found = max([found, *(cell_width(text.rstrip()) for _, text in lines)])
        return found

    @property
    def is_closed(self) -> bool:
        """Whether a gap follows an object that has none inside: what comes next is another."""
        return self._blanks > 0 and not self._spaced and not self._loose

    @property
    def only_line(self) -> str | None:
        """The text of the block when it is one line so far, else ``None``."""
        return (
            self._first if len(self._order) == 1 and len(self._lines[self._order[0]]) == 1 else None
        )

    @property
    def line(self) -> int:
        """The line of the first property."""
        return self._start

    def values(self) -> dict[str, Value]:
        """Return the values, each with its line, in the order of the text."""
        width = max(self.width, self._widest())
        self.width = width
        found = {}
        for name in self._order:
            lines = self._lines[name]
            pieces = [text for _, text in lines]
            if len(pieces) == 1:
                text = pieces[0].rstrip()
            elif is_token_list(name):
                text = join_tokens(pieces)
            else:
                text = join_lines(pieces, width)
            found[name] = Value(text or None, None, lines[0][0])
        return found


def squeezed_score(line: str, *, least: int = 3) -> int:
    """Return how many properties begin in one line; a web page squeezes many into one.

    Args:
        line: The line.
        least: Less than so many are not counted.
    """
    if line.count(" :") < least:
        return 0
    return sum(1 for _ in _squeezed_names(line))


_INNER = re.compile(r"(?<!\S)([A-Za-z_][\w.]*) ?: ")


def _squeezed_names(line: str) -> Iterator[re.Match[str]]:
    known = PRINTED_NAMES()
    for match in _INNER.finditer(line + " "):
        if match[1].casefold() in known:
            yield match


def squeezed_objects(text: str, number: int) -> Iterator[dict[str, Value]]:
    """Yield the values of each object of a line that holds several properties.

    A name that comes again begins the next object, and so does one that a connector has no use for
    behind one that an entry has none for, or the other way round. The last value of all and a list
    in braces end where their own form ends, since words of the page may follow.
    """
    matches = list(_squeezed_names(text))
    values: dict[str, Value] = {}
    for index, match in enumerate(matches):
        name = canonical_name(match[1])
        end = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        value = text[match.end() : end].strip()
        if name in values or _is_of_another(name, values):
            yield values
            values = {}
        if index + 1 == len(matches) or value[:1] == "{":
            value = _ended(name, value, values)
        values[name] = Value(value or None, None, number)
    if values:
        yield values


_OF_ENTRIES = frozenset({"User", "ExtendedRights", "AccessRights", "Deny", "IsInherited"})
_OF_CONNECTORS = frozenset({"Bindings", "RemoteIPRanges", "PermissionGroups", "AuthMechanism"})


def _is_of_another(name: str, values: Mapping[str, Value]) -> bool:
    """Tell whether a property cannot be of the object that has these values."""
    if name in _OF_ENTRIES:
        return not _OF_CONNECTORS.isdisjoint(values)
    return name in _OF_CONNECTORS and not _OF_ENTRIES.isdisjoint(values)


_WORD_LIST = re.compile(r"^[A-Za-z]\w*(?:,\s*[A-Za-z]\w*)*")


def _ended(name: str, value: str, values: Mapping[str, Value]) -> str:
    if value.startswith("{") and "}" in value:
        return value[: value.index("}") + 1]
    if is_token_list(name):
        match = _WORD_LIST.match(value)
        return match[0] if match else value
    known = values.get("Name")
    if name in ("Identity", "Id") and known is not None and known.text:
        place = value.casefold().find("\\" + known.text.casefold())
        if place >= 0:
            return value[: place + 1 + len(known.text)]
    identity = values.get("Identity")
    if name == "Name" and identity is not None and identity.text:
        last = identity.text.rpartition("\\")[2]
        if value.casefold().startswith(last.casefold()):
            return last
    if name not in ("Name", "Identity", "Id", "Comment", "Banner", "DistinguishedName"):
        return value.split(" ", 1)[0]
    return value
