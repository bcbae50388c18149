"""What a script may learn about the machine it runs on: the server's names, Exchange's folder.

Only that follows from the model. Every other class and key would be one of this machine, and a
script that names one is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.language.syntax import BareWord, ParameterArgument, StringLiteral
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.value import ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Command

__all__ = ["MACHINE_CMDLETS"]


def _written(node: Command, *names: str) -> str:
    """Return the text of a parameter, or of the first argument, when it is written out."""
    arguments = list(node.arguments)
    found: object = None
    for place, argument in enumerate(arguments):
        if isinstance(argument, ParameterArgument):
            if argument.name.casefold() not in names:
                continue
            found = argument.value or (arguments[place + 1] if place + 1 < len(arguments) else None)
            break
        before = arguments[place - 1] if place else None
        if found is None and not isinstance(before, ParameterArgument):
            found = argument
    if isinstance(found, BareWord):
        return found.text
    return found.value if isinstance(found, StringLiteral) else ""


def _system(machine: Machine) -> tuple[tuple[str, Value], ...]:
    domain = machine.environment.get("userdnsdomain", "").lower()
    computer = machine.surroundings.computer
    return (
        ("Name", computer), ("DNSHostName", computer), ("Domain", domain),
        ("PartOfDomain", bool(domain)), ("PSComputerName", computer), ("__SERVER", computer),
    )  # fmt: skip


def _windows(machine: Machine) -> tuple[tuple[str, Value], ...]:
    computer = machine.surroundings.computer
    return (
        ("CSName", computer), ("PSComputerName", computer), ("__SERVER", computer),
        ("WindowsDirectory", "C:\\Windows"), ("SystemDrive", "C:"),
    )  # fmt: skip


_CLASSES = {"win32_computersystem": _system, "win32_operatingsystem": _windows}


def _refuse_class(node: Command) -> str | None:
    name = _written(node, "class", "classname", "query")
    if name.casefold() in _CLASSES:
        return None
    return f"`{_name_of(node)}` would read this machine"


def _name_of(node: Command) -> str:
    return node.name.text if isinstance(node.name, BareWord) else "Get-CimInstance"


class _Instance:
    def __init__(self, name: str, alias: str) -> None:
        self.spec = CmdletSpec(
            name=name,
            aliases=(alias,),
            refuse=_refuse_class,
            parameters=(
                Parameter(name="Class", position=0, aliases=("ClassName",), convert=to_text),
                *(
                    Parameter(name=one)
                    for one in ("ComputerName", "Namespace", "Property", "Credential", "Filter")
                ),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the names of the server."""
        del pipeline_input
        machine = context.machine
        name = to_text(bound.get("Class"))
        for one in to_list(bound.get("ComputerName")):
            asked = to_text(one).partition(".")[0].casefold()
            if asked not in {"", "localhost", machine.surroundings.computer.casefold()}:
                raise context.failure(f"{context.command}: `{to_text(one)}` is another machine")
        machine.remark(f"{context.command}: of `{name}` only the server's names are known here")
        return [
            ShellObject(
                _CLASSES[name.casefold()](machine),
                type_=ObjectType(name="System.Management.ManagementObject"),
            )
        ]


def _is_setup_key(path: str) -> bool:
    folded = path.casefold().replace("/", "\\").replace("registry::", "").rstrip("\\")
    folded = folded.replace("hkey_local_machine", "hklm").replace("hklm:", "hklm")
    return folded.startswith("hklm\\software\\microsoft\\exchangeserver\\") and folded.endswith(
        "\\setup"
    )


def _refuse_key(node: Command) -> str | None:
    path = _written(node, "path", "literalpath")
    return None if _is_setup_key(path) else "`Get-ItemProperty` would read this machine"


class _GetItemProperty:
    spec = CmdletSpec(
        name="Get-ItemProperty",
        aliases=("gp",),
        refuse=_refuse_key,
        parameters=(
            Parameter(name="Path", position=0, aliases=("LiteralPath",), convert=to_text),
            Parameter(name="Name", position=1),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return where Exchange is installed, as the version has it."""
        del bound, pipeline_input
        machine = context.machine
        number = dict(machine.surroundings.programs).get("exsetup", "0.0").split(".")
        return [
            ShellObject(
                (
                    ("MsiInstallPath", machine.environment.get("exchangeinstallpath", "")),
                    ("MsiProductMajor", int(number[0])),
                    ("MsiProductMinor", int(number[1])),
                )
            )
        ]


MACHINE_CMDLETS: tuple[Cmdlet, ...] = (
    _Instance("Get-WmiObject", "gwmi"),
    _Instance("Get-CimInstance", "gcim"),
    _GetItemProperty(),
)
