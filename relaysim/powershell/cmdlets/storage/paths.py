"""``Test-Path``, ``Split-Path``, ``Join-Path``, ``Resolve-Path``: paths as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.cmdlets.choices import one_of
from relaysim.powershell.cmdlets.properties import to_one_text, to_texts
from relaysim.powershell.cmdlets.storage.drives import drive_items, names_drive
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.memory_files import normal_path
from relaysim.powershell.language.syntax import BareWord, StringLiteral
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import ConversionError, not_in_subset
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import ObjectType, ShellObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.language.syntax import Command
    from relaysim.powershell.values.value import Value

__all__ = ["PATH", "PATHS_CMDLETS", "full_path", "matching_files", "not_there", "to_paths"]


def to_paths(value: Value) -> list[Value]:
    """Return an argument as paths; ``$null`` and the empty text are none."""
    texts = to_texts(value)
    if value is None or not texts:
        raise ConversionError("is null.", id="ParameterArgumentValidationErrorNullNotAllowed")
    if "" in texts:
        raise ConversionError(
            "is an empty string.", id="ParameterArgumentValidationErrorEmptyStringNotAllowed"
        )
    return texts


PATH = Parameter(
    name="Path",
    aliases=("LiteralPath", "PSPath", "FullName"),
    position=0,
    mandatory=True,
    from_pipeline=True,
    from_property=True,
    convert=to_paths,
)


def to_tested_paths(value: Value) -> list[Value]:
    """Return an argument of ``Test-Path`` as paths."""
    if value is None or value == []:
        raise ConversionError("is null.", id="NullPathNotPermitted")
    return to_paths(value)


def full_path(context: Context, path: str) -> str:
    """Return a path as PowerShell tells it: with the working folder before a relative one."""
    full = normal_path(path)
    if full[1:2] != ":" and not full.startswith("/"):
        full = normal_path(f"{context.machine.files.folder}/{path}")
    return full.replace("/", "\\")


def not_there(context: Context, path: str, *, hint: str | None = None) -> None:
    """Report a path that is not there, by its full name."""
    shown = full_path(context, path)
    context.write_error(
        f"Cannot find path '{shown}' because it does not exist.",
        id="PathNotFound",
        target=shown,
        hint=hint,
    )


def matching_files(context: Context, pattern: str) -> list[str]:
    """Return the files in memory whose path a wildcard matches, the path itself without one."""
    if not has_wildcard(pattern):
        return [pattern]
    if context.machine.files.reader is not None:
        raise not_in_subset(f"the wildcard `{pattern}` where files of this machine may be read")
    wanted = normal_path(pattern)
    return [
        path
        for path in context.machine.files.paths()
        if matches_wildcard(path, wanted, spend=context.spend)
    ]


def _refuse_wildcards(node: Command) -> str | None:
    """Return why a path with a wildcard is refused: what lies in the folder is not known."""
    for argument in node.arguments:
        text = argument.text if isinstance(argument, BareWord) else ""
        if isinstance(argument, StringLiteral):
            text = argument.value
        if has_wildcard(text) and not names_drive(text):
            return f"`Test-Path {text}` would look into a folder of this machine"
    return None


_PATH_TYPE = one_of("Microsoft.PowerShell.Commands.TestPathType", "Any", "Container", "Leaf")


class _TestPath:
    spec = CmdletSpec(
        name="Test-Path",
        parameters=(
            replace(PATH, convert=to_tested_paths),
            Parameter(name="PathType", convert=_PATH_TYPE, aliases=("Type",)),
        ),
        refuse=_refuse_wildcards,
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return whether each path is there: in memory, or among what may be read."""
        del pipeline_input
        kind = to_text(bound.get("PathType", "Any")).casefold()
        files = context.machine.files
        for item in to_list(bound.get("Path")):
            path = to_text(item)
            if names_drive(path):
                yield bool(drive_items(context, path))
                continue
            if has_wildcard(path):
                yield bool(matching_files(context, path))
                continue
            if kind == "leaf":
                found = files.read(path) is not None
            else:
                found = files.is_folder(path) if kind == "container" else files.exists(path)
            if not found:
                files.deny(path)
            yield found


_PARTS = ("Parent", "Leaf", "Qualifier", "NoQualifier", "IsAbsolute")


class _SplitPath:
    spec = CmdletSpec(
        name="Split-Path",
        parameters=(
            PATH,
            *(Parameter(name=name, switch=True) for name in (*_PARTS, "Resolve")),
        ),
        exclusive=tuple(
            (one, other) for at, one in enumerate(_PARTS) for other in _PARTS[at + 1 :]
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        r"""Return the part of each path that is asked for; ``/`` becomes ``\``."""
        del pipeline_input
        for item in to_list(bound.get("Path")):
            path = to_text(item).replace("/", "\\")
            drive, colon, rest = path.partition(":")
            has_drive = bool(colon) and "\\" not in drive
            if bound.flag("IsAbsolute"):
                yield has_drive or path.startswith("\\")
            elif bound.flag("Qualifier"):
                if not has_drive:
                    raise context.failure(
                        f"Cannot parse path because path '{path}' does not have a qualifier "
                        "specified.",
                        id="ParsePathFormatError",
                        target=path,
                    )
                yield f"{drive}:"
            elif bound.flag("NoQualifier"):
                yield rest if has_drive else path
            elif bound.flag("Leaf"):
                yield _leaf(path)
            else:
                yield _parent(path)


def _leaf(path: str) -> str:
    trimmed = path.rstrip("\\")
    leaf = trimmed.rpartition("\\")[2] or trimmed
    return path if leaf.endswith(":") else leaf


def _parent(path: str) -> str:
    trimmed = path.rstrip("\\")
    head, divider, _ = trimmed.rpartition("\\")
    if divider and head.endswith(":"):
        return head + "\\"
    return head if divider else ""


class _JoinPath:
    spec = CmdletSpec(
        name="Join-Path",
        parameters=(
            PATH,
            Parameter(
                name="ChildPath",
                position=1,
                mandatory=True,
                from_property=True,
                convert=to_one_text,
            ),
            Parameter(name="Resolve", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        r"""Return each path with the child behind it, one ``\`` between them."""
        del pipeline_input
        child = to_text(bound.get("ChildPath")).replace("/", "\\").lstrip("\\")
        for item in to_list(bound.get("Path")):
            path = to_text(item).replace("/", "\\")
            joined = path + child if path.endswith("\\") else f"{path}\\{child}"
            if not bound.flag("Resolve"):
                yield joined
            elif context.machine.files.exists(joined):
                yield full_path(context, joined)
            else:
                not_there(context, joined)


_PATH_INFO = ObjectType(
    name="System.Management.Automation.PathInfo", text=lambda one: to_text(one.get("Path"))
)


class _ResolvePath:
    spec = CmdletSpec(name="Resolve-Path", aliases=("rvpa",), parameters=(PATH,))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return each path that is there."""
        del pipeline_input
        for item in to_list(bound.get("Path")):
            for path in matching_files(context, to_text(item)):
                if not context.machine.files.exists(path):
                    not_there(context, path)
                    continue
                yield ShellObject((("Path", path),), type_=_PATH_INFO)


PATHS_CMDLETS: tuple[Cmdlet, ...] = (_TestPath(), _SplitPath(), _JoinPath(), _ResolvePath())
