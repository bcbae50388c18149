"""Rights: names, aliases, prefixes, versions and what is published about them."""

import pytest

from relaysim.errors import UnknownName
from relaysim.model.acl import Ace
from relaysim.model.principals import EVERYONE
from relaysim.model.rights import (
    LOG_ORDER,
    RECEIVE_RIGHTS,
    RIGHT_FACTS,
    Right,
    parse_right,
    receive_rights,
    right_named,
)
from relaysim.model.version import ExchangeVersion
from tests.oracle import tables


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("ms-Exch-SMTP-Submit", Right.SUBMIT),
        ("MS-EXCH-SMTP-SUBMIT", Right.SUBMIT),
        (" ms-exch-smtp-submit ", Right.SUBMIT),
        ("submit", Right.SUBMIT),
        ("Accept-Any-R", Right.ACCEPT_ANY_RECIPIENT),
        ("ms-Exch-SMTP-Accept-Any-R", Right.ACCEPT_ANY_RECIPIENT),
        ("accept-any-s", Right.ACCEPT_ANY_SENDER),
        ("Bypass-Anti", Right.BYPASS_ANTI_SPAM),
        ("SMTP-Accept-Exch50", Right.ACCEPT_EXCH50),
        ("accept-authoritative", Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER),
        (
            "ms-Exch-SMTP-Accept-Authoritative-Domain",
            Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
        ),
        ("ms-Exch-Accept-Exch50", Right.ACCEPT_EXCH50),
        ("Ms-Exch-SMTP-Accept-Xattr", Right.ACCEPT_XATTR),
        ("Send-As", Right.SEND_AS),
        ("send as", Right.SEND_AS),
        ("All Extended Rights", Right.ALL_EXTENDED_RIGHTS),
        ("FullControl", Right.FULL_CONTROL),
        ("Full Control", Right.FULL_CONTROL),
        ("GenericAll", Right.FULL_CONTROL),
    ],
)
def test_a_right_is_found_by_name_alias_or_unique_prefix(text, right):
    if right is None:
        with pytest.raises(UnknownName, match="beginning of several"):
            parse_right(text)
    else:
        assert parse_right(text) is right


EVERY_RIGHT = (
    "one of Submit, Accept-Any-Recipient, Accept-Any-Sender, "
    "Accept-Authoritative-Domain-Sender, Accept-Authentication-Flag, Bypass-Anti-Spam, "
    "Bypass-Message-Size-Limit, Accept-Exch50, Accept-Headers-Routing, "
    "Accept-Headers-Organization, Accept-Headers-Forest, Accept-XShadow, Accept-XProxyFrom, "
    "Accept-XSessionParams, Accept-XAttr, Accept-XSysProbe, "
    "Send-XMessageContext-ADRecipientCache, Send-XMessageContext-ExtendedProperties, "
    "Send-XMessageContext-FastIndex, Submit-For-MLS, Send-As, Send-Headers-Routing, "
    "Send-Headers-Organization, Send-Headers-Forest, Send-Exch50, Send-XShadow, "
    "All-Extended-Rights, GenericAll"
)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "Accept-Any",
            "`Accept-Any` is the beginning of several rights",
            "one of `ms-Exch-SMTP-Accept-Any-Recipient`, `ms-Exch-SMTP-Accept-Any-Sender`",
        ),
        (
            "ms-Exch-SMTP-Accept-Any-Recipent",
            "unknown right `ms-Exch-SMTP-Accept-Any-Recipent`",
            "did you mean `ms-Exch-SMTP-Accept-Any-Recipient`?",
        ),
        ("xyzzy", "unknown right `xyzzy`", EVERY_RIGHT),
        ("", "unknown right ``", EVERY_RIGHT),
    ],
)
def test_an_unknown_right_is_named_with_the_closest(text, message, hint):
    with pytest.raises(UnknownName) as caught:
        parse_right(text)
    assert [(p.message, p.hint) for p in caught.value.problems] == [(message, hint)]


def test_every_right_that_the_hint_lists_is_one():
    names = EVERY_RIGHT.removeprefix("one of ").split(", ")
    assert [parse_right(name) for name in names] == list(Right)


def test_exact_names_take_no_prefix():
    assert right_named("ms-Exch-SMTP-Submit") is Right.SUBMIT
    assert right_named("ms-Exch-Accept-Exch50") is Right.ACCEPT_EXCH50
    assert right_named("ms-Exch-SMTP-Sub") is None


@pytest.mark.parametrize("version", ExchangeVersion)
def test_each_version_knows_exactly_the_published_rights(version):
    found = [right.value for right in receive_rights(version)]
    assert sorted(found) == sorted(tables.rights_of_version(version.value))
    assert len(found) == {ExchangeVersion.V2007: 12, ExchangeVersion.V2010: 13}.get(version, 20)


def test_send_side_rights_are_no_answers():
    names = {right.value for right in Right} - {right.value for right in RECEIVE_RIGHTS}
    assert names == {*tables.SEND_SIDE, tables.ALL_EXTENDED, tables.FULL_CONTROL}


def test_facts_are_there_for_every_right_and_unique():
    assert list(RIGHT_FACTS) == list(Right)
    for field in ("token", "guid"):
        values = [getattr(f, field) for f in RIGHT_FACTS.values() if getattr(f, field)]
        assert len(values) == len(set(values))
    assert all(facts.meaning and facts.without for facts in RIGHT_FACTS.values())


def test_tokens_stand_in_the_observed_order():
    anonymous = {
        Right.SUBMIT,
        Right.ACCEPT_ANY_SENDER,
        Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER,
        Right.ACCEPT_HEADERS_ROUTING,
    }
    tokens = [RIGHT_FACTS[right].token for right in LOG_ORDER if right in anonymous]
    assert tokens == [
        "SMTPSubmit",
        "SMTPAcceptAnySender",
        "SMTPAcceptAuthoritativeDomainSender",
        "AcceptRoutingHeaders",
    ]
    assert {r for r in Right if RIGHT_FACTS[r].token} == set(LOG_ORDER)
    assert len(LOG_ORDER) == len(set(LOG_ORDER))


@pytest.mark.parametrize("right", Right)
def test_wide_entries_carry_every_right(right):
    assert Ace(EVERYONE, Right.ALL_EXTENDED_RIGHTS).carries(right)
    assert Ace(EVERYONE, Right.FULL_CONTROL).carries(right)
    assert [one for one in Right if Ace(EVERYONE, right).carries(one)] in ([right], list(Right))
