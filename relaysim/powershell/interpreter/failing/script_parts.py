"""Other scripts that a script names by their paths, as far as they are known before it runs."""

from __future__ import annotations

from relaysim.powershell.language.syntax import (
    BareWord,
    Command,
    ExpandableString,
    Paren,
    Pipeline,
    StringLiteral,
    Variable,
)

__all__ = ["is_script_path", "script_named"]

_ROOT = "psscriptroot"
_JOINING = "join-path"


def is_script_path(name: str) -> bool:
    r"""Tell whether the name of a command is the path of a script.

    >>> is_script_path(".\\common.ps1"), is_script_path("common.ps1")
    (True, False)
    """
    folded = name.casefold()
    return folded.endswith(".ps1") and ("\\" in name or "/" in name)


def script_named(node: Command) -> str | None:
    r"""Return the path of the script that a command runs, ``None`` where only the run shows it.

    ``$PSScriptRoot`` is the folder of the script, in which its relative paths stand too.
    """
    path = _path(node.name)
    return path if path is not None and is_script_path(path) else None


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
