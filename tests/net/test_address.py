"""Addresses: spellings, boundaries and what is refused."""

import pytest

from relaysim.errors import InvalidNotation
from relaysim.net.address import Address, format_address, parse_address, split_zone, unmap

TOP4 = (1 << 32) - 1
TOP6 = (1 << 128) - 1


@pytest.mark.parametrize(
    ("text", "family", "value"),
    [
        ("0.0.0.0", 4, 0),  # noqa: S104 - an address, nothing listens here
        ("0.0.0.1", 4, 1),
        ("255.255.255.254", 4, TOP4 - 1),
        ("255.255.255.255", 4, TOP4),
        (" 192.168.2.55\t", 4, 0xC0A80237),
        ("::", 6, 0),
        ("::1", 6, 1),
        ("0:0::0", 6, 0),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6, TOP6),
        ("FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFE", 6, TOP6 - 1),
        ("1::", 6, 1 << 112),
        ("1:2:3:4:5:6:7::", 6, 0x00010002000300040005000600070000),
        ("::2:3:4:5:6:7:8", 6, 0x00000002000300040005000600070008),
        ("2001:0DB8::0CD3", 6, 0x20010DB8000000000000000000000CD3),
        ("::ffff:192.0.2.1", 6, 0xFFFFC0000201),
        ("1:2:3:4:5:6:1.2.3.4", 6, 0x00010002000300040005000601020304),
        ("fe80::1%11", 6, 0xFE800000000000000000000000000001),
        ("fe80::1%eth0", 6, 0xFE800000000000000000000000000001),
    ],
)
def test_a_spelling_gives_its_address(text, family, value):
    assert parse_address(text) == Address(family, value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`` is no address (IPv4 has four octets, IPv6 has colons)"),
        ("server", "`server` is no address (IPv4 has four octets, IPv6 has colons)"),
        ("10.0.0", "`10.0.0` is no address (IPv4 has four octets, IPv6 has colons)"),
        ("10.0.0.1.2", "`10.0.0.1.2` is no address (IPv4 has four octets, IPv6 has colons)"),
        ("10.0.0.256", "`10.0.0.256` is no address (octet `256` is above 255)"),
        ("10.0.0.1000", "`10.0.0.1000` is no address (octet `1000` is above 255)"),
        ("10.0..1", "`10.0..1` is no address (octet `` is no number)"),
        ("10.0.-1.1", "`10.0.-1.1` is no address (octet `-1` is no number)"),
        ("10.0.0x1.1", "`10.0.0x1.1` is no address (octet `0x1` is no number)"),
        ("10.0.\u0661.1", "`10.0.\u0661.1` is no address (octet `\u0661` is no number)"),
        ("10.0.0.010", "`10.0.0.010` is ambiguous (octet `010` looks octal)"),
        ("10.0.0.00", "`10.0.0.00` is ambiguous (octet `00` looks octal)"),
        ("1::2::3", "`1::2::3` is no address (`::` stands twice)"),
        ("1:2:3:4:5:6:7", "`1:2:3:4:5:6:7` is no address (7 groups, IPv6 has eight)"),
        ("1:2:3:4:5:6:7:8:9", "`1:2:3:4:5:6:7:8:9` is no address (9 groups, IPv6 has eight)"),
        (
            "1:2:3:4:5:6:7:8::",
            "`1:2:3:4:5:6:7:8::` is no address (too many groups beside `::`)",
        ),
        ("12345::", "`12345::` is no address (group `12345` is no hexadecimal number)"),
        ("::g", "`::g` is no address (group `g` is no hexadecimal number)"),
        (":1", "`:1` is no address (group `` is no hexadecimal number)"),
        ("::1:", "`::1:` is no address (group `` is no hexadecimal number)"),
        (":::", "`:::` is no address (group `` is no hexadecimal number)"),
        ("::1.2.3", "`::1.2.3` is no address (IPv4 has four octets, IPv6 has colons)"),
        ("::1.2.3.04", "`::1.2.3.04` is ambiguous (octet `04` looks octal)"),
        ("fe80::1%", "`fe80::1%` is no address (the zone after `%` is empty)"),
        ("10.0.0.1%1", "`10.0.0.1%1` is no address (octet `1%1` is no number)"),
    ],
)
def test_what_is_no_address_is_named(text, message):
    with pytest.raises(InvalidNotation) as caught:
        parse_address(text)
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize("text", ["[::1]", " [fe80::1%11] "])
def test_an_address_in_brackets_has_a_hint(text):
    with pytest.raises(InvalidNotation) as caught:
        parse_address(text)
    (problem,) = caught.value.problems
    assert problem.message == f"`{text}` is no address (it stands in brackets)"
    assert problem.hint == "write IPv6 addresses without brackets here"


def test_an_octal_looking_octet_has_a_hint():
    with pytest.raises(InvalidNotation) as caught:
        parse_address("10.0.0.010")
    assert caught.value.problems[0].hint == "write octets without leading zeros"


@pytest.mark.parametrize(
    ("family", "value", "text"),
    [
        (4, 0, "0.0.0.0"),  # noqa: S104 - an address, nothing listens here
        (4, TOP4, "255.255.255.255"),
        (6, 0, "::"),
        (6, 1, "::1"),
        (6, 1 << 112, "1::"),
        (6, TOP6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        (6, 0x20010DB8000000010000000000000001, "2001:db8:0:1::1"),
        (6, 0x20010DB8000000000001000000000001, "2001:db8::1:0:0:1"),
        (6, 0x20010DB8000100010001000100010000, "2001:db8:1:1:1:1:1:0"),
        (6, 0xFFFFC0000201, "::ffff:192.0.2.1"),
        (6, 0x1FFFFC0000201, "::1:ffff:c000:201"),
    ],
)
def test_text_is_that_of_rfc_5952(family, value, text):
    assert format_address(family, value) == text
    assert str(Address(family, value)) == text


@pytest.mark.parametrize(
    ("text", "unmapped"),
    [
        ("::ffff:0.0.0.0", "0.0.0.0"),  # noqa: S104 - an address, nothing listens here
        ("::ffff:255.255.255.255", "255.255.255.255"),
        ("::fffe:ffff:ffff", "::fffe:ffff:ffff"),
        ("::1:0:0:0", "::1:0:0:0"),
        ("::192.0.2.1", "::c000:201"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_only_mapped_addresses_are_unmapped(text, unmapped):
    assert str(unmap(parse_address(text))) == unmapped


def test_addresses_are_ordered_by_family_then_number():
    texts = ["255.255.255.255", "::", "10.0.0.1", "9.0.0.0", "::1"]
    assert [str(a) for a in sorted(map(parse_address, texts))] == [
        "9.0.0.0",
        "10.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("fe80::1%11", ("fe80::1", "11")),
        ("fe80::1%", ("fe80::1", "")),
        ("fe80::1", ("fe80::1", None)),
        ("a%b%c", ("a", "b%c")),
    ],
)
def test_a_zone_is_what_follows_the_first_percent_sign(text, parts):
    assert split_zone(text) == parts
