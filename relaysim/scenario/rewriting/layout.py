"""Where the values of a TOML document stand, so that one can be replaced and nothing else moves.

The text must be valid TOML; the scanner relies on it.
"""

from typing import NamedTuple

from relaysim.config.toml.positions import Path

__all__ = ["KeySpan", "apply_edits", "places"]


class KeySpan(NamedTuple):
    """Where a key and its value stand, as offsets into the text.

    Attributes:
        key: Beginning of the key, or of the header of a table.
        start: Beginning of the value; of a header the position after it.
        end: Position after the value, comments and blanks not included.
        is_header: Whether this is a ``[table]`` or ``[[table]]`` header.
    """

    key: int
    start: int
    end: int
    is_header: bool = False


def places(text: str) -> dict[Path, KeySpan]:
    r"""Return the place of every header, key and array element of a TOML document.

    >>> found = places('[[step]]\nexpect = { relay = false } # why\n')
    >>> found["step", 0, "expect", "relay"]
    KeySpan(key=20, start=28, end=33, is_header=False)
    """
    return _Scanner(text).run()


def apply_edits(text: str, edits: dict[tuple[int, int], str]) -> str:
    """Return the text with some spans replaced; everything between them stays as it is.

    Args:
        text: The text.
        edits: (start, end) to the new text; spans do not overlap.
    """
    pieces, position = [], 0
    for (start, end), new in sorted(edits.items()):
        pieces += [text[position:start], new]
        position = end
    return "".join((*pieces, text[position:]))


class _Scanner:
    """Reads a document once, from the beginning to the end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 1 if text.startswith("\ufeff") else 0
        self.found: dict[Path, KeySpan] = {}
        self.counts: dict[Path, int] = {}

    def run(self) -> dict[Path, KeySpan]:
        table: Path = ()
        while self._skip_blanks(lines=True):
            start = self.position
            if self.text[start] != "[":
                self._pair(table, start)
                continue
            double = self.text.startswith("[[", start)
            self.position += 2 if double else 1
            table = self._resolve(self._keys("]"), array=double)
            self.position += 2 if double else 1
            self.found[table] = KeySpan(start, self.position, self.position, is_header=True)
        return self.found

    def _pair(self, table: Path, start: int) -> None:
        """Read ``key = value`` into a table."""
        path = table
        for key in self._keys("="):
            path = (*path, key)
        self.position += 1
        self._skip_blanks(lines=False)
        begin = self.position
        self._value(path)
        self.found[path] = KeySpan(start, begin, self.position)

    def _value(self, path: Path) -> None:
        char = self.text[self.position]
        if char in "\"'":
            self._string()
        elif char == "[":
            self._array(path)
        elif char == "{":
            self._inline_table(path)
        else:
            while self.position < len(self.text) and self.text[self.position] not in ",]}#\r\n":
                self.position += 1
            while self.text[self.position - 1] in " \t":
                self.position -= 1

    def _array(self, path: Path) -> None:
        self.position += 1
        index = 0
        while self._skip_blanks(lines=True) and self.text[self.position] != "]":
            if self.text[self.position] == ",":
                self.position += 1
                continue
            begin = self.position
            self._value((*path, index))
            self.found[(*path, index)] = KeySpan(begin, begin, self.position)
            index += 1
        self.position += 1

    def _inline_table(self, path: Path) -> None:
        self.position += 1
        while self._skip_blanks(lines=True) and self.text[self.position] != "}":
            if self.text[self.position] == ",":
                self.position += 1
                continue
            self._pair(path, self.position)
        self.position += 1

    def _keys(self, end: str) -> list[str]:
        """Read a dotted key up to ``end``, which is not taken."""
        keys, current = [], ""
        while (char := self.text[self.position]) != end:
            if char in "\"'":
                start = self.position
                self._string()
                current += _unquoted(self.text[start : self.position])
                continue
            if char == ".":
                keys.append(current)
                current = ""
            elif char not in " \t":
                current += char
            self.position += 1
        return [*keys, current]

    def _resolve(self, keys: list[str], *, array: bool) -> Path:
        path: Path = ()
        for index, key in enumerate(keys):
            path = (*path, key)
            if array and index == len(keys) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def _string(self) -> None:
        text, quote = self.text, self.text[self.position]
        if not text.startswith(quote * 3, self.position):
            self.position += 1
            while text[self.position] != quote:
                self.position += 2 if quote == '"' and text[self.position] == "\\" else 1
            self.position += 1
            return
        self.position += 3
        while not text.startswith(quote * 3, self.position):
            self.position += 2 if quote == '"' and text[self.position] == "\\" else 1
        self.position += 3
        # Up to two further quotes belong to the string.
        while text.startswith(quote, self.position):
            self.position += 1

    def _skip_blanks(self, *, lines: bool) -> bool:
        """Skip blanks, with ``lines`` comments and line breaks too; tell whether text is left."""
        text = self.text
        while self.position < len(text):
            char = text[self.position]
            if char == "#" and lines:
                end = text.find("\n", self.position)
                self.position = len(text) if end < 0 else end
            elif char in " \t" or (lines and char in "\r\n"):
                self.position += 1
            else:
                return True
        return False


def _unquoted(text: str) -> str:
    import tomllib

    value = tomllib.loads(f"x = {text}")["x"]
    return value if isinstance(value, str) else text
