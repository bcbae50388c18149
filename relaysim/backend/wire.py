r"""How values travel between PowerShell and here: one JSON object a line, ASCII only.

Every text that comes from data begins with ``=``, so that no reader takes it for a date, and has
what is not printable ASCII, the quotation mark and the backslash as ``\uNNNN`` of its own, so that
no code page, no half of a surrogate pair and no second escaping is in the way. Numbers, truth
values and null are JSON's. A list is a JSON list, a table ``{"h": [[key, value], ...]}``, an object
``{"t": type, "s": text, "p": [[name, value], ...]}``; a connector that a script holds, with what it
changed on it, ``{"o": identity, "e": [[name, value], ...]}``.

See docs/reference/powershell-backend.md.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import HashTable, ShellList, ShellObject, Value

__all__ = [
    "PROTOCOL",
    "EditedConnector",
    "decode_line",
    "decode_text",
    "decode_value",
    "encode_text",
    "encode_value",
]


class EditedConnector(NamedTuple):
    """A connector that a script holds.

    Attributes:
        identity: Which one.
        edits: The properties that the script changed since it was read, with their values.
    """

    identity: str
    edits: tuple[tuple[str, Value], ...]


PROTOCOL = 4
"""Version of all of this; both sides name it when they meet."""
_MAX_DEPTH = 20
_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def encode_text(text: str) -> str:
    r"""Return a text as it travels.

    >>> print(encode_text("Б\\"))
    =\u0411\u005c
    """
    if _PLAIN.fullmatch(text):
        return "=" + text
    out = []
    for char in text:
        code = ord(char)
        if " " <= char <= "~" and char not in '\\"':
            out.append(char)
        elif code > 0xFFFF:
            high, low = divmod(code - 0x10000, 0x400)
            out.append(f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}")
        else:
            out.append(f"\\u{code:04x}")
    return "=" + "".join(out)


def decode_text(text: str) -> str:
    r"""Return the text that travelled; surrogate pairs become one character.

    Raises:
        InvalidInput: It does not begin with ``=``.

    >>> decode_text("=\\u0411\\u005c")
    'Б\\'
    """
    if text[:1] != "=":
        raise InvalidInput("a text without its `=`")
    if "\\" not in text:
        return text[1:]
    plain = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text[1:])
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def encode_value(value: Value, depth: int = 0) -> Any:  # noqa: ANN401  # what JSON takes
    """Return a value of the shell as JSON takes it; what nests too deeply becomes its text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 1 << 53 else encode_text(str(int(value)))
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return encode_text(value)
    if depth >= _MAX_DEPTH:
        return encode_text(to_text(value))
    if isinstance(value, ShellList):
        return {"l": [encode_value(item, depth + 1) for item in value]}
    if isinstance(value, list | tuple):
        return [encode_value(item, depth + 1) for item in value]
    if isinstance(value, HashTable):
        return {
            "h": [
                [encode_value(k, depth + 1), encode_value(v, depth + 1)] for k, v in value.items()
            ]
        }
    if isinstance(value, ShellObject):
        return {
            "t": value.type.name,
            "s": encode_text(to_text(value)),
            "p": [[name, encode_value(item, depth + 1)] for name, item in value.items()],
        }
    return encode_text(to_text(value))


def decode_value(data: Any, depth: int = 0) -> Value:  # noqa: ANN401  # what JSON gave
    """Return the value of the shell that JSON data stand for.

    Raises:
        InvalidInput: They stand for none.
    """
    if depth > _MAX_DEPTH:
        raise InvalidInput("a value that nests too deeply")
    if data is None or isinstance(data, bool | int | float):
        return data
    if isinstance(data, str):
        return decode_text(data)
    if isinstance(data, list):
        return [decode_value(item, depth + 1) for item in data]
    if isinstance(data, dict) and isinstance(data.get("h"), list):
        pairs = [pair for pair in data["h"] if isinstance(pair, list) and len(pair) == 2]
        return HashTable(
            (decode_value(key, depth + 1), decode_value(value, depth + 1)) for key, value in pairs
        )
    if isinstance(data, dict) and isinstance(data.get("o"), str):
        found = data.get("e")
        edits = (
            [pair for pair in found if isinstance(pair, list)] if isinstance(found, list) else []
        )
        values = [
            (decode_text(str(pair[0])), decode_value(pair[1])) for pair in edits if len(pair) == 2
        ]
        return EditedConnector(decode_text(data["o"]), tuple(values))
    raise InvalidInput("a value of no known form")


_TEXTS = ("op", "command", "source", "exchange", "server", "home")


def decode_line(line: bytes) -> dict[str, Any]:
    """Return the request of one line.

    Raises:
        InvalidInput: It is no JSON object.
    """
    try:
        data = json.loads(line.decode("ascii").lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise InvalidInput("a line that is no ASCII JSON") from None
    if not isinstance(data, dict):
        raise InvalidInput("a line that is no JSON object")
    for name in _TEXTS:
        if not isinstance(data.get(name), str | None):
            raise InvalidInput(f"`{name}` of a line is no text")
    return data
