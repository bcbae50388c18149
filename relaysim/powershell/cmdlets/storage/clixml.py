"""``Export-Clixml`` and ``Import-Clixml``: objects as XML, and back as copies without methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.cmdlets.storage.clixml_values import element_of, value_of
from relaysim.powershell.cmdlets.storage.file_writing import require_writable, write_text
from relaysim.powershell.cmdlets.storage.files import ENCODING, read_files
from relaysim.powershell.cmdlets.storage.json_text import to_depth
from relaysim.powershell.cmdlets.storage.paths import PATH, to_paths
from relaysim.powershell.cmdlets.storage.tabular import stored_type
from relaysim.powershell.display.views import beside
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import to_int, to_list, to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError, not_in_subset
from relaysim.powershell.values.numeric import decorated
from relaysim.powershell.values.value import (
    EnumValue,
    HashTable,
    Nothing,
    ObjectType,
    ShellList,
    ShellObject,
    SwitchValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["CLIXML_CMDLETS"]

_SCHEMA = "http://schemas.microsoft.com/powershell/2004/04"
_HIDDEN = pattern(r"[\x00-\x1f]|_(?=x[0-9A-Fa-f]{4}_)|[\ud800-\udfff]")
_SHOWN = pattern(r"_x([0-9A-Fa-f]{4})_")


def _escaped(text: str) -> str:
    text = _HIDDEN.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescaped(text: str) -> str:
    text = _SHOWN.sub(lambda found: chr(int(found.group(1), 16)), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class _StoredWriter:
    """Writes objects; types and objects that come again are referred to by number."""

    def __init__(self, context: Context, depth: int) -> None:
        self._context = context
        self._depth = depth
        self._types: dict[tuple[str, ...], int] = {}
        self._numbers: dict[int, int] = {}
        self._kept: list[Value] = []

    def document(self, items: Iterable[Value]) -> str:
        lines = [f'<Objs Version="1.1.0.1" xmlns="{_SCHEMA}">']
        for item in items:
            lines += self._value(item, None, 1, self._depth)
        return "".join(f"{line}\r\n" for line in [*lines, "</Objs>"])[:-2]

    def _value(self, value: Value, name: str | None, indent: int, depth: int) -> Iterator[str]:
        self._context.spend(1)
        pad = "  " * indent
        named = "" if name is None else f' N="{_escaped(name)}"'.replace('""', '"')
        if value is None or isinstance(value, Nothing):
            yield f"{pad}<Nil{named} />"
            return
        simple = element_of(value)
        beside = _members_beside(value)
        if simple is not None and not beside:
            yield _element(pad, simple, named)
            return
        known = self._numbers.get(id(value))
        if known is not None and isinstance(value, ShellObject):
            yield f'{pad}<Ref{named} RefId="{known}" />'
            return
        whole = isinstance(value, list | HashTable | EnumValue) or simple is not None
        if depth <= 0 and not whole:
            plain = isinstance(value, ShellObject) and value.type.name.endswith("PSCustomObject")
            yield f"{pad}<S{named}>{'' if plain else _escaped(to_text(value))}</S>"
            return
        number = self._numbers[id(value)] = len(self._kept)
        self._kept.append(value)
        yield f'{pad}<Obj{named} RefId="{number}">'
        if simple is not None:
            yield _element(pad + "  ", simple)
            yield from self._members("MS", beside, indent + 1, depth)
        else:
            yield from self._names(value, indent + 1)
            yield from self._content(value, indent + 1, depth)
        yield f"{pad}</Obj>"

    def _names(self, value: Value, indent: int) -> Iterator[str]:
        pad = "  " * indent
        names = _type_names(value)
        known = self._types.get(names)
        if known is not None:
            yield f'{pad}<TNRef RefId="{known}" />'
            return
        self._types[names] = len(self._types)
        yield f'{pad}<TN RefId="{self._types[names]}">'
        yield from (f"{pad}  <T>{_escaped(name)}</T>" for name in names)
        yield f"{pad}</TN>"

    def _content(self, value: Value, indent: int, depth: int) -> Iterator[str]:
        pad = "  " * indent
        if isinstance(value, list):
            # What lists and tables hold, and what is added to an object, is not cut.
            yield f"{pad}<LST>"
            for item in value:
                yield from self._value(item, None, indent + 1, depth)
            yield f"{pad}</LST>"
        elif isinstance(value, HashTable):
            yield f"{pad}<DCT>"
            for key, item in value.items():
                yield f"{pad}  <En>"
                yield from self._value(key, "Key", indent + 2, depth)
                yield from self._value(item, "Value", indent + 2, depth)
                yield f"{pad}  </En>"
            yield f"{pad}</DCT>"
        elif isinstance(value, ShellObject):
            plain = value.type.name.endswith("PSCustomObject")
            if value.type.text is not None or not plain:
                yield f"{pad}<ToString>{_escaped(to_text(value))}</ToString>"
            tag = "MS" if plain else "Props"
            yield from self._members(tag, value.items(), indent, depth if plain else depth - 1)
        elif isinstance(value, SwitchValue):
            yield f"{pad}<ToString>{value.on}</ToString>"
            yield from self._members("Props", [("IsPresent", value.on)], indent, depth - 1)
        elif isinstance(value, EnumValue):
            yield f"{pad}<ToString>{_escaped(to_text(value))}</ToString>"
            yield f"{pad}<I32>{value.number}</I32>"
        else:
            raise not_in_subset(f"a {type_name_of(value)} as CLIXML")

    def _members(
        self, tag: str, members: list[tuple[str, Value]], indent: int, depth: int
    ) -> Iterator[str]:
        pad = "  " * indent
        yield f"{pad}<{tag}>"
        for name, item in members:
            yield from self._value(item, name, indent + 1, depth)
        yield f"{pad}</{tag}>"


def _element(pad: str, simple: tuple[str, str], named: str = "") -> str:
    tag, text = simple
    return f"{pad}<{tag}{named}>{_escaped(text)}</{tag}>"


def _members_beside(value: Value) -> list[tuple[str, Value]]:
    """Return what stands beside a value of one element: added members, the hint of a date."""
    if isinstance(value, ShellObject):
        return [("DisplayHint", value.get("DisplayHint"))] if "DisplayHint" in value else []
    return [] if isinstance(value, list) else beside(value)


def _type_names(value: Value) -> tuple[str, ...]:
    own = stored_type(value)
    if isinstance(value, ShellList):
        return own, "System.Object"
    if isinstance(value, list):
        return own, "System.Array", "System.Object"
    if isinstance(value, EnumValue):
        return own, "System.Enum", "System.ValueType", "System.Object"
    if isinstance(value, SwitchValue):
        return own, "System.ValueType", "System.Object"
    line: tuple[str, ...] = ()
    if own.startswith("Selected."):
        line = ("System.Management.Automation.PSCustomObject",)
    elif isinstance(value, ShellObject):
        line = value.type.ancestors or _PARENTS.get(own, ())
    return own, *line, "System.Object"


_PARENTS = {
    f"Microsoft.PowerShell.Commands.{name}MeasureInfo": (
        "Microsoft.PowerShell.Commands.MeasureInfo",
    )
    for name in ("Generic", "Text")
}


class _ExportClixml:
    spec = CmdletSpec(
        name="Export-Clixml",
        before=require_writable,
        collects=True,
        changes=True,
        parameters=(
            Parameter(
                name="Path",
                position=0,
                mandatory=True,
                aliases=("LiteralPath", "PSPath"),
                convert=to_paths,
            ),
            Parameter(name="Depth", convert=to_depth),
            Parameter(name="Force", switch=True),
            Parameter(name="NoClobber", switch=True, aliases=("NoOverwrite",)),
            ENCODING,
            Parameter(name="InputObject", from_pipeline=True, mandatory=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write the objects as a file, in UTF-16 unless told otherwise."""
        path = to_text(to_list(bound.get("Path"))[0])
        depth = bound.get("Depth", 2)
        given = [bound.get("InputObject")] if "InputObject" in bound else []
        writer = _StoredWriter(context, depth if isinstance(depth, int) else 2)
        text = writer.document([*pipeline_input, *given])
        if context.should_process(path, "Export-Clixml"):
            write_text(context, path, text, encoding=to_text(bound.get("Encoding", "unicode")))
        return ()


