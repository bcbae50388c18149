"""What must not happen: a real server is reached, or a change is lost."""

import sys

from relaysim.backend import engine
from relaysim.builtin.fresh import fresh_server
from relaysim.model.version import ExchangeVersion
from tests.console import ROOT
from tests.powershell_module.session import PWSH, in_powershell, real

REMOTE = r"""
$names = 'Get-ReceiveConnector', 'Set-ReceiveConnector'
$names | ForEach-Object { "function $_ { 'a real server' }" } | Set-Content Saved.psm1
New-ModuleManifest Saved.psd1 -RootModule Saved.psm1 -Description 'Implicit remoting for http://x/'
Import-Module ./Saved.psd1
$kept = Get-Command Get-ReceiveConnector
try { Connect-RelaySim -Exchange 2016 } catch { "$_" }
Remove-Module Saved
try { Connect-RelaySim -Exchange 2016 } catch { "$_" }
$kept = $null
Connect-RelaySim -Exchange 2016
Import-Module ./Saved.psd1
@(Get-ReceiveConnector).Count
@(Saved\Get-ReceiveConnector).Count
Set-ReceiveConnector 'Default Frontend EX01' -MaxHopCount 7
(Get-ReceiveConnector 'Default Frontend EX01').MaxHopCount
"""


@real
def test_a_command_of_a_remote_session_is_refused_though_a_variable_holds_it_and_never_runs(
    tmp_path,
):
    printed, errors = in_powershell(f"Set-Location '{tmp_path}'\n{REMOTE}", tmp_path)
    assert errors == ""
    held = "(Get-ReceiveConnector of a remote session)"
    assert f"a real Exchange command is loaded here {held}" in printed[0]
    assert f"$kept holds a real Exchange command {held}" in printed[1]
    assert printed[2:] == ["5", "5", "7"]


@real
def test_a_script_that_disconnects_leaves_its_state_on_a_busy_machine_too(tmp_path, monkeypatch):
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import os, sys, time\n"
        "from relaysim.backend.service import serve_lines\n"
        "class Incoming:\n"
        "    def readline(self, limit):\n"
        "        line = sys.stdin.buffer.readline(limit)\n"
        "        time.sleep(0 if line else 2.5)\n"
        "        return line\n"
        "serve_lines(Incoming(), sys.stdout.buffer, state_file=os.environ['RELAYSIM_STATE'])\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(engine, "launcher", lambda: [sys.executable, str(slow)])
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    script = tmp_path / "script.ps1"
    script.write_text(
        "Remove-ReceiveConnector 'Client Proxy EX01' -Confirm:$false; Disconnect-RelaySim",
        encoding="utf-8",
    )
    begin = fresh_server(exchange=ExchangeVersion.V2016)
    done = engine.run_script(str(script), begin, powershell=PWSH)
    assert done.errors == ""
    assert len(done.organization.connectors) == len(begin.connectors) - 1
