"""TOML as configurations are mostly written, read several times as fast as by ``tomllib``.

Server files of thousands of connectors say the same few things in the same few forms: headers of
bare keys, and keys whose values are texts, flags, numbers, or lists of texts. One expression takes
a line of these apart. Whatever else stands in a document, and everything that could be a mistake,
is left to ``tomllib``: what is read here reads there as the same, and
``tests/laws/test_plain_toml.py`` holds the two together.
"""

from __future__ import annotations

from typing import Any

from relaysim.lean import pattern

__all__ = ["MOST_PARTS", "read_plain", "too_long_key"]

_END = r"[ \t]*(?:#[^\x00-\x08\x0a-\x1f\x7f]*)?(?:\n|\Z)"
_BASIC = r'"[^"\\\x00-\x1f\x7f]*(?:\\[\\"][^"\\\x00-\x1f\x7f]*)*"'
_TEXT = rf"(?:{_BASIC}|'[^'\x00-\x1f\x7f]*')"
_LIST = rf"\[[ \t\n]*(?:{_TEXT}[ \t\n]*(?:,[ \t\n]*{_TEXT}[ \t\n]*)*(?:,[ \t\n]*)?)?\]"
_KEY = r"[A-Za-z0-9_-]+"
_KEYS = rf"{_KEY}(?:\.{_KEY})*"
_LINE = pattern(
    rf"[ \t]*(?:({_KEY})[ \t]*=[ \t]*(?:({_TEXT})|({_LIST})|(true|false|0|[1-9][0-9]{{0,17}}))"
    rf"|\[\[({_KEYS})\]\]|\[({_KEYS})\])?{_END}"
)
_OTHER_LINE = pattern(rf"[ \t]*({_KEY})[ \t]*=([^\n]*)(?:\n|\Z)")
MOST_PARTS = 100
_PART = rf"(?:[A-Za-z0-9_-]++|{_TEXT})[ \t]*+"
_LONG_KEY = pattern(rf"(?<![\w-])(?:{_PART}\.[ \t]*+){{{MOST_PARTS}}}")
_TEXTS = pattern(_TEXT)
_ESCAPED = pattern(r"\\(.)")
_FLAGS = {"true": True, "false": False}


def too_long_key(text: str) -> int | None:
    """Return where a dotted key of more parts than anybody writes begins, or ``None``.

    ``tomllib`` takes the square of their number.
    """
    found = _LONG_KEY.search(text)
    return None if found is None else found.start()


class _NotPlainError(Exception):
    """The document has something that is left to ``tomllib``."""


def read_plain(text: str) -> dict[str, Any] | None:
    r"""Return the tables of a plain TOML document; ``None`` for any other, valid or not.

    Args:
        text: The document, its lines ended by ``\n``.

    >>> read_plain('a = "x"\n[[b]]\nc = ["y", "z"] # two\n')
    {'a': 'x', 'b': [{'c': ['y', 'z']}]}
    >>> read_plain("a.b = 1") is None
    True
    """
    try:
        return _read(text)
    except (_NotPlainError, ValueError, RecursionError):
        return None


def _read(text: str) -> dict[str, Any]:
    tables = _Tables()
    table = tables.root
    lists: dict[str, list[str]] = {}
    match, at, end = _LINE.match, 0, len(text)
    while at < end:
        line = match(text, at)
        if line is None:
            at = _read_other(text, at, table)
            continue
        at = line.end()
        key, one, several, plain, next_of, new = line.groups()
        if key is None:
            if next_of is not None:
                table = tables.next_of(next_of)
            elif new is not None:
                table = tables.new(new)
            continue
        if key in table:
            raise _NotPlainError
        if one is not None:
            table[key] = _text(one) if "\\" in one else one[1:-1]
        elif several is not None:
            known = lists.get(several)
            if known is None:
                known = lists[several] = [_text(each) for each in _TEXTS.findall(several)]
            table[key] = [*known]
        else:
            table[key] = _FLAGS[plain] if plain in _FLAGS else int(plain)
    return tables.root


def _read_other(text: str, at: int, table: dict[str, Any]) -> int:
    """Take in a key whose value one line says whole, in any form; return where the next begins."""
    import tomllib

    line = _OTHER_LINE.match(text, at)
    if line is None or line[1] in table or too_long_key(line[2]) is not None:
        raise _NotPlainError
    table[line[1]] = tomllib.loads(f"x ={line[2]}")["x"]
    return line.end()


def _text(written: str) -> str:
    inner = written[1:-1]
    return _ESCAPED.sub(r"\1", inner) if written[0] == '"' and "\\" in inner else inner


class _Tables:
    """The tables of a document as its headers open them.

    Attributes:
        root: The table above all.
    """

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        # What headers made; values of keys look the same and take no more.
        self._made: dict[int, object] = {}

    def next_of(self, header: str) -> dict[str, Any]:
        """Return the new last table of an array of tables."""
        parent, last = self._place(header)
        found = parent.get(last)
        if found is None:
            found = parent[last] = self._kept([])
        elif type(found) is not list or id(found) not in self._made:
            raise _NotPlainError
        table: dict[str, Any] = self._kept({})
        found.append(table)
        return table

    def new(self, header: str) -> dict[str, Any]:
        """Return a new table; one that is there already may be a mistake."""
        parent, last = self._place(header)
        if last in parent:
            raise _NotPlainError
        table: dict[str, Any] = self._kept({})
        parent[last] = table
        return table

    def _place(self, header: str) -> tuple[dict[str, Any], str]:
        """Return the table that a header's last key stands in, and that key."""
        *above, last = header.split(".")
        found: Any = self.root
        for key in above:
            found = found.get(key)
            if id(found) not in self._made:
                raise _NotPlainError
            if type(found) is list:
                found = found[-1]
        return found, last

    def _kept(self, made: Any) -> Any:  # noqa: ANN401
        self._made[id(made)] = made
        return made
