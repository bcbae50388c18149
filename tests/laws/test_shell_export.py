"""Laws of the export: a configuration written as commands is built again by them."""

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relaysim.builtin import BUILTINS, builtin
from relaysim.builtin.fresh import fresh_like, fresh_server
from relaysim.config.difference import changes
from relaysim.config.directive import format_directive
from relaysim.config.scripts.script_writer import export_script
from relaysim.config.source import load, script_start
from relaysim.engine.evaluate import evaluate
from relaysim.management_shell import run
from relaysim.model.acl import Ace
from relaysim.model.connector import SizeMode
from relaysim.model.edit import change_server
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.organization import AcceptedDomain, DomainType
from relaysim.model.principals import Principal
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import parse_address
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation, Socket, parse_range, parse_socket
from relaysim.powershell.language.writing import comment_text
from tests.cases import organization_of
from tests.searching import searches
from tests.strategies import plain_organizations

slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def canonical(organization):
    """What must come back: everything commands express, entries and domains as sets."""
    return (
        organization.exchange,
        organization.server,
        organization.role,
        organization.full_name,
        frozenset(
            (d.name.casefold(), d.type, d.match_sub_domains, d.label or d.name)
            for d in organization.accepted_domains
        ),
        frozenset(organization.unmodelled),
        frozenset(
            replace(
                connector,
                acl=tuple(sorted(set(connector.acl), key=repr)),
                unmodelled=tuple(sorted(connector.unmodelled)),
            )
            for connector in organization.connectors
        ),
    )


def rebuilt(organization):
    exported = export_script(organization, fresh_like(organization))
    return exported, run(exported.text, fresh_like(organization))


@pytest.mark.parametrize("name", BUILTINS)
def test_a_built_in_configuration_is_built_again(name):
    organization = builtin(name)
    exported, result = rebuilt(organization)
    assert exported.missing == ()
    assert not result.errors
    assert canonical(result.organization) == canonical(organization)


@pytest.mark.parametrize("role", ServerRole)
@pytest.mark.parametrize("exchange", ExchangeVersion)
def test_a_fresh_server_needs_no_command(exchange, role):
    fresh = fresh_server(exchange=exchange, role=role)
    exported = export_script(fresh, fresh_like(fresh))
    assert exported.missing == ()
    assert [line for line in exported.text.splitlines() if not line.startswith("#")] == []


@given(plain_organizations())
@searches(20, slow)
def test_what_an_export_does_not_bring_about_is_named(plain):
    organization = organization_of(plain)
    exported, result = rebuilt(organization)
    left = {f"{c.where}: {c.sign} {c.text}" for c in changes(result.organization, organization)}
    assert left <= set(exported.missing)
    for line in exported.missing:
        assert f"#   {comment_text(line)}\n" in exported.text
    refused = {error.message for error in result.errors}
    if not refused:
        assert not [
            line for line in left if line.startswith("connector") and "inherited" not in line
        ]


@given(plain_organizations())
@searches(20, slow)
def test_what_commands_have_built_is_built_again_completely(plain):
    _, result = rebuilt(organization_of(plain))
    reached = result.organization
    exported, again = rebuilt(reached)
    assert exported.missing == ()
    assert not again.errors
    assert canonical(again.organization) == canonical(reached)


NASTY = [
    "'",
    '"',
    "`",
    "$(",
    ")",
    "$x",
    "‘",
    "’",
    "‚",
    "”",
    "„",
    "\n",
    ";",
    "|",
    "#",
    "a",
    "E",
    " ",
    "–",
    "%",
    "*",
    "?",
    "\\",
    "[",
    "]",
    "\t",
    "\x00",
    "@{",
    "é",
]
names = st.lists(st.sampled_from(NASTY), min_size=1, max_size=12).map("".join).map(str.strip)
usable = names.filter(bool)
texts = st.one_of(names, st.text(max_size=20))


