"""Laws of the Exchange cmdlets, over random servers, connectors and commands."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from relaysim.builtin.fresh import fresh_server
from relaysim.management_shell import run
from relaysim.management_shell.running import exchange_cmdlets
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism
from relaysim.model.edit import change_server
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.organization import find_connector
from relaysim.model.principals import ANONYMOUS_LOGON, AUTHENTICATED_USERS, Principal
from relaysim.model.rights import RIGHT_FACTS, Right, receive_rights
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.powershell.language.quoting import quote

roles = st.sampled_from(ServerRole)
versions = st.sampled_from(ExchangeVersion)
servers = st.builds(
    lambda exchange, role: fresh_server(exchange=exchange, role=role), versions, roles
)
principals = st.sampled_from(
    [ANONYMOUS_LOGON, AUTHENTICATED_USERS, Principal("CONTOSO\\app"), Principal("CONTOSO\\O'Neil")]
)
names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20
).filter(lambda name: name == name.strip() and not set(name) & set("*?[]\\"))

PIECES = {
    "Bindings": ["0.0.0.0:25", "0.0.0.0:26", "10.0.0.1:25", "[::]:25", "nonsense", "0.0.0.0:0"],
    "RemoteIPRanges": ["10.0.0.5", "10.0.0.0/24", "0.0.0.0-255.255.255.255", "10.0.0.9-10.0.0.1"],
    "PermissionGroups": ["None", "AnonymousUsers", "ExchangeServers", "Custom", "Partners",
                         "'ExchangeServers, AnonymousUsers'", "ExchangeLegacyServers", "Nobody"],
    "AuthMechanism": ["None", "Tls", "ExternalAuthoritative", "'Tls, ExternalAuthoritative'",
                      "BasicAuthRequireTLS", "'Tls, ExchangeServer'", "Wrong"],
    "Fqdn": ["mail.contoso.com", "$null", "EX01"],
    "Banner": ["'220 hi'", "hello"],
    "RequireTLS": ["$true", "$false", "yes"],
    "DomainSecureEnabled": ["$true", "$false"],
    "ConnectionTimeout": ["00:01:00", "00:20:00", "junk"],
    "MaxHopCount": ["1", "0", "many"],
    "Name": ["Other", "'Default EX01'", "''"],
    "TransportRole": ["HubTransport", "FrontendTransport"],
}  # fmt: skip


@st.composite
def arguments(draw, *, without=()):
    chosen = draw(
        st.lists(st.sampled_from([name for name in PIECES if name not in without]), unique=True)
    )
    return " ".join(f"-{name} {draw(st.sampled_from(PIECES[name]))}" for name in chosen)


@st.composite
def commands(draw):
    """A command that may well be refused."""
    kind = draw(st.sampled_from(["New", "Set", "Add", "Remove"]))
    if kind == "New":
        usage = draw(st.sampled_from(["Custom", "Internet", "Internal", "Client", "Partner"]))
        rest = draw(arguments(without=("Name",)))
        return f"New-ReceiveConnector Relay -Usage {usage} {rest}"
    if kind == "Set":
        target = draw(st.sampled_from(["'Default EX01'", "'Client EX01'", "Relay"]))
        return f"Set-ReceiveConnector {target} {draw(arguments())}"
    user = draw(st.sampled_from(["S-1-5-7", "app", "Anonymous"]))
    right = draw(st.sampled_from([*(right.value for right in Right), "ms-Exch-Nothing"]))
    return f"{kind}-ADPermission 'Default EX01' -User {user} -ExtendedRights {right}"


@given(servers, commands())
def test_a_command_that_fails_changes_nothing(organization, command):
    result = run(command, organization)
    assert len(result.errors) <= 1
    if result.errors:
        assert result.organization == organization
        assert not result.unmodelled
        assert not result.assumptions
        assert result.errors[0].command == command.split()[0]


@given(servers, st.lists(commands(), max_size=6))
def test_a_connector_that_commands_made_keeps_every_rule(organization, script):
    result = run("\n".join(script), organization)
    for connector in result.organization.connectors:
        held = connector.auth_mechanism
        groups, _ = result.organization.groups_of(connector)
        if connector.externally_secured:
            assert held <= {AuthMechanism.TLS, AuthMechanism.EXTERNAL_AUTHORITATIVE}
        if connector not in organization.connectors and "Remove-AD" not in "".join(script):
            assert not connector.externally_secured or PermissionGroup.EXCHANGE_SERVERS in groups
        if AuthMechanism.BASIC_AUTH_REQUIRE_TLS in held:
            assert {AuthMechanism.BASIC_AUTH, AuthMechanism.TLS} <= held
        if connector.require_tls or connector.domain_secure_enabled:
            assert AuthMechanism.TLS in held
        assert connector.bindings
        assert connector.remote_ip_ranges
        assert 0 < len(connector.name) <= 64
    folded = [connector.name.casefold() for connector in result.organization.connectors]
    assert len(folded) == len(set(folded))


@st.composite
def connectors(draw):
    """A server whose first connector has random groups and entries beside them."""
    organization = draw(servers)
    where = {
        "exchange": organization.exchange,
        "role": organization.role,
        "domain": organization.domain,
    }
    groups = draw(st.sets(st.sampled_from(PermissionGroup)))
    if organization.role is ServerRole.EDGE:
        groups -= {PermissionGroup.EXCHANGE_LEGACY_SERVERS}
    entries = [
        ace for group in PermissionGroup if group in groups for ace in preset(group, **where)
    ]
    rights = st.sampled_from(receive_rights(organization.exchange))
    entries += draw(st.lists(st.builds(Ace, principals, rights, st.booleans()), max_size=6))
    first, *others = organization.connectors
    first = replace(first, acl=tuple(dict.fromkeys(entries)))
    return change_server(organization, connectors=(first, *others))


def shown(organization):
    groups, custom = organization.groups_of(organization.connectors[0])
    return [group.value for group in groups], custom


@given(connectors())
def test_setting_the_groups_that_are_shown_keeps_every_entry(organization):
    groups, custom = shown(organization)
    first = organization.connectors[0]
    result = run(
        f"Set-ReceiveConnector {quote(first.name)} -PermissionGroups {quote(', '.join(groups))}"
        if groups
        else f"Set-ReceiveConnector {quote(first.name)} -PermissionGroups None",
        organization,
    )
    assert not result.errors
    after = result.organization.connectors[0]
    # A group that is shown may lack its deny entries; setting it writes them again.
    added = [ace for ace in after.acl if ace not in first.acl]
    assert after.acl[: len(first.acl)] == first.acl
    assert all(ace.deny for ace in added)
    assert shown(result.organization) == (groups, custom)


@given(connectors(), st.sets(st.sampled_from(["AnonymousUsers", "ExchangeUsers", "Partners"])))
def test_setting_groups_shows_them_and_loses_no_entry_made_by_hand(organization, wanted):
    first = organization.connectors[0]
    before, _ = organization.groups_of(first)
    where = (organization.exchange, organization.role, organization.domain)
    written = {
        ace
        for group in before
        for ace in preset(group, exchange=where[0], role=where[1], domain=where[2])
    }
    result = run(
        f"Set-ReceiveConnector {quote(first.name)} -PermissionGroups "
        + (",".join(sorted(wanted)) or "None"),
        organization,
    )
    if result.errors:
        assert result.errors[0].id == "V-1"
        return
    after = result.organization.connectors[0]
    assert set(after.acl) >= set(first.acl) - written
    assert set(shown(result.organization)[0]) >= wanted


@given(connectors(), principals, st.sampled_from(Right), st.booleans())
def test_adding_a_new_entry_and_removing_it_gives_the_old_list(organization, user, right, deny):
    first = organization.connectors[0]
    named = right not in (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL)
    if named and RIGHT_FACTS[right].since > organization.exchange:
        return
    rights = f"-ExtendedRights {quote(right.value)}"
    if right is Right.ALL_EXTENDED_RIGHTS:
        rights = "-AccessRights ExtendedRight"
    elif right is Right.FULL_CONTROL:
        rights = "-AccessRights GenericAll"
    selector = f"{quote(first.name)} -User {quote(user.name)} {rights}" + " -Deny" * deny
    added = run(f"Add-ADPermission {selector}", organization)
    entry = Ace(user, right, deny)
    assert not added.errors
    assert entry in added.organization.connectors[0].acl
    removed = run(f"Remove-ADPermission {selector}", added.organization)
    expected = tuple(ace for ace in first.acl if ace != entry)
    assert removed.organization.connectors[0].acl == expected
    if entry in first.acl:
        assert added.organization == organization
        assert added.warnings
    else:
        assert removed.organization == organization


USAGES = {
    "Client": (["ExchangeUsers"], "Tls Integrated BasicAuth BasicAuthRequireTLS", 587),
    "Custom": ([], "Tls", None),
    "Internal": (["ExchangeServers", "ExchangeLegacyServers"], "Tls ExchangeServer", 25),
    "Internet": (["AnonymousUsers"], "Tls", None),
    "Partner": (["Partners"], "Tls", None),
}


@given(servers, st.sampled_from(sorted(USAGES)), st.booleans())
def test_a_usage_sets_what_is_documented_and_nothing_else(organization, usage, switch):
    # Source: NEWRC, RC16, PS565.
    groups, mechanisms, port = USAGES[usage]
    edge = organization.role is ServerRole.EDGE
    front_end = organization.exchange.has_front_end and not edge
    given = f"New-ReceiveConnector Relay {f'-{usage}' if switch else f'-Usage {usage}'}"
    given += "" if usage == "Internet" else " -RemoteIPRanges 10.0.0.5"
    given += "" if port else " -Bindings 10.0.0.1:2626"
    given += " -TransportRole FrontendTransport" * front_end
    result = run(given, organization)
    if edge and usage == "Client":
        assert result.errors[0].id == "V-5"
        return
    assert not result.errors
    relay = find_connector(result.organization, "Relay")
    names, custom = result.organization.groups_of(relay)
    expected = [name for name in groups if not (edge and name == "ExchangeLegacyServers")]
    assert [group.value for group in names] == expected
    assert not custom
    assert {one.value for one in relay.auth_mechanism} == set(mechanisms.split())
    assert str(relay.bindings[0]) == (f"0.0.0.0:{port}" if port else "10.0.0.1:2626")
    assert len(relay.bindings) == 1
    every = "0.0.0.0-255.255.255.255"
    ranges = [str(entry) for entry in relay.remote_ip_ranges]
    assert ranges == [every if usage == "Internet" else "10.0.0.5"]
    megabytes = 36 if organization.exchange.has_front_end else 10
    assert relay.max_message_size == megabytes << 20
    assert relay.max_recipients_per_message == 200
    assert relay.is_front_end is front_end
    assert not relay.enable_auth_gssapi
    assert not relay.domain_secure_enabled
    assert relay.enabled
    assert relay.unmodelled == ()


@given(servers, names)
def test_any_name_that_is_quoted_names_the_connector(organization, name):
    script = f"""$c = New-ReceiveConnector -Name {quote(name)} -Custom -Bindings 10.0.0.1:2626 `
  -RemoteIPRanges 10.0.0.5
Add-ADPermission $c.Identity -User S-1-5-7 -ExtendedRights ms-Exch-SMTP-Submit | Out-Null
Set-ReceiveConnector {quote(name)} -Comment {quote(name)}
Get-ReceiveConnector | where {{ $_.Name -eq {quote(name)} }} | Set-ReceiveConnector -Enabled $false
"""
    result = run(script, organization)
    assert not result.errors
    made = result.organization.connectors[-1]
    assert made.name == name
    assert made.unmodelled == (("Comment", name),)
    assert not made.enabled
    gone = run(f"Remove-ReceiveConnector {quote(name)}", result.organization)
    assert gone.organization == organization


VALUES = [
    "$null", "''", "' '", "0", "-1", "99999999999999999999", "25MB", "1..3", "@()",
    "@{}", "@{Add=1}", "@{Add=$null; Remove=@()}", "@{Nope=1}", "{ 1 }", "(1,(2,3))", "[string]",
    "(Get-ReceiveConnector)", "(Get-ReceiveConnector)[0]", "(Get-ADPermission 'Default*')",
    "(Get-ReceiveConnector)[0].RemoteIPRanges", "(Get-ReceiveConnector)[0].MaxMessageSize",
    "$true", "'a,b'", "'None'", "'Unlimited'", "'1.00:00:00'", "'::'", "'10.0.0.0/8'", "'*'",
    "\"`0`n\"", "'\u202e'", "(Get-AcceptedDomain)", "(Get-TransportConfig)", "'99999:1:1'",
    "'1.1.1.1.1:1'", "'0 GB'", "'\u0663'", "(Get-ADPermission (Get-ReceiveConnector)[0])[0]",
]  # fmt: skip


@st.composite
def odd_commands(draw):
    """A command with values of kinds its parameters do not expect."""
    cmdlet = draw(st.sampled_from(exchange_cmdlets()))
    chosen = draw(st.lists(st.sampled_from(cmdlet.spec.parameters), unique=True, max_size=4))
    parts = [cmdlet.spec.name]
    for parameter in chosen:
        separator = ":" if parameter.switch else " "
        parts.append(f"-{parameter.name}{separator}{draw(st.sampled_from(VALUES))}")
    piped = draw(st.sampled_from(["", *VALUES]))
    line = " ".join(parts)
    return f"{piped} | {line}" if piped else line


@given(servers, st.lists(odd_commands(), min_size=1, max_size=4))
def test_odd_values_give_only_errors(organization, script):
    result = run("\n".join(script), organization)
    for error in result.errors:
        assert error.message
    for connector in result.organization.connectors:
        assert connector.name.strip()
        assert connector.bindings
        assert all(isinstance(ace, Ace) for ace in connector.acl)
        assert all(isinstance(text, str) for pair in connector.unmodelled for text in pair)
    # Whatever was kept can be shown again.
    assert not run(
        "Get-ReceiveConnector | fl; Get-TransportConfig | fl", result.organization
    ).errors
