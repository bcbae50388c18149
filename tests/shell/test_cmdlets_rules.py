"""How Exchange's commands refuse: what ends a statement, what a command reports, what is taken."""

import pytest

from relaysim.management_shell import run
from relaysim.model.organization import find_connector
from tests.shell.servers import connector_after, done, rule_of, server

NEW = "New-ReceiveConnector -Name Relay -Usage Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5"
ANONYMOUS = f"{NEW} -PermissionGroups AnonymousUsers"


def after(text):
    """The server after a script, for a second script."""
    return done(text).organization


def run_on(text, on=None):
    return run(text, server() if on is None else on)


CATCH = " } catch { 'caught' }; 'after'"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("Set-ReceiveConnector Relay -PermissionGroups Custom", "V-5"),
        ("Set-ReceiveConnector Relay -MaxRecipientsPerMessage 0", "ParameterOutOfRange"),
        ("Set-ReceiveConnector Relay -AuthMechanism None,Tls", "V-3"),
        ("Add-ADPermission Relay -User X -ExtendedRights ms-Exch-No-Such-Right", "RightNotFound"),
    ],
)
def test_a_value_of_the_right_type_is_refused_by_the_command(command, name):
    result = run_on(f"try {{ {command}{CATCH}", on=after(ANONYMOUS))
    assert [error.id for error in result.errors] == [name]
    assert result.output == "after\n"
    quiet = run_on(f"{command} -ErrorAction SilentlyContinue", on=after(ANONYMOUS))
    assert not quiet.errors
    stopped = run_on(f"try {{ {command} -ErrorAction Stop{CATCH}", on=after(ANONYMOUS))
    assert stopped.output == "caught\nafter\n"


def test_a_value_of_another_type_ends_the_statement():
    command = "Set-ReceiveConnector Relay -PermissionGroups Foo -ErrorAction SilentlyContinue"
    result = run_on(f"try {{ {command}{CATCH}", on=after(ANONYMOUS))
    assert result.output == "caught\nafter\n"
    assert not result.errors


def test_a_name_of_an_enumeration_is_shortened_as_far_as_it_is_unique():
    connector = connector_after(f"{NEW} -PermissionGroups Anonymous")
    assert len(connector.acl) == 4
    (error,) = run_on(f"{NEW} -AuthMechanism Basic").errors
    assert (
        "The identifier name Basic cannot be processed because it is either too similar or "
        "identical to the following enumerator names: BasicAuth, BasicAuthRequireTLS. Use a more "
        "specific identifier name."
    ) in error.message


@pytest.mark.parametrize(
    "command",
    [
        "Get-ReceiveConnector -Identity Relay -Server EX01",
        "Add-ADPermission Relay -User CONTOSO\\x -Owner CONTOSO\\y",
    ],
)
def test_parameters_of_two_sets_end_the_statement_whatever_the_error_action(command):
    result = run_on(f"{command} -ErrorAction SilentlyContinue; 'after'", on=after(ANONYMOUS))
    assert [error.id for error in result.errors] == ["AmbiguousParameterSet"]
    assert result.output == "after\n"


def test_a_place_that_belongs_to_another_set_takes_no_argument():
    (error,) = run_on("Get-ReceiveConnector Relay -Server EX01", on=after(ANONYMOUS)).errors
    assert error.id == "PositionalParameterNotFound"


def test_a_connector_without_a_usage_is_a_custom_one_without_groups():
    plain = NEW.replace(" -Usage Custom", "").replace(" -Custom", "")
    result = done(plain)
    assert "V-11" in [one.rule for one in result.assumptions]
    assert connector_after(plain) == connector_after(NEW)
    assert connector_after(plain).acl == ()
    (error,) = run_on("New-ReceiveConnector Relay").errors
    assert rule_of(error) == "V-6"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$c.PermissionGroups -eq 'exchangeusers, anonymoususers'", "True"),
        ("$c.PermissionGroups -eq 'AnonymousUsers'", "False"),
        ("$c.PermissionGroups -like '*Anonymous*'", "True"),
        ("[int]$c.PermissionGroups", "3"),
        ("$c.PermissionGroups -band 2", "2"),
        ('"$($c.PermissionGroups)"', "AnonymousUsers, ExchangeUsers"),
        ("[int]$c.AuthMechanism", "1"),
        ("[int]$c.SizeEnabled", "1"),
        ("$c.Fqdn.Domain", "EX01.contoso.com"),
        ("$c.Fqdn -eq 'ex01.contoso.com'", "True"),
        ("$c.Identity.Parent", "SMTP Receive Connectors"),
        ("$c.Identity.Depth", "12"),
        ("(Get-ExchangeServer).AdminDisplayVersion.Major", "8"),
        ("(Get-ExchangeServer).AdminDisplayVersion -like 'Version 8*'", "True"),
    ],
)
def test_values_of_a_connector_have_the_members_of_real_ones(expression, expected):
    start = after(f"{NEW} -PermissionGroups AnonymousUsers,ExchangeUsers")
    text = f"$c = Get-ReceiveConnector Relay; {expression}"
    assert done(text, on=start).output == f"{expected}\n"


def test_the_values_of_a_connector_are_taken_as_they_were_given():
    start = after(f"{NEW} -PermissionGroups AnonymousUsers,ExchangeUsers")
    text = (
        "$c = Get-ReceiveConnector Relay; Set-ReceiveConnector Relay -Fqdn $c.Fqdn "
        "-PermissionGroups $c.PermissionGroups -AuthMechanism $c.AuthMechanism "
        "-SizeEnabled $c.SizeEnabled"
    )
    same = done(text, on=start).organization
    assert find_connector(same, "Relay") == find_connector(start, "Relay")
