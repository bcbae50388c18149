"""Ranges in four notations and bindings: boundaries and what is refused."""

import pytest

from relaysim.errors import InvalidNotation
from relaysim.net.address import parse_address
from relaysim.net.notation import Notation, parse_range, parse_socket

END6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"


@pytest.mark.parametrize(
    ("text", "low", "high", "size", "notation"),
    [
        ("192.168.2.55", "192.168.2.55", "192.168.2.55", 1, Notation.SINGLE),
        ("192.168.2.55-192.168.2.55", "192.168.2.55", "192.168.2.55", 1, Notation.LOW_HIGH),
        ("192.168.2.55/32", "192.168.2.55", "192.168.2.55", 1, Notation.CIDR),
        ("192.168.2.55(255.255.255.255)", "192.168.2.55", "192.168.2.55", 1, Notation.NETMASK),
        ("192.168.2.55-192.168.2.56", "192.168.2.55", "192.168.2.56", 2, Notation.LOW_HIGH),
        ("192.168.2.55 - 192.168.2.56", "192.168.2.55", "192.168.2.56", 2, Notation.LOW_HIGH),
        ("192.168.2.55/31", "192.168.2.54", "192.168.2.55", 2, Notation.CIDR),
        ("192.168.1.1/24", "192.168.1.0", "192.168.1.255", 256, Notation.CIDR),
        ("192.168.8.2(255.255.255.0)", "192.168.8.0", "192.168.8.255", 256, Notation.NETMASK),
        ("10.1.2.3/8", "10.0.0.0", "10.255.255.255", 1 << 24, Notation.CIDR),
        ("9.9.9.9/0", "0.0.0.0", "255.255.255.255", 1 << 32, Notation.CIDR),  # noqa: S104
        ("9.9.9.9(0.0.0.0)", "0.0.0.0", "255.255.255.255", 1 << 32, Notation.NETMASK),  # noqa: S104
        (
            "0.0.0.0-255.255.255.255",
            "0.0.0.0",  # noqa: S104 - an address, nothing listens here
            "255.255.255.255",
            1 << 32,
            Notation.LOW_HIGH,
        ),
        ("2001:db8::1", "2001:db8::1", "2001:db8::1", 1, Notation.SINGLE),
        ("2001:db8::1/128", "2001:db8::1", "2001:db8::1", 1, Notation.CIDR),
        (f"2001:db8::1({END6})", "2001:db8::1", "2001:db8::1", 1, Notation.NETMASK),
        (
            "2001:0DB8::CD3/60",
            "2001:db8::",
            "2001:db8:0:f:ffff:ffff:ffff:ffff",
            1 << 68,
            Notation.CIDR,
        ),
        (
            "2001:db8::(ffff:ffff::)",
            "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            1 << 96,
            Notation.NETMASK,
        ),
        ("::/0", "::", END6, 1 << 128, Notation.CIDR),
        (f"::-{END6}", "::", END6, 1 << 128, Notation.LOW_HIGH),
        ("fe80::1%11-fe80::2%11", "fe80::1", "fe80::2", 2, Notation.LOW_HIGH),
        (
            "fe80::%11/10",
            "fe80::",
            "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            1 << 118,
            Notation.CIDR,
        ),
    ],
)
def test_a_notation_gives_its_range(text, low, high, size, notation):
    a_range = parse_range(text)
    assert (str(a_range.interval.first), str(a_range.interval.last)) == (low, high)
    assert a_range.size == size
    assert a_range.notation is notation


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("192.168.2.55-192.168.2.60", "192.168.2.55", "192.168.2.60"),
        ("192.168.2.1/28", "192.168.2.0", "192.168.2.15"),
        ("192.168.2.1(255.255.255.240)", "192.168.2.0", "192.168.2.15"),
        ("192.168.2.55", "192.168.2.55", "192.168.2.55"),
        ("2001:db8::5-2001:db8::9", "2001:db8::5", "2001:db8::9"),
        ("2001:db8::5/125", "2001:db8::", "2001:db8::7"),
    ],
)
def test_both_ends_are_in_and_their_neighbours_are_out(text, first, last):
    a_range = parse_range(text)
    low, high = parse_address(first), parse_address(last)
    assert a_range.contains(low)
    assert a_range.contains(high)
    assert not a_range.contains(low._replace(value=low.value - 1))
    assert not a_range.contains(high._replace(value=high.value + 1))
    other = 10 - low.family
    assert not a_range.contains(low._replace(family=other))


