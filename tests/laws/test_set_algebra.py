"""Sets of addresses obey the laws of sets, exactly, over both families at once."""

from itertools import pairwise

import pytest
from hypothesis import given

from relaysim.net.address import BITS, Address
from relaysim.net.addrset import EVERYTHING, NOTHING, AddressSet
from relaysim.net.interval import cidr_blocks
from tests import strategies

sets = strategies.address_sets


@given(sets)
def test_identity_and_domination(a):
    assert a | NOTHING == a == a & EVERYTHING
    assert a & NOTHING == NOTHING
    assert a | EVERYTHING == EVERYTHING


@given(sets)
def test_idempotence(a):
    assert a | a == a == a & a
    assert a - a == NOTHING


@given(sets, sets)
def test_commutativity(a, b):
    assert a | b == b | a
    assert a & b == b & a


@given(sets, sets, sets)
def test_associativity(a, b, c):
    assert (a | b) | c == a | (b | c)
    assert (a & b) & c == a & (b & c)


@given(sets, sets, sets)
def test_distributivity(a, b, c):
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)


@given(sets, sets)
def test_absorption(a, b):
    assert a | (a & b) == a == a & (a | b)


@given(sets, sets)
def test_de_morgan(a, b):
    assert (a | b).complement() == a.complement() & b.complement()
    assert (a & b).complement() == a.complement() | b.complement()


@given(sets)
def test_complement(a):
    assert a.complement().complement() == a
    assert a | a.complement() == EVERYTHING
    assert a & a.complement() == NOTHING


@given(sets, sets)
def test_difference(a, b):
    assert a - b == a & b.complement()
    assert (a - b) | (a & b) == a


@given(sets)
def test_intervals_are_canonical(a):
    for left, right in pairwise(a.intervals):
        assert left < right
        # Neighbours that touch would be one interval.
        assert left.family < right.family or left.high + 1 < right.low
    assert AddressSet(reversed(a.intervals)) == a
    assert hash(AddressSet(a.intervals * 2)) == hash(a)


@given(sets, sets)
def test_equal_sets_have_equal_intervals(a, b):
    same = not (a - b) and not (b - a)
    assert (a.intervals == b.intervals) is same is (a == b)


@given(sets, sets)
def test_size_is_additive(a, b):
    assert (a | b).size + (a & b).size == a.size + b.size
    assert a.size == a.size_of(4) + a.size_of(6)
    assert a.complement().size == (1 << 32) + (1 << 128) - a.size


@given(sets, strategies.addresses())
def test_membership_is_that_of_any_interval(a, address):
    probes = [address]
    for interval in a:
        top = (1 << BITS[interval.family]) - 1
        ends = (interval.low - 1, interval.low, interval.high, interval.high + 1)
        probes += [Address(interval.family, value) for value in ends if 0 <= value <= top]
    for probe in probes:
        assert a.contains(probe) is any(interval.contains(probe) for interval in a)
        assert a.contains(probe) is not a.complement().contains(probe)


@given(sets, sets, strategies.addresses())
def test_membership_follows_the_operations(a, b, address):
    in_a, in_b = a.contains(address), b.contains(address)
    assert (a | b).contains(address) is (in_a or in_b)
    assert (a & b).contains(address) is (in_a and in_b)
    assert (a - b).contains(address) is (in_a and not in_b)


@given(strategies.intervals())
def test_cidr_blocks_cover_exactly_and_cannot_be_fewer_by_merging(interval):
    bits = BITS[interval.family]
    blocks = cidr_blocks(interval)
    at = interval.low
    for start, length in blocks:
        size = 1 << (bits - length)
        assert start == at
        assert start % size == 0
        at += size
    assert at == interval.high + 1
    for (start, length), (_, following) in pairwise(blocks):
        assert length != following or start % (2 << (bits - length)) != 0


@pytest.mark.parametrize("family", BITS)
def test_the_whole_space_is_one_block(family):
    (whole,) = [interval for interval in EVERYTHING if interval.family == family]
    assert cidr_blocks(whole) == [(0, 0)]
    assert whole.size == 1 << BITS[family]
