"""Strict decoding of ``set`` tables."""

from typing import Any

from relaysim.config.connector_properties import canonical_keys
from relaysim.config.serverfile import decode_accepted_domains, decode_account, decode_connector
from relaysim.config.tables import Table
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal, parse_principal
from relaysim.model.rights import parse_right
from relaysim.model.version import has_two_services
from relaysim.scenario.reading.keys import At
from relaysim.scenario.reading.schema import AceChange, Change, ConnectorPatch

__all__ = ["CHANGE_KEYS", "decode_change"]

CHANGE_KEYS = Change._fields
"""The keys of ``set``, in the order in which they are applied."""

_KNOWN: dict[tuple[object, ...], Change] = {}
"""Equal tables for equal servers give one object, so that what follows from it can be shared."""
_MANY = 256

_OF_SERVER = ("connector", "change", "remove_connector", "remove_ace", "add_ace")
_PATCH_HINTS = {"ace": "entries are changed with `add_ace` and `remove_ace`"}
_HINTS = {
    "connectors": "did you mean `connector`?",
    "ace": "did you mean `add_ace`?",
    "accounts": "did you mean `account`?",
    "permission_groups": "write `change = [{ name = ..., permission_groups = ... }]`",
    "organization": "only accepted domains, accounts and connectors can change",
}


def decode_change(data: Any, at: At, organization: Organization) -> Change | None:  # noqa: ANN401
    """Return the change of a ``set`` table, or ``None`` after noting why there is none.

    Equal tables give the same object.

    Args:
        data: The decoded table.
        at: The step.
        organization: Gives version, role and domain, which no step can change.
    """
    noted = len(at.problems.found)
    where = f"{at.where}: set" if at.where else "set"
    table = Table(data, at.problems, (*at.path, "set"), where)
    names = tuple(server.name for server in organization.servers)
    server = _decode_server(table, names)
    if server is None:
        return None
    organization = organization.on(server)
    key = (repr(data), names, organization.exchange, organization.role, organization.domain)
    known = _KNOWN.get(key)
    if known is not None:
        return known
    connectors = [decode_connector(entry, organization) for entry in table.tables("connector")]
    patches = [_decode_patch(entry, organization) for entry in table.tables("change")]
    removed = table.parse_list("remove_connector", str.strip, split=None)
    remove_ace = [_decode_ace(entry, organization) for entry in table.tables("remove_ace")]
    add_ace = [_decode_ace(entry, organization) for entry in table.tables("add_ace")]
    domains = decode_accepted_domains(table) if table.has("accepted_domains") else None
    accounts = [decode_account(entry, organization) for entry in table.tables("account")]
    table.finish(hints=_HINTS)
    if isinstance(data, dict) and not data:
        table.problem("nothing is changed", hint=f"name one of {', '.join(CHANGE_KEYS)}")
    if len(at.problems.found) > noted:
        return None
    change = Change(
        connector=tuple(c for c in connectors if c is not None),
        change=tuple(p for p in patches if p is not None),
        remove_connector=tuple(removed or ()),
        remove_ace=tuple(a for a in remove_ace if a is not None),
        add_ace=tuple(a for a in add_ace if a is not None),
        accepted_domains=domains,
        account=tuple(accounts),
        server=server if len(names) > 1 else None,
    )
    if len(_KNOWN) >= _MANY:
        _KNOWN.clear()
    _KNOWN[key] = change
    return change


def _decode_server(table: Table, names: tuple[str, ...]) -> str | None:
    """Return the name of the server that is changed, or ``None`` after noting why there is none."""
    given = table.get("server", str, "").strip()
    named = [name for name in names if name.casefold() == given.casefold()]
    if named:
        return named[0]
    about_server = any(table.has(key) for key in _OF_SERVER)
    if not given and (len(names) == 1 or not about_server):
        return names[0]
    what = f"unknown server `{given}`" if given else "`server` is missing: there are several"
    table.problem(what, "server" if given else None, f"one of {', '.join(names)}")
    return None


def _decode_patch(entry: Table, organization: Organization) -> ConnectorPatch | None:
    given = canonical_keys(entry.data)
    for key, hint in _PATCH_HINTS.items():
        if key in given:
            entry.problem(f"`{key}` cannot be changed here", key, hint)
            del given[key]
    # Whether the new values are valid is judged on a connector that has everything else.
    two_services = has_two_services(organization.exchange, organization.role)
    usual: dict[str, Any] = {
        "name": "",
        "bindings": ["0.0.0.0:25"],
        "remote_ip_ranges": ["0.0.0.0/0"],
        "transport_role": "FrontendTransport" if two_services else "HubTransport",
    }
    whole = Table({**usual, **given}, entry.problems, entry.path, entry.where)
    connector = decode_connector(whole, organization)
    if connector is None:
        return None
    if not given.keys() - {"name"}:
        entry.problem("no property is changed")
    return ConnectorPatch(connector.name, given)


def _decode_ace(entry: Table, organization: Organization) -> AceChange | None:
    connector = entry.get("connector", str, "").strip()
    principal: Principal | None = entry.parse(
        "user", lambda text: parse_principal(text, organization.domain), None
    )
    rights = entry.parse_list("rights", parse_right)
    deny = entry.get("deny", bool, False)
    for key in ("connector", "user", "rights"):
        if key not in entry.data:
            entry.problem(f"`{key}` is missing")
    if "connector" in entry.data and not connector:
        entry.problem("expected the name of a connector", "connector")
    if rights == [] and not entry.data["rights"]:
        entry.problem("the list is empty", "rights")
    entry.finish(hints={"right": "did you mean `rights`?", "principal": "did you mean `user`?"})
    if principal is None or not rights:
        return None
    return AceChange(connector, principal, tuple(rights), deny)
