"""What an attribute takes between its parentheses: constants and script blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.syntax import (
    ArrayLiteral,
    Binary,
    Cast,
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

if TYPE_CHECKING:
    from relaysim.powershell.language.syntax import Expression, Statement

__all__ = ["is_constant"]

_FOLDED = frozenset(
    {"+", "-", "*", "/", "%", "-band", "-bor", "-bxor", "-shl", "-shr", "-and", "-or", "-xor"}
)
_PRIMITIVE = frozenset(
    {
        "bool", "byte", "sbyte", "char", "int", "int16", "int32", "int64", "uint16", "uint32",
        "uint64", "long", "single", "float", "double",
    }
)  # fmt: skip
_WITHOUT_CONSTANTS = frozenset({"string", "datetime", "timespan", "guid", "version", "ipaddress"})


def is_constant(node: Expression | Statement) -> bool:
    """Tell whether PowerShell takes an expression as the argument of an attribute."""
    match node:
        case StringLiteral() | NumberLiteral() | TypeLiteral() | ScriptBlockLiteral():
            return True
        case Variable():
            return not node.scope and node.name.lower() in {"true", "false", "null"}
        case ArrayLiteral():
            return all(map(is_constant, node.items))
        case Unary():
            return is_constant(node.operand)
        case Binary():
            operators = {operator.lower() for operator, _ in node.rest}
            return operators <= _FOLDED and all(
                map(is_constant, (node.first, *(operand for _, operand in node.rest)))
            )
        case _:
            return _is_inner_constant(node)


def _is_inner_constant(node: Expression | Statement) -> bool:
    match node:
        case Cast():
            return _plain(node.type_name) in _PRIMITIVE and is_constant(node.operand)
        case Member():
            kind = node.target.name if isinstance(node.target, TypeLiteral) else ""
            return node.static and bool(kind) and _plain(kind) not in _WITHOUT_CONSTANTS
        case Paren():
            return is_constant(node.inner)
        case SubExpression():
            return len(node.statements) == 1 and is_constant(node.statements[0])
        case Pipeline():
            return len(node.elements) == 1 and is_constant(node.elements[0])  # type: ignore[arg-type]
        case _:
            return False


def _plain(type_name: str) -> str:
    return type_name.lower().removeprefix("system.")
