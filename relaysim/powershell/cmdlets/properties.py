"""Choosing and computing properties: names, wildcards, script blocks, calculated properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relaysim.powershell.display.screen import properties_of
from relaysim.powershell.interpreter.evaluation import member_of
from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.values.conversion import to_bool, to_int, to_list, to_text
from relaysim.powershell.values.value import HashTable, Nothing, ScriptBlockValue, Value, collapse
from relaysim.powershell.values.wildcard import has_wildcard, matches_wildcard

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.context import Context

__all__ = ["Selector", "property_value", "select_properties", "selectors", "to_count", "to_texts"]

_KEYS = {
    "n": "name", "name": "name", "l": "name", "label": "name", "e": "expression",
    "expression": "expression", "descending": "descending", "ascending": "ascending",
    "width": "width", "w": "width", "alignment": "alignment", "a": "alignment",
    "formatstring": "formatstring", "f": "formatstring", "k": "name",
}  # fmt: skip


def to_texts(value: Value) -> list[Value]:
    """Return an argument as an array of texts."""
    return [to_text(item) for item in to_list(value)]


def to_count(value: Value) -> int:
    """Return an argument as a count."""
    count = to_int(value)
    if count < 0:
        raise ConversionError(f"{count} is negative")
    return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """One property that is asked for.

    Attributes:
        name: Its name in the result, or the wildcard that chooses names.
        expression: A property's name or a script block.
        descending: For sorting: whether this property sorts downwards; ``None`` when not said.
    """

    name: str
    expression: str | ScriptBlockValue
    descending: bool | None = None


def selectors(value: Value) -> list[Selector]:
    """Return what a ``-Property`` argument asks for.

    Raises:
        ConversionError: A calculated property without an expression or with an unknown key.
    """
    found = []
    for item in to_list(value):
        if isinstance(item, HashTable):
            found.append(_calculated(item))
        elif isinstance(item, ScriptBlockValue):
            found.append(Selector(name="Expression", expression=item))
        else:
            found.append(Selector(name=to_text(item), expression=to_text(item)))
    return found


def _calculated(table: HashTable) -> Selector:
    parts: dict[str, Value] = {}
    for key, value in table.items():
        name = _KEYS.get(to_text(key).casefold())
        if name is None:
            raise ConversionError(f"a calculated property has no key `{to_text(key)}`")
        parts[name] = value
    expression = parts.get("expression")
    if not isinstance(expression, ScriptBlockValue):
        expression = to_text(expression)
        if not expression:
            raise ConversionError("a calculated property without an expression")
    default = "" if isinstance(expression, ScriptBlockValue) else expression
    descending = to_bool(parts["descending"]) if "descending" in parts else None
    if "ascending" in parts:
        descending = not to_bool(parts["ascending"])
    return Selector(
        name=to_text(parts.get("name")) or default or "Expression",
        expression=expression,
        descending=descending,
    )


def property_value(context: Context, selector: Selector, item: Value) -> Value:
    """Return the value of a property of ``item``; an error in a script block gives ``$null``."""
    if isinstance(selector.expression, str):
        return member_of(item, selector.expression)
    result = collapse(context.invoke(selector.expression, item))
    return None if isinstance(result, Nothing) else result


def select_properties(
    context: Context, chosen: list[Selector], item: Value, excluded: list[str] | None = None
) -> list[tuple[str, Value]]:
    """Return the properties of ``item`` that are asked for; wildcards choose among its own."""
    result: dict[str, tuple[str, Value]] = {}
    for selector in chosen:
        if isinstance(selector.expression, str) and has_wildcard(selector.expression):
            for name, value in properties_of(item):
                if matches_wildcard(name, selector.expression):
                    result.setdefault(name.casefold(), (name, value))
            continue
        context.spend(1)
        name = selector.name
        if selector.name == selector.expression:
            # The property's own spelling is shown, not the one asked with.
            own = {key.casefold(): key for key, _ in properties_of(item)}
            name = own.get(name.casefold(), name)
        result.setdefault(name.casefold(), (name, property_value(context, selector, item)))
    for pattern in excluded or []:
        for folded in [key for key in result if matches_wildcard(key, pattern)]:
            del result[folded]
    return list(result.values())