@st.composite
def reachable(draw, server="EX01"):
    """Draw a valid organization with names and texts that try to break out of their quotes."""
    version = draw(st.sampled_from(ExchangeVersion))
    role = draw(st.sampled_from([ServerRole.HUB, ServerRole.HUB, ServerRole.EDGE]))
    organization = fresh_server(exchange=version, role=role, server=server)
    where = {"exchange": version, "role": role, "domain": organization.domain}
    connectors = list(organization.connectors)
    if draw(st.booleans()):
        connectors.pop(draw(st.integers(0, len(connectors) - 1)))
    taken = {connector.name.casefold() for connector in connectors}
    for index in range(draw(st.integers(0, 3))):
        name = draw(usable)
        if name.casefold() in taken:
            continue
        taken.add(name.casefold())
        groups = draw(st.sets(st.sampled_from(PermissionGroup)))
        if role is ServerRole.EDGE:
            groups.discard(PermissionGroup.EXCHANGE_LEGACY_SERVERS)
        acl = [
            ace for group in PermissionGroup if group in groups for ace in preset(group, **where)
        ]
        acl += draw(st.lists(aces(), max_size=4))
        template = draw(st.sampled_from(organization.connectors))
        connectors.append(
            replace(
                template,
                name=name,
                enabled=draw(st.booleans()),
                bindings=(Socket(parse_socket("10.0.0.1:25").address, 3000 + index),),
                remote_ip_ranges=tuple(draw(distinct_ranges)),
                acl=tuple(draw(st.permutations(acl))),
                banner=draw(st.sampled_from(["", '220 it\'s "ready" $(1)', "220 ‘a’ `b`"])),
                max_message_size=draw(st.integers(65536, 1 << 31 - 1)),
                max_recipients_per_message=draw(st.integers(1, 512000)),
                size_enabled=draw(st.sampled_from(SizeMode)),
                unmodelled=draw(kept_properties(version)),
                **draw(switches(version)),
            )
        )
    changed = draw(st.integers(0, max(0, len(connectors) - 1)))
    if connectors and draw(st.booleans()):
        kept = (
            set(draw(st.lists(st.sampled_from(connectors[changed].acl), max_size=9)))
            if connectors[changed].acl
            else set()
        )
        connectors[changed] = replace(
            connectors[changed],
            acl=tuple(ace for ace in connectors[changed].acl if ace not in kept),
        )
    domains = organization.accepted_domains + tuple(
        AcceptedDomain(
            name=f"{index}.example",
            type=draw(st.sampled_from(DomainType)),
            label=f"{draw(usable)}{index}",
        )
        for index in range(draw(st.integers(0, 2)))
    )
    settings = [("transport configuration: MaxReceiveSize", "20 MB (20,971,520 bytes)")]
    settings += [(f"accepted domain `{d.name}`: AddressBookEnabled", "False") for d in domains]
    settings.append(("accepted domains: Default", domains[-1].name))
    return replace(
        change_server(organization, connectors=tuple(draw(st.permutations(connectors)))),
        accepted_domains=domains,
        unmodelled=tuple(one for one in settings if draw(st.booleans())),
    )


SWITCHES = {
    "delivery_status_notification_enabled": "2007",
    "enhanced_status_codes_enabled": "2007",
    "eight_bit_mime_enabled": "2007",
    "pipelining_enabled": "2007",
    "enable_auth_gssapi": "2007",
    "suppress_x_anonymous_tls": "2010",
    "smtp_utf8_enabled": "2016",
}
KEPT = [
    ("ConnectionTimeout", "00:15:00", "2007"),
    ("MaxHeaderSize", "128 KB (131,072 bytes)", "2007"),
    ("MaxInboundConnectionPerSource", "Unlimited", "2007"),
    ("MaxHopCount", "77", "2007"),
    ("ProtocolLoggingLevel", "Verbose", "2007"),
    ("RequireEHLODomain", "True", "2007"),
    ("TlsDomainCapabilities", "a.example:AcceptOorgProtocol; b.example:None", "2010"),
    ("BareLinefeedRejectionEnabled", "True", "2010"),
    ("TlsCertificateName", "<i>CN=it's $(x)<s>CN=“y”", "2013"),
    ("AuthTarpitInterval", "00:00:09", "2016"),
]


