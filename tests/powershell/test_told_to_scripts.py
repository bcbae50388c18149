"""What scripts are told: places and lines of errors, what is joined, messages that are shown.

Each expectation is what PowerShell 7.6.9 gives.
"""

import pytest

from relaysim.powershell.runner import run_script


def run(script):
    """Run a script for itself."""
    return run_script(script, state=None, cmdlets=())


VALUES = (
    ("$d = [datetime]'2026-01-02'; $d, 'b' -join ','; [string]::Join(',', $d, 'b'); \"$d\"",
     "1/2/2026 12:00:00 AM,b\n1/2/2026 12:00:00 AM,b\n01/02/2026 00:00:00"),
    ("$b = [Text.StringBuilder]::new(); [void]$b.Append([datetime]'2026-01-02'); $b.ToString()",
     "1/2/2026 12:00:00 AM"),
    ("\"$([int], [string])\"; ([int], [string]) -join ','; \"$([int])\"",
     "System.Int32 System.String\nSystem.Int32,System.String\nint"),
    ("function f { param($a) $PSBoundParameters.Remove('a'); $PSBoundParameters.Count }; f 1",
     "True\n0"),
    ("$PSBoundParameters.Count; [math]$null; 'x'", "0\nx"),
    ("function f { $MyInvocation.Line.Trim(); $MyInvocation.OffsetInLine }\n  f 1", "f 1\n3"),
    ("& { $MyInvocation.InvocationName }", "&"),
    ("Write-Error m -TargetObject @{ a = 1 } -ea 0; $Error[0].CategoryInfo.TargetType; "
     "$Error[0].TargetObject.a", "Hashtable\n1"),
    ("try { 'a' -split 'b', 'x' } catch { $_.FullyQualifiedErrorId }; "
     "try { 5 -as 'b' } catch { $_.FullyQualifiedErrorId }",
     "RuntimeException\nInvalidCastFromStringToType"),
    ("foreach ($s in { [version]@{ a = 1 } }, { [datetime]@{ a = 1 } }, { [Exception](1, 2) }, "
     "{ [mailaddress]'x' }, { [type](1, 2) }, { 'a' -split @() }, { $true * 'a' }) { "
     "try { & $s } catch { $_.FullyQualifiedErrorId } }; $null -eq [type]$null",
     "ObjectCreationError\nObjectCreationError\nConvertToFinalInvalidCastException\n"
     "InvalidCastConstructorException\nConvertToFinalInvalidCastException\n"
     "BadOperatorArgument\nMethodNotFound\nTrue"),
    ("Write-Verbose v -Verbose 4>&1; $x = Write-Debug d -Debug 5>&1; $x", "VERBOSE: v\nDEBUG: d"),
    ("New-Object problem -ErrorAction Stop\n'on'", "on"),
    ("Get-Content -ErrorAction Stop\n'on'", "on"),
    ("Get-Item nope -ErrorAction Stop\n'on'", ""),
    ("function o { function i { 'in' }; i }; o; try { i } catch { $_.FullyQualifiedErrorId }",
     "in\nCommandNotFoundException"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), VALUES)
def test_a_script_is_told_what_powershell_tells(script, printed):
    assert run(script).output.replace("\r\n", "\n").strip() == printed


def test_a_merged_warning_is_shown_as_one():
    result = run("Write-Warning w 3>&1; $x = Write-Warning v 3>&1; $x")
    assert result.warnings == ("w", "v")
    assert not result.output


PLACES = (
    ("$x = @(\n[int]'q'\n'a'\n)", 1),
    ("$x = @(\n'a'\n[int]'q'\n)", 3),
    ("$x = $(\n[int]'q'\n)", 1),
    ("@(\n[int]'q'\n'a'\n)", 2),
    ("$h = @{ a = 1; b = 2 }\nforeach ($e in $h.GetEnumerator()) { $h[$e.Key] = 0 }", 2),
)


@pytest.mark.parametrize(("script", "line"), PLACES)
def test_an_error_has_its_line(script, line):
    (error,) = run(script).errors
    assert error.position is not None
    assert error.position.line == line
