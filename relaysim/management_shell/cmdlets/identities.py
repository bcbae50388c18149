"""From what a command is given to the connector, server or principal it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput, UnknownName, closest
from relaysim.management_shell.roster import roster_of
from relaysim.management_shell.state import Refused
from relaysim.management_shell.values.connector_objects import (
    ConnectorSnapshot,
    distinguished_name,
    identity_text,
)
from relaysim.model.organization import find_server
from relaysim.model.principals import Principal, parse_principal
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import written_text
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import ShellObject, Value

if TYPE_CHECKING:
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization

__all__ = [
    "FoundConnector",
    "connectors_like",
    "connectors_named",
    "one_connector",
    "principal_named",
    "server_named",
    "to_identity",
    "to_name",
    "to_server",
]


class FoundConnector(NamedTuple):
    """A connector where it is.

    Attributes:
        organization: The organization with only the connector's server.
        connector: The connector.
    """

    organization: Organization
    connector: ReceiveConnector

    @property
    def server(self) -> str:
        """Name of the server."""
        return self.organization.server

    @property
    def identity(self) -> str:
        r"""The identity, ``SERVER\Name``."""
        return identity_text(self.organization, self.connector.name)


def to_name(value: Value) -> str:
    """Return an argument that names something, as text.

    Raises:
        ConversionError: Nothing, or several things.
    """
    if isinstance(value, list):
        raise ConversionError("one name is expected, not several", id="CannotConvertArgument")
    text = written_text(value).strip()
    if not text:
        raise ConversionError("the name is empty", id="ParameterArgumentIsNull")
    return text


def to_identity(value: Value) -> str:
    """Return what names a connector: an object of the shell by its identity, text as it is."""
    if isinstance(value, ShellObject):
        if isinstance(value.base, ConnectorSnapshot):
            return identity_text(value.base.organization, value.base.connector.name)
        if value.type.text is None and "Identity" in value:
            return to_name(value.get("Identity"))
    return to_name(value)


def to_server(value: Value) -> str:
    """Return what names a server: an object of the shell by its name, text as it is.

    Raises:
        ConversionError: It is a connector, or names nothing.
    """
    if isinstance(value, ShellObject) and isinstance(value.base, ConnectorSnapshot):
        raise ConversionError("a server is expected, not a connector", id="CannotConvertArgument")
    return to_name(value)


def _on_server(view: Organization, wanted: str) -> ReceiveConnector | None:
    r"""Return the connector of this name, ``SERVER\Name`` or distinguished name, in any case.

    Args:
        view: The organization with only one server.
        wanted: The identity.
    """
    roster = roster_of(view.only)
    folded = wanted.casefold()
    names = [folded]
    for server in (view.server, view.full_name):
        before = f"{server}\\".casefold()
        if folded.startswith(before):
            names.append(folded[len(before) :])
    if folded.startswith("cn="):
        begin, _, end = distinguished_name(view, "\0").casefold().partition("\0")
        if folded.startswith(begin) and folded.endswith(end):
            names.append(folded[len(begin) : -len(end)].replace("\\,", ","))
    found = (roster.named(name) for name in names)
    return next((connector for connector in found if connector is not None), None)


def connectors_named(organization: Organization, wanted: str) -> list[FoundConnector]:
    r"""Return the connectors that an identity without wildcards means.

    ``SERVER\Name`` and a distinguished name mean one at most, a name one on each server.
    """
    found = [(view, _on_server(view, wanted)) for view in organization.one_by_one()]
    return [FoundConnector(view, connector) for view, connector in found if connector is not None]


def connectors_like(organization: Organization, wanted: str) -> list[FoundConnector]:
    r"""Return the connectors that an identity with wildcards means, none if none match.

    A pattern with ``\`` is compared with ``SERVER\Name``, any other with the name.
    """
    places = [
        FoundConnector(view, connector)
        for view in organization.one_by_one()
        for connector in view.connectors
    ]
    return [
        place
        for place in places
        if matches_wildcard(place.identity if "\\" in wanted else place.connector.name, wanted)
    ]


def one_connector(organization: Organization, wanted: str) -> FoundConnector:
    r"""Return the connector that an identity means: its name, ``SERVER\Name`` or DN, in any case.

    Raises:
        Refused: There is none, or one on each of several servers.
    """
    found = connectors_named(organization, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(
            f"`{wanted}` is a receive connector of several servers",
            "ObjectAmbiguous",
            target=wanted,
            hint="name the server: " + ", ".join(f"`{place.identity}`" for place in found),
        )
    several = len(organization.servers) > 1
    places = [
        (server.name, connector.name)
        for server in organization.servers
        for connector in server.connectors
    ]
    names = [f"{server}\\{name}" if several else name for server, name in places]
    near = closest(wanted if several else wanted.rpartition("\\")[2], names) or closest(
        wanted, [name for _, name in places]
    )
    if has_wildcard(wanted) and connectors_like(organization, wanted):
        hint = "wildcards are for Get-ReceiveConnector: pipe what it finds into this command"
    elif near:
        hint = f"did you mean `{near}`?"
    else:
        hint = f"connectors here: {', '.join(names) or 'none'}"
    where = "any server" if several else f"`{organization.server}`"
    raise Refused(
        f"there is no receive connector `{wanted}` on {where}",
        "ObjectNotFound",
        target=wanted,
        hint=hint,
    )


def server_named(organization: Organization, server: str) -> Organization:
    """Return the organization with only the server of this name or full name.

    Raises:
        Refused: There is none.
    """
    try:
        return organization.on(find_server(organization, server).name)
    except UnknownName:
        names = ", ".join(f"`{one.name}`" for one in organization.servers)
        several = len(organization.servers) > 1
        raise Refused(
            f"there is no server `{server}`",
            "ServerNotFound",
            target=server,
            hint=f"the server of this configuration is {names}"
            if not several
            else f"servers here: {names}",
        ) from None


_ALIASES = {"an": "S-1-5-7", "au": "S-1-5-11", "wd": "S-1-1-0", "sy": "S-1-5-18"}
"""Two-letter names of well-known principals. Source: ADTASK."""


def principal_named(organization: Organization, text: str) -> Principal:
    """Return the principal that ``-User`` names.

    A bare name is an account or group of the organization's domain; an SMTP address is the account
    that has it, if it is known.

    Raises:
        Refused: The name resolves to nothing in a real organization either.

    Source: ADTASK, ADDADP.
    """
    name = text.strip()
    if name.casefold() in {"anonymous", "anonymoususers", "nt authority\\anonymous"}:
        raise Refused(
            f"`{text}` names no security principal",
            "PrincipalNotFound",
            target=text,
            hint="write `NT AUTHORITY\\ANONYMOUS LOGON`",
        )
    try:
        found = parse_principal(_ALIASES.get(name.casefold(), name), organization.domain)
    except InvalidInput as error:
        raise Refused(error.problems[0].message, "PrincipalNotFound", target=text) from error
    if "@" in found.name:
        for account in organization.accounts:
            if found.key in [address.casefold() for address in account.addresses]:
                return account.name
    return found