def test_the_whole_space_of_one_family_holds_nothing_of_the_other():
    assert not parse_range("0.0.0.0/0").contains(parse_address("::"))
    assert not parse_range("::/0").contains(parse_address("0.0.0.0"))  # noqa: S104


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2001:0DB8::CD3/60", "2001:db8::cd3/60"),
        ("192.168.1.1/24", "192.168.1.1/24"),
        ("192.168.1.1(255.255.255.0)", "192.168.1.1(255.255.255.0)"),
        ("192.168.2.1-192.168.2.1", "192.168.2.1-192.168.2.1"),
        ("FE80::1%11", "fe80::1"),
        ("9.9.9.9/0", "9.9.9.9/0"),
        ("::5(::)", "::5(::)"),
    ],
)
def test_a_range_is_printed_as_it_was_written(text, printed):
    assert str(parse_range(text)) == printed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.9-10.0.0.1", "range `10.0.0.9-10.0.0.1` is reversed"),
        ("::2-::1", "range `::2-::1` is reversed"),
        ("10.0.0.1-::1", "range `10.0.0.1-::1` mixes IPv4 and IPv6"),
        ("::1-10.0.0.1", "range `::1-10.0.0.1` mixes IPv4 and IPv6"),
        ("10.0.0.1(ffff::)", "range `10.0.0.1(ffff::)` mixes IPv4 and IPv6"),
        ("10.0.0.1(255.0.255.0)", "range `10.0.0.1(255.0.255.0)` has a mask with holes"),
        ("10.0.0.1(0.0.0.255)", "range `10.0.0.1(0.0.0.255)` has a mask with holes"),
        (
            "10.0.0.1/33",
            "`10.0.0.1/33` is no address range (prefix length `33` is not from 0 to 32)",
        ),
        ("10.0.0.1/", "`10.0.0.1/` is no address range (prefix length `` is not from 0 to 32)"),
        (
            "10.0.0.1/-1",
            "`10.0.0.1/-1` is no address range (prefix length `-1` is not from 0 to 32)",
        ),
        ("::1/129", "`::1/129` is no address range (prefix length `129` is not from 0 to 128)"),
        ("10.0.0.1)", "`10.0.0.1)` is no address range (`)` without `(`)"),
        (
            "1.0.0.0/2/8",
            "`1.0.0.0/2/8` is no address range (prefix length `2/8` is not from 0 to 32)",
        ),
        ("10.0.0.1-", "range `10.0.0.1-` has only one end"),
        ("010.0.0.1/8", "`010.0.0.1` is ambiguous (octet `010` looks octal)"),
    ],
)
def test_what_is_no_range_is_named(text, message):
    with pytest.raises(InvalidNotation) as caught:
        parse_range(text)
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_range_is_refused(text):
    with pytest.raises(InvalidNotation, match="empty"):
        parse_range(text)


def test_a_reversed_range_has_the_other_order_as_hint():
    with pytest.raises(InvalidNotation) as caught:
        parse_range("10.0.0.9-10.0.0.1")
    hint = "write `10.0.0.1-10.0.0.9`, the lower address first"
    assert caught.value.problems[0].hint == hint


@pytest.mark.parametrize(
    ("text", "address", "port", "is_any"),
    [
        ("0.0.0.0:25", "0.0.0.0", 25, True),  # noqa: S104
        ("[::]:25", "::", 25, True),
        ("[0:0::0]:587", "::", 587, True),
        ("192.168.1.10:25", "192.168.1.10", 25, False),
        ("[2001:DB8::A]:25", "2001:db8::a", 25, False),
        ("10.0.0.1:1", "10.0.0.1", 1, False),
        ("10.0.0.1:65535", "10.0.0.1", 65535, False),
    ],
)
def test_a_binding_gives_its_socket(text, address, port, is_any):
    socket = parse_socket(text)
    assert (socket.address, socket.port) == (parse_address(address), port)
    assert socket.is_any is is_any


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("10.0.0.1", "`10.0.0.1` is no binding (expected `address:port`)", None),
        (":25", "`:25` is no binding (expected `address:port`)", None),
        ("", "`` is no binding (expected `address:port`)", None),
        ("10.0.0.1:0", "`10.0.0.1:0` is no binding (port `0` is not from 1 to 65535)", None),
        (
            "10.0.0.1:65536",
            "`10.0.0.1:65536` is no binding (port `65536` is not from 1 to 65535)",
            None,
        ),
        (
            "10.0.0.1:smtp",
            "`10.0.0.1:smtp` is no binding (port `smtp` is not from 1 to 65535)",
            None,
        ),
        ("10.0.0.1:", "`10.0.0.1:` is no binding (port `` is not from 1 to 65535)", None),
        ("[::1:25", "`[::1:25` is no binding (`[` without `]`)", None),
        ("[10.0.0.1]:25", "`[10.0.0.1]:25` is no binding (brackets hold an IPv6 address)", None),
        (
            "::1:25",
            "`::1:25` is no binding (an IPv6 address needs brackets)",
            "write `[::1]:25`",
        ),
        ("x:25", "`x` is no address (IPv4 has four octets, IPv6 has colons)", None),
    ],
)
def test_what_is_no_binding_is_named(text, message, hint):
    with pytest.raises(InvalidNotation) as caught:
        parse_socket(text)
    assert [(p.message, p.hint) for p in caught.value.problems] == [(message, hint)]
