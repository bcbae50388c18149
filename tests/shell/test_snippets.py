"""Published commands parse, and do what their authors report."""

from pathlib import Path

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.management_shell import run
from relaysim.model.acl import Ace
from relaysim.model.connector import AuthMechanism
from relaysim.model.organization import find_connector
from relaysim.model.principals import parse_principal
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.rights import parse_right
from relaysim.model.version import ServerRole, parse_version
from relaysim.powershell.language.formatter import format_script
from relaysim.powershell.parser import parse_script
from tests.shell.snippet_cases import CASES

FOLDER = Path(__file__).parent / "snippets"
FIELDS = {one.name: one.field for one in PROPERTIES if one.field}
by_name = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def script(case):
    return (FOLDER / f"{case.name}.ps1").read_text("utf-8")


def test_every_script_is_a_case_with_a_source_and_a_result():
    assert sorted(case.name for case in CASES) == sorted(p.stem for p in FOLDER.glob("*.ps1"))
    assert len(CASES) >= 45
    for case in CASES:
        assert case.source
        assert case.reports
        checks = (case.shows, case.holds, case.lacks, case.gone, case.domains, case.prints)
        assert any(checks), case.name


@by_name
def test_a_published_snippet_parses_and_is_written_back(case):
    tree = parse_script(script(case))
    assert tree.end or tree.params
    assert parse_script(format_script(tree)) == tree


@by_name
def test_a_published_snippet_does_what_its_author_reports(case):
    exchange = parse_version(case.exchange)
    start = fresh_server(exchange=exchange, role=ServerRole(case.role))
    if case.before:
        role = " -TransportRole FrontendTransport" if exchange.has_front_end else ""
        prepared = run(case.before.replace("{role}", role), start)
        assert not prepared.errors
        start = prepared.organization
    result = run(script(case), start, reader=case.files.__getitem__)
    assert [error.id for error in result.errors] == list(case.errors), result.errors
    after = result.organization
    for name, properties in case.shows.items():
        actual = {key: shown(after, name, key) for key in properties}
        assert actual == properties
    for name, principal, right in case.holds:
        assert entry(principal, right, after) in find_connector(after, name).acl
    for name, principal, right in case.lacks:
        assert entry(principal, right, after) not in find_connector(after, name).acl
    names = {connector.name for connector in after.connectors}
    assert names.isdisjoint(case.gone)
    if case.domains:
        assert tuple(f"{d.name} {d.type.value}" for d in after.accepted_domains) == case.domains
    lines = iter([" ".join(line.split()) for line in result.output.splitlines()])
    missing = [line for line in case.prints if line not in lines]
    assert not missing, result.output


def entry(principal, right, organization):
    return Ace(parse_principal(principal, organization.domain), parse_right(right))


def shown(organization, name, key):
    """The text of a property, read from the model and not through the shell."""
    connector = find_connector(organization, name)
    if key == "PermissionGroups":
        groups, custom = organization.groups_of(connector)
        names = [group.value for group in groups] + ["Custom"] * custom
        return ", ".join(names) or "None"
    if key == "AuthMechanism":
        return ", ".join(one.value for one in AuthMechanism if one in connector.auth_mechanism)
    if key in {"Bindings", "RemoteIPRanges"}:
        field = {"Bindings": "bindings", "RemoteIPRanges": "remote_ip_ranges"}[key]
        return ", ".join(map(str, getattr(connector, field)))
    if key not in FIELDS:
        return dict(connector.unmodelled).get(key)
    value = getattr(connector, FIELDS[key])
    if key == "MaxMessageSize":
        return f"{value >> 20} MB ({value:,} bytes)"
    return str(getattr(value, "value", value))
