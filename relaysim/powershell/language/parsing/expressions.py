"""Reading expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.lean import pattern
from relaysim.powershell.language.lexer import (
    DASHES,
    DOUBLE_QUOTES,
    NUMBER,
    SINGLE_QUOTES,
    TYPE_NAME,
)
from relaysim.powershell.language.operator_names import LEVELS, UNARY_WORDS
from relaysim.powershell.language.parsing.commas import listed, with_commas
from relaysim.powershell.language.syntax import (
    ArrayExpression,
    ArrayLiteral,
    Attributed,
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
from relaysim.powershell.values.numeric import number_of

if TYPE_CHECKING:
    from relaysim.powershell.language.grammar import Grammar
    from relaysim.powershell.language.lexer import Lexer
    from relaysim.powershell.language.syntax import Expression, Statement

__all__ = ["ExpressionReader"]


_OPERATOR = pattern(
    rf"[{DASHES}](?P<word>[A-Za-z]+)(?!\w)|(?P<sign>\.\.|[*/%+](?!=)|[{DASHES}](?!=))"
)
_DASH_WORD = pattern(rf"[{DASHES}]([A-Za-z]+)(?!\w)")
_MEMBER_NAME = pattern(r"[^\W\d]\w*")
_HASH_KEY = pattern(r"\w+")
_STEP = pattern(rf"\+\+|[{DASHES}]{{2}}")
_LATE_STEP = pattern(rf"[ \t]+(\+\+|[{DASHES}]{{2}})")
"""A step behind a blank: it still belongs to what stands before it."""
_PREFIX_SIGNS = frozenset("!+," + DASHES)
_CAST_OPERAND = frozenset("$('@{[!" + SINGLE_QUOTES + DOUBLE_QUOTES + "0123456789")


_ATTRIBUTE = pattern(r"\[[A-Za-z]+\(")
"""What begins an attribute of a variable, which this subset does not take."""


class ExpressionReader:
    """Reads expressions by climbing precedence."""

    def __init__(self, lexer: Lexer, grammar: Grammar) -> None:
        self.lexer = lexer
        self.grammar = grammar

    def parse_expression(self) -> Expression:
        """Read a whole expression."""
        left = self.parse_array_literal()
        operator = self._peek_operator()
        return left if operator is None else self._climb(left, 1)

    def _peek_operator(self) -> tuple[str, int, int] | None:
        """Return the operator at the next place, its level and its end; read only blanks."""
        self.lexer.skip()
        match = _OPERATOR.match(self.lexer.text, self.lexer.pos)
        if match is None:
            return None
        word, sign = match.group("word", "sign")
        name = f"-{word.lower()}" if word else "-" if sign in DASHES else sign
        level = LEVELS.get(name)
        if level is None:
            suggestion = closest(name, LEVELS)
            raise self.lexer.error(
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
                self.lexer.pos = operator[2]
                self.lexer.skip_lines()
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
        if not self.lexer.commas:
            return self.parse_unary()
        return with_commas(self.lexer, self.parse_unary)

    def parse_unary(self) -> Expression:
        """Read prefix operators and casts, then an operand with its members and indexes."""
        at = self.lexer.pos
        char = self.lexer.text[at]
        if char == "[":
            return self._parse_bracket()
        if char in _PREFIX_SIGNS:
            return self._parse_prefix(char)
        found = self.parse_postfix(self.parse_primary())
        late = _LATE_STEP.match(self.lexer.text, self.lexer.pos)
        if late is None or not isinstance(found, Variable | Member | Index):
            return found
        at = late.start(1)
        self.lexer.pos = late.end()
        sign = "++" if self.lexer.text[at] == "+" else "--"
        return Increment(operator=sign, target=found, prefix=False, at=at)

    def _operand(self, *, lines: bool = False) -> Expression:
        self.lexer.enter()
        if lines:
            self.lexer.skip_lines()
        else:
            self.lexer.skip()
        operand = self.parse_unary()
        self.lexer.depth -= 1
        return operand

    def _parse_prefix(self, char: str) -> Expression:
        at = self.lexer.pos
        if char == ",":
            if not self.lexer.commas:
                raise self.lexer.unexpected("expected an argument")
            self.lexer.pos += 1
            return ArrayLiteral(items=(self._operand(lines=True),), at=at)
        step = _STEP.match(self.lexer.text, at)
        if step is not None:
            self.lexer.pos = step.end()
            sign = "++" if char == "+" else "--"
            target = self._operand(lines=True)
            self._require_target(target, sign)
            return Increment(operator=sign, target=target, prefix=True, at=at)
        if char == "!" and self.lexer.text[at + 1 : at + 3].casefold() == "0x":
            raise self.lexer.error("`!` before a number such as `0x1` begins the name of a command")
        word = _DASH_WORD.match(self.lexer.text, at)
        if word is not None:
            operator = f"-{word.group(1).lower()}"
            if operator not in UNARY_WORDS:
                suggestion = closest(operator, [*UNARY_WORDS, *LEVELS])
                raise self.lexer.error(
                    f"`{word.group()}` does not begin an expression",
                    hint=f"did you mean `{suggestion}`?" if suggestion else None,
                )
            self.lexer.pos = word.end()
            return Unary(operator=operator, operand=self._operand(lines=True), at=at)
        self.lexer.pos += 1
        sign = "-" if char in DASHES else char
        return Unary(operator=sign, operand=self._operand(lines=True), at=at)

    def _require_target(self, target: Expression, sign: str) -> None:
        if not isinstance(target, Variable | Member | Index):
            raise self.lexer.error(f"`{sign}` needs a variable, a property or an index", target.at)

    def _parse_bracket(self) -> Expression:
        at = self.lexer.pos
        match = TYPE_NAME.match(self.lexer.text, at)
        if match is None:
            if _ATTRIBUTE.match(self.lexer.text, at):
                attribute = self.grammar.parse_attribute()
                self.lexer.skip()
                if self.lexer.text[self.lexer.pos] not in "$[":
                    raise self.lexer.error("an attribute stands before a variable or `param`", at)
                return Attributed(attribute=attribute, operand=self._operand(), at=at)
            raise self.lexer.error("`[` here must begin a type name such as `[string]`")
        name = "".join(match.group(1).split())
        self.lexer.pos = match.end()
        if self.lexer.text.startswith(("::", "."), self.lexer.pos):
            # Without a blank between, the point asks for a member of the type.
            return self.parse_postfix(TypeLiteral(name=name, at=at))
        self.lexer.skip()
        char = self.lexer.text[self.lexer.pos]
        if char in _CAST_OPERAND or self._begins_cast_operand(char):
            operand = self._operand()
            if name.lower() == "ordered" and not isinstance(operand, HashLiteral):
                raise self.lexer.error("`[ordered]` belongs before `@{ }` and nothing else", at)
            return Cast(type_name=name, operand=operand, at=at)
        self.lexer.pos = match.end()
        return self.parse_postfix(TypeLiteral(name=name, at=at))

    def _begins_cast_operand(self, char: str) -> bool:
        """Decide whether a sign or a dot after a type begins a value, not an operator."""
        if char in DASHES:
            word = _DASH_WORD.match(self.lexer.text, self.lexer.pos)
            return word is None or f"-{word.group(1).lower()}" in UNARY_WORDS
        return char == "+" or (char == "." and self.lexer.text[self.lexer.pos + 1].isdigit())

    def parse_primary(self) -> Expression:
        """Read one operand without its members."""
        at = self.lexer.pos
        char = self.lexer.text[at]
        if char == "$":
            if self.lexer.text[at + 1] == "(":
                return self.grammar.parse_subexpression()
            variable = self.grammar.parse_variable()
            if variable is None:
                raise self.lexer.error("`$` is not followed by a variable name")
            return variable
        if char in DOUBLE_QUOTES:
            return self.grammar.parse_double_quoted()
        if char in SINGLE_QUOTES:
            return StringLiteral(value=self.grammar.parse_single_quoted(), at=at)
        if char == "(":
            return self._parse_paren()
        if char == "@":
            return self._parse_at()
        if char == "{":
            self.lexer.enter()
            self.lexer.pos += 1
            block = self.grammar.parse_block(at)
            self.lexer.depth -= 1
            text = self.lexer.source.text[at + 1 : self.lexer.pos - 1]
            return ScriptBlockLiteral(block=block, text=text, at=at)
        return self._parse_number()

    def _parse_number(self) -> NumberLiteral:
        at = self.lexer.pos
        match = NUMBER.match(self.lexer.text, at)
        if match is None or at >= self.lexer.end:
            raise self.lexer.unexpected("expected a value")
        value = number_of(match.group())
        if value is None:
            raise self.lexer.error("the number is too large")
        self.lexer.pos = match.end()
        following = self.lexer.text[match.end() : match.end() + 2]
        named = following[1:].isalpha() or following[1:] == "_"
        if match.group().isdecimal() and following[:1] == "." and named:
            raise self.lexer.error(
                "a number with a member stands in parentheses", hint="write `(5).ToString()`"
            )
        return NumberLiteral(value=value, at=at)

    def _parse_paren(self) -> Paren:
        at = self.lexer.pos
        saved, self.lexer.commas = self.lexer.commas, True
        self.lexer.enter()
        self.lexer.pos += 1
        self.lexer.skip_lines()
        self.lexer.require_more("parenthesis", at)
        inner = self.grammar.parse_inner_pipeline()
        self.lexer.skip_lines()
        self.lexer.expect(")", "parenthesis", at)
        self.lexer.depth -= 1
        self.lexer.commas = saved
        return Paren(inner=inner, at=at)

    def _parse_at(self) -> Expression:
        at = self.lexer.pos
        following = self.lexer.text[at + 1]
        saved, self.lexer.commas = self.lexer.commas, True
        self.lexer.enter()
        expression: Expression
        if following == "(":
            self.lexer.pos += 2
            statements = self.grammar.parse_statements(")", "array", at)
            expression = ArrayExpression(statements=statements, at=at)
        elif following == "{":
            self.lexer.pos += 2
            expression = self._parse_hash(at)
        else:
            here = self.grammar.parse_here_string()
            if here is None:
                raise self.lexer.error("`@` here must begin `@(`, `@{` or a here-string")
            expression = here
        self.lexer.depth -= 1
        self.lexer.commas = saved
        return expression

    def _parse_hash(self, at: int) -> HashLiteral:
        entries: list[tuple[Expression, Statement]] = []
        keys: set[str] = set()
        self.lexer.skip_separators()
        while self.lexer.text[self.lexer.pos] != "}" or self.lexer.at_end():
            if self.lexer.at_end():
                self.lexer.expect("}", "hashtable", at)
            key_at = self.lexer.pos
            match = _HASH_KEY.match(self.lexer.text, key_at)
            key: Expression
            if match is None or match.group()[0] == "-" or NUMBER.match(self.lexer.text, key_at):
                key = self.parse_unary()
            else:
                self.lexer.pos = match.end()
                key = StringLiteral(value=match.group(), at=key_at)
            if isinstance(key, StringLiteral | NumberLiteral):
                shown = str(key.value).casefold()
                if shown in keys:
                    raise self.lexer.error(f"the key `{key.value}` stands twice", key_at)
                keys.add(shown)
            self.lexer.skip()
            if self.lexer.text[self.lexer.pos] != "=":
                raise self.lexer.unexpected("expected `=` after the key of a hashtable entry")
            self.lexer.pos += 1
            self.lexer.skip_lines()
            entries.append((key, self.grammar.parse_statement()))
            self.lexer.skip()
            if self.lexer.text[self.lexer.pos] not in "\r\n;}":
                raise self.lexer.unexpected(
                    "expected a line break or `;` between hashtable entries"
                )
            self.lexer.skip_separators()
        self.lexer.pos += 1
        return HashLiteral(entries=tuple(entries), at=at)

    def parse_postfix(self, target: Expression) -> Expression:
        """Read the members, calls and indexes that follow ``target`` without a blank."""
        text = self.lexer.text
        levels = 0
        while True:
            at = self.lexer.pos
            char = text[at]
            if (char == "." and text[at + 1] != ".") or (char == ":" and text[at + 1] == ":"):
                static = char == ":"
                self.lexer.pos += 2 if static else 1
                self.lexer.skip_lines()
                name = self._parse_member_name()
                if text[self.lexer.pos] == "(":
                    target = Call(
                        target=target,
                        name=name,
                        arguments=self._parse_arguments(),
                        static=static,
                        at=at,
                    )
                elif text[self.lexer.pos] == "{":
                    # A block may follow a method without parentheses: `$list.Where{ ... }`.
                    block = self.parse_primary()
                    target = Call(
                        target=target, name=name, arguments=(block,), static=static, at=at
                    )
                else:
                    target = Member(target=target, name=name, static=static, at=at)
            elif char == "[":
                target = Index(target=target, index=self._parse_index(), at=at)
            elif char in "+-\u2013" and _STEP.match(text, at) is not None:
                sign = "++" if char == "+" else "--"
                self._require_target(target, sign)
                self.lexer.pos += 2
                self.lexer.depth -= levels
                return Increment(operator=sign, target=target, prefix=False, at=at)
            else:
                self.lexer.depth -= levels
                return target
            self.lexer.enter()
            levels += 1

    def _parse_member_name(self) -> Expression:
        at = self.lexer.pos
        match = _MEMBER_NAME.match(self.lexer.text, at)
        if match is not None:
            self.lexer.pos = match.end()
            return StringLiteral(value=match.group(), at=at)
        if self.lexer.text[at] in "$(" or self.lexer.text[at] in SINGLE_QUOTES + DOUBLE_QUOTES:
            return self.parse_primary()
        raise self.lexer.unexpected("expected a member name after the dot")

    def _parse_index(self) -> Expression:
        at = self.lexer.pos
        saved, self.lexer.commas = self.lexer.commas, True
        self.lexer.enter()
        self.lexer.pos += 1
        self.lexer.skip_lines()
        index = self.parse_expression()
        self.lexer.skip_lines()
        self.lexer.expect("]", "index", at)
        self.lexer.depth -= 1
        self.lexer.commas = saved
        return index

    def _parse_arguments(self) -> tuple[Expression, ...]:
        expected = "expected an argument"
        return listed(self.lexer, self.parse_expression, "argument list", expected, commas=False)
