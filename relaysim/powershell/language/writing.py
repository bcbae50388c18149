"""PowerShell that is written for somebody else to run: pure ASCII, so that no value runs as code.

A script of ours may be read in any code page, pasted into a console or mailed. Windows PowerShell
reads a file without a byte order mark in the code page of the system, in which the bytes of many
letters are quotes, and takes typographic quotes for quotes everywhere. So nothing but printable
ASCII is ever written: every other character is a number in the script and a character only when it
runs.

What is written here means the same in every version since 1.0, in every encoding. The printer of
syntax trees (:mod:`relaysim.powershell.language.formatter`) has another task: to write a tree back
as it was.

Source: PSQUOTE, PSENC, PSSTOP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput
from relaysim.lean import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "array",
    "command_line",
    "comment_text",
    "join_surrogates",
    "quote",
    "refuse_half_pairs",
    "utf16_units",
    "word",
]

_PAIR = pattern("[\ud800-\udbff][\udc00-\udfff]")
_HALF = pattern("[\ud800-\udfff]")
_WORD = pattern(r"[A-Za-z_][A-Za-z0-9_.\\-]*")
_STOP_PARSING = "--%"


def join_surrogates(text: str) -> str:
    r"""Return ``text`` with every surrogate pair as the one character that it is.

    >>> join_surrogates("\ud83d\ude00") == "\U0001f600"
    True
    """
    if _HALF.search(text) is None:
        return text
    return _PAIR.sub(
        lambda match: match.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
    )


def refuse_half_pairs(text: str) -> str:
    """Return ``text`` with its surrogate pairs joined.

    Raises:
        InvalidInput: It holds half of a pair, which no script can carry.
    """
    joined = join_surrogates(text)
    half = _HALF.search(joined)
    if half is not None:
        raise InvalidInput(
            f"`{joined}` cannot be written as PowerShell: it holds half of a surrogate pair "
            f"(U+{ord(half.group()):04X}), which is no character"
        )
    return joined


def utf16_units(text: str) -> list[int]:
    """Return the UTF-16 code units of a text, two for a character outside the BMP."""
    data = text.encode("utf-16-be", "surrogatepass")
    return [data[at] << 8 | data[at + 1] for at in range(0, len(data), 2)]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def quote(text: str) -> str:
    r"""Return ``text`` as one argument, whatever it contains and wherever it is read.

    ASCII stands in single quotes, in which nothing is expanded. Any other text stands in double
    quotes with ``$([char]0xNNNN)`` for every character that is not printable ASCII: two for one
    outside the BMP, which a reader joins. ``--%`` would begin verbatim reading although it is
    quoted (PowerShell issue 11608), so that one text is an expression.

    Raises:
        InvalidInput: The text holds half of a surrogate pair.

    >>> print(quote("It's $(here)"), quote("a\nb`"), quote("--%"))
    'It''s $(here)' "a$([char]0x000A)b``" ('--%')
    """
    if text == _STOP_PARSING:
        return f"('{text}')"
    if _is_plain(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_in_double, utf16_units(refuse_half_pairs(text)))) + '"'


def _in_double(unit: int) -> str:
    if not 0x20 <= unit <= 0x7E:
        return f"$([char]0x{unit:04X})"
    char = chr(unit)
    return f"`{char}" if char in '"`$' else char


def word(text: str) -> str:
    """Return ``text`` as one argument, without quotes where it plainly needs none.

    >>> word("Tls"), word("EX01.contoso.com"), word("$x"), word("-Name"), word("007")
    ('Tls', 'EX01.contoso.com', "'$x'", "'-Name'", "'007'")
    """
    return text if _WORD.fullmatch(text) else quote(text)


def array(texts: Iterable[str], *, empty: str = "$null") -> str:
    """Return texts as the items of an array, or ``empty`` when there is none."""
    return ",".join(map(quote, texts)) or empty


def command_line(
    name: str, arguments: Iterable[tuple[str, str]], *, confirm: bool = False, tail: str = ""
) -> str:
    r"""Return the line of a command.

    Args:
        name: The command.
        arguments: Parameters with their values as :func:`quote` and :func:`array` write them; an
            empty one belongs to a switch.
        confirm: Whether the command asks for confirmation, which the script answers.
        tail: What follows it.

    >>> command_line("Get-Item", [("Path", quote("it's"))])
    "Get-Item -Path 'it''s'\n"
    """
    words = [name, *(f"-{key} {value}" if value else f"-{key}" for key, value in arguments)]
    if confirm:
        words.append("-Confirm:$false")
    return " ".join(words) + tail + "\n"


def comment_text(text: str) -> str:
    r"""Return ``text`` for one line of a comment: what is not printable ASCII as ``\uNNNN``.

    >>> print(comment_text("caf\xe9\n"))
    caf\u00E9\u000A
    """
    if _is_plain(text):
        return text
    return "".join(
        chr(unit) if 0x20 <= unit <= 0x7E else f"\\u{unit:04X}" for unit in utf16_units(text)
    )
