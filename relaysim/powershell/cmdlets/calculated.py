"""What a ``-Property`` argument asks for: names, script blocks and calculated properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import frozen
from relaysim.powershell.display.cells import Side
from relaysim.powershell.values.conversion import to_bool, to_list, to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.value import HashTable, ScriptBlockValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CUSTOM_KEYS",
    "FORMAT_KEYS",
    "GROUP_KEYS",
    "HTML_KEYS",
    "LIST_KEYS",
    "SELECT_KEYS",
    "SORT_KEYS",
    "WIDE_KEYS",
    "Key",
    "Selector",
    "selectors",
]

_TEXT, _BLOCK, _NUMBER = (
    "System.String",
    "System.Management.Automation.ScriptBlock",
    "System.Int32",
)


def _written_pattern(value: Value) -> None:
    if value == "":
        raise ConversionError(
            'Cannot have an empty formatting string for key "formatString".', id="FormatStringEmpty"
        )


def _positive(value: Value) -> None:
    if isinstance(value, int) and value <= 0:
        raise ConversionError(
            f'The value "{to_text(value)}" for key "width" should be greater than 0.',
            id="WidthOutOfRange",
        )


def _is_side(value: Value) -> None:
    if _side(value) is None:
        raise ConversionError(
            f'The value "{to_text(value)}" for key "alignment" is not valid; valid values are '
            "{left, center, right}.",
            id="AlignmentIllegalValue",
        )


def _side(value: Value) -> Side | None:
    text = to_text(value).casefold()
    return next((side for side in Side if text and side.value.startswith(text)), None)


@frozen
class Key:
    """A key that a calculated property may have.

    Attributes:
        name: Its name; every beginning of it means it, too.
        types: The types its value may have; none for any.
        also: A second name.
        check: Looks at its value.
    """

    name: str
    types: tuple[str, ...] = (_TEXT,)
    also: str = ""
    check: Callable[[Value], None] | None = None

    def is_meant_by(self, text: str) -> bool:
        """Tell whether a text is one of the names or its beginning."""
        folded = text.casefold()
        return self.name.casefold().startswith(folded) or (
            bool(self.also) and self.also.startswith(folded)
        )


_EXPRESSION = Key(name="expression", types=(_TEXT, _BLOCK))
_PATTERN = Key(name="formatString", check=_written_pattern)
_LABEL = Key(name="label", also="name")

SELECT_KEYS = (_EXPRESSION, Key(name="name", also="label"))
"""The keys of a calculated property of ``Select-Object``."""
LIST_KEYS = (_EXPRESSION, _PATTERN, _LABEL)
"""The keys of a calculated property of ``Format-List`` and ``-GroupBy``."""
FORMAT_KEYS = (
    _EXPRESSION,
    _PATTERN,
    Key(name="width", types=(_NUMBER,), check=_positive),
    Key(name="alignment", check=_is_side),
    _LABEL,
)
"""The keys of a calculated property of ``Format-Table``."""
HTML_KEYS = (_EXPRESSION, _LABEL, Key(name="alignment"), Key(name="width", types=(_TEXT, _NUMBER)))
"""The keys of a calculated property of ``ConvertTo-Html``."""
WIDE_KEYS = (_EXPRESSION, _PATTERN)
"""The keys of a calculated property of ``Format-Wide``."""
CUSTOM_KEYS = (_EXPRESSION, Key(name="depth", types=(_NUMBER,)))
"""The keys of a calculated property of ``Format-Custom``."""
SORT_KEYS = (_EXPRESSION, Key(name="ascending", types=()), Key(name="descending", types=()))
"""The keys of a calculated property of ``Sort-Object``."""
GROUP_KEYS = (_EXPRESSION,)
"""The keys of a calculated property of ``Group-Object``, ``Measure-Object``, ``Compare-Object``."""


@frozen
class Selector:
    """One property that is asked for.

    Attributes:
        name: Its name in the result, or the wildcard that chooses names.
        expression: A property's name or a script block.
        descending: For sorting: whether this property sorts downwards; ``None`` when not said.
        width: For a table: the width of its column.
        side: For a table: where its texts stand.
        pattern: For a view: the .NET format of its value.
        column: For HTML: what its column is said to be.
    """

    name: str
    expression: str | ScriptBlockValue
    descending: bool | None = None
    width: int | None = None
    side: Side | None = None
    pattern: str | None = None
    column: tuple[tuple[str, str], ...] = ()


def selectors(value: Value, keys: tuple[Key, ...] = SELECT_KEYS) -> list[Selector]:
    """Return what a ``-Property`` argument asks for.

    Args:
        value: The argument: names, script blocks, hashtables.
        keys: The keys a hashtable may have; each may be abbreviated.

    Raises:
        ConversionError: What no property can be, or a calculated one that is not well made.
    """
    found = []
    calculated = False
    for item in to_list(value):
        if isinstance(item, HashTable):
            calculated = True
            parts = _parts(item, keys)
        elif type_name_of(item) in _EXPRESSION.types:
            parts = {"expression": item}
        else:
            raise _no_property(item)
        _check(parts, keys, calculated=calculated)
        found.append(_selector(parts, to_html=keys is HTML_KEYS))
    return found


def _no_property(item: Value) -> ConversionError:
    types = f"{{{_TEXT}, {_BLOCK}}}"
    return ConversionError(
        f"The value of a parameter was null; one of the following types was expected: {types}."
        if item is None
        else f"Cannot convert {type_name_of(item)} to one of the following types {types}.",
        id="DictionaryKeyUnknownType",
    )


def _parts(table: HashTable, keys: tuple[Key, ...]) -> dict[str, Value]:
    parts: dict[str, Value] = {}
    for written, value in table.items():
        if type_name_of(written) != _TEXT:
            short = type_name_of(written).rpartition(".")[2]
            raise ConversionError(
                f"The {short} key type is not valid. The key must be a string.",
                id="DictionaryKeyNonString",
            )
        text = to_text(written)
        key = _key(text, keys)
        if key.name in parts:
            raise ConversionError(
                f'The duplicated key "{text}" conflicts with "{key.name}".',
                id="DictionaryKeyDuplicate",
            )
        _require_type(text, key, value)
        parts[key.name] = value
    return parts


def _key(text: str, keys: tuple[Key, ...]) -> Key:
    matches = [key for key in keys if key.is_meant_by(text)]
    if not matches:
        raise ConversionError(
            f"The {text} key is not valid.",
            id="DictionaryKeyIllegal",
            hint=f"one of {', '.join(f'`{key.name}`' for key in keys)}",
        )
    if len(matches) > 1:
        raise ConversionError(
            f"The {text} key is ambiguous; {matches[0].name} and {matches[1].name} conflict.",
            id="DictionaryKeyAmbiguous",
        )
    return matches[0]


def _require_type(text: str, key: Key, value: Value) -> None:
    if not key.types:
        return
    if value is None:
        raise ConversionError(f"The {text} key has no value.", id="DictionaryKeyMissingValue")
    if type_name_of(value) in key.types:
        return
    several = len(key.types) > 1
    types = f"types are {{{', '.join(key.types)}}}" if several else f"type is {key.types[0]}"
    raise ConversionError(
        f'The "{text}" key has a type, {type_name_of(value)}, that is not valid; expected {types}.',
        id="DictionaryKeyIllegalValue1" if several else "DictionaryKeyIllegalValue2",
    )


def _check(parts: dict[str, Value], keys: tuple[Key, ...], *, calculated: bool) -> None:
    if "expression" not in parts:
        raise ConversionError(
            "A mandatory entry for expression is missing.", id="DictionaryKeyMandatoryEntry"
        )
    if parts["expression"] == "":
        if calculated:
            raise ConversionError(
                'The "expression" key cannot have an empty string value.',
                id="ExpressionEmptyString1",
            )
        raise ConversionError("An empty string value is not allowed.", id="ExpressionEmptyString2")
    for key in keys:
        if key.check is not None and key.name in parts:
            key.check(parts[key.name])


def _selector(parts: dict[str, Value], *, to_html: bool) -> Selector:
    expression = parts["expression"]
    block = expression if isinstance(expression, ScriptBlockValue) else to_text(expression)
    width = parts.get("width")
    return Selector(
        name=to_text(parts.get("name")) or to_text(parts.get("label")) or to_text(expression)
        or "Expression",
        expression=block,
        descending=_downwards(parts),
        width=width if isinstance(width, int) and not to_html else None,
        side=_side(parts.get("alignment")),
        pattern=to_text(parts.get("formatString")) or None,
        column=tuple(
            (name, to_text(parts[key]))
            for name, key in (("width", "width"), ("align", "alignment"))
            if to_html and key in parts
        ),
    )  # fmt: skip


def _downwards(parts: dict[str, Value]) -> bool | None:
    """Return whether a property sorts downwards; what says both or neither of it says nothing."""
    found = {
        (name == "descending") is to_bool(parts[name])
        for name in ("ascending", "descending")
        if name in parts
    }
    return found.pop() if len(found) == 1 else None
