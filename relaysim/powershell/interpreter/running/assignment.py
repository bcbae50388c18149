"""Assigning to variables, properties and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later, replace
from relaysim.powershell.interpreter.binding.attributes import READ_ONLY
from relaysim.powershell.interpreter.binding.parameters import Converter
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    LimitReached,
    ShellError,
)
from relaysim.powershell.interpreter.operators import binary
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.language.syntax import (
    ArrayExpression,
    ArrayLiteral,
    Assignment,
    Attributed,
    Cast,
    Command,
    Discarded,
    Expression,
    Function,
    Index,
    Member,
    Paren,
    Pipeline,
    Statement,
    SubExpression,
    Trap,
    TypeLiteral,
    Variable,
)
from relaysim.powershell.members.indexing import set_at
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import canonical_type, is_plain, to_list, to_text
from relaysim.powershell.values.failures import cast_failure, kind_of_error
from relaysim.powershell.values.value import (
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellObject,
    TypeValue,
    Value,
    collapse,
)

if TYPE_CHECKING:
    from relaysim.powershell.hosting.static_access import settle_static
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Attribute
else:
    (settle_static,) = later(
        globals(), "relaysim.powershell.hosting.static_access", "settle_static"
    )

__all__ = ["Assigner"]

_ACTIONS = ("SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend")
_PREFERENCES = frozenset(
    {
        "erroractionpreference", "warningpreference", "verbosepreference", "debugpreference",
        "informationpreference", "progresspreference",
    }
)  # fmt: skip


def _is_expression(node: Pipeline | Assignment | Statement) -> bool:
    """Tell whether what is assigned is neither a command nor what stands in brackets as a whole."""
    head = node.elements[0] if isinstance(node, Pipeline) and len(node.elements) == 1 else None
    inside = Command | Discarded | Paren | SubExpression | ArrayExpression
    return head is not None and not isinstance(head, inside)


class Assigner:
    """Runs assignments."""

    def __init__(self, machine: Machine, parts: Interpreter) -> None:
        self.machine = machine
        self.parts = parts

    def assign(self, node: Assignment) -> Value:
        """Run an assignment and return the value assigned."""
        value = self._assigned(node)
        if node.operator != "=":
            value = self._combined(node, value)
            if isinstance(value, _Unchanged):
                return value.value
        self.store(node.target, value)
        if _is_expression(node.value):
            self.machine.succeeded = True
        return value

    def _assigned(self, node: Assignment) -> Value:
        """Return what is assigned; an error of the first of several statements is the whole's."""
        head = node.value.elements[0] if isinstance(node.value, Pipeline) else None
        if not isinstance(head, ArrayExpression | SubExpression):
            return self.parts.value_of(node.value)
        alone = len(head.statements) < (2 if isinstance(head, ArrayExpression) else 1)
        piped = isinstance(node.value, Pipeline) and len(node.value.elements) > 1
        if alone or piped or any(isinstance(one, Trap) for one in head.statements):
            return self.parts.value_of(node.value)
        written: list[Value] = []
        first, *rest = head.statements
        try:
            self.parts.run_statement(first, written.append)
        except ConversionError as error:
            failure = self.machine.convert_failure(error, node.at)
            failure.record = self.machine.placed(failure.record, node.at)
            self.parts.failed(failure)
        except LimitReached:
            raise
        except ShellError as error:
            error.record = self.machine.placed(error.record, node.at)
            self.parts.failed(error)
        self.parts.run_statements(tuple(rest), written.append)
        return written if isinstance(head, ArrayExpression) else collapse(written)

    def _combined(self, node: Assignment, value: Value) -> Value:
        """Return what a compound assignment stores: it begins with the scope's own variable.

        A block that runs in a scope that is not its own finds those of the callers, too.
        """
        current = self._current(node.target)
        right = None if isinstance(value, Nothing) and current is not None else value
        if isinstance(value, Nothing) and isinstance(current, list):
            return _Unchanged(current)
        try:
            return binary(self.machine, node.operator[0], current, right)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error

    def _current(self, target: Expression) -> Value:
        if isinstance(target, Variable) and not target.scope:
            scope = self.machine.scope
            cell = scope.variables.get(target.name.casefold())
            if cell is None and scope.lent:
                cell = scope.find(target.name)
            if cell is None and scope.strict >= 1:
                return self.parts.evaluate(target)
            return None if cell is None else cell.value
        return self.parts.evaluate(target)

    def store(self, target: Expression, value: Value) -> None:
        """Assign to a variable, property, index, cast variable or list of variables."""
        match target:
            case Variable():
                self._store_variable(target, value)
            case Attributed() | Cast(operand=Attributed()):
                self._store_watched(target, value)
            case Cast():
                self._store_cast(target, value)
            case Member():
                self._store_member(target, None if isinstance(value, Nothing) else value)
            case Index():
                self._store_index(target, None if isinstance(value, Nothing) else value)
            case ArrayLiteral():
                self._store_many(target, value)
            case Paren(inner=Pipeline(elements=(inner,))):
                self.store(inner, value)  # type: ignore[arg-type]
            case _:
                self.machine.fail(
                    "only a variable, a property or an index can be assigned to", target.at
                )

    def _scope_of(self, target: Variable) -> Scope:
        scope = self.machine.scope
        return scope.root if target.scope in {"script", "global"} else scope

    def _store_variable(self, target: Variable, value: Value) -> None:
        folded = target.name.casefold()
        if folded == "null" and not target.scope:
            return
        if target.scope == "env":
            self.machine.environment[folded] = to_text(value)
            return
        if target.scope == "function" and isinstance(value, ScriptBlockValue):
            made = Function(name=target.name, body=value.block, text=value.text, at=target.at)
            self.machine.scope.functions[folded] = made
            return
        scope = self._scope_of(target)
        cell = scope.variables.get(folded)
        if folded in READ_ONLY or (cell is not None and cell.fixed):
            record = self.machine.record(
                f"Cannot overwrite variable {target.name} because it is read-only or constant.",
                target.at,
                id="VariableNotWritable",
                target=target.name,
            )
            raise ShellError(record)
        if folded in _PREFERENCES:
            value = self._action(value, target)
        if cell is None:
            scope.variables[folded] = Cell(value, private=target.scope == "private")
            return
        if cell.type_name is not None or cell.convert is not None:
            value = self._as_declared(cell, target.name, value, target.at)
        cell.value = value

    def _action(self, value: Value, target: Variable) -> Value:
        text = to_text(value)
        known = next((one for one in _ACTIONS if one.casefold() == text.casefold()), None)
        if text.isdigit() and int(text) < len(_ACTIONS):
            known = _ACTIONS[int(text)]
        if known is None:
            names = ", ".join(_ACTIONS[:5])
            error = cast_failure(
                text,
                "System.Management.Automation.ActionPreference",
                f"Unable to match the identifier name {text} to a valid enumerator name. Specify "
                f"one of the following enumerator names and try again:\n{names}",
                "RuntimeException",
            )
            raise self.machine.convert_failure(error, target.at)
        return known

    def _as_declared(
        self, cell: Cell, name: str, value: Value, at: int, *, added: bool = False
    ) -> Value:
        """Return a value as a variable takes it, or one to which attributes are ``added``."""
        try:
            if cell.type_name == "bool" and isinstance(value, str):
                raise cast_failure_bool(value)
            if cell.type_name is not None:
                value = cast(cell.type_name, value)
            return value if cell.convert is None else cell.convert(value)
        except ConversionError as error:
            if error.id == "ParameterArgumentValidationError":
                refused = (
                    f"The attribute cannot be added because variable {name} with value "
                    f"{to_text(value)} would no longer be valid."
                    if added
                    else "The variable cannot be validated because the value "
                    f"{to_text(value)} is not a valid value for the {name} variable."
                )
                error = ConversionError(refused, id="ValidateSetFailure")
            elif error.id.startswith(("InvalidCast", "ConvertTo")) and self._at_script_level():
                error = ConversionError(error.message, id="NoTransformation")
            raise self.machine.convert_failure(error, at) from error

    def _at_script_level(self) -> bool:
        """Tell whether variables have attributes here; a function's are converted by casts."""
        return self.machine.scope.parent is None

    def _store_cast(self, target: Cast, value: Value) -> None:
        operand = target.operand
        try:
            if canonical_type(target.type_name) == "bool" and isinstance(value, str):
                raise self.machine.convert_failure(cast_failure_bool(value), target.at)
            converted = self.parts.cast_value(target.type_name, value, target.at)
        except ShellError as error:
            cast_failed = error.record.id.startswith(("InvalidCast", "ConvertTo"))
            if cast_failed and not error.fatal and self._at_script_level():
                category, exception, _ = kind_of_error("NoTransformation")
                record = replace(
                    error.record,
                    id="RuntimeException",
                    category=category,
                    exception_type=exception,
                )
                raise ShellError(record) from error
            raise
        if isinstance(operand, Variable):
            scope = self._scope_of(operand)
            scope.variables.pop(operand.name.casefold(), None)
            self._store_variable(operand, converted)
            kind = canonical_type(target.type_name)
            cell = scope.variables.get(operand.name.casefold())
            if cell is not None:
                cell.type_name = kind
            return
        self.store(operand, converted)

    def _store_watched(self, target: Attributed | Cast, value: Value) -> None:
        """Assign to a variable whose attributes look at every value it gets from now on."""
        attributes: list[Attribute] = []
        type_name: str | None = None
        inner: Expression = target
        while isinstance(inner, Attributed | Cast):
            if isinstance(inner, Attributed):
                attributes.append(inner.attribute)
            else:
                type_name = inner.type_name
            inner = inner.operand
        if not isinstance(inner, Variable):
            self.machine.fail("an attribute stands before a variable", target.at)
        convert = Converter(
            self.parts, inner.name, type_name, tuple(attributes), mandatory=False, advanced=False
        )
        watched = Cell(None)
        watched.convert = convert
        converted = self._as_declared(watched, inner.name, value, target.at, added=True)
        scope = self._scope_of(inner)
        scope.variables.pop(inner.name.casefold(), None)
        self._store_variable(inner, converted)
        cell = scope.variables.get(inner.name.casefold())
        if cell is not None:
            cell.convert = convert

    def _store_member(self, target: Member, value: Value) -> None:
        name = self.parts.name_of(target.name)
        if target.static:
            settle_static(
                target.target.name if isinstance(target.target, TypeLiteral) else "", name
            )
            return
        owner = self.parts.evaluate(target.target)
        if isinstance(owner, HashTable):
            owner[name] = value
            return
        if isinstance(owner, ShellObject) and name in owner and not owner.type.read_only:
            try:
                owner.set(name, value)
            except ConversionError as error:
                raise self.machine.convert_failure(error, target.at) from error
            return
        self._no_property(owner, name, target.at)

    def _no_property(self, owner: Value, name: str, at: int) -> None:
        missing = (
            f"The property '{name}' cannot be found on this object. Verify that the property "
            "exists and can be set."
        )
        if owner is None:
            self.machine.fail(missing, at, id="PropertyNotFound")
        if is_plain(owner):
            self.machine.fail(
                f'Exception setting "{name}": "{missing}"', at, id="ExceptionWhenSetting"
            )
        fixed = (
            (isinstance(owner, ShellObject) and name in owner)
            or (isinstance(owner, str | list) and name.casefold() in {"length", "count"})
            or isinstance(owner, TypeValue)
        )
        message = f"'{name}' is a ReadOnly property." if fixed else missing
        error_id = "PropertyAssignmentException" if fixed else "NoSuchProperty"
        if isinstance(owner, ShellObject) and not fixed:
            error_id = "PropertyNotFound"
        self.machine.fail(message, at, id=error_id)

    def _store_index(self, target: Index, value: Value) -> None:
        owner = self.parts.evaluate(target.target)
        index = self.parts.evaluate(target.index)
        try:
            set_at(owner, index, value)
        except ConversionError as error:
            raise self.machine.convert_failure(error, target.at) from error

    def _store_many(self, target: ArrayLiteral, value: Value) -> None:
        values = to_list(value)
        last = len(target.items) - 1
        for place, item in enumerate(target.items):
            if place == last and len(values) > len(target.items):
                self.store(item, values[place:])
            else:
                self.store(item, values[place] if place < len(values) else None)


class _Unchanged:
    """The value of a compound assignment that changes nothing."""

    def __init__(self, value: Value) -> None:
        self.value = value


def cast_failure_bool(value: Value) -> ConversionError:
    """Return the error of a text where a Boolean is declared."""
    return ConversionError(
        f'Cannot convert value "{to_text(value)}" to type "System.Boolean". Boolean parameters '
        "accept only Boolean values and numbers, such as $True, $False, 1 or 0.",
        id="NoTransformation",
    )
