"""Whose variables a block uses, what is redirected, where nothing stays nothing: as PowerShell."""

import pytest

from relaysim.powershell.runner import run_script

SCOPES = (
    ("$a = 5; function f { 1..3 | % { $a += $_ }; $a }; f; $a", "11\n5"),
    ("$a = 5; function f { $a += 1; $a }; f; function g { . { $a += 3 }; $a }; g", "1\n8"),
    ("$a = 5; function f { iex '$a += 3'; $a }; f; & { 1 | % { & { $a += 1; $a } } }", "8\n1"),
    ("$a = 5; function f { (1, 2).ForEach({ $a += $_; $a }) }; f; $a", "6\n8\n5"),
    ("$i = 0; 1, 2 | Select-Object @{n = 'x'; e = { $i++; $i }} | % x; $i", "1\n1\n0"),
    ("$i = 0; 1, 2 | Sort-Object { $i++; $_ }; 1, 2 | Group-Object { $i++ } | % Count; $i",
     "1\n2\n2\n0"),
    ("$i = 0; 'a1b' -split { $i++; $_ -eq '1' }; switch (1) { { $i++; 1 } { $i } }", "a\nb\n0"),
    ("$i = 5; $x = { $i += 1; $i }.GetNewClosure(); & $x; & $x; $i", "1\n1\n5"),
    ("$i = 0; Invoke-Command { $i += 5 } -NoNewScope; $i; Invoke-Command { $i = 9 }; $i", "5\n5"),
    ("function f { [CmdletBinding()]param() Write-Error x; $ErrorActionPreference }; f -ea 0",
     "SilentlyContinue"),
)  # fmt: skip
"""Scripts and what they print."""

NOTHING = (
    ("$o = [pscustomobject]@{M = 1 | ? { $false }}; @($o.M).Count; $o.M -eq $null", "0\nTrue"),
    ("$a = 5 | Out-Null; $b = @($a, 1); $b.Count; $b | % { \"<$_>\" }; \"$b\"", "2\n<1>\n 1"),
    ("$a = 5 | Out-Null; foreach ($x in @($a, 1)) { \"<$x>\" }", "<>\n<1>"),
    ("$a = 5 | Out-Null; switch (@{a = $a}.a) { default { 'd' } }; 'end'", "end"),
    ("$a = 5 | Out-Null; switch ($a, 1) { default { \"d$_\" } }", "d\nd1"),
    ("$a = 5 | Out-Null; function f($p) { $p | % { \"<$_>\" } }; f @($a, 1)", "<>\n<1>"),
    ("$x = 1 | Select-Object @{n = 'M'; e = { 1 | ? { $false } }}; @($x.M).Count", "0"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), SCOPES)
def test_a_block_finds_the_variables_of_whom_it_is_lent_to(script, printed):
    result = run_script(script, state=None, cmdlets=())
    assert result.output.strip() == printed
    assert not result.errors


@pytest.mark.parametrize(("script", "printed"), NOTHING)
def test_what_a_command_did_not_write_stays_nothing_where_it_is_kept(script, printed):
    assert run_script(script, state=None, cmdlets=()).output.strip("\n") == printed


@pytest.mark.parametrize(
    ("script", "printed", "reported"),
    [
        ("$r = Write-Output (1 / 0) 2>&1; \"[$r]\"", "[]", ["RuntimeException"]),
        ("$r = Write-Output $(Write-Error q; 2) 2>&1; \"[$r]\"", "[2]", ["WriteError"]),
        ("function f([int]$x) { $x }; $r = f 'q' 2>&1; \"[$r]\"", "[]",
         ["ParameterArgumentTransformationError"]),
        ("function f { 1 / 0 }; $r = f 2>&1; \"[$r]\"", "[Attempted to divide by zero.]", []),
        ("function f { begin { 1 / 0 } }; $r = f 2>&1; \"[$r]\"",
         "[Attempted to divide by zero.]", []),
    ],
)  # fmt: skip
def test_arguments_are_bound_before_a_commands_streams_are_redirected(script, printed, reported):
    result = run_script(script, state=None, cmdlets=())
    assert result.output.strip() == printed
    found = [error.id for error in result.errors]
    assert found == reported


