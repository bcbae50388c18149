r"""Standard output in an encoding that lacks characters, as a redirected Windows console has.

A character that the encoding lacks is written as ``\uNNNN``, two of them for one outside the BMP:
in JSON that is the same text, since everything but ASCII stands in strings there. In other output
it would pass for another name, so a warning says which words could not be shown.
"""

import codecs
import sys

__all__ = ["make_streams_safe", "warn_of_what_was_not_shown"]

_LISTED = 10
_BETWEEN = " \t\r\n,;|\"'`"
_hidden: dict[str, None] = {}


def make_streams_safe() -> None:
    """Let no character that a stream's encoding lacks end the program."""
    _hidden.clear()
    codecs.register_error("relaysim-told", _told)
    codecs.register_error("relaysim-escaped", _escaped)
    for stream, handler in ((sys.stdout, "relaysim-told"), (sys.stderr, "relaysim-escaped")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=handler)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = zip(units[::2], units[1::2], strict=True)
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in pairs), error.end


def _told(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeEncodeError):
        text = error.object
        # A document, or a piece of one that is written as it comes.
        is_json = text.lstrip(",] \n")[:1] in ("{", "[") and text.rstrip()[-1:] in tuple("}],")
        if not is_json and len(_hidden) <= _LISTED:
            _hidden[_word_at(text, error.start)] = None
    return _escaped(error)


def _word_at(text: str, at: int) -> str:
    begin = end = at
    while begin > 0 and text[begin - 1] not in _BETWEEN and at - begin < 40:
        begin -= 1
    while end < len(text) and text[end] not in _BETWEEN and end - at < 40:
        end += 1
    word = text[begin:end]
    return "".join(
        char if char.isascii() and char.isprintable() else _escaped(_error_of(char))[0]
        for char in word
    )


def _error_of(char: str) -> UnicodeEncodeError:
    return UnicodeEncodeError("ascii", char, 0, 1, "not shown")


def warn_of_what_was_not_shown() -> None:
    """Name on standard error what standard output could not show, if there was anything."""
    if not _hidden:
        return
    from relaysim.cli.notes import warn
    from relaysim.errors import Problem

    words = [*_hidden][:_LISTED]
    more = ", ..." if len(_hidden) > _LISTED else ""
    named = ", ".join(f"`{word}`" for word in words)
    encoding = getattr(sys.stdout, "encoding", "its encoding")
    _hidden.clear()
    warn(
        Problem(
            f"standard output is {encoding} and cannot show {named}{more}",
            hint="the names are written with `\\uNNNN`; `-o FORMAT:FILE` writes UTF-8, and so does "
            "standard output with `PYTHONIOENCODING=utf-8`",
        )
    )
