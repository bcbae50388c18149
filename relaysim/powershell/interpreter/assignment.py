"""Assigning to variables, properties and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.interpreter.operators import binary
from relaysim.powershell.interpreter.scope import Cell, Scope
from relaysim.powershell.language.syntax import (
    ArrayLiteral,
    Assignment,
    Cast,
    Expression,
    Index,
    Member,
    Variable,
)
from relaysim.powershell.values.conversion import canonical_type, cast, to_int, to_list
from relaysim.powershell.values.value import HashTable, Nothing, ShellObject, Value

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine

__all__ = ["Assigner"]

_READ_ONLY = frozenset({"true", "false", "?"})


class Assigner:
    """Runs assignments."""

    def __init__(self, machine: Machine, parts: Interpreter) -> None:
        self.machine = machine
        self.parts = parts

    def assign(self, node: Assignment) -> Value:
        """Run an assignment and return the value assigned."""
        value = self.parts.value_of(node.value)
        if node.operator != "=":
            current = self.parts.evaluate(node.target)
            right = None if isinstance(value, Nothing) and current is not None else value
            if isinstance(value, Nothing) and isinstance(current, list):
                return current
            try:
                value = binary(self.machine, node.operator[0], current, right)
            except ConversionError as error:
                raise self.machine.convert_failure(error, node.at) from error
        self.store(node.target, value)
        return value

    def store(self, target: Expression, value: Value) -> None:
        """Assign to a variable, property, index, cast variable or list of variables."""
        match target:
            case Variable():
                self._store_variable(target, value)
            case Cast():
                self._store_cast(target, value)
            case Member():
                self._store_member(target, None if isinstance(value, Nothing) else value)
            case Index():
                self._store_index(target, None if isinstance(value, Nothing) else value)
            case ArrayLiteral():
                self._store_many(target, value)
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
        if folded in _READ_ONLY or target.scope == "env":
            self.machine.fail(
                f"`${target.name}` cannot be changed", target.at, id="VariableNotWritable"
            )
        scope = (
            self.machine.scope.root if target.scope in {"script", "global"} else self.machine.scope
        )
        cell = scope.variables.get(folded)
        if cell is None:
            scope.variables[folded] = Cell(value)
            return
        if cell.type_name is not None:
            value = self._as_declared(cell.type_name, value, target.at)
        cell.value = value

    def _as_declared(self, type_name: str, value: Value, at: int) -> Value:
        try:
            return cast(type_name, value)
        except ConversionError as error:
            raise self.machine.convert_failure(error, at) from error

    def _store_cast(self, target: Cast, value: Value) -> None:
        converted = self.parts.cast_value(target.type_name, value, target.at)
        operand = target.operand
        if isinstance(operand, Variable):
            scope = (
                self.machine.scope.root
                if operand.scope in {"script", "global"}
                else self.machine.scope
            )
            scope.variables.pop(operand.name.casefold(), None)
            self._store_variable(operand, converted)
            kind = canonical_type(target.type_name)
            scope.variables[operand.name.casefold()].type_name = kind
            return
        self.store(operand, converted)

    def _store_member(self, target: Member, value: Value) -> None:
        name = self.parts.name_of(target.name)
        owner = self.parts.evaluate(target.target)
        if isinstance(owner, HashTable):
            owner[name] = value
            return
        if isinstance(owner, ShellObject):
            if name not in owner:
                self.machine.fail(
                    f"the property `{name}` does not exist on this object",
                    target.at,
                    id="PropertyNotFound",
                )
            try:
                owner.set(name, value)
            except ConversionError as error:
                raise self.machine.convert_failure(error, target.at) from error
            return
        self.machine.fail(
            f"the property `{name}` cannot be set on this value", target.at, id="PropertyNotFound"
        )

    def _store_index(self, target: Index, value: Value) -> None:
        owner = self.parts.evaluate(target.target)
        index = self.parts.evaluate(target.index)
        if isinstance(owner, HashTable):
            owner[index] = value
            return
        if isinstance(owner, list):
            place = to_int(index)
            if not -len(owner) <= place < len(owner):
                self.machine.fail("the index is outside the array", target.at, id="IndexOutOfRange")
            owner[place] = value
            return
        self.machine.fail("this value cannot be indexed", target.at, id="CannotIndex")

    def _store_many(self, target: ArrayLiteral, value: Value) -> None:
        values = to_list(value)
        last = len(target.items) - 1
        for place, item in enumerate(target.items):
            if place == last and len(values) > len(target.items):
                self.store(item, values[place:])
            else:
                self.store(item, values[place] if place < len(values) else None)
