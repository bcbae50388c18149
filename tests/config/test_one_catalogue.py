"""The server file, the shell and the script writer take the same values of every property."""

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.config.scripts.script_writer import export_script
from relaysim.config.serverfile import parse_server
from relaysim.config.toml_text import format_value
from relaysim.config.writer import format_server
from relaysim.errors import InvalidInput, Problem
from relaysim.management_shell import run
from relaysim.model.organization import find_connector
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.properties.kept import value_of
from relaysim.model.properties.kinds import CountKind, FlagKind, NameKind, TextKind
from relaysim.model.properties.lists import (
    BindingListKind,
    MechanismsKind,
    RangeListKind,
    TextListKind,
)
from relaysim.model.properties.quantities import SizeKind, SpanKind
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.powershell.language.quoting import quote

FRESH = fresh_server(exchange=ExchangeVersion.SE, role=ServerRole.HUB)
HEAD = """format = 1
[organization]
exchange = "SE"
fqdn = "EX01.contoso.com"
accepted_domains = ["contoso.com"]
[[connector]]
name = "Relay"
"""
BASE = {
    "transport_role": "FrontendTransport",
    "bindings": ["0.0.0.0:2600"],
    "remote_ip_ranges": ["192.0.2.10"],
    "auth_mechanism": ["Tls"],
    # So that ChunkingEnabled has two values that are allowed (V-7).
    "binary_mime_enabled": False,
}
NEW = (
    "New-ReceiveConnector Relay -Usage Custom -TransportRole FrontendTransport "
    "-Bindings 0.0.0.0:2600 -RemoteIPRanges 192.0.2.10 -BinaryMimeEnabled $false | Out-Null; "
)
TEXTS = ("", "x", "220 x", "a; b", "it's", "y" * 70)
SPANS = {"ConnectionInactivityTimeout": "00:00:01"}
"""Another sample than the longest: a pause that is shorter than the longest session (V-7)."""
WALKED = [one for one in PROPERTIES if one.on_set and one.name not in ("Name", "PermissionGroups")]


def samples(wanted):
    """Return values of a property as texts: inside and outside of its limits, and none at all."""
    kind = wanted.kind
    if isinstance(kind, FlagKind):
        return [True, False, "soon"]
    if isinstance(kind, CountKind | SizeKind):
        edges = [kind.low, kind.high, kind.low - 1, kind.high + 1]
        sizes = ["1KB", "100MB"] if isinstance(kind, SizeKind) else []
        return [*map(str, edges), "Unlimited", *sizes, "many", "7.5x"]
    if isinstance(kind, SpanKind):
        longest = kind.format(kind.high)
        return [SPANS.get(wanted.name, longest), "00:05:01", kind.format(kind.high + 1), "soon"]
    if isinstance(kind, NameKind):
        return [*kind.names, kind.names[0].lower(), "Nope", ""]
    if isinstance(kind, MechanismsKind):
        return ["Tls", "tls", "None", "Basic", "Tls, BasicAuth", "None, Tls", "Nope"]
    if isinstance(kind, RangeListKind):
        return [["192.0.2.0/24", "198.51.100.7"], ["192.0.2.9-192.0.2.1"], ["nowhere"]]
    if isinstance(kind, BindingListKind):
        return [["0.0.0.0:2601", "[::]:2601"], ["10.0.0.9"], ["0.0.0.0:0"]]
    if isinstance(kind, TextListKind):
        return [["a.example:None", "b.example:AcceptOorgProtocol"], ["a;b"]]
    assert isinstance(kind, TextKind)
    return [one for one in TEXTS if wanted.name != "DefaultDomain"] or ["contoso.com"]


def in_server_file(wanted, raw):
    """Return the value that a server file gives the property, ``None`` when it is refused."""
    keys = {**BASE, wanted.key: raw}
    lines = "".join(f"{key} = {format_value(value)}\n" for key, value in keys.items())
    try:
        organization = parse_server((HEAD + lines).encode(), file="x")
    except InvalidInput:
        return None
    assert parse_server(format_server(organization).encode(), file="x") == organization
    return shown(organization, wanted)


