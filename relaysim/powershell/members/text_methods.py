"""The methods of texts and characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.casting import cast
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
from relaysim.powershell.values.value import EnumValue, ShellObject, TypedArray, Value

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


def integer(name: str, parameter: str, value: Value) -> int:
    """Return an argument as an integer, or say that it does not fit."""
    try:
        number = cast("int", value)
    except ConversionError as error:
        raise ConversionError(
            f'Cannot convert argument "{parameter}", with value: "{to_text(value)}", for "{name}" '
            f'to type "System.Int32": "{error.message}"',
            id="MethodArgumentConversionInvalidCastArgument",
        ) from error
    return number if isinstance(number, int) else 0


def out_of_range(name: str, count: int, reason: str, parameter: str) -> ConversionError:
    """Return the error of an index outside a text or list, in .NET Framework's words."""
    text = f"{reason}\r\nParameter name: {parameter}".replace("\r", "")
    return method_failure(name, count, text, "ArgumentOutOfRangeException")


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


def comparison(value: Value) -> tuple[bool, bool]:
    """Return whether a comparison ignores case, and whether it is ordinal."""
    kind = (
        value if isinstance(value, EnumValue) else enum_member("stringcomparison", to_text(value))
    )
    if kind is None or kind.kind != "stringcomparison":
        raise not_in_subset(f"the comparison `{to_text(value)}`")
    return kind.name.endswith("IgnoreCase"), kind.name.startswith("Ordinal")


def _is_comparison(value: Value) -> bool:
    if isinstance(value, EnumValue):
        return value.kind == "stringcomparison"
    return isinstance(value, str) and enum_member("stringcomparison", value) is not None


def _folded(text: str, arguments: Arguments) -> tuple[str, str]:
    wanted = to_units(to_text(arguments[0]))
    if len(arguments) > 1:
        ignore = to_bool(arguments[1]) if isinstance(arguments[1], bool) else False
        ignore = ignore or (not isinstance(arguments[1], bool) and comparison(arguments[1])[0])
        if ignore:
            return text.casefold(), wanted.casefold()
    return text, wanted


def _letters(value: Value) -> str:
    """Return an argument as the letters it stands for: a number is the letter of that code."""
    if isinstance(value, int) and not isinstance(value, bool):
        return to_text(cast("char", value))
    return to_text(value)


def _index_of(text: str, arguments: Arguments, *, last: bool = False) -> int:
    name = "LastIndexOf" if last else "IndexOf"
    given = list(arguments)
    ignore = False
    if len(given) > 1 and _is_comparison(given[-1]):
        ignore = comparison(given.pop())[0]
    wanted = to_units(_letters(given[0]))
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
    return subject.find(wanted, start, stop)


def _index_of_any(text: str, arguments: Arguments) -> int:
    wanted = "".join(_letters(item) for item in to_list(arguments[0]))
    return next((at for at, char in enumerate(text) if char in wanted), -1)


def _substring(text: str, arguments: Arguments) -> str:
    start = integer("Substring", "startIndex", arguments[0])
    count = len(arguments)
    if start < 0:
        raise out_of_range("Substring", count, "StartIndex cannot be less than zero.", "startIndex")
    if start > len(text):
        raise out_of_range(
            "Substring", count, "startIndex cannot be larger than length of string.", "startIndex"
        )
    if count == 1:
        return text[start:]
    length = integer("Substring", "length", arguments[1])
    if length < 0:
        raise out_of_range("Substring", count, "Length cannot be less than zero.", "length")
    if start + length > len(text):
        raise out_of_range(
            "Substring", count, "Index and length must refer to a location within the string.",
            "length",
        )  # fmt: skip
    return text[start : start + length]


