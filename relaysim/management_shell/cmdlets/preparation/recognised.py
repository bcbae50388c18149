"""What scripts do before they begin: snap-ins, modules, sessions, policies. Nothing happens.

The commands that are understood are always there. Each of these is recognised, says so in one
remark, and gives back what a script looks at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.language.syntax import Command

__all__ = ["PREPARATION_CMDLETS", "IdleCommand", "named", "switches"]

_SNAPIN = ObjectType(
    name="System.Management.Automation.PSSnapInInfo",
    view=DefaultView(columns=("Name", "PSVersion", "Description"), as_list=True),
    text=lambda one: to_text(one.get("Name")),
)
_MODULE = ObjectType(
    name="System.Management.Automation.PSModuleInfo",
    view=DefaultView(columns=("ModuleType", "Version", "Name")),
    text=lambda one: to_text(one.get("Name")),
)
_CORE = "Microsoft.PowerShell.Core"
_MODULES = (
    "activedirectory", "servermanager", "webadministration", "exchangeonlinemanagement",
    "remoteexchange", "microsoft.powershell.", "grouppolicy", "dnsclient", "nettcpip", "pki",
    "bitstransfer", "scheduledtasks", "*exchange*",
)  # fmt: skip
"""Modules of Windows and Exchange; nothing of them is needed here."""


def _snapin(name: str) -> ShellObject:
    return ShellObject(
        (
            ("Name", name),
            ("PSVersion", "2.0" if "exchange" in name.casefold() else "5.1"),
            ("Description", ""),
            ("IsDefault", name == _CORE),
        ),
        type_=_SNAPIN,
    )


class _AddSnapin:
    spec = CmdletSpec(
        name="Add-PSSnapin",
        aliases=("asnp",),
        parameters=(
            Parameter(name="Name", position=0, mandatory=True, from_pipeline=True),
            Parameter(name="PassThru", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Accept the maker's own snap-ins: the commands there are stand ready without one."""
        del pipeline_input
        added = []
        for item in to_list(bound.get("Name")):
            name = to_text(item)
            folded = name.casefold()
            if not folded.startswith("microsoft.") and "exchange" not in folded:
                raise context.failure(f"Add-PSSnapin: `{name}` would run code")
            context.machine.remark(
                f"Add-PSSnapin: `{name}` adds nothing, the commands that are understood are "
                "always here"
            )
            if not has_wildcard(name):
                context.machine.snapins[folded] = name
                added.append(_snapin(name))
        return added if bound.flag("PassThru") else ()


