"""Windows, printers, firewalls, archives: what a script would do there is said and not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.preparation.recognised import IdleCommand, named, switches
from relaysim.powershell.interpreter.contract import Parameter
from relaysim.powershell.language.syntax import ParameterArgument

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.language.syntax import Command

__all__ = ["STUB_CMDLETS"]

_ANY = Parameter(name="InputObject", position=0, remaining=True, from_pipeline=True)


def _choosing(node: Command) -> str | None:
    """Return why a window that lets a person choose cannot be answered."""
    for one in node.arguments:
        name = one.name.casefold() if isinstance(one, ParameterArgument) else ""
        if len(name) > 1 and ("passthru".startswith(name) or "outputmode".startswith(name)):
            return "`Out-GridView` would wait for somebody to choose"
    return None


def _compiling(node: Command) -> str | None:
    """Return why types cannot be added: only an assembly's name adds nothing that runs."""
    first = node.arguments[0] if node.arguments else None
    name = first.name.casefold() if isinstance(first, ParameterArgument) else ""
    named = name and "assemblyname".startswith(name)
    return None if named else "`Add-Type` would run code"


STUB_CMDLETS: tuple[Cmdlet, ...] = (
    IdleCommand("Add-Type", *named("AssemblyName"), *switches("IgnoreWarnings", "PassThru"),
                remark="loads no assembly: nothing of it is here", changes=False,
                refuse=_compiling),
    IdleCommand("Out-GridView", Parameter(name="InputObject", from_pipeline=True),
                *named("Title", "OutputMode"), *switches("PassThru", "Wait"), aliases=("ogv",),
                remark="opens no window here", changes=False, refuse=_choosing),
    IdleCommand("Out-Printer", Parameter(name="InputObject", from_pipeline=True),
                Parameter(name="Name", position=0), aliases=("lp",), remark="prints nothing here",
                changes=False),
    IdleCommand("Set-Clipboard", Parameter(name="Value", position=0, from_pipeline=True),
                *switches("Append"), aliases=("scb",), remark="copies nothing here"),
    IdleCommand("clip", _ANY, aliases=("clip.exe",), remark="copies nothing here"),
    IdleCommand("Get-History", Parameter(name="Id", position=0), *named("Count"),
                aliases=("history", "h", "ghy"), remark="shows nothing: only the script is known",
                changes=False),
    IdleCommand("Compress-Archive", Parameter(name="Path", position=0, from_pipeline=True),
                Parameter(name="DestinationPath", position=1), *named("LiteralPath",
                "CompressionLevel"), *switches("Update", "Force"), remark="packs nothing here"),
    *(
        IdleCommand(f"{verb}-NetFirewallRule", Parameter(name="Name", position=0),
                    *named("DisplayName", "Description", "Group", "DisplayGroup", "Enabled",
                            "Profile", "Direction", "Action", "LocalAddress", "RemoteAddress",
                            "Protocol", "LocalPort", "RemotePort", "Program", "Service",
                            "InterfaceType", "PolicyStore", "EdgeTraversalPolicy"),
                    Parameter(name="InputObject", from_pipeline=True),
                    remark="asks and changes no firewall: what connectors say counts")
        for verb in ("New", "Get", "Set", "Enable", "Disable", "Remove")
    ),
)  # fmt: skip
