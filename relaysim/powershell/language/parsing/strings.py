"""Reading quoted strings, here-strings and variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.language.lexer import DOUBLE_QUOTES, SINGLE_QUOTES, VARIABLE
from relaysim.powershell.language.syntax import (
    ExpandableString,
    StringLiteral,
    SubExpression,
    Variable,
)

if TYPE_CHECKING:
    from relaysim.powershell.language.grammar import Grammar
    from relaysim.powershell.language.lexer import Lexer

__all__ = ["ESCAPES", "StringReader"]

ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
"""What a letter after a backtick means in double quotes; any other character means itself."""

SCOPES = frozenset({"global", "local", "script", "private", "env", "using", "function"})

_SINGLE_RUN = pattern(rf"[^{SINGLE_QUOTES}]*")
_DOUBLE_RUN = pattern(rf"[^{DOUBLE_QUOTES}`$]+")
_HERE_RUN = pattern(r"[^`$\r\n]+")
_DOUBLED = pattern(rf"([{DOUBLE_QUOTES}])[{DOUBLE_QUOTES}]")
_HERE_OPEN = pattern(rf"@([{SINGLE_QUOTES}{DOUBLE_QUOTES}])[ \t]*(\r\n|\n|\r)")
_HERE_INDENTED = pattern(rf"[\r\n]([ \t]+[{SINGLE_QUOTES}{DOUBLE_QUOTES}]@)")
_HERE_SINGLE_END = pattern(rf"(\r\n|\n|\r)[{SINGLE_QUOTES}]@")
_HERE_DOUBLE_END = pattern(rf"(?:\r\n|\n|\r)[{DOUBLE_QUOTES}]@")
_UNESCAPE_NAME = pattern(r"`(.)", re.DOTALL)


class StringReader:
    """Reads strings; sub-expressions in them are read where they stand."""

    def __init__(self, lexer: Lexer, grammar: Grammar) -> None:
        self.lexer = lexer
        self.grammar = grammar

    def parse_variable(self) -> Variable | None:
        """Read a variable, or return ``None`` when the ``$`` here begins none."""
        at = self.lexer.pos
        if self.lexer.text[at + 1] in "$^":
            self.lexer.pos = at + 2
            return Variable(name=self.lexer.text[at + 1], at=at)
        match = VARIABLE.match(self.lexer.text, at)
        if match is None:
            if self.lexer.text.startswith("${", at):
                raise self.lexer.error("the variable name `${` is never closed")
            if self.lexer.text.startswith("$:", at):
                raise self.lexer.error(
                    "`$` before a colon is no variable", hint="write a plain `$` as `` `$ ``"
                )
            return None
        braced, scope, name = match.group("braced", "scope", "name")
        if braced is not None:
            name = _UNESCAPE_NAME.sub(r"\1", braced)
            scope, colon, rest = name.partition(":")
            if colon and scope.isidentifier():
                name = rest
            else:
                scope = ""
            if not name:
                raise self.lexer.error("a variable without a name")
        elif self.lexer.text[match.end()] == ":" and self.lexer.text[match.end() + 1] != ":":
            raise self.lexer.error(
                f"`{match.group()}:` reads a drive named `{name}`, and no name follows the colon",
                hint=f"to put a colon after a variable write `${{{name}}}:`",
            )
        scope = (scope or "").lower()
        if scope and scope not in SCOPES:
            raise self.lexer.error(
                f"`{match.group()}` reads a drive named `{scope}`",
                hint=f"to put a colon after a variable write `${{{scope}}}:`",
            )
        self.lexer.pos = match.end()
        return Variable(name=name, scope=scope, at=at)

    def parse_subexpression(self) -> SubExpression:
        """Read ``$( ... )``."""
        at = self.lexer.pos
        self.lexer.enter()
        self.lexer.pos += 2
        statements = self.grammar.parse_statements(")", "sub-expression", at)
        self.lexer.depth -= 1
        return SubExpression(statements=statements, at=at)

    def parse_single_quoted(self) -> str:
        """Read a single-quoted string and return its text."""
        at = self.lexer.pos
        self.lexer.pos += 1
        pieces: list[str] = []
        text = self.lexer.text
        while True:
            match = _SINGLE_RUN.match(text, self.lexer.pos)
            stop = self.lexer.pos if match is None else match.end()
            pieces.append(text[self.lexer.pos : stop])
            if stop >= self.lexer.end:
                raise self.lexer.error("the string is never closed", at)
            if text[stop + 1] not in SINGLE_QUOTES or stop + 1 >= self.lexer.end:
                self.lexer.pos = stop + 1
                found = "".join(pieces)
                # Inside `$( )` of a text two double quotes are one everywhere.
                return _DOUBLED.sub(r"\1", found) if self.lexer.quoted else found
            pieces.append(text[stop])
            self.lexer.pos = stop + 2

    def _dollar(self) -> Variable | SubExpression | None:
        if self.lexer.text.startswith("$(", self.lexer.pos):
            return self.parse_subexpression()
        return self.parse_variable()

    def parse_escaped(self) -> str:
        """Read a backtick and what it escapes; an escaped line break stays in the string."""
        char = self.lexer.text[self.lexer.pos + 1]
        if self.lexer.pos + 1 >= self.lexer.end:
            raise self.lexer.error("a backtick at the end of the script escapes nothing")
        if char == "\r" and self.lexer.text[self.lexer.pos + 2] == "\n":
            self.lexer.pos += 3
            return "\r\n"
        self.lexer.pos += 2
        return ESCAPES.get(char, char)

    def parse_double_quoted(self) -> StringLiteral | ExpandableString:
        """Read a double-quoted string."""
        at = self.lexer.pos
        self.lexer.pos += 1
        parts: list[str | Variable | SubExpression] = []
        pending: list[str] = []
        text = self.lexer.text
        if self.lexer.quoted and text[at + 1] in DOUBLE_QUOTES:
            # Inside `$( )` of a text two quotes are one, as everywhere in it.
            if text[at + 2] not in DOUBLE_QUOTES or text[at + 3] not in DOUBLE_QUOTES:
                raise self.lexer.error("the string is never closed", at)
            self.lexer.pos = at + 4
            return StringLiteral(value="", at=at)
        while True:
            match = _DOUBLE_RUN.match(text, self.lexer.pos)
            if match is not None:
                pending.append(match.group())
                self.lexer.pos = match.end()
            if self.lexer.pos >= self.lexer.end:
                raise self.lexer.error("the string is never closed", at)
            char = text[self.lexer.pos]
            if char == "`":
                pending.append(self.parse_escaped())
            elif char == "$":
                self.lexer.quoted += 1
                self.parse_part(parts, pending)
                self.lexer.quoted -= 1
            elif text[self.lexer.pos + 1] in DOUBLE_QUOTES and self.lexer.pos + 1 < self.lexer.end:
                if self.lexer.quoted:
                    raise self.lexer.error(
                        "two quotes inside `$( )` of a text are one, which ends the text inside",
                        hint="single quotes for the text inside",
                    )
                pending.append(char)
                self.lexer.pos += 2
            else:
                self.lexer.pos += 1
                return string_of(parts, pending, at)

    def parse_part(self, parts: list[str | Variable | SubExpression], pending: list[str]) -> None:
        """Read what a ``$`` begins: a part of the string, or the character itself."""
        part = self._dollar()
        if part is None:
            pending.append("$")
            self.lexer.pos += 1
            return
        if pending:
            parts.append("".join(pending))
            pending.clear()
        parts.append(part)

    def parse_here_string(self) -> StringLiteral | ExpandableString | None:
        """Read a here-string, or return ``None`` when the ``@`` here begins none."""
        at = self.lexer.pos
        opening = _HERE_OPEN.match(self.lexer.text, at)
        if opening is None:
            if self.lexer.text[at + 1] in SINGLE_QUOTES + DOUBLE_QUOTES:
                raise self.lexer.error(
                    "a here-string must begin on the line after its opening quote"
                )
            return None
        # The line break before the closing quote belongs to the delimiter, and in an empty
        # here-string it is the one after the opening quote.
        self.lexer.pos = opening.start(2)
        if opening.group(1) in SINGLE_QUOTES:
            closing = _HERE_SINGLE_END.search(self.lexer.text, self.lexer.pos)
            if closing is None:
                raise self._here_never_closed(at)
            value = self.lexer.text[opening.end() : closing.start()]
            self.lexer.pos = closing.end()
            return StringLiteral(value=value, at=at)
        return self._here_double(at, opening.end())

    def _here_never_closed(self, at: int) -> Exception:
        indented = _HERE_INDENTED.search(self.lexer.text, at)
        if indented is not None:
            return self.lexer.error(
                "blanks before the end of a here-string: its closing quote must begin the line",
                indented.start(1),
            )
        return self.lexer.error(
            "the here-string is never closed", at, hint="its closing quote must begin a line"
        )

    def _here_double(self, at: int, start: int) -> StringLiteral | ExpandableString:
        parts: list[str | Variable | SubExpression] = []
        pending: list[str] = []
        text = self.lexer.text
        closing = _HERE_DOUBLE_END.match(text, self.lexer.pos)
        if closing is not None:
            self.lexer.pos = closing.end()
            return StringLiteral(value="", at=at)
        self.lexer.pos = start
        while True:
            match = _HERE_RUN.match(text, self.lexer.pos)
            if match is not None:
                pending.append(match.group())
                self.lexer.pos = match.end()
            if self.lexer.pos >= self.lexer.end:
                raise self._here_never_closed(at)
            char = text[self.lexer.pos]
            if char == "`":
                pending.append(self.parse_escaped())
            elif char == "$":
                self.parse_part(parts, pending)
            else:
                closing = _HERE_DOUBLE_END.match(text, self.lexer.pos)
                if closing is not None:
                    self.lexer.pos = closing.end()
                    return string_of(parts, pending, at)
                pending.append(char)
                self.lexer.pos += 1


def string_of(
    parts: list[str | Variable | SubExpression], pending: list[str], at: int
) -> StringLiteral | ExpandableString:
    """Return the node for the parts of a string and the text that follows the last of them."""
    text = "".join(pending)
    if not parts:
        return StringLiteral(value=text, at=at)
    if text:
        parts.append(text)
    return ExpandableString(parts=tuple(parts), at=at)
