"""What a file is, told by its beginning: a server file or something that Exchange's shell wrote."""

__all__ = ["is_export", "is_large_export", "says_format"]

_LARGE = 1 << 20


def says_format(data: bytes) -> bool:
    """Tell whether a file has the line that every server file begins with."""
    # UTF-16 is looked at without its zeros, which tells as much as is asked here.
    head = data[:4096].translate(None, b" \t\0")
    head = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return head.startswith((b"format=", b"\xef\xbb\xbfformat=")) or b"\nformat=" in head


def is_export(data: bytes, source: str, encoding: str | None) -> bool:
    """Tell whether a file is something that Exchange's shell wrote, by its content."""
    from relaysim.importers.reading import looks_like_export

    return looks_like_export(data, name=source, encoding=encoding)


def is_large_export(source: str, encoding: str | None) -> bool:
    """Tell whether a large file is an export, by its beginning: it is then read as a stream."""
    from os.path import getsize  # pathlib costs start-up time here

    try:
        if getsize(source) <= _LARGE:  # noqa: PTH202
            return False
        with open(source, "rb") as file:  # noqa: PTH123
            head = file.read(_LARGE)
    except (OSError, ValueError):
        # The reading of the whole file says what is wrong.
        return False
    return not says_format(head) and is_export(head, source, encoding)
