"""Where the keys of a TOML document stand.

``tomllib`` gives values without positions, so the lines are found in a second reading, and only
when there is something to report. The scanner relies on the text being valid TOML.
"""

__all__ = ["Path", "key_lines", "line_of"]

Path = tuple[str | int, ...]
"""Keys and array indexes from the root, ``("connector", 0, "bindings")``."""


def key_lines(text: str) -> dict[Path, int]:
    r"""Return the line of every table header and key of a valid TOML document.

    Keys inside inline tables and arrays have no entry of their own; :func:`line_of` falls back to
    what contains them.

    >>> key_lines('[[a]]\nx = 1\n[[a]]\n')
    {('a',): 1, ('a', 0): 1, ('a', 0, 'x'): 2, ('a', 1): 3}
    """
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    position, line, length = 0, 1, len(text)
    while position < length:
        char = text[position]
        if char == "\n":
            line, position = line + 1, position + 1
        elif char in " \t\r":
            position += 1
        elif char == "#":
            position = _line_end(text, position)
        elif char == "[":
            double = text.startswith("[[", position)
            position += 2 if double else 1
            keys, position = _keys(text, position)
            table = _resolve(keys, counts, array=double)
            found.setdefault(table[:-1] if double else table, line)
            found[table] = line
            position = _line_end(text, position)
        else:
            keys, position = _keys(text, position)
            path = table
            for key in keys:
                path = (*path, key)
                found.setdefault(path, line)
            end = _value_end(text, position + 1)
            line += text.count("\n", position, end)
            position = end
    return found


def line_of(path: Path, lines: dict[Path, int]) -> int | None:
    """Return the line of the longest known beginning of ``path``, or ``None``."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _resolve(keys: list[str], counts: dict[Path, int], *, array: bool) -> Path:
    path: Path = ()
    for index, key in enumerate(keys):
        path = (*path, key)
        if array and index == len(keys) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _keys(text: str, position: int) -> tuple[list[str], int]:
    """Read a dotted key; stop at ``=`` or ``]``."""
    keys: list[str] = []
    current = ""
    while position < len(text):
        char = text[position]
        if char in "=]\n":
            break
        if char in "\"'":
            end = _string_end(text, position)
            current += text[position + 1 : end - 1]
            position = end
            continue
        if char == ".":
            keys.append(current)
            current = ""
        elif char not in " \t":
            current += char
        position += 1
    keys.append(current)
    return keys, position


def _value_end(text: str, position: int) -> int:
    """Return the position after a value: the end of its line, brackets and strings respected."""
    depth = 0
    while position < len(text):
        char = text[position]
        if char in "\"'":
            position = _string_end(text, position)
            continue
        if char == "#":
            position = _line_end(text, position)
            continue
        if char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        elif char == "\n" and depth <= 0:
            return position
        position += 1
    return position


def _string_end(text: str, position: int) -> int:
    quote = text[position]
    if text.startswith(quote * 3, position):
        end = position + 3
        while end < len(text):
            if quote == '"' and text[end] == "\\":
                end += 2
            elif text.startswith(quote * 3, end):
                end += 3
                # Up to two further quotes belong to the string.
                while end < len(text) and text[end] == quote:
                    end += 1
                return end
            else:
                end += 1
        return len(text)
    end = position + 1
    while end < len(text) and text[end] not in (quote, "\n"):
        end += 2 if quote == '"' and text[end] == "\\" else 1
    return end + 1


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