VALUES = (
    ("[double][char]'x'; [decimal][char]'x'; [char]'5' -as [single]", "120\n120\n53"),
    ("$l = 5, 4, 3, 2, 'a', 1; try { [array]::Sort($l) } catch { 'c' }; \"$l\"", "c\n2 3 4 5 a 1"),
    ("(('a' -split ',') * 2).GetType().Name; ([int[]](1, 2) * 2).GetType().Name",
     "String[]\nInt32[]"),
    ("100, $true | gu; 1, 1.0, '1', [char]'1' | gu; '1', 1.0 | gu", "100\n1\n1\n1"),
    ("'1,2', 10 | Measure-Object -Sum | % Sum; (@() | Measure-Object -Sum).Sum.GetType().Name",
     "22\nDouble"),
    ("Compare-Object ([pscustomobject]@{A = 1}) ([pscustomobject]@{L = $null}) -Property L | "
     "% SideIndicator", "=>\n<="),
    (",(1, 2) | Compare-Object (, (5, 6)) -PassThru | % { \"$_ $($_.SideIndicator)\" }",
     "1 =>\n2 =>\n5 6 <="),
    ("$o = [pscustomobject]@{A = 1}; $o.Equals($o); $o -eq $o", "False\nTrue"),
    ("try { [DayOfWeek]5 -lt $null } catch { $_.Exception.Message }",
     "The binary operator LessThan is not defined for the types 'System.DayOfWeek' and "
     "'System.DayOfWeek'."),
    ("try { (Get-Date '2020-01-01') + $null } catch { $_.FullyQualifiedErrorId }; "
     "$null + [timespan]'1:00' | % ToString",
     "MethodArgumentConversionInvalidCastArgument\n01:00:00"),
    ("Set-StrictMode -Version Latest; try { (1, 2)['a'] } catch { $_.FullyQualifiedErrorId }; "
     "try { (5)[1] } catch { $_.FullyQualifiedErrorId }",
     "InvalidCastFromStringToInteger\nCannotIndex"),
    ("Set-Content f @('b', [int[]](1, 2), (3, 4), (Get-Date '2020-01-02')); Get-Content f",
     "b\nSystem.Int32[]\n3\n4\n1/2/2020 12:00:00 AM"),
    ("[pscustomobject]@{A = 1, 2.5} | Format-Table @{n = 'Q'; e = { $_.A }; f = 'N1'}",
     "Q\n-\n1.0 2.5"),
    ("'a', [pscustomobject]@{N = 1}, 'b' | Format-Wide -AutoSize", "a\n\nb\n1"),
    ("(@{a = 1} | Select-Object -ExpandProperty Keys); , @(2, 3) | Select-Object Rank, Length",
     "a\n\nRank Length\n---- ------\n   1      2"),
    ("[Text.Encoding]::UTF8.EncodingName; [Text.Encoding]::Unicode.WebName",
     "Unicode (UTF-8)\nutf-16"),
)  # fmt: skip
"""Values that .NET and PowerShell make otherwise than one expects."""


@pytest.mark.parametrize(("script", "printed"), VALUES)
def test_a_value_is_what_net_makes_of_it(script, printed):
    result = run_script(script, state=None, cmdlets=())
    assert result.output.strip() == printed
    assert not result.errors


def test_a_row_of_csv_without_a_value_is_none():
    script = (
        "'A,B', ',', '\"\",', '\"\",\"\"', '1,2' | ConvertFrom-Csv | % { \"[$($_.A)|$($_.B)]\" }"
    )
    assert run_script(script, state=None, cmdlets=()).output == "[|]\n[1|2]\n"


SLICES = (
    ("[math]::Floor(7).GetType().Name; [math]::Round(10, 2) / 3",
     "Decimal\n3.3333333333333333333333333333"),
    ("'5', $true, 'n' | Select-Object -Unique; 'straße' -replace '[A-Z]'", "5\nn\nß"),
    ("[DayOfWeek]5 -gt '-5'; try { [guid]31 } catch { $_.FullyQualifiedErrorId }",
     "True\nInvalidCastParseTargetInvocation"),
    ("$x = @(1, $null, 3)[1, 2, 9]; $x.Count; (1, 2, 3)[0, 7].Count; 'abc'[0, 9].Count", "2\n1\n2"),
    ("'a' | % { $_ } | Select-Object -ExpandProperty L -ea 0; $?; 'a' | % { Get-Item x -ea 0 }; $?",
     "False\nTrue"),
    ("trap { \"$_\"; continue } [math]::Sqrt('a'); [version]'1.2' -gt 'q'",
     "Cannot convert value \"a\" to type \"System.Double\". Error: \"Input string was not in a "
     "correct format.\"\nCannot convert value \"q\" to type \"System.Version\". Error: \"Version "
     "string portion was too short or too long.\""),
    ("[DayOfWeek]5 + ''; try { [DayOfWeek]5 - [timespan]'1:00' } catch { 'refused' }",
     "Friday\nrefused"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), SLICES)
def test_what_is_taken_out_of_arrays_and_told_of_errors_is_powershells(script, printed):
    assert run_script(script, state=None, cmdlets=()).output.strip() == printed
