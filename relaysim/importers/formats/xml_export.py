"""ConvertTo-Xml: Objects, Object and Property elements.

Source: CONVXML.
"""

from collections.abc import Callable, Iterable, Iterator

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.formats.clixml_pieces import new_parser, parse_chunks
from relaysim.importers.formats.nodes import Node, plain_type, record_of
from relaysim.importers.records import NO_CONTEXT, OutputContext, Record

__all__ = ["read_xml"]

_DEEPEST = 200


class _XmlReader:
    def __init__(self, file: str, context: OutputContext) -> None:
        self.file = file
        self.context = context
        self.found: list[Record] = []
        self.line: Callable[[], int] = int
        self._stack: list[tuple[Node, str | None, str]] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        if tag not in ("Object", "Property"):
            return
        if len(self._stack) >= _DEEPEST:
            raise InvalidConfiguration(
                Problem(f"is nested more than {_DEEPEST} deep", file=self.file, line=self.line())
            )
        name = attributes.get("Name") if tag == "Property" else None
        self._stack.append((Node(line=self.line()), name, attributes.get("Type", "")))

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:
        text = "".join(self._text)
        self._text.clear()
        if tag not in ("Object", "Property"):
            return
        node, name, type_name = self._stack.pop()
        if node.items is None and not node.props:
            node.text = text or None
        elif node.items is not None and len(node.items) == 1 and not _is_list(type_name):
            node.text, node.items = node.items[0].text, node.items[0].items
        if not self._stack:
            self.found.append(
                record_of(
                    node,
                    file=self.file,
                    form="ConvertTo-Xml",
                    type_name=plain_type(type_name),
                    context=self.context,
                )
            )
            return
        parent = self._stack[-1][0]
        if name is not None:
            parent.props.setdefault(name, node)
        else:
            if parent.items is None:
                parent.items = []
            parent.items.append(node)


def _is_list(type_name: str) -> bool:
    return any(word in type_name for word in ("List", "[]", "Collection", "MultiValued", "Array"))


def read_xml(
    chunks: Iterable[str], file: str, context: OutputContext = NO_CONTEXT
) -> Iterator[Record]:
    """Yield the objects of the text that ConvertTo-Xml writes.

    Raises:
        InvalidConfiguration: No well-formed XML, a DOCTYPE, or nested too deep.
    """
    parser = new_parser(file)
    reader = _XmlReader(file, context)
    reader.line = lambda: parser.CurrentLineNumber
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    for _ in parse_chunks(parser, chunks, file):
        yield from reader.found
        reader.found.clear()
