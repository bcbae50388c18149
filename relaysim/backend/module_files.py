"""The files of the PowerShell module, wherever the program runs from: a folder or an archive."""

import sys
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["copy_module", "launcher", "module_source"]


def module_source() -> Traversable:
    """Return the module's folder: a path, or a place inside the archive the program runs from."""
    return files("relaysim.management_shell") / "module"


def launcher() -> list[str]:
    """Return the command that starts this program again."""
    if isinstance(module_source(), Path):
        return [sys.executable, "-m", "relaysim"]
    return [sys.executable, str(Path(sys.path[0]).resolve())]


def copy_module(target: Path) -> None:
    """Write the module's files into a folder that does not exist yet."""
    _copy(module_source(), target)


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True)
    for each in source.iterdir():
        if each.is_dir():
            if each.name != "__pycache__":
                _copy(each, target / each.name)
        else:
            (target / each.name).write_bytes(each.read_bytes())
