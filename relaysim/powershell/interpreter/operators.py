"""The binary and unary operators, with PowerShell's conversions.

The left operand decides: text compares as text, a number as a number, and an array on the left of
a comparison is filtered. Text is compared without case unless the operator begins with ``-c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.language.operator_names import LEVELS
from relaysim.powershell.language.writing import join_surrogates
from relaysim.powershell.values.comparison import are_equal, order_of, sort_key
from relaysim.powershell.values.conversion import (
    bounded,
    canonical_type,
    cast,
    is_of_type,
    sized,
    to_bool,
    to_int,
    to_list,
    to_number,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.numberformat import format_items
from relaysim.powershell.values.pattern import compile_pattern
from relaysim.powershell.values.value import HashTable, Nothing, TypeValue, Value
from relaysim.powershell.values.wildcard import matches_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.pattern import Match

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


def _compare(host: OperatorHost, word: str, left: Value, right: Value, *, case: bool) -> bool:
    """Apply one comparison to a left operand that is no array."""
    host.spend(1)
    if word in {"eq", "ne"}:
        return are_equal(left, right, case=case) == (word == "eq")
    if word in {"like", "notlike"}:
        found = matches_wildcard(
            to_text(left), to_text(right), case_sensitive=case, spend=host.spend
        )
        return found == (word == "like")
    if word in {"match", "notmatch"}:
        pattern = compile_pattern(to_text(right), ignore_case=not case)
        match = pattern.search(to_text(left), spend=host.spend)
        if match is not None:
            host.matched(match)
        return (match is not None) == (word == "match")
    order = order_of(left, right, case=case)
    return {"gt": order > 0, "ge": order >= 0, "lt": order < 0, "le": order <= 0}[word]


def _comparison(host: OperatorHost, word: str, left: Value, right: Value, *, case: bool) -> Value:
    if isinstance(left, list):
        return [item for item in left if _compare(host, word, item, right, case=case)]
    return _compare(host, word, left, right, case=case)


def _contains(host: OperatorHost, items: Value, wanted: Value, *, case: bool) -> bool:
    values = to_list(items)
    host.spend(1 + len(values))
    return any(are_equal(item, wanted, case=case) for item in values)


def _replace(host: OperatorHost, left: Value, right: Value, *, case: bool) -> Value:
    arguments = to_list(right)
    if len(arguments) > 2:
        raise ConversionError("`-replace` takes a pattern and a replacement, no more")
    pattern = compile_pattern(to_text(arguments[0]) if arguments else "", ignore_case=not case)
    replacement = to_text(arguments[1]) if len(arguments) > 1 else ""

    def one(value: Value) -> str:
        return bounded(pattern.replace(to_text(value), replacement, spend=host.spend))

    return [one(item) for item in left] if isinstance(left, list) else one(left)


def _split(host: OperatorHost, left: Value, right: Value, *, case: bool) -> Value:
    arguments = to_list(right)
    if len(arguments) > 2:
        raise ConversionError("`-split` with options is not part of the subset")
    pattern = compile_pattern(to_text(arguments[0]) if arguments else "", ignore_case=not case)
    limit = max(0, to_int(arguments[1])) if len(arguments) > 1 else 0
    pieces: list[Value] = []
    for item in to_list(left):
        pieces += pattern.split(to_text(item), limit=limit, spend=host.spend)
    return pieces


def join(left: Value, separator: str, host: OperatorHost) -> str:
    """Return the texts of an array with ``separator`` between them."""
    items = to_list(left)
    host.spend(1 + len(items))
    sized(len(items) * len(separator))
    return bounded(join_surrogates(separator.join(to_text(item) for item in items)))


def _type_operand(right: Value) -> str:
    if isinstance(right, TypeValue):
        return right.name
    name = canonical_type(to_text(right))
    if name is None:
        raise ConversionError(f"unknown type `{to_text(right)}`")
    return name


def _as(left: Value, right: Value) -> Value:
    try:
        return cast(_type_operand(right), left)
    except ConversionError:
        return None


def _fit(number: int | float) -> int | float:
    """Return a number, an integer beyond 64 bits as a real one as .NET does."""
    return (
        float(number) if isinstance(number, int) and not -(1 << 63) <= number < 1 << 63 else number
    )


def _add(host: OperatorHost, left: Value, right: Value) -> Value:
    if left is None or isinstance(left, Nothing):
        return None if isinstance(right, Nothing) else right
    if isinstance(left, list):
        more = right if isinstance(right, list) else [None if isinstance(right, Nothing) else right]
        host.spend(len(left) + len(more))
        return [*left, *more]
    if isinstance(left, str):
        text = to_text(right)
        host.spend((len(left) + len(text)) >> 6)
        return bounded(join_surrogates(left + text))
    if isinstance(left, HashTable) and isinstance(right, HashTable):
        merged = left.copy()
        for key, value in right.items():
            if key in merged:
                raise ConversionError(f"the key `{to_text(key)}` is in both hashtables")
            merged[key] = value
        return merged
    if isinstance(left, int | float):
        return _fit(to_number(left) + to_number(right))
    raise ConversionError(f"`+` cannot add to a {type_name_of(left)}")


def _multiply(host: OperatorHost, left: Value, right: Value) -> Value:
    if isinstance(left, str | list):
        count = to_int(right)
        if count < 0:
            raise ConversionError("`*` with a negative count")
        host.spend(sized(len(left) * count))
        return left * count if isinstance(left, str) else list(left) * count
    return _fit(to_number(left) * to_number(right))


def _divide(left: Value, right: Value) -> int | float:
    first, second = to_number(left), to_number(right)
    if second == 0:
        raise ConversionError("attempted to divide by zero", id="DivideByZero")
    if isinstance(first, int) and isinstance(second, int) and first % second == 0:
        return first // second
    return first / second


def _remainder(left: Value, right: Value) -> int | float:
    first, second = to_number(left), to_number(right)
    if second == 0:
        raise ConversionError("attempted to divide by zero", id="DivideByZero")
    # The remainder has the sign of the dividend, unlike Python's.
    result = abs(first) % abs(second)
    return -result if first < 0 else result


def _range(host: OperatorHost, left: Value, right: Value) -> Value:
    first, last = to_int(left), to_int(right)
    host.spend(sized(abs(last - first) + 1))
    step = 1 if last >= first else -1
    return list(range(first, last + step, step))


_ARITHMETIC: dict[str, Callable[[OperatorHost, Value, Value], Value]] = {
    "+": _add,
    "-": lambda _host, left, right: _fit(to_number(left) - to_number(right)),
    "*": _multiply,
    "/": lambda _host, left, right: _divide(left, right),
    "%": lambda _host, left, right: _remainder(left, right),
    "..": _range,
    "-f": lambda _host, left, right: bounded(format_items(to_text(left), to_list(right) or [None])),
    "-join": lambda host, left, right: join(left, to_text(right), host),
    "-band": lambda _host, left, right: to_int(left) & to_int(right),
    "-bor": lambda _host, left, right: to_int(left) | to_int(right),
    "-bxor": lambda _host, left, right: to_int(left) ^ to_int(right),
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
            return _fit(-to_number(operand))
        case "+":
            return to_number(operand)
        case "-bnot":
            return ~to_int(operand)
        case "-join":
            return join(operand, "", host)
        case _:
            pieces: list[Value] = []
            for item in to_list(operand):
                text = to_text(item)
                host.spend(1 + (len(text) >> 4))
                pieces += text.split()
            return pieces
