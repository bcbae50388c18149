"""Bytes as text: the encodings that Windows writes."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import BinaryIO

from relaysim.errors import InvalidConfiguration, Problem

__all__ = ["decoded", "is_text"]

_CHUNK = 1 << 18
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


def decoded(
    stream: BinaryIO, *, file: str, head: bytes = b"", encoding: str | None = None
) -> Iterator[str]:
    """Yield the text of a file, some of it at a time.

    A byte order mark decides; without one it is ``encoding``, and when none is named UTF-8.

    Args:
        stream: What comes behind the head.
        file: Its name, for errors.
        head: The beginning, which was read already.
        encoding: The encoding of a text without a mark.

    Raises:
        InvalidConfiguration: It is not in that encoding; the hint names ``--encoding``.
    """
    marked = _marked(head)
    wanted = marked or encoding or "utf-8"
    try:
        decoder = getincrementaldecoder(wanted)()
    except LookupError:
        raise InvalidConfiguration(
            Problem(f"unknown encoding `{encoding}`", where="--encoding", hint="cp850, latin-1")
        ) from None
    line = 1
    data = head
    while True:
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(wanted, "ignore")
            raise _undecodable(
                file, line + good.count("\n"), wanted, told=bool(marked or encoding)
            ) from None
        if text:
            yield text
        if not data:
            return
        line += text.count("\n")
        data = stream.read(_CHUNK)


def _undecodable(file: str, line: int, wanted: str, *, told: bool) -> InvalidConfiguration:
    message = (
        f"is not {wanted} text"
        if told
        else "is not UTF-8 text, and no other encoding was named with `--encoding`"
    )
    return InvalidConfiguration(
        Problem(
            message,
            file=file,
            line=line,
            hint="an old console writes its code page: try `--encoding cp850` or "
            "`--encoding latin-1`, or export again with `-Encoding utf8`",
        )
    )
