"""The property catalogue: kinds read what servers print and print what they read."""

from functools import partial

import pytest

from relaysim.errors import InvalidInput
from relaysim.model.connector import AuthMechanism, ReceiveConnector, SizeMode, TransportRole
from relaysim.model.groups import PermissionGroup
from relaysim.model.properties.catalogue import BY_KEY, BY_NAME, PROPERTIES, property_named
from relaysim.model.properties.kept import default_of, in_order, is_default, value_of, with_kept
from relaysim.model.properties.lists import GroupsKind
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.notation import parse_range, parse_socket


def kind_of(name):
    return BY_NAME[name.casefold()].kind


def connector(**fields):
    return ReceiveConnector(
        name="Relay",
        bindings=(parse_socket("0.0.0.0:25"),),
        remote_ip_ranges=(parse_range("192.0.2.10"),),
        **fields,
    )


@pytest.mark.parametrize("wanted", PROPERTIES, ids=lambda one: one.name)
def test_every_field_of_the_catalogue_is_one_of_the_model(wanted):
    fields = set(ReceiveConnector.__dataclass_fields__)
    assert (wanted.key in fields) == bool(wanted.field)
    assert BY_KEY[wanted.key] is wanted
    assert property_named(wanted.key) is wanted
    assert property_named(wanted.name.upper()) is wanted


def test_every_field_of_the_model_is_in_the_catalogue():
    fields = set(ReceiveConnector.__dataclass_fields__) - {
        "acl",
        "unknown",
        "not_shown",
        "unmodelled",
    }
    assert fields == {one.field for one in PROPERTIES if one.field}


@pytest.mark.parametrize("role", ServerRole)
@pytest.mark.parametrize("exchange", ExchangeVersion)
def test_every_default_comes_back_from_its_text(exchange, role):
    for wanted in PROPERTIES:
        value = default_of(wanted, exchange=exchange, role=role)
        if wanted.name not in ("Bindings", "RemoteIPRanges", "Banner"):
            wanted.kind.check(value)
        assert wanted.kind.parse(wanted.kind.format(value)) == value, wanted.name


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("MaxMessageSize", "10 MB (10,485,760 bytes)", 10 << 20),
        ("MaxMessageSize", "65536", 65536),
        ("ConnectionTimeout", "00:10:00", 600),
        ("ConnectionTimeout", "1.00:00:00", 86400),
        ("ConnectionTimeout", "00:10:00.0000000", 600),
        ("ConnectionTimeout", "PT1H30S", 3630),
        ("ConnectionTimeout", "P1D", 86400),
        ("TarpitInterval", "0", 0),
        ("MaxInboundConnection", "unlimited", "Unlimited"),
        ("MaxHopCount", " 60 ", 60),
        ("ProtocolLoggingLevel", "verb", "Verbose"),
        ("ProtocolLoggingLevel", "1", "Verbose"),
        ("MessageRateSource", "2", "User"),
        ("TransportRole", "16384", TransportRole.FRONTEND_TRANSPORT),
        ("TransportRole", "Frontend", TransportRole.FRONTEND_TRANSPORT),
        ("SizeEnabled", "enabled", SizeMode.ENABLED),
        ("RequireTLS", "True", True),
        ("RequireTLS", "$false", False),
        ("Comment", "$null", "$null"),
        ("TlsDomainCapabilities", "{a:None, b:None}", ("a:None", "b:None")),
        ("TlsDomainCapabilities", "a; b", ("a", "b")),
        (
            "Bindings",
            "{0.0.0.0:25, [::]:25}",
            (parse_socket("0.0.0.0:25"), parse_socket("[::]:25")),
        ),
        ("RemoteIPRanges", "192.0.2.0/24", (parse_range("192.0.2.0/24"),)),
        ("AuthMechanism", "Tls, BasicAuth", {AuthMechanism.TLS, AuthMechanism.BASIC_AUTH}),
        ("AuthMechanism", "17", {AuthMechanism.TLS, AuthMechanism.EXCHANGE_SERVER}),
        ("AuthMechanism", "None", frozenset()),
        ("AuthMechanism", "0", frozenset()),
        (
            "PermissionGroups",
            "6",
            (PermissionGroup.EXCHANGE_USERS, PermissionGroup.EXCHANGE_SERVERS),
        ),
    ],
)
def test_a_kind_reads_what_is_printed(name, text, value):
    assert kind_of(name).parse(text) == value
    assert kind_of(name).read(text) == value


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("MaxMessageSize", "1KB", "`1 KB (1,024 bytes)` is out of range (expected 65536 to"),
        ("MaxMessageSize", "much", "`much` is no size"),
        ("ConnectionTimeout", "00:00:00", "out of range (expected 00:00:01 to 1.00:00:00)"),
        ("ConnectionTimeout", "00:00:01.5", "is no time span"),
        ("ConnectionTimeout", "PT1X", "is no time span"),
        ("ConnectionTimeout", 600, "expected a time span such as `00:10:00`"),
        ("MaxHopCount", "501", "`501` is out of range (expected 1 to 500)"),
        ("MaxHopCount", "many", "`many` is no whole number"),
        ("MaxHopCount", "Unlimited", "is no whole number"),
        ("ProtocolLoggingLevel", "Loud", "unknown value `Loud` (expected None, Verbose)"),
        ("ProtocolLoggingLevel", "7", "unknown value `7`"),
        ("RequireTLS", "yes", "expected true or false, got `yes`"),
        ("RequireTLS", 1, "expected true or false"),
        ("Banner", "hello", "it must start with 220 (V-7)"),
        ("Name", "x" * 65, "it has 65 characters, at most 64 are allowed (V-7)"),
        ("Bindings", "0.0.0.0:25, ...", "the list was cut at `...`"),
        ("RemoteIPRanges", ["192.0.2.1", "192.0.2.2..."], "the list was cut at `192.0.2.2...`"),
        ("AuthMechanism", "Basic", "`Basic` is the beginning of several authentication mechanism"),
        ("AuthMechanism", "64", "`64` has an unknown authentication mechanism (64)"),
        ("AuthMechanism", "None, Tls", "`None` stands alone (V-3)"),
        ("PermissionGroups", "Custom", "`Custom` cannot be set"),
        ("PermissionGroups", "33", "unknown permission group (32)"),
        ("Comment", ["a", "b"], "one value is expected, not 2"),
        ("Comment", None, "expected a string"),
    ],
)
def test_a_kind_refuses_what_is_no_value(name, raw, message):
    with pytest.raises(InvalidInput) as caught:
        kind_of(name).read(raw)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "value", [(), ("a",), ("a;b", "c"), ("{x}",), (" a ",), ("",), ("[1]",), ("...",), ('"',)]
)
def test_a_list_of_texts_is_kept_in_one_text_without_loss(value):
    kind = kind_of("TlsDomainCapabilities")
    assert kind.parse(kind.format(value)) == value


