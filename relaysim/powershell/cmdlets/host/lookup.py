"""``Get-Command`` as a test, aliases, ``Get-Host`` and the names of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.storage.drives import FUNCTION
from relaysim.powershell.hosting.alias_names import ALIASES
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.comparison import sort_key
from relaysim.powershell.values.conversion import (
    to_list,
    to_text,
    written_text,
)
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import (
    DefaultView,
    HashTable,
    ObjectType,
    ScriptBlockValue,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["LOOKUP_CMDLETS"]

_WIDTHS = (15, 50, 10, None)
_COMMAND = ObjectType(
    name="System.Management.Automation.CommandInfo",
    view=DefaultView(columns=("CommandType", "Name", "Version", "Source"), widths=_WIDTHS),
    text=lambda one: to_text(one.get("Name")),
)
_ALIAS = ObjectType(
    name="System.Management.Automation.AliasInfo",
    view=DefaultView(
        columns=("CommandType", "DisplayName", "Version", "Source"),
        titles=(("DisplayName", "Name"),),
        widths=_WIDTHS,
    ),
    text=lambda one: to_text(one.get("Name")),
)
_FILE_VERSION = ObjectType(
    name="System.Diagnostics.FileVersionInfo", text=lambda one: to_text(one.get("FileVersion"))
)


class _GetCommand:
    spec = CmdletSpec(
        name="Get-Command",
        aliases=("gcm",),
        parameters=(
            Parameter(name="Name", position=0, from_pipeline=True),
            *(
                Parameter(name=name)
                for name in ("Module", "CommandType", "Noun", "Verb", "TotalCount", "ParameterName")
            ),
            *(Parameter(name=name, switch=True) for name in ("Syntax", "All", "ListImported")),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the commands of these names, as far as they are understood here."""
        del pipeline_input
        for item in to_list(bound.get("Name")):
            wanted = to_text(item)
            if has_wildcard(wanted):
                names = [one for one in context.registry.names() if matches_wildcard(one, wanted)]
                yield from (_found(context, one) for one in names)
                continue
            found = _found(context, wanted)
            if found is not None:
                yield found
                continue
            context.write_error(
                f"The term '{wanted}' is not recognized as the name of a cmdlet, function, script "
                "file, or operable program. Check the spelling of the name, or if a path was "
                "included, verify that the path is correct and try again.",
                id="CommandNotFoundException",
                target=wanted,
            )


def _found(context: Context, name: str) -> ShellObject | None:
    function = context.machine.scope.find_function(name)
    if function is not None:
        found = _command(function.name, "Function")
        found.put("Definition", function.text)
        found.type = FUNCTION
        found.put("ScriptBlock", ScriptBlockValue(block=function.body, text=function.text))
        return found
    programs = dict(context.machine.surroundings.programs)
    leaf = name.replace("/", "\\").rpartition("\\")[2]
    version = programs.get(leaf.casefold().removesuffix(".exe"))
    if version is not None:
        return _program(leaf, version)
    described = context.registry.described(name)
    if described is None:
        return None
    cmdlet, own_name, names = described
    found = _command(own_name, "Cmdlet")
    known = getattr(cmdlet, "parameters_here", None)
    if known is not None:
        names = known(context)
    table = HashTable()
    for one in names:
        table[one] = ShellObject((("Name", one),))
    found.put("Parameters", table)
    return found


def _command(name: str, kind: str) -> ShellObject:
    verb, dash, noun = name.partition("-")
    return ShellObject(
        (
            ("CommandType", kind),
            ("Name", name),
            ("Version", ""),
            ("Source", ""),
            ("ModuleName", ""),
            ("Verb", verb if dash else ""),
            ("Noun", noun),
            ("Definition", name),
        ),
        type_=_COMMAND,
    )


