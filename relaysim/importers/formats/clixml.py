"""CLIXML, as Export-Clixml writes it: read element by element, nothing kept but the object at hand.

Source: MSPSRP, EXPCLIXML.
"""

import re
from collections.abc import Iterable, Iterator
from xml.parsers import expat

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.formats.nodes import Node, plain_type, record_of
from relaysim.importers.records import NO_CONTEXT, Context, Record

__all__ = ["new_parser", "parse_chunks", "read_clixml", "undo_escapes"]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_DEEPEST = 200
_OBJECTS = {"Obj"}
_GROUPS = {"Props", "MS"}
_LISTS = {"LST", "IE", "QUE", "STK"}
_IGNORED = {"TN", "T", "TNRef", "Objs", "DCT", "En"}


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


def new_parser(file: str) -> "expat.XMLParserType":
    """Return a parser that refuses a document type and entities."""
    parser = expat.ParserCreate()
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


def parse_chunks(parser: "expat.XMLParserType", chunks: Iterable[str], file: str) -> Iterator[None]:
    """Feed a parser; yield after each chunk.

    Raises:
        InvalidConfiguration: It is no well-formed XML; the place is named.
    """
    try:
        for chunk in chunks:
            # What is no character becomes one that the parser can tell the place of.
            parser.Parse(chunk.encode("utf-8", "replace"), False)  # noqa: FBT003
            yield
        parser.Parse(b"", True)  # noqa: FBT003
        yield
    except expat.ExpatError as error:
        words = expat.errors.messages.get(error.code, expat.ErrorString(error.code))
        raise InvalidConfiguration(
            Problem(f"is no whole XML ({words})", file=file, line=error.lineno)
        ) from None


class _Reader:
    """Turns elements into nodes; finished objects of the top wait in ``found``."""

    def __init__(self, file: str, parser: "expat.XMLParserType", context: Context) -> None:
        self.file = file
        self.found: list[Record] = []
        self._context = context
        self._parser = parser
        self._depth = 0
        self._nodes: list[Node] = []
        self._names: list[str | None] = []
        self._tags: list[str] = []
        self._ids: list[str | None] = []
        self._text: list[str] = []
        self._types: dict[str, str] = {}
        self._type_id: str | None = None
        self._type = ""
        self._kept: dict[str, Node] = {}
        self._near: dict[str, Node] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition("}")[2] if "}" in tag else tag
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InvalidConfiguration(
                Problem(
                    f"is nested more than {_DEEPEST} deep",
                    file=self.file,
                    line=self._parser.CurrentLineNumber,
                )
            )
        self._tags.append(tag)
        self._text.clear()
        if tag in _IGNORED:
            self._type_tag(tag, attributes)
            return
        if tag in _GROUPS or tag == "ToString":
            return
        if tag in _LISTS:
            if self._nodes and self._nodes[-1].items is None:
                self._nodes[-1].items = []
            return
        node = Node(line=self._parser.CurrentLineNumber)
        name = attributes.get("N")
        if tag == "Ref":
            reference = attributes.get("RefId", "")
            node = self._near.get(reference) or self._kept.get(reference) or node
        self._nodes.append(node)
        self._names.append(undo_escapes(name) if name is not None else None)
        self._ids.append(attributes.get("RefId") if tag == "Obj" else None)

    def _type_tag(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "TN":
            self._type_id = attributes.get("RefId")
        elif tag == "TNRef" and len(self._nodes) == 1:
            self._type = self._types.get(attributes.get("RefId", ""), "")

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, _tag: str) -> None:
        self._depth -= 1
        tag = self._tags.pop()
        text = "".join(self._text)
        self._text.clear()
        if tag == "T":
            self._type_name(text)
            return
        if tag in _IGNORED or tag in _GROUPS or tag in _LISTS:
            return
        if tag == "ToString":
            if self._nodes:
                self._nodes[-1].text = undo_escapes(text)
            return
        self._close(tag, text)

    def _type_name(self, text: str) -> None:
        # The first name of a type is its own; the rest are what it derives from.
        if self._type_id is not None:
            self._types[self._type_id] = text
            self._type_id = None
            if len(self._nodes) == 1:
                self._type = text

    def _close(self, tag: str, text: str) -> None:
        node, name, own = self._nodes.pop(), self._names.pop(), self._ids.pop()
        if tag == "B":
            node.text = text.strip().capitalize()
        elif tag not in ("Obj", "Ref", "Nil"):
            # An enumeration has a text and its number: the text decides.
            if name is None and node.text is None and self._is_number(tag):
                parent = self._nodes[-1] if self._nodes else None
                if parent is not None and parent.items is None:
                    if parent.text is None:
                        parent.text = text
                    return
            node.text = undo_escapes(text)
        if own is not None:
            self._near[own] = node
            if len(self._nodes) == 1 and name is not None:
                self._kept[own] = node
        if not self._nodes:
            self._top(node, tag)
            return
        parent = self._nodes[-1]
        if name is not None:
            parent.props.setdefault(name, node)
        elif parent.items is not None:
            parent.items.append(node)
        elif parent.text is None:
            parent.text = node.text

    @staticmethod
    def _is_number(tag: str) -> bool:
        return tag in ("I32", "I64", "By", "U32", "U64", "I16", "U16", "SB")

    def _top(self, node: Node, tag: str) -> None:
        self._near.clear()
        type_name, self._type = plain_type(self._type), ""
        if tag != "Obj":
            return
        if not node.props and node.items:
            for item in node.items:
                if item.props:
                    self._yield(item, "")
            return
        # The text of an object of the shell is its identity.
        if node.text and "Identity" not in node.props:
            node.props["Identity"] = Node(text=node.text, line=node.line)
        self._yield(node, type_name)

    def _yield(self, node: Node, type_name: str) -> None:
        self.found.append(
            record_of(
                node, file=self.file, form="CLIXML", type_name=type_name, context=self._context
            )
        )


def read_clixml(
    chunks: Iterable[str], file: str, context: Context = NO_CONTEXT
) -> Iterator[Record]:
    """Yield the objects of a CLIXML text, in order.

    Raises:
        InvalidConfiguration: No well-formed XML, a DOCTYPE, or nested too deep.
    """
    parser = new_parser(file)
    reader = _Reader(file, parser, context)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    for _ in parse_chunks(parser, chunks, file):
        yield from reader.found
        reader.found.clear()
