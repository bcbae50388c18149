"""Sizes, mailboxes and ways to authenticate, as people type them."""

import pytest

from relaysim.errors import InvalidInput
from relaysim.model.session import AuthKind, parse_auth, parse_mailbox, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1", 1),
        ("10485760", 10485760),
        ("10,485,760", 10485760),
        ("1,500 KB", 1500 << 10),
        ("64KB", 65536),
        ("64 kb", 65536),
        ("10MB", 10485760),
        ("10 MB", 10485760),
        (" 10mb ", 10485760),
        ("1.5 KB", 1536),
        ("1GB", 1 << 30),
        ("2 TB", 2 << 40),
        ("7B", 7),
        ("36 MB (37,748,736 bytes)", 37748736),
        ("35.5 MB (37,224,448 bytes)", 37224448),
    ],
)
def test_a_size_is_bytes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        *("", "MB", "-1", "1.2.3", "1.", ".5MB", "10 XB", "ten", "1e6", "0x1", "1 (x bytes)", "٣"),
        *("1,5 MB", "10,48", "1,5000", ",500", "1234,567", "1,,000", "1.5,000", "1,000,"),
        "1.500,000",
    ],
)
def test_what_is_no_size_is_named(text):
    with pytest.raises(InvalidInput) as caught:
        parse_size(text)
    message = f"`{text}` is no size (expected bytes, or a number with KB, MB or GB)"
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize(
    ("text", "mailbox"),
    [
        ("app@contoso.com", "app@contoso.com"),
        ("<app@contoso.com>", "app@contoso.com"),
        (" app@contoso.com ", "app@contoso.com"),
        ("<>", ""),
        ("", ""),
        ('"a b"@contoso.com', '"a b"@contoso.com'),
        ('"a@b"@contoso.com', '"a@b"@contoso.com'),
        ("jürgen@bücher.example", "jürgen@bücher.example"),
        (f"{'a' * 308}@contoso.com", f"{'a' * 308}@contoso.com"),
    ],
)
def test_a_mailbox_loses_only_its_brackets(text, mailbox):
    assert parse_mailbox(text) == mailbox


@pytest.mark.parametrize(
    "text",
    [
        "contoso.com",
        "@contoso.com",
        "app@",
        "a b@contoso.com",
        "app@con toso.com",
        "<app@contoso.com",
        "app@contoso.com>",
        "a\x1bb@contoso.com",
    ],
)
def test_what_is_no_mailbox_is_named(text):
    with pytest.raises(InvalidInput) as caught:
        parse_mailbox(text)
    message = f"`{text}` is no SMTP address (expected `name@domain`)"
    assert [problem.message for problem in caught.value.problems] == [message]


def test_a_mailbox_has_at_most_320_characters():
    assert len(parse_mailbox(f"{'a' * 308}@contoso.com")) == 320
    with pytest.raises(InvalidInput, match="over 320 characters"):
        parse_mailbox(f"{'a' * 309}@contoso.com")


@pytest.mark.parametrize("kind", AuthKind)
def test_authentication_is_named_in_any_case(kind):
    assert parse_auth(f" {kind.value.upper()} ") is kind
    assert kind.is_account is (kind.value in ("user", "basic", "ntlm"))


def test_unknown_authentication_lists_the_kinds():
    with pytest.raises(InvalidInput) as caught:
        parse_auth("kerberos")
    assert str(caught.value) == (
        "unknown authentication `kerberos` "
        "(expected none, user, basic, ntlm, exchange, edge, legacy, partner)"
    )