class _StoredReader:
    """Reads objects; each is a copy whose type's name begins with ``Deserialized.``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._types: dict[str, str] = {}
        self._objects: dict[str, Value] = {}

    def value(self, node: Element) -> Value:
        self._context.spend(1)
        tag = node.tag.rpartition("}")[2]
        text = _unescaped(node.text or "")
        if tag == "Obj":
            return self._object(node)
        if tag == "Ref":
            return self._objects.get(node.get("RefId", ""))
        if tag == "Nil":
            return None
        return value_of(tag, text)

    def _object(self, node: Element) -> Value:
        parts = {child.tag.rpartition("}")[2]: child for child in node}
        name = self._type_name(parts)
        result = self._made(parts, name)
        self._objects[node.get("RefId", "")] = result
        return result

    def _type_name(self, parts: dict[str, Element]) -> str:
        if "TN" in parts:
            first = next(iter(parts["TN"]), None)
            name = "" if first is None else _unescaped(first.text or "")
            self._types[parts["TN"].get("RefId", "")] = name
            return name
        return self._types.get(parts["TNRef"].get("RefId", ""), "") if "TNRef" in parts else ""

    def _made(self, parts: dict[str, Element], name: str) -> Value:
        for tag in ("LST", "IE", "STK", "QUE"):
            if tag in parts:
                return ShellList(self.value(child) for child in parts[tag])
        if "DCT" in parts:
            kind = "ordered" if name.endswith("OrderedDictionary") else "hashtable"
            return HashTable((self._entry(entry) for entry in parts["DCT"]), kind=kind)
        fields = [
            (_unescaped(child.get("N", "")), self.value(child))
            for tag in ("Props", "MS")
            for child in parts.get(tag, ())
        ]
        shown = _unescaped(parts["ToString"].text or "") if "ToString" in parts else None
        held = next((child for tag, child in parts.items() if tag not in _FRAME), None)
        if held is not None:
            # A value with a type of its own, such as a member of an enumeration.
            return shown if shown is not None else _with_members(self.value(held), fields)
        prefix = "" if name.startswith(("Deserialized.", "Selected.")) else "Deserialized."
        text = None if shown is None else (lambda _object, shown=shown: shown)
        return ShellObject(fields, type_=ObjectType(name=f"{prefix}{name}", text=text))

    def _entry(self, node: Element) -> tuple[Value, Value]:
        found = {child.get("N", ""): self.value(child) for child in node}
        return found.get("Key"), found.get("Value")


_FRAME = frozenset({"TN", "TNRef", "ToString", "Props", "MS"})


def _with_members(value: Value, fields: list[tuple[str, Value]]) -> Value:
    """Return a value with what stood beside it."""
    if isinstance(value, ShellObject):
        hinted = [one for one in fields if one[0] == "DisplayHint"]
        return ShellObject([*hinted, *value.items()], type_=value.type, base=value.base)
    return decorated(value, fields) or value if fields else value


def _to_number(value: Value) -> int:
    number = cast("uint64", value)
    return number if isinstance(number, int) else 0


class _ImportClixml:
    spec = CmdletSpec(
        name="Import-Clixml",
        parameters=(
            PATH,
            Parameter(name="First", convert=_to_number),
            Parameter(name="Skip", convert=_to_number),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return copies of the objects of the files."""
        del pipeline_input
        for text in read_files(context, bound, "FileOpenFailure"):
            items = _document(context, text)
            if "First" in bound or "Skip" in bound:
                # Of a part of the objects, arrays are objects like any other.
                skip, first = to_int(bound.get("Skip", 0)), bound.get("First")
                items = items[skip:] if first is None else items[skip : skip + to_int(first)]
            yield from items


def _document(context: Context, text: str) -> list[Value]:
    from xml.etree.ElementTree import ParseError, fromstring

    try:
        if "<!DOCTYPE" in text.upper():
            raise context.failure(
                "Import-Clixml: the file has a document type, which CLIXML has not",
                id="XmlException",
            )
        # Without a document type there is nothing that could expand.
        root = fromstring(text)  # noqa: S314
        if not root.tag.endswith("Objs"):
            raise context.failure("Import-Clixml: the file is no CLIXML", id="XmlException")
        reader = _StoredReader(context)
        return [reader.value(child) for child in root]
    except (ParseError, ValueError, ArithmeticError, RecursionError, ConversionError) as error:
        raise context.failure(
            f"Import-Clixml: the file is no CLIXML: {error}", id="XmlException"
        ) from error


CLIXML_CMDLETS: tuple[Cmdlet, ...] = (_ExportClixml(), _ImportClixml())
