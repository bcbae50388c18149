"""``Where-Object`` and ``ForEach-Object``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.command_kinds import MISSING, NO_SET
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.interpreter.operators import binary
from relaysim.powershell.members.methods import call_method, has_method
from relaysim.powershell.members.properties import property_of
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import final_failure, is_plain, to_bool, to_list, to_text
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import HashTable, ScriptBlockValue, ShellObject, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import StreamingCmdlet

__all__ = ["OBJECT_CMDLETS"]

_OPERATORS = (
    "EQ", "NE", "GT", "GE", "LT", "LE", "Like", "NotLike", "Match", "NotMatch", "Contains",
    "NotContains", "In", "NotIn", "CEQ", "CNE", "CGT", "CGE", "CLT", "CLE", "CLike", "CNotLike",
    "CMatch", "CNotMatch", "CContains", "CNotContains", "CIn", "CNotIn", "Is", "IsNot",
)  # fmt: skip
_OTHER_NAMES = {
    name: (f"I{name}",) for name in _OPERATORS if f"C{name}" in _OPERATORS or name in {"EQ", "NE"}
}

_CASED = frozenset(f"-{name.lower()}" for name in _OPERATORS if name[0] == "C") - {"-contains"}
_METHODS = ("ToString", "GetType", "Equals", "GetHashCode")
"""The methods that every object has."""


def _block(value: Value, parameter: str) -> ScriptBlockValue:
    if isinstance(value, ScriptBlockValue):
        return value
    raise ConversionError(
        f"Cannot bind parameter '{parameter}'. {final_failure(value, 'scriptblock').message}",
        id="CannotConvertArgumentNoMessage",
    )


def _filter(value: Value) -> ScriptBlockValue:
    if isinstance(value, ScriptBlockValue):
        return value
    raise ConversionError(
        final_failure(value, "scriptblock").message, id="CannotConvertArgumentNoMessage"
    )


def _has(item: Value, name: str) -> bool:
    """Tell whether an object has a property that may be null."""
    return isinstance(item, ShellObject | HashTable) and name in item


class _WhereStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        self._test = bound.get("FilterScript", bound.get("Property"))
        if "FilterScript" not in bound and "Property" not in bound:
            missing = "Property FilterScript"
            raise context.failure(f"{MISSING} {missing}.", id="MissingMandatoryParameter")
        chosen = [name for name in _OPERATORS if bound.flag(name)]
        if len(chosen) > 1:
            raise context.failure(NO_SET, id="AmbiguousParameterSet")
        self._operator = f"-{chosen[0].lower()}" if chosen else None
        self._value = bound.get("Value")
        if self._operator in {"-is", "-isnot"} and isinstance(self._value, str):
            # A type may be written in brackets here too, where it is a text.
            self._value = self._value.strip().removeprefix("[").removesuffix("]")
            self._require_type(self._value)
        if self._operator is not None and "Value" not in bound:
            raise context.failure(
                "The specified operator requires both the -Property and -Value parameters. Provide "
                "values for both parameters, and then try the command again.",
                id="ValueNotSpecifiedForWhereObject",
            )
        self._lacks_operator = self._operator is None and "Value" in bound
        if self._lacks_operator and isinstance(self._test, ScriptBlockValue):
            raise context.failure(
                "A positional parameter cannot be found that accepts argument "
                f"'{to_text(self._value)}'.",
                id="PositionalParameterNotFound",
            )
        if self._operator is not None:
            # Where something is compared, a block is the name of a property.
            self._test = to_text(self._test)

    def _require_type(self, name: str) -> None:
        try:
            cast("type", name)
        except ConversionError as error:
            if error.subset:
                raise
            raise self._context.failure(error.message, id="InvalidCastFromStringToType") from error

    def process(self, item: Value) -> None:
        """Let the object pass when it meets the condition."""
        if self._lacks_operator:
            raise self._context.failure(
                "An operator is required to compare the two specified values. Include a valid "
                "operator in the command, and then try the command again. For example, "
                "Get-Process | Where-Object -Property Name -eq Idle",
                id="OperatorNotSpecified",
            )
        if isinstance(self._test, ScriptBlockValue):
            holds = to_bool(self._context.invoke(self._test, item))
        else:
            name = self._resolved(item)
            if name is None:
                return
            value = property_of(item, name)
            if value is None and self._context.machine.scope.strict >= 2 and not _has(item, name):
                self._context.write_error(
                    f'The input name "{name}" cannot be resolved to a property.',
                    id="PropertyNotFound",
                    target=to_text(item),
                )
                return
            holds = to_bool(value) if self._operator is None else self._compares(value)
        if holds:
            self._emit(item)

    def _compares(self, value: Value) -> bool:
        """Tell whether a property's value stands the comparison; what fails in it is told."""
        operator = self._operator or ""
        try:
            return to_bool(binary(self._context.machine, operator, value, self._value))
        except ConversionError as error:
            if error.subset:
                raise
            cased = operator in _CASED
            name = f"C{operator[2:]}" if cased else f"I{operator[1:]}"
            if error.id == "System.ArgumentException":
                told = f"The argument to operator '{name}' is not valid: {error.message}."
                self._context.write_error(told, id="BadOperatorArgument")
            else:
                told = f"The '{name}' operator failed: {error.message}."
                self._context.write_error(told, id="OperatorFailed")
            return False

    def _resolved(self, item: Value) -> str | None:
        """Return the name of the property that is meant, ``None`` where several could be."""
        name = to_text(self._test)
        if not has_wildcard(name) or isinstance(item, HashTable):
            return name
        if not (isinstance(item, ShellObject) and is_plain(item)):
            raise not_in_subset("a property by a wildcard of what is not made of properties")
        found = [one for one in (*item.names(), *_METHODS) if matches_wildcard(one, name)]
        if len(found) > 1:
            self._context.write_error(
                f'Input name "{name}" is ambiguous. It can be resolved to multiple matched members.'
                f" Possible matches include: {' '.join(found)}.",
                id="AmbiguousPropertyName",
                target=to_text(item),
            )
            return None
        return found[0] if found else name

    def finish(self) -> None:
        """Nothing is kept."""