class _GetSnapin:
    spec = CmdletSpec(
        name="Get-PSSnapin",
        aliases=("gsnp",),
        parameters=(
            Parameter(name="Name", position=0),
            Parameter(name="Registered", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the snap-ins that the script added, and the shell's own."""
        del pipeline_input
        names = [_CORE, *context.machine.snapins.values()]
        if bound.flag("Registered"):
            names = [
                f"Microsoft.Exchange.Management.PowerShell.{end}" for end in ("E2010", "SnapIn")
            ]
        if "Name" not in bound:
            yield from (_snapin(name) for name in names)
            return
        for item in to_list(bound.get("Name")):
            wanted = to_text(item)
            found = [name for name in names if matches_wildcard(name, wanted)]
            if not found and not has_wildcard(wanted):
                context.write_error(
                    f"Get-PSSnapin: no snap-in `{wanted}` is loaded", id="GetPSSnapInRead"
                )
            yield from (_snapin(name) for name in found)


class _ImportModule:
    spec = CmdletSpec(
        name="Import-Module",
        aliases=("ipmo",),
        parameters=(
            Parameter(name="Name", position=0, mandatory=True, from_pipeline=True),
            *(
                Parameter(name=name, switch=True)
                for name in ("Force", "PassThru", "Global", "DisableNameChecking", "NoClobber")
            ),
            *(
                Parameter(name=name)
                for name in (
                    "Prefix", "Function", "Cmdlet", "Variable", "Alias", "MinimumVersion",
                    "RequiredVersion", "ArgumentList", "Scope", "PSSession",
                )
            ),
        ),
    )  # fmt: skip

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Accept the modules of Windows and Exchange; another one is not there."""
        del pipeline_input
        for item in to_list(bound.get("Name")):
            name = to_text(item)
            folded = name.casefold()
            leaf = folded.replace("\\", "/").rpartition("/")[2]
            if leaf.endswith((".psm1", ".dll", ".ps1")) or leaf != folded:
                raise not_in_subset(f"`Import-Module {name}`, which would run code,")
            if not any(
                matches_wildcard(folded, known) or folded.startswith(known) for known in _MODULES
            ):
                context.write_error(
                    f"Import-Module: there is no module `{name}` here",
                    id="Modules_ModuleNotFound",
                    target=name,
                )
                continue
            context.machine.remark(
                f"Import-Module: `{name}` brings nothing, the commands that are understood are "
                "always here"
            )
            context.machine.modules[folded] = name
            if bound.flag("PassThru"):
                yield _module(name)


def _module(name: str) -> ShellObject:
    return ShellObject(
        (("Name", name), ("Version", "1.0"), ("ModuleType", "Manifest")), type_=_MODULE
    )


class _GetModule:
    spec = CmdletSpec(
        name="Get-Module",
        aliases=("gmo",),
        parameters=(
            Parameter(name="Name", position=0),
            *(Parameter(name=name, switch=True) for name in ("ListAvailable", "All", "Refresh")),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the modules that the script imported."""
        del pipeline_input
        patterns = [to_text(one) for one in to_list(bound.get("Name"))] or ["*"]
        return [
            _module(name)
            for name in context.machine.modules.values()
            if any(matches_wildcard(name, one) for one in patterns)
        ]


class IdleCommand:
    """A command that changes nothing here, and says so once."""

    def __init__(
        self,
        name: str,
        *parameters: Parameter,
        aliases: tuple[str, ...] = (),
        remark: str = "changes nothing here",
        result: Value = None,
        changes: bool = True,
        refuse: Callable[[Command], str | None] | None = None,
    ) -> None:
        self.spec = CmdletSpec(
            name=name, aliases=aliases, parameters=parameters, changes=changes, refuse=refuse
        )
        self._remark = remark
        self._result = result

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what is always the same."""
        del bound, pipeline_input
        if self._remark:
            context.machine.remark(f"{self.spec.name} {self._remark}")
        return [] if self._result is None else [self._result]


def named(*names: str) -> tuple[Parameter, ...]:
    """Return parameters that are given by name."""
    return tuple(Parameter(name=name) for name in names)


def switches(*names: str) -> tuple[Parameter, ...]:
    """Return switches."""
    return tuple(Parameter(name=name, switch=True) for name in names)


_ANY = Parameter(name="InputObject", position=0, remaining=True, from_pipeline=True)
_REMOTE = "reads nothing: the commands that it brings are always here"


PREPARATION_CMDLETS: tuple[Cmdlet, ...] = (
    _AddSnapin(),
    _GetSnapin(),
    IdleCommand("Remove-PSSnapin", Parameter(name="Name", position=0)),
    _ImportModule(),
    _GetModule(),
    IdleCommand("RemoteExchange.ps1", aliases=("Exchange.ps1",), remark=_REMOTE),
    *(
        IdleCommand(f"{name}.ps1", _ANY, *named("ServerName"),
                    remark="is Exchange's own script and does nothing here")
        for name in ("Install-AntispamAgents", "Uninstall-AntispamAgents",
                     "StartDagServerMaintenance", "StopDagServerMaintenance",
                     "RedistributeActiveDatabases")
    ),
    IdleCommand("Connect-ExchangeServer", *named("ServerFqdn", "UserName", "ClientApplication",
                "Forest"), *switches("Auto", "AllowClobber", "Prompt", "ViewEntireForest"),
                remark="reaches nothing: the commands of this server are always here"),
    IdleCommand("Remove-Module", Parameter(name="Name", position=0), *switches("Force")),
    IdleCommand(
        "Set-ExecutionPolicy",
        Parameter(name="ExecutionPolicy", position=0),
        Parameter(name="Scope", position=1),
        *switches("Force"),
    ),
    IdleCommand(
        "Get-ExecutionPolicy",
        *named("Scope"),
        *switches("List"),
        remark="",
        result="RemoteSigned",
    ),
    IdleCommand("Export-ModuleMember", *named("Function", "Cmdlet", "Variable", "Alias")),
    IdleCommand("Unblock-File", Parameter(name="Path", position=0), *named("LiteralPath")),
    IdleCommand("Write-EventLog", *named("LogName", "Source", "EventId", "EntryType", "Message",
                "Category", "ComputerName"), remark="writes nothing here"),
    IdleCommand("New-EventLog", *named("LogName", "Source", "ComputerName")),
    IdleCommand("Invoke-Item", _ANY, *named("Path"), aliases=("ii",), remark="opens nothing here"),
    IdleCommand("notepad", _ANY, aliases=("notepad.exe",), remark="opens nothing here"),
    IdleCommand("explorer", _ANY, aliases=("explorer.exe",), remark="opens nothing here"),
    IdleCommand("iisreset", _ANY, aliases=("iisreset.exe",), remark="restarts nothing here"),
    IdleCommand("New-PSSessionOption", *named("OperationTimeout", "OpenTimeout", "IdleTimeout",
                "ProxyAccessType", "Culture", "MaximumRedirection"), *switches("SkipCACheck",
                "SkipCNCheck", "SkipRevocationCheck", "NoCompression"), remark=""),
    *(
        IdleCommand(f"{verb}-ClusterNode", Parameter(name="Name", position=0, from_pipeline=True),
                    *named("Cluster"), *switches("Drain", "Wait", "Failback"))
        for verb in ("Get", "Resume", "Suspend")
    ),
    IdleCommand("Get-Help", Parameter(name="Name", position=0), *switches("Full", "Detailed",
                "Examples", "Online", "ShowWindow"), *named("Parameter"), aliases=("help", "man"),
                remark="shows nothing here"),
    IdleCommand("Update-Help", remark="reads nothing here"),
)  # fmt: skip
