"""How Exchange's commands are declared in PowerShell; written there it would take far longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.backend.wire import encode_text
from relaysim.model.properties.catalogue import BY_NAME
from relaysim.model.properties.kinds import NameKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.powershell.interpreter.contract import Cmdlet, Parameter, StreamingCmdlet

__all__ = ["described_command"]

_COMPLETED = {
    "Identity": "connectors",
    "User": "principals",
    "ExtendedRights": "rights",
    "Server": "servers",
}
"""Parameters whose values are names that the server knows, and the list that holds them."""


def described_command(cmdlet: Cmdlet | StreamingCmdlet) -> dict[str, Any]:
    """Return what the module needs to make a command: ``name``, ``changes``, ``declared``.

    ``declared`` is the inside of a ``param(...)`` in the syntax of Windows PowerShell 5.1: a line
    for each parameter, with position, aliases and what completes it.
    """
    spec = cmdlet.spec
    lines = [_declared(one) for one in spec.parameters]
    if spec.directory:
        lines.append("[Parameter()] [object] $DomainController")
    return {"name": spec.name, "changes": spec.changes, "declared": encode_text(",\n".join(lines))}


def _declared(parameter: Parameter) -> str:
    words = []
    if parameter.mandatory:
        words.append("Mandatory = $true")
    if parameter.position is not None:
        words.append(f"Position = {parameter.position}")
    # Two parameters take an object by value; the command itself tells them apart. By their types
    # a failed conversion would take longer than the command.
    if parameter.from_pipeline and parameter.name != "Instance":
        words.append("ValueFromPipeline = $true")
    if parameter.from_property:
        words.append("ValueFromPipelineByPropertyName = $true")
    parts = [f"[Parameter({', '.join(words)})]"]
    if parameter.aliases:
        parts.append(f"[Alias({_quoted(parameter.aliases)})]")
    what = _COMPLETED.get(parameter.name)
    names = () if what else parameter.words or tuple(_values(parameter.name))
    if what:
        asked = f"{{ param($w) Complete-RsName '{what}' $w }} $args[2]"
        parts.append(f"[ArgumentCompleter({{ & (Get-Module RelaySim) {asked} }})]")
    elif names:
        fitting = f"@({_quoted(names)}) | Where-Object {{ $_ -like ($w + '*') }}"
        parts.append(f"[ArgumentCompleter({{ param($c, $p, $w) {fitting} }})]")
    kind = "switch" if parameter.switch else "object"
    return f"{' '.join(parts)} [{kind}] ${parameter.name}"


def _values(name: str) -> Iterable[str]:
    """Return the words that a property takes, none where it takes anything else."""
    known = BY_NAME.get(name.casefold())
    kind = None if known is None else known.kind
    return getattr(kind, "flags", ()) or (kind.names if isinstance(kind, NameKind) else ())


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
