"""Where the files that a script wrote go: nowhere, unless a folder was given for them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from relaysim.errors import InvalidInput, Problem
from relaysim.lean import pattern

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.memory_files import MemoryFile, MemoryFiles

__all__ = ["store"]

_RESERVED = pattern(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = pattern(r'[<>:"|?*\x00-\x1f]')


def store(files: MemoryFiles, folder: str | None) -> list[str]:
    r"""Write what a script wrote below ``folder`` and return a line for each file.

    A relative path stands below the folder, ``C:\x`` below its folder ``C``. Nothing is written
    elsewhere: a path that leads out, a name of a device and a link on the way are refused before
    anything is written. Without a folder nothing is written at all.

    Raises:
        InvalidInput: It is no folder, a path is not allowed, or a file cannot be written.
    """
    found = list(files)
    lines = [
        f"lost: {sum(map(len, held))} characters for {files.place(path)}, whose writer was not "
        "closed"
        for path, held in files.unwritten.items()
        if held
    ]
    if folder is None:
        return [*(f"not written: {one.path} ({len(one.data())} bytes)" for one in found), *lines]
    base = Path(folder)
    if not base.is_dir():
        raise InvalidInput(Problem(f"`{folder}` is no folder", where="--allow-write"))
    base = base.resolve()
    targets = [(_target(base, one), one) for one in found]
    for target, one in targets:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _check(base, target, one)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
            with os.fdopen(os.open(target, flags, 0o644), "wb") as file:
                file.write(one.data())
        except OSError as error:
            raise InvalidInput(
                Problem(f"cannot write `{target}`: {error.strerror}", where="--allow-write")
            ) from error
        lines.append(f"written: {target} ({len(one.data())} bytes)")
    return lines


def _target(base: Path, file: MemoryFile) -> Path:
    parts = file.path.split("/")
    if re.fullmatch(r"[A-Za-z]:", parts[0]):
        parts = [parts[0][0].upper(), *parts[1:]]
    for part in parts:
        bad = (
            part in {"", "..", "."}
            or _FORBIDDEN.search(part) is not None
            or _RESERVED.fullmatch(part) is not None
            or part != part.rstrip(". ")
        )
        if bad:
            raise InvalidInput(
                Problem(f"the script wrote `{file.path}`, which no file below a folder can be",
                        where="--allow-write")
            )  # fmt: skip
    target = base.joinpath(*parts)
    _check(base, target, file)
    return target


def _check(base: Path, target: Path, file: MemoryFile) -> None:
    """Refuse a path on which a link stands, or that is a folder or leads out of the folder."""
    step = target
    while step != base:
        if step.is_symlink():
            raise InvalidInput(
                Problem(f"`{file.path}` leads through the link `{step}`", where="--allow-write")
            )
        step = step.parent
    if target.is_dir():
        raise InvalidInput(Problem(f"`{file.path}` is a folder", where="--allow-write"))
    if target.exists() and target.stat().st_nlink > 1:
        raise InvalidInput(
            Problem(f"`{file.path}` has another name as well (a hard link)", where="--allow-write")
        )
