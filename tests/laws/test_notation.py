"""Notations: what is printed is read back, equal ranges select alike, junk raises our error."""

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from relaysim.errors import InvalidInput, InvalidNotation
from relaysim.model.session import parse_mailbox, parse_size
from relaysim.net.address import Address, parse_address, unmap
from relaysim.net.interval import format_interval
from relaysim.net.notation import format_range, format_socket, parse_range, parse_socket
from tests import strategies


@given(strategies.addresses())
def test_an_address_is_read_back_from_its_text(address):
    assert parse_address(str(address)) == address


@given(strategies.addresses())
def test_every_spelling_of_an_address_reads_as_the_standard_library_reads_it(address):
    standard = (
        ipaddress.IPv4Address(address.value)
        if address.family == 4
        else ipaddress.IPv6Address(address.value)
    )
    assert int(ipaddress.ip_address(str(address))) == address.value
    for text in (str(standard), standard.exploded, standard.exploded.upper(), f" {standard} "):
        assert parse_address(text) == address


@given(strategies.addresses(6))
def test_a_zone_says_nothing_about_the_address(address):
    assert parse_address(f"{address}%eth0") == address


@given(strategies.addresses(4))
def test_an_embedded_ipv4_address_reads_like_its_groups(address):
    mapped = parse_address(f"::ffff:{address}")
    assert mapped == parse_address(f"::ffff:{address.value >> 16:x}:{address.value & 0xFFFF:x}")
    assert unmap(mapped) == address
    assert unmap(address) == address
    assert parse_address(f"64:ff9b::{address}").value == (0x64FF9B << 96) + address.value


@given(strategies.address_ranges())
def test_a_range_is_read_back_from_its_text_in_its_notation(a_range):
    assert parse_range(format_range(a_range)) == a_range


@given(strategies.intervals())
def test_an_interval_is_read_back_as_a_range(interval):
    assert parse_range(format_interval(interval)).interval == interval


@given(strategies.sockets())
def test_a_binding_is_read_back_from_its_text(socket):
    assert parse_socket(format_socket(socket)) == socket


@given(strategies.networks() | strategies.intervals().map(lambda i: (i, i.low)), st.data())
def test_equivalent_notations_hold_the_same_addresses(network, data):
    interval, _ = network
    address = data.draw(strategies.addresses(interval.family))
    ends = [Address(interval.family, value) for value in (interval.low, interval.high)]
    for text in strategies.spellings_of(interval):
        a_range = parse_range(text)
        assert a_range.interval == interval
        assert all(a_range.contains(end) for end in ends)
        assert a_range.contains(address) is (interval.low <= address.value <= interval.high)


good_texts = (
    strategies.address_ranges().map(str)
    | strategies.sockets().map(str)
    | strategies.addresses().map(str)
)


def outcome(parse, text, error_class):
    """Return (value, None) or (None, problems); any other exception fails the test."""
    try:
        return parse(text), None
    except error_class as error:
        return None, error.problems


@given(strategies.random_text_near(good_texts))
def test_malformed_text_raises_only_our_error(text):
    for parse in (parse_address, parse_range, parse_socket):
        value, problems = outcome(parse, text, InvalidNotation)
        if problems is None:
            assert parse(str(value)) == value
        else:
            assert [problem.text().isprintable() for problem in problems] == [True]


@given(strategies.random_text_near(good_texts))
def test_an_address_is_taken_only_where_the_standard_library_takes_it(text):
    address, problems = outcome(parse_address, text, InvalidNotation)
    if problems is None:
        assert int(ipaddress.ip_address(text.strip().partition("%")[0])) == address.value


@given(st.text(max_size=30) | st.text("0123456789.,()@<> kKmMgGbB\"'ytes", max_size=20))
def test_malformed_sizes_and_mailboxes_raise_only_our_error(text):
    for parse in (parse_size, parse_mailbox):
        value, problems = outcome(parse, text, InvalidInput)
        if problems is None:
            assert parse(str(value)) == value
        else:
            assert [problem.text().isprintable() for problem in problems] == [True]


@given(st.integers(0, 1 << 50))
def test_a_size_in_bytes_and_in_the_long_form_is_itself(size):
    assert parse_size(str(size)) == parse_size(f"x KB ({size:,} bytes)") == size
