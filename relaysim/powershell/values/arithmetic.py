"""What numbers give together, with .NET's sizes: overflow, division, decimals with their scale."""

from __future__ import annotations

import math
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import (
    canonical_of,
    is_plain,
    operand_number,
    shown,
    to_bool,
    to_int,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import (
    BAD_FORMAT,
    ConversionError,
    cast_failure,
    no_coercion,
)
from relaysim.powershell.values.kinds.enumerations import ENUMERATIONS, member_numbered, to_enum
from relaysim.powershell.values.numeric import (
    DECIMALS,
    LIMITS,
    Char,
    Number,
    SizedInt,
    decimal_of,
    fit_decimal,
    fit_integer,
    integer_kind,
    joint_kind,
    sized_integer,
    too_large,
)
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    EnumValue,
    HashTable,
    Nothing,
    ShellList,
    ShellObject,
    SwitchValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["calculate", "combine_bits", "shift"]

_METHODS = {
    "+": "op_Addition",
    "-": "op_Subtraction",
    "*": "op_Multiply",
    "/": "op_Division",
    "%": "op_Modulus",
    "-band": "op_BitwiseAnd",
    "-bor": "op_BitwiseOr",
    "-bxor": "op_ExclusiveOr",
    "-shl": "op_LeftShift",
    "-shr": "op_RightShift",
    "-bnot": "op_OnesComplement",
}


def no_operator(sign: str, value: Value) -> ConversionError:
    """Return the error of an operator that a type does not have."""
    name = _METHODS[sign]
    kind = "System.Management.Automation.PSObject" if is_plain(value) else type_name_of(value)
    return ConversionError(
        f"Method invocation failed because [{kind}] does not contain a method named '{name}'.",
        id="MethodNotFound",
        target=name,
    )


def no_difference(value: Value) -> ConversionError:
    """Return the error of what cannot be subtracted from a date: it may be a date or a span."""
    may_convert = isinstance(value, str | int | float | Decimal | EnumValue | HashTable)
    found = "Multiple ambiguous overloads found" if may_convert else "Cannot find an overload"
    return ConversionError(
        f'{found} for "op_Subtraction" and the argument count: "2".',
        id="MethodCountCouldNotFindBest",
    )


def divided_by_zero() -> ConversionError:
    """Return the error of a division by zero."""
    return ConversionError("Attempted to divide by zero.", id="DivideByZero")


def _operand(sign: str, value: Value) -> Number:
    if isinstance(value, list):
        raise no_operator(sign, value)
    if isinstance(value, ShellObject) and value.type.number is None:
        raise no_operator(sign, value)
    if value is None or isinstance(value, str | int | float | Decimal | Nothing):
        return operand_number(value)
    try:
        return operand_number(value)
    except ConversionError:
        raise no_operator(sign, value) from None


_CASTS = {
    "double": "InvalidCastFromStringToDoubleOrSingle",
    "single": "InvalidCastFromStringToDoubleOrSingle",
    "decimal": "InvalidCastFromStringToDecimal",
}


def _beside(sign: str, value: Value, other: Value) -> Number:
    """Return an operand as a number: a text becomes what the other operand is."""
    try:
        return _operand(sign, value)
    except ConversionError:
        if not isinstance(value, str) or isinstance(value, Char):
            raise
        if isinstance(other, EnumValue) and other.kind in ENUMERATIONS:
            to_enum(other.kind, value)
        kind = canonical_of(other)
        if isinstance(other, bool) or not isinstance(other, int | float | Decimal) or kind == "int":
            raise
        identity = _CASTS.get(kind, "InvalidCastFromStringToInteger")
        raise cast_failure(shown(value.strip()), full_name(kind), BAD_FORMAT, identity) from None


def _without(items: ShellList, reads: Callable[[Value], Value], taken: Value) -> ShellList:
    """Return a multi-valued property without some of its values, which may be given as text."""
    gone = {to_text(reads(one)) for one in (taken if isinstance(taken, list) else [taken])}
    left = ShellList((one for one in items if to_text(one) not in gone), items.kind)
    left.reads = reads
    return left


def _as_operands(sign: str, left: bool | Char, right: Value) -> tuple[Value, Value]:  # noqa: FBT001 - the operand
    """Return what a truth or a character is calculated as; refuse the operators it lacks."""
    if isinstance(left, bool) and isinstance(right, EnumValue):
        if sign == "*":
            raise no_operator(sign, right)
        return int(left), int(to_bool(right))
    if isinstance(right, Decimal):
        if isinstance(left, bool) and sign != "*":
            raise no_coercion("System.Boolean")
        if sign == "*":
            return ord(left) if isinstance(left, Char) else int(left), right
    elif sign == "*":
        plain = right is None or isinstance(right, int | float | Char)
        raise _not_defined(sign, left, right) if plain else no_operator(sign, left)
    return left, right


def _named(value: Value) -> str:
    return "$null" if value is None else type_name_of(value)


def _not_defined(sign: str, left: Value, right: Value) -> ConversionError:
    return ConversionError(
        f"The operation '[{_named(left)}] {sign} [{_named(right)}]' is not defined.",
        id="NotADefinedOperationForType",
        target=left,
    )


_SMALL = frozenset({"int", "byte", "sbyte", "int16", "uint16"})
"""The integers that fit into what an enumeration is made of."""


def _member(sign: str, left: EnumValue, right: Value) -> EnumValue:
    """Return what a member of an enumeration gives: another member."""
    name = type_name_of(left)
    if isinstance(right, Decimal):
        raise no_coercion(name)
    named = isinstance(right, str) and left.kind in ENUMERATIONS and bool(right.strip())
    member = to_enum(left.kind, right) if named else 0
    second = member.number if isinstance(member, EnumValue) else _operand(sign, right)
    if isinstance(second, int) and integer_kind(second) in _SMALL:
        result = _integer(sign, left.number, int(second), "int")
        if isinstance(result, int):
            return member_numbered(left.kind, result)
        second, name = result, ""
    told, asked = (name, "System.Double") if name else ("System.Double", type_name_of(left))
    if isinstance(second, int):
        told, asked = type_name_of(second), name
    raise ConversionError(
        f"Unable to cast object of type '{told}' to type '{asked}'.",
        id="System.InvalidCastException",
    )


def calculate(sign: str, left: Value, right: Value) -> Number | EnumValue | ShellList | None:
    """Return ``left sign right`` for ``+ - * / %`` on numbers and what converts to them."""
    if isinstance(left, bool | Char):
        left, right = _as_operands(sign, left, right)
    if left is None and sign == "*":
        return None
    if isinstance(left, EnumValue):
        return _member(sign, left, right)
    if isinstance(left, Decimal) and isinstance(right, HashTable) and not len(right):
        right = Decimal(0)  # What an empty table makes of a decimal: one nothing is set of.
    if sign == "-" and isinstance(left, ShellList) and left.reads is not None:
        return _without(left, left.reads, right)
    first = _beside(sign, left, right)
    try:
        second = _beside(sign, right, left)
    except ConversionError as error:
        if not isinstance(left, Decimal) or error.id != "MethodNotFound":
            raise
        text = type_name_of(right) if isinstance(right, list) else shown(right)
        raise ConversionError(
            f'Cannot convert argument "1", with value: "{text}", for "{_METHODS[sign]}" to type '
            f'"System.Decimal": "Cannot convert the "{text}" value of type '
            f'"{type_name_of(right)}" to type "System.Decimal"."',
            id="MethodArgumentConversionInvalidCastArgument",
        ) from error
    kind = joint_kind(first, second)
    if kind == "decimal":
        identity = "System.OverflowException"  # of an operand; else of the result
        try:
            operands = decimal_of(first), decimal_of(second)
            identity = "RuntimeException"
            return _decimal(sign, *operands)
        except OverflowError:
            raise ConversionError(too_large("decimal"), id=identity) from None
    if kind == "double":
        return _real(sign, float(first), float(second))
    return _integer(sign, int(first), int(second), kind)


def _decimal(sign: str, first: Decimal, second: Decimal) -> Decimal:
    if sign == "%" and abs(first) < abs(second):
        return first or Decimal(0)
    operations: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
        "+": DECIMALS.add, "-": DECIMALS.subtract, "*": DECIMALS.multiply,
        "/": DECIMALS.divide, "%": DECIMALS.remainder,
    }  # fmt: skip
    try:
        result = operations[sign](first, second)
    except (DivisionByZero, InvalidOperation):
        raise divided_by_zero() from None
    if result.is_zero():
        result = result.copy_abs()  # There is no negative zero.
    if sign == "/":
        ideal = int(first.as_tuple().exponent) - int(second.as_tuple().exponent)
        result = fit_decimal(result)
        short = result.normalize(DECIMALS)
        scale = max(-ideal, -int(short.as_tuple().exponent), 0)
        if scale > 28:
            return result
        return fit_decimal(short.quantize(Decimal(1).scaleb(-scale), context=DECIMALS))
    return fit_decimal(result)


