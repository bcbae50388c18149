"""CLIXML, as Export-Clixml writes it: one object after the other, nothing kept but what is read.

Source: MSPSRP, EXPCLIXML.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element, XMLParser

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.formats.clixml_lines import (
    BYTES,
    NAMED_BY_PARTS,
    NO_TEXTS,
    KnownBlock,
    KnownBlocks,
    undo_escapes,
)
from relaysim.importers.formats.clixml_pieces import DEEPEST, ClixmlPiece, pieces, too_deep
from relaysim.importers.formats.nodes import LOST, Node, plain_type, record_of
from relaysim.importers.records import (
    NO_CONTEXT,
    OutputContext,
    Record,
    RecordKind,
    Texts,
    Value,
    canonical_name,
    classify,
    kind_of_type,
)
from relaysim.importers.shared_values import Sharing

__all__ = ["read_clixml"]

_GROUPS = {"Props", "MS"}
_LISTS = {"LST", "IE", "QUE", "STK"}
_NUMBERS = {"I32", "I64", "By", "U32", "U64", "I16", "U16", "SB"}
_NOTHING: dict[str, Node] = {}
"""The properties of a text, which has none."""
_BATCH = 1 << 16
_MOST_KEPT = 100_000
_SHORT = 64
_DEEPEST_BUNDLE = 8
"""So many elements an object of ours may stand below one that holds it."""
_REPEATED = 200_000
"""So many values of an object may stand in it by reference: each may refer to others, twice."""
_OBJECT = re.compile(r"<Obj(?=[\s>/])")


class _Local(dict[str, str]):
    """Tags without their namespace."""

    def __missing__(self, tag: str) -> str:
        self[tag] = found = tag.rpartition("}")[2]
        return found


class _ClixmlReader:
    """Turns objects into records; what later objects may refer to is kept."""

    def __init__(self, file: str, context: OutputContext) -> None:
        self._file = file
        self._context = context
        self.blocks = KnownBlocks()
        self._local = _Local()
        self._types: dict[str, str] = {}
        self._kept: dict[str, Node | Value] = {}
        self._sizes: dict[str, int] = {}
        self._near: dict[str, Element] = {}
        self._made = self._repeated = self._inside = 0
        self._texts = Texts()
        self._leaves: dict[tuple[str, str], Value] = {}
        self._layouts: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}
        self._sharing = Sharing()
        self._line = 1

    def read(self, root: str, batch: list[ClixmlPiece]) -> Iterator[Record]:
        """Yield the records of some objects."""
        parser = XMLParser()  # noqa: S314  # the text has passed: no document type, no entities
        parser.feed(root)
        for piece in batch:
            parser.feed(piece.text)
        parser.feed("</Objs>")
        elements = parser.close()
        if len(elements) != len(batch):
            # Two on one line in a text that is laid out else: their properties would be mixed.
            raise InvalidConfiguration(
                Problem(
                    "objects side by side in a text that is laid out by lines otherwise",
                    file=self._file,
                    line=batch[0].line,
                    hint="somebody edited it: export again with `Export-Clixml`",
                )
            )
        for piece, element in zip(batch, elements, strict=True):
            yield from self._object(piece, element)

    def _object(self, piece: ClixmlPiece, element: Element) -> Iterator[Record]:
        self._near = {}
        self._made = self._repeated = 0
        if piece.named and len(self._kept) < _MOST_KEPT:
            self._keep(piece.named)
        if "<Ref " in piece.text:
            self._near = {
                one.get("RefId", ""): one for one in element.iter() if "RefId" in one.attrib
            }
        type_name = self._type_of(element)
        if kind_of_type(plain_type(type_name)) is None:
            inner = list(self._nested(element))
            if inner:
                yield from self._bundle(piece, element, inner)
                return
        yield from self._whole(piece, element, type_name, self._context)

    def _keep(self, named: Mapping[str, Value | KnownBlock]) -> None:
        """Keep what was taken out of an object for what refers to it."""
        for number, one in named.items():
            if isinstance(one, KnownBlock):
                self._kept[number] = one.node
                self._sizes[number] = one.size
            else:
                self._kept[number] = one

    def _whole(
        self, piece: ClixmlPiece, element: Element, type_name: str, context: OutputContext
    ) -> Iterator[Record]:
        """Yield the record of an object, or those of the objects that it lists."""
        self._line = piece.line
        node = Node(line=piece.line)
        values = piece.values | {name: self._taken(texts) for name, texts in piece.items.items()}
        lists: list[Element] = []
        for child in element:
            tag = self._local[child.tag]
            if tag in _GROUPS:
                for prop in child:
                    self._property(node, values, prop, piece)
            elif tag == "DCT":
                self._table(node, child)
            elif tag in _LISTS:
                lists += child
            elif tag == "ToString":
                node.text = self._text(child)
        if not node.props and not values and lists:
            for item in lists:
                inner = self._node(item, 1)
                if inner.props:
                    yield self._record(inner, "", {}, {}, context)
            return
        # The text of an object of the shell is its identity.
        if node.text and "Identity" not in node.props and "Identity" not in values:
            node.props["Identity"] = Node(text=node.text, line=node.line)
        # Most objects are laid out alike.
        lines = piece.lines
        if not piece.values:
            lines = self._layouts.setdefault(tuple(lines.items()), lines)
        yield self._record(node, type_name, values, lines, context)
        self.blocks.learn(node, piece.unknown)

    def _nested(self, element: Element, depth: int = 0) -> Iterator[Element]:
        """Yield the objects of ours in one that is none: a group, a hashtable, a bundle."""
        for child in element:
            tag = self._local[child.tag]
            if tag != "Obj":
                if depth < _DEEPEST_BUNDLE and len(child) and tag not in ("TN", "TNRef"):
                    yield from self._nested(child, depth + 1)
                continue
            kind = kind_of_type(plain_type(self._own_type(child)))
            if kind is None:
                kind = classify(self._names(child))
                if kind is RecordKind.OTHER:
                    if depth < _DEEPEST_BUNDLE:
                        yield from self._nested(child, depth + 1)
                    continue
            if kind is not RecordKind.OTHER:
                yield child

    def _names(self, element: Element) -> list[str]:
        return [
            canonical_name(prop.get("N", ""))
            for group in element
            if self._local[group.tag] in _GROUPS
            for prop in group
        ]

    def _bundle(
        self, piece: ClixmlPiece, element: Element, inner: list[Element]
    ) -> Iterator[Record]:
        """Yield the records of a home-made object that holds objects of ours, and its own."""
        objects = [one for one in element.iter() if self._local[one.tag] == "Obj"]
        lines: dict[int, int] = {}
        line, before = piece.line, 0
        for one, match in zip(objects, _OBJECT.finditer(piece.text), strict=False):
            line += piece.text.count("\n", before, match.start())
            before = match.start()
            lines[id(one)] = line
        held = set(inner)
        for group in [one for one in element if self._local[one.tag] in _GROUPS]:
            group[:] = [prop for prop in group if held.isdisjoint(prop.iter())]
        context = self._context
        for record in self._whole(piece, element, self._own_type(element), context):
            if record.kind is not RecordKind.OTHER:
                # A connector that a script gave its entries.
                context = context._replace(owner=record.text("Identity") or context.owner)
                yield record
        for one in inner:
            at = ClixmlPiece(piece.text, lines.get(id(one), piece.line), {}, {})
            yield from self._whole(at, one, self._own_type(one), context)

    def _record(
        self,
        node: Node,
        type_name: str,
        values: dict[str, Value],
        lines: dict[str, int],
        context: OutputContext,
    ) -> Record:
        plain = len(values)
        record = record_of(
            node,
            file=self._file,
            form="CLIXML",
            type_name=plain_type(type_name),
            context=context,
            values=values,
            lines=lines,
        )
        return record._replace(values=self._sharing.share(values, len(values) - plain))

    def _taken(self, texts: tuple[str, ...]) -> Value:
        kept = tuple(map(self._texts.__getitem__, texts))
        if any("_x" in text for text in kept):
            kept = tuple(map(undo_escapes, kept))
        return Value(None, kept)

    def _type_of(self, element: Element) -> str:
        """Return the type of an object; every type that is named in it is kept for the others."""
        for one in element.iter():
            tag = self._local[one.tag]
            if tag == "TN":
                # The first name of a type is its own; the rest are what it derives from.
                name = one[0].text or "" if len(one) else ""
                self._types[one.get("RefId", "")] = name
        return self._own_type(element)

    def _own_type(self, element: Element) -> str:
        found = ""
        for child in element:
            tag = self._local[child.tag]
            if tag in ("TN", "TNRef"):
                found = self._types.get(child.get("RefId", ""), "")
        return found

    def _property(
        self, node: Node, values: dict[str, Value], element: Element, piece: ClixmlPiece
    ) -> None:
        raw = element.get("N")
        if raw is None or raw == BYTES:
            return
        if not len(element):
            # Most values are texts, and the same in most objects.
            tag = self._local[element.tag]
            if tag not in NO_TEXTS:
                name = canonical_name(undo_escapes(raw))
                if name not in values and name not in node.props:
                    values[name] = self._leaf(tag, element)
                return
        name = undo_escapes(raw)
        if name in node.props:
            return
        reference = element.get("RefId")
        before = self._made
        child: Node | Value | None = values.get(name)
        if child is None:
            child = self._node(element, 1)
            child.line = piece.line + piece.lines.get(raw, 0)
            node.props[name] = child
        if reference is not None and len(self._kept) < _MOST_KEPT:
            self._kept[reference] = child
            self._sizes[reference] = self._made - before

    def _leaf(self, tag: str, element: Element) -> Value:
        text = element.text or ""
        key = tag, text
        found = self._leaves.get(key)
        if found is None:
            found = Value(text.strip().capitalize() if tag == "B" else self._text(element))
            if len(text) < _SHORT and len(self._leaves) < _MOST_KEPT:
                self._leaves[key] = found
        return found

    def _text(self, element: Element) -> str:
        text = undo_escapes(element.text or "")
        return self._texts[text] if len(text) < _SHORT else text

    def _node(self, element: Element, depth: int) -> Node:
        """Return the value of an element."""
        if depth > DEEPEST:
            raise too_deep(self._file, self._line)
        self._make(1)
        tag = self._local[element.tag]
        if tag == "Obj":
            node = Node(line=self._line)
            self._fill(node, element, depth)
            return node
        if tag == "Ref":
            return self._referred(element, depth)
        text = None
        if tag == "B":
            text = (element.text or "").strip().capitalize()
        elif tag != "Nil":
            text = self._text(element)
        return Node(text, None, _NOTHING, self._line)

    def _make(self, count: int) -> None:
        """Count values; those that stand in an object by reference are bounded."""
        self._made += count
        if self._inside:
            self._repeated += count
            if self._repeated > _REPEATED:
                raise InvalidConfiguration(
                    Problem(
                        f"an object holds more than {_REPEATED:,} values by reference",
                        file=self._file,
                        line=self._line,
                    )
                )

    def _referred(self, element: Element, depth: int) -> Node:
        """Return the value that a reference stands for."""
        self._inside += 1
        found = self._known(element, depth)
        self._inside -= 1
        return found

    def _known(self, element: Element, depth: int) -> Node:
        reference = element.get("RefId", "")
        near = self._near.get(reference)
        if near is not None and self._local[near.tag] == "Obj":
            del self._near[reference]  # an object in itself would never end
            found = self._node(near, depth + 1)
            self._near[reference] = near
            return found
        kept = self._kept.get(reference)
        self._make(self._sizes.get(reference, 0))
        if isinstance(kept, Value):
            self._make(len(kept.items or ()))
            items = None if kept.items is None else [Node(text=text) for text in kept.items]
            return Node(kept.text, items, line=self._line)
        # What it refers to is not in this text, or was too much to keep.
        return Node(text=LOST, line=self._line) if kept is None else kept

    def _fill(self, node: Node, element: Element, depth: int) -> None:
        for child in element:
            tag = self._local[child.tag]
            if tag == "ToString":
                node.text = self._text(child)
            elif tag in _GROUPS:
                if node.text is None or element.get("N") in NAMED_BY_PARTS:
                    for prop in child:
                        name = prop.get("N")
                        if name is not None:
                            node.props.setdefault(undo_escapes(name), self._node(prop, depth + 1))
            elif tag in _LISTS:
                node.items = [self._node(item, depth + 1) for item in child]
            elif tag == "DCT":
                self._table(node, child)
            elif tag in _NUMBERS and node.text is None:
                # An enumeration has a text and its number: the text decides.
                node.text = child.text or ""

    def _table(self, node: Node, element: Element) -> None:
        """Take the pairs of a hashtable as properties."""
        for pair in element:
            parts = {one.get("N"): self._node(one, 2) for one in pair}
            key = parts["Key"].text if "Key" in parts else None
            if key and "Value" in parts:
                node.props.setdefault(key, parts["Value"])


def read_clixml(
    chunks: Iterable[str], file: str, context: OutputContext = NO_CONTEXT
) -> Iterator[Record]:
    """Yield the objects of a CLIXML text, in order.

    Raises:
        InvalidConfiguration: No well-formed XML, a DOCTYPE, or nested too deep.
    """
    reader = _ClixmlReader(file, context)
    batch: list[ClixmlPiece] = []
    size, root = 0, ""
    for root, piece in pieces(chunks, file, reader.blocks):
        batch.append(piece)
        size += len(piece.text)
        if size > _BATCH:
            yield from reader.read(root, batch)
            batch, size = [], 0
    if batch:
        yield from reader.read(root, batch)
