"""The syntax tree of a shell script.

Every node is a frozen value. ``at`` is the offset of the node's first character in the script; it
takes no part in equality, so that two trees are equal exactly when they mean the same text.

Trees hold no chain deeper than its nesting in the source: operators of one precedence level stand
side by side in one :class:`Binary`, branches of ``elseif`` in one :class:`If`.
"""

from __future__ import annotations

from relaysim.lean import field, frozen
from relaysim.powershell.language.syntax_expressions import (
    ArrayExpression,
    ArrayLiteral,
    Attribute,
    Attributed,
    BareWord,
    Binary,
    Call,
    Cast,
    ExpandableString,
    Expression,
    HashLiteral,
    Increment,
    Index,
    Member,
    NumberLiteral,
    ParamBlock,
    ParameterDeclaration,
    Paren,
    ScriptBlock,
    ScriptBlockLiteral,
    Statement,
    StringLiteral,
    SubExpression,
    TypeLiteral,
    Unary,
    Variable,
)

__all__ = [
    "Argument",
    "ArrayExpression",
    "ArrayLiteral",
    "Assignment",
    "Attribute",
    "Attributed",
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
    "Trap",
    "Try",
    "TypeLiteral",
    "Unary",
    "Variable",
    "While",
]


@frozen
class ParameterArgument:
    """``-Name`` or ``-Name:value``; a value after a blank is the next argument instead."""

    name: str
    value: Expression | None = None
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Splat:
    """``@name`` as an argument."""

    name: str
    at: int = field(default=0, compare=False, repr=False)


Argument = Expression | ParameterArgument | Splat


@frozen
class Command:
    """A command with its arguments.

    Attributes:
        name: A :class:`BareWord`, or any expression after the call operator.
        called: Whether the call operator ``&`` stands before the name.
        arguments: In the order written.
        silenced: Streams redirected to ``$null``: ``1`` to ``6`` or ``*``.
        merged: Streams redirected to the output: ``2`` to ``6`` or ``*``.
        dotted: Whether it runs in the caller's scope (``. { ... }``).
    """

    name: Expression
    arguments: tuple[Argument, ...] = ()
    called: bool = False
    silenced: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    dotted: bool = False
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Discarded:
    """An expression some of whose streams are redirected to ``$null``, such as its output."""

    expression: Expression
    streams: tuple[str, ...] = ("1",)
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Pipeline(Statement):
    """Commands joined by ``|``; only the first element may be an expression."""

    elements: tuple[Expression | Discarded | Command, ...]


@frozen
class Assignment(Statement):
    """``target = value`` and its relatives (``+=``, ``-=``, ``*=``, ``/=``, ``%=``)."""

    target: Expression
    operator: str
    value: Statement


@frozen
class If(Statement):
    """``if``, its ``elseif`` branches in order, and ``else`` (``None`` when absent)."""

    branches: tuple[tuple[Pipeline | Assignment, tuple[Statement, ...]], ...]
    otherwise: tuple[Statement, ...] | None = None


@frozen
class Foreach(Statement):
    """``foreach ($variable in items) { body }``."""

    variable: Variable
    items: Pipeline | Assignment
    body: tuple[Statement, ...]
    label: str = ""


@frozen
class While(Statement):
    """``while (condition) { body }``."""

    condition: Pipeline | Assignment
    body: tuple[Statement, ...]
    label: str = ""


@frozen
class DoLoop(Statement):
    """``do { body } while (condition)``, or ``until`` when ``until`` is true."""

    body: tuple[Statement, ...]
    condition: Pipeline | Assignment
    until: bool
    label: str = ""


@frozen
class For(Statement):
    """``for (start; condition; step) { body }``; each of the three may be absent."""

    start: Pipeline | Assignment | None
    condition: Pipeline | Assignment | None
    step: Pipeline | Assignment | None
    body: tuple[Statement, ...]
    label: str = ""


@frozen
class Switch(Statement):
    """``switch [-Wildcard|-Regex] (subject) { clauses }``; the ``default`` clause has no test."""

    mode: str
    case_sensitive: bool = False
    subject: Pipeline | Assignment
    clauses: tuple[tuple[Expression | None, tuple[Statement, ...]], ...]
    label: str = ""


@frozen
class Catch:
    """One ``catch``; without types it takes every error."""

    types: tuple[str, ...]
    body: tuple[Statement, ...]
    at: int = field(default=0, compare=False, repr=False)


@frozen
class Try(Statement):
    """``try`` with at least one ``catch`` or a ``finally``."""

    body: tuple[Statement, ...]
    catches: tuple[Catch, ...] = ()
    cleanup: tuple[Statement, ...] | None = None


@frozen
class Trap(Statement):
    """``trap``: takes the errors of the statements of its block, wherever it stands among them."""

    handler: Catch


@frozen
class FlowControl(Statement):
    """``return``, ``exit``, ``throw`` (with or without a value), ``break`` or ``continue``."""

    keyword: str
    value: Pipeline | Assignment | None = None
    label: str = ""


@frozen
class Function(Statement):
    """``function name { body }``; parameters before the body are folded into its param block.

    Attributes:
        name: What it is called.
        body: What it runs.
        text: What it says of itself: what stands between its braces, behind its parameters.
        scope: Where it is known from: ``global``, ``script``, ``local``, ``private`` or here.
    """

    name: str
    body: ScriptBlock
    text: str = field(default="", compare=False, repr=False)
    scope: str = ""


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
