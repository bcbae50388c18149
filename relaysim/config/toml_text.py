"""Values as TOML text; the standard library only reads TOML."""

from collections.abc import Mapping
from typing import Any

__all__ = ["format_key", "format_pairs", "format_toml_string", "format_value"]

_ESCAPES = {
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def format_toml_string(text: str) -> str:
    r"""Return a TOML string that reads as ``text``.

    A name with a backslash becomes a literal string, as people write principals. A lone surrogate,
    which TOML cannot hold, becomes the replacement character.

    >>> print(format_toml_string("CONTOSO\\app"), format_toml_string('say "hi"\n'))
    'CONTOSO\app' "say \"hi\"\n"
    """
    if text.isprintable():
        if '"' not in text and "\\" not in text:
            return f'"{text}"'
        if "'" not in text:
            return f"'{text}'"
    return '"' + "".join(map(_escape, text)) + '"'


def format_key(key: str) -> str:
    """Return a key, quoted when it has to be.

    >>> format_key("max_message_size"), format_key("Max size")
    ('max_message_size', '"Max size"')
    """
    return key if key and _BARE.issuperset(key) else format_toml_string(key)


def format_value(value: Any) -> str:  # noqa: ANN401
    """Return a string, boolean, whole number, list or mapping on one line.

    >>> format_value({"ip": ["10.0.0.1"], "tls": True})
    '{ ip = ["10.0.0.1"], tls = true }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return format_toml_string(value)
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        pairs = (f"{format_key(key)} = {format_value(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }"
    return "[" + ", ".join(map(format_value, value)) + "]"


def format_pairs(table: Mapping[str, Any], *, width: int = 96) -> list[str]:
    """Return ``key = value`` lines; a list that would be longer than ``width`` is broken."""
    lines = []
    for key, value in table.items():
        line = f"{format_key(key)} = {format_value(value)}"
        if len(line) <= width or not isinstance(value, list | tuple):
            lines.append(line)
            continue
        lines.append(f"{format_key(key)} = [")
        lines += [f"  {format_value(item)}," for item in value]
        lines.append("]")
    return lines


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        return "�"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