def known(since, version):
    return ExchangeVersion(since) <= version


@st.composite
def switches(draw, version):
    return {
        name: draw(st.booleans())
        for name, since in SWITCHES.items()
        if known(since, version) and draw(st.booleans())
    }


@st.composite
def kept_properties(draw, version):
    chosen = draw(st.lists(st.sampled_from(KEPT), unique=True, max_size=4))
    found = [(name, text) for name, text, since in chosen if known(since, version)]
    if draw(st.booleans()):
        found.append(("Comment", draw(texts)))
    return tuple(found)


@st.composite
def aces(draw):
    name = draw(
        st.sampled_from(
            ["S-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON", "CONTOSO\\it's $(me)", "CONTOSO\\“x”"]
        )
    )
    from relaysim.model.principals import parse_principal

    return Ace(
        parse_principal(name, "CONTOSO")
        if draw(st.booleans())
        else Principal(f"CONTOSO\\{draw(usable)}"),
        draw(
            st.sampled_from(
                [Right.SUBMIT, Right.ACCEPT_ANY_RECIPIENT, Right.BYPASS_ANTI_SPAM, Right.SEND_AS]
            )
        ),
        deny=draw(st.booleans()),
    )


@st.composite
def ranges(draw):
    base = draw(st.integers(0, 255))
    return draw(
        st.sampled_from(
            [
                parse_range(f"10.1.{base}.4"),
                parse_range(f"10.2.{base}.0/24"),
                parse_range(f"10.3.{base}.7/30"),
                parse_range(f"10.4.{base}.1-10.4.{base}.9"),
                parse_range(f"10.5.{base}.8(255.255.255.0)"),
                parse_range(f"2001:db8::{base:x}/120"),
                AddressRange(Interval(6, base, base + 5), Notation.LOW_HIGH, base),
            ]
        )
    )


# Two spellings of one network are one value in a list of ranges.
distinct_ranges = st.lists(ranges(), min_size=1, max_size=4, unique_by=lambda one: one.interval)


def loaded(exported, folder):
    """What ``-c`` makes of an exported script."""
    path = folder / "exported.ps1"
    path.write_text(exported.text, encoding="utf-8", newline="")
    return load(str(path))


@pytest.mark.parametrize("role", ServerRole)
@pytest.mark.parametrize("version", ["2007", "2010", "2016", "SE"])
def test_an_exported_script_names_the_server_it_starts_from(version, role, tmp_path):
    fresh = fresh_server(
        exchange=ExchangeVersion(version),
        role=role,
        server="MAIL16",
        domain="FABRIKAM",
        dns_domain="fabrikam.example",
        fqdn="mx.fabrikam.example",
    )
    relay = replace(
        fresh.connectors[0], name="Relay", remote_ip_ranges=(parse_range("192.168.2.55"),)
    )
    organization = change_server(fresh, connectors=(*fresh.connectors, relay))
    again = loaded(export_script(organization, fresh_like(organization)), tmp_path)
    assert canonical(again) == canonical(organization)
    assert again.domain == "FABRIKAM"
    assert again.inherited_aces == organization.inherited_aces
    for ip in ("192.168.2.55", "10.0.0.1"):
        for auth in AuthKind:
            session = Session(
                ip=parse_address(ip), auth=auth, rcpt_to=("a@b.example",), port=relay_port(relay)
            )
            assert evaluate(again, session).answers == evaluate(organization, session).answers


def relay_port(connector):
    return connector.bindings[0].port


@given(plain_organizations(), usable | texts, usable | texts)
@searches(13, slow)
def test_whatever_the_names_are_the_directive_brings_the_fresh_server_back(plain, server, domain):
    organization = replace(change_server(organization_of(plain), name=server), domain=domain)
    fresh = fresh_like(organization)
    exported = export_script(fresh, fresh)
    assert [line for line in exported.text.splitlines() if not line.startswith("#")] == []
    assert script_start(exported.text, file="x.ps1") == fresh
    assert format_directive(fresh).isprintable()


