"""The operators on texts: ``-replace``, ``-split`` and ``-join``.

A number that was written as an argument, such as ``36MB``, is that text here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from relaysim.powershell.language.writing import join_surrogates
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    bounded,
    joined,
    sized,
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.kinds.enumerations import to_enum
from relaysim.powershell.values.net_time import in_culture, item_in_culture
from relaysim.powershell.values.patterns.pattern import Pattern, compile_pattern, escape_pattern
from relaysim.powershell.values.value import Enumerator, EnumValue, ShellObject, TypedArray, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relaysim.powershell.values.patterns.pattern import Match

__all__ = [
    "OperatorHost",
    "join",
    "operand_pattern",
    "replace",
    "split",
    "split_limits",
    "without_kind",
]


class OperatorHost(Protocol):
    """What operators need from the run."""

    def spend(self, count: int) -> None:
        """Charge steps to the budget."""

    def matched(self, match: Match) -> None:
        """Take the groups of a successful ``-match``."""

    def joiner(self) -> str:
        """Return what stands between the items of an array in a text."""


def operand_pattern(value: Value, *, case: bool) -> Pattern:
    """Return the compiled pattern of an operand: a text, or a ``[regex]`` with its own case."""
    if isinstance(value, ShellObject) and value.type.name.endswith(".Regex"):
        return compile_pattern(to_text(value), ignore_case=not case)
    return compile_pattern(to_text(value), ignore_case=not case)


def _replaced_pattern(value: Value, *, case: bool) -> Pattern:
    """Return the pattern of ``-replace``, whose own error tells one that is wrong."""
    try:
        return operand_pattern(value, case=case)
    except ConversionError as error:
        if error.subset:
            raise
        raise ConversionError(
            f"The regular expression pattern {to_text(value)} is not valid.",
            id="InvalidRegularExpression",
        ) from error


def replace(host: OperatorHost, left: Value, right: Value, *, case: bool) -> Value:
    """Return texts in which what matches a pattern is replaced."""
    arguments = [right] if right is None else to_list(right)
    if len(arguments) > 2:
        raise ConversionError(
            f"The -ireplace operator allows only two elements to follow it, not {len(arguments)}.",
            id="BadReplaceArgument",
        )
    pattern = _replaced_pattern(arguments[0] if arguments else "", case=case)
    replacement = to_text(arguments[1]) if len(arguments) > 1 else ""

    def one(value: Value) -> str:
        return bounded(pattern.replace(written_text(value), replacement, spend=host.spend))

    return [one(item) for item in left] if isinstance(left, list) else one(left)


_INLINE = (("i", 64), ("m", 16), ("s", 32), ("n", 128), ("x", 8))
_SIMPLE = 1


def without_kind(error: ConversionError) -> ConversionError:
    """Return the error of an operand that cannot be converted: it has its own words, no own id."""
    return error if error.subset else ConversionError(error.message, id="RuntimeException")


def _options(given: Sequence[Value], *, predicate: bool) -> int:
    """Return the sum of the options of ``-split``."""
    found = 0
    try:
        for one in given:
            words = one.split(",") if type(one) is str else to_list(one)
            for word in words if words not in ([""], [None]) else []:
                member = to_enum("splitoptions", word)
                found |= member.number if isinstance(member, EnumValue) else 0
    except ConversionError as error:
        raise without_kind(error) from error
    if predicate and given:
        raise ConversionError(
            "Options are not allowed on the -split operator with a predicate.",
            id="InvalidSplitOptionWithPredicate",
        )
    if found & _SIMPLE and found & ~(_SIMPLE | 64):
        raise ConversionError(
            "The combination of options with the -split operator is not valid.",
            id="InvalidSplitOptionCombination",
        )
    return found


def split_limits(arguments: Sequence[Value], *, predicate: bool = False) -> tuple[int, int]:
    """Return into how many pieces ``-split`` cuts at most, 0 for all, and its options."""
    limit = 0
    if len(arguments) > 1:
        try:
            cut = cast("int", arguments[1])
            limit = max(0, cut) if isinstance(cut, int) else 0
        except ConversionError as error:
            raise without_kind(error) from error
    return limit, _options(arguments[2:3], predicate=predicate)


def split(host: OperatorHost, left: Value, right: Value, *, case: bool) -> Value:
    """Return the pieces of texts between what matches a pattern."""
    arguments = [right] if right is None else to_list(right)
    if not arguments:
        message = "The argument to operator '-split' is not valid: System.Object[]."
        raise ConversionError(message, id="BadOperatorArgument")
    text = to_text(arguments[0])
    limit, options = split_limits(arguments)
    if options & _SIMPLE:
        text = escape_pattern(text)
    words = "".join(word for word, number in _INLINE if options & number)
    if words:
        text = f"(?{words}){text}"
    # Options of an empty text are none at all, not even that case does not count.
    plain = len(arguments) > 2 and arguments[2] == ""
    pattern = compile_pattern(text, ignore_case=(not case and not plain) or bool(options & 64))
    pieces: list[Value] = []
    for item in [left] if left is None else to_list(left):
        pieces += pattern.split(written_text(item), limit=limit, spend=host.spend)
    return TypedArray(pieces, "string")


def join(left: Value, separator: str, host: OperatorHost) -> str:
    """Return the texts of an array with ``separator`` between them."""
    items = to_list(left)
    host.spend(1 + len(items))
    sized(len(items) * len(separator))
    if not isinstance(left, list) or isinstance(left, Enumerator):
        return written_text(left)
    if len(items) == 1 and isinstance(items[0], ShellObject):
        return in_culture(items[0])
    return join_surrogates(joined(separator, (item_in_culture(item) for item in items)))
