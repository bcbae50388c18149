"""Generators of addresses, ranges, bindings and sets of addresses, and of their texts."""

import ipaddress

from hypothesis import strategies as st

from relaysim.net.address import BITS, Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation, Socket

SPECIAL = [
    "0.0.0.0",  # noqa: S104 - an address to ask about, nothing listens here
    "10.0.0.1",
    "127.0.0.1",
    "169.254.0.1",
    "192.168.2.55",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:192.168.2.55",
    "64:ff9b::1",
    "fe80::1",
    "2001:db8::1",
    "ff02::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
]
NEAR = {
    4: [int(ipaddress.ip_address(a)) for a in ("192.168.2.0", "192.168.2.55", "203.0.113.9")],
    6: [int(ipaddress.ip_address(a)) for a in ("2001:db8::", "2001:db8::55", "fe80::1")],
}
LENGTHS = {4: [0, 8, 16, 24, 28, 30, 31, 32], 6: [0, 10, 32, 64, 120, 127, 128]}

families = st.sampled_from([4, 6])


# Values of the net package, drawn from everything there is.


@st.composite
def addresses(draw, family=None):
    """Draw any address: special, near the usual networks, or anything."""
    family = draw(families) if family is None else family
    top = (1 << BITS[family]) - 1
    special = [int(a) for a in map(ipaddress.ip_address, SPECIAL) if a.version == family]
    value = draw(st.sampled_from(special) | st.integers(0, top) | st.integers(0, 300))
    return Address(family, min(top, max(0, value + draw(st.sampled_from([0, 0, 1, -1])))))


@st.composite
def intervals(draw, family=None):
    first = draw(addresses(family))
    top = (1 << BITS[first.family]) - 1
    length = draw(st.sampled_from([1, 2, 3, 4, 256]) | st.integers(1, top + 1))
    return Interval(first.family, first.value, min(top, first.value + length - 1))


@st.composite
def networks(draw, family=None):
    """Draw an interval that is a network, with an address inside it."""
    base = draw(addresses(family))
    host_bits = draw(st.sampled_from([0, 1, 2, 8]) | st.integers(0, BITS[base.family]))
    low = base.value >> host_bits << host_bits
    return Interval(base.family, low, low + (1 << host_bits) - 1), base.value


@st.composite
def address_ranges(draw):
    """Draw a range value in any of the four notations."""
    notation = draw(st.sampled_from(Notation))
    if notation is Notation.SINGLE:
        address = draw(addresses())
        one = Interval(address.family, address.value, address.value)
        return AddressRange(one, notation, address.value)
    if notation is Notation.LOW_HIGH:
        interval = draw(intervals())
        return AddressRange(interval, notation, interval.low)
    interval, base = draw(networks())
    return AddressRange(interval, notation, base)


@st.composite
def sockets(draw):
    return Socket(draw(addresses()), draw(st.sampled_from([1, 25, 65535]) | st.integers(1, 65535)))


# A small universe on a line of 64 addresses in each family, where sets meet all the time.
def _on_the_line(family, low, length, *, at_the_end):
    top = (1 << BITS[family]) - 1
    start = top - 63 + low if at_the_end else low
    return Interval(family, start, min(top, start + length - 1))


_small_intervals = st.builds(
    _on_the_line, families, st.integers(0, 63), st.integers(1, 12), at_the_end=st.booleans()
)
address_sets = st.builds(AddressSet, st.lists(_small_intervals | intervals(), max_size=5))


def spellings_of(interval):
    """Return every notation of an interval, as texts: one for each way to write it."""
    low, high = interval.first, interval.last
    texts = [f"{low}-{high}"]
    size = interval.size
    if size == 1:
        texts.append(str(low))
    if size & (size - 1) == 0 and interval.low % size == 0:
        length = BITS[interval.family] - (size.bit_length() - 1)
        mask = Address(interval.family, (1 << BITS[interval.family]) - size)
        texts += [f"{low}/{length}", f"{high}/{length}", f"{low}({mask})", f"{high}({mask})"]
    if interval.family == 6:
        texts += [texts[0].upper(), f"{low}%11-{high}%11"]
    return texts


def random_text_near(texts):
    """Draw valid texts with one mistake in them, and texts of the same alphabet."""
    alphabet = st.sampled_from("0123456789abcdefABCDEF.:/-()%[] x")
    broken = st.builds(_with_a_mistake, texts, st.integers(0, 40), st.text(alphabet, max_size=2))
    return broken | st.text(alphabet, max_size=30) | st.text(max_size=20)


def _with_a_mistake(text, at, junk):
    at %= len(text) + 1
    return text[:at] + junk + text[at + 1 :]
