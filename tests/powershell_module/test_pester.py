"""A real Pester runs the module's own tests, and the how-to as it stands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import ROOT
from tests.powershell_module.session import MODULE, PWSH

PESTER = Path(PWSH or "").parent / "Modules/Pester"
needs_pester = pytest.mark.skipif(
    not PWSH or not PESTER.is_dir(), reason="no PowerShell with Pester: RELAYSIM_PWSH names none"
)
HOW_TO = ROOT / "docs/how-to/test-with-pester.md"


@needs_pester
def test_pester_passes_the_modules_own_tests_and_those_of_the_how_to(tmp_path):
    script, tests = re.findall(r"```powershell\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    (tmp_path / "relay.ps1").write_text(script, encoding="utf-8")
    (tmp_path / "relay.Tests.ps1").write_text(tests, encoding="utf-8")
    shutil.copy(ROOT / "tests/powershell_module/RelaySim.Tests.ps1", tmp_path)
    shutil.copytree(MODULE, tmp_path / "modules/RelaySim")
    command = "exit (Invoke-Pester . -Output Detailed -PassThru).FailedCount"
    done = subprocess.run(
        [str(PWSH), "-NoProfile", "-Command", command],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PSModulePath": str(tmp_path / "modules"),
            "RELAYSIM_COMMAND": "\n".join([sys.executable, "-m", "relaysim"]),
            "NO_COLOR": "1",
            "POWERSHELL_TELEMETRY_OPTOUT": "1",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Failed: 0" in done.stdout
    assert "[+] refuses to run twice" in done.stdout
