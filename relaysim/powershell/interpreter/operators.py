"""The binary and unary operators, with PowerShell's conversions.

The left operand decides: text compares as text, a number as a number, and an array on the left of
a comparison is filtered. Text is compared without case unless the operator begins with ``-c``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.text_operators import (
    OperatorHost,
    join,
    operand_pattern,
    replace,
    split,
    without_kind,
)
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
    final_failure,
    sized,
    to_bool,
    to_int,
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.kinds.time_arithmetic import (
    has_time,
    time_difference,
    time_sum,
)
from relaysim.powershell.values.numberformat import as_formatted, format_items
from relaysim.powershell.values.numeric import VALUE_TYPES, Char
from relaysim.powershell.values.patterns.wildcard import matches_wildcard, require_wildcard
from relaysim.powershell.values.value import (
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    TypedArray,
    TypeValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable


__all__ = ["OperatorHost", "are_equal", "binary", "sort_key", "unary"]

_COMPARISONS = frozenset(
    {"eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch"}
)


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
            written_text(left), to_text(right), case_sensitive=case, spend=host.spend
        )
        return found == (word == "like")
    if word in {"match", "notmatch"}:
        pattern = operand_pattern(right, case=case)
        match = pattern.search(written_text(left), spend=host.spend)
        if match is not None and alone:
            host.matched(match)
        return (match is not None) == (word == "match")
    if left is None or right is None:
        refuse_no_member(word, left, right)
    order = order_of(left, right, case=case)
    return {"gt": order > 0, "ge": order >= 0, "lt": order < 0, "le": order <= 0}[word]


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


def _type_operand(right: Value, operator: str) -> str:
    """Return the canonical name of the type that ``-is`` or ``-as`` asks for."""
    if isinstance(right, TypeValue):
        return right.name
    if right is None:
        raise ConversionError(
            f"The right operand of '{operator}' must be a type.",
            id=f"{operator[1:].title()}OperatorRequiresType",
        )
    number = isinstance(right, int | float | Decimal) and not isinstance(right, bool | Char)
    text = str(to_text(right)) if number or isinstance(right, str | ScriptBlockValue) else None
    name = canonical_type(text) if text is not None and not isinstance(right, Char) else None
    if name is not None:
        return name
    error = final_failure(right, "type")
    if text is not None and not isinstance(right, Char):
        error = ConversionError(
            f'Cannot convert the "{text}" value of type "System.String" to type "System.Type".',
            id="InvalidCastFromStringToType",
        )
    raise error if operator == "-as" else without_kind(error)


def _as(left: Value, right: Value) -> Value:
    kind = _type_operand(right, "-as")
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
    items = right if isinstance(right, list) else [right]
    return [as_formatted(one) for one in items]


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
    "-is": lambda _host, left, right: is_of_type(left, _type_operand(right, "-is")),
    "-isnot": lambda _host, left, right: not is_of_type(left, _type_operand(right, "-is")),
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
            return replace(host, left, right, case=case)
        case _:
            return split(host, left, right, case=case)


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
