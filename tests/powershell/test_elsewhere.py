"""What runs here and would not do so in the server's own shell is said, and is no error."""

import pytest

from relaysim.powershell.hosting.surroundings import Surroundings
from relaysim.powershell.interpreter.contract import CmdletSpec, Parameter
from relaysim.powershell.runner import ScriptSession


class _Thing:
    def __init__(self, name):
        self.spec = CmdletSpec(
            name=name,
            directory=True,
            parameters=(Parameter(name="Identity", position=0, from_pipeline=True),),
        )

    def run(self, context, bound, pipeline_input):
        del context, bound, pipeline_input
        return [1]


def remarks(text, **surroundings):
    session = ScriptSession(
        state=None,
        cmdlets=(_Thing("Get-Thing"), _Thing("Set-Thing")),
        surroundings=Surroundings(**surroundings),
    )
    result = session.run(text)
    assert result.errors == ()
    return result.remarks


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("1 -in 1, 2", "`-in` needs PowerShell 3.0"),
        ("1 -notin 2", "`-notin` needs PowerShell 3.0"),
        ("[ordered]@{ a = 1 }", "`[ordered]@{ }` needs PowerShell 3.0"),
        ("[pscustomobject]@{ a = 1 }", "`[pscustomobject]@{ }` needs PowerShell 3.0"),
        ("'a' | Where-Object Length -eq 1", "`Where-Object` with the name of a property"),
        ("1 | ForEach-Object { $PSItem }", "`$PSItem` needs PowerShell 3.0"),
        ("(1, 2).Where({ $_ -gt 1 })", "`.Where()` needs PowerShell 4.0"),
        ("[version]::new(1, 2)", "`::new()` needs PowerShell 5.0"),
        ("'[1]' | ConvertFrom-Json", "`ConvertFrom-Json` needs PowerShell 3.0"),
        ("(Get-Thing).Name", "`.Name` of several objects gives nothing before PowerShell 3.0"),
        ("(Get-Thing).Count", "`.Count` of one object gives nothing before PowerShell 3.0"),
    ],
)
def test_what_a_later_version_brought_is_named_on_an_older_server(text, construct):
    (remark,) = remarks(f"\n{text}", version="2.0")
    assert remark.startswith(f"line 2: {construct}")
    assert "this server's shell has 2.0" in remark
    assert remarks(text) == ()


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("Get-Thing | ForEach-Object { Set-Thing $_ }", "`Set-Thing` inside a pipeline"),
        ("$c = @{ MaxSize = 5 }; $c.MaxSize -gt 1MB", "`MaxSize -gt` compares texts"),
    ],
)
def test_what_a_remote_session_breaks_is_named(text, construct):
    (remark,) = remarks(text, remote=True)
    assert construct in remark
    assert remarks(text) == ()


@pytest.mark.parametrize(
    "text",
    ["(Get-Thing) | ForEach-Object { Set-Thing $_ }", "Get-Thing | Set-Thing", "1 -match 1, 2"],
)
def test_what_works_everywhere_is_not_named(text):
    assert remarks(text, remote=True, version="2.0") == ()
