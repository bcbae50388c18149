"""``relaysim powershell``: the module that puts the simulated server behind a real PowerShell."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from relaysim.cli.exits import ANSWERED
from relaysim.errors import InvalidInput, Problem

__all__ = ["command"]

_NAME = "RelaySim"
_MARK = "5d0f6c52-6a3c-4d6f-9b57-2f2f6a1c7e10"
"""The module's GUID: what carries it is ours to replace and to remove."""


@click.group(name="powershell")
def command() -> None:
    """Put the simulated server behind your own PowerShell: the module RelaySim.

    Scripts that run behind it really run: only Exchange's commands are simulated.

    Example: relaysim powershell install --scope user
    """


@command.command(name="path")
def path() -> int:
    """Print where the module is, to import it from there."""
    from relaysim.backend.module_files import module_source

    source = module_source()
    if not isinstance(source, Path):
        hint = "`relaysim powershell install --to FOLDER` unpacks it"
        raise InvalidInput(Problem("the module stands inside an archive", hint=hint))
    click.echo(str(source))
    return ANSWERED


@command.command(name="install")
@click.option(
    "--scope", type=click.Choice(["user"]), help="Where both editions look for your modules."
)
@click.option("--to", "folder", metavar="FOLDER", help="Another folder of modules.")
def install(scope: str | None, folder: str | None) -> int:
    """Copy the module to where PowerShell looks; an older one of ours is replaced."""
    from relaysim.backend.module_files import copy_module, launcher

    targets = _targets(scope, folder)
    for target in targets:
        _refuse_foreign(target)
    for target in targets:
        with _changing(target):
            if target.exists():
                shutil.rmtree(target)
            copy_module(target)
            (target / "launcher.txt").write_text("\n".join(launcher()) + "\n", encoding="utf-8")
        click.echo(f"installed {target}")
    return ANSWERED


@command.command(name="uninstall")
@click.option("--scope", type=click.Choice(["user"]), help="Where `install` put it.")
@click.option("--to", "folder", metavar="FOLDER", help="Another folder of modules.")
def uninstall(scope: str | None, folder: str | None) -> int:
    """Remove the module; nothing of it stays."""
    found = [target for target in _targets(scope, folder) if target.exists()]
    for target in found:
        _refuse_foreign(target)
    for target in found:
        with _changing(target):
            shutil.rmtree(target)
        click.echo(f"removed {target}")
    if not found:
        click.echo("not installed there")
    return ANSWERED


@command.command(name="backend", hidden=True)
def backend() -> int:
    """Answer requests of the module: JSON lines on standard input and output."""
    import signal

    from relaysim.backend.service import serve_lines

    # A console's Ctrl-C is meant for the command that waits, not for the server behind it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve_lines(sys.stdin.buffer, sys.stdout.buffer, state_file=os.environ.get("RELAYSIM_STATE"))
    return ANSWERED


def _targets(scope: str | None, folder: str | None) -> list[Path]:
    if folder is not None:
        return [Path(folder) / _NAME]
    if scope is None:
        hint = "`--scope user`, or `--to FOLDER`"
        raise InvalidInput(Problem("say where", hint=hint))
    home = Path.home()
    if os.name == "nt":
        documents = home / "Documents"
        return [
            documents / name / "Modules" / _NAME for name in ("WindowsPowerShell", "PowerShell")
        ]
    return [home / ".local" / "share" / "powershell" / "Modules" / _NAME]


@contextmanager
def _changing(target: Path) -> Iterator[None]:
    """Name the folder that the system does not let us change."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise InvalidInput(Problem(f"cannot be changed ({reason})", file=str(target))) from None


def _refuse_foreign(target: Path) -> None:
    manifest = target / f"{_NAME}.psd1"
    if target.exists() and not (manifest.is_file() and _MARK in manifest.read_text("utf-8")):
        raise InvalidInput(Problem("is there and is not this module", file=str(target)))
