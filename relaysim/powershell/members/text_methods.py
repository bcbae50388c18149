"""The methods of texts and characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.members.signatures import argument, is_convertible, letters, out_of_range
from relaysim.powershell.members.splitting import split
from relaysim.powershell.values.comparison import compare_texts
from relaysim.powershell.values.conversion import (
    bounded,
    joined,
    sized,
    to_bool,
    to_list,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import (
    ConversionError,
    method_failure,
    no_overload,
    not_in_subset,
)
from relaysim.powershell.values.kinds.enumerations import enum_member
from relaysim.powershell.values.numeric import Char
from relaysim.powershell.values.value import (
    Enumerator,
    EnumValue,
    ShellObject,
    TypedArray,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TEXT_METHODS", "Method", "from_units", "to_units"]

Arguments = list[Value]


class Method:
    """A method.

    Attributes:
        name: As .NET spells it.
        call: Gets the target and the arguments.
        least: The fewest arguments.
        most: The most; ``None`` for any number.
    """

    __slots__ = ("call", "least", "most", "name")

    def __init__(
        self, name: str, call: Callable[..., Value], least: int = 0, most: int | None = 0
    ) -> None:
        self.name = name
        self.call = call
        self.least = least
        self.most = most


_OVERLOADED = frozenset(
    {"GetValue", "IndexOf", "LastIndexOf", "PadLeft", "PadRight", "Remove", "Substring"}
)


def integer(name: str, parameter: str, value: Value, count: int = 1) -> int:
    """Return an argument as an integer, or say that it does not fit one of ``count``."""
    if name in _OVERLOADED and not is_convertible(value):
        raise no_overload(name, count)
    number = argument(name, parameter, value, "int")
    return number if isinstance(number, int) else 0


def to_units(text: str) -> str:
    """Return a text with its characters beyond U+FFFF as two halves, as .NET counts them."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(raw[at : at + 2], "little")) for at in range(0, len(raw), 2))


