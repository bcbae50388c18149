"""Nested objects of a serializer, and the one text that stands for each.

CLIXML, JSON and ConvertTo-Xml give an enumeration, an address or a user as an object with
properties. How deep they go is chosen by whoever exports, so that each of them is found as a text,
as a number or as an object of any depth.

Source: CONVJSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from socket import AF_INET, inet_ntop

from relaysim.importers.records import (
    ALL_CARRY_LINES,
    NO_CONTEXT,
    OutputContext,
    Record,
    Value,
    canonical_name,
    classify,
    kind_of_type,
)

__all__ = ["LOST", "Node", "plain_type", "record_of", "text_of", "values_of"]


@dataclass(slots=True)
class Node:
    """A value of a serialised object.

    Attributes:
        text: Its text, if it has one.
        items: Its items, if it is a list.
        props: Its properties, if it has any.
        line: The line it begins in.
    """

    text: str | None = None
    items: "list[Node] | None" = None
    props: "dict[str, Node]" = field(default_factory=dict)
    line: int | None = None


LOST = "\ufffd lost in the export"
"""Stands for a value that the export does not hold."""


def plain_type(name: str) -> str:
    """Return a type name without what serialising and selecting put in front.

    >>> plain_type("Deserialized.Microsoft.Exchange.Data.IPRange")
    'Microsoft.Exchange.Data.IPRange'
    """
    while name.startswith(("Deserialized.", "Selected.")):
        name = name.partition(".")[2]
    return name


def text_of(node: Node) -> str | None:
    """Return the text that stands for a node, ``None`` when it has no value."""
    if node.text is not None:
        return node.text
    if node.items is not None:
        texts = [text_of(item) for item in node.items]
        return ", ".join(text for text in texts if text is not None)
    props = node.props
    if not props:
        return None
    for name in ("Value", "Expression", "IsPresent", "RawIdentity", "IPAddressToString"):
        found = props.get(name)
        if found is not None and found.text is not None:
            return found.text
    return _made(props)


def _made(props: Mapping[str, Node]) -> str | None:
    if "LowerBound" in props and "UpperBound" in props:
        low, high = _address(props["LowerBound"]), _address(props["UpperBound"])
        if LOST in (low, high):
            return LOST
        return low if low == high else f"{low}-{high}"
    if "Port" in props and "Address" in props:
        return _binding(props)
    if "Address" in props and "AddressFamily" in props:
        return _address(Node(props=dict(props)))
    if {"Major", "Minor", "Build"} <= props.keys():
        part = {name: text_of(node) or "0" for name, node in props.items()}
        build = f"{part['Build']}.{part.get('Revision', '0')}"
        return f"Version {part['Major']}.{part['Minor']} (Build {build})"
    for name in ("Domain", "value", "value__", "Name", "DistinguishedName"):
        found = props.get(name)
        text = text_of(found) if found is not None else None
        if text is not None:
            return text
    return None


def _binding(props: Mapping[str, Node]) -> str:
    port = text_of(props["Port"]) or ""
    address = _address(props["Address"])
    if address == LOST:
        return LOST
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _address(node: Node) -> str:
    """Return an address as text: the lowest byte of an IPv4 number comes first."""
    for name in ("IPAddressToString", "Value"):
        found = node.props.get(name)
        if found is not None and found.text:
            return found.text
    text = node.text
    if text is None:
        inner = node.props.get("Address")
        text = inner.text if inner is not None else None
        family = node.props.get("AddressFamily")
        if family is not None and family.text in ("23", "InterNetworkV6"):
            return text if text and ":" in text else LOST
    if text is None:
        return LOST
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 1 << 32:
        return inet_ntop(AF_INET, int(text).to_bytes(4, "little"))
    return text


def record_of(
    node: Node,
    *,
    file: str,
    form: str,
    type_name: str = "",
    context: OutputContext = NO_CONTEXT,
    values: dict[str, Value] | None = None,
    lines: Mapping[str, int] | None = None,
) -> Record:
    """Return the record of an object: one raw value for each of its properties.

    Args:
        node: The object.
        file: The file, for places.
        form: The form it was read from.
        type_name: Its type, if it carries one.
        context: The command above.
        values: Values that are read already; they come before those of the node.
        lines: How far below the object those begin that do not carry their line.
    """
    values = {} if values is None else values
    for name, child in node.props.items():
        _add(values, canonical_name(name), child)
    kind = kind_of_type(type_name) or classify(values, context)
    return Record(
        kind=kind,
        values=values,
        file=file,
        line=node.line,
        form=form,
        type_name=type_name,
        context=context,
        lines=lines or ALL_CARRY_LINES,
    )


def values_of(name: str, node: Node) -> dict[str, Value]:
    """Return what is read of a property, without lines.

    Args:
        name: Its name, as Exchange spells it.
        node: Its value.
    """
    values: dict[str, Value] = {}
    _add(values, name, node)
    return {each: value._replace(line=None) for each, value in values.items()}


def _add(values: dict[str, Value], name: str, node: Node) -> None:
    items = None
    if node.items is not None:
        texts = (text_of(item) for item in node.items)
        items = tuple(text for text in texts if text is not None)
    values.setdefault(name, Value(text_of(node), items, node.line))
    if name == "User" and "SecurityIdentifier" in node.props:
        sid = text_of(node.props["SecurityIdentifier"])
        values["User.SecurityIdentifier"] = Value(sid, None, node.line)
    if name in ("Identity", "Server") and "DistinguishedName" in node.props:
        path = text_of(node.props["DistinguishedName"])
        values[f"{name}.DistinguishedName"] = Value(path, None, node.line)
