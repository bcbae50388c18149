"""Remote sessions: the session of Exchange is the one that is here already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["SESSION_CMDLETS"]

_SESSION = ObjectType(
    name="System.Management.Automation.Runspaces.PSSession",
    view=DefaultView(columns=("Id", "Name", "ComputerName", "State", "ConfigurationName",
                              "Availability")),
    text=lambda one: f"[PSSession]{to_text(one.get('Name'))}",
)  # fmt: skip
_CLOUD = ("office365.com", "outlook.com", "protection.outlook.com", "compliance.")


class _NewSession:
    spec = CmdletSpec(
        name="New-PSSession",
        aliases=("nsn",),
        parameters=(
            Parameter(name="ComputerName", position=0),
            *(
                Parameter(name=name)
                for name in (
                    "ConfigurationName", "ConnectionUri", "Authentication", "Credential", "Name",
                    "SessionOption", "Port", "ApplicationName", "CertificateThumbprint",
                )
            ),
            Parameter(name="AllowRedirection", switch=True),
            Parameter(name="UseSSL", switch=True),
            Parameter(name="EnableNetworkAccess", switch=True),
        ),
    )  # fmt: skip

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return a session with Exchange; one with anything else would reach another machine."""
        del pipeline_input
        uri = to_text(bound.get("ConnectionUri"))
        configuration = to_text(bound.get("ConfigurationName")).casefold()
        if configuration != "microsoft.exchange" or any(one in uri.casefold() for one in _CLOUD):
            raise not_in_subset("`New-PSSession` to anything but this Exchange server")
        machine = context.machine
        machine.remark(
            "New-PSSession reaches nothing: the commands of the server of this configuration are "
            "always here"
        )
        host = uri.partition("//")[2].partition("/")[0] or to_text(bound.get("ComputerName"))
        number = len(machine.sessions) + 1
        session = ShellObject(
            (
                ("Id", number),
                ("Name", to_text(bound.get("Name")) or f"Session{number}"),
                ("ComputerName", host),
                ("State", "Opened"),
                ("ConfigurationName", "Microsoft.Exchange"),
                ("Availability", "Available"),
            ),
            type_=_SESSION,
        )
        machine.sessions.append(session)
        return [session]


class _GetSession:
    spec = CmdletSpec(
        name="Get-PSSession",
        aliases=("gsn",),
        parameters=tuple(
            Parameter(name=name) for name in ("ComputerName", "Name", "Id", "ConfigurationName")
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the sessions that the script began."""
        del bound, pipeline_input
        return list(context.machine.sessions)


class _RemoveSession:
    spec = CmdletSpec(
        name="Remove-PSSession",
        aliases=("rsn",),
        changes=True,
        parameters=(
            Parameter(name="Session", position=0, from_pipeline=True),
            Parameter(name="Id"),
            Parameter(name="Name"),
            Parameter(name="ComputerName"),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """End sessions."""
        del pipeline_input
        given = bound.get("Session")
        wanted = given if isinstance(given, list) else [given]
        sessions = context.machine.sessions
        sessions[:] = [one for one in sessions if given is not None and one not in wanted]
        return ()


class _ImportSession:
    spec = CmdletSpec(
        name="Import-PSSession",
        aliases=("ipsn",),
        parameters=(
            Parameter(name="Session", position=0, mandatory=True),
            Parameter(name="CommandName", position=1),
            Parameter(name="FormatTypeName", position=2),
            Parameter(name="Prefix"),
            Parameter(name="Module"),
            Parameter(name="CommandType"),
            Parameter(name="ArgumentList"),
            Parameter(name="AllowClobber", switch=True),
            Parameter(name="DisableNameChecking", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Import nothing: the commands are here already, without a prefix."""
        del pipeline_input
        if "Prefix" in bound:
            raise not_in_subset("`Import-PSSession -Prefix`")
        context.machine.remark(
            "Import-PSSession imports nothing: the commands run as on the server itself, with live "
            "objects instead of copies"
        )
        return ()


SESSION_CMDLETS: tuple[Cmdlet, ...] = (
    _NewSession(),
    _GetSession(),
    _RemoveSession(),
    _ImportSession(),
)
