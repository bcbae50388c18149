"""Scripts that run others: by a dot, by ``&`` and by their paths, below ``--allow-read``."""

import pytest

from relaysim.builtin.fresh import fresh_server
from relaysim.cli.shells.shell_start import folder_reader
from relaysim.errors import InvalidScript
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.version import parse_version

COMMON = r"""param($Given)
function Write-Log { param($Text) "log: $Text" | Tee-Object -FilePath log.txt -Append }
function Add-Range {
    param([string] $Connector, [string] $Range)
    Set-ReceiveConnector $Connector -RemoteIPRanges @{ Add = $Range } -ErrorAction Stop
}
function Get-Doubled { process { $_ * 2 } }
function Get-Lost { Get-ReceiveConnector 'nowhere' }
$Domain = 'contoso.com'
"in $($MyInvocation.MyCommand.Name) of $PSScriptRoot with [$Given]"
if ($Given -eq 7) { exit 3 }
if ($Given -eq 8) { return 'returned' }
'end'
"""


def session(folder):
    (folder / "sub").mkdir(exist_ok=True)
    (folder / "sub" / "Common.ps1").write_text(COMMON, encoding="utf-8-sig")
    organization = fresh_server(exchange=parse_version("2016"))
    return ExchangeSession(organization, reader=folder_reader(str(folder)))


def run(folder, text):
    return session(folder).run(text, file="main.ps1")


def test_a_dot_brings_the_functions_and_variables_of_another_script(tmp_path):
    result = run(
        tmp_path,
        ". .\\sub\\common.ps1 1\nWrite-Log $Domain\n"
        "Add-Range 'EX01\\Default EX01' 192.0.2.1\n1..2 | Get-Doubled\n"
        "(Get-ReceiveConnector 'Default EX01').RemoteIPRanges.Count\n$PSScriptRoot",
    )
    assert result.errors == ()
    assert result.output.splitlines() == [
        "in common.ps1 of C:\\Scripts\\sub with [1]", "end", "log: contoso.com",
        "2", "4", "3", "C:\\Scripts",
    ]  # fmt: skip


def test_a_called_script_keeps_its_own_and_ends_with_its_own_exit(tmp_path):
    result = run(
        tmp_path,
        "& .\\sub\\Common.ps1 8\n.\\sub\\Common.ps1 -Given 7\n"
        '"$LASTEXITCODE $? [$Domain]"\n$r = & "$PSScriptRoot\\sub\\Common.ps1"\n$r.Count\n'
        ". (Join-Path $PSScriptRoot 'sub\\Common.ps1') 7\n$Domain",
    )
    assert (result.errors, result.exit_code) == ((), None)
    assert result.output.splitlines() == [
        "in Common.ps1 of C:\\Scripts\\sub with [8]", "returned",
        "in Common.ps1 of C:\\Scripts\\sub with [7]", "3 False []",
        "2",
        "in Common.ps1 of C:\\Scripts\\sub with [7]", "contoso.com",
    ]  # fmt: skip


def test_a_script_can_tell_whether_it_was_run_by_a_dot(tmp_path):
    (tmp_path / "main2.ps1").write_text('"[$($MyInvocation.InvocationName)]"')
    result = run(tmp_path, ".'.\\main2.ps1'\n& .\\main2.ps1\n.\\main2.ps1")
    assert result.output.splitlines() == ["[.]", "[&]", "[.\\main2.ps1]"]


def test_an_error_in_another_script_is_told_where_it_was_reached_with_its_line(tmp_path):
    result = run(tmp_path, ". .\\sub\\Common.ps1 | Out-Null\n\n  Get-Lost\n")
    (error,) = result.errors
    assert (error.position.line, error.position.column) == (3, 3)
    assert (error.hint or "").startswith("line 8 of `.\\sub\\Common.ps1`; ")


def test_what_another_script_names_is_looked_at_before_anything_runs(tmp_path):
    (tmp_path / "bad.ps1").write_text("Get-ReceiveConnector\nStart-Process calc\n")
    with pytest.raises(InvalidScript) as caught:
        run(tmp_path, "Remove-ReceiveConnector 'Default EX01'\n. .\\bad.ps1\n")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (".\\bad.ps1", 2)
    assert problem.message == "`Start-Process` would run code"


def test_a_script_that_runs_itself_is_bounded(tmp_path):
    (tmp_path / "again.ps1").write_text(". .\\again.ps1\n")
    result = run(tmp_path, ". .\\again.ps1\n")
    assert [error.id for error in result.errors] == ["LimitReached"]


@pytest.mark.parametrize("path", [".\\none.ps1", "..\\out.ps1", "C:\\x\\y.ps1"])
def test_a_script_that_is_not_below_the_folder_is_an_error_where_it_stands(tmp_path, path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "out.ps1").write_text("'seen'")
    result = run(inner, f"try {{ . {path} }} catch {{ 'caught' }}\n'on'")
    assert result.output.splitlines() == ["caught", "on"]


def test_without_a_folder_to_read_another_script_is_refused_with_what_helps():
    bare = ExchangeSession(fresh_server(exchange=parse_version("2016")))
    with pytest.raises(InvalidScript) as caught:
        bare.run(". .\\common.ps1\nWrite-Log x")
    first = caught.value.problems[0]
    assert first.message == "`.\\common.ps1` would run a program or another script"
    assert "--allow-read" in (first.hint or "")
