"""Intervals and numbers of addresses as text."""

from typing import NamedTuple

from relaysim.net.address import BITS, format_address
from relaysim.net.interval import Interval, cidr_blocks, format_interval

__all__ = [
    "NOTATIONS",
    "RangeWriting",
    "count_words",
    "format_block",
    "interval_texts",
    "plural",
    "sized_texts",
]

NOTATIONS = ("auto", "cidr", "low-high")
"""``auto`` writes a network as CIDR and anything else as low-high."""


class RangeWriting(NamedTuple):
    """How runs of addresses are to be written.

    Attributes:
        notation: One of the ``NOTATIONS``, in text.
        spreadsheet: Whether a spreadsheet will open the CSV: then no cell is a formula.
    """

    notation: str = "auto"
    spreadsheet: bool = False


_WRITTEN_OUT = 10**15


def interval_texts(interval: Interval, notation: str) -> list[str]:
    """Return an interval in one of the ``NOTATIONS``; several texts only for ``cidr``.

    >>> interval_texts(Interval(4, 0, 2), "cidr")
    ['0.0.0.0/31', '0.0.0.2']
    """
    if notation == "low-high":
        return [format_interval(interval)]
    blocks = cidr_blocks(interval)
    if notation == "cidr" or len(blocks) == 1:
        return [format_block(interval.family, low, length) for low, length in blocks]
    return [format_interval(interval)]


def sized_texts(interval: Interval, notation: str, size: int) -> list[tuple[str, str]]:
    """Return the texts of :func:`interval_texts`, each with its number of addresses in words.

    Args:
        interval: What is written.
        notation: One of the ``NOTATIONS``.
        size: The number to say where the interval is one text.

    >>> sized_texts(Interval(4, 0, 2), "cidr", 3)
    [('0.0.0.0/31', '2'), ('0.0.0.2', '1')]
    """
    texts = interval_texts(interval, notation)
    if len(texts) == 1:
        return [(texts[0], count_words(size))]
    lengths = [length for _, length in cidr_blocks(interval)]
    bits = BITS[interval.family]
    return [
        (text, count_words(1 << (bits - length)))
        for text, length in zip(texts, lengths, strict=True)
    ]


def format_block(family: int, low: int, length: int) -> str:
    """Return a network as ``low/length``, one address without the length."""
    text = format_address(family, low)
    return text if length == BITS[family] else f"{text}/{length}"


def count_words(count: int) -> str:
    """Return a number of addresses: exact with commas, or as a power of two when it is huge.

    >>> count_words(4294967296), count_words(1 << 64), count_words((1 << 128) - 5)
    ('4,294,967,296', '2^64', 'about 2^128')
    """
    if count < _WRITTEN_OUT:
        return f"{count:,}"
    bits = count.bit_length() - 1
    if count == 1 << bits:
        return f"2^{bits}"
    nearest = bits + 1 if count >> (bits - 1) == 3 else bits
    return f"about 2^{nearest}"


def plural(count: int) -> str:
    """Return the count with ``address`` or ``addresses``."""
    return f"{count_words(count)} address{'' if count == 1 else 'es'}"
