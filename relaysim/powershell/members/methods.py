"""Members and methods of values: which there are, and what calling one gives."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.members.list_methods import (
    ARRAY_METHODS,
    LIST_METHODS,
    TABLE_METHODS,
    same_value,
)
from relaysim.powershell.members.object_methods import OBJECT_METHODS
from relaysim.powershell.members.signatures import (
    as_method_failure,
    fitted_arguments,
    form_and_culture,
    method_title,
)
from relaysim.powershell.members.text_methods import TEXT_METHODS, Method, from_units, to_units
from relaysim.powershell.values.comparison import order_of
from relaysim.powershell.values.conversion import (
    canonical_of,
    is_plain,
    screen_text,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import ConversionError, no_overload, not_in_subset
from relaysim.powershell.values.numberformat import format_number, invariant_text, item_in_form
from relaysim.powershell.values.numeric import DECORATED, Char
from relaysim.powershell.values.type_names import full_name, object_text
from relaysim.powershell.values.value import (
    Enumerator,
    EnumValue,
    HashTable,
    MemberText,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    TypedArray,
    TypeValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MISSING", "call_method", "has_method", "methods_of", "no_method"]


def _format(value: Value, arguments: list[Value]) -> Value:
    if len(arguments) > 1 and isinstance(arguments[1], str | int | float | list):
        raise no_overload("ToString", len(arguments))
    simple = isinstance(value, bool | Char) and arguments and type(arguments[0]) is str
    if simple or (arguments and isinstance(value, list | HashTable)) or len(arguments) > 2:
        raise no_overload("ToString", len(arguments))
    if arguments and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return format_number(value, to_text(arguments[0]))
    if arguments and isinstance(value, EnumValue):
        return item_in_form(value, to_text(arguments[0]))
    if isinstance(value, list):
        return object_text(canonical_of(value))
    if isinstance(value, TypeValue):
        return full_name(value.name)
    if is_plain(value):
        return ""
    endless = isinstance(value, float) and math.isinf(value)
    return screen_text(value) if endless else to_text(value)


def _compare(value: Value, arguments: list[Value]) -> Value:
    other = arguments[0]
    if other is None:
        return 1
    if canonical_of(other) != canonical_of(value):
        name = type_name_of(value).removeprefix("System.")
        raise ConversionError(
            f'Exception calling "CompareTo" with "1" argument(s): "Object must be of type {name}.'
            f'{_PARAMETERS.get(name, "")}"',
            id="ArgumentException",
        )
    if isinstance(value, Char) and isinstance(other, Char):
        return ord(value) - ord(other)
    return order_of(value, other, case=True)


_PARAMETERS = {"Version": "\nParameter name: version"}

_SCALAR = {
    "compareto": Method("CompareTo", _compare, 1, 1),
    "equals": Method("Equals", lambda value, args: same_value(value, args[0]), 1, 1),
}


def _has_flag(value: Value, arguments: list[Value]) -> Value:
    flag = arguments[0]
    if not isinstance(flag, EnumValue) or not isinstance(value, EnumValue):
        raise ConversionError(
            f'Cannot convert argument "flag", with value: "{to_text(flag)}", for "HasFlag" to type '
            '"System.Enum"',
            id="MethodArgumentConversionInvalidCastArgument",
        )
    return value.number & flag.number == flag.number


def _type(value: Value, arguments: list[Value]) -> Value:
    del arguments
    if isinstance(value, Enumerator):
        raise not_in_subset("the type of an enumerator")
    return TypeValue(name=canonical_of(value))


_ENUMERATION = {**_SCALAR, "hasflag": Method("HasFlag", _has_flag, 1, 1)}
_ANY = {
    "gettype": Method("GetType", _type),
    "tostring": Method("ToString", _format, 0, 2),
    # An object made of properties is not even equal to itself.
    "equals": Method("Equals", lambda value, args: value is args[0] and not is_plain(value), 1, 1),
}


def methods_of(value: Value) -> Mapping[str, Method]:
    """Return the methods of a value, by lower-case name, beside those that every value has."""
    if isinstance(value, Char):
        return _SCALAR
    if isinstance(value, str):
        return TEXT_METHODS
    if isinstance(value, EnumValue):
        return _ENUMERATION
    if isinstance(value, bool | int | float | Decimal):
        return _SCALAR
    if isinstance(value, HashTable):
        return TABLE_METHODS[value.kind.partition("<")[0]]
    if isinstance(value, ShellList):
        return OBJECT_METHODS.get(value.kind.partition("<")[0], LIST_METHODS)
    if isinstance(value, list):
        return ARRAY_METHODS
    if isinstance(value, ShellObject):
        own = OBJECT_METHODS.get(canonical_of(value), {})
        return {**own, **_SCALAR} if value.type.identity is not None else own
    return {}


MISSING = frozenset(
    {
        "aggregate", "asspan", "binarysearch", "convertall", "copyto", "enumeraterunes", "exists",
        "find", "findall", "findindex", "findlast", "gethashcode", "getconstructors", "getfields",
        "getfield", "getinterfaces", "getmember", "getmembers", "getmethod", "getmethods",
        "getnestedtypes", "getproperties", "getproperty", "getrange", "gettypecode", "invokemember",
        "isnormalized", "issubclassof", "isassignablefrom", "lastindexofany", "maptoipv4",
        "maptoipv6", "removeall", "replacelineendings", "setrange", "tooadate",
        "trimtosize", "trueforall", "tryformat", "trygetvalue", "initialize",
    }
)  # fmt: skip
"""Methods that .NET has and nothing here: a script that calls one is refused."""


def has_method(target: Value, name: str) -> bool:
    """Tell whether a value has a method of its own."""
    folded = name.lower()
    if folded in _ANY or folded in methods_of(target):
        return True
    return isinstance(target, ShellObject) and _is_own(target, folded)


def no_method(target: Value, name: str) -> ConversionError:
    """Return the error of a method that a value does not have."""
    return ConversionError(
        f"Method invocation failed because [{type_name_of(target)}] does not contain a method "
        f"named '{name}'.",
        id="MethodNotFound",
        target=name,
    )


def call_method(target: Value, name: str, arguments: list[Value]) -> Value:
    """Return what ``target.name(arguments)`` gives.

    Raises:
        ConversionError: There is no such method here, or the arguments do not fit.
    """
    folded = name.lower()
    if target is None or isinstance(target, Nothing):
        raise ConversionError(
            "You cannot call a method on a null-valued expression.", id="InvokeMethodOnNull"
        )
    if folded == "tostring" and arguments and _is_formed(target):
        arguments, invariant = form_and_culture(target, arguments)
        if invariant:
            return invariant_text(target, to_text(arguments[0]) if arguments else None)
    if isinstance(target, ShellObject) and _is_own(target, folded):
        return _call_own(target, name, arguments)
    if isinstance(target, DECORATED) and folded in target.calls:
        return target.calls[folded](target, arguments)
    if isinstance(target, MemberText) and folded in target.results and not arguments:
        found = target.results[folded]
        return TypedArray(found, found.item) if isinstance(found, TypedArray) else found
    method = methods_of(target).get(folded) or _ANY.get(folded)
    if method is None and folded in MISSING:
        raise not_in_subset(f"the method `{name}`")
    if method is None:
        raise no_method(target, name)
    if len(arguments) < method.least or (method.most is not None and len(arguments) > method.most):
        raise no_overload(name, len(arguments))
    if isinstance(target, str) and not isinstance(target, Char):
        return _on_units(method, target, arguments)
    return method.call(target, arguments)


def _is_formed(target: Value) -> bool:
    """Tell whether ``ToString`` of a value is .NET's own: no script has given it another."""
    if isinstance(target, DECORATED):
        return "tostring" not in target.calls
    return not isinstance(target, ShellObject) or not is_plain(target) or "ToString" not in target


