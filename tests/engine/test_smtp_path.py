"""Paths mean what RFC 5321 says, and nothing counts as a domain that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim.model.organization import domain_of
from relaysim.smtp.commands import parse_envelope
from relaysim.smtp.paths import LONGEST_PATH, parse_path, split_path
from tests.strategies import random_text_near

MEANT = [
    ("app@contoso.com", "app", "contoso.com", ()),
    ("o'brien+x@contoso.com", "o'brien+x", "contoso.com", ()),
    ('"a@b"@contoso.com', '"a@b"', "contoso.com", ("quoted",)),
    ('"a\\"b"@contoso.com', '"a\\"b"', "contoso.com", ("quoted",)),
    ('""@contoso.com', '""', "contoso.com", ("quoted",)),
    ("a%b.example@contoso.com", "a%b.example", "contoso.com", ("percent",)),
    ("b.example!a@contoso.com", "b.example!a", "contoso.com", ("bang",)),
    ("b.example!a", "b.example!a", "", ("bang", "no-domain")),
    ('"a@contoso.com"', '"a@contoso.com"', "", ("quoted", "no-domain")),
    ("postmaster", "postmaster", "", ("no-domain",)),
    ("a@[192.0.2.1]", "a", "[192.0.2.1]", ("literal",)),
    ("a@[IPv6:2001:db8::1]", "a", "[IPv6:2001:db8::1]", ("literal",)),
    ("jürgen@bücher.example", "jürgen", "bücher.example", ("international",)),
    ("@a.example:b@c.example", "b", "c.example", ("route",)),
    ("@a.example,@[192.0.2.1]:b@c.example", "b", "c.example", ("route",)),
    ("@[IPv6:::1]:b@c.example", "b", "c.example", ("route",)),
    ("", "", "", ("null",)),
]


@pytest.mark.parametrize(("text", "local", "domain", "traits"), MEANT)
def test_path_is_understood(text, local, domain, traits):
    path = parse_path(text)
    assert (path.problem, path.local, path.domain, path.traits) == ("", local, domain, traits)


BROKEN = [
    "@contoso.com",
    "a@",
    "a@b@contoso.com",
    ".a@contoso.com",
    "a.@contoso.com",
    "a..b@contoso.com",
    "a b@contoso.com",
    "a,b@contoso.com",
    'a"b"@contoso.com',
    '"a"b@contoso.com',
    '"a@contoso.com',
    "a@-b.example",
    "a@b..example",
    "a@b_.exa mple",
    "a@[300.0.0.1]",
    "a@[2001:db8::1]",
    "a@[192.0.2.1",
    "a@b.example\x07",
    "a@b.example\ud800",
    "@a.example",
    "@a.example,b.example:c@d.example",
    "@-:c@d.example",
    f"a@{'b' * 64}.example",
    f"a@{'.'.join(['b' * 60] * 5)}",
    f"{'a' * LONGEST_PATH}@b.example",
]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_path_is_refused_with_a_reason_and_no_mailbox(text):
    path = parse_path(text)
    assert path.problem
    assert path.mailbox == ""


@pytest.mark.parametrize(
    ("text", "inside", "rest"),
    [
        ("<a@b.example>", "a@b.example", ""),
        (" <a@b.example>  SIZE=1 ", "a@b.example", "SIZE=1"),
        ("a@b.example SIZE=1", "a@b.example", "SIZE=1"),
        ('<"a>b c"@d.example> X', '"a>b c"@d.example', "X"),
        ("<>", "", ""),
        ("<a@b.example", None, "<a@b.example"),
        ("<a@b.example>x", None, "<a@b.example>x"),
        ('<"a@b.example>', None, '<"a@b.example>'),
        ("", None, ""),
    ],
)
def test_brackets_are_found(text, inside, rest):
    assert split_path(text) == (inside, rest)


def test_parameters_keep_their_order_and_case_of_values():
    envelope = parse_envelope("from: <a@b.example> size=5 BODY=8bitmime SMTPUTF8", "FROM")
    assert envelope.parameters == (("SIZE", "5"), ("BODY", "8bitmime"), ("SMTPUTF8", ""))


@pytest.mark.parametrize(
    "argument",
    ["", "FROM", "TO:<a@b.example>", "FROM:", "FROM:<a@b.example", "FROM:<> =5", "FROM:<> A="],
)
def test_malformed_arguments_have_a_problem(argument):
    assert parse_envelope(argument, "FROM").problem


texts = random_text_near(st.sampled_from([text for text, *_ in MEANT]))


@given(texts)
def test_the_domain_is_always_what_stands_after_the_last_at_of_the_mailbox(text):
    path = parse_path(text)
    if path.mailbox and path.domain:
        assert path.mailbox == f"{path.local}@{path.domain}"
        assert domain_of(path.mailbox) == domain_of(f"x@{path.domain}")
    if path.problem or not path.domain:
        assert "@" not in path.mailbox or path.local.startswith('"')


@given(st.text() | texts)
def test_parsing_never_fails(text):
    inside, _rest = split_path(text)
    if inside is not None:
        parse_path(inside)
    parse_envelope(text, "TO")