def _real(sign: str, first: float, second: float) -> float:
    try:
        match sign:
            case "+":
                return first + second
            case "-":
                return first - second
            case "*":
                return first * second
            case "/":
                return first / second
            case _:
                return math.fmod(first, second)
    except ZeroDivisionError:
        return math.nan if first == 0 or math.isnan(first) else math.copysign(math.inf, first)
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def _integer(sign: str, first: int, second: int, kind: str) -> Number:
    if sign in "+-*":
        result = {"+": first + second, "-": first - second, "*": first * second}[sign]
        return fit_integer(result, kind)
    if second == 0:
        raise divided_by_zero()
    if sign == "/":
        if first % second == 0:
            return fit_integer(first // second, kind)
        return first / second
    # The remainder has the sign of the dividend, unlike Python's.
    result = abs(first) % abs(second)
    return sized_integer(-result if first < 0 else result, kind)


def _check_bits(operator: str, value: Value, other: Value = None) -> None:
    """Refuse a left or right operand whose type has no such operator, ``other`` behind it."""
    if isinstance(value, Nothing) or value is None or isinstance(value, bool | SwitchValue):
        return
    if isinstance(value, ShellObject) and value.type.number is not None:
        return
    if not isinstance(value, str | int | float | Decimal | EnumValue):
        if isinstance(other, str):
            operand_number(other)  # A text that is no number is what the error is about.
        raise no_operator(operator, value)


def _bits(sign: str, value: Value, other: Value = None) -> int:
    number = _beside(sign, value, other)
    if isinstance(number, int):
        return int(number)
    return to_int(number)


def _bit_kind(value: Value) -> str:
    number = operand_number(value)
    if isinstance(number, int):
        kind = integer_kind(number)
        return "int" if kind in {"byte", "sbyte", "int16", "uint16"} else kind
    return next((kind for kind in ("int", "uint32", "long") if _holds(kind, number)), "uint64")


def _holds(kind: str, number: Number) -> bool:
    low, high = LIMITS[kind]
    return low <= number <= high


def _joint_bits(left: Value, right: Value) -> str:
    """Return the type that both operands are taken as."""
    numbers = [operand_number(left), operand_number(right)]
    if not all(isinstance(number, int) for number in numbers):
        return "long" if any(number < 0 for number in numbers) else "uint64"
    kinds = {_bit_kind(left), _bit_kind(right)}
    for kind in ("uint64", "long", "uint32"):
        if kind in kinds:
            return kind
    return "int"


def combine_bits(operator: str, left: Value, right: Value) -> int | EnumValue:
    """Return ``left -band right`` and its relatives; two of an enumeration give one of it."""
    _check_bits(operator, left, right)
    first = _bits(operator, left, right)
    _check_bits(operator, right)
    second = _bits(operator, right, left)
    kind = _joint_bits(left, right)
    match operator:
        case "-band":
            result = first & second
        case "-bor":
            result = first | second
        case _:
            result = first ^ second
    if isinstance(left, EnumValue) and left.kind in ENUMERATIONS:
        return member_numbered(left.kind, result)
    return sized_integer(_wrapped(result, kind), kind)


def _wrapped(value: int, kind: str) -> int:
    low, high = LIMITS[kind]
    size = high - low + 1
    value %= size
    return value - size if value > high else value


def shift(operator: str, left: Value, right: Value) -> int:
    """Return ``left -shl right`` or ``left -shr right``."""
    _check_bits(operator, left, right)
    _check_bits(operator, right)
    if isinstance(left, bool | Char):
        raise _not_defined(operator, left, right)
    number, kind = _bits(operator, left), _bit_kind(left)
    if isinstance(left, SizedInt):
        kind = left.kind
    count = to_int(right) & (63 if kind in {"long", "uint64"} else 31)
    result = number << count if operator == "-shl" else number >> count
    return sized_integer(_wrapped(result, kind), kind)


def invert(value: Value) -> int:
    """Return ``-bnot value``."""
    kind = _bit_kind(value)
    return sized_integer(_wrapped(~_bits("-bnot", value), kind), kind)
