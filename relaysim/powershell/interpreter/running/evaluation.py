"""Evaluating expressions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from relaysim.lean import later
from relaysim.powershell.interpreter.failing.failures import ConversionError, Leaving
from relaysim.powershell.interpreter.running.references import CONSTANTS, reference_of, unset
from relaysim.powershell.interpreter.running.scoped import scoped_cell
from relaysim.powershell.language.syntax import (
    ArrayExpression,
    ArrayLiteral,
    Assignment,
    Attributed,
    BareWord,
    Binary,
    Call,
    Cast,
    Command,
    Discarded,
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
from relaysim.powershell.members.properties import is_gone, member_of
from relaysim.powershell.values.conversion import (
    canonical_type,
    joined,
    to_bool,
    to_list,
    to_text,
    type_name_of,
)
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.numeric import number_of, written
from relaysim.powershell.values.type_names import is_exception
from relaysim.powershell.values.value import (
    HashTable,
    Nothing,
    ScriptBlockValue,
    ShellObject,
    TypeValue,
    Value,
    collapse,
    unroll,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relaysim.powershell.hosting.static_access import is_host_type, static_of
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.interpreter.operators import binary, unary
    from relaysim.powershell.language.syntax import Expression
    from relaysim.powershell.language.writing import join_surrogates
    from relaysim.powershell.members.indexing import check_inside, index_value
    from relaysim.powershell.members.static_members import call_static
    from relaysim.powershell.values.arithmetic import calculate
    from relaysim.powershell.values.casting import cast, custom_object
else:
    binary, unary = later(globals(), "relaysim.powershell.interpreter.operators", "binary unary")
    is_host_type, static_of = later(
        globals(), "relaysim.powershell.hosting.static_access", "is_host_type static_of"
    )
    index_value, check_inside = later(
        globals(), "relaysim.powershell.members.indexing", "index_value check_inside"
    )
    (call_static,) = later(globals(), "relaysim.powershell.members.static_members", "call_static")
    (calculate,) = later(globals(), "relaysim.powershell.values.arithmetic", "calculate")
    cast, custom_object = later(
        globals(), "relaysim.powershell.values.casting", "cast custom_object"
    )
    (join_surrogates,) = later(globals(), "relaysim.powershell.language.writing", "join_surrogates")

__all__ = ["Evaluator", "member_of"]

_SIGNS = frozenset("+-\u2013\u2014\u2015")
_ON_EACH = ("match", "like", "replace", "split")


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
        return self._EXPRESSIONS[type(node)](self, node)

    def output_of(self, node: Expression) -> list[Value]:
        """Return what a pipeline receives from an expression: its items one by one."""
        if isinstance(node, SubExpression) and node.statements:
            written: list[Value] = []
            try:
                self.parts.run_statements(node.statements, written.append)
            except Leaving as leaving:
                leaving.pending[:0] = written
                raise
            return written
        items = unroll(self.result_of(node))
        self.machine.spend(len(items))
        # What is nothing in an array goes nowhere.
        return [one for one in items if not isinstance(one, Nothing)]

    def _bare_word(self, node: BareWord) -> Value:
        # A word that begins with a sign and stands alone is text.
        number = None if node.text[:1] in _SIGNS else number_of(node.text)
        return node.text if number is None else written(number, node.text)

    def _expandable(self, node: ExpandableString) -> Value:
        joiner = self.machine.joiner()
        pieces = []
        for part in node.parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            if isinstance(part, SubExpression):
                value = collapse(self.output_of(part))
            elif isinstance(part, Variable):
                value = self._variable(part, quoted=True)
            else:
                value = self.evaluate(part)
            pieces.append(to_text(value, joiner))
        text = join_surrogates(joined("", pieces))
        self.machine.spend(len(text) >> 4)
        return text

    def _variable(self, node: Variable, *, quoted: bool = False) -> Value:
        folded = node.name.casefold()
        machine = self.machine
        if node.scope == "env":
            return machine.environment.get(folded) or None
        if node.scope == "function":
            found = machine.scope.find_function(node.name)
            return found and ScriptBlockValue(block=found.body, text=found.text)
        if folded in CONSTANTS:
            return CONSTANTS[folded]
        if folded == "?":
            return machine.succeeded
        if node.scope:
            cell = scoped_cell(machine, node)
        else:
            cell = machine.scope.find("_" if folded == "psitem" else node.name)
        if cell is None:
            if machine.scope.strict >= (2 if quoted else 1):
                raise unset(machine, node)
            return None
        return cell.value

    def _type(self, node: TypeLiteral) -> Value:
        name = canonical_type(node.name)
        if name is None:
            if self.machine.type_of(node.name) is not None or is_host_type(node.name):
                return TypeValue(name=node.name)
            self.machine.fail(f"Unable to find type [{node.name}].", node.at, id="TypeNotFound")
        return TypeValue(name=name)

    def _array_literal(self, node: ArrayLiteral) -> Value:
        return [self._item(item) for item in node.items]

    def _item(self, node: Expression) -> Value:
        if isinstance(node, BareWord):
            number = number_of(node.text)
            return node.text if number is None else number
        # What is nothing stays that in an array: a pipeline passes it over.
        return self.result_of(node)

    def _array(self, node: ArrayExpression) -> Value:
        if len(node.statements) == 1:
            only = node.statements[0]
            # @(1, 2) is the array itself, not an array that holds it.
            if isinstance(only, Pipeline) and len(only.elements) == 1:
                head = only.elements[0]
                if not isinstance(head, Command | Discarded):
                    items = self.parts.value_of(only)
                    return [] if isinstance(items, Nothing) else list(unroll(items))
        written: list[Value] = []
        try:
            self.parts.run_statements(node.statements, written.append)
        except Leaving as leaving:
            leaving.pending.clear()
            raise
        return written

    def _sub(self, node: SubExpression) -> Value:
        # A subexpression without statements is null, one that wrote nothing is nothing.
        return collapse(self.output_of(node)) if node.statements else None

    def _paren(self, node: Paren) -> Value:
        if isinstance(node.inner, Assignment):
            return self.parts.assign(node.inner)
        return self.parts.value_of(node.inner)

    def _hash(self, node: HashLiteral) -> Value:
        table = HashTable()
        for key_node, value_node in node.entries:
            key = self.evaluate(key_node)
            if key is None:
                self.machine.fail(
                    "A null key is not allowed in a hash literal.", key_node.at, id="InvalidNullKey"
                )
            if key in table:
                self.machine.fail(
                    f"the key `{to_text(key)}` stands twice in a hashtable", key_node.at
                )
            table[key] = self.parts.value_of(value_node)
        return table

    def _script_block(self, node: ScriptBlockLiteral) -> Value:
        return ScriptBlockValue(block=node.block, text=node.text)

    def _unary(self, node: Unary) -> Value:
        operand = self.result_of(node.operand)
        if isinstance(operand, Nothing):
            operand = [] if node.operator == "-split" else None
        try:
            return unary(self.machine, node.operator, operand)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error

    def _binary(self, node: Binary) -> Value:
        value = self.result_of(node.first)
        if isinstance(value, Nothing):
            # What looks into each of many texts finds none in a pipeline of nothing.
            value = [] if node.rest[0][0].endswith(_ON_EACH) else None
        for operator, operand in node.rest:
            self.machine.spend(1)
            if operator == "-and":
                value = to_bool(value) and to_bool(self.evaluate(operand))
            elif operator == "-or":
                value = to_bool(value) or to_bool(self.evaluate(operand))
            else:
                # A list and nothing is the list; every other operator takes nothing as null.
                added = operator == "+" and isinstance(value, list)
                right = self.result_of(operand) if added else self.evaluate(operand)
                try:
                    value = self._operated(operator, value, right)
                except ConversionError as error:
                    raise self.machine.convert_failure(error, operand.at) from error
                except OverflowError:
                    self.machine.fail("the result is too large for a number", operand.at)
        return value

    def _operated(self, operator: str, left: Value, right: Value) -> Value:
        if operator.endswith("split"):
            arguments = to_list(right)
            if arguments and isinstance(arguments[0], ScriptBlockValue):
                from relaysim.powershell.interpreter.binding.block_methods import split_by_block

                return split_by_block(self.parts, left, arguments)
        return binary(self.machine, operator, left, right)

    def cast_value(self, type_name: str, value: Value, at: int) -> Value:
        """Return ``value`` as a type a script names."""
        known = self.machine.type_of(type_name)
        canonical = canonical_type(type_name)
        if known is None and canonical is None:
            self.machine.fail(f"Unable to find type [{type_name}].", at, id="TypeNotFound")
        try:
            if known is not None:
                return known(value)
            if canonical is not None and is_exception(canonical):
                from relaysim.powershell.values.exceptions import to_exception

                return to_exception(value, canonical)
            if canonical == "string" and isinstance(value, list):
                return to_text(value, self.machine.joiner())
            return cast(canonical or "", value)
        except ConversionError as error:
            raise self.machine.convert_failure(error, at) from error

    def _cast(self, node: Cast) -> Value:
        if node.type_name.casefold() == "ref":
            return reference_of(self.machine, node, self.evaluate)
        value = self.evaluate(node.operand)
        if isinstance(value, list):
            self.machine.spend(len(value))
        if node.type_name.casefold() == "pscustomobject":
            return custom_object(value)
        return self.cast_value(node.type_name, value, node.at)

    def _increment(self, node: Increment) -> Value:
        before = self.evaluate(node.target)
        number = before is None or isinstance(before, int | float | Decimal)
        if not number or isinstance(before, bool):
            self.machine.fail(
                f"The '{node.operator}' operator works only on numbers. The operand is a "
                f"'{type_name_of(before)}'.",
                node.at,
                id="OperatorRequiresNumber",
            )
        after = calculate("+" if node.operator == "++" else "-", before or 0, 1)
        self.parts.store(node.target, after)
        return after if node.prefix else (0 if before is None else before)

    def name_of(self, node: Expression) -> str:
        """Return the name a member has that may be computed."""
        return node.value if isinstance(node, StringLiteral) else to_text(self.evaluate(node))

    def _member(self, node: Member) -> Value:
        name = self.name_of(node.name)
        try:
            if node.static:
                return self._static_member(node, name)
            target = self.evaluate(node.target)
            if isinstance(target, list):
                self.machine.spend(len(target))
            if not name and isinstance(target, HashTable):
                return None
            value = member_of(target, name)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error
        if self.machine.scope.strict >= 2 and is_gone(value, target, name):
            self._require_property(target, name, node.at)
        return value

    def _require_property(self, target: Value, name: str, at: int) -> None:
        if isinstance(target, ShellObject | HashTable) and name in target:
            return
        if isinstance(target, list) and any(
            isinstance(one, ShellObject | HashTable) and name in one for one in target
        ):
            return
        self.machine.fail(
            f"The property '{name}' cannot be found on this object. Verify that the property "
            "exists.",
            at,
            id="PropertyNotFoundStrict",
        )

    def _static_member(self, node: Member, name: str) -> Value:
        if isinstance(node.target, TypeLiteral):
            own = self.machine.type_of(node.target.name)
            if own is not None:
                return own(name)
            found = static_of(self.machine, node.target.name, name, None)
            return call_static(node.target.name, name, None) if found is None else found[0]
        target = self.evaluate(node.target)
        if isinstance(target, TypeValue):
            return call_static(target.name, name, None)
        raise not_in_subset("`::` after a value that is no type")

    def _index(self, node: Index) -> Value:
        target = self.evaluate(node.target)
        index = self.evaluate(node.index)
        self.machine.spend(len(index) if isinstance(index, list) else 1)
        try:
            if self.machine.scope.strict >= 3:
                check_inside(target, index)
            return index_value(target, index)
        except ConversionError as error:
            raise self.machine.convert_failure(error, node.at) from error

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
        Attributed: lambda self, node: self.evaluate(node.operand),
        Cast: _cast,
        Increment: _increment,
        Member: _member,
        Call: lambda self, node: self.parts.call(node),
        Index: _index,
    }
