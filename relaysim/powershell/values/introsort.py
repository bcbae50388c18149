"""Sorting in the order of .NET: what compares as equal, or in a circle, ends where it ends there.

.NET sorts short runs by insertion and longer ones around a median, so equal items of more than
sixteen do not keep their order, and texts mixed with numbers, which have no order in all, still
have one result.

Source: NETSORT
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["introsort"]

_SHORT = 16
_T = TypeVar("_T")


def introsort(items: list[_T], compare: Callable[[_T, _T], int]) -> None:
    """Sort ``items`` in place by ``compare``, which returns a negative number, 0 or a positive.

    >>> rows = ["b2", "a1", "b1", "a2"]
    >>> introsort(rows, lambda one, two: (one[0] > two[0]) - (one[0] < two[0]))
    >>> rows
    ['a1', 'a2', 'b2', 'b1']
    """
    pending = [(0, len(items), 2 * len(items).bit_length())]
    while pending:
        start, size, depth = pending.pop()
        while size > 1:
            if size <= _SHORT:
                _short(items, start, size, compare)
                break
            if depth == 0:
                _heapsort(items, start, size, compare)
                break
            depth -= 1
            pivot = _partition(items, start, size, compare)
            pending.append((start + pivot + 1, size - pivot - 1, depth))
            size = pivot


def _order(items: list[_T], one: int, two: int, compare: Callable[[_T, _T], int]) -> None:
    if compare(items[one], items[two]) > 0:
        items[one], items[two] = items[two], items[one]


def _short(items: list[_T], start: int, size: int, compare: Callable[[_T, _T], int]) -> None:
    if size == 2:
        _order(items, start, start + 1, compare)
        return
    if size == 3:
        for one, two in ((0, 1), (0, 2), (1, 2)):
            _order(items, start + one, start + two, compare)
        return
    for place in range(start + 1, start + size):
        item = items[place]
        free = place
        while free > start and compare(item, items[free - 1]) < 0:
            items[free] = items[free - 1]
            free -= 1
        items[free] = item


def _partition(items: list[_T], start: int, size: int, compare: Callable[[_T, _T], int]) -> int:
    """Put what is less than a median before it and return the median's place in the part."""
    last = size - 1
    middle = last >> 1
    for one, two in ((0, middle), (0, last), (middle, last)):
        _order(items, start + one, start + two, compare)
    pivot = items[start + middle]
    items[start + middle], items[start + last - 1] = items[start + last - 1], pivot
    left, right = 0, last - 1
    while left < right:
        left += 1
        while left < last and compare(items[start + left], pivot) < 0:
            left += 1
        right -= 1
        while right > 0 and compare(pivot, items[start + right]) < 0:
            right -= 1
        if left >= right:
            break
        one, two = start + left, start + right
        items[one], items[two] = items[two], items[one]
    if left != last - 1:
        one, two = start + left, start + last - 1
        items[one], items[two] = items[two], items[one]
    return left


def _heapsort(items: list[_T], start: int, size: int, compare: Callable[[_T, _T], int]) -> None:
    for root in range(size >> 1, 0, -1):
        _sift(items, root, size, start, compare)
    for end in range(size, 1, -1):
        one, two = start, start + end - 1
        items[one], items[two] = items[two], items[one]
        _sift(items, 1, end - 1, start, compare)


def _sift(
    items: list[_T], root: int, size: int, start: int, compare: Callable[[_T, _T], int]
) -> None:
    item = items[start + root - 1]
    while root <= size >> 1:
        child = 2 * root
        if child < size and compare(items[start + child - 1], items[start + child]) < 0:
            child += 1
        if compare(item, items[start + child - 1]) >= 0:
            break
        items[start + root - 1] = items[start + child - 1]
        root = child
    items[start + root - 1] = item
