"""What the methods of .NET's own values take: how many arguments, their names and types.

A method called with another number of arguments, or with one that cannot become its type, is an
error with PowerShell's words before anything is calculated.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import canonical_of, is_plain, to_text, type_name_of
from relaysim.powershell.values.failures import ConversionError, method_failure, no_overload
from relaysim.powershell.values.numberformat import is_provider
from relaysim.powershell.values.type_names import full_name, object_text
from relaysim.powershell.values.value import EnumValue, HashTable, ScriptBlockValue, ShellObject

if TYPE_CHECKING:
    from relaysim.powershell.values.value import Value

__all__ = [
    "argument",
    "as_method_failure",
    "fitted_arguments",
    "form_and_culture",
    "is_convertible",
    "letters",
    "method_title",
    "out_of_range",
]

_VALUE = (("value", "double"),)
_SPAN = (("ts", "timespan"),)
_NONE: tuple[tuple[str, str], ...] = ()

_DATE = {
    "AddDays": _VALUE, "AddHours": _VALUE, "AddMinutes": _VALUE, "AddSeconds": _VALUE,
    "AddMilliseconds": _VALUE, "AddTicks": (("value", "long"),), "AddMonths": (("months", "int"),),
    "AddYears": (("value", "int"),), "Add": (("value", "timespan"),), "Subtract": (("", ""),),
    "ToShortDateString": _NONE, "ToLongDateString": _NONE, "ToShortTimeString": _NONE,
    "ToLongTimeString": _NONE, "ToUniversalTime": _NONE, "ToLocalTime": _NONE,
    "ToFileTime": _NONE, "ToFileTimeUtc": _NONE,
}  # fmt: skip
_SIGNATURES: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "System.DateTime": _DATE,
    "System.TimeSpan": {"Add": _SPAN, "Subtract": _SPAN, "Negate": _NONE, "Duration": _NONE},
    "System.Net.IPAddress": {"GetAddressBytes": _NONE},
}
_BY_NAME = {
    kind: {title.lower(): (title, takes) for title, takes in methods.items()}
    for kind, methods in _SIGNATURES.items()
}


def method_title(name: str, kind: str) -> str:
    """Return a method's name as .NET spells it."""
    known = _BY_NAME.get(kind, {}).get(name.lower())
    return known[0] if known is not None else {"tostring": "ToString"}.get(name.lower(), name)


_FORMS = frozenset({"System.DateTime", "System.TimeSpan", "System.Guid"})


def form_and_culture(value: Value, arguments: list[Value]) -> tuple[list[Value], bool]:
    """Return the arguments of ``ToString`` without its culture, and whether that is of no country.

    Raises:
        ConversionError: A value of this type takes none of them, or another number.
    """
    kind = type_name_of(value)
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    formed = kind in _FORMS or number or isinstance(value, EnumValue)
    culture = arguments[-1]
    given = is_provider(culture)
    single = isinstance(value, bool | str) and (given or culture is None)
    versed = kind == "System.Version" and not given
    fits = {1: formed or single or versed, 2: formed and (given or culture is None)}
    if not fits.get(len(arguments), False):
        raise no_overload("ToString", len(arguments))
    rest = arguments[:-1] if given or len(arguments) == 2 else arguments
    return rest, given and isinstance(culture, ShellObject) and to_text(culture) == ""


def fitted_arguments(kind: str, name: str, arguments: list[Value]) -> list[Value]:
    """Return the arguments of a method as the types it takes.

    Args:
        kind: The full name of the value's type.
        name: The method.
        arguments: What the script gives.

    Raises:
        ConversionError: It takes another number of them, or one does not fit.
    """
    known = _BY_NAME.get(kind, {}).get(name.lower())
    if known is None:
        return arguments
    title, takes = known
    if len(arguments) != len(takes):
        raise no_overload(title, len(arguments))
    fitted: list[Value] = []
    for value, (parameter, wanted) in zip(arguments, takes, strict=True):
        fitted.append(argument(title, parameter, value, wanted) if wanted else value)
    return fitted


def argument(name: str, parameter: str, value: Value, kind: str) -> Value:
    """Return an argument as the type that a method takes.

    Args:
        name: The method.
        parameter: The argument's name.
        value: What the script gives.
        kind: The canonical name of the type.

    Raises:
        ConversionError: It does not become one.
    """
    try:
        return cast(kind, value)
    except ConversionError as error:
        if error.subset:
            raise
        shown = object_text(canonical_of(value)) if isinstance(value, list) else to_text(value)
        raise ConversionError(
            f'Cannot convert argument "{parameter}", with value: "{shown}", for "{name}" to type '
            f'"{full_name(kind)}": "{error.message}"',
            id="MethodArgumentConversionInvalidCastArgument",
        ) from error


def is_convertible(value: Value) -> bool:
    """Tell whether a value can be thought to become a number: texts and numbers are."""
    return not isinstance(value, list | HashTable | ScriptBlockValue) and not is_plain(value)


def as_method_failure(error: ConversionError, title: str, count: int) -> ConversionError:
    """Return the error of a method that took its arguments and failed, told as such."""
    called = error.message.startswith("Exception calling")
    if called or not error.id.endswith("Exception") or error.id.startswith("System."):
        return error
    return method_failure(title, count, error.message, error.id)


def out_of_range(name: str, count: int, reason: str, parameter: str) -> ConversionError:
    """Return the error of an index outside a text or list, in .NET Framework's words."""
    text = f"{reason}\r\nParameter name: {parameter}".replace("\r", "")
    return method_failure(name, count, text, "ArgumentOutOfRangeException")


def letters(value: Value) -> str:
    """Return an argument as the letters it stands for: a number is the letter of that code."""
    if isinstance(value, int) and not isinstance(value, bool):
        return to_text(cast("char", value))
    return to_text(value)