def test_the_groups_that_a_server_shows_tell_custom_apart():
    groups = (PermissionGroup.ANONYMOUS_USERS, PermissionGroup.EXCHANGE_SERVERS)
    shown = "AnonymousUsers, ExchangeServers, Custom"
    assert GroupsKind().parse_shown(shown) == (groups, True)
    assert GroupsKind().parse_shown("5") == (groups, False)
    assert GroupsKind().parse_shown("None") == ((), False)


def test_a_value_is_the_default_the_field_or_the_kept_text():
    value = partial(value_of, exchange=ExchangeVersion.V2016, role=ServerRole.HUB)
    default = partial(is_default, exchange=ExchangeVersion.V2016, role=ServerRole.HUB)
    timeout = BY_NAME["connectiontimeout"]
    relay = connector(max_message_size=20 << 20)
    assert value(BY_NAME["maxmessagesize"], relay) == 20 << 20
    assert not default(BY_NAME["maxmessagesize"], relay)
    assert value(timeout, relay) == 600
    assert value_of(timeout, relay, exchange=ExchangeVersion.V2016, role=ServerRole.EDGE) == 300
    assert default(timeout, relay)
    kept = connector(unmodelled=with_kept((("X", "y"),), timeout, 90))
    assert kept.unmodelled == (("ConnectionTimeout", "00:01:30"), ("X", "y"))
    assert value(timeout, kept) == 90
    odd = connector(unmodelled=(("connectiontimeout", "soon"),))
    assert not default(timeout, odd)
    with pytest.raises(InvalidInput, match="`soon` is no time span"):
        value(timeout, odd)


def test_kept_properties_stand_in_the_catalogues_order_each_once():
    kept = (("Zeta", "1"), ("tarpitinterval", "0"), ("Comment", "a"), ("COMMENT", "b"))
    assert in_order(kept) == (("Comment", "b"), ("TarpitInterval", "0"), ("Zeta", "1"))
