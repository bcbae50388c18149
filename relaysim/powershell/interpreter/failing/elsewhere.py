"""What a script that runs here does not do in an older PowerShell, or in a remote session."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from relaysim.powershell.language.syntax import (
    Assignment,
    BareWord,
    Binary,
    Call,
    Cast,
    Command,
    HashLiteral,
    Member,
    NumberLiteral,
    ParameterArgument,
    Paren,
    Pipeline,
    ScriptBlockLiteral,
    StringLiteral,
    TypeLiteral,
    Variable,
)
from relaysim.powershell.language.walking import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relaysim.powershell.interpreter.contract import Registry
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.source import Source

__all__ = ["what_differs"]

_Remark: TypeAlias = tuple[int, str]
"""Where in the script, and what."""

_LATER_COMMANDS = {
    "convertto-json": "3.0", "convertfrom-json": "3.0", "invoke-restmethod": "3.0",
    "invoke-webrequest": "3.0", "unblock-file": "3.0", "get-ciminstance": "3.0",
    "get-filehash": "4.0", "write-information": "5.0", "new-guid": "5.0",
}  # fmt: skip
_LATER_PARAMETERS = {
    "get-content": {"raw": "3.0", "tail": "3.0"},
    "export-csv": {"append": "3.0"},
    "get-childitem": {"file": "3.0", "directory": "3.0"},
    "select-object": {"skiplast": "5.0"},
    "add-member": {"notepropertyname": "3.0", "notepropertymembers": "3.0"},
}
_LISTS = frozenset({"remoteipranges", "bindings"})
_BLOCKS = frozenset({"where-object", "where", "?", "foreach-object", "foreach", "%"})
_COUNTS = frozenset({"count", "length"})
_SIZES = frozenset({"tobytes", "tokb", "tomb", "togb", "totb"})


def _name(node: object) -> str:
    return node.name.text if isinstance(node, Command) and isinstance(node.name, BareWord) else ""


def _command(node: Command) -> tuple[str, str] | None:
    name = _name(node)
    folded = name.casefold()
    if folded in _LATER_COMMANDS:
        return f"`{name}`", _LATER_COMMANDS[folded]
    known = _LATER_PARAMETERS.get(folded, {})
    for argument in node.arguments:
        if isinstance(argument, ParameterArgument) and argument.name.casefold() in known:
            return f"`{name} -{argument.name}`", known[argument.name.casefold()]
    first = node.arguments[0] if node.arguments else None
    if folded in _BLOCKS and isinstance(first, BareWord | StringLiteral):
        return f"`{name}` with the name of a property", "3.0"
    return None


def _later(node: object) -> tuple[str, str] | None:
    """Return a construct that a version later than 2.0 brought, and that version."""
    if isinstance(node, Command):
        return _command(node)
    if isinstance(node, Binary):
        words = [word for word, _ in node.rest if word.lstrip("-").lstrip("ic") in {"n", "notin"}]
        return (f"`{words[0]}`", "3.0") if words else None
    if isinstance(node, Cast) and isinstance(node.operand, HashLiteral):
        kind = node.type_name.casefold()
        return (f"`[{kind}]@{{ }}`", "3.0") if kind in {"ordered", "pscustomobject"} else None
    if isinstance(node, Variable):
        return ("`$PSItem`", "3.0") if node.name.casefold() == "psitem" else None
    if isinstance(node, Call) and isinstance(node.name, StringLiteral):
        name = node.name.value.casefold()
        if node.static and name == "new" and isinstance(node.target, TypeLiteral):
            return "`::new()`", "5.0"
        if not node.static and name in {"where", "foreach"}:
            return f"`.{node.name.value}()`", "4.0"
    return None


def _enumerated(node: object) -> str | None:
    """Return a property that is asked of a command's whole output."""
    if not isinstance(node, Member) or node.static or not isinstance(node.name, StringLiteral):
        return None
    inner = node.target.inner if isinstance(node.target, Paren) else None
    last = inner.elements[-1] if isinstance(inner, Pipeline) else None
    if not isinstance(last, Command) or any(map(_names_one, last.arguments)):
        return None
    return node.name.value


