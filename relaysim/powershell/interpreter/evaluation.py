"""Evaluating expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.interpreter.operators import binary, unary
from relaysim.powershell.language.lexer import number_of
from relaysim.powershell.language.syntax import (
    ArrayExpression,
    ArrayLiteral,
    Assignment,
    BareWord,
    Binary,
    Call,
    Cast,
    ExpandableString,
    HashLiteral,
    Increment,
    Index,
    Member,
    NumberLiteral,
    Paren,
    Pipeline,
    ScriptBlockLiteral,
    StringLiteral,
    SubExpression,
    TypeLiteral,
    Unary,
    Variable,
)
from relaysim.powershell.language.writing import join_surrogates
from relaysim.powershell.values.conversion import (
    bounded,
    canonical_type,
    cast,
    to_bool,
    to_int,
    to_list,
    to_number,
    to_text,
)
from relaysim.powershell.values.methods import call_method
from relaysim.powershell.values.static_members import call_static
from relaysim.powershell.values.value import (
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellList,
    ShellObject,
    TypeValue,
    Value,
    WrittenFloat,
    WrittenInt,
    collapse,
    unroll,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Expression

__all__ = ["Evaluator", "member_of"]

_LIST_METHODS = frozenset(
    {"add", "clone", "contains", "getenumerator", "gettype", "indexof", "toarray", "tostring"}
)

_CONSTANTS = {"true": True, "false": False, "null": None}


def member_of(target: Value, name: str) -> Value:
    """Return ``target.name``; the members of the items when ``target`` is an array without it."""
    folded = name.casefold()
    if isinstance(target, ShellObject):
        if name in target:
            return target.get(name)
        if folded == "psobject":
            properties = [
                ShellObject((("Name", key), ("Value", item))) for key, item in target.items()
            ]
            return ShellObject((("Properties", properties),))
        return 1 if folded in {"count", "length"} else None
    if isinstance(target, HashTable):
        return _table_member(target, name, folded)
    if isinstance(target, list):
        if folded in {"count", "length"}:
            return len(target)
        found: list[Value] = []
        for item in target:
            value = member_of(item, name)
            if isinstance(value, list):
                found += value
            elif value is not None:
                found.append(value)
        result = collapse(found)
        return None if isinstance(result, Nothing) else result
    if isinstance(target, str) and folded == "length":
        return len(target)
    if folded in {"count", "length"}:
        return 0 if target is None else 1
    return None


def _table_member(table: HashTable, name: str, folded: str) -> Value:
    if name in table:
        return table.get(name)
    if folded == "count":
        return len(table)
    if folded == "keys":
        return list(table)
    if folded == "values":
        return [item for _, item in table.items()]
    return None


class Evaluator:
    """Evaluates expressions; a failed conversion becomes the error of the statement."""

    def __init__(self, machine: Machine, parts: Interpreter) -> None:
        self.machine = machine
        self.parts = parts

    def evaluate(self, node: Expression) -> Value:
        """Return the value of an expression; the result of an empty pipeline is ``None``."""
        value = self.result_of(node)
        return None if isinstance(value, Nothing) else value

    def result_of(self, node: Expression) -> Value:
        """Return the value of an expression, ``NOTHING`` where there is none."""
        self.machine.spend(1)
        method: Callable[[Evaluator, Any], Value] = self._EXPRESSIONS[type(node)]
        return method(self, node)

    def output_of(self, node: Expression) -> list[Value]:
        """Return what a pipeline receives from an expression: its items one by one."""
        if isinstance(node, SubExpression):
            written: list[Value] = []
            self.parts.run_statements(node.statements, written.append)
            return written
        items = unroll(self.result_of(node))
        self.machine.spend(len(items))
        return items

    def _bare_word(self, node: BareWord) -> Value:
        number = number_of(node.text)
        if number is None:
            return node.text
        if isinstance(number, int):
            return WrittenInt(number, node.text)
        return WrittenFloat(number, node.text)

    def _expandable(self, node: ExpandableString) -> Value:
        separator = self.machine.scope.get("OFS")
        joiner = " " if separator is None else to_text(separator)
        pieces = []
        for part in node.parts:
            if isinstance(part, str):
                pieces.append(part)
            elif isinstance(part, SubExpression):
                pieces.append(to_text(collapse(self.output_of(part)), joiner))
            else:
                pieces.append(to_text(self.evaluate(part), joiner))
        text = bounded(join_surrogates("".join(pieces)))
        self.machine.spend(len(text) >> 6)
        return text

    def _variable(self, node: Variable) -> Value:
        folded = node.name.casefold()
        if node.scope == "env":
            if folded not in self.machine.environment:
                self.machine.fail(f"the environment variable `{node.name}` is not given", node.at)
            return self.machine.environment[folded]
        if folded in _CONSTANTS:
            return _CONSTANTS[folded]
        if folded == "?":
            return self.machine.succeeded
        if node.scope in {"script", "global"}:
            return self.machine.scope.root.get(node.name)
        return self.machine.scope.get("_" if folded == "psitem" else node.name)

    def _type(self, node: TypeLiteral) -> Value:
        return TypeValue(name=canonical_type(node.name) or node.name)

    def _array_literal(self, node: ArrayLiteral) -> Value:
        return [self.evaluate(item) for item in node.items]

    def _array(self, node: ArrayExpression) -> Value:
        if len(node.statements) == 1:
            only = node.statements[0]
            # @(1, 2) is the array itself, not an array that holds it.
            if isinstance(only, Pipeline) and len(only.elements) == 1:
                items = self.parts.value_of(only)
                return [] if isinstance(items, Nothing) else list(unroll(items))
        written: list[Value] = []
        self.parts.run_statements(node.statements, written.append)
        return written

    def _sub(self, node: SubExpression) -> Value:
        return collapse(self.output_of(node))

    def _paren(self, node: Paren) -> Value:
        if isinstance(node.inner, Assignment):
            return self.parts.assign(node.inner)
        return self.parts.value_of(node.inner)

    def _hash(self, node: HashLiteral) -> Value:
        table = HashTable()
        for key_node, value_node in node.entries:
            key = self.evaluate(key_node)
            if key in table:
                self.machine.fail(
                    f"the key `{to_text(key)}` stands twice in a hashtable", key_node.at
                )
            value = self.parts.value_of(value_node)
            table[key] = None if isinstance(value, Nothing) else value
        return table

    def _script_block(self, node: ScriptBlockLiteral) -> Value:
        return ScriptBlockValue(block=node.block)

    def _unary(self, node: Unary) -> Value:
        operand = self.evaluate(node.operand)
        try:
            return unary(self.machine, node.operator, operand)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error

    def _binary(self, node: Binary) -> Value:
        value = self.evaluate(node.first)
        for operator, operand in node.rest:
            self.machine.spend(1)
            if operator == "-and":
                value = to_bool(value) and to_bool(self.evaluate(operand))
            elif operator == "-or":
                value = to_bool(value) or to_bool(self.evaluate(operand))
            else:
                right = self.evaluate(operand)
                try:
                    value = binary(self.machine, operator, value, right)
                except ConversionError as error:
                    raise self.machine.convert_failure(error, operand.at) from error
                except OverflowError:
                    self.machine.fail("the result is too large for a number", operand.at)
        return value

    def cast_value(self, type_name: str, value: Value, at: int) -> Value:
        """Return ``value`` as a type a script names."""
        known = self.machine.types.get(type_name.casefold())
        canonical = canonical_type(type_name)
        if known is None and canonical is None:
            self.machine.fail(f"the type `{type_name}` is not part of the subset", at)
        try:
            return known(value) if known is not None else cast(canonical or "", value)
        except ConversionError as error:
            raise self.machine.convert_failure(error, at) from error

    def _cast(self, node: Cast) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(value, list):
            self.machine.spend(len(value))
        return self.cast_value(node.type_name, value, node.at)

    def _increment(self, node: Increment) -> Value:
        before = self.evaluate(node.target)
        try:
            number = to_number(before)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error
        after = number + (1 if node.operator == "++" else -1)
        self.parts.store(node.target, after)
        return after if node.prefix else number

    def name_of(self, node: Expression) -> str:
        """Return the name a member has that may be computed."""
        return node.value if isinstance(node, StringLiteral) else to_text(self.evaluate(node))

    def _member(self, node: Member) -> Value:
        name = self.name_of(node.name)
        if isinstance(node.target, TypeLiteral) and node.static:
            try:
                return call_static(node.target.name, name, None)
            except ConversionError as error:
                raise self.machine.convert_failure(error, node.at) from error
        target = self.evaluate(node.target)
        if isinstance(target, list):
            self.machine.spend(len(target))
        return member_of(target, name)

    def _call(self, node: Call) -> Value:
        name = self.name_of(node.name)
        static = isinstance(node.target, TypeLiteral) and node.static
        target = None if static else self.evaluate(node.target)
        arguments = [self.evaluate(argument) for argument in node.arguments]
        self._charge_call(target, arguments)
        try:
            if static and isinstance(node.target, TypeLiteral):
                parser = self.machine.types.get(node.target.name.casefold())
                if parser is not None and name.casefold() == "parse":
                    return parser(arguments[0] if arguments else None)
                return call_static(node.target.name, name, arguments)
            return self._call_value(target, name, arguments)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error
        except OverflowError:
            self.machine.fail("the result is too large for a number", node.at)

    def _charge_call(self, target: Value, arguments: list[Value]) -> None:
        for value in (target, *arguments):
            if isinstance(value, str):
                self.machine.spend(len(value) >> 6)
            elif isinstance(value, list | HashTable):
                self.machine.spend(len(value))

    def _call_value(self, target: Value, name: str, arguments: list[Value]) -> Value:
        own = name.casefold() in _LIST_METHODS
        if isinstance(target, list) and not own and not isinstance(target, ShellList) and target:
            # A method that arrays do not have is called on every item.
            return collapse(
                [item for one in target for item in unroll(call_method(one, name, arguments))]
            )
        return call_method(target, name, arguments)

    def _index(self, node: Index) -> Value:
        target = self.evaluate(node.target)
        index = self.evaluate(node.index)
        if target is None:
            self.machine.fail("cannot index into a value that is null", node.at, id="NullArray")
        if isinstance(index, list) and not isinstance(target, HashTable):
            found = [self._item(target, one, node.at) for one in index]
            return [item for item in found if item is not None]
        if isinstance(index, list):
            return [self._item(target, one, node.at) for one in index]
        return self._item(target, index, node.at)

    def _item(self, target: Value, index: Value, at: int) -> Value:
        self.machine.spend(1)
        if isinstance(target, HashTable):
            return target.get(index)
        if isinstance(target, ShellObject) and isinstance(index, str):
            return target.get(index)
        items: list[Value] | str = target if isinstance(target, str) else to_list(target)
        try:
            place = to_int(index)
        except ConversionError as error:
            raise self.machine.convert_failure(error, at) from error
        return items[place] if -len(items) <= place < len(items) else None

    _EXPRESSIONS: ClassVar[dict[type[Expression], Callable[[Any, Any], Value]]] = {
        StringLiteral: lambda _self, node: node.value,
        BareWord: _bare_word,
        ExpandableString: _expandable,
        NumberLiteral: lambda _self, node: node.value,
        Variable: _variable,
        TypeLiteral: _type,
        ArrayLiteral: _array_literal,
        ArrayExpression: _array,
        SubExpression: _sub,
        Paren: _paren,
        HashLiteral: _hash,
        ScriptBlockLiteral: _script_block,
        Unary: _unary,
        Binary: _binary,
        Cast: _cast,
        Increment: _increment,
        Member: _member,
        Call: _call,
        Index: _index,
    }
