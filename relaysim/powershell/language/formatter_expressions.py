"""Writing expressions."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from relaysim.lean import pattern
from relaysim.powershell.language.lexer import is_plain_word
from relaysim.powershell.language.quoting import escape_expandable, quote
from relaysim.powershell.language.syntax import (
    ArrayExpression,
    ArrayLiteral,
    Attribute,
    Attributed,
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
    ScriptBlockLiteral,
    StringLiteral,
    SubExpression,
    TypeLiteral,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relaysim.powershell.language.syntax import Expression, ScriptBlock, Statement

__all__ = ["ExpressionWriter"]

_SIMPLE_NAME = pattern(r"[\w?]+")
_MEMBER_NAME = pattern(r"[^\W\d]\w*")
_HASH_KEY = pattern(r"[A-Za-z_]\w*", re.ASCII)
_IN_BRACES = pattern(r"[{}`]")
_POSTFIX = Member | Call | Index
_ARGUMENT_ROOTS = (
    Variable
    | StringLiteral
    | ExpandableString
    | Paren
    | ArrayExpression
    | SubExpression
    | HashLiteral
    | ScriptBlockLiteral
)


class ExpressionWriter(ABC):
    """Writes expressions; the statement writer supplies what statements look like."""

    @abstractmethod
    def statement(self, node: Statement, indent: int) -> str:
        """Return a statement; the statement writer defines it."""

    @abstractmethod
    def block(self, node: ScriptBlock, indent: int) -> str:
        """Return the body of a block between braces; the statement writer defines it."""

    def expression(self, node: Expression, indent: int) -> str:
        """Return an expression."""
        writer: Callable[[ExpressionWriter, Any, int], str] = self._EXPRESSIONS[type(node)]
        return writer(self, node, indent)

    def argument(self, node: Expression, indent: int) -> str:
        """Return an argument of a command, in parentheses where it could not stand alone."""
        if isinstance(node, BareWord):
            return node.text if is_plain_word(node.text) else quote(node.text)
        if isinstance(node, ArrayLiteral) and len(node.items) > 1:
            return ", ".join(self._argument_item(item, indent) for item in node.items)
        return self._argument_item(node, indent)

    def _argument_item(self, node: Expression, indent: int) -> str:
        if isinstance(node, BareWord):
            return node.text if is_plain_word(node.text) else quote(node.text)
        root: Expression = node
        if isinstance(root, Increment) and not root.prefix:
            root = root.target
        while isinstance(root, _POSTFIX):
            root = root.target
        text = self.expression(node, indent)
        return text if isinstance(root, _ARGUMENT_ROOTS) else f"({text})"

    def statements(self, nodes: tuple[Statement, ...], indent: int) -> str:
        """Return statements for between brackets: on one line when there is at most one."""
        inner = [self.statement(node, indent + 1) for node in nodes]
        if len(inner) <= 1 and not any("\n" in text for text in inner):
            return "".join(inner)
        pad = "    " * (indent + 1)
        return "\n" + "".join(f"{pad}{text}\n" for text in inner) + "    " * indent

    def _bare_word(self, node: BareWord, _indent: int) -> str:
        return quote(node.text)

    def _string(self, node: StringLiteral, _indent: int) -> str:
        return quote(node.value)

    def _number(self, node: NumberLiteral, _indent: int) -> str:
        return repr(node.value)

    def _expandable(self, node: ExpandableString, indent: int) -> str:
        parts = (
            escape_expandable(part)
            if isinstance(part, str)
            else self.braced(part)
            if isinstance(part, Variable)
            else self.expression(part, indent)
            for part in node.parts
        )
        return '"' + "".join(parts) + '"'

    def braced(self, node: Variable) -> str:
        """Return a variable in braces, which no following character can lengthen."""
        name = _IN_BRACES.sub(lambda match: f"`{match.group()}", node.name)
        return f"${{{node.scope}:{name}}}" if node.scope else f"${{{name}}}"

    def variable(self, node: Variable, _indent: int = 0) -> str:
        """Return a variable, in braces only when its name needs them."""
        if _SIMPLE_NAME.fullmatch(node.name) is None:
            return self.braced(node)
        return f"${node.scope}:{node.name}" if node.scope else f"${node.name}"

    def _type(self, node: TypeLiteral, _indent: int) -> str:
        return f"[{node.name}]"

    def _array_literal(self, node: ArrayLiteral, indent: int) -> str:
        items = [self.expression(item, indent) for item in node.items]
        return f",{items[0]}" if len(items) == 1 else ", ".join(items)

    def _array(self, node: ArrayExpression, indent: int) -> str:
        return f"@({self.statements(node.statements, indent)})"

    def _sub(self, node: SubExpression, indent: int) -> str:
        return f"$({self.statements(node.statements, indent)})"

    def _paren(self, node: Paren, indent: int) -> str:
        return f"({self.statement(node.inner, indent)})"

    def _hash(self, node: HashLiteral, indent: int) -> str:
        entries = []
        for key, value in node.entries:
            bare = isinstance(key, StringLiteral) and _HASH_KEY.fullmatch(key.value) is not None
            name = key.value if isinstance(key, StringLiteral) and bare else ""
            entries.append(
                f"{name or self.expression(key, indent)} = {self.statement(value, indent)}"
            )
        return "@{" + "; ".join(entries) + "}"

    def _script_block(self, node: ScriptBlockLiteral, indent: int) -> str:
        return self.block(node.block, indent)

    def _unary(self, node: Unary, indent: int) -> str:
        operand = self.expression(node.operand, indent)
        blank = " " if len(node.operator) > 1 or operand[:1] in {"-", "+"} else ""
        return f"{node.operator}{blank}{operand}"

    def _binary(self, node: Binary, indent: int) -> str:
        parts = [self.expression(node.first, indent)]
        for operator, operand in node.rest:
            parts += (operator, self.expression(operand, indent))
        return " ".join(parts)

    def _cast(self, node: Cast, indent: int) -> str:
        return f"[{node.type_name}] {self.expression(node.operand, indent)}"

    def _attributed(self, node: Attributed, indent: int) -> str:
        return f"{self.attribute(node.attribute, indent)} {self.expression(node.operand, indent)}"

    def attribute(self, node: Attribute, indent: int) -> str:
        """Return the text of an attribute."""
        parts = [self.expression(item, indent) for item in node.positional]
        parts += (
            name if value is None else f"{name} = {self.expression(value, indent)}"
            for name, value in node.named
        )
        return f"[{node.name}({', '.join(parts)})]"

    def _increment(self, node: Increment, indent: int) -> str:
        target = self.expression(node.target, indent)
        return f"{node.operator}{target}" if node.prefix else f"{target}{node.operator}"

    def _member_name(self, node: Member | Call, indent: int) -> str:
        name = node.name
        plain = isinstance(name, StringLiteral) and _MEMBER_NAME.fullmatch(name.value)
        text = name.value if isinstance(name, StringLiteral) and plain else ""
        dots = "::" if node.static else "."
        return f"{dots}{text or self.expression(name, indent)}"

    def _member(self, node: Member, indent: int) -> str:
        return self.expression(node.target, indent) + self._member_name(node, indent)

    def _call(self, node: Call, indent: int) -> str:
        arguments = ", ".join(self.expression(item, indent) for item in node.arguments)
        return (
            f"{self.expression(node.target, indent)}{self._member_name(node, indent)}({arguments})"
        )

    def _index(self, node: Index, indent: int) -> str:
        return f"{self.expression(node.target, indent)}[{self.expression(node.index, indent)}]"

    _EXPRESSIONS: ClassVar[dict[type[Expression], Callable[[Any, Any, int], str]]] = {
        StringLiteral: _string,
        BareWord: _bare_word,
        ExpandableString: _expandable,
        NumberLiteral: _number,
        Variable: variable,
        TypeLiteral: _type,
        ArrayLiteral: _array_literal,
        ArrayExpression: _array,
        SubExpression: _sub,
        Paren: _paren,
        HashLiteral: _hash,
        ScriptBlockLiteral: _script_block,
        Unary: _unary,
        Binary: _binary,
        Attributed: _attributed,
        Cast: _cast,
        Increment: _increment,
        Member: _member,
        Call: _call,
        Index: _index,
    }
