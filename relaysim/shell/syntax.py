"""The syntax tree of a shell script.

Every node is a frozen value. ``at`` is the offset of the node's first character in the script; it
takes no part in equality, so that two trees are equal exactly when they mean the same text.

Trees hold no chain deeper than its nesting in the source: operators of one precedence level stand
side by side in one :class:`Binary`, branches of ``elseif`` in one :class:`If`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Argument",
    "ArrayExpression",
    "ArrayLiteral",
    "Assignment",
    "Attribute",
    "BareWord",
    "Binary",
    "Call",
    "Cast",
    "Catch",
    "Command",
    "Discarded",
    "DoLoop",
    "ExpandableString",
    "Expression",
    "FlowControl",
    "For",
    "Foreach",
    "Function",
    "HashLiteral",
    "If",
    "Increment",
    "Index",
    "Member",
    "Node",
    "NumberLiteral",
    "ParamBlock",
    "ParameterArgument",
    "ParameterDeclaration",
    "Paren",
    "Pipeline",
    "ScriptBlock",
    "ScriptBlockLiteral",
    "Splat",
    "Statement",
    "StringLiteral",
    "SubExpression",
    "Switch",
    "Try",
    "TypeLiteral",
    "Unary",
    "Variable",
    "While",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StringLiteral:
    """A quoted string in which nothing is expanded; ``value`` is the text after unescaping."""

    value: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BareWord:
    """An unquoted word of a command: its name, or an argument such as ``[::]:25`` or ``25MB``."""

    text: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandableString:
    """A string with variables or sub-expressions in it.

    Attributes:
        parts: Texts (never empty, never two in a row) and at least one :class:`Variable` or
            :class:`SubExpression`.
    """

    parts: tuple[str | Variable | SubExpression, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLiteral:
    """A number, its ``KB``, ``MB`` or ``GB`` already multiplied; never negative."""

    value: int | float
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """``$name`` or ``$scope:name``; ``scope`` is lower-case, empty when none is written."""

    name: str
    scope: str = ""
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeLiteral:
    """``[name]`` where a value is expected, as on the right of ``-is``."""

    name: str
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayLiteral:
    """``a, b``; a single item is the unary comma."""

    items: tuple[Expression, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayExpression:
    """``@( statements )``."""

    statements: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubExpression:
    """``$( statements )``."""

    statements: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paren:
    """``( pipeline )``, kept because parentheses change how a result is unrolled."""

    inner: Pipeline | Assignment
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashLiteral:
    """``@{ key = value }``; a bare key is a :class:`StringLiteral`."""

    entries: tuple[tuple[Expression, Statement], ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptBlockLiteral:
    """``{ ... }`` as a value."""

    block: ScriptBlock
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unary:
    """A prefix operator: ``!``, ``-``, ``+``, ``-not``, ``-bnot``, ``-join`` or ``-split``."""

    operator: str
    operand: Expression
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """Operators of one precedence level, applied from left to right.

    Attributes:
        first: The leftmost operand.
        rest: Lower-case operators with their right operands, at least one.
    """

    first: Expression
    rest: tuple[tuple[str, Expression], ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """``[type] operand``."""

    type_name: str
    operand: Expression
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Increment:
    """``++x``, ``x++``, ``--x`` or ``x--``."""

    operator: str
    target: Expression
    prefix: bool
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """``target.name`` or ``[type]::name``; ``name`` is a string literal unless it is computed."""

    target: Expression
    name: Expression
    static: bool = False
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """``target.name(arguments)`` or ``[type]::name(arguments)``."""

    target: Expression
    name: Expression
    arguments: tuple[Expression, ...]
    static: bool = False
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
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
    | Increment
    | Member
    | Call
    | Index
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterArgument:
    """``-Name`` or ``-Name:value``; a value after a blank is the next argument instead."""

    name: str
    value: Expression | None = None
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Splat:
    """``@name`` as an argument."""

    name: str
    at: int = field(default=0, compare=False, repr=False)


Argument = Expression | ParameterArgument | Splat


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command with its arguments.

    Attributes:
        name: A :class:`BareWord`, or any expression after the call operator.
        called: Whether the call operator ``&`` stands before the name.
        arguments: In the order written.
        silenced: Streams redirected to ``$null``: ``1`` to ``6`` or ``*``.
    """

    name: Expression
    arguments: tuple[Argument, ...] = ()
    called: bool = False
    silenced: tuple[str, ...] = ()
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """An expression whose output is redirected to ``$null``."""

    expression: Expression
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Commands joined by ``|``; only the first element may be an expression."""

    elements: tuple[Expression | Discarded | Command, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """``target = value`` and its relatives (``+=``, ``-=``, ``*=``, ``/=``, ``%=``)."""

    target: Expression
    operator: str
    value: Statement
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class If:
    """``if``, its ``elseif`` branches in order, and ``else`` (``None`` when absent)."""

    branches: tuple[tuple[Pipeline | Assignment, tuple[Statement, ...]], ...]
    otherwise: tuple[Statement, ...] | None = None
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreach:
    """``foreach ($variable in items) { body }``."""

    variable: Variable
    items: Pipeline | Assignment
    body: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class While:
    """``while (condition) { body }``."""

    condition: Pipeline | Assignment
    body: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoLoop:
    """``do { body } while (condition)``, or ``until`` when ``until`` is true."""

    body: tuple[Statement, ...]
    condition: Pipeline | Assignment
    until: bool
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """``for (start; condition; step) { body }``; each of the three may be absent."""

    start: Pipeline | Assignment | None
    condition: Pipeline | Assignment | None
    step: Pipeline | Assignment | None
    body: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """``switch [-Wildcard|-Regex] (subject) { clauses }``; the ``default`` clause has no test."""

    mode: str
    subject: Pipeline | Assignment
    clauses: tuple[tuple[Expression | None, tuple[Statement, ...]], ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catch:
    """One ``catch``; without types it takes every error."""

    types: tuple[str, ...]
    body: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """``try`` with at least one ``catch`` or a ``finally``."""

    body: tuple[Statement, ...]
    catches: tuple[Catch, ...] = ()
    cleanup: tuple[Statement, ...] | None = None
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowControl:
    """``return``, ``exit``, ``throw`` (with or without a value), ``break`` or ``continue``."""

    keyword: str
    value: Pipeline | Assignment | None = None
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """``function name { body }``; parameters before the body are folded into its param block."""

    name: str
    body: ScriptBlock
    at: int = field(default=0, compare=False, repr=False)


Statement = (
    Pipeline
    | Assignment
    | If
    | Foreach
    | While
    | DoLoop
    | For
    | Switch
    | Try
    | FlowControl
    | Function
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """``[name(positional, key = value)]``; a key without a value stands for ``$true``."""

    name: str
    positional: tuple[Expression, ...] = ()
    named: tuple[tuple[str, Expression | None], ...] = ()
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDeclaration:
    """One parameter of a ``param`` block, with its type (``None``: any) and default."""

    name: str
    type_name: str | None = None
    attributes: tuple[Attribute, ...] = ()
    default: Expression | None = None
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamBlock:
    """``[attributes] param ( parameters )``."""

    attributes: tuple[Attribute, ...] = ()
    parameters: tuple[ParameterDeclaration, ...] = ()
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
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


Node = (
    Expression
    | Statement
    | ParameterArgument
    | Splat
    | Command
    | Discarded
    | Catch
    | Attribute
    | ParameterDeclaration
    | ParamBlock
    | ScriptBlock
)