class _Where:
    spec = CmdletSpec(
        name="Where-Object",
        aliases=("where", "?"),
        parameters=(
            Parameter(name="FilterScript", convert=_filter),
            Parameter(name="Property", position=0),
            Parameter(name="Value", position=1),
            *(
                Parameter(name=name, switch=True, aliases=_OTHER_NAMES.get(name, ()))
                for name in _OPERATORS
            ),
            Parameter(name="InputObject", from_pipeline=True),
        ),
        exclusive=tuple(("FilterScript", name) for name in ("Property", "Value", *_OPERATORS)),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _WhereStage:
        """Begin to filter."""
        return _WhereStage(context, bound, emit)


def _is_block(value: Value) -> bool:
    """Tell whether an argument is a block, or several, or none that anybody wrote."""
    return value is None or all(isinstance(one, ScriptBlockValue) for one in to_list(value))


_BLOCKS = ("Process", "MemberName", "RemainingScripts")


def _scripts(bound: Bound, *names: str) -> list[ScriptBlockValue | None]:
    """Return the blocks that parameters were given, in the order in which they got them."""
    found: list[ScriptBlockValue | None] = []
    for name, value in bound.items():
        if name in names:
            told = "RemainingScripts" if name == "MemberName" else name
            items = to_list(value) if value is not None else [None]
            found += (None if one is None else _block(one, told) for one in items)
    return found


def _member(bound: Bound) -> tuple[str, list[Value]] | None:
    """Return the member that ``ForEach-Object`` asks for and its arguments.

    Raises:
        ConversionError: It asks for neither a member nor blocks, or for both.
    """
    first, rest = bound.get("MemberName"), to_list(bound.get("RemainingScripts"))
    blocks = "Process" in bound or "Begin" in bound or "End" in bound
    if "MemberName" not in bound and "Process" not in bound:
        if rest and not _is_block(rest):
            raise ConversionError(NO_SET, id="AmbiguousParameterSet")
        raise ConversionError(f"{MISSING} Process.", id="MissingMandatoryParameter")
    if "ArgumentList" in bound and not blocks:
        if rest:
            raise ConversionError(
                f"A positional parameter cannot be found that accepts argument '{to_text(rest)}'.",
                id="PositionalParameterNotFound",
            )
        return to_text(first), to_list(bound.get("ArgumentList"))
    if blocks or _is_block(first):
        return None
    if isinstance(first, list):
        raise ConversionError(NO_SET, id="AmbiguousParameterSet")
    if has_wildcard(to_text(first)):
        raise not_in_subset(f"the member `{to_text(first)}`, named by a wildcard,")
    return to_text(first), [one for item in rest for one in to_list(item)]


class _ForEachStage:
    def __init__(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> None:
        self._context = context
        self._emit = emit
        self._member = ""
        self._arguments: list[Value] = []
        self._process: list[ScriptBlockValue | None] = []
        self._end = _scripts(bound, "End")
        begin = _scripts(bound, "Begin")
        chosen = _member(bound)
        if chosen is not None:
            self._member, self._arguments = chosen
            return
        blocks = _scripts(bound, *_BLOCKS)
        if len(blocks) > 1 and not begin:
            begin = blocks[:1]
            del blocks[0]
        if len(blocks) > 1 and not self._end:
            self._end = [blocks.pop()]
        self._process = blocks
        for block in begin:
            self._run(block, None)

    def _run(self, block: ScriptBlockValue | None, item: Value) -> None:
        if block is None:
            return
        clauses = (block.block.begin, block.block.process, block.block.end)
        if sum(one is not None for one in clauses) > 1:
            raise self._context.failure(
                "The script block cannot be invoked because it contains more than one clause. The "
                "Invoke() method can only be used on script blocks that contain a single clause.",
                id="InvalidOperation",
            )
        self._context.call(block, self._emit, item=item)

    def process(self, item: Value) -> None:
        """Run the blocks for the object, or emit the member."""
        for block in self._process:
            self._run(block, item)
        if self._member:
            for value in unroll(self._member_of(item)):
                self._emit(value)

    def _member_of(self, item: Value) -> Value:
        if item is None:
            if self._arguments:
                self._context.write_error(
                    "You cannot call a method on a null-valued expression.",
                    id="InvokeMethodOnNull",
                )
                return []
            if self._context.machine.scope.strict >= 2:
                self._context.write_error(
                    f'Cannot find "{self._member}": the input is null.', id="InputObjectIsNull"
                )
                return []
            return None
        own = isinstance(item, ShellObject) and self._member in item
        if not own and has_method(item, self._member):
            try:
                return call_method(item, self._member, self._arguments)
            except ConversionError as error:
                if error.subset:
                    raise
                self._context.write_error(
                    error.message, id="MethodInvocationError", category="InvalidOperation"
                )
                return []
        if self._arguments and not self._member_is_list(item):
            self._context.write_error(
                f'Input name "{self._member}" cannot be resolved to a method.',
                id="MethodNotFound",
                target=to_text(item),
            )
            return []
        value = property_of(item, self._member)
        if (
            value is None
            and not _has(item, self._member)
            and self._context.machine.scope.strict >= 2
        ):
            self._context.write_error(
                f'The input name "{self._member}" cannot be resolved to a member.',
                id="PropertyOrMethodNotFound",
                target=to_text(item),
            )
            return []
        return value

    @staticmethod
    def _member_is_list(item: Value) -> bool:
        return isinstance(item, list)

    def finish(self) -> None:
        """Run the end block."""
        for block in self._end:
            self._run(block, None)


class _ForEach:
    runs_without_input = True
    spec = CmdletSpec(
        name="ForEach-Object",
        aliases=("foreach", "%"),
        parameters=(
            Parameter(name="Process"),
            Parameter(name="MemberName", position=0),
            Parameter(name="RemainingScripts", remaining=True),
            Parameter(name="Begin"),
            Parameter(name="End"),
            Parameter(name="ArgumentList", aliases=("Args",)),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> _ForEachStage:
        """Begin to run the block."""
        return _ForEachStage(context, bound, emit)


OBJECT_CMDLETS: tuple[StreamingCmdlet, ...] = (_Where(), _ForEach())
