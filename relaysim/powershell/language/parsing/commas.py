"""What stands between commas: the items of an array, and lists in parentheses."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from relaysim.powershell.language.syntax import ArrayLiteral

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.language.lexer import Lexer
    from relaysim.powershell.language.syntax import Expression

__all__ = ["listed", "with_commas"]

T = TypeVar("T")


def with_commas(lexer: Lexer, read: Callable[[], Expression]) -> Expression:
    """Read one value, or an array of several with commas between them."""
    first = read()
    lexer.skip()
    if lexer.text[lexer.pos] != ",":
        return first
    items = [first]
    while lexer.text[lexer.pos] == ",":
        lexer.pos += 1
        lexer.skip_lines()
        items.append(read())
        lexer.skip()
    return ArrayLiteral(items=tuple(items), at=first.at)


def listed(
    lexer: Lexer, read: Callable[[], T], what: str, expected: str, *, commas: bool
) -> tuple[T, ...]:
    """Read what stands in parentheses with commas between; the lexer stands at the opening one.

    Args:
        lexer: Where the list stands.
        read: Reads an item.
        what: The whole, for the error when it does not end.
        expected: What the error says when a comma is the last.
        commas: Whether a comma inside an item makes an array.
    """
    at = lexer.pos
    saved, lexer.commas = lexer.commas, commas
    lexer.enter()
    lexer.pos += 1
    items: list[T] = []
    lexer.skip_lines()
    while lexer.text[lexer.pos] != ")" or lexer.at_end():
        items.append(read())
        lexer.skip_lines()
        if lexer.text[lexer.pos] != ",":
            break
        lexer.pos += 1
        lexer.skip_lines()
        if lexer.text[lexer.pos] == ")":
            raise lexer.unexpected(expected)
    lexer.expect(")", what, at)
    lexer.depth -= 1
    lexer.commas = saved
    return tuple(items)
