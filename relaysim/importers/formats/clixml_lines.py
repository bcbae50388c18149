"""Properties of CLIXML that stand in one line each, as PowerShell lays them out.

Most lines of an export are such, and the same in most objects: each is read once, and no tree is
made of it. So are properties of several lines, once one that says the same was read. What is left
of an object stays XML.

Source: EXPCLIXML.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from relaysim.importers.formats.nodes import Node, values_of
from relaysim.importers.records import Value, canonical_name

__all__ = [
    "BYTES",
    "NAMED_BY_PARTS",
    "NO_TEXTS",
    "KnownBlock",
    "KnownBlocks",
    "PropertyLines",
    "TakenLines",
    "undo_escapes",
]

_OUTER = re.compile(r"\n {6}<[^\n]*")
"""A line in which a property of the object itself begins or ends; those of others stand deeper."""
_OPEN = re.compile(r"\n {6}<(\w+) N=\"([^\"&<]*)\"(?=>| ?/>| )")
NO_TEXTS = frozenset({"Obj", "Ref", "Nil"})
"""Tags of what is no text, whatever stands in it."""
_TEXT = re.compile(r"\n {8}<ToString>([^<&]*)</ToString>")
_REFERENCE = re.compile(r"<Ref [^>]*RefId=\"([^\"]*)\"")
_NUMBER = re.compile(r"<Obj [^>]*RefId=\"([^\"]*)\"")
_NUMBERS = re.compile(r" RefId=\"[^\"]*\"")
_LISTS = ("<LST", "<IE", "<QUE", "<STK", "<DCT")
BYTES = "SerializationData"
"""What the shell puts beside an object to make it again: nothing that is read."""
NAMED_BY_PARTS = frozenset({"User", "Identity", "Server"})
"""Properties of which a part is read beside the text that stands for the whole."""
_CLOSED = "\n" + " " * 6 + "</"
_ENDED = ("</Obj>", "/>")
_MOST_KNOWN = 16384
_LONGEST_KNOWN = 160
_LONGEST_BLOCK = 2048
_MOST_BLOCKS = 4096
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def undo_escapes(text: str) -> str:
    r"""Return the text that an escaped one stands for; two escaped surrogates become one character.

    >>> undo_escapes("a_x000A_b _x005F_x000D_")
    'a\nb _x000D_'
    """
    if "_x" not in text:
        return text
    found = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return _SURROGATES.sub(
        lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), found
    )


class KnownBlock(NamedTuple):
    """What a property of several lines says, whatever the numbers in it.

    Attributes:
        values: What is read of it, by name, without lines.
        node: It as a whole, for what refers to it.
        size: How many values it has at most.
    """

    values: dict[str, Value]
    node: Node
    size: int


class KnownBlocks(dict[str, KnownBlock]):
    """Properties of several lines that were read, by their text without numbers."""

    def learn(self, node: Node, unknown: Mapping[str, str]) -> None:
        """Take up properties of an object, told by name, that were not known."""
        for name, text in unknown.items():
            child = node.props.get(name)
            if child is not None:
                if len(self) >= _MOST_BLOCKS:
                    self.clear()
                self[text] = KnownBlock(values_of(name, child), child, text.count("<"))


class TakenLines(NamedTuple):
    """An object without the properties that its lines tell.

    Attributes:
        rest: Its XML without them.
        values: They, by name.
        lines: How far below the object's first line each property begins.
        named: What later parts may refer to, by number.
        unknown: The text without numbers of properties that were not read before, by name.
    """

    rest: str
    values: dict[str, Value]
    lines: dict[str, int]
    named: dict[str, Value | KnownBlock]
    unknown: dict[str, str]


class _Taking:
    """The state of one object while its properties are taken out."""

    __slots__ = (
        "begun",
        "done",
        "head",
        "lines",
        "named",
        "number",
        "opened",
        "referred",
        "rest",
        "unknown",
        "values",
    )

    def __init__(self, text: str) -> None:
        self.values: dict[str, Value] = {}
        self.lines: dict[str, int] = {}
        self.named: dict[str, Value | KnownBlock] = {}
        self.unknown: dict[str, str] = {}
        self.rest: list[str] = []
        self.done = 0
        self.number = 0
        # The property that is open, and where it begins.
        self.opened = ""
        self.begun = 0
        self.head = ""
        self.referred = set(_REFERENCE.findall(text)) if "<Ref " in text else set()


class PropertyLines:
    """Takes properties out of objects, and remembers what their lines say.

    Args:
        blocks: What properties of several lines say; whoever reads one adds it.
    """

    def __init__(self, blocks: KnownBlocks) -> None:
        self._blocks = blocks
        # The name is empty for a line that is no whole property.
        self._known: dict[str, tuple[str, Value]] = {}
        self._numbered: dict[str, str] = {}
        self._layouts: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}
        self._texts: dict[str, Value] = {}

    def take(self, text: str) -> TakenLines | None:
        """Return an object that is laid out as PowerShell does it, without those properties.

        ``None`` when a name comes twice, or a property stands where another is still open: then
        somebody else laid it out.
        """
        text = text.replace("\r\n", "\n")
        found = _Taking(text)
        known, values, lines = self._known.get, found.values, found.lines
        before = ended = 0
        for match in _OUTER.finditer(text):
            line = match[0]
            name, value = known(line) or self._read(line)
            start, end = match.span()
            if not name:
                if line.startswith(_CLOSED) and found.opened:
                    self._close(found, text[found.begun : end], end)
                continue
            if found.opened or name in lines:
                return None
            # Most lines follow the one before; else those between are counted.
            found.number += 1 if start == ended else text.count("\n", before, start + 1)
            before, ended = start + 1, end
            lines[name] = found.number
            if value is not _NOTHING:
                if name != BYTES:
                    values[name] = value
                if found.done < start:
                    found.rest.append(text[found.done : start])
                found.done = end
            elif not line.endswith(_ENDED):
                found.opened, found.begun = name, start
                found.head = text[found.done : start]
        found.rest.append(text[found.done :])
        # Most objects are laid out alike.
        below = self._layouts.setdefault(tuple(lines.items()), lines)
        return TakenLines("".join(found.rest), values, below, found.named, found.unknown)

    def _close(self, found: _Taking, block: str, end: int) -> None:
        """Take out the property that ends here if its text is all that is read of it."""
        name, found.opened = found.opened, ""
        if found.referred and not found.referred.isdisjoint(_NUMBER.findall(block)):
            return
        text = _TEXT.search(block)
        if text is None or name in NAMED_BY_PARTS or any(mark in block for mark in _LISTS):
            self._take_known(found, name, block, end)
            return
        told = self._texts.get(text[1])
        if told is None:
            told = Value(undo_escapes(text[1]))
            if len(text[1]) < _LONGEST_KNOWN and len(self._texts) < _MOST_KNOWN:
                self._texts[text[1]] = told
        found.values[name] = told
        number = _NUMBER.search(block)
        if number is not None:
            found.named[number[1]] = told
        found.rest.append(found.head)
        found.done = end

    def _take_known(self, found: _Taking, name: str, block: str, end: int) -> None:
        """Take out the property that ends here if one that says the same was read."""
        # A type that is told in it may be another object's, and so may what is referred to; no two
        # objects have one identity.
        is_own = name == "Identity" or "<TN " in block or "<Ref " in block
        if is_own or len(block) > _LONGEST_BLOCK:
            return
        key = _NUMBERS.sub("", block)
        known = self._blocks.get(key)
        if known is None:
            found.unknown[name] = key
            return
        found.values |= known.values
        for more in known.values:
            found.lines.setdefault(more, found.lines[name])
        number = _NUMBER.search(block)
        if number is not None:
            found.named[number[1]] = known
        found.rest.append(found.head)
        found.done = end

    def _read(self, line: str) -> tuple[str, Value]:
        """Return what a line says that is not known: a name, and a value if it is whole."""
        head, numbered, _ = line.partition(' RefId="')
        if numbered and head in self._numbered:
            return self._numbered[head], _NOTHING
        begun = _OPEN.match(line)
        name = canonical_name(undo_escapes(begun[2])) if begun else ""
        value = _NOTHING
        if begun is not None and begun[1] not in NO_TEXTS:
            end = f"</{begun[1]}>"
            text = line[begun.end() + 1 : -len(end)]
            # Values may be long, so that no pattern looks at them.
            if (
                line.startswith(">", begun.end())
                and line.endswith(end)
                and "<" not in text
                and "&" not in text
            ):
                value = Value(text.strip().capitalize() if begun[1] == "B" else undo_escapes(text))
        elif begun is not None and begun[1] == "Nil" and line.endswith("/>"):
            value = Value(None)
        found = name, value
        if numbered and begun is not None and begun.end() == len(head):
            # No two lines have one number.
            is_begun = begun[1] in NO_TEXTS and value is _NOTHING
            if is_begun and len(self._numbered) < _MOST_KNOWN:
                self._numbered[head] = name
        elif len(line) < _LONGEST_KNOWN:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[line] = found
        return found


_NOTHING = Value(None)
"""Stands for a line that is no whole property; told from other values by identity."""
