"""The expressions of the syntax tree, see :mod:`relaysim.powershell.language.syntax`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import field, frozen

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = [
    "ArrayExpression",
    "ArrayLiteral",
    "Attribute",
    "Attributed",
    "BareWord",
    "Binary",
    "Call",
    "Cast",
    "ExpandableString",
    "Expression",
    "HashLiteral",
    "Increment",
    "Index",
    "Member",
    "NumberLiteral",
    "ParamBlock",
    "ParameterDeclaration",
    "Paren",
    "ScriptBlock",
    "ScriptBlockLiteral",
    "Statement",
    "StringLiteral",
    "SubExpression",
    "TypeLiteral",
    "Unary",
    "Variable",
]


@frozen
class Statement:
    """Any statement; :mod:`relaysim.powershell.language.syntax` has the kinds.

    Expressions hold statements and statements hold expressions: the expressions know them by
    this name only.
    """

    at: int = field(default=0, compare=False, repr=False)


@frozen
class StringLiteral:
    """A quoted string in which nothing is expanded; ``value`` is the text after unescaping."""

    value: str
    at: int = field(default=0, compare=False, repr=False)


@frozen
class BareWord:
    """An unquoted word of a command: its name, or an argument such as ``[::]:25`` or ``25MB``."""

    text: str
    at: int = field(default=0, compare=False, repr=False)


@frozen
class ExpandableString:
    """A string with variables or sub-expressions in it.

    Attributes:
        parts: Texts (never empty, never two in a row) and at least one :class:`Variable` or
            :class:`SubExpression`.
    """

    parts: tuple[str | Variable | SubExpression, ...]
    at: int = field(default=0, compare=False, repr=False)


@frozen
class NumberLiteral:
    """A number, its ``KB``, ``MB`` or ``GB`` already multiplied; never negative."""

    value: int | float | Decimal
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Variable:
    """``$name`` or ``$scope:name``; ``scope`` is lower-case, empty when none is written."""

    name: str
    scope: str = ""
    at: int = field(default=0, compare=False, repr=False)


@frozen
class TypeLiteral:
    """``[name]`` where a value is expected, as on the right of ``-is``."""

    name: str
    at: int = field(default=0, compare=False, repr=False)


@frozen
class ArrayLiteral:
    """``a, b``; a single item is the unary comma."""

    items: tuple[Expression, ...]
    at: int = field(default=0, compare=False, repr=False)


@frozen
class ArrayExpression:
    """``@( statements )``."""

    statements: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@frozen
class SubExpression:
    """``$( statements )``."""

    statements: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Paren:
    """``( pipeline )``, kept because parentheses change how a result is unrolled."""

    inner: Statement
    at: int = field(default=0, compare=False, repr=False)


@frozen
class HashLiteral:
    """``@{ key = value }``; a bare key is a :class:`StringLiteral`."""

    entries: tuple[tuple[Expression, Statement], ...]
    at: int = field(default=0, compare=False, repr=False)


@frozen
class ScriptBlockLiteral:
    """``{ ... }`` as a value; ``text`` is what stands between the braces."""

    block: ScriptBlock
    text: str = field(default="", compare=False, repr=False)
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Unary:
    """A prefix operator: ``!``, ``-``, ``+``, ``-not``, ``-bnot``, ``-join`` or ``-split``."""

    operator: str
    operand: Expression
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Binary:
    """Operators of one precedence level, applied from left to right.

    Attributes:
        first: The leftmost operand.
        rest: Lower-case operators with their right operands, at least one.
    """

    first: Expression
    rest: tuple[tuple[str, Expression], ...]
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Cast:
    """``[type] operand``."""

    type_name: str
    operand: Expression
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Attributed:
    """``[attribute()] $variable``: a variable that an attribute watches over from now on."""

    attribute: Attribute
    operand: Expression
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Increment:
    """``++x``, ``x++``, ``--x`` or ``x--``."""

    operator: str
    target: Expression
    prefix: bool
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Member:
    """``target.name`` or ``[type]::name``; ``name`` is a string literal unless it is computed."""

    target: Expression
    name: Expression
    static: bool = False
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Call:
    """``target.name(arguments)`` or ``[type]::name(arguments)``."""

    target: Expression
    name: Expression
    arguments: tuple[Expression, ...]
    static: bool = False
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Index:
    """``target[index]``."""

    target: Expression
    index: Expression
    at: int = field(default=0, compare=False, repr=False)


Expression = (
    StringLiteral
    | BareWord
    | ExpandableString
    | NumberLiteral
    | Variable
    | TypeLiteral
    | ArrayLiteral
    | ArrayExpression
    | SubExpression
    | Paren
    | HashLiteral
    | ScriptBlockLiteral
    | Unary
    | Binary
    | Cast
    | Attributed
    | Increment
    | Member
    | Call
    | Index
)


@frozen
class Attribute:
    """``[name(positional, key = value)]``; a key without a value stands for ``$true``."""

    name: str
    positional: tuple[Expression, ...] = ()
    named: tuple[tuple[str, Expression | None], ...] = ()
    at: int = field(default=0, compare=False, repr=False)


@frozen
class ParameterDeclaration:
    """One parameter of a ``param`` block, with its type (``None``: any) and default."""

    name: str
    type_name: str | None = None
    attributes: tuple[Attribute, ...] = ()
    default: Expression | None = None
    at: int = field(default=0, compare=False, repr=False)


@frozen
class ParamBlock:
    """``[attributes] param ( parameters )``."""

    attributes: tuple[Attribute, ...] = ()
    parameters: tuple[ParameterDeclaration, ...] = ()
    at: int = field(default=0, compare=False, repr=False)


@frozen
class ScriptBlock:
    """A script, a function body or ``{ ... }``.

    Attributes:
        params: The ``param`` block, or ``None``.
        begin: The ``begin`` block, or ``None`` when absent.
        process: The ``process`` block, or ``None`` when absent.
        end: The ``end`` block; a body without named blocks is an ``end`` block.
    """

    params: ParamBlock | None = None
    begin: tuple[Statement, ...] | None = None
    process: tuple[Statement, ...] | None = None
    end: tuple[Statement, ...] | None = None
    at: int = field(default=0, compare=False, repr=False)
