"""Reading what takes errors: ``try`` and ``trap``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.lexer import TYPE_NAME
from relaysim.powershell.language.syntax import Catch, Trap, Try

if TYPE_CHECKING:
    from relaysim.powershell.language.grammar import Grammar
    from relaysim.powershell.language.lexer import Lexer
    from relaysim.powershell.language.syntax import Statement

__all__ = ["HandlerReader"]


class HandlerReader:
    """Reads statements that take errors."""

    def __init__(self, lexer: Lexer, grammar: Grammar) -> None:
        self.lexer = lexer
        self.grammar = grammar

    def parse_trap(self, at: int) -> Trap:
        """Read a ``trap`` whose keyword, at ``at``, has been read."""
        self.lexer.skip_lines()
        types: tuple[str, ...] = ()
        match = TYPE_NAME.match(self.lexer.text, self.lexer.pos)
        if match is not None:
            types = ("".join(match.group(1).split()),)
            self.lexer.pos = match.end()
        body = self.grammar.parse_braces("`trap`")
        return Trap(handler=Catch(types=types, body=body, at=at), at=at)

    def parse_try(self, at: int) -> Try:
        """Read a ``try`` whose keyword, at ``at``, has been read."""
        body = self.grammar.parse_braces("`try`")
        catches: list[Catch] = []
        while self.grammar.follows("catch"):
            caught_at = self.lexer.pos
            types: list[str] = []
            self.lexer.skip_lines()
            while self.lexer.text[self.lexer.pos] == "[":
                match = TYPE_NAME.match(self.lexer.text, self.lexer.pos)
                if match is None:
                    raise self.lexer.error("`[` after `catch` must begin a type name")
                types.append("".join(match.group(1).split()))
                self.lexer.pos = match.end()
                self.lexer.skip_lines()
                if self.lexer.text[self.lexer.pos] == ",":
                    self.lexer.pos += 1
                    self.lexer.skip_lines()
            self._check_catch(catches, types, caught_at)
            caught = self.grammar.parse_braces("`catch`")
            catches.append(Catch(types=tuple(types), body=caught, at=caught_at))
        cleanup = self._cleanup() if self.grammar.follows("finally") else None
        if not catches and cleanup is None:
            raise self.lexer.error("`try` needs a `catch` or a `finally`", at)
        return Try(body=body, catches=tuple(catches), cleanup=cleanup, at=at)

    def _cleanup(self) -> tuple[Statement, ...]:
        """Read the block of ``finally``, which nothing may leave."""
        outer, self.lexer.in_finally = self.lexer.in_finally, True
        cleanup = self.grammar.parse_braces("`finally`")
        self.lexer.in_finally = outer
        return cleanup

    def _check_catch(self, known: list[Catch], types: list[str], at: int) -> None:
        """Refuse a ``catch`` that an earlier one leaves nothing to."""
        if any(not one.types for one in known):
            raise self.lexer.error("a `catch` after the one that takes every error", at)
        seen = {name.lower().removeprefix("system.") for one in known for name in one.types}
        for name in types:
            if name.lower().removeprefix("system.") in seen:
                raise self.lexer.error(f"`{name}` is caught already", at)
