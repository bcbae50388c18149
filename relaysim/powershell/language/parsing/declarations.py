"""Reading ``param`` blocks and attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.lean import pattern, replace
from relaysim.powershell.language.lexer import TYPE_NAME
from relaysim.powershell.language.parsing.commas import listed
from relaysim.powershell.language.parsing.constants import is_constant
from relaysim.powershell.language.syntax import (
    Attribute,
    Expression,
    Function,
    ParamBlock,
    ParameterDeclaration,
    ScriptBlock,
)

if TYPE_CHECKING:
    from relaysim.powershell.language.grammar import Grammar
    from relaysim.powershell.language.lexer import Lexer

__all__ = ["DeclarationReader"]

_ATTRIBUTE = pattern(r"\[[ \t]*([^\W\d][\w.]*)[ \t]*\(")
_ATTRIBUTE_KEY = pattern(r"([^\W\d]\w*)[ \t]*(=(?!=)|(?=[,)\r\n]))")
_FUNCTION_NAME = pattern(r"(?=\w*[^\W\d])\w[\w:-]*")
_PARAM = pattern(r"param(?!\w)[ \t\r\n]*\(", re.IGNORECASE)


class DeclarationReader:
    """Reads what declares the parameters of a block."""

    def __init__(self, lexer: Lexer, grammar: Grammar) -> None:
        self.lexer = lexer
        self.grammar = grammar

    def parse_param_block(self) -> ParamBlock | None:
        """Read a ``param`` block with its attributes, if the block here begins with one."""
        before = self.lexer.pos
        self.lexer.skip_separators()
        at = self.lexer.pos
        attributes: list[Attribute] = []
        while self.lexer.text[self.lexer.pos] == "[" and _ATTRIBUTE.match(
            self.lexer.text, self.lexer.pos
        ):
            attributes.append(self.parse_attribute())
            self.lexer.skip_separators()
        match = _PARAM.match(self.lexer.text, self.lexer.pos)
        if match is None:
            self.lexer.pos = before
            return None
        self.lexer.pos = match.end() - 1
        parameters = self.parse_parameter_list()
        return ParamBlock(attributes=tuple(attributes), parameters=parameters, at=at)

    def parse_parameter_list(self) -> tuple[ParameterDeclaration, ...]:
        """Read ``( [type] $name = default, ... )``."""
        seen: set[str] = set()

        def read() -> ParameterDeclaration:
            parameter = self._parse_parameter()
            if parameter.name.casefold() in seen:
                raise self.lexer.error(
                    f"the parameter `${parameter.name}` is declared twice", parameter.at
                )
            seen.add(parameter.name.casefold())
            return parameter

        expected = "expected a parameter after the comma"
        return listed(self.lexer, read, "parameter list", expected, commas=True)

    def _parse_parameter(self) -> ParameterDeclaration:
        at = self.lexer.pos
        attributes: list[Attribute] = []
        type_name: str | None = None
        while self.lexer.text[self.lexer.pos] == "[":
            if _ATTRIBUTE.match(self.lexer.text, self.lexer.pos):
                attributes.append(self.parse_attribute())
            else:
                match = TYPE_NAME.match(self.lexer.text, self.lexer.pos)
                if match is None:
                    raise self.lexer.error("`[` here must begin a type name or an attribute")
                if type_name is not None:
                    raise self.lexer.error("a parameter with two types")
                type_name = "".join(match.group(1).split())
                self.lexer.pos = match.end()
            self.lexer.skip_lines()
        variable = self.grammar.parse_variable() if self.lexer.text[self.lexer.pos] == "$" else None
        if variable is None or variable.scope:
            raise self.lexer.unexpected("expected a parameter such as `$Name`")
        self.lexer.skip_lines()
        default: Expression | None = None
        if self.lexer.text[self.lexer.pos] == "=":
            self.lexer.pos += 1
            self.lexer.skip_lines()
            # The comma after a default belongs to the list of parameters.
            self.lexer.commas = False
            default = self.grammar.parse_expression()
            self.lexer.commas = True
        return ParameterDeclaration(
            name=variable.name,
            type_name=type_name,
            attributes=tuple(attributes),
            default=default,
            at=at,
        )

    def parse_attribute(self) -> Attribute:
        """Read ``[name( ... )]``."""
        at = self.lexer.pos
        match = _ATTRIBUTE.match(self.lexer.text, at)
        if match is None:
            raise self.lexer.error("`[` here must begin an attribute")
        self.lexer.enter()
        self.lexer.pos = match.end()
        saved, self.lexer.commas = self.lexer.commas, False
        positional: list[Expression] = []
        named: list[tuple[str, Expression | None]] = []
        self.lexer.skip_lines()
        while self.lexer.text[self.lexer.pos] != ")" or self.lexer.at_end():
            key = _ATTRIBUTE_KEY.match(self.lexer.text, self.lexer.pos)
            if key is None:
                positional.append(self._parse_constant())
            else:
                self.lexer.pos = key.end()
                self.lexer.skip_lines()
                value = self._parse_constant() if key.group(2) else None
                named.append((key.group(1), value))
            self.lexer.skip_lines()
            if self.lexer.text[self.lexer.pos] != ",":
                break
            self.lexer.pos += 1
            self.lexer.skip_lines()
        self.lexer.expect(")", "attribute", at)
        self.lexer.skip_lines()
        self.lexer.expect("]", "attribute", at)
        self.lexer.depth -= 1
        self.lexer.commas = saved
        return Attribute(
            name=match.group(1), positional=tuple(positional), named=tuple(named), at=at
        )

    def _parse_constant(self) -> Expression:
        value = self.grammar.parse_expression()
        if not is_constant(value):
            raise self.lexer.error("an attribute takes constants and script blocks only", value.at)
        return value

    def parse_function(self, at: int) -> Function:
        """Read a function whose keyword, at ``at``, has been read."""
        keyword = self.lexer.text[at : self.lexer.pos].lower()
        self.lexer.skip_lines()
        match = _FUNCTION_NAME.match(self.lexer.text, self.lexer.pos)
        if match is None:
            raise self.lexer.unexpected("expected the name of the function")
        scope, colon, name = match.group().rpartition(":")
        if colon and scope.lower() not in {"global", "script", "local", "private"}:
            raise self.lexer.error(f"`{match.group()}` is no name for a function")
        self.lexer.pos = match.end()
        self.lexer.skip_lines()
        parameters, listed, text = None, self.lexer.pos, self.lexer.source.text
        head = ""
        if self.lexer.text[self.lexer.pos] == "(":
            parameters = self.parse_parameter_list()
            head = f"param{text[listed : self.lexer.pos]}\n"
            self.lexer.skip_lines()
        opened = self.lexer.pos
        if self.lexer.text[opened] != "{":
            raise self.lexer.unexpected("expected `{` for the body of the function")
        self.lexer.enter()
        self.lexer.pos += 1
        body = self.grammar.parse_block(opened)
        if keyword == "filter" and body.begin is None and body.process is None:
            body = replace(body, process=body.end, end=None)
        self.lexer.depth -= 1
        # An empty list before the body leaves the parameters to it.
        if parameters is not None and (parameters or body.params is None):
            if body.params is not None:
                raise self.lexer.error("the function declares its parameters twice", body.params.at)
            params = ParamBlock(parameters=parameters, at=opened)
            body = ScriptBlock(
                params=params, begin=body.begin, process=body.process, end=body.end, at=body.at
            )
        own = head + text[opened + 1 : self.lexer.pos - 1]
        return Function(name=name, body=body, text=own, scope=scope.lower(), at=at)
