"""Whatever a script asks for, nothing of it leaves the run."""

from pathlib import Path

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.cli.shells.shell_files import store
from relaysim.config.source import load
from relaysim.errors import InvalidInput, InvalidScript
from relaysim.management_shell.running import ExchangeSession

ESCAPES = [
    "Set-Location ..; 'x' | Out-File out.txt",
    "cd C:\\; cd ..\\..; 'x' > ..\\out.txt",
    "'x' > a.txt; Copy-Item a.txt ..\\b.txt",
    "'x' > a.txt; Rename-Item a.txt ..\\b.txt",
    "'x' > a.txt; Move-Item a.txt '\\\\server\\share\\b.txt'",
    "[System.IO.File]::WriteAllText('..\\x.txt', 'x')",
    "[System.IO.File]::WriteAllText('con.txt', 'x')",
    "Start-Transcript ..\\log.txt | Out-Null; Stop-Transcript | Out-Null",
    "Start-Transcript '\\\\server\\share\\log.txt' | Out-Null",
    "'x' > a.txt; Copy-Item a.txt nul",
    "'x' > 'a.txt:stream'",
    "'x' > a.txt; Copy-Item a.txt 'trailing. '",
]


def session(text, **options):
    found = ExchangeSession(fresh_server(), **options)
    result = found.run(text)
    return found.session.files, result


def below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("text", ESCAPES)
def test_no_command_writes_outside_the_folder_that_was_given(text, tmp_path):
    target = tmp_path / "allowed"
    target.mkdir()
    files, _ = session(text)
    try:
        store(files, str(target))
    except InvalidInput:
        assert below(tmp_path) == []
    assert all(name.startswith("allowed/") for name in below(tmp_path))


def test_a_link_on_the_way_is_not_followed(tmp_path):
    target, other = tmp_path / "allowed", tmp_path / "other"
    target.mkdir()
    other.mkdir()
    (target / "link").symlink_to(other)
    files, _ = session("New-Item link -ItemType Directory | Out-Null; 'x' > a; cp a link\\b.txt")
    with pytest.raises(InvalidInput, match="link"):
        store(files, str(target))
    assert below(other) == []


def test_a_script_as_a_configuration_reaches_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "x.ps1"
    script.write_text(
        "mkdir C:\\Temp | Out-Null; Start-Transcript C:\\Temp\\a.log | Out-Null\n"
        "'x' > b.txt; Restart-Service MSExchangeTransport; notepad b.txt\n"
        "Send-MailMessage -To a@contoso.com -From b@contoso.com -Subject x -SmtpServer EX01\n"
        "$s = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://EX01/\n"
        "New-ReceiveConnector Relay -Custom -Bindings 0.0.0.0:25 -RemoteIPRanges 10.0.0.5\n",
        encoding="utf-8",
    )
    names = [connector.name for connector in load(str(script)).connectors]
    assert "Relay" in names
    assert below(tmp_path) == ["x.ps1"]


def test_the_surroundings_tell_nothing_of_this_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("COMPUTERNAME", "SECRETHOST")
    monkeypatch.setenv("USERNAME", "secretuser")
    monkeypatch.setenv("TEMP", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    text = """
        $env:COMPUTERNAME; $env:USERNAME; $env:TEMP; $HOME; hostname; whoami; $pwd.Path
        [Environment]::MachineName; [Environment]::UserName; [System.IO.Path]::GetTempPath()
        [System.Net.Dns]::GetHostName(); [System.IO.Directory]::GetCurrentDirectory()
        [Environment]::GetEnvironmentVariable('PATH'); $MyInvocation.MyCommand.Path
        [System.Security.Principal.WindowsIdentity]::GetCurrent().Name
    """
    _, result = session(text)
    assert result.errors == ()
    assert len(result.output.splitlines()) >= 12
    for secret in ("secret", str(tmp_path), str(Path.home()), Path.cwd().name):
        assert secret.casefold() not in result.output.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "New-PSSession -ComputerName other",
        "Import-Module .\\own.psm1",
        "Get-ChildItem C:\\",
        "Get-Service Spooler",
        "net use Z: \\\\server\\share",
        "New-Object Net.WebClient",
    ],
)
def test_what_would_reach_this_machine_ends_the_script(text):
    try:
        _, result = session(f"{text}\n'not reached'")
    except InvalidScript:
        return
    assert result.errors
    assert "not reached" not in result.output or "Net.Mail" in text