def _names_one(argument: object) -> bool:
    """Tell whether an argument names the one object that a command gives."""
    if isinstance(argument, ParameterArgument):
        return "identity".startswith(argument.name.casefold())
    return True


def _older(tree: object, version: str) -> Iterator[_Remark]:
    own = f"this server's shell has {version}"
    for node in walk(tree):
        found = _later(node)
        if found is not None and hasattr(node, "at"):
            yield node.at, f"{found[0]} needs PowerShell {found[1]}, {own}"
        name = _enumerated(node)
        if name is not None and hasattr(node, "at"):
            what = "one object" if name.casefold() in _COUNTS else "several objects"
            yield node.at, f"`.{name}` of {what} gives nothing before PowerShell 3.0, {own}"


def _remote(tree: object, of_host: Callable[[str], bool]) -> Iterator[_Remark]:
    for node in walk(tree):
        if isinstance(node, Call) and isinstance(node.name, StringLiteral):
            name = node.name.value
            if name.casefold() in _SIZES and not node.static:
                yield node.at, f"`.{name}()` fails in a remote session, where sizes are texts"
        elif isinstance(node, Binary):
            yield from _size_compared(node)
        elif isinstance(node, Assignment) and _taken_away(node):
            yield node.at, "`-=` on a list fails in a remote session, where it is an `ArrayList`"
        elif isinstance(node, Pipeline):
            yield from _second_pipeline(node, of_host)


def _taken_away(node: Assignment) -> bool:
    """Tell whether values are taken out of a property that holds a list."""
    target = node.target
    if node.operator != "-=" or not isinstance(target, Member):
        return False
    return isinstance(target.name, StringLiteral) and target.name.value.casefold() in _LISTS


def _size_compared(node: Binary) -> Iterator[_Remark]:
    first = node.first
    if not isinstance(first, Member) or not isinstance(first.name, StringLiteral):
        return
    for word, operand in node.rest:
        ordered = word.lstrip("-").lstrip("ic") in {"gt", "ge", "lt", "le"}
        if ordered and isinstance(operand, NumberLiteral) and first.name.value.endswith("Size"):
            what = f"`{first.name.value} {word}` compares texts in a remote session"
            yield first.at, f"{what}, where sizes are texts"


def _second_pipeline(node: Pipeline, of_host: Callable[[str], bool]) -> Iterator[_Remark]:
    """Find a command of the host that runs while another one of it still writes."""
    names = [_name(one) for one in node.elements]
    if not names[0] or not of_host(names[0]):
        return
    for element in node.elements[1:]:
        if not isinstance(element, Command) or _name(element).casefold() not in _BLOCKS:
            continue
        blocks = [one for one in element.arguments if isinstance(one, ScriptBlockLiteral)]
        inner = [_name(one) for one in walk(tuple(one.block for one in blocks)) if _name(one)]
        second = next((name for name in inner if of_host(name)), None)
        if second is not None:
            what = f"`{second}` inside a pipeline of `{names[0]}` may fail in a remote session"
            why = "which runs one pipeline at a time: put brackets around the first command"
            yield element.at, f"{what}, {why}"


def what_differs(
    machine: Machine, registry: Registry, tree: object, source: Source
) -> tuple[str, ...]:
    """Return what of a script that runs here would not do so in its server's shell.

    Once for each construct of a line: what a later version than the server's brought, and what a
    remote session breaks where people reach the server's commands by one.
    """
    about = machine.surroundings
    older = about.version.startswith("2.")
    if not about.remote and not older:
        return ()

    found = [*_older(tree, about.version)] if older else []
    if about.remote:
        found += _remote(tree, registry.asks_directory)
    return tuple(f"line {source.position(at).line}: {remark}" for at, remark in found)