def _program(name: str, version: str) -> ShellObject:
    numbers = cast("version", version)
    parts = [numbers.get(part) if isinstance(numbers, ShellObject) else 0
             for part in ("Major", "Minor", "Build", "Revision")]  # fmt: skip
    info = ShellObject(
        (
            ("ProductVersion", version),
            ("FileVersion", version),
            *(
                (f"{kind}{word}Part", part)
                for kind in ("File", "Product")
                for word, part in zip(("Major", "Minor", "Build", "Private"), parts, strict=True)
            ),
        ),
        type_=_FILE_VERSION,
    )
    found = _command(name, "Application")
    found.put("Version", numbers)
    found.put("FileVersionInfo", info)
    return found


class _SetAlias:
    def __init__(self, name: str, *aliases: str) -> None:
        self.spec = CmdletSpec(
            name=name,
            aliases=aliases,
            changes=True,
            parameters=(
                Parameter(name="Name", position=0, mandatory=True, convert=written_text),
                Parameter(name="Value", position=1, mandatory=True, convert=written_text),
                Parameter(name="Scope"),
                Parameter(name="Option"),
                Parameter(name="Description"),
                Parameter(name="Force", switch=True),
            ),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Give a command another name."""
        del pipeline_input
        name, value = to_text(bound.get("Name")), to_text(bound.get("Value"))
        context.machine.aliases[name.casefold()] = value
        return ()


def _alias(name: str, definition: str) -> ShellObject:
    return ShellObject(
        (
            ("CommandType", "Alias"), ("Name", name), ("Definition", definition),
            ("ReferencedCommand", definition), ("ResolvedCommandName", definition),
            ("DisplayName", f"{name} -> {definition}"),
        ),
        type_=_ALIAS,
    )  # fmt: skip


class _GetAlias:
    spec = CmdletSpec(
        name="Get-Alias",
        aliases=("gal",),
        parameters=(Parameter(name="Name", position=0), Parameter(name="Definition")),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the aliases of these names, or of a command: the shell's and the script's."""
        del pipeline_input
        known = {**ALIASES, **context.machine.aliases}
        patterns = [to_text(one) for one in to_list(bound.get("Name"))]
        wanted = [to_text(one) for one in to_list(bound.get("Definition"))]
        if not patterns and not wanted:
            known, patterns = dict(context.machine.aliases), ["*"]
        for pattern in patterns:
            found = [name for name in known if matches_wildcard(name, pattern)]
            found.sort(key=sort_key)
            if not found and not has_wildcard(pattern):
                context.write_error(
                    "This command cannot find a matching alias because an alias with the name "
                    f"'{pattern}' does not exist.",
                    id="ItemNotFoundException",
                    target=pattern,
                )
            yield from (_alias(name, known[name]) for name in found)
        for definition in wanted:
            own = [name for name in known if known[name].casefold() == definition.casefold()]
            if not own and not has_wildcard(definition):
                context.write_error(
                    "This command cannot find a matching alias because an alias with the "
                    f"definition '{definition}' does not exist.",
                    id="ItemNotFoundException",
                    target=definition,
                )
            yield from (_alias(name, known[name]) for name in sorted(own, key=sort_key))


class _GetHost:
    spec = CmdletSpec(name="Get-Host")

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return ``$Host``."""
        del bound, pipeline_input
        return [context.machine.scope.root.get("Host")]


class _Name:
    def __init__(self, name: str, *, account: bool) -> None:
        self.spec = CmdletSpec(name=name, aliases=(f"{name}.exe",))
        self._account = account

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the name of the machine or of the account, as the programs of Windows do."""
        del bound, pipeline_input
        about = context.machine.surroundings
        return [about.account.lower() if self._account else about.computer]


LOOKUP_CMDLETS: tuple[Cmdlet, ...] = (
    _GetCommand(),
    _SetAlias("Set-Alias", "sal"),
    _SetAlias("New-Alias", "nal"),
    _GetAlias(),
    _GetHost(),
    _Name("hostname", account=False),
    _Name("whoami", account=True),
)
