"""Taking a text apart at characters or texts: the method ``Split``."""

from __future__ import annotations

from relaysim.powershell.members.signatures import letters, out_of_range
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.kinds.enumerations import enum_member
from relaysim.powershell.values.value import EnumValue, TypedArray, Value

__all__ = ["split"]

Arguments = list[Value]


def split(text: str, arguments: Arguments) -> Value:
    """Return the pieces of a text, as ``Split`` gives them."""
    separators = "".join(letters(item) for item in to_list(arguments[0])) if arguments else ""
    words: list[str] = []
    if arguments and isinstance(arguments[0], list) and not isinstance(arguments[0], TypedArray):
        words = [to_text(item) for item in arguments[0] if len(to_text(item)) > 1]
    limit: int | None = None
    drop_empty = False
    others: list[Value] = []
    for place, option in enumerate(arguments[1:]):
        if isinstance(option, EnumValue) or (
            isinstance(option, str) and enum_member("stringsplitoptions", option)
        ):
            drop_empty = to_text(option).casefold() == "removeemptyentries"
        elif isinstance(option, int) and not isinstance(option, bool) and place == 0:
            limit = option
        else:
            others.append(option)
    if others:
        # `Split(',', ';')`: every argument is a separator.
        separators += "".join(letters(item) for item in others)
    options = len(arguments) > 1 and not others
    if words and options:
        return TypedArray(_split_words(text, words, limit, drop_empty=drop_empty), "string")
    if limit is not None and limit < 0:
        raise out_of_range("Split", len(arguments), "Count cannot be less than zero.", "count")
    return TypedArray(_parts(text, separators, limit, drop_empty=drop_empty), "string")


def _parts(text: str, separators: str, limit: int | None, *, drop_empty: bool) -> list[Value]:
    pieces: list[Value] = []
    start = 0
    for at, char in enumerate(text):
        if drop_empty and at == start and _separates(char, separators):
            start = at + 1
        elif limit is not None and len(pieces) + 1 >= limit:
            break
        elif _separates(char, separators):
            pieces.append(text[start:at])
            start = at + 1
    if start < len(text) or not drop_empty:
        pieces.append(text[start:])
    return [] if limit == 0 else pieces


def _separates(char: str, separators: str) -> bool:
    return char in separators or (not separators and char.isspace())


def _split_words(text: str, words: list[str], limit: int | None, *, drop_empty: bool) -> list[str]:
    pieces: list[str] = []
    start = at = 0
    while at < len(text) and (limit is None or len(pieces) + 1 < limit):
        word = next((word for word in words if text.startswith(word, at)), None)
        if word is None:
            at += 1
            continue
        pieces.append(text[start:at])
        start = at = at + len(word)
    pieces.append(text[start:])
    return [piece for piece in pieces if piece or not drop_empty]
