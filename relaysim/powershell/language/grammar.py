"""What the readers of a script ask of one another.

Expressions hold statements and statements hold expressions. Each reader knows the place in the
script and this protocol, and nothing of the reader that fulfils it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from relaysim.powershell.language.syntax import (
        Assignment,
        Attribute,
        ExpandableString,
        Expression,
        Function,
        ParamBlock,
        ParameterDeclaration,
        Pipeline,
        ScriptBlock,
        Statement,
        StringLiteral,
        SubExpression,
        Variable,
    )

__all__ = ["Grammar"]


class Grammar(Protocol):
    """Everything that can be read at the current place of a script."""

    def parse_variable(self) -> Variable | None:
        """Read a variable, or return ``None`` when the ``$`` here begins none."""

    def parse_subexpression(self) -> SubExpression:
        """Read ``$( ... )``."""

    def parse_single_quoted(self) -> str:
        """Read a single-quoted string and return its text."""

    def parse_double_quoted(self) -> StringLiteral | ExpandableString:
        """Read a double-quoted string."""

    def parse_here_string(self) -> StringLiteral | ExpandableString | None:
        """Read a here-string, or return ``None`` when the ``@`` here begins none."""

    def parse_escaped(self) -> str:
        """Read a backtick and what it escapes."""

    def parse_part(self, parts: list[str | Variable | SubExpression], pending: list[str]) -> None:
        """Read what a ``$`` begins inside a text: a part of it, or the character itself."""

    def parse_expression(self) -> Expression:
        """Read a whole expression."""

    def parse_primary(self) -> Expression:
        """Read one operand without its members."""

    def parse_postfix(self, target: Expression) -> Expression:
        """Read the members, calls and indexes that follow ``target`` without a blank."""

    def parse_pipeline(self) -> Pipeline:
        """Read a pipeline; the current character begins its first element."""

    def parse_argument_item(self) -> Expression:
        """Read one argument of a command, without what follows a comma."""

    def parse_param_block(self) -> ParamBlock | None:
        """Read a ``param`` block with its attributes, if the block here begins with one."""

    def parse_attribute(self) -> Attribute:
        """Read ``[name( ... )]``."""

    def parse_parameter_list(self) -> tuple[ParameterDeclaration, ...]:
        """Read ``( [type] $name = default, ... )``."""

    def parse_function(self, at: int) -> Function:
        """Read a function whose keyword, at ``at``, has been read."""

    def parse_inner_pipeline(self) -> Pipeline | Assignment:
        """Read a pipeline, or an assignment when one follows."""

    def parse_statement(self) -> Statement:
        """Read one statement; the current character begins it."""

    def parse_statements(self, close: str, construct: str, at: int) -> tuple[Statement, ...]:
        """Read statements up to ``close`` and read ``close``."""

    def parse_braces(self, construct: str) -> tuple[Statement, ...]:
        """Read the statements of a block in braces."""

    def follows(self, keyword: str) -> bool:
        """Read ``keyword`` if it comes next, across line breaks."""

    def parse_try(self, at: int) -> Statement:
        """Read a ``try`` whose keyword, at ``at``, has been read."""

    def parse_trap(self, at: int) -> Statement:
        """Read a ``trap`` whose keyword, at ``at``, has been read."""

    def parse_block(self, at: int) -> ScriptBlock:
        """Read the inside of ``{ ... }`` and its closing brace."""
