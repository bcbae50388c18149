"""Exceptions as objects: what ``$_.Exception`` is, and what a script throws."""

from __future__ import annotations

from functools import lru_cache

from relaysim.lean import pattern
from relaysim.powershell.values.casting import is_of_type
from relaysim.powershell.values.conversion import final_failure, to_text
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.kinds.made_objects import require_no_members
from relaysim.powershell.values.numeric import Char
from relaysim.powershell.values.type_names import ancestors, full_name
from relaysim.powershell.values.value import (
    DefaultView,
    HashTable,
    ObjectType,
    ScriptBlockValue,
    ShellObject,
    TypeValue,
    Value,
)

__all__ = [
    "exception_object",
    "inner_message",
    "is_exception_object",
    "made_exception",
    "to_exception",
]

_VIEW = DefaultView(
    columns=(
        "TargetSite", "Message", "Data", "InnerException", "HelpLink", "Source", "HResult",
        "StackTrace",
    ),
    as_list=True,
)  # fmt: skip

_ARGUMENT = "System.ArgumentException"
_NULL = "System.ArgumentNullException"
_RANGE = "System.ArgumentOutOfRangeException"
_FILE = "System.IO.FileNotFoundException"
_GENERAL = -2146233088
_OWN: dict[str, tuple[str, int]] = {
    "System.SystemException": ("System error.", -2146233087),
    "System.ApplicationException": ("Error in the application.", -2146232832),
    _ARGUMENT: ("Value does not fall within the expected range.", -2147024809),
    _NULL: ("Value cannot be null.", -2147467261),
    _RANGE: ("Specified argument was out of the range of valid values.", -2146233086),
    "System.ArithmeticException": (
        "Overflow or underflow in the arithmetic operation.", -2147024362,
    ),
    "System.DivideByZeroException": ("Attempted to divide by zero.", -2147352558),
    "System.OverflowException": ("Arithmetic operation resulted in an overflow.", -2146233066),
    "System.FormatException": (
        "One of the identified items was in an invalid format.", -2146233033,
    ),
    "System.IndexOutOfRangeException": (
        "Index was outside the bounds of the array.", -2146233080,
    ),
    "System.InvalidCastException": ("Specified cast is not valid.", -2147467262),
    "System.InvalidOperationException": (
        "Operation is not valid due to the current state of the object.", -2146233079,
    ),
    "System.NotImplementedException": (
        "The method or operation is not implemented.", -2147467263,
    ),
    "System.NotSupportedException": ("Specified method is not supported.", -2146233067),
    "System.NullReferenceException": (
        "Object reference not set to an instance of an object.", -2147467261,
    ),
    "System.OutOfMemoryException": (
        "Insufficient memory to continue the execution of the program.", -2147024882,
    ),
    "System.TimeoutException": ("The operation has timed out.", -2146233083),
    "System.UnauthorizedAccessException": (
        "Attempted to perform an unauthorized operation.", -2147024891,
    ),
    "System.Collections.Generic.KeyNotFoundException": (
        "The given key was not present in the dictionary.", -2146232969,
    ),
    "System.IO.IOException": ("I/O error occurred.", -2146232800),
    _FILE: ("Unable to find the specified file.", -2147024894),
    "System.IO.DirectoryNotFoundException": (
        "Attempted to access a path that is not on the disk.", -2147024893,
    ),
}  # fmt: skip
"""What an exception says that was given no message, and its number."""

_PARAMETER = "\nParameter name: "
_CALLED = pattern(r'(?s)Exception calling ".*?" with "\d+" argument\(s\): "(.*)"')

_SET = pattern(r'(?s)Exception [sg]etting ".*?": "(.*)"')
_BOUND = pattern(
    r"(?s)Cannot (?:process argument transformation|validate argument) on parameter '[^']*'\. (.*)"
)
_CONVERTED = pattern(
    r'(?s)Cannot convert argument ".*?", with value: ".*?", for ".*?" to type ".*?": "(.*)"'
)
_COMPARED = pattern(r'(?s)Could not compare ".*?" to ".*?"\. Error: "(.*)"')


def _base_exception(value: ShellObject) -> Value:
    while isinstance(inner := value.get("InnerException"), ShellObject):
        value = inner
    return value


