"""The collector only asks, writes one folder, and says in its manifest what is in it."""

import re
import subprocess
import xml.etree.ElementTree as ET

import pytest

from relaysim.importers.collector import collector_script
from tests.console import relaysim
from tests.powershell.real import PWSH, needs_powershell

STUBS = """
function Get-ExchangeServer { [CmdletBinding()] param()
    [pscustomobject]@{ Name = 'EX01'; AdminDisplayVersion = 'Version 15.2 (Build 1118.7)' } }
function Get-ReceiveConnector { [CmdletBinding()] param()
    'Default EX01', "Rel$([char]0x0411)y", 'Broken' | ForEach-Object {
        [pscustomobject]@{ Name = $_; Identity = "EX01\\$_"; DistinguishedName = "CN=$_";
            RemoteIPRanges = 1..40 | ForEach-Object { "10.0.0.$_" } } } }
function Get-ADPermission { [CmdletBinding()] param($Identity)
    if ($Identity -eq 'CN=Broken') { throw "access`r`ndenied" }
    if ($Identity -ne 'CN=Default EX01') { Write-Error 'not whole' }
    [pscustomobject]@{ Identity = $Identity; User = 'ANONYMOUS LOGON';
        ExtendedRights = 'ms-Exch-SMTP-Submit' } }
function Get-AcceptedDomain { [CmdletBinding()] param() }
function Get-TransportServer { [CmdletBinding()] param() [pscustomobject]@{ Name = 'EX01' } }
function Get-TransportConfig { [CmdletBinding()] param() throw 'no' }
"""


def lines_of(folder):
    return (folder / "manifest.txt").read_text("utf-16").splitlines()


@pytest.mark.parametrize("text", [False, True])
def test_the_collector_is_ascii_and_asks_exchange_by_get_commands_only(text):
    script = collector_script(text=text)
    assert script.isascii()
    assert script.replace("\n", "").isprintable()
    commands = set(re.findall(r"\b([A-Z][a-z]+-[A-Z]\w+)", script))
    ours = {"Save-Objects", "Get-Entries", "Test-Known", "Add-Failure"}
    writing = {"New-Item", "Out-File"} | ({"Format-List"} if text else {"Export-Clixml"})
    reading = {"Join-Path", "Split-Path", "Test-Path", "Where-Object", "Write-Host"}
    others = {one for one in commands if not one.startswith("Get-")}
    assert others == {*ours, *writing, *reading, "New-Object"} - {"Get-Entries"}


def test_the_command_prints_the_script():
    assert relaysim(["collector"]).output == collector_script()
    assert relaysim(["collector", "--text"]).output == collector_script(text=True)


def collect(tmp_path, *, stubs, text=False):
    script = tmp_path / "run.ps1"
    script.write_text(f"{stubs}\n{collector_script(text=text)}", "utf-8")
    done = subprocess.run(
        [PWSH, "-NoProfile", "-NonInteractive", "-File", str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.stderr == ""
    return done.stdout, list(tmp_path.glob("relaysim-export-*"))


@needs_powershell
@pytest.mark.parametrize("text", [False, True], ids=["clixml", "text"])
def test_a_real_powershell_collects_what_there_is_and_names_what_failed(tmp_path, text):
    printed, (folder,) = collect(tmp_path, stubs=STUBS, text=text)
    end = "txt" if text else "xml"
    found = lines_of(folder)
    assert found[0] == "relaysim-collector: 1"
    assert re.fullmatch(r"date: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found[1])
    assert found[4] == f"format: {'text' if text else 'clixml'}"
    assert found[5:] == [
        "server: EX01 Version 15.2 (Build 1118.7)",
        f"file: exchange-servers.{end} 1 Get-ExchangeServer",
        f"file: receive-connectors.{end} 3 Get-ReceiveConnector",
        f"file: permissions.{end} 2 Get-ADPermission",
        "error: Get-ADPermission: EX01\\RelБy: not whole",
        "error: Get-ADPermission: EX01\\Broken: access denied",
        f"file: accepted-domains.{end} 0 Get-AcceptedDomain",
        f"file: transport-services.{end} 1 Get-TransportServer",
        f"file: transport-config.{end} 0 Get-TransportConfig",
        "error: Get-TransportConfig: no",
        "end: 3 connectors, 2 entries",
    ]
    assert "error: Get-TransportConfig: no" in printed
    assert f"relaysim import {folder.name}" in printed
    connectors = (folder / f"receive-connectors.{end}").read_bytes()
    if text:
        assert "10.0.0.40}" in connectors.decode("utf-16")
        assert "RelБy" in connectors.decode("utf-16")
    else:
        objects = ET.fromstring(connectors)  # noqa: S314
        assert len(objects) == 3


@needs_powershell
def test_outside_of_exchange_nothing_is_written(tmp_path):
    printed, folders = collect(tmp_path, stubs="")
    assert printed.startswith("There is no Get-ReceiveConnector")
    assert folders == []
