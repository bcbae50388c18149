"""CLIXML cut into its objects at the top: what is read, and in which line each property begins.

The parser of the standard library looks at every byte once, without telling anything, which is what
makes a text well-formed or not. What it has passed is then cut at the ends of the top objects by
counting their tags, and the long lists of texts are taken out before an object becomes a tree.

Source: MSPSRP, EXPCLIXML.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.formats.clixml_lines import KnownBlock, KnownBlocks, PropertyLines
from relaysim.importers.records import Value

__all__ = [
    "DEEPEST",
    "ClixmlPiece",
    "new_parser",
    "parse_chunks",
    "pieces",
    "taken_out",
    "too_deep",
]

_END = "</Obj>"
_TAG = re.compile(
    r"<Obj(?=[\s>/])(?:[^>\"']*+(?:\"[^\"]*+\"|'[^']*+')?+)*+>|</Obj>|"
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>",
    re.DOTALL,
)
_CLOSED_BY = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_OPEN = re.compile(r"<!--|<!\[CDATA\[|<\?")
_LAID_OUT_END = "\n  </Obj>"
_LAID_OUT_START = "\n  <Obj"
"""Begins an object at the top; inside of one it says that two are taken for one."""
_UNUSUAL = 1 << 20
"""An object that is longer is looked at tag by tag: it may be a list of objects."""
_LARGEST = 32 << 20
DEEPEST = 200
"""How many objects may stand in one another."""
_ROOT = re.compile(r"<Objs\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_PLAIN = re.compile(r"<S>([^<]*)</S>")
_ITEM = re.compile(
    r"<Obj(?: RefId=\"[^\"]*\")?>\s*"
    r"(?:<TN[^>]*/>\s*|<TN [^>]*>(?:\s*<T>[^<]*</T>)*\s*</TN>\s*)?"
    r"<ToString>([^<]*)</ToString>"
)
_NESTED = ("<LST", "<IE", "<QUE", "<STK", "<DCT", "<Ref", "<Nil", "&", "<!")
_PROPERTY = re.compile(r"\n([ \t]*)<\w+ N=\"([^\"]*)\"")
_LONGEST_HEAD = 4096


class ClixmlPiece(NamedTuple):
    """One object at the top, or one item of the list that an object at the top is.

    Attributes:
        text: Its XML, without the lists that were taken out.
        line: The line it begins in, counted from 1.
        items: The items of the lists that were taken out, by the property's name.
        lines: How far below it its properties begin, as far as the layout tells.
        values: The properties that were taken out because their lines tell all that is read.
        named: Those among them that other parts may refer to, by number.
        unknown: Properties that are not taken out as long as nobody read one that says the same:
            that text, by name.
    """

    text: str
    line: int
    items: dict[str, tuple[str, ...]]
    lines: dict[str, int]
    values: dict[str, Value] = {}  # noqa: RUF012  # never changed
    named: dict[str, Value | KnownBlock] = {}  # noqa: RUF012  # never changed
    unknown: dict[str, str] = {}  # noqa: RUF012  # never changed


def new_parser(file: str, *, namespaces: bool = False) -> "expat.XMLParserType":
    """Return a parser that refuses a document type and entities.

    Args:
        file: The name of what it reads.
        namespaces: Whether names have to be sound as those of namespaces too, as what makes trees
            of the same text demands.
    """
    parser = expat.ParserCreate(None, "}" if namespaces else None)
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise InvalidConfiguration(
            Problem(
                "XML with a DOCTYPE or entities is not read",
                file=file,
                line=parser.CurrentLineNumber,
                hint="no export of PowerShell has one: export again with `Export-Clixml`",
            )
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def parse_chunks(parser: "expat.XMLParserType", chunks: Iterable[str], file: str) -> Iterator[str]:
    """Feed a parser; yield each chunk behind it.

    Raises:
        InvalidConfiguration: It is no well-formed XML; the place is named.
    """
    try:
        for chunk in filter(None, chunks):
            # What is no character becomes one that the parser can tell the place of.
            parser.Parse(chunk.encode("utf-8", "replace"), False)  # noqa: FBT003
            yield chunk
        parser.Parse(b"", True)  # noqa: FBT003
        yield ""
    except expat.ExpatError as error:
        words = expat.errors.messages.get(error.code, expat.ErrorString(error.code))
        raise InvalidConfiguration(
            Problem(f"is no whole XML ({words})", file=file, line=error.lineno)
        ) from None


def too_deep(file: str, line: int) -> InvalidConfiguration:
    """Return the error about objects that are nested too deep."""
    return InvalidConfiguration(
        Problem(f"is nested more than {DEEPEST} deep", file=file, line=line)
    )


class _Cutter:
    """Cuts a growing text at the ends of its objects at the top."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.root = ""
        self.line = 1
        self._text = ""
        self._seen = 0
        self._depth = 0
        self._list = 0
        self._start = -1
        self._laid_out = True
        self._is_single = False

    @property
    def is_laid_out(self) -> bool:
        """Whether the object that was yielded last was found by its layout."""
        return self._laid_out

    def feed(self, chunk: str, *, is_last: bool) -> Iterator[tuple[str, int]]:
        """Take a chunk; yield the text and line of each object that is whole."""
        self._text += chunk
        if not self.root and not self._begin():
            return
        if self._laid_out:
            yield from self._by_layout()
        self._laid_out &= not is_last
        if not self._laid_out:
            yield from self._by_tags()

    def _by_layout(self) -> Iterator[tuple[str, int]]:
        """Yield the objects of a text laid out as PowerShell does it.

        Then the end of an object at the top is the only one behind a line break and two blanks. The
        numbers of its tags must agree, and no other object may begin so inside of it; where that is
        not so, all tags are looked at from there on.
        """
        text, done = self._text, self._seen
        if "<!" in text or "<?" in text:
            self._laid_out = False
            return
        while (end := text.find(_LAID_OUT_END, done)) >= 0:
            start, end = text.find("<Obj", done), end + len(_LAID_OUT_END)
            piece = text[start:end]
            opened = piece.count("<Obj ") + piece.count("<Obj>")
            if start > end or piece.count(_END) != opened or _LAID_OUT_START in piece:
                self._laid_out = False
                break
            self.line += text.count("\n", done, start)
            yield piece, self.line
            self.line += piece.count("\n")
            done = end
        self._text, self._seen = text[done:], 0
        # The rest is the beginning of one object.
        opened = self._text.count("<Obj") - self._text.count(_END)
        self._laid_out &= len(self._text) < _UNUSUAL and opened < DEEPEST

    def _by_tags(self) -> Iterator[tuple[str, int]]:
        """Yield the objects of a text in any layout: all tags of objects are counted."""
        done = 0
        text, wrapped = self._text, self._list
        for match in _TAG.finditer(text, self._seen, self._limit()):
            place = match.end()
            if match[0][1] in "!?":
                pass
            elif match[0] == _END:
                self._depth -= 1
                if self._depth == wrapped and self._start >= 0:
                    self.line += text.count("\n", done, self._start)
                    yield text[self._start : place], self.line
                    self.line += text.count("\n", self._start, place)
                    done, self._start = place, -1
                elif self._depth < wrapped:
                    # The list that held the objects ends.
                    wrapped = self._list = self._depth
            elif match[0][-2] != "/":
                if self._depth == wrapped:
                    self._start, self._is_single = match.start(), False
                elif self._depth == wrapped + 1 and not wrapped and self._is_list(match.start()):
                    wrapped = self._list = 1
                    self._start = match.start()
                self._depth += 1
                if self._depth > DEEPEST:
                    line = self.line + text.count("\n", done, place)
                    raise too_deep(self._file, line)
            self._seen = place
        kept = self._start if self._start >= 0 else max(self._seen, done)
        self.line += text.count("\n", done, kept)
        if len(text) - kept > _LARGEST:
            raise InvalidConfiguration(
                Problem(
                    f"an object of more than {_LARGEST >> 20} MB", file=self._file, line=self.line
                )
            )
        self._text = text[kept:]
        self._seen -= kept
        self._start = 0 if self._start >= 0 else -1

    def _limit(self) -> int:
        """Return where the text ends, or where a comment begins whose end is not read yet."""
        if "<!" not in self._text and "<?" not in self._text:
            return len(self._text)
        place = self._seen
        while (found := _OPEN.search(self._text, place)) is not None:
            end = self._text.find(_CLOSED_BY[found[0]], found.end())
            if end < 0:
                return found.start()
            place = end
        return len(self._text)

    def _begin(self) -> bool:
        match = _ROOT.search(self._text)
        if match is None:
            return False
        self.root = match[0]
        self.line += self._text.count("\n", 0, match.end())
        self._text, self._seen = self._text[match.end() :], 0
        return True

    def _is_list(self, place: int) -> bool:
        """Tell whether the object at the top is a list of objects, whose first begins here."""
        text, start = self._text, self._start
        while place > start and text[place - 1].isspace():
            place -= 1
        if self._is_single or not text.endswith("<LST>", start, place):
            return False
        self._is_single = any(text.find(tag, start, place) >= 0 for tag in ("<Props>", "<MS>"))
        return not self._is_single


