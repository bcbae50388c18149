"""Reading commands: a name, parameters and arguments, redirections, pipelines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.language.lexer import (
    BLANKS,
    DASHES,
    DOUBLE_QUOTES,
    ENDS_WORD,
    NUMBER,
    PARAMETER,
    PLAIN_WORD,
    SINGLE_QUOTES,
    is_plain_word,
)
from relaysim.powershell.language.parsing.commas import with_commas
from relaysim.powershell.language.parsing.strings import string_of
from relaysim.powershell.language.syntax import (
    BareWord,
    Command,
    Discarded,
    ExpandableString,
    ParameterArgument,
    Pipeline,
    Splat,
    StringLiteral,
    SubExpression,
    Variable,
)

if TYPE_CHECKING:
    from relaysim.powershell.language.grammar import Grammar
    from relaysim.powershell.language.lexer import Lexer
    from relaysim.powershell.language.syntax import Argument, Expression

__all__ = ["CommandReader"]

_REDIRECTION = pattern(r"(?P<stream>[1-6*]?)>(?P<append>>?)(?P<merge>&[12])?")
_BLANKS_TO_LINE_END = pattern(rf"`[{BLANKS}]+[\r\n]")
_NULL = pattern(r"\$null(?![\w:.\[])", re.IGNORECASE)
_SPLAT = pattern(r"@(\w+)(?![\w:.\[(])")
_WORD_RUN = pattern(rf"[^{ENDS_WORD}{SINGLE_QUOTES}{DOUBLE_QUOTES}`$]+")
_ENDS_ARGUMENT = frozenset("\r\n{}();,|&" + BLANKS)
_ENDS_DOT = _ENDS_ARGUMENT | set("`$" + SINGLE_QUOTES + DOUBLE_QUOTES)
_EXPRESSION_STARTS = frozenset("$(@[{!+," + SINGLE_QUOTES + DOUBLE_QUOTES + DASHES)
_NUMBER_START = pattern(r"\.?[0-9]")
_NO_DIGITS = pattern(rf"0[xX](?=[\]{BLANKS}])")
_NUMBER_STATEMENT = pattern(
    rf"{NUMBER.pattern}(?=[{DASHES}{BLANKS}\r\n;|,)}}\]+*/%.<>#])", re.ASCII
)


class CommandReader:
    """Reads pipelines of commands and expressions."""

    def __init__(self, lexer: Lexer, grammar: Grammar) -> None:
        self.lexer = lexer
        self.grammar = grammar
        self.target: Command | None = None

    def parse_pipeline(self) -> Pipeline:
        """Read a pipeline; the current character begins its first element."""
        at = self.lexer.pos
        outer, self.target = self.target, None
        elements: list[Expression | Discarded | Command] = [self._parse_first_element()]
        self.lexer.skip()
        while self.lexer.text[self.lexer.pos] == "|":
            if self.lexer.text[self.lexer.pos + 1] == "|":
                raise self.lexer.error("`||` between pipelines is not part of Windows PowerShell")
            self.lexer.pos += 1
            self.lexer.skip_lines()
            if self.lexer.at_end():
                raise self.lexer.error("a pipe without a command after it")
            if self.target is not None:
                raise self.lexer.error(
                    "the output goes into a file and through a pipe", self.target.at
                )
            elements.append(self._parse_piped_element())
            self.lexer.skip()
        if self.target is not None:
            elements.append(self.target)
        self.target = outer
        if self.lexer.text[self.lexer.pos] == "&":
            if self.lexer.text[self.lexer.pos + 1] == "&":
                raise self.lexer.error("`&&` between pipelines is not part of Windows PowerShell")
            raise self.lexer.error("`&` after a command would run it in the background")
        return Pipeline(elements=tuple(elements), at=self.lexer.place(at))

    def _parse_first_element(self) -> Expression | Discarded | Command:
        char = self.lexer.text[self.lexer.pos]
        if _NO_DIGITS.match(self.lexer.text, self.lexer.pos):
            raise self.lexer.error("`0x` without digits behind it is no number to go on from")
        if char in _EXPRESSION_STARTS or (
            _NUMBER_START.match(self.lexer.text, self.lexer.pos)
            and _NUMBER_STATEMENT.match(self.lexer.text, self.lexer.pos)
        ):
            expression = self.grammar.parse_expression()
            self.lexer.skip()
            silenced = self._parse_redirections()
            if not silenced:
                return expression
            return Discarded(expression=expression, streams=tuple(silenced), at=expression.at)
        return self._parse_command()

    def _parse_piped_element(self) -> Command:
        char = self.lexer.text[self.lexer.pos]
        if char in _EXPRESSION_STARTS or _NUMBER_STATEMENT.match(self.lexer.text, self.lexer.pos):
            raise self.lexer.error(
                "an expression after a pipe: only commands take input from a pipeline",
                hint="use `ForEach-Object { ... }`",
            )
        return self._parse_command()

    def _parse_command(self) -> Command:
        at = self.lexer.pos
        called = dotted = False
        if self.lexer.text[at] == "&" and self.lexer.text[at + 1] != "&":
            called = True
            self.lexer.pos += 1
            self.lexer.skip()
        elif self.lexer.text[at] == "." and self.lexer.text[at + 1] in _ENDS_DOT:
            called = dotted = True
            self.lexer.pos += 1
            self.lexer.skip()
        name = self.parse_argument_item() if called else self._parse_command_name()
        arguments: list[Argument] = []
        silenced: list[str] = []
        merged: list[str] = []
        redirected: set[str] = set()
        while True:
            self.lexer.skip()
            char = self.lexer.text[self.lexer.pos]
            if char in "\r\n;|)}&":
                break
            if char in "<>123456*":
                before = self.lexer.pos
                silenced += self._parse_redirections(merged, redirected)
                if self.lexer.pos != before:
                    continue
            arguments.append(self._parse_argument_or_parameter(char))
        return Command(
            name=name,
            arguments=tuple(arguments),
            called=called,
            silenced=tuple(silenced),
            merged=tuple(merged),
            dotted=dotted,
            at=self.lexer.place(at),
        )

    def _parse_command_name(self) -> BareWord:
        at = self.lexer.pos
        match = PLAIN_WORD.match(self.lexer.text, at)
        if match is not None:
            self.lexer.pos = match.end()
            return BareWord(text=match.group(), at=at)
        if self.lexer.at_end() or self.lexer.text[at] in _ENDS_ARGUMENT:
            raise self.lexer.unexpected("expected a command or an expression")
        word = self._parse_word()
        text = self.lexer.text[at : self.lexer.pos]
        if not isinstance(word, StringLiteral) or word.value != text or not is_plain_word(text):
            raise self.lexer.error(
                "the name of a command must be a plain word",
                at,
                hint="call a computed name with `& $name`",
            )
        return BareWord(text=text, at=at)

    def _parse_argument_or_parameter(self, char: str) -> Argument:
        at = self.lexer.pos
        if char in DASHES:
            match = PARAMETER.match(self.lexer.text, at)
            if match is not None:
                self.lexer.pos = match.end()
                if not match.group(2):
                    self._require_argument_end(match.group())
                    return ParameterArgument(name=match.group(1), at=at)
                self.lexer.skip()
                return ParameterArgument(name=match.group(1), value=self._parse_argument(), at=at)
            if self.lexer.text.startswith("--%", at):
                raise self.lexer.error("`--%` passes the rest of the line to a program")
        elif char == "@":
            match = _SPLAT.match(self.lexer.text, at)
            if match is not None:
                self.lexer.pos = match.end()
                self._require_argument_end(match.group())
                return Splat(name=match.group(1), at=at)
        elif char == ",":
            raise self.lexer.unexpected("expected an argument")
        return self._parse_argument()

    def _parse_argument(self) -> Expression:
        """Read an argument: one value, or several with commas between them."""
        return with_commas(self.lexer, self.parse_argument_item)

    def parse_argument_item(self) -> Expression:
        """Read one argument, without what follows a comma."""
        text = self.lexer.text
        at = self.lexer.pos
        match = PLAIN_WORD.match(text, at)
        char = text[at]
        if match is not None:
            self.lexer.pos = match.end()
            word = match.group()
            if char in DASHES and not is_plain_word(word):
                # Where no parameter can stand, a word like one is text.
                return StringLiteral(value=word, at=at)
            return BareWord(text=word, at=at)
        value: Expression
        if char == "$":
            if text[at + 1] != "(":
                variable = self.grammar.parse_variable()
                if variable is None:
                    return self._parse_word()
                following = text[self.lexer.pos]
                if following not in _ENDS_ARGUMENT and following not in ".[":
                    self.lexer.pos = at
                    return self._parse_word()
                value = self.grammar.parse_postfix(variable)
            else:
                value = self.grammar.parse_postfix(self.grammar.parse_primary())
        elif char in "({@" or char in SINGLE_QUOTES or char in DOUBLE_QUOTES:
            value = self.grammar.parse_postfix(self.grammar.parse_primary())
        elif char in _ENDS_ARGUMENT or self.lexer.at_end():
            raise self.lexer.unexpected("expected an argument")
        else:
            return self._parse_word()
        # What follows without a blank is the next argument.
        return value

    def _require_argument_end(self, what: str) -> None:
        if self.lexer.text[self.lexer.pos] in _ENDS_ARGUMENT:
            return
        shown = what if what == "this argument" else f"`{what}`"
        if self.lexer.text[self.lexer.pos] == "`" and self.lexer.text[self.lexer.pos + 1] in "\r\n":
            return
        raise self.lexer.error(
            f"no blank between {shown} and {self.lexer.shown()}",
            hint="put a blank between two arguments, or quote the whole as one string",
        )

    def _parse_word(self) -> StringLiteral | ExpandableString:
        """Read an unquoted word in which something is escaped, quoted or expanded."""
        at = self.lexer.pos
        parts: list[str | Variable | SubExpression] = []
        pending: list[str] = []
        text = self.lexer.text
        while True:
            match = _WORD_RUN.match(text, self.lexer.pos)
            if match is not None:
                pending.append(match.group())
                self.lexer.pos = match.end()
            char = text[self.lexer.pos]
            if self.lexer.pos >= self.lexer.end or char in _ENDS_ARGUMENT:
                break
            if char == "`":
                if text[self.lexer.pos + 1] in "\r\n":
                    break
                if _BLANKS_TO_LINE_END.match(text, self.lexer.pos):
                    raise self.lexer.unexpected("expected an argument")
                pending.append(self.grammar.parse_escaped())
            elif char == "$":
                self.grammar.parse_part(parts, pending)
            elif char in SINGLE_QUOTES:
                pending.append(self.grammar.parse_single_quoted())
            elif char in DOUBLE_QUOTES:
                _take_up(self.grammar.parse_double_quoted(), parts, pending)
            else:
                break
        if self.lexer.pos == at:
            raise self.lexer.unexpected("expected an argument")
        return string_of(parts, pending, at)

    def _parse_target(self, at: int, *, append: bool) -> Command:
        """Read the file that output is redirected to: ``> file`` is ``| Out-File file``."""
        path = self.parse_argument_item()
        self.lexer.skip()
        arguments: list[Argument] = [ParameterArgument(name="FilePath", at=at), path]
        if append:
            arguments.append(ParameterArgument(name="Append", at=at))
        return Command(name=BareWord(text="Out-File", at=at), arguments=tuple(arguments), at=at)

    def _take_stream(self, stream: str, redirected: set[str]) -> None:
        """Refuse to redirect a stream that is redirected already."""
        streams = set("123456") if stream == "*" else {stream}
        if streams & redirected:
            raise self.lexer.error("the stream is redirected already")
        redirected |= streams

    def _parse_redirections(
        self, merged: list[str] | None = None, redirected: set[str] | None = None
    ) -> list[str]:
        """Read redirections; return the streams that go to ``$null``, refuse those to files.

        Args:
            merged: Takes the streams that go to the output; ``None`` where that is refused.
            redirected: The streams that are redirected already.
        """
        streams: list[str] = []
        redirected = set() if redirected is None else redirected
        while True:
            match = _REDIRECTION.match(self.lexer.text, self.lexer.pos)
            if match is None:
                if self.lexer.text[self.lexer.pos] == "<" and self.lexer.pos < self.lexer.end:
                    raise self.lexer.error("`<` would read input from a file")
                return streams
            stream = match.group("stream") or "1"
            self._take_stream(stream, redirected)
            if match.group("merge") == "&1" and stream == "1":
                raise self.lexer.error(f"`{match.group()}` would merge a stream with itself")
            if match.group("merge") == "&1" and merged is not None:
                merged.append(stream)
                self.lexer.pos = match.end()
                self.lexer.skip()
                continue
            if match.group("merge"):
                raise self.lexer.error(
                    f"`{match.group()}` merges streams",
                    hint="`2>$null` hides errors, `-ErrorAction` decides about them",
                    refused=True,
                )
            at = self.lexer.pos
            self.lexer.pos = match.end()
            self.lexer.skip()
            null = _NULL.match(self.lexer.text, self.lexer.pos)
            if null is None and stream in "1*":
                self.target = self._parse_target(at, append=bool(match.group("append")))
                continue
            if null is None:
                raise self.lexer.error(
                    f"`{match.group()}` sends a stream other than the output to a file", at
                )
            self.lexer.pos = null.end()
            streams.append(stream)
            self.lexer.skip()


def _take_up(
    inner: StringLiteral | ExpandableString,
    parts: list[str | Variable | SubExpression],
    pending: list[str],
) -> None:
    """Add the pieces of a string in double quotes to a word; plain text waits in ``pending``."""
    pieces = inner.parts if isinstance(inner, ExpandableString) else (inner.value,)
    for piece in pieces:
        if isinstance(piece, str):
            pending.append(piece)
            continue
        if pending:
            parts.append("".join(pending))
            pending.clear()
        parts.append(piece)
