"""From what a command is given to the connector, server or principal it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput, closest
from relaysim.management_shell.roster import roster_of
from relaysim.management_shell.state import Refused
from relaysim.management_shell.values.connector_objects import (
    ConnectorSnapshot,
    distinguished_name,
    identity_text,
)
from relaysim.model.principals import Principal, parse_principal
from relaysim.powershell.interpreter.failures import ConversionError
from relaysim.powershell.values.conversion import written_text
from relaysim.powershell.values.value import ShellObject, Value
from relaysim.powershell.values.wildcard import has_wildcard, matches_wildcard

if TYPE_CHECKING:
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization

__all__ = [
    "check_server",
    "connectors_like",
    "one_connector",
    "principal_named",
    "to_identity",
    "to_name",
]


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


def _named(organization: Organization, wanted: str) -> ReceiveConnector | None:
    r"""Return the connector of this name, ``SERVER\Name`` or distinguished name, in any case."""
    roster = roster_of(organization.connectors)
    folded = wanted.casefold()
    names = [folded]
    for server in (organization.server, organization.full_name):
        before = f"{server}\\".casefold()
        if folded.startswith(before):
            names.append(folded[len(before) :])
    begin, _, end = distinguished_name(organization, "\0").casefold().partition("\0")
    if folded.startswith(begin) and folded.endswith(end):
        names.append(folded[len(begin) : -len(end)].replace("\\,", ","))
    found = (roster.named(name) for name in names)
    return next((connector for connector in found if connector is not None), None)


def connectors_like(organization: Organization, wanted: str) -> list[ReceiveConnector]:
    r"""Return the connectors that an identity with wildcards means, none if none match.

    A pattern with ``\`` is compared with ``SERVER\Name``, any other with the name.
    """
    return [
        connector
        for connector in organization.connectors
        if matches_wildcard(
            identity_text(organization, connector.name) if "\\" in wanted else connector.name,
            wanted,
        )
    ]


def one_connector(organization: Organization, wanted: str) -> ReceiveConnector:
    r"""Return the connector that an identity means: its name, ``SERVER\Name`` or DN, in any case.

    Raises:
        Refused: There is none.
    """
    connector = _named(organization, wanted)
    if connector is not None:
        return connector
    names = [connector.name for connector in organization.connectors]
    near = closest(wanted.rpartition("\\")[2], names)
    if has_wildcard(wanted) and connectors_like(organization, wanted):
        hint = "wildcards are for Get-ReceiveConnector: pipe what it finds into this command"
    elif near:
        hint = f"did you mean `{near}`?"
    else:
        hint = f"connectors here: {', '.join(names) or 'none'}"
    raise Refused(
        f"there is no receive connector `{wanted}` on `{organization.server}`",
        "ObjectNotFound",
        target=wanted,
        hint=hint,
    )


def check_server(organization: Organization, server: str) -> None:
    """Refuse a server that is not the one of the organization.

    Raises:
        Refused: It is another.
    """
    known = (organization.server, organization.full_name)
    if all(server.casefold() != name.casefold() for name in known):
        raise Refused(
            f"there is no server `{server}`",
            "ServerNotFound",
            target=server,
            hint=f"the server of this configuration is `{organization.server}`",
        )


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
