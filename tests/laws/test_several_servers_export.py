"""Laws of the export of several servers: its script builds them again, each as it was."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relaysim.builtin.fresh import fresh_like, fresh_servers
from relaysim.config.difference import changes
from relaysim.config.scripts.script_writer import export_script
from relaysim.config.serverfile import parse_server
from relaysim.config.writer import format_server
from relaysim.management_shell import run
from relaysim.model.edit import change_server, with_connectors
from relaysim.model.organization import find_connector, usual_inherited_aces
from relaysim.model.version import ExchangeVersion, ServerRole
from tests.laws.test_shell_export import canonical, loaded, reachable, slow

NAMES = ("EX01", "ex02", "Mail Hub", "EDGE-1")


@st.composite
def reachable_servers(draw):
    """Draw one to four servers side by side, each of them one that commands can build."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    parts = [draw(reachable(server=name)) for name in names]
    servers = tuple(part.only for part in parts)
    inherited = usual_inherited_aces(servers, parts[0].domain)
    return replace(parts[0], servers=servers, inherited_aces=inherited)


def each(organization):
    return [canonical(one) for one in organization.one_by_one()]


@given(reachable_servers())
@settings(slow, max_examples=10)
def test_servers_that_commands_can_build_are_built_again(organization):
    exported = export_script(organization, fresh_like(organization))
    assert exported.missing == ()
    assert exported.text.isascii()
    result = run(exported.text, fresh_like(organization))
    assert not result.errors
    assert each(result.organization) == each(organization)
    assert changes(result.organization, organization) == ()


@given(reachable_servers())
@settings(slow, max_examples=10)
def test_an_exported_script_of_several_servers_is_the_same_organization_for_c(organization):
    exported = export_script(organization, fresh_like(organization))
    with tempfile.TemporaryDirectory() as folder:
        again = loaded(exported, Path(folder))
    assert each(again) == each(organization)
    assert again.inherited_aces == organization.inherited_aces


@given(reachable_servers())
@settings(slow, max_examples=10)
def test_a_server_file_of_several_servers_reads_back_equal(organization):
    again = parse_server(format_server(organization).encode(), file="servers.toml")
    assert each(again) == each(organization)
    assert again.inherited_aces == organization.inherited_aces


@given(reachable_servers(), reachable_servers())
@settings(slow, max_examples=10)
def test_organizations_differ_where_something_differs(before, after):
    def content(organization):
        one_by_one = sorted(each(organization), key=lambda one: one[1])
        return one_by_one, organization.domain, organization.inherited_aces

    assert bool(changes(before, after)) == (content(before) != content(after))


TWO = fresh_servers(
    server=("EX01", "EDGE1"),
    exchange=(ExchangeVersion.V2016, ExchangeVersion.V2016),
    role=(ServerRole.HUB, ServerRole.EDGE),
)


def test_connectors_of_setup_that_are_not_described_stay():
    kept = find_connector(TWO, "Default Frontend EX01")
    partly = with_connectors(TWO, [replace(kept, enabled=False)], server="EX01")
    exported = export_script(partly, fresh_like(partly), complete=False)
    assert "Remove-" not in exported.text
    assert exported.missing == ()
    assert 'connector "EX01\\Client Frontend EX01"' in exported.kept
    assert '#   connector "EX01\\Client Frontend EX01"\n' in exported.text
    after = run(exported.text, fresh_like(partly)).organization
    assert len(after.servers[0].connectors) == len(TWO.servers[0].connectors)
    assert not find_connector(after, "Default Frontend EX01").enabled


@pytest.mark.parametrize("known", [(), ("permission_groups",)])
def test_entries_that_may_be_there_are_not_taken_away(known):
    connector = find_connector(TWO, "Default Frontend EX01")
    partly = replace(connector, acl=connector.acl[:1], unknown=frozenset(known or ("entries",)))
    organization = with_connectors(TWO, [partly], server="EX01")
    exported = export_script(organization, fresh_like(organization), complete=False)
    assert [line for line in exported.text.splitlines() if not line.startswith("#")] == []
    assert any("not everything is known" in line for line in exported.missing)


def test_what_no_command_sets_on_a_server_is_named():
    with_fqdn = change_server(TWO, server="EDGE1", unmodelled=(("Site", "Rome"),))
    exported = export_script(with_fqdn, fresh_like(with_fqdn))
    assert exported.missing == ('server "EDGE1": + Site Rome',)
