"""Widenings that somebody expects, written ``RANGES[:RIGHT,RIGHT]``."""

from collections.abc import Iterable

from relaysim.errors import InvalidInput, Problem
from relaysim.model.answers.catalogue import ANSWERS
from relaysim.model.decision import Answers
from relaysim.model.rights import parse_right
from relaysim.net.addrset import EVERYTHING, NOTHING, AddressSet
from relaysim.net.notation import parse_each_range
from relaysim.scenario.reading.schema import MAPPED, Allowance, normal_addresses

__all__ = ["allowed_addresses", "parse_allowance", "written_power"]

# Whether P2 is resolved hangs on AuthAs too: a change of that right keeps the right's name.
_ANSWER_OF = {answer.right.value: answer.name for answer in ANSWERS if answer.name != "resolve_p2"}


def parse_ranges(text: str) -> AddressSet:
    """Return the addresses of ranges with commas between them, mapped ones as IPv4 (S-6).

    ``nobody`` and ``none`` name no address, ``any`` every one.

    Raises:
        InvalidInput: No range, or one that cannot be read.

    >>> print(parse_ranges("10.0.0.1, 10.0.0.2"))
    10.0.0.1-10.0.0.2
    """
    if text.strip().casefold() in ("nobody", "none"):
        return NOTHING
    if text.strip().casefold() == "any":
        return EVERYTHING - MAPPED
    ranges = parse_each_range(text)
    if not ranges:
        raise InvalidInput(Problem("no range", hint="`nobody` expects none"))
    return normal_addresses(ranges)


def parse_allowance(text: str) -> Allowance:
    """Return what ``RANGES[:RIGHT,RIGHT]`` expects.

    A right is the name of an answer (``relay``) or of an extended right.

    Raises:
        InvalidInput: A range or a right that cannot be read.

    >>> sorted(parse_allowance("192.168.2.55:relay,Submit").rights)
    ['relay', 'submit']
    """
    try:
        return Allowance(text.strip(), parse_ranges(text))
    except InvalidInput:
        ranges, colon, names = text.rpartition(":")
        if not colon or names.strip()[:1].isdigit():
            raise
    words = [name.strip() for name in names.split(",") if name.strip()]
    if not words:
        raise InvalidInput(Problem("no right behind the colon", hint="without a colon all count"))
    return Allowance(text.strip(), parse_ranges(ranges), frozenset(map(_answer_or_right, words)))


def _answer_or_right(name: str) -> str:
    word = name.replace("-", "_").casefold()
    if word in Answers._fields:
        return word
    right = parse_right(name).value
    return _ANSWER_OF.get(right, right)


def written_power(wanted: bool | tuple[Allowance, ...]) -> bool | list[str]:  # noqa: FBT001  # a value of the file
    """Return what is expected of power as a file has it."""
    return wanted if isinstance(wanted, bool) else [each.text for each in wanted]


def allowed_addresses(allowances: Iterable[Allowance], right: str) -> AddressSet:
    """Return the addresses that may get a right, all allowances together."""
    found = NOTHING
    for each in allowances:
        if not each.rights or right in each.rights:
            found |= each.addresses
    return found
