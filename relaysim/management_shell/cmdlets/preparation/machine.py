"""What a script may learn about the machine it runs on: the server's names, Exchange's folder.

Only that follows from the model. Every other class and key would be one of this machine, and a
script that names one is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from relaysim.management_shell.cmdlets.neighbours.services import services_of
from relaysim.management_shell.cmdlets.preparation.elsewhere import visit_server
from relaysim.management_shell.cmdlets.preparation.network import addresses_of
from relaysim.management_shell.state import state_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.language.syntax import BareWord, ParameterArgument, StringLiteral
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import not_in_subset
from relaysim.powershell.values.patterns.wildcard import matches_wildcard
from relaysim.powershell.values.value import ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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


_Rows: TypeAlias = "list[tuple[tuple[str, Value], ...]]"


def _adapters(context: Context) -> _Rows:
    state = state_of(context)
    known = [str(one) for one in addresses_of(context, state.local.server)]
    return [
        (
            ("IPAddress", list(known)), ("IPEnabled", True),
            ("DNSHostName", state.local.server), ("PSComputerName", state.local.server),
        )
    ]  # fmt: skip


def _service_rows(context: Context) -> _Rows:
    return [
        (
            ("Name", name), ("DisplayName", shown), ("State", "Running"), ("Status", "OK"),
            ("Started", True), ("SystemName", state_of(context).local.server),
        )
        for name, shown in services_of(context).items()
    ]  # fmt: skip


_INSTANCE = ObjectType(name="System.Management.ManagementObject")
_CLASSES: dict[str, tuple[Callable[[Context], _Rows], str]] = {
    "win32_computersystem": (lambda c: [_system(c.machine)], "the server's names are"),
    "win32_operatingsystem": (lambda c: [_windows(c.machine)], "the server's names are"),
    "win32_networkadapterconfiguration": (_adapters, "the server's addresses are"),
    "win32_service": (_service_rows, "the services of the mail server are"),
}
"""What answers for a class, and what of it is known."""
_CONDITION = r"\s*(\w+)\s*(=|<>|!=|like)\s*(?:'([^']*)'|\"([^\"]*)\"|(\w+))\s*"


def _asked(query: str) -> tuple[str, str] | None:
    """Return the class and the condition of a query, ``None`` for what is none."""
    found = re.search(r"\bfrom\s+(\w+)(?:\s+where\s+(.*))?$", query, re.IGNORECASE)
    return None if found is None else (found.group(1), found.group(2) or "")


def _class_of(node: Command) -> str:
    asked = _asked(_written(node, "query"))
    return asked[0] if asked is not None else _written(node, "class", "classname")


def _refuse_class(node: Command) -> str | None:
    if _class_of(node).casefold() in _CLASSES:
        return None
    return f"`{_name_of(node)}` would read this machine"


def _filtered(row: tuple[tuple[str, Value], ...], condition: str) -> bool:
    """Tell whether an object meets the condition of a query.

    Raises:
        ConversionError: The condition is none that is understood.
    """
    values = {name.casefold(): to_text(value) for name, value in row}
    for part in re.split(r"\s+and\s+", condition.strip(), flags=re.IGNORECASE):
        found = re.fullmatch(_CONDITION, part, re.IGNORECASE)
        if found is None or found.group(1).casefold() not in values:
            raise not_in_subset(f"the query `{condition}`")
        wanted = next(one for one in found.groups()[2:] if one is not None)
        value = values[found.group(1).casefold()]
        if found.group(2).casefold() == "like":
            same = matches_wildcard(value, wanted.replace("%", "*").replace("_", "?"))
        else:
            same = value.casefold() == wanted.casefold()
        if same == (found.group(2) in {"<>", "!="}):
            return False
    return True


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
                Parameter(name="Query", convert=to_text),
                Parameter(name="Filter", convert=to_text),
                *(
                    Parameter(name=one)
                    for one in ("ComputerName", "Namespace", "Property", "Credential")
                ),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return what is known of the servers."""
        del pipeline_input
        asked = _asked(to_text(bound.get("Query")))
        name, condition = asked or (to_text(bound.get("Class")), to_text(bound.get("Filter")))
        if name.casefold() not in _CLASSES:
            raise not_in_subset(f"the query of `{context.command}`")
        rows, known = _CLASSES[name.casefold()]
        context.machine.remark(f"{context.command}: of `{name}` only {known} known here")
        found: list[Value] = []
        for one in to_list(bound.get("ComputerName")) or ["localhost"]:
            visit = visit_server(context, to_text(one))
            if visit is None:
                raise context.failure(f"{context.command}: `{to_text(one)}` is another machine")
            with visit:
                found += [
                    ShellObject(row, type_=_INSTANCE)
                    for row in rows(context)
                    if not condition or _filtered(row, condition)
                ]
        return found


def _folded(path: str) -> str:
    folded = path.casefold().replace("/", "\\").replace("registry::", "").rstrip("\\")
    return folded.replace("hkey_local_machine", "hklm").replace("hklm:", "hklm")


def _is_setup_key(path: str) -> bool:
    folded = _folded(path)
    return folded.startswith("hklm\\software\\microsoft\\exchangeserver\\") and folded.endswith(
        "\\setup"
    )


_SERVICES = "hklm\\system\\currentcontrolset\\services\\"
_AUTOMATIC, _MANUAL = 2, 3
_BY_HAND = frozenset({"msexchangepop3", "msexchangepop3be", "msexchangeimap4", "msexchangeimap4be"})


def _service_of(path: str) -> str:
    """Return the service of Exchange that a key is about, empty for another key."""
    folded = _folded(path)
    name = folded.removeprefix(_SERVICES)
    known = folded != name and "\\" not in name and name.startswith("msexchange")
    return name if known else ""


def _refuse_key(node: Command) -> str | None:
    path = _written(node, "path", "literalpath")
    if _is_setup_key(path) or _service_of(path):
        return None
    return "`Get-ItemProperty` would read this machine"


def _service_key(context: Context, path: str) -> ShellObject | None:
    """Return how setup leaves a service, ``None`` for one that this server does not have."""
    names = {name.casefold(): (name, shown) for name, shown in services_of(context).items()}
    found = names.get(_service_of(path))
    if found is None:
        return None
    name, shown = found
    text = "is told as setup leaves it: whether somebody changed it is not known"
    context.machine.remark(f"{context.command}: the start type of `{name}` {text}")
    start = _MANUAL if name.casefold() in _BY_HAND else _AUTOMATIC
    return ShellObject((("Start", start), ("DisplayName", shown), ("PSChildName", name)))


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
        """Return where Exchange is installed, as the version has it, or how a service starts."""
        del pipeline_input
        machine = context.machine
        path = to_text(bound.get("Path"))
        if _service_of(path):
            found = _service_key(context, path)
            if found is None:
                raise context.failure(
                    f"Cannot find path '{path}' because it does not exist.", id="PathNotFound"
                )
            return [found]
        if not _is_setup_key(path):
            raise not_in_subset(f"the key `{path}`, which would be one of this machine,")
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
