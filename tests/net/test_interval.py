"""Intervals and the blocks they are cut into."""

import pytest

from relaysim.net.addrset import EVERYTHING, NOTHING, AddressSet
from relaysim.net.interval import ALL_IPV4, ALL_IPV6, Interval, cidr_blocks, format_interval, whole

TOP4 = (1 << 32) - 1
TOP6 = (1 << 128) - 1


@pytest.mark.parametrize(
    ("interval", "blocks"),
    [
        (Interval(4, 0, 0), [(0, 32)]),
        (Interval(4, TOP4, TOP4), [(TOP4, 32)]),
        (Interval(4, 0, 1), [(0, 31)]),
        (Interval(4, 1, 2), [(1, 32), (2, 32)]),
        (Interval(4, 1, 4), [(1, 32), (2, 31), (4, 32)]),
        (Interval(4, 0, TOP4), [(0, 0)]),
        (Interval(4, 0, TOP4 - 1), [((TOP4 << (32 - n)) & TOP4, n + 1) for n in range(32)]),
        (Interval(6, 0, TOP6), [(0, 0)]),
        (Interval(6, TOP6 - 1, TOP6), [(TOP6 - 1, 127)]),
    ],
)
def test_an_interval_is_cut_into_the_fewest_blocks(interval, blocks):
    assert cidr_blocks(interval) == blocks


def test_relations_know_the_family_and_both_ends():
    inner, outer = Interval(4, 5, 7), Interval(4, 3, 7)
    assert outer.covers(inner)
    assert not inner.covers(outer)
    assert not Interval(6, 3, 7).covers(inner)
    assert inner.overlaps(Interval(4, 7, 9))
    assert not inner.overlaps(Interval(4, 8, 9))
    assert not inner.overlaps(Interval(6, 5, 7))
    assert (inner.size, ALL_IPV4.size, ALL_IPV6.size) == (3, 1 << 32, 1 << 128)
    assert (whole(4), whole(6)) == (ALL_IPV4, ALL_IPV6)


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(4, 1, 1), "0.0.0.1"),
        (Interval(4, 1, 2), "0.0.0.1-0.0.0.2"),
        (Interval(6, 0, 1), "::-::1"),
    ],
)
def test_an_interval_is_printed_as_exchange_prints_ranges(interval, text):
    assert format_interval(interval) == str(interval) == text


def test_touching_intervals_of_one_family_merge():
    assert AddressSet([Interval(4, 3, 3), Interval(4, 1, 2)]).intervals == (Interval(4, 1, 3),)
    apart = AddressSet([Interval(4, 1, 2), Interval(4, 4, 4)])
    assert apart.intervals == (Interval(4, 1, 2), Interval(4, 4, 4))
    families = AddressSet([Interval(6, 0, 0), Interval(4, TOP4, TOP4)])
    assert families.intervals == (Interval(4, TOP4, TOP4), Interval(6, 0, 0))


def test_the_empty_and_the_full_set():
    assert not NOTHING
    assert EVERYTHING
    assert NOTHING.complement() == EVERYTHING
    assert EVERYTHING.complement() == NOTHING
    assert (NOTHING.size, EVERYTHING.size) == (0, (1 << 32) + (1 << 128))
    assert (EVERYTHING.size_of(4), EVERYTHING.size_of(6)) == (1 << 32, 1 << 128)
    assert str(NOTHING) == ""
    assert NOTHING != ()
