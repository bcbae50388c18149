"""Reading expressions."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.powershell.language.lexer import (
    DASHES,
    DOUBLE_QUOTES,
    NUMBER,
    SINGLE_QUOTES,
    TYPE_NAME,
    number_of,
)
from relaysim.powershell.language.operator_names import LEVELS, UNARY_WORDS
from relaysim.powershell.language.parsing_strings import StringReader
from relaysim.powershell.language.syntax import (
    ArrayExpression,
    ArrayLiteral,
    Binary,
    Call,
    Cast,
    HashLiteral,
    Increment,
    Index,
    Member,
    NumberLiteral,
    Paren,
    ScriptBlockLiteral,
    StringLiteral,
    TypeLiteral,
    Unary,
    Variable,
)

if TYPE_CHECKING:
    from relaysim.powershell.language.syntax import (
        Assignment,
        Expression,
        Pipeline,
        ScriptBlock,
        Statement,
    )

__all__ = ["ExpressionReader"]


_OPERATOR = re.compile(
    rf"[{DASHES}](?P<word>[A-Za-z]+)(?!\w)|(?P<sign>\.\.|[*/%+](?!=)|[{DASHES}](?!=))"
)
_DASH_WORD = re.compile(rf"[{DASHES}]([A-Za-z]+)(?!\w)")
_MEMBER_NAME = re.compile(r"[^\W\d]\w*")
_HASH_KEY = re.compile(r"[\w-]+")
_STEP = re.compile(rf"\+\+|[{DASHES}]{{2}}")
_PREFIX_SIGNS = frozenset("!+," + DASHES)
_CAST_OPERAND = frozenset("$('@{[!" + SINGLE_QUOTES + DOUBLE_QUOTES + "0123456789")


class ExpressionReader(StringReader):
    """Reads expressions by climbing precedence; ``commas`` is false inside call arguments."""

    commas = True

    @abstractmethod
    def parse_inner_pipeline(self) -> Pipeline | Assignment:
        """Read what stands in parentheses; the statement reader defines it."""

    @abstractmethod
    def parse_statement(self) -> Statement:
        """Read one statement; the statement reader defines it."""

    @abstractmethod
    def parse_block(self, at: int) -> ScriptBlock:
        """Read a block up to its closing brace; the statement reader defines it."""

    def parse_expression(self) -> Expression:
        """Read a whole expression."""
        left = self.parse_array_literal()
        operator = self._peek_operator()
        return left if operator is None else self._climb(left, 1)

    def _peek_operator(self) -> tuple[str, int, int] | None:
        """Return the operator at the next place, its level and its end; read only blanks."""
        self.skip()
        match = _OPERATOR.match(self.text, self.pos)
        if match is None:
            return None
        word, sign = match.group("word", "sign")
        name = f"-{word.lower()}" if word else "-" if sign in DASHES else sign
        level = LEVELS.get(name)
        if level is None:
            suggestion = closest(name, LEVELS)
            raise self.error(
                f"`{match.group()}` is no operator that is understood here",
                hint=f"did you mean `{suggestion}`?" if suggestion else None,
            )
        return name, level, match.end()

    def _climb(self, left: Expression, lowest: int) -> Expression:
        """Read operators of at least the level ``lowest`` and what they join to ``left``."""
        operator = self._peek_operator()
        while operator is not None and operator[1] >= lowest:
            level = operator[1]
            rest: list[tuple[str, Expression]] = []
            while operator is not None and operator[1] == level:
                self.pos = operator[2]
                self.skip_lines()
                right = self.parse_array_literal()
                following = self._peek_operator()
                if following is not None and following[1] > level:
                    right = self._climb(right, level + 1)
                    following = self._peek_operator()
                rest.append((operator[0], right))
                operator = following
            left = Binary(first=left, rest=tuple(rest), at=left.at)
        return left

    def parse_array_literal(self) -> Expression:
        """Read operands separated by commas, which bind tighter than every binary operator."""
        first = self.parse_unary()
        if not self.commas:
            return first
        self.skip()
        if self.text[self.pos] != ",":
            return first
        items = [first]
        while self.text[self.pos] == ",":
            self.pos += 1
            self.skip_lines()
            items.append(self.parse_unary())
            self.skip()
        return ArrayLiteral(items=tuple(items), at=first.at)

    def parse_unary(self) -> Expression:
        """Read prefix operators and casts, then an operand with its members and indexes."""
        at = self.pos
        char = self.text[at]
        if char == "[":
            return self._parse_bracket()
        if char in _PREFIX_SIGNS:
            return self._parse_prefix(char)
        return self.parse_postfix(self.parse_primary())

    def _operand(self) -> Expression:
        self.enter()
        self.skip()
        operand = self.parse_unary()
        self.depth -= 1
        return operand

    def _parse_prefix(self, char: str) -> Expression:
        at = self.pos
        if char == ",":
            if not self.commas:
                raise self.unexpected("expected an argument")
            self.pos += 1
            return ArrayLiteral(items=(self._operand(),), at=at)
        step = _STEP.match(self.text, at)
        if step is not None:
            self.pos = step.end()
            sign = "++" if char == "+" else "--"
            target = self._operand()
            self._require_target(target, sign)
            return Increment(operator=sign, target=target, prefix=True, at=at)
        word = _DASH_WORD.match(self.text, at)
        if word is not None:
            operator = f"-{word.group(1).lower()}"
            if operator not in UNARY_WORDS:
                suggestion = closest(operator, [*UNARY_WORDS, *LEVELS])
                raise self.error(
                    f"`{word.group()}` does not begin an expression",
                    hint=f"did you mean `{suggestion}`?" if suggestion else None,
                )
            self.pos = word.end()
            return Unary(operator=operator, operand=self._operand(), at=at)
        self.pos += 1
        return Unary(operator="-" if char in DASHES else char, operand=self._operand(), at=at)

    def _require_target(self, target: Expression, sign: str) -> None:
        if not isinstance(target, Variable | Member | Index):
            raise self.error(f"`{sign}` needs a variable, a property or an index", target.at)

    def _parse_bracket(self) -> Expression:
        at = self.pos
        match = TYPE_NAME.match(self.text, at)
        if match is None:
            raise self.error("`[` here must begin a type name such as `[string]`")
        name = "".join(match.group(1).split())
        self.pos = match.end()
        if self.text.startswith("::", self.pos):
            return self.parse_postfix(TypeLiteral(name=name, at=at))
        self.skip()
        char = self.text[self.pos]
        if char in _CAST_OPERAND or self._begins_cast_operand(char):
            return Cast(type_name=name, operand=self._operand(), at=at)
        self.pos = match.end()
        return self.parse_postfix(TypeLiteral(name=name, at=at))

    def _begins_cast_operand(self, char: str) -> bool:
        """Decide whether a sign or a dot after a type begins a value, not an operator."""
        if char in DASHES:
            word = _DASH_WORD.match(self.text, self.pos)
            return word is None or f"-{word.group(1).lower()}" in UNARY_WORDS
        return char == "+" or (char == "." and self.text[self.pos + 1].isdigit())

    def parse_primary(self) -> Expression:
        """Read one operand without its members."""
        at = self.pos
        char = self.text[at]
        if char == "$":
            if self.text[at + 1] == "(":
                return self.parse_subexpression()
            variable = self.parse_variable()
            if variable is None:
                raise self.error("`$` is not followed by a variable name")
            return variable
        if char in DOUBLE_QUOTES:
            return self.parse_double_quoted()
        if char in SINGLE_QUOTES:
            return StringLiteral(value=self.parse_single_quoted(), at=at)
        if char == "(":
            return self._parse_paren()
        if char == "@":
            return self._parse_at()
        if char == "{":
            self.enter()
            self.pos += 1
            block = self.parse_block(at)
            self.depth -= 1
            return ScriptBlockLiteral(block=block, at=at)
        return self._parse_number()

    def _parse_number(self) -> NumberLiteral:
        at = self.pos
        match = NUMBER.match(self.text, at)
        if match is None or at >= self.end:
            raise self.unexpected("expected a value")
        value = number_of(match.group())
        if value is None:
            raise self.error("the number is too large")
        self.pos = match.end()
        return NumberLiteral(value=value, at=at)

    def _parse_paren(self) -> Paren:
        at = self.pos
        saved, self.commas = self.commas, True
        self.enter()
        self.pos += 1
        self.skip_lines()
        inner = self.parse_inner_pipeline()
        self.skip_lines()
        self.expect(")", "parenthesis", at)
        self.depth -= 1
        self.commas = saved
        return Paren(inner=inner, at=at)

    def _parse_at(self) -> Expression:
        at = self.pos
        following = self.text[at + 1]
        saved, self.commas = self.commas, True
        self.enter()
        expression: Expression
        if following == "(":
            self.pos += 2
            statements = self.parse_statements(")", "array", at)
            expression = ArrayExpression(statements=statements, at=at)
        elif following == "{":
            self.pos += 2
            expression = self._parse_hash(at)
        else:
            here = self.parse_here_string()
            if here is None:
                raise self.error("`@` here must begin `@(`, `@{` or a here-string")
            expression = here
        self.depth -= 1
        self.commas = saved
        return expression

    def _parse_hash(self, at: int) -> HashLiteral:
        entries: list[tuple[Expression, Statement]] = []
        self.skip_separators()
        while self.text[self.pos] != "}" or self.at_end():
            if self.at_end():
                self.expect("}", "hashtable", at)
            key_at = self.pos
            match = _HASH_KEY.match(self.text, key_at)
            key: Expression
            if match is None or match.group()[0] == "-" or NUMBER.match(self.text, key_at):
                key = self.parse_unary()
            else:
                self.pos = match.end()
                key = StringLiteral(value=match.group(), at=key_at)
            self.skip()
            if self.text[self.pos] != "=":
                raise self.unexpected("expected `=` after the key of a hashtable entry")
            self.pos += 1
            self.skip_lines()
            entries.append((key, self.parse_statement()))
            self.skip()
            if self.text[self.pos] not in "\r\n;}":
                raise self.unexpected("expected a line break or `;` between hashtable entries")
            self.skip_separators()
        self.pos += 1
        return HashLiteral(entries=tuple(entries), at=at)

    def parse_postfix(self, target: Expression) -> Expression:
        """Read the members, calls and indexes that follow ``target`` without a blank."""
        text = self.text
        levels = 0
        while True:
            at = self.pos
            char = text[at]
            if (char == "." and text[at + 1] != ".") or (char == ":" and text[at + 1] == ":"):
                static = char == ":"
                self.pos += 2 if static else 1
                self.skip_lines()
                name = self._parse_member_name()
                if text[self.pos] == "(":
                    target = Call(
                        target=target,
                        name=name,
                        arguments=self._parse_arguments(),
                        static=static,
                        at=at,
                    )
                else:
                    target = Member(target=target, name=name, static=static, at=at)
            elif char == "[":
                target = Index(target=target, index=self._parse_index(), at=at)
            elif char in "+-\u2013" and _STEP.match(text, at) is not None:
                sign = "++" if char == "+" else "--"
                self._require_target(target, sign)
                self.pos += 2
                self.depth -= levels
                return Increment(operator=sign, target=target, prefix=False, at=at)
            else:
                self.depth -= levels
                return target
            self.enter()
            levels += 1

    def _parse_member_name(self) -> Expression:
        at = self.pos
        match = _MEMBER_NAME.match(self.text, at)
        if match is not None:
            self.pos = match.end()
            return StringLiteral(value=match.group(), at=at)
        if self.text[at] in "$(" or self.text[at] in SINGLE_QUOTES + DOUBLE_QUOTES:
            return self.parse_primary()
        raise self.unexpected("expected a member name after the dot")

    def _parse_index(self) -> Expression:
        at = self.pos
        saved, self.commas = self.commas, True
        self.enter()
        self.pos += 1
        self.skip_lines()
        index = self.parse_expression()
        self.skip_lines()
        self.expect("]", "index", at)
        self.depth -= 1
        self.commas = saved
        return index

    def _parse_arguments(self) -> tuple[Expression, ...]:
        at = self.pos
        saved, self.commas = self.commas, False
        self.enter()
        self.pos += 1
        self.skip_lines()
        arguments: list[Expression] = []
        while self.text[self.pos] != ")" or self.at_end():
            arguments.append(self.parse_expression())
            self.skip_lines()
            if self.text[self.pos] != ",":
                break
            self.pos += 1
            self.skip_lines()
            if self.text[self.pos] == ")":
                raise self.unexpected("expected an argument")
        self.expect(")", "argument list", at)
        self.depth -= 1
        self.commas = saved
        return tuple(arguments)
