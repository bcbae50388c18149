"""What is wrong with a command line as a whole, before any command begins.

Two things no single option can see: an option that takes one value and stands twice, and an output
that is also an input of the same run, or another output.
"""

from __future__ import annotations

import os
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple

import click

from relaysim.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_command_line"]

_OUTPUT_OPTIONS = frozenset(("--output", "--save", "--to-scenario", "--report"))
"""Options whose value, after a format and a colon, names a file that is written."""
_WRITES_TO = frozenset(("export-shell", "collector", "powershell"))
"""Commands whose ``--to`` is a file; elsewhere it is a recipient."""


class _Given(NamedTuple):
    """One thing on the command line: an option, ``None`` for an argument, and its value."""

    option: click.Option | None
    value: str


def check_command_line(command: click.Command, arguments: list[str]) -> None:
    """Refuse a repeated option, and an output that would destroy an input.

    Args:
        command: The command.
        arguments: What follows its name.

    Raises:
        InvalidInput: Something of this is wrong; nothing has been read or written.
    """
    given = list(_given(command, arguments))
    problems = list(_repeated(given))
    problems += _destroyed(command, given)
    if problems:
        raise InvalidInput(problems)


def _given(command: click.Command, arguments: list[str]) -> Iterator[_Given]:
    options = {
        name: param
        for param in command.params
        if isinstance(param, click.Option)
        for name in (*param.opts, *param.secondary_opts)
    }
    rest = iter(arguments)
    for token in rest:
        if token == "--":  # noqa: S105  # no password
            for value in rest:
                yield _Given(None, value)
            return
        name, equals, value = token.partition("=")
        if token[:2] != "--" and token[:1] == "-" and len(token) > 2:
            name, equals, value = token[:2], "=", token[2:]
        option = options.get(name) if token[:1] == "-" else None
        if option is None:
            yield _Given(None, token)
        elif not option.is_flag and not option.count:
            yield _Given(option, value if equals else next(rest, ""))


def _repeated(given: list[_Given]) -> Iterator[Problem]:
    seen: set[str] = set()
    for option, _ in given:
        if option is None or option.multiple or option.name is None:
            continue
        if option.name in seen:
            hint = "it takes one value; give it once"
            yield Problem("is given more than once", where=option.opts[-1], hint=hint)
        seen.add(option.name)


def _destroyed(command: click.Command, given: list[_Given]) -> Iterator[Problem]:
    inputs, outputs = [], []
    for option, value in given:
        if not value or value == "-":
            continue
        names = set() if option is None else set(option.opts)
        if names & _OUTPUT_OPTIONS:
            file = value.partition(":")[2] if "--output" in names else value
            if file:
                outputs.append((option, file))
        elif "--to" in names and command.name in _WRITES_TO:
            outputs.append((option, value))
        else:
            inputs.append(value)
    if not outputs:
        return
    if not any(option is not None and "--config" in option.opts for option, _ in given):
        from relaysim.config.source import default_source

        inputs.append(default_source(os.environ))
    known = {key for path in inputs if (key := _identity(path)) is not None}
    known |= _redirected()
    folders = [os.path.realpath(path) for path in inputs if _is_folder(path)]
    written: dict[tuple[int, int] | str, str] = {}
    for option, file in outputs:
        where = option.opts[-1] if option is not None else None
        same = _identity(file)
        place: tuple[int, int] | str = same or os.path.realpath(file)
        if same is not None and (same in known or _is_read_from(file, folders, command.name)):
            hint = "give the output a file of its own"
            yield Problem(f"`{file}` is an input of this run", where=where, hint=hint)
        elif place in written:
            yield Problem(f"`{file}` and `{written[place]}` are one file", where=where)
        written[place] = file


def _redirected() -> set[tuple[int, int]]:
    """Return what the file is known by that standard input comes from (`< FILE`), if any."""
    try:
        found = os.fstat(0)
    except OSError:
        return set()
    return {(found.st_dev, found.st_ino)} if S_ISREG(found.st_mode) else set()


def _is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)  # noqa: PTH112  # names that are no paths are tried as well
    except ValueError:
        return False


def _is_read_from(file: str, folders: list[str], command: str | None) -> bool:
    """Tell whether a file that is there stands in a folder whose files are read."""
    place = os.path.realpath(file)
    if command == "test" and not place.endswith(".toml"):
        return False
    return any(place.startswith(os.path.join(folder, "")) for folder in folders)  # noqa: PTH118


def _identity(path: str) -> tuple[int, int] | None:
    """Return what is the same for all names of a file, ``None`` for none or a device.

    A folder of an output may not be there yet: what `..` behind it means is known all the same.
    """
    try:
        place = os.path.realpath(path)
        found = os.stat(place)  # noqa: PTH116  # names that are no paths are tried as well
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if os.path.isfile(place) else None  # noqa: PTH113