def from_units(text: str) -> str:
    """Return a text whose halves that belong together are one character again."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def comparison(value: Value, name: str = "Compare") -> tuple[bool, bool]:
    """Return whether a comparison ignores case, and whether it is ordinal.

    Raises:
        ConversionError: It is none.
    """
    kind = argument(name, "comparisonType", value, "stringcomparison")
    if not isinstance(kind, EnumValue):
        raise not_in_subset(f"the comparison `{to_text(value)}`")
    return kind.name.endswith("IgnoreCase"), kind.name.startswith("Ordinal")


def _is_comparison(value: Value) -> bool:
    if isinstance(value, EnumValue):
        return value.kind == "stringcomparison"
    return isinstance(value, str) and enum_member("stringcomparison", value) is not None


def _folded(text: str, arguments: Arguments, name: str) -> tuple[str, str]:
    wanted = to_units(to_text(arguments[0]))
    if len(arguments) > 1:
        cultured = len(arguments) > 2
        ignore = to_bool(arguments[1]) if cultured else comparison(arguments[1], name)[0]
        if ignore:
            return text.casefold(), wanted.casefold()
    return text, wanted


def _index_of(text: str, arguments: Arguments, *, last: bool = False) -> int:
    name = "LastIndexOf" if last else "IndexOf"
    given = list(arguments)
    ignore = False
    if len(given) > 1 and _is_comparison(given[-1]):
        ignore = comparison(given.pop(), name)[0]
    wanted = to_units(letters(given[0]))
    subject = text.casefold() if ignore else text
    wanted = wanted.casefold() if ignore else wanted
    if len(given) == 1:
        return subject.rfind(wanted) if last else subject.find(wanted)
    start = integer(name, "startIndex", given[1])
    if not 0 <= start <= len(text):
        raise out_of_range(
            name, len(arguments), "Index was out of range. Must be non-negative and less than the "
            "size of the collection.", "startIndex",
        )  # fmt: skip
    if last:
        return subject.rfind(wanted, 0, start + 1)
    stop = len(text) if len(given) < 3 else start + integer(name, "count", given[2])
    if not start <= stop <= len(text):
        raise out_of_range(
            name, len(arguments), "Count must be positive and count must refer to a location "
            "within the string/array/collection.", "count",
        )  # fmt: skip
    return subject.find(wanted, start, stop)


def _index_of_any(text: str, arguments: Arguments) -> int:
    wanted = "".join(letters(item) for item in to_list(arguments[0]))
    start = integer("IndexOfAny", "startIndex", arguments[1]) if len(arguments) > 1 else 0
    return next((at for at, char in enumerate(text) if at >= start and char in wanted), -1)


def _substring(text: str, arguments: Arguments) -> str:
    count = len(arguments)
    start = integer("Substring", "startIndex", arguments[0], count)
    if start < 0:
        raise out_of_range("Substring", count, "StartIndex cannot be less than zero.", "startIndex")
    if start > len(text):
        raise out_of_range(
            "Substring", count, "startIndex cannot be larger than length of string.", "startIndex"
        )
    if count == 1:
        return text[start:]
    length = integer("Substring", "length", arguments[1], count)
    if length < 0:
        raise out_of_range("Substring", count, "Length cannot be less than zero.", "length")
    if start + length > len(text):
        raise out_of_range(
            "Substring", count, "Index and length must refer to a location within the string.",
            "length",
        )  # fmt: skip
    return text[start : start + length]


def _remove(text: str, arguments: Arguments) -> str:
    start = integer("Remove", "startIndex", arguments[0], len(arguments))
    if start < 0:
        raise out_of_range(
            "Remove", len(arguments), "StartIndex cannot be less than zero.", "startIndex"
        )
    if len(arguments) == 1:
        if start >= len(text):
            raise out_of_range(
                "Remove", 1, "startIndex must be less than length of string.", "startIndex"
            )
        return text[:start]
    count = integer("Remove", "count", arguments[1], 2)
    if start + count > len(text) or count < 0:
        raise out_of_range(
            "Remove", 2, "Index and count must refer to a location within the string.", "count"
        )
    return text[:start] + text[start + count :]


def _insert(text: str, arguments: Arguments) -> str:
    at = integer("Insert", "startIndex", arguments[0])
    if not 0 <= at <= len(text):
        raise out_of_range(
            "Insert", 2, "Specified argument was out of the range of valid values.", "startIndex"
        )
    return bounded(text[:at] + to_text(arguments[1]) + text[at:])


def _replace(text: str, arguments: Arguments) -> str:
    if isinstance(arguments[0], Char):
        arguments = [arguments[0], argument("Replace", "newChar", arguments[1], "char")]
    both = all(isinstance(one, int) for one in arguments)
    old, new = map(letters if both else to_text, arguments)
    if not old:
        raise method_failure(
            "Replace", 2, "String cannot be of zero length.\nParameter name: oldValue",
            "ArgumentException",
        )  # fmt: skip
    sized(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _pad(name: str, arguments: Arguments) -> tuple[int, str]:
    width = integer(name, "totalWidth", arguments[0], len(arguments))
    if width < 0:
        raise out_of_range(name, len(arguments), "Non-negative number required.", "totalWidth")
    sized(width)
    char = " "
    if len(arguments) > 1:
        char = to_text(argument(name, "paddingChar", arguments[1], "char"))
    return width, char


def _trim_set(arguments: Arguments) -> str | None:
    whole = joined("", (letters(item) for argument in arguments for item in to_list(argument)))
    return whole or None


def _compare_to(text: str, arguments: Arguments) -> int:
    if arguments[0] is None:
        return 1
    if not isinstance(arguments[0], str):
        raise method_failure("CompareTo", 1, "Object must be of type String.", "ArgumentException")
    return compare_texts(text, to_text(arguments[0]), case=True)


def _equals(text: str, arguments: Arguments) -> bool:
    if len(arguments) == 1 and not isinstance(arguments[0], str):
        return False
    subject, wanted = _folded(text, arguments, "Equals")
    return subject == wanted


def _chars(text: str, arguments: Arguments) -> Value:
    try:
        at = integer("get_Chars", "index", arguments[0])
    except ConversionError as error:
        raise ConversionError(
            f'Exception getting "Chars": "{error.message}"', id="ExceptionWhenGetting"
        ) from error
    if not 0 <= at < len(text):
        raise ConversionError(
            'Exception getting "Chars": "Index was outside the bounds of the array."',
            id="ExceptionWhenGetting",
        )
    return Char(text[at])


def _characters(text: str, arguments: Arguments) -> Value:
    if len(arguments) == 1:
        raise no_overload("ToCharArray", 1)
    start, stop = 0, len(text)
    if arguments:
        start = integer("ToCharArray", "startIndex", arguments[0])
        stop = start + integer("ToCharArray", "length", arguments[1])
    if not 0 <= start <= stop <= len(text):
        reason = "Index was out of range. Must be non-negative and less than the size of the "
        raise out_of_range("ToCharArray", 2, f"{reason}collection.", "startIndex")
    return TypedArray([Char(char) for char in text[start:stop]], "char")


def _case(change: Callable[[str], str]) -> Callable[[str, Arguments], str]:
    def changed(text: str, _arguments: Arguments) -> str:
        # .NET changes character by character: `ß` stays.
        return "".join(new if len(new := change(char)) == 1 else char for char in text)

    return changed


def _to_string(text: str, arguments: Arguments) -> str:
    if arguments and isinstance(arguments[0], str | int | float | list):
        raise no_overload("ToString", 1)  # It takes a culture alone, no format.
    return text


def _normalized(text: str, arguments: Arguments) -> str:
    import unicodedata

    form = to_text(arguments[0]) if arguments else "FormC"
    names = {"formc": "NFC", "formd": "NFD", "formkc": "NFKC", "formkd": "NFKD"}
    known = names.get(form.casefold())
    if known is None:
        raise not_in_subset(f"the form `{form}`")
    return bounded(unicodedata.normalize(known, text))  # type: ignore[arg-type]


def _ends_with(text: str, arguments: Arguments) -> bool:
    subject, wanted = _folded(text, arguments, "EndsWith")
    return subject.endswith(wanted)


def _starts_with(text: str, arguments: Arguments) -> bool:
    subject, wanted = _folded(text, arguments, "StartsWith")
    return subject.startswith(wanted)


_METHODS = (
    Method("Chars", _chars, 1, 1),
    Method("Clone", lambda text, _args: text),
    Method("CompareTo", _compare_to, 1, 1),
    Method("Contains", lambda text, args: to_text(args[0]) in text, 1, 1),
    Method("EndsWith", _ends_with, 1, 3),
    Method("Equals", _equals, 1, 2),
    Method("GetEnumerator", lambda text, _args: Enumerator(Char(char) for char in text)),
    Method("IndexOf", _index_of, 1, 4),
    Method("IndexOfAny", _index_of_any, 1, 2),
    Method("Insert", _insert, 2, 2),
    Method("LastIndexOf", lambda text, args: _index_of(text, args, last=True), 1, 4),
    Method("Normalize", _normalized, 0, 1),
    Method("PadLeft", lambda text, args: text.rjust(*_pad("PadLeft", args)), 1, 2),
    Method("PadRight", lambda text, args: text.ljust(*_pad("PadRight", args)), 1, 2),
    Method("Remove", _remove, 1, 2),
    Method("Replace", _replace, 2, 2),
    Method("Split", split, 0, None),
    Method("StartsWith", _starts_with, 1, 3),
    Method("Substring", _substring, 1, 2),
    Method("ToCharArray", _characters, 0, 2),
    Method("ToLower", _case(str.lower), 0, 1),
    Method("ToLowerInvariant", _case(str.lower)),
    Method("ToString", _to_string, 0, 1),
    Method("ToUpper", _case(str.upper), 0, 1),
    Method("ToUpperInvariant", _case(str.upper)),
    Method("Trim", lambda text, args: text.strip(_trim_set(args)), 0, None),
    Method("TrimEnd", lambda text, args: text.rstrip(_trim_set(args)), 0, None),
    Method("TrimStart", lambda text, args: text.lstrip(_trim_set(args)), 0, None),
)
TEXT_METHODS = {method.name.lower(): method for method in _METHODS}
"""The methods of a text, by lower-case name."""


def describe(value: Value) -> str:
    """Return the full name of a value's type, for an error."""
    return value.type.name if isinstance(value, ShellObject) else type_name_of(value)