@given(reachable())
@searches(10, slow)
def test_an_exported_script_is_the_same_configuration_for_c(organization):
    exported = export_script(organization, fresh_like(organization))
    with tempfile.TemporaryDirectory() as folder:
        assert canonical(loaded(exported, Path(folder))) == canonical(organization)


@given(reachable())
@searches(20, slow)
def test_names_that_try_to_break_out_come_back_as_they_are(organization):
    exported, result = rebuilt(organization)
    assert exported.missing == ()
    assert not result.errors
    assert canonical(result.organization) == canonical(organization)


def test_a_connector_takes_the_place_that_another_one_leaves():
    fresh = fresh_server(exchange=ExchangeVersion.V2016)
    default = next(c for c in fresh.connectors if c.name == "Default Frontend EX01")
    others = tuple(c for c in fresh.connectors if c is not default)
    moved = replace(default, bindings=(parse_socket("10.0.0.2:25"),))
    new = replace(default, name="World", bindings=(parse_socket("10.0.0.1:25"),))
    organization = change_server(fresh, connectors=(new, moved, *others))
    exported, result = rebuilt(organization)
    assert exported.missing == ()
    assert canonical(result.organization) == canonical(organization)
    swapped = change_server(
        fresh,
        connectors=(
            replace(others[0], bindings=others[1].bindings),
            replace(others[1], bindings=others[0].bindings),
            default,
            *others[2:],
        ),
    )
    exported, result = rebuilt(swapped)
    assert exported.missing == ()
    assert canonical(result.organization) == canonical(swapped)


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ((("Guid", "6f1c"), ("WhenChanged", "1/2/2024 3:04:05 PM")), ["Guid 6f1c", "WhenChanged"]),
        ((("MaxHopCount", "many"),), ["MaxHopCount many"]),
        ((("AcceptConsumerMail", "True"),), ["AcceptConsumerMail True"]),
        ((("TlsCertificateName", "x"),), ["TlsCertificateName x"]),
    ],
)
def test_a_property_no_command_takes_is_named_and_costs_nothing_else(properties, named):
    organization = builtin("option-2")
    *others, relay = organization.connectors
    kept = replace(relay, unmodelled=(*properties, ("Comment", "for the CRM")))
    exported, result = rebuilt(change_server(organization, connectors=(*others, kept)))
    assert not result.errors
    made = result.organization.connectors[-1]
    assert made.unmodelled == (("Comment", "for the CRM"),)
    assert (
        canonical(result.organization)[-1]
        == canonical(
            change_server(
                organization, connectors=(*others, replace(kept, unmodelled=made.unmodelled))
            )
        )[-1]
    )
    assert len(exported.missing) == len(named)
    for line, text in zip(exported.missing, named, strict=True):
        assert line.startswith(f'connector "CRM Application": + {text}')


@pytest.mark.skipif(os.environ.get("RELAYSIM_DEEP") != "1", reason="RELAYSIM_DEEP=1 searches long")
def test_deep_export():
    """Search for RELAYSIM_DEEP_SECONDS (600) and print how many examples ran."""
    limit = float(os.environ.get("RELAYSIM_DEEP_SECONDS", "600"))
    start = time.monotonic()
    count = 0

    @given(st.one_of(reachable(), plain_organizations().map(organization_of)))
    @settings(slow, max_examples=200, derandomize=False, database=None, deadline=None)
    def search(organization):
        nonlocal count
        count += 1
        _, result = rebuilt(organization)
        exported, again = rebuilt(result.organization)
        assert exported.missing == ()
        assert not again.errors
        assert canonical(again.organization) == canonical(result.organization)

    while time.monotonic() - start < limit:
        search()
    print(f"\n{count} examples in {time.monotonic() - start:.0f} s")
    assert count > 0
