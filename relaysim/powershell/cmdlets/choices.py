"""Arguments that are one of a few words, or a number of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.properties import too_large, too_small
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import to_int, to_list, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.patterns.wildcard import has_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.values.value import Value

__all__ = ["member_kinds", "numbered", "one_of", "set_of"]

_MEMBER_KINDS = (
    "AliasProperty", "CodeProperty", "Property", "NoteProperty", "ScriptProperty", "Properties",
    "PropertySet", "Method", "CodeMethod", "ScriptMethod", "Methods", "ParameterizedProperty",
    "MemberSet", "Event", "Dynamic", "All",
)  # fmt: skip


def _no_member(text: str, kind: str, words: tuple[str, ...]) -> ConversionError:
    return ConversionError(
        f'Cannot convert value "{text}" to type "{kind}". Error: "Unable to match the identifier '
        f"name {text} to a valid enumerator name. Specify one of the following enumerator names "
        f'and try again:\n{", ".join(words)}"',
        id="CannotConvertArgumentNoMessage",
    )


def one_of(kind: str, *words: str) -> Callable[[Value], str]:
    """Return what takes a member of an enumeration by its name or its beginning."""

    def convert(value: Value) -> str:
        text = to_text(value)
        begun = [one for one in words if one.casefold() == text.casefold()] or [
            one for one in words if text and one.casefold().startswith(text.casefold())
        ]
        if len(begun) != 1:
            raise _no_member(text, kind, words)
        return begun[0]

    return convert


def set_of(*words: str) -> Callable[[Value], str]:
    """Return what takes one of a few words."""

    def convert(value: Value) -> str:
        text = to_text(value)
        if text.casefold() not in {one.casefold() for one in words}:
            raise ConversionError(
                f'The argument "{text}" does not belong to the set "{",".join(words)}" specified '
                "by the ValidateSet attribute. Supply an argument that is in the set and then try "
                "the command again.",
                id="ParameterArgumentValidationError",
            )
        return text

    return convert


def numbered(least: int, most: int = (1 << 31) - 1) -> Callable[[Value], int]:
    """Return what takes a whole number of a range."""

    def convert(value: Value) -> int:
        number = to_int(cast("int", value))
        if number < least:
            raise too_small(number, least)
        if number > most:
            raise too_large(number, most)
        return number

    return convert


def member_kinds(value: Value) -> list[Value]:
    """Return an argument as kinds of members: their names, beginnings or wildcards."""
    parts = [to_text(one) for one in to_list(value)]
    if len(parts) > 1 and any("," in part for part in parts):
        raise _no_member(parts[0], "System.Management.Automation.PSMemberTypes", _MEMBER_KINDS)
    texts = [part.strip() for one in parts for part in one.split(",")]
    for text in texts:
        folded = text.casefold()
        known = any(one.casefold().startswith(folded) for one in _MEMBER_KINDS)
        if not folded or not (known or has_wildcard(text)):
            raise _no_member(text, "System.Management.Automation.PSMemberTypes", _MEMBER_KINDS)
    return [*texts]
