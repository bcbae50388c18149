"""Other scripts that a script names by their paths, as far as they are known before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.language.syntax import (
    BareWord,
    Call,
    Command,
    ExpandableString,
    Paren,
    Pipeline,
    StringLiteral,
    TypeLiteral,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.powershell.interpreter.memory_files import MemoryFiles

__all__ = ["block_text", "is_script_path", "refused_script", "script_named"]

_ROOT = "psscriptroot"
_JOINING = "join-path"


def is_script_path(name: str) -> bool:
    r"""Tell whether the name of a command is the path of a script.

    >>> is_script_path(".\\common.ps1"), is_script_path("common.ps1")
    (True, False)
    """
    folded = name.casefold()
    return folded.endswith(".ps1") and ("\\" in name or "/" in name)


def refused_script(name: str, files: MemoryFiles | None) -> Iterator[tuple[str, str]]:
    """Return why another script is refused, with advice; nothing for one that is there.

    Where files may be read, one that is not there is an error of the run, as in PowerShell.
    """
    if files is None or (files.reader is None and files.read(name) is None):
        hint = "`relaysim shell --allow-read FOLDER` runs a script of that folder, in memory"
        yield f"`{name}` would run a program or another script", hint


def script_named(node: Command) -> str | None:
    r"""Return the path of the script that a command runs, ``None`` where only the run shows it.

    ``$PSScriptRoot`` is the folder of the script, in which its relative paths stand too.
    """
    path = _path(node.name)
    return path if path is not None and is_script_path(path) else None


def block_text(node: Call) -> str | None:
    """Return the text that ``[scriptblock]::Create`` makes a block of, where it is written out."""
    target, name = node.target, node.name
    if not isinstance(target, TypeLiteral) or not isinstance(name, StringLiteral):
        return None
    made = target.name.casefold().endswith("scriptblock") and name.value.casefold() == "create"
    first = node.arguments[0] if made and len(node.arguments) == 1 else None
    return first.value if isinstance(first, StringLiteral) else None


def _path(name: object) -> str | None:
    if isinstance(name, BareWord):
        word = name.text
        return f".{word[13:]}" if word.casefold().startswith("$psscriptroot\\") else word
    if isinstance(name, StringLiteral):
        return name.value
    if isinstance(name, ExpandableString):
        texts = [one if isinstance(one, str) else _root(one) for one in name.parts]
        return None if None in texts else "".join(filter(None, texts))
    if isinstance(name, Paren) and isinstance(name.inner, Pipeline):
        return _joined(name.inner)
    return None


def _root(node: object) -> str | None:
    return "." if isinstance(node, Variable) and node.name.casefold() == _ROOT else None


def _joined(node: Pipeline) -> str | None:
    """Return what ``Join-Path $PSScriptRoot common.ps1`` gives."""
    only = node.elements[0] if len(node.elements) == 1 else None
    if not isinstance(only, Command) or not isinstance(only.name, BareWord):
        return None
    if only.name.text.casefold() != _JOINING or len(only.arguments) != 2:
        return None
    first, child = _root(only.arguments[0]), _path(only.arguments[1])
    return None if first is None or child is None else f"{first}\\{child}"
