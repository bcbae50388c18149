"""Patterns and what they matched, as objects: ``Regex``, ``Match``, ``Group``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import ConversionError, cast_failure, not_in_subset
from relaysim.powershell.values.patterns.pattern import Match, compile_pattern, expanded
from relaysim.powershell.values.patterns.pattern_syntax import LETTERS
from relaysim.powershell.values.value import (
    ComputedProperty,
    DefaultView,
    EnumValue,
    ObjectType,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    import re

__all__ = ["MatchGroups", "match_object", "regex_object", "unescaped"]


def _value_text(match: ShellObject) -> str:
    return to_text(match.get("Value"))


REGEX = ObjectType(
    name="System.Text.RegularExpressions.Regex",
    view=DefaultView(
        columns=("Options", "RightToLeft", "MatchTimeout"),
        right=("Options", "RightToLeft"),
        generated=True,
    ),
    text=lambda value: str(_pattern_of(value)[0]),
    read_only=True,
)


def _pattern_of(value: ShellObject) -> tuple[str, bool]:
    pattern, ignore_case = value.base if isinstance(value.base, tuple) else ("", False)
    return str(pattern), bool(ignore_case)


_OPTIONS = (
    EnumValue(kind="regexoptions", name="None", number=0),
    EnumValue(kind="regexoptions", name="IgnoreCase", number=1),
)


def regex_object(pattern: str, *, ignore_case: bool = False) -> ShellObject:
    """Return a ``Regex``; the pattern is checked."""
    try:
        compile_pattern(pattern, ignore_case=ignore_case)
    except ConversionError as error:
        if error.subset:
            raise
        raise cast_failure(
            pattern, REGEX.name, error.message, "InvalidCastFromStringToRegex"
        ) from error
    return ShellObject(
        (("Options", _OPTIONS[ignore_case]), ("RightToLeft", False),
         ("MatchTimeout", "-00:00:00.0010000")),
        type_=REGEX, base=(pattern, ignore_case),
    )  # fmt: skip


_MATCH_VIEW = DefaultView(
    columns=("Groups", "Success", "Name", "Captures", "Index", "Length", "Value"),
    as_list=True,
    generated=True,
)


def _next_match(value: ShellObject, _arguments: list[Value]) -> ShellObject:
    found = value.base
    if not isinstance(found, Match):
        return value
    begin, end = found.spans[0] or (0, 0)
    start = end + (begin == end)
    more = None if start > len(found.text) else found.pattern.search(found.text, start)
    return match_object(more)


def _result(value: ShellObject, arguments: list[Value]) -> Value:
    if not isinstance(value.base, Match):
        raise ConversionError(
            "Result cannot be called on a failed Match.", id="NotSupportedException"
        )
    return expanded(to_text(arguments[0] if arguments else ""), value.base)


MATCH = ObjectType(
    name="System.Text.RegularExpressions.Match", view=_MATCH_VIEW, text=_value_text,
    calls={"nextmatch": _next_match, "result": _result},
    ancestors=("System.Text.RegularExpressions.Group",), read_only=True,
)  # fmt: skip
GROUP = ObjectType(
    name="System.Text.RegularExpressions.Group",
    view=DefaultView(columns=_MATCH_VIEW.columns[1:], as_list=True, generated=True),
    text=_value_text,
    read_only=True,
)


def _group(found: Match, number: int) -> list[tuple[str, Value]]:
    names = {place: name for name, place in found.names.items()}
    span = found.spans[number]
    begin, end = span or (0, 0)
    return _group_rows(
        names.get(number, str(number)), found.text[begin:end], begin, success=span is not None
    )


def _group_rows(name: str, text: str, begin: int, *, success: bool) -> list[tuple[str, Value]]:
    return [
        ("Success", success),
        ("Name", name),
        ("Captures", []),
        ("Index", begin),
        ("Length", len(text)),
        ("Value", text),
    ]


def _no_captures(_owner: ShellObject) -> Value:
    raise not_in_subset("what a group that is repeated matched before")


def _captured(group: ShellObject, *, repeated: bool) -> ShellObject:
    """Give a group its captures: itself, the one it took."""
    if repeated:
        group.put("Captures", ComputedProperty(kind="Property", read=_no_captures))
    elif group.get("Success") is True:
        group.put("Captures", [group])
    return group


def match_object(found: Match | None) -> ShellObject:
    """Return a ``Match``; one that failed for ``None``."""
    if found is None:
        failed = ShellObject((("Groups", []), *_group_rows("0", "", 0, success=False)), type_=MATCH)
        failed.put("Groups", MatchGroups([failed], {}))
        return failed
    whole = ShellObject([("Groups", []), *_group(found, 0)], type_=MATCH, base=found)
    groups = [
        _captured(
            ShellObject(_group(found, number), type_=GROUP),
            repeated=number in found.pattern.repeated,
        )
        for number in range(1, len(found.spans))
    ]
    whole.put("Groups", MatchGroups([_captured(whole, repeated=False), *groups], found.names))
    return whole


class MatchGroups(list[Value]):
    """The groups of a match: by number, and by name."""

    def __init__(self, groups: list[ShellObject], names: dict[str, int]) -> None:
        super().__init__(groups)
        self.names = names

    def named(self, name: str) -> Value:
        """Return the group called ``name``, a failed one when there is none."""
        place = self.names.get(name, int(name) if name.isdigit() else -1)
        if 0 <= place < len(self):
            return self[place]
        return ShellObject(_group_rows(name, "", 0, success=False), type_=GROUP)


_ESCAPES = {**LETTERS, "b": "\b"}
"""In a pattern ``\\b`` is the edge of a word."""
_ESCAPED = pattern(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|([^0-9A-Za-z]|[abtrvfne]))")


def unescaped(text: str) -> str:
    """Return a text without the escapes of patterns.

    Raises:
        ConversionError: An escape stands for no character.
    """

    def sign(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else _ESCAPES.get(match.group(3), match.group(3))

    if "\\" in _ESCAPED.sub("", text):
        raise not_in_subset(f"`[regex]::Unescape` of `{text}`")
    return _ESCAPED.sub(sign, text)
