"""Reading ``param`` blocks and attributes."""

from __future__ import annotations

import re

from relaysim.powershell.language.lexer import TYPE_NAME
from relaysim.powershell.language.parsing_commands import CommandReader
from relaysim.powershell.language.syntax import (
    Attribute,
    Expression,
    ParamBlock,
    ParameterDeclaration,
)

__all__ = ["DeclarationReader"]

_ATTRIBUTE = re.compile(r"\[[ \t]*([^\W\d][\w.]*)[ \t]*\(")
_ATTRIBUTE_KEY = re.compile(r"([^\W\d]\w*)[ \t]*(=(?!=)|(?=[,)\r\n]))")
_PARAM = re.compile(r"param(?!\w)[ \t\r\n]*\(", re.IGNORECASE)


class DeclarationReader(CommandReader):
    """Reads what declares the parameters of a block."""

    def parse_param_block(self) -> ParamBlock | None:
        """Read a ``param`` block with its attributes, if the block here begins with one."""
        before = self.pos
        self.skip_separators()
        at = self.pos
        attributes: list[Attribute] = []
        while self.text[self.pos] == "[" and _ATTRIBUTE.match(self.text, self.pos):
            attributes.append(self._parse_attribute())
            self.skip_separators()
        match = _PARAM.match(self.text, self.pos)
        if match is None:
            if attributes:
                raise self.unexpected("expected `param` after the attributes of a block")
            self.pos = before
            return None
        self.pos = match.end() - 1
        parameters = self.parse_parameter_list()
        return ParamBlock(attributes=tuple(attributes), parameters=parameters, at=at)

    def parse_parameter_list(self) -> tuple[ParameterDeclaration, ...]:
        """Read ``( [type] $name = default, ... )``."""
        at = self.pos
        saved, self.commas = self.commas, True
        self.enter()
        self.pos += 1
        parameters: list[ParameterDeclaration] = []
        self.skip_lines()
        while self.text[self.pos] != ")" or self.at_end():
            parameters.append(self._parse_parameter())
            self.skip_lines()
            if self.text[self.pos] != ",":
                break
            self.pos += 1
            self.skip_lines()
        self.expect(")", "parameter list", at)
        self.depth -= 1
        self.commas = saved
        return tuple(parameters)

    def _parse_parameter(self) -> ParameterDeclaration:
        at = self.pos
        attributes: list[Attribute] = []
        type_name: str | None = None
        while self.text[self.pos] == "[":
            if _ATTRIBUTE.match(self.text, self.pos):
                attributes.append(self._parse_attribute())
            else:
                match = TYPE_NAME.match(self.text, self.pos)
                if match is None:
                    raise self.error("`[` here must begin a type name or an attribute")
                if type_name is not None:
                    raise self.error("a parameter with two types")
                type_name = "".join(match.group(1).split())
                self.pos = match.end()
            self.skip_lines()
        variable = self.parse_variable() if self.text[self.pos] == "$" else None
        if variable is None or variable.scope:
            raise self.unexpected("expected a parameter such as `$Name`")
        self.skip_lines()
        default: Expression | None = None
        if self.text[self.pos] == "=":
            self.pos += 1
            self.skip_lines()
            # The comma after a default belongs to the list of parameters.
            self.commas = False
            default = self.parse_expression()
            self.commas = True
        return ParameterDeclaration(
            name=variable.name,
            type_name=type_name,
            attributes=tuple(attributes),
            default=default,
            at=at,
        )

    def _parse_attribute(self) -> Attribute:
        at = self.pos
        match = _ATTRIBUTE.match(self.text, at)
        if match is None:
            raise self.error("`[` here must begin an attribute")
        self.enter()
        self.pos = match.end()
        saved, self.commas = self.commas, False
        positional: list[Expression] = []
        named: list[tuple[str, Expression | None]] = []
        self.skip_lines()
        while self.text[self.pos] != ")" or self.at_end():
            key = _ATTRIBUTE_KEY.match(self.text, self.pos)
            if key is None:
                positional.append(self.parse_expression())
            else:
                self.pos = key.end()
                self.skip_lines()
                value = self.parse_expression() if key.group(2) else None
                named.append((key.group(1), value))
            self.skip_lines()
            if self.text[self.pos] != ",":
                break
            self.pos += 1
            self.skip_lines()
        self.expect(")", "attribute", at)
        self.skip_lines()
        self.expect("]", "attribute", at)
        self.depth -= 1
        self.commas = saved
        return Attribute(
            name=match.group(1), positional=tuple(positional), named=tuple(named), at=at
        )
