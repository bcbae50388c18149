"""A script run by a real PowerShell, with Exchange's commands answered from here."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, NamedTuple

from relaysim.backend.module_files import copy_module, launcher, module_source
from relaysim.config.serverfile import parse_server
from relaysim.config.writer import format_server
from relaysim.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relaysim.model.organization import Organization
    from relaysim.scenario.script import ScriptOutcome

__all__ = ["RealRun", "run_real", "run_script"]

_BOOT = """\
param([string] $RelaySimScript)
Import-Module -Name $env:RELAYSIM_MODULE
Connect-RelaySim -Source $env:RELAYSIM_BEGIN -RunsOn $env:RELAYSIM_HOME \
-OnExchangeServer:($env:RELAYSIM_ON_SERVER -eq '1')
$global:Error.Clear()
Set-Location -LiteralPath $env:RELAYSIM_FOLDER
& $RelaySimScript @args
if ($null -ne $global:LASTEXITCODE) { exit $global:LASTEXITCODE }
"""


class RealRun(NamedTuple):
    """What a real PowerShell made of a script.

    Attributes:
        organization: The organization after it.
        output: What it wrote.
        errors: What it wrote to standard error; empty when nothing went wrong.
        exit_code: The code it ended with.
    """

    organization: Organization
    output: str
    errors: str
    exit_code: int

    @property
    def failed(self) -> bool:
        """Whether an error was shown or the script said so."""
        return bool(self.errors.strip()) or self.exit_code != 0


def run_script(
    script: str,
    organization: Organization,
    *,
    powershell: str | None = None,
    folder: str | None = None,
    arguments: Sequence[str] = (),
    answers: Sequence[str] = (),
    seconds: float = 600.0,
    on_exchange_server: bool = False,
    runs_on: str | None = None,
) -> RealRun:
    """Run a script file in a real PowerShell; everything it does beside Exchange happens.

    Args:
        script: The file.
        organization: The servers it runs against.
        powershell: The program; when left out ``pwsh`` or ``powershell`` on the path.
        folder: The working folder; when left out an empty one that is removed afterwards.
        arguments: The script's arguments.
        answers: Lines for what it asks.
        seconds: How long it may take.
        on_exchange_server: Whether a machine where Exchange is installed is meant.
        runs_on: Of several servers the one that the script runs on; the first when left out.

    Raises:
        InvalidInput: There is no PowerShell, the script does not exist or took too long.
    """
    program = powershell or which("pwsh") or which("powershell")
    if program is None:
        hint = "install PowerShell, or name it: `--powershell PATH`"
        raise InvalidInput(Problem("no PowerShell on the path", hint=hint))
    place = Path(script).resolve()
    if not place.is_file():
        raise InvalidInput(Problem("no such file", file=script))
    with tempfile.TemporaryDirectory(prefix="relaysim-") as temporary:
        home = Path(temporary)
        (home / "work").mkdir()
        module = module_source()
        if not isinstance(module, Path):
            module = home / "module"
            copy_module(module)
        boot, begin, after = home / "boot.ps1", home / "begin.toml", home / "after.toml"
        boot.write_text(_BOOT, encoding="ascii")
        begin.write_text(format_server(organization), encoding="utf-8", newline="\n")
        environment = {
            **os.environ,
            "RELAYSIM_MODULE": str(module / "RelaySim.psd1"),
            "RELAYSIM_BEGIN": str(begin),
            "RELAYSIM_HOME": runs_on or "",
            "RELAYSIM_STATE": str(after),
            "RELAYSIM_FOLDER": str(Path(folder).resolve() if folder else home / "work"),
            "RELAYSIM_ON_SERVER": "1" if on_exchange_server else "0",
            "RELAYSIM_COMMAND": "\n".join(launcher()),
            "NO_COLOR": "1",
            "POWERSHELL_TELEMETRY_OPTOUT": "1",
        }
        command = [program, "-NoProfile", "-File", str(boot), str(place), *arguments]
        try:
            done = subprocess.run(  # noqa: S603  # asked for by name
                command,
                input="".join(f"{line}\n" for line in answers),
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=environment,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            message = f"took more than {seconds:g} seconds and was ended"
            raise InvalidInput(Problem(message, file=script)) from None
        except OSError as error:
            reason = (error.strerror or "unknown reason").lower()
            raise InvalidInput(Problem(f"cannot be started ({reason})", file=program)) from None
        said = next((line for line in done.stderr.splitlines() if "refuses:" in line), "")
        if said and not after.is_file():
            raise InvalidInput(Problem(said.rpartition("| ")[2].strip(), file=script))
        if not _appears(after):
            raise InvalidInput(Problem("the server behind PowerShell left no state", file=script))
        result = parse_server(after.read_bytes(), file="the server afterwards")
    return RealRun(result, done.stdout, done.stderr, done.returncode)


def _appears(file: Path, *, seconds: float = 10.0) -> bool:
    """Tell whether a file is there: the server behind PowerShell may end a moment after it."""
    until = time.monotonic() + seconds
    while not file.is_file():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def run_real(text: str, organization: Organization) -> ScriptOutcome:
    """Run the text of a scenario's step in a real PowerShell.

    What it writes to standard error is one error, whose text names the rule of a refusal.

    Raises:
        InvalidInput: There is no PowerShell, or it took too long.
    """
    from relaysim.scenario.script import ScriptError, ScriptOutcome

    program = os.environ.get("RELAYSIM_PWSH")
    with tempfile.TemporaryDirectory(prefix="relaysim-") as temporary:
        place = Path(temporary) / "step.ps1"
        place.write_text(text, encoding="utf-8-sig")
        done = run_script(str(place), organization, powershell=program)
    if not done.failed:
        return ScriptOutcome(done.organization)
    lines = [line.partition("|")[2] or line for line in done.errors.splitlines()]
    said = " ".join(" ".join(lines).split())
    said = said or f"the script ended with exit code {done.exit_code}"
    return ScriptOutcome(done.organization, (ScriptError(said),))
