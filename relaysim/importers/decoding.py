"""Bytes as text: the encodings that Windows writes."""

from relaysim.errors import InvalidConfiguration, Problem

__all__ = ["decode", "is_text"]

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def _marked(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    # PowerShell marks what it writes; a text that lost its mark still shows it in its zeros.
    head = data[:64]
    if len(head) >= 4 and len(head) % 2 == 0:
        if not any(head[1::2]) and all(head[::2]):
            return "utf-16-le"
        if not any(head[::2]) and all(head[1::2]):
            return "utf-16-be"
    return None


def is_text(data: bytes) -> bool:
    """Tell whether bytes can be text at all: marked, or without the bytes that no text holds."""
    if _marked(data) is not None:
        return True
    head = data[:4096]
    return b"\0" not in head and not (head[:1] == b"\x89" or head[:2] in (b"\xff\xd8", b"MZ"))


def decode(data: bytes, *, file: str, encoding: str | None = None) -> str:
    """Return the text of a file.

    A byte order mark decides; without one it is ``encoding``, and when none is named UTF-8.

    Raises:
        InvalidConfiguration: It is not in that encoding; the hint names ``--encoding``.
    """
    marked = _marked(data)
    wanted = marked or encoding or "utf-8"
    try:
        return data.decode(wanted)
    except UnicodeDecodeError as error:
        if marked is None and encoding is None:
            message = "is not UTF-8 text, and no other encoding was named with `--encoding`"
        else:
            message = f"is not {wanted} text"
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidConfiguration(
            Problem(
                message,
                file=file,
                line=line,
                hint="an old console writes its code page: try `--encoding cp850` or "
                "`--encoding latin-1`, or export again with `-Encoding utf8`",
            )
        ) from None
    except LookupError:
        raise InvalidConfiguration(
            Problem(f"unknown encoding `{encoding}`", where="--encoding", hint="cp850, latin-1")
        ) from None
