"""Running scripts of the Exchange Management Shell in tests."""

from relaysim.builtin.fresh import fresh_server
from relaysim.management_shell import run
from relaysim.management_shell.running import rule_of
from relaysim.model.organization import find_connector
from relaysim.model.version import ServerRole, parse_version


def server(version="2007", *, role="hub"):
    return fresh_server(exchange=parse_version(version), role=ServerRole(role))


def done(text, version="2007", *, role="hub", on=None):
    """Run a script in which nothing may fail, and return what it did."""
    result = run(text, on if on is not None else server(version, role=role))
    assert [f"{error.id}: {error.message}" for error in result.errors] == []
    assert not result.terminated
    return result


def refused(text, version="2007", *, role="hub", on=None):
    """Run a script whose one error may change nothing, and return the error."""
    organization = on if on is not None else server(version, role=role)
    result = run(text, organization)
    (error,) = result.errors
    assert result.organization == organization
    return error


def connector_after(text, name="Relay", **options):
    return find_connector(done(text, **options).organization, name)


def groups_after(text, name="Relay", **options):
    organization = done(text, **options).organization
    groups, custom = organization.groups_of(find_connector(organization, name))
    return [group.value for group in groups] + ["Custom"] * custom


__all__ = ["connector_after", "done", "groups_after", "refused", "rule_of", "server"]