def _remove(text: str, arguments: Arguments) -> str:
    start = integer("Remove", "startIndex", arguments[0])
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
    count = integer("Remove", "count", arguments[1])
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
    both = all(isinstance(one, int) for one in arguments)
    old, new = map(_letters if both else to_text, arguments)
    if not old:
        raise method_failure(
            "Replace", 2, "String cannot be of zero length.\nParameter name: oldValue",
            "ArgumentException",
        )  # fmt: skip
    sized(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _pad(name: str, arguments: Arguments) -> tuple[int, str]:
    width = integer(name, "totalWidth", arguments[0])
    if width < 0:
        raise out_of_range(name, len(arguments), "Non-negative number required.", "totalWidth")
    sized(width)
    char = " "
    if len(arguments) > 1:
        converted = cast("char", arguments[1])
        char = to_text(converted)
    return width, char


def _split(text: str, arguments: Arguments) -> Value:
    separators = "".join(_letters(item) for item in to_list(arguments[0])) if arguments else ""
    words: list[str] = []
    if arguments and isinstance(arguments[0], list) and not isinstance(arguments[0], TypedArray):
        words = [to_text(item) for item in arguments[0] if len(to_text(item)) > 1]
    limit = -1
    drop_empty = False
    others: list[Value] = []
    for place, option in enumerate(arguments[1:]):
        if isinstance(option, EnumValue) or (
            isinstance(option, str) and enum_member("stringsplitoptions", option)
        ):
            drop_empty = to_text(option).casefold() == "removeemptyentries"
        elif isinstance(option, int) and not isinstance(option, bool) and place == 0:
            limit = option
        else:
            others.append(option)
    if others:
        # `Split(',', ';')`: every argument is a separator.
        separators += "".join(_letters(item) for item in others)
    options = len(arguments) > 1 and not others
    if words and options:
        return TypedArray(_split_words(text, words, limit, drop_empty=drop_empty), "string")
    pieces: list[Value] = []
    start = 0
    for at, char in enumerate(text):
        if limit >= 0 and len(pieces) + 1 >= limit:
            break
        if char in separators or (not separators and char.isspace()):
            if at > start or not drop_empty:
                pieces.append(text[start:at])
            start = at + 1
    if start < len(text) or not drop_empty:
        pieces.append(text[start:])
    return TypedArray(pieces[: max(limit, 0)] if limit == 0 else pieces, "string")


def _split_words(text: str, words: list[str], limit: int, *, drop_empty: bool) -> list[str]:
    pieces: list[str] = []
    start = at = 0
    while at < len(text) and not (limit >= 0 and len(pieces) + 1 >= limit):
        word = next((word for word in words if text.startswith(word, at)), None)
        if word is None:
            at += 1
            continue
        pieces.append(text[start:at])
        start = at = at + len(word)
    pieces.append(text[start:])
    return [piece for piece in pieces if piece or not drop_empty]


def _trim_set(arguments: Arguments) -> str | None:
    whole = joined("", (_letters(item) for argument in arguments for item in to_list(argument)))
    return whole or None


def _compare_to(text: str, arguments: Arguments) -> int:
    if arguments[0] is None:
        return 1
    return compare_texts(text, to_text(arguments[0]), case=True)


def _equals(text: str, arguments: Arguments) -> bool:
    if len(arguments) == 1 and not isinstance(arguments[0], str):
        return False
    subject, wanted = _folded(text, arguments)
    return subject == wanted


def _chars(text: str, arguments: Arguments) -> Value:
    at = integer("Chars", "index", arguments[0])
    if not 0 <= at < len(text):
        raise ConversionError(
            'Exception getting "Chars": "Index was outside the bounds of the array."',
            id="ExceptionWhenGetting",
        )
    return Char(text[at])


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
    subject, wanted = _folded(text, arguments)
    return subject.endswith(wanted)


def _starts_with(text: str, arguments: Arguments) -> bool:
    subject, wanted = _folded(text, arguments)
    return subject.startswith(wanted)


_METHODS = (
    Method("Chars", _chars, 1, 1),
    Method("Clone", lambda text, _args: text),
    Method("CompareTo", _compare_to, 1, 1),
    Method("Contains", lambda text, args: to_text(args[0]) in text, 1, 1),
    Method("EndsWith", _ends_with, 1, 2),
    Method("Equals", _equals, 1, 2),
    Method("GetEnumerator", lambda text, _args: [Char(char) for char in text]),
    Method("IndexOf", _index_of, 1, 4),
    Method("IndexOfAny", _index_of_any, 1, 1),
    Method("Insert", _insert, 2, 2),
    Method("LastIndexOf", lambda text, args: _index_of(text, args, last=True), 1, 4),
    Method("Normalize", _normalized, 0, 1),
    Method("PadLeft", lambda text, args: text.rjust(*_pad("PadLeft", args)), 1, 2),
    Method("PadRight", lambda text, args: text.ljust(*_pad("PadRight", args)), 1, 2),
    Method("Remove", _remove, 1, 2),
    Method("Replace", _replace, 2, 2),
    Method("Split", _split, 0, None),
    Method("StartsWith", _starts_with, 1, 2),
    Method("Substring", _substring, 1, 2),
    Method("ToCharArray", lambda text, _args: TypedArray([Char(c) for c in text], "char"), 0, 0),
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
