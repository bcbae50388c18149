"""From the text of a script to its syntax tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.lexer import Lexer
from relaysim.powershell.language.parsing.commands import CommandReader
from relaysim.powershell.language.parsing.declarations import DeclarationReader
from relaysim.powershell.language.parsing.expressions import ExpressionReader
from relaysim.powershell.language.parsing.handlers import HandlerReader
from relaysim.powershell.language.parsing.statements import StatementReader
from relaysim.powershell.language.parsing.strings import StringReader
from relaysim.powershell.language.source import Source

if TYPE_CHECKING:
    from relaysim.powershell.language.syntax import ScriptBlock

__all__ = ["parse_script", "parse_source"]


def parse_script(text: str, *, file: str | None = None) -> ScriptBlock:
    """Return the syntax tree of a whole script.

    Nothing is skipped: a construct outside the subset is an error that names it. Reading takes
    time proportional to the length of the text.

    Args:
        text: The script; a byte order mark at its start is ignored.
        file: The name errors use for it.

    Raises:
        InvalidScript: With the line, the column, the source line and a caret.

    >>> parse_script("Get-Thing").end[0].elements[0].name
    BareWord(text='Get-Thing')
    """
    return parse_source(Source(text, file=file))


def parse_source(source: Source) -> ScriptBlock:
    """Return the syntax tree of ``source``; see :func:`parse_script`."""
    reader = _Readers(Lexer(source))
    try:
        return reader.parse_script()
    except RecursionError:
        # The caller's own stack may leave less room than the nesting limit needs.
        raise reader.error("nested too deeply") from None


class _Readers:
    """The readers of one script, joined: the grammar that each of them asks for the others."""

    def __init__(self, lexer: Lexer) -> None:
        strings = StringReader(lexer, self)
        expressions = ExpressionReader(lexer, self)
        commands = CommandReader(lexer, self)
        declarations = DeclarationReader(lexer, self)
        statements = StatementReader(lexer, self)
        handlers = HandlerReader(lexer, self)
        self.error = lexer.error
        self.parse_variable = strings.parse_variable
        self.parse_subexpression = strings.parse_subexpression
        self.parse_single_quoted = strings.parse_single_quoted
        self.parse_double_quoted = strings.parse_double_quoted
        self.parse_here_string = strings.parse_here_string
        self.parse_escaped = strings.parse_escaped
        self.parse_part = strings.parse_part
        self.parse_expression = expressions.parse_expression
        self.parse_primary = expressions.parse_primary
        self.parse_postfix = expressions.parse_postfix
        self.parse_pipeline = commands.parse_pipeline
        self.parse_argument_item = commands.parse_argument_item
        self.parse_param_block = declarations.parse_param_block
        self.parse_attribute = declarations.parse_attribute
        self.parse_function = declarations.parse_function
        self.parse_parameter_list = declarations.parse_parameter_list
        self.parse_script = statements.parse_script
        self.parse_inner_pipeline = statements.parse_inner_pipeline
        self.parse_statement = statements.parse_statement
        self.parse_statements = statements.parse_statements
        self.parse_block = statements.parse_block
        self.parse_braces = statements.parse_braces
        self.follows = statements.follows
        self.parse_try = handlers.parse_try
        self.parse_trap = handlers.parse_trap
