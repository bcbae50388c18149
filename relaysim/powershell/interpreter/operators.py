"""The binary and unary operators, with PowerShell's conversions.

The left operand decides: text compares as text, a number as a number, and an array on the left of
a comparison is filtered. Text is compared without case unless the operator begins with ``-c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relaysim.powershell.language.operator_names import LEVELS
from relaysim.powershell.language.writing import join_surrogates
from relaysim.powershell.values.arithmetic import (
    calculate,
    combine_bits,
    invert,
    shift,
)
from relaysim.powershell.values.casting import cast, is_of_type
from relaysim.powershell.values.comparison import (
    are_equal,
    order_of,
    refuse_no_member,
    sort_key,
)
from relaysim.powershell.values.conversion import (
    bounded,
    canonical_type,
    item_text,
    joined,
    sized,
    to_bool,
    to_int,
    to_list,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import ConversionError, not_in_subset
from relaysim.powershell.values.kinds.time_arithmetic import (
    has_time,
    time_difference,
    time_sum,
)
from relaysim.powershell.values.numberformat import format_items
from relaysim.powershell.values.numeric import VALUE_TYPES, Char
from relaysim.powershell.values.patterns.pattern import Pattern, compile_pattern, escape_pattern
from relaysim.powershell.values.patterns.wildcard import matches_wildcard, require_wildcard
from relaysim.powershell.values.value import (
    Enumerator,
    HashTable,
    Nothing,
    ShellList,
    ShellObject,
    TypedArray,
    TypeValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.patterns.pattern import Match

__all__ = ["OperatorHost", "are_equal", "binary", "sort_key", "unary"]

_COMPARISONS = frozenset(
    {"eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch"}
)


class OperatorHost(Protocol):
    """What operators need from the run."""

    def spend(self, count: int) -> None:
        """Charge steps to the budget."""

    def matched(self, match: Match) -> None:
        """Take the groups of a successful ``-match``."""

    def joiner(self) -> str:
        """Return what stands between the items of an array in a text."""


def _compare(
    host: OperatorHost, word: str, left: Value, right: Value, *, case: bool, alone: bool
) -> bool:
    """Apply one comparison to a left operand that is no array."""
    host.spend(1)
    if word in {"eq", "ne"}:
        return are_equal(left, right, case=case) == (word == "eq")
    if word in {"like", "notlike"}:
        require_wildcard(to_text(right))
        found = matches_wildcard(
            to_text(left), to_text(right), case_sensitive=case, spend=host.spend
        )
        return found == (word == "like")
    if word in {"match", "notmatch"}:
        pattern = _pattern(right, case=case)
        match = pattern.search(to_text(left), spend=host.spend)
        if match is not None and alone:
            host.matched(match)
        return (match is not None) == (word == "match")
    if left is None or right is None:
        refuse_no_member(word, left, right)
    order = order_of(left, right, case=case)
    return {"gt": order > 0, "ge": order >= 0, "lt": order < 0, "le": order <= 0}[word]


def _pattern(value: Value, *, case: bool) -> Pattern:
    """Return the compiled pattern of an operand: a text, or a ``[regex]`` with its own case."""
    if isinstance(value, ShellObject) and value.type.name.endswith(".Regex"):
        return compile_pattern(to_text(value), ignore_case=not case)
    return compile_pattern(to_text(value), ignore_case=not case)


def _replaced_pattern(value: Value, *, case: bool) -> Pattern:
    """Return the pattern of ``-replace``, whose own error tells one that is wrong."""
    try:
        return _pattern(value, case=case)
    except ConversionError as error:
        if error.subset:
            raise
        raise ConversionError(
            f"The regular expression pattern {to_text(value)} is not valid.",
            id="InvalidRegularExpression",
        ) from error


def _comparison(host: OperatorHost, word: str, left: Value, right: Value, *, case: bool) -> Value:
    if isinstance(left, list):
        # Of what is compared with a wildcard the texts are given.
        items = [to_text(one) for one in left] if word in {"like", "notlike"} else left
        return [item for item in items if _compare(host, word, item, right, case=case, alone=False)]
    return _compare(host, word, left, right, case=case, alone=True)


def _contains(host: OperatorHost, items: Value, wanted: Value, *, case: bool) -> bool:
    values = [None] if items is None else to_list(items)
    host.spend(1 + len(values))
    return any(are_equal(item, wanted, case=case) for item in values)


def _replace(host: OperatorHost, left: Value, right: Value, *, case: bool) -> Value:
    arguments = [right] if right is None else to_list(right)
    if len(arguments) > 2:
        raise ConversionError(
            f"The -ireplace operator allows only two elements to follow it, not {len(arguments)}.",
            id="BadReplaceArgument",
        )
    pattern = _replaced_pattern(arguments[0] if arguments else "", case=case)
    replacement = to_text(arguments[1]) if len(arguments) > 1 else ""

    def one(value: Value) -> str:
        return bounded(pattern.replace(to_text(value), replacement, spend=host.spend))

    return [one(item) for item in left] if isinstance(left, list) else one(left)


def _split(host: OperatorHost, left: Value, right: Value, *, case: bool) -> Value:
    arguments = [right] if right is None else to_list(right)
    separator = arguments[0] if arguments else ""
    limit = max(0, to_int(arguments[1])) if len(arguments) > 1 else 0
    text = to_text(separator)
    words = {
        word.strip().casefold() for option in arguments[2:] for word in to_text(option).split(",")
    }
    if words - {"simplematch", "ignorecase", "regexmatch", "singleline", "multiline"}:
        raise not_in_subset(f"the option `{to_text(arguments[2])}` of `-split`")
    if "simplematch" in words:
        text = escape_pattern(text)
    if "singleline" in words or "multiline" in words:
        text = (
            f"(?{'s' if 'singleline' in words else ''}{'m' if 'multiline' in words else ''}){text}"
        )
    pattern = compile_pattern(text, ignore_case=not case or "ignorecase" in words)
    pieces: list[Value] = []
    for item in [left] if left is None else to_list(left):
        pieces += pattern.split(to_text(item), limit=limit, spend=host.spend)
    return TypedArray(pieces, "string")


def join(left: Value, separator: str, host: OperatorHost) -> str:
    """Return the texts of an array with ``separator`` between them."""
    items = to_list(left)
    host.spend(1 + len(items))
    sized(len(items) * len(separator))
    if not isinstance(left, list) or isinstance(left, Enumerator):
        return to_text(left)
    if len(items) == 1 and isinstance(items[0], ShellObject):
        return to_text(items[0])
    return join_surrogates(joined(separator, (item_text(item) for item in items)))


def _type_operand(right: Value) -> str:
    if isinstance(right, TypeValue):
        return right.name
    text = to_text(right)
    name = canonical_type(text)
    if name is None and isinstance(right, str):
        raise ConversionError(
            f'Cannot convert the "{text}" value of type "System.String" to type "System.Type".',
            id="RuntimeException",
        )
    if name is None:
        raise ConversionError(
            f'Cannot convert the "{text}" value of type "{type_name_of(right)}" to type '
            '"System.Type".',
            id="ConvertToFinalInvalidCastException",
        )
    return name


def _as(left: Value, right: Value) -> Value:
    kind = _type_operand(right)
    if kind == "string" and isinstance(left, ShellObject) and left.type.name == "System.DateTime":
        return format_items("{0}", [left])  # Unlike a cast, as the culture has it.
    try:
        return cast(kind, left)
    except ConversionError as error:
        if error.subset:
            raise
        return None


def text_of(host: OperatorHost, value: Value) -> str:
    """Return a value as ``+`` adds it to a text: an array joined with ``$OFS``."""
    return to_text(value, host.joiner()) if isinstance(value, list) else to_text(value)


def _add(host: OperatorHost, left: Value, right: Value) -> Value:
    if left is None or isinstance(left, Nothing):
        return None if isinstance(right, Nothing) else right
    if isinstance(left, list):
        nothing = isinstance(right, Nothing)
        more = right if isinstance(right, list) else [] if nothing else [right]
        host.spend(len(left) + len(more))
        return [*left, *more]
    if isinstance(left, str):
        text = text_of(host, right)
        host.spend((len(left) + len(text)) >> 6)
        return bounded(join_surrogates(left + text))
    if isinstance(left, HashTable):
        return _merged(left, right)
    if has_time(left) or has_time(right):
        return time_sum(left, right)
    return calculate("+", left, right)


def _merged(left: HashTable, right: Value) -> HashTable:
    if not isinstance(right, HashTable):
        raise ConversionError(
            "A hash table can only be added to another hash table.",
            id="AddHashTableToNonHashTable",
        )
    merged = HashTable(left.items(), kind=left.kind)
    for key, value in right.items():
        if key in merged:
            raise ConversionError(
                f"Item has already been added. Key in dictionary: '{to_text(key)}'  Key being "
                f"added: '{to_text(key)}'",
                id="System.ArgumentException",
            )
        merged[key] = value
    return merged


def _subtract(left: Value, right: Value) -> Value:
    if has_time(left) or has_time(right):
        return time_difference(left, right)
    return calculate("-", left, right)


def _multiply(host: OperatorHost, left: Value, right: Value) -> Value:
    if isinstance(left, Char | ShellObject | HashTable) or not isinstance(left, str | list):
        return calculate("*", left, right)
    if isinstance(left, str):
        count = to_int(cast("int", right))
        if count < 0:
            raise ConversionError(
                "Specified argument was out of the range of valid values.\nParameter name: times",
                id="System.ArgumentOutOfRangeException",
            )
    else:
        count = to_int(cast("uint32", cast("int", right) if isinstance(right, str) else right))
    host.spend(sized(len(left) * count))
    if isinstance(left, TypedArray):
        return TypedArray(list(left) * count, left.item)
    return left * count if isinstance(left, str) else list(left) * count


def _range(host: OperatorHost, left: Value, right: Value) -> Value:
    first, last = _bound(left), _bound(right)
    host.spend(sized(abs(last - first) + 1))
    step = 1 if last >= first else -1
    return list(range(first, last + step, step))


def _bound(value: Value) -> int:
    number = to_int(value)
    if not -(1 << 31) <= number < 1 << 31:
        raise ConversionError(
            "Value was either too large or too small for an Int32.", id="System.OverflowException"
        )
    return number


def _format_arguments(right: Value) -> list[Value]:
    """Return what ``-f`` fills in: the items of an array of objects, else the value itself."""
    if isinstance(right, TypedArray) and right.item in VALUE_TYPES:
        return [right]
    if isinstance(right, ShellList):
        return [right]
    return right if isinstance(right, list) else [right]


def _formatted(host: OperatorHost, left: Value, right: Value) -> str:
    text = bounded(format_items(to_text(left), _format_arguments(right)))
    host.spend(1 + (len(text) >> 4))
    return text


_ARITHMETIC: dict[str, Callable[[OperatorHost, Value, Value], Value]] = {
    "+": _add,
    "-": lambda _host, left, right: _subtract(left, right),
    "*": _multiply,
    "/": lambda _host, left, right: calculate("/", left, right),
    "%": lambda _host, left, right: calculate("%", left, right),
    "..": _range,
    "-f": _formatted,
    "-join": lambda host, left, right: join(left, to_text(right), host),
    "-band": lambda _host, left, right: combine_bits("-band", left, right),
    "-bor": lambda _host, left, right: combine_bits("-bor", left, right),
    "-bxor": lambda _host, left, right: combine_bits("-bxor", left, right),
    "-shl": lambda _host, left, right: shift("-shl", left, right),
    "-shr": lambda _host, left, right: shift("-shr", left, right),
    "-xor": lambda _host, left, right: to_bool(left) != to_bool(right),
    "-is": lambda _host, left, right: is_of_type(left, _type_operand(right)),
    "-isnot": lambda _host, left, right: not is_of_type(left, _type_operand(right)),
    "-as": lambda _host, left, right: _as(left, right),
}


def binary(host: OperatorHost, operator: str, left: Value, right: Value) -> Value:
    """Return ``left operator right``; ``-and`` and ``-or`` are evaluated elsewhere.

    Raises:
        ConversionError: The operands do not fit the operator.
    """
    found = _ARITHMETIC.get(operator)
    if found is not None:
        return found(host, left, right)
    word = operator[1:]
    case = word not in _WORDS and word[0] == "c"
    if word not in _WORDS:
        word = word[1:]
    if word in _COMPARISONS:
        return _comparison(host, word, left, right, case=case)
    match word:
        case "contains":
            return _contains(host, left, right, case=case)
        case "notcontains":
            return not _contains(host, left, right, case=case)
        case "in":
            return _contains(host, right, left, case=case)
        case "notin":
            return not _contains(host, right, left, case=case)
        case "replace":
            return _replace(host, left, right, case=case)
        case _:
            return _split(host, left, right, case=case)


_WORDS = frozenset(name[1:] for name in LEVELS if name[0] == "-" and f"-c{name[1:]}" in LEVELS)


def unary(host: OperatorHost, operator: str, operand: Value) -> Value:
    """Return ``operator operand``."""
    match operator:
        case "!" | "-not":
            return not to_bool(operand)
        case "-":
            return _subtract(0, operand)
        case "+":
            return time_sum(0, operand) if has_time(operand) else calculate("+", 0, operand)
        case "-bnot":
            return invert(operand)
        case "-join":
            return join(operand, "", host)
        case _:
            pieces: list[Value] = []
            for item in [None] if operand is None else to_list(operand):
                text = to_text(item)
                host.spend(1 + (len(text) >> 4))
                pieces += text.split() or [""]
            return TypedArray(pieces, "string")
