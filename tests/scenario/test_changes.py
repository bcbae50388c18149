"""What a `set` step does to a server."""

import pytest

from relaysim import load
from relaysim.errors import InvalidInput
from relaysim.model.acl import Ace
from relaysim.model.organization import find_connector
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.rights import Right
from relaysim.scenario.changes import apply_change
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.reading.schema import Change

RELAY = Ace(ANONYMOUS_LOGON, Right.ACCEPT_ANY_RECIPIENT)


def apply(text, server="builtin:option-2"):
    body = f'format = 1\nserver = "{server}"\n[[step]]\nname = "x"\nset = {text}\n'
    scenario = parse_scenario(body.encode(), file="x.toml", resolve=load)
    change = scenario.steps[0].action
    assert isinstance(change, Change)
    return apply_change(scenario.organization, change)


def test_a_connector_is_added_or_replaced_by_name():
    table = 'bindings = "0.0.0.0:25", remote_ip_ranges = "10.0.0.1"'
    added = apply(f'{{ connector = [{{ name = "New", {table} }}] }}')
    assert [c.name for c in added.connectors][-1] == "New"
    replaced = apply(f'{{ connector = [{{ name = "CRM application", {table} }}] }}')
    assert len(replaced.connectors) == 3
    assert find_connector(replaced, "CRM Application").acl == ()


def test_groups_that_are_set_replace_the_shown_ones_and_entries_by_hand_stay():
    changed = apply('{ change = [{ name = "CRM Application", permission_groups = ["Partners"] }] }')
    connector = find_connector(changed, "CRM Application")
    groups, custom = changed.groups_of(connector)
    assert [group.value for group in groups] == ["Partners"]
    assert custom
    assert RELAY in connector.acl
    assert Ace(ANONYMOUS_LOGON, Right.SUBMIT) not in connector.acl


def test_a_change_of_one_property_keeps_every_other():
    before = find_connector(load("builtin:option-2"), "CRM Application")
    changed = apply('{ change = [{ name = "CRM Application", require_tls = true }] }')
    after = find_connector(changed, "CRM Application")
    assert after.require_tls
    assert set(after.acl) == set(before.acl)
    assert after.remote_ip_ranges == before.remote_ip_ranges


def test_entries_are_added_once_and_removed():
    entry = '{ connector = "CRM Application", user = "S-1-5-7", rights = "Accept-Any-Recipient" }'
    again = apply(f"{{ add_ace = [{entry}] }}")
    assert find_connector(again, "CRM").acl.count(RELAY) == 1
    gone = apply(f"{{ remove_ace = [{entry}] }}")
    assert RELAY not in find_connector(gone, "CRM").acl


def test_removing_comes_before_adding_so_that_one_step_can_move_an_entry():
    entry = 'connector = "CRM Application", rights = "Accept-Any-Recipient"'
    moved = apply(
        f'{{ remove_ace = [{{ user = "S-1-5-7", {entry} }}],'
        f' add_ace = [{{ user = "CONTOSO\\\\app", {entry} }}] }}'
    )
    acl = find_connector(moved, "CRM").acl
    assert RELAY not in acl
    assert any(ace.principal.name == "CONTOSO\\app" for ace in acl)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{ remove_connector = ["CRM"] }', "there is no connector `CRM`"),
        ('{ change = [{ name = "Nobody", enabled = false }] }', "there is no connector `Nobody`"),
        (
            '{ remove_ace = [{ connector = "CRM Application", user = "Everyone",'
            ' rights = "Submit" }] }',
            "has no allow entry for `Everyone` with ms-Exch-SMTP-Submit",
        ),
        (
            '{ remove_ace = [{ connector = "CRM Application", user = "S-1-5-7", rights = "Submit",'
            " deny = true }] }",
            "has no deny entry",
        ),
    ],
)
def test_what_is_not_there_cannot_be_changed(text, message):
    with pytest.raises(InvalidInput) as caught:
        apply(text)
    assert message in caught.value.problems[0].message


def test_domains_are_replaced_and_accounts_added():
    changed = apply('{ accepted_domains = ["x.example"], account = [{ name = "CONTOSO\\\\app" }] }')
    assert [domain.name for domain in changed.accepted_domains] == ["x.example"]
    assert [account.name.name for account in changed.accounts] == ["CONTOSO\\app"]


def test_the_organization_before_is_untouched():
    before = load("builtin:option-2")
    assert apply('{ remove_connector = ["CRM Application"] }') != before
    assert before == load("builtin:option-2")