def _is_own(target: ShellObject, folded: str) -> bool:
    return folded in (target.type.methods or {}) or folded in (target.type.calls or {})


def _call_own(target: ShellObject, name: str, arguments: list[Value]) -> Value:
    """Call a method that the type of an object brings along."""
    kind, folded = target.type.name, name.lower()
    arguments = fitted_arguments(kind, name, arguments)
    methods, calls = target.type.methods or {}, target.type.calls or {}
    try:
        if folded in methods:
            return methods[folded](target)
        return calls[folded](target, arguments)
    except ConversionError as error:
        if error.subset or kind not in _NET:
            raise
        raise as_method_failure(error, method_title(name, kind), len(arguments)) from error


_NET = frozenset({"System.DateTime", "System.TimeSpan", "System.Guid", "System.Version"})


def _on_units(method: Method, text: str, arguments: list[Value]) -> Value:
    """Call a method of a text that counts in halves of characters beyond U+FFFF."""
    if text.isascii():
        return method.call(text, arguments)
    result = method.call(to_units(text), arguments)
    if isinstance(result, TypedArray):
        if result.item == "string":
            return TypedArray([from_units(to_text(one)) for one in result], "string")
        return result
    return from_units(result) if isinstance(result, str) else result


def block_text(value: ScriptBlockValue) -> str:
    """Return the text between the braces of a script block."""
    return value.text