def shown(organization, wanted):
    relay = find_connector(organization, "Relay")
    return value_of(wanted, relay, exchange=ExchangeVersion.SE, role=ServerRole.HUB)


def command(wanted, raw):
    texts = raw if isinstance(raw, list) else [raw]
    text = f"${raw}" if isinstance(raw, bool) else ",".join(quote(one) for one in texts)
    return f"{NEW}Set-ReceiveConnector Relay -{wanted.name} {text}"


def in_shell(wanted, raw):
    """Return the value that a command gives the property, ``None`` when it is refused."""
    result = run(command(wanted, raw), FRESH)
    return None if result.errors else shown(result.organization, wanted)


def from_script(wanted, organization):
    """Return the value after the exported script ran on a fresh server."""
    exported = export_script(organization, FRESH)
    assert exported.missing == ()
    result = run(exported.text, FRESH)
    assert not result.errors
    return shown(result.organization, wanted)


@pytest.mark.parametrize("wanted", WALKED, ids=lambda one: one.name)
def test_a_value_means_the_same_in_a_server_file_the_shell_and_an_exported_script(wanted):
    taken = 0
    for raw in samples(wanted):
        value = in_server_file(wanted, raw)
        said = f"{wanted.name} = {raw!r}"
        assert in_shell(wanted, raw) == value, said
        if value is None:
            continue
        taken += 1
        made = run(command(wanted, raw), FRESH).organization
        assert from_script(wanted, made) == value, said
    assert taken, "no sample is a value"


def test_a_property_may_be_spelled_as_exchange_spells_it():
    plain = HEAD + (
        'TransportRole = "FrontendTransport"\nBindings = "0.0.0.0:2600"\n'
        'RemoteIPRanges = "192.0.2.10"\nAUTHMECHANISM = "Tls"\nProtocolLoggingLevel = "Verbose"\n'
        'PermissionGroups = "AnonymousUsers"\n'
    )
    relay = parse_server(plain.encode(), file="x").connectors[0]
    assert str(relay.remote_ip_ranges[0]) == "192.0.2.10"
    assert relay.acl
    assert relay.unmodelled == (("ProtocolLoggingLevel", "Verbose"),)


def refused(lines):
    keys = "".join(f"{key} = {format_value(value)}\n" for key, value in BASE.items())
    with pytest.raises(InvalidInput) as caught:
        parse_server((HEAD + keys + lines).encode(), file="x")
    return [problem.text() for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('max_message_size = "1KB"\n', "x:13: connector `Relay`: max_message_size: `1 KB (1,024"),
        (
            'Bindings = "0.0.0.0:26"\n',
            "x:13: connector[0].Bindings: `Bindings` and `bindings` are the same",
        ),
        ("connection_timeout = 600\n", "expected a time span such as `00:10:00`, got `600`"),
        ('max_hop_count = "many"\n', "max_hop_count: `many` is no whole number"),
        (
            'comment = "a"\n[connector.unmodelled]\nComment = "b"\n',
            "x:15: connector `Relay`: unmodelled: Comment: `Comment` is the key `comment`",
        ),
        ('[connector.unmodelled]\nBanner = "220 b"\n', "`Banner` is the key `banner` of the"),
    ],
)
def test_a_property_is_said_once_and_within_its_limits(lines, message):
    (found,) = refused(lines)
    assert message in found


def test_a_property_that_the_version_does_not_know_is_remarked():
    text = HEAD.replace('"SE"', '"2010"') + (
        'bindings = "0.0.0.0:25"\nremote_ip_ranges = "192.0.2.1"\n'
        'auth_tarpit_interval = "00:00:05"\n'
    )
    told: list[Problem] = []
    relay = parse_server(text.encode(), file="x", notice=told.append).connectors[0]
    assert relay.unmodelled == (("AuthTarpitInterval", "00:00:05"),)
    assert [one.text() for one in told] == [
        "x:10: connector `Relay`: auth_tarpit_interval: Exchange 2010 has no AuthTarpitInterval "
        "(known from Exchange 2016 on)"
    ]