def pieces(
    chunks: Iterable[str], file: str, blocks: KnownBlocks
) -> Iterator[tuple[str, ClixmlPiece]]:
    """Yield the start tag of the document and each object in it, in order.

    Args:
        chunks: The document.
        file: Its name, for places.
        blocks: What properties of several lines say; whoever reads one adds it.

    Raises:
        InvalidConfiguration: No well-formed XML, or a DOCTYPE.
    """
    cutter = _Cutter(file)
    properties = PropertyLines(blocks)
    for chunk in parse_chunks(new_parser(file, namespaces=True), chunks, file):
        for text, line in cutter.feed(chunk, is_last=not chunk):
            taken = properties.take(text) if cutter.is_laid_out else None
            if taken is not None:
                rest, items, _ = taken_out(taken.rest)
                yield (
                    cutter.root,
                    ClixmlPiece(
                        rest, line, items, taken.lines, taken.values, taken.named, taken.unknown
                    ),
                )
                continue
            rest, items, gaps = taken_out(text)
            yield cutter.root, ClixmlPiece(rest, line, items, _lines(rest, gaps))


def taken_out(
    text: str, names: Iterable[str] = ("Bindings", "RemoteIPRanges")
) -> tuple[str, dict[str, tuple[str, ...]], list[tuple[int, int]]]:
    """Return an object's XML without its long lists of texts, their items, and the gaps.

    A list is taken out when each of its items is a text, or an object with a text of its own. A gap
    is where a list was, in the text that is left, and the number of lines that went with it.
    """
    items: dict[str, tuple[str, ...]] = {}
    gaps: list[tuple[int, int]] = []
    if "<!" in text:
        return text, items, gaps
    for name in names:
        place = text.find(f'<Obj N="{name}"')
        if place < 0 or text.count("<Obj", 0, place) != text.count(_END, 0, place) + 1:
            # There is none, or it is of an object that stands in this one.
            continue
        begin = text.find("<LST>", place) + 5
        end = text.find("</LST>", begin) if begin > 4 else -1
        if end < 0 or begin - place > _LONGEST_HEAD or _END in text[place:begin]:
            continue
        inner = text[begin:end]
        found = _texts(inner)
        if found:
            items[name] = found
            gaps.append((begin, inner.count("\n")))
            text = text[:begin] + text[end:]
            gaps = [(p - len(inner) if p > begin else p, count) for p, count in gaps]
    return text, items, gaps


def _texts(inner: str) -> tuple[str, ...]:
    """Return the texts of a list's items, nothing when they are not as simple as that."""
    if any(mark in inner for mark in _NESTED):
        return ()
    if "<Obj" not in inner:
        found = _PLAIN.findall(inner)
        return tuple(found) if len(found) == inner.count("</") else ()
    found = _ITEM.findall(inner)
    tops = inner.count("<Obj RefId=") + inner.count("<Obj>")
    return tuple(found) if len(found) == tops else ()


def _lines(text: str, gaps: list[tuple[int, int]]) -> dict[str, int]:
    """Return how far down each property begins: those of the object itself are indented least."""
    first = _PROPERTY.search(text)
    if first is None:
        return {}
    found: dict[str, int] = {}
    before = line = 0
    gone = sorted(gaps, reverse=True)
    for match in _property_at(first[1]).finditer(text, first.start()):
        place = match.start() + 1
        line += text.count("\n", before, place)
        before = place
        while gone and gone[-1][0] < place:
            line += gone.pop()[1]
        found.setdefault(match[1], line)
    return found


@lru_cache(maxsize=64)
def _property_at(indent: str) -> re.Pattern[str]:
    return re.compile(rf"\n{indent}<\w+ N=\"([^\"]*)\"")
