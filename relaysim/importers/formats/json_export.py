r"""JSON: ConvertTo-Json of Windows PowerShell 5.1 and of 7, any depth, one document or several.

Source: CONVJSON.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.formats.nodes import Node, record_of
from relaysim.importers.records import (
    NO_CONTEXT,
    PRINTED_NAMES,
    OutputContext,
    ReadingNote,
    Record,
    RecordKind,
    canonical_name,
    classify,
)

__all__ = ["read_json"]

_BLANK = " \t\r\n,\ufeff"
_KEY = re.compile(r'"([A-Za-z_][\w.]*)"\s*:')
_DEEPEST_BUNDLE = 4
"""In so many objects an object of ours may stand."""
_FLAT = re.compile(r"(?:^|; )(\w+)=")


def read_json(
    text: str,
    file: str,
    notes: list[ReadingNote],
    context: OutputContext = NO_CONTEXT,
    *,
    first: int = 1,
) -> Iterator[Record]:
    """Yield the objects of a JSON text, in order.

    Args:
        text: The text; documents may follow one another.
        file: Its name, for places.
        notes: Takes what was flattened past reading.
        context: The command that printed it.
        first: The line that the text begins in.

    Raises:
        InvalidConfiguration: No valid JSON, or nested too deep.
    """
    decoder = json.JSONDecoder(strict=False)
    position, length = 0, len(text)
    line, counted = first, 0
    while position < length:
        if text[position] in _BLANK or text[position] in "[]":
            # The elements of an array are read one by one: each has its place, none is kept.
            position += 1
            continue
        line, counted = line + text.count("\n", counted, position), position
        try:
            found, end = decoder.raw_decode(text, position)
        except RecursionError:
            raise InvalidConfiguration(
                Problem("is nested too deep", file=file, line=line)
            ) from None
        except ValueError as error:
            place = getattr(error, "pos", position)
            words = getattr(error, "msg", "a number of too many digits")
            line = first + text.count("\n", 0, place)
            raise InvalidConfiguration(
                Problem(f"is no valid JSON ({words})", file=file, line=line)
            ) from None
        yield from _objects(found, text[position:end], line, notes, (file, context))
        position = end


def _objects(
    found: Any,  # noqa: ANN401
    text: str,
    line: int,
    notes: list[ReadingNote],
    place: tuple[str, OutputContext],
) -> Iterator[Record]:
    file, context = place
    if isinstance(found, dict):
        inner = found.get("value")
        if isinstance(inner, list) and set(found) <= {"value", "Count"}:
            for item in inner:
                yield from _objects(item, text, line, notes, place)
            return
        node = _node(found, 0)
        node.line = line
        at, before = line, 0
        for match in _KEY.finditer(text):
            child = node.props.get(match[1])
            if child is not None and child.line is None:
                at, before = at + text.count("\n", before, match.start()), match.start()
                child.line = at
        yield from _records(node, file, context)
    elif isinstance(found, list):
        for item in found:
            yield from _objects(item, text, line, notes, place)
    elif isinstance(found, str) and found.startswith("@{"):
        notes.append(
            ReadingNote(
                "lossy",
                "an object was flattened to one text; export with `ConvertTo-Json -Depth 4`",
                file,
                line,
            )
        )
        yield record_of(_flat(found, line), file=file, form="JSON", context=context)


def _records(node: Node, file: str, context: OutputContext) -> Iterator[Record]:
    """Yield the record of an object; of one that holds objects of ours, theirs and its own."""
    form = node.props.get("format")
    if form is not None and (form.text or "").startswith("relaysim."):
        # An answer of this program is no export, whatever connectors it speaks of.
        return
    inner = {name: held for name, child in node.props.items() if (held := _ours_in(child, 0))}
    for name in inner:
        del node.props[name]
    if node.props or not inner:
        record = record_of(node, file=file, form="JSON", context=context)
        if not inner or record.kind is not RecordKind.OTHER:
            yield record
        if record.kind is RecordKind.CONNECTOR:
            # A connector that a script gave its entries.
            context = context._replace(owner=record.text("Identity") or context.owner)
    for name, held in inner.items():
        # A script may keep the entries under the name of their connector.
        owner = name if "\\" in name else context.owner
        for one in held:
            one.line = one.line or node.line
            yield from _records(one, file, context._replace(owner=owner))


def _ours_in(node: Node, depth: int) -> list[Node]:
    """Return the objects of ours that are a value, or stand in one that is none."""
    found = []
    for one in node.items if node.items is not None else (node,):
        if classify(map(canonical_name, one.props)) is not RecordKind.OTHER:
            found.append(one)
        elif depth < _DEEPEST_BUNDLE:
            for child in one.props.values():
                found += _ours_in(child, depth + 1)
    return found


def _flat(text: str, line: int) -> Node:
    """Return the object of ``@{Name=Relay; Enabled=True}``: only known names begin a value."""
    inner = text[2:].removesuffix("}")
    known = PRINTED_NAMES()
    places = [match for match in _FLAT.finditer(inner) if match[1].casefold() in known]
    node = Node(line=line)
    for index, match in enumerate(places):
        end = places[index + 1].start() if index + 1 < len(places) else len(inner)
        node.props[match[1]] = Node(text=inner[match.end() : end] or None, line=line)
    return node


def _node(value: Any, depth: int) -> Node:  # noqa: ANN401
    if value is None or depth > 100:
        return Node()
    if isinstance(value, bool):
        return Node(text=str(value))
    if isinstance(value, dict):
        inner = value.get("value")
        if isinstance(inner, list) and set(value) <= {"value", "Count"}:
            return _node(inner, depth + 1)
        return Node(props={name: _node(item, depth + 1) for name, item in value.items()})
    if isinstance(value, list):
        return Node(items=[_node(item, depth + 1) for item in value])
    return Node(text=str(value))