@lru_cache(maxsize=128)
def _type_of(name: str) -> ObjectType:
    return ObjectType(
        name=name,
        view=_VIEW,
        text=lambda value: f"{value.type.name}: {to_text(value.get('Message'))}",
        methods={"getbaseexception": _base_exception},
        ancestors=tuple(full_name(one) for one in ancestors(name)[1:]),
    )


def _number(name: str) -> int:
    """Return the number of an exception: its own, or that of the nearest it descends from."""
    return next((_OWN[one][1] for one in ancestors(name) if one in _OWN), _GENERAL)


def exception_object(
    name: str,
    message: str,
    *,
    inner: Value = None,
    stack: str | None = None,
    more: tuple[tuple[str, Value], ...] = (),
) -> ShellObject:
    """Return an exception of the type with the full name ``name``.

    Args:
        name: The full name of its type.
        message: What it says; a parameter that it ends with is its ``ParamName`` too.
        inner: The exception behind it.
        stack: Where it was thrown.
        more: Properties of this type alone.
    """
    if not more and _ARGUMENT in ancestors(name):
        more = (("ParamName", message.partition(_PARAMETER)[2] or None),)
    return ShellObject(
        (
            ("Message", message),
            ("Data", HashTable()),
            ("InnerException", inner),
            ("TargetSite", None),
            ("StackTrace", stack),
            ("HelpLink", None),
            ("Source", None),
            ("HResult", _number(name)),
            *more,
        ),
        type_=_type_of(name),
    )


def _default_message(name: str) -> str:
    known = _OWN.get(name)
    return known[0] if known is not None else f"Exception of type '{name}' was thrown."


def made_exception(name: str, arguments: list[Value]) -> ShellObject:
    """Return what the constructor of an exception makes of its arguments.

    Raises:
        ConversionError: The type has a constructor for them that is not part of the subset.
    """
    inner = arguments[-1] if len(arguments) > 1 and is_exception_object(arguments[-1]) else None
    given = [*arguments[:-1]] if inner is not None else arguments
    texts = [to_text(one) for one in given]
    more: tuple[tuple[str, Value], ...] = ()
    if name in {_NULL, _RANGE} and texts and inner is None:
        message, parameter = texts[-1], texts[0]
        if len(texts) == 1:
            message = _default_message(name)
        message += _PARAMETER + parameter if parameter else ""
        more = (("ParamName", parameter),)
        if name == _RANGE:
            more = (*more, ("ActualValue", given[1] if len(given) > 2 else None))
            message += f"\nActual value was {texts[1]}." if len(texts) > 2 else ""
    elif len(texts) == 2 and name == _ARGUMENT:
        message, more = f"{texts[0]}{_PARAMETER}{texts[1]}", (("ParamName", texts[1]),)
    elif len(texts) == 2 and name == _FILE:
        message, more = texts[0], (("FileName", texts[1]),)
    elif len(texts) > 1:
        raise not_in_subset(f"`[{name}]` made of {len(texts)} values")
    else:
        message = texts[0] if texts else _default_message(name)
    return exception_object(name, message, inner=inner, more=more)


def inner_message(message: str) -> str:
    """Return what the exception inside the error of a method says."""
    for begun in (_CALLED, _SET, _BOUND, _CONVERTED, _COMPARED):
        found = begun.fullmatch(message)
        if found is not None:
            return found.group(1)
    return message


def to_exception(value: Value, name: str) -> Value:
    """Return a value as an exception of the type with the canonical name ``name``."""
    if value is None or is_of_type(value, name):
        return value
    settable = {"helplink", "source", "hresult"}
    if isinstance(value, HashTable) and settable.issuperset(
        to_text(key).casefold() for key in value
    ):
        raise not_in_subset("an exception made of a hashtable")
    require_no_members(value, name)
    whole = isinstance(value, bool | list | HashTable | ScriptBlockValue | TypeValue | Char)
    if whole or isinstance(value, ShellObject):
        raise final_failure(value, name)
    return made_exception(name, [to_text(value)])


def is_exception_object(value: Value) -> bool:
    """Tell whether a value is an exception."""
    return isinstance(value, ShellObject) and value.type.view is _VIEW
