"""The module RelaySim in a real PowerShell: scripts run unchanged and end as they do here."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import relaysim
from relaysim.backend.engine import run_script
from relaysim.builtin.fresh import fresh_server
from relaysim.config.difference import changes
from relaysim.config.source import load
from relaysim.management_shell import run
from relaysim.management_shell.cmdlets.neighbours.families import FAMILIES, Counted
from relaysim.model.version import ExchangeVersion
from tests import console
from tests.console import ROOT
from tests.powershell_module.session import MODULE, PWSH, in_powershell, real


def test_the_files_of_the_module_are_ascii_and_hold_no_rule():
    for file in MODULE.iterdir():
        if file.suffix in (".psm1", ".psd1", ".ps1", ".ps1xml"):
            text = file.read_text("utf-8")
            assert text.isascii(), file.name
            assert "ms-Exch" not in text, file.name


def test_the_modules_views_have_the_columns_of_the_embedded_shell():
    shown = {}
    views = ET.parse(MODULE / "RelaySim.format.ps1xml")  # noqa: S314 - our own file
    for view in views.iter("View"):
        noun = view.findtext(".//TypeName", "").rpartition(".")[2].lower()
        if noun in FAMILIES and view.find("TableControl") is not None:
            shown[noun] = tuple(name.text for name in view.iter("PropertyName"))
    assert shown == {
        noun: family.columns
        for noun, family in FAMILIES.items()
        if not family.as_list and family.reach is not Counted.SERVER
    }


def test_the_module_is_installed_replaced_and_removed_and_nothing_else_is(tmp_path):
    def command(*words):
        return subprocess.run(
            [sys.executable, "-m", "relaysim", "powershell", *words, "--to", str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert command("install").returncode == 0
    assert command("install").returncode == 0
    assert (tmp_path / "RelaySim/RelaySim.psm1").is_file()
    assert (tmp_path / "RelaySim/launcher.txt").read_text("utf-8").startswith(sys.executable)
    assert command("uninstall").returncode == 0
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "RelaySim").mkdir()
    (tmp_path / "RelaySim/mine.txt").write_text("x", encoding="utf-8")
    assert command("install").returncode == 2
    assert command("uninstall").returncode == 2
    assert (tmp_path / "RelaySim/mine.txt").is_file()


def test_a_folder_that_cannot_be_made_is_one_error(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = console.relaysim(["powershell", "install", "--to", str(tmp_path / "file")])
    assert result.code == 2
    where = tmp_path / "file" / "RelaySim"
    assert result.output == f"error: {where}: cannot be changed (not a directory)\n"


def test_without_a_powershell_the_engine_says_so(tmp_path):
    script = tmp_path / "x.ps1"
    script.write_text("1", encoding="utf-8")
    with pytest.raises(relaysim.InvalidInput, match="cannot be started"):
        run_script(str(script), fresh_server(), powershell=str(tmp_path / "nothing"))


@real
def test_the_article_runs_and_the_answers_are_truth_values(tmp_path):
    printed, errors = in_powershell(
        """
        Connect-RelaySim -Exchange 2016
        $null = New-ReceiveConnector -Name 'CRM' -Usage Custom -Bindings 0.0.0.0:25 `
            -RemoteIPRanges 192.168.2.55,192.168.2.56 -TransportRole FrontendTransport `
            -PermissionGroups AnonymousUsers
        $a = Test-RelaySim -IP 192.168.2.55 -Auth none
        "$($a.Relay) $($a.Relay.GetType().Name)"
        $null = Get-ReceiveConnector CRM | Add-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' `
            -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient
        (Test-RelaySim -IP 192.168.2.55 -Auth none).Relay
        (Test-RelaySim -IP 192.168.2.57 -Auth none).Relay
        (Compare-RelaySim | Select-Object -First 1).What
        Restore-RelaySim
        @(Compare-RelaySim).Count
        """,
        tmp_path,
    )
    assert errors == ""
    assert printed == ["False Boolean", "True", "False", "created", "0"]


@real
def test_objects_are_what_scripts_take_them_for(tmp_path):
    printed, errors = in_powershell(
        """
        Connect-RelaySim -Exchange 2016
        $c = Get-ReceiveConnector 'Default Frontend EX01'
        $c.GetType().FullName
        $c.PermissionGroups.GetType().FullName
        $c.MaxMessageSize.ToMB(); $c.MaxMessageSize -gt 5MB
        [bool] ($c.PermissionGroups -band 'AnonymousUsers')
        $c.RemoteIPRanges[1].UpperBound.ToString()
        $c.Bindings = '10.0.0.5:25'; $c.Bindings[0].Port
        $c.RemoteIPRanges = '10.0.0.0/24'; $c.RemoteIPRanges += '10.0.1.1'; $c.RemoteIPRanges.Count
        $c.Identity.Name
        "$($c.Identity)"
        (Get-ExchangeServer).AdminDisplayVersion.Major
        """,
        tmp_path,
    )
    assert errors == ""
    assert printed == [
        "Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector",
        "Microsoft.Exchange.Data.PermissionGroups",
        "36",
        "True",
        "True",
        "255.255.255.255",
        "25",
        "2",
        "Default Frontend EX01",
        "EX01\\Default Frontend EX01",
        "15",
    ]


@real
def test_preferences_of_the_caller_hold_and_a_trial_checks_first(tmp_path):
    printed, _ = in_powershell(
        """
        Connect-RelaySim -Exchange 2016
        $name = 'Client Frontend EX01'
        try { Set-ReceiveConnector $name -PermissionGroups Custom -ErrorAction Stop }
        catch { $_.FullyQualifiedErrorId }
        $ErrorActionPreference = 'SilentlyContinue'
        Set-ReceiveConnector $name -PermissionGroups Custom
        $ErrorActionPreference = 'Continue'
        function Change { Set-ReceiveConnector $name -MaxHopCount 7 }
        $WhatIfPreference = $true
        Change
        Set-ReceiveConnector $name -PermissionGroups Custom -ErrorVariable found -ErrorAction 0
        @($found).Count
        $WhatIfPreference = $false
        (Get-ReceiveConnector $name).MaxHopCount
        """,
        tmp_path,
    )
    assert printed[0] == "V-5,Set-ReceiveConnector"
    assert printed[-2:] == ["1", "60"]
    assert any(line.startswith("What if:") for line in printed)


@real
def test_hostile_names_go_both_ways_unharmed(tmp_path):
    names = ["Б; Remove-ReceiveConnector * #", "--%", "a`b$(1)'\"", "007", "x\u202ey", "😀"]
    (tmp_path / "names.txt").write_text("\n".join(names), encoding="utf-8")
    printed, errors = in_powershell(
        f"""
        Connect-RelaySim -Exchange 2016
        $port = 4000
        foreach ($name in [System.IO.File]::ReadAllLines('{tmp_path / "names.txt"}')) {{
            $port++
            $made = New-ReceiveConnector -Name $name -Usage Custom -Bindings "0.0.0.0:$port" `
                -RemoteIPRanges 10.0.0.1 -PermissionGroups AnonymousUsers
            ($made.Name -ceq $name) -and ((Get-ReceiveConnector $name).Name -ceq $name)
        }}
        """,
        tmp_path,
    )
    assert errors == ""
    assert printed == ["True"] * len(names)


UNWELL = r"""
function Connect {
    Connect-RelaySim -Exchange 2016 -RelaySim '%s'
    & (Get-Module RelaySim) { [RsPipe]::Here() }
}
function Said([scriptblock] $do) { try { & $do } catch { "$_" } }
$pipe = Connect
Said { Get-ReceiveConnector die }
Said { Get-ReceiveConnector }
$pipe = Connect
Said { Get-ReceiveConnector nonsense }
$pipe = Connect
$pipe.Seconds = 1
Said { Get-ReceiveConnector hang }
$pipe.Seconds = 120
$pipe = Connect
$other = [powershell]::Create([System.Management.Automation.RunspaceMode]::NewRunspace)
$begin = 'Import-Module "%s"; Connect-RelaySim -Exchange 2016 -RelaySim "%s"'
$null = $other.AddScript($begin).Invoke(); $other.Commands.Clear()
$running = $other.AddScript('Get-ReceiveConnector hang').BeginInvoke()
Start-Sleep -Milliseconds 300
$other.Stop()
"stopped $($other.InvocationStateInfo.State)"
$other.Commands.Clear()
'then ' + @($other.AddScript('Get-ReceiveConnector').Invoke()).Count
'here ' + @(Get-ReceiveConnector).Count
$other.Runspace.Dispose()
"""


@real
def test_a_backend_that_is_unwell_is_an_error_and_one_command_can_be_interrupted(tmp_path):
    unwell = tmp_path / "unwell"
    script = ROOT / "tests/powershell_module/unwell.py"
    text = f"#!/bin/sh\nexec '{sys.executable}' '{script}'\n"
    unwell.write_text(text, encoding="ascii")
    unwell.chmod(0o755)
    module = MODULE / "RelaySim.psd1"
    printed, errors = in_powershell(UNWELL % (unwell, module, unwell), tmp_path, own=True)
    assert errors == ""
    assert printed == [
        "the backend of relaysim has ended: Connect-RelaySim begins again",
        "not connected: Connect-RelaySim begins",
        "the backend of relaysim answered nonsense",
        "the backend of relaysim gave no answer for 1 seconds",
        "stopped Stopped",
        "then 5",
        "here 5",
    ]


TAKEOVERS = r"""
Connect-RelaySim -Exchange 2016 -ClientIP 10.0.0.1
Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn
$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://x/PowerShell
Import-PSSession $s -DisableNameChecking -AllowClobber
'session ' + (Invoke-Command -Session $s { @(Get-ReceiveConnector).Count })
'local ' + (Invoke-Command { param($x) $x + 1 } -ArgumentList 4)
Get-PSSession | Remove-PSSession
Remove-PSSession $s
Connect-ExchangeServer -Auto
Connect-ExchangeOnline -UserPrincipalName x@y
Import-Module ExchangeOnlineManagement
. 'C:\Program Files\Microsoft\Exchange Server\V15\bin\RemoteExchange.ps1'
'qualified ' + @(Microsoft.Exchange.Management.PowerShell.E2010\Get-ReceiveConnector).Count
Microsoft.PowerShell.Core\Enter-PSSession $s
Microsoft.PowerShell.Core\Invoke-Command -Session $s -ScriptBlock { 'in it' }
Send-MailMessage -To a@contoso.com -From x@contoso.com -SmtpServer EX01
try { Send-MailMessage -To a@example.net -From x@contoso.com -SmtpServer EX01 -ErrorAction Stop }
catch { "$_" }
prompt
(Get-RelaySimFinding).Id -contains 'account-relay-internet'
$null = Get-ReceiveConnector 'Default Frontend EX01' |
    Add-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' `
    -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient
@(Compare-RelaySim | Where-Object Kind -eq 'widened').Count
Send-MailMessage -To a@example.net -From x@contoso.com -SmtpServer EX01
Disconnect-RelaySim
(Get-Command Get-ReceiveConnector, Enter-PSSession -ErrorAction SilentlyContinue).CommandType
$env:ExchangeInstallPath = 'x'
try { Connect-RelaySim } catch { "$_" }
Connect-RelaySim -OnExchangeServer
"""


@real
def test_ways_into_a_real_server_are_taken_over(tmp_path):
    printed, errors = in_powershell(TAKEOVERS, tmp_path)
    assert errors == ""
    told = [line.split()[1] for line in printed if line.startswith("WARNING:")]
    assert sorted(told) == sorted(set(told))
    assert {"New-PSSession", "Connect-ExchangeOnline", "ExchangeOnlineManagement"} <= set(told)
    said = [line for line in printed if not line.startswith("WARNING:")]
    assert said[:5] == ["session 5", "local 5", "qualified 5", "in it", said[4]]
    assert "550 5.7.54" in said[4]
    assert said[5].startswith("[relaysim] PS ")
    assert said[6:9] == ["True", "2", "Cmdlet"]
    assert said[9].startswith("Connect-RelaySim refuses: Exchange is installed on this machine")


ENDING = """
Get-ReceiveConnector 'Default Frontend EX01' |
    Get-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' |
    Where-Object { "$($_.ExtendedRights)" -like '*Authoritative*' } |
    Remove-ADPermission -Confirm:$false
New-AcceptedDomain -Name Lab -DomainName lab.example -DomainType InternalRelay
"""


@real
def test_a_script_is_given_all_it_needs_and_ends_as_in_the_embedded_shell(tmp_path):
    script = tmp_path / "script.ps1"
    changed = (
        ENDING + "Set-ReceiveConnector 'Client Proxy EX01' -Comment 'by hand' -MaxHopCount 7\n"
    )
    script.write_text(
        "param([string] $Name, [int] $Hops)\n"
        "$target = Read-Host 'which one'\n"
        f"{ENDING}"
        "Set-ReceiveConnector $target -Comment $Name -MaxHopCount $Hops\n"
        "(Get-ReceiveConnector $target).Comment | Set-Content said.txt\n",
        encoding="utf-8",
    )
    folder = tmp_path / "here"
    folder.mkdir()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "relaysim", "shell", str(script), "--engine", "powershell"),
            *("--powershell", str(PWSH), "--exchange", "2016", "--folder", str(folder), "--diff"),
            *("--save", str(tmp_path / "after.toml")),
            *("--answer", "Client Proxy EX01", "--", "-Name", "by hand", "-Hops", "7"),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=200,
        check=False,
    )
    assert (folder / "said.txt").read_text("utf-8").strip() == "by hand"
    assert "MaxHopCount 7" in done.stdout, done.stderr
    assert done.returncode == 0
    ours = run(changed, fresh_server(exchange=ExchangeVersion.V2016)).organization
    assert changes(ours, load(str(tmp_path / "after.toml"))) == ()


@real
def test_the_module_keeps_to_the_syntax_that_is_listed_for_5_1(tmp_path):
    harness = ROOT / "tests/powershell_module/syntax.ps1"
    printed, _ = in_powershell(f"& '{harness}' '{MODULE}'", tmp_path)
    found = set(printed)
    # One file names the classes of another, which the parser does not see alone.
    found = {line for line in found if "Unable to find type [Rs" not in line}
    assert "command Update-TypeData -TypeData" in found
    page = (ROOT / "docs/reference/powershell-5.1-subset.md").read_text("utf-8")
    assert found <= set(page.splitlines()), found - set(page.splitlines())


def test_there_is_a_module_to_test():
    assert Path(MODULE / "RelaySim.psm1").is_file()
