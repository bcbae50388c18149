"""An error in a ``catch`` is one of the whole ``try``: nothing more of the block runs.

Each expectation is what PowerShell 7.6.9 prints, and the ids of the errors it ends with.
"""

import pytest

from tests.powershell.test_written_numbers import lines


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("try { throw 1 } catch { 'a'; 5 / 0; 'b' }; 'c'", ["a", "c", "RuntimeException"]),
        ("try { 1/0 } catch { $none.Add(1); 'b' }; 'c'", ["c", "InvokeMethodOnNull"]),
        ("try { throw 1 } catch { foreach ($i in 1, 2) { 5 / 0; $i }; 'd' }; 'c'",
         ["c", "RuntimeException"]),
        ("function f { 5 / 0; 'b' }; try { throw 1 } catch { f; 'd' }; 'c'",
         ["c", "RuntimeException"]),
        ("try { throw 1 } catch { 5 / 0; 'k' } finally { 'f' }; 'c'",
         ["f", "c", "RuntimeException"]),
        ("$x = try { throw 1 } catch { 'v'; 5 / 0 }; \"x=$x\"", ["x=", "RuntimeException"]),
        ("try { throw 1 } catch { 5 / 0 }; $?", ["False", "RuntimeException"]),
        ("foreach ($i in 1, 2) { try { throw 1 } catch { 5 / 0; 'k' }; $i }",
         ["1", "2", "RuntimeException", "RuntimeException"]),
        ("try { try { throw 1 } catch { 5 / 0; 'k' }; 'm' } catch { 'outer' }; 'c'",
         ["outer", "c"]),
        ("try { throw 1 } catch { try { 5 / 0; 'k' } catch { 'in' }; 'd' }; 'c'",
         ["in", "d", "c"]),
        ("try { 'x' } finally { 5 / 0; 'b' }; 'c'", ["x", "b", "c", "RuntimeException"]),
        ("try { throw 1 } catch { Write-Error 'e'; 'k' }; 'c'",
         ["k", "c", "WriteError"]),
        # `-ErrorAction Stop` ends the call that it stands in.
        ("function f { [CmdletBinding()] param() 5 / 0; 'm' }; f -ErrorAction Stop; 'c'",
         ["c", "RuntimeException"]),
        ("function f { [CmdletBinding()] param() g; 'm' }; function g { 5 / 0; 'n' }; "
         "1, 2 | ForEach-Object { f -ea Stop; $_ }",
         ["1", "2", "RuntimeException", "RuntimeException"]),
        ("function f { [CmdletBinding()] param() Write-Error 'w'; 'm' }; f -ea Stop; 'c'",
         ["WriteError"]),
        ("function f { $ErrorActionPreference = 'Stop'; 5 / 0; 'm' }; f; 'c'",
         ["RuntimeException"]),
        ("function f { trap { 'T'; 5 / 0; 'U'; continue }; throw 1; 'b' }; f; 'c'",
         ["T", "c", "RuntimeException"]),
    ],
)  # fmt: skip
def test_an_error_in_a_handler_ends_it(script, printed):
    assert lines(script) == printed


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("([datetime]'2026-01-02 15:04').ToString('g', [cultureinfo]::InvariantCulture)",
         ["01/02/2026 15:04"]),
        ("([datetime]'2026-01-02').ToString([cultureinfo]::InvariantCulture)",
         ["01/02/2026 00:00:00"]),
        ("[string]::Format([cultureinfo]::InvariantCulture, '{0:d} {1:N1}', "
         "[datetime]'2026-01-02', 5)", ["01/02/2026 5.0"]),
        ("(1234.5).ToString('C', [cultureinfo]::InvariantCulture)", ["\u00a41,234.50"]),
        ("([double]::PositiveInfinity).ToString([cultureinfo]::InvariantCulture)", ["Infinity"]),
        ("([dayofweek]1).ToString('d')", ["1"]),
        ("(5).ToString('N1', $null)", ["5.0"]),
        ("(5).ToString('a', 'b')", ["MethodCountCouldNotFindBest"]),
        ("$true.ToString('x')", ["MethodCountCouldNotFindBest"]),
        ("@{}.ToString(1)", ["MethodCountCouldNotFindBest"]),
        ("([version]'1.2.3').ToString(2, 3)", ["MethodCountCouldNotFindBest"]),
        ("@([int].Foo).Count; [int].Foo()", ["1", "MethodNotFound"]),
        ("[int].Module", ["NotInSubset"]),
        ("1, 2 | New-Object psobject | ForEach-Object { 'made' }",
         ["made", "InputObjectNotBound", "InputObjectNotBound"]),
        ("1, 2 | New-Object", ["MissingMandatoryParameter"]),
    ],
)  # fmt: skip
def test_methods_take_the_arguments_that_they_have(script, printed):
    assert lines(script) == printed


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("([datetime]'2026-01-02'), 1 -join ','", ["1/2/2026 12:00:00 AM,1"]),
        (", ([datetime]'2026-01-02') -join ','", ["1/2/2026 12:00:00 AM"]),
        ('"$([datetime]\'2026-01-02\', 1)"', ["01/02/2026 00:00:00 1"]),
        ("[string]::Join(';', ([datetime]'2026-01-02'), 1)", ["1/2/2026 12:00:00 AM;1"]),
        ("Write-Host ([pscustomobject]@{ D = [datetime]'2026-01-02' })",
         ["@{D=1/2/2026 12:00:00 AM}"]),
        ("\"$([pscustomobject]@{ D = [datetime]'2026-01-02' })\"", ["@{D=01/02/2026 00:00:00}"]),
        ("'{0}' -f ([pscustomobject]@{ D = [datetime]'2026-01-02' })",
         ["@{D=1/2/2026 12:00:00 AM}"]),
        ("([datetime]'2026-01-02') | Group-Object | ForEach-Object Name",
         ["1/2/2026 12:00:00 AM"]),
        ("Write-Verbose ([datetime]'2026-01-02') -Verbose", ["VERBOSE: 1/2/2026 12:00:00 AM"]),
        ("[double]::PositiveInfinity, 1 -join ','", ["\u221e,1"]),
        ("@{ Id = 1 } | Write-Host; Write-Host @{ Id = 1 }",
         ["System.Collections.Hashtable", "System.Collections.DictionaryEntry"]),
        ("'abc'.Split(98); 'a1b'.Split(1); 'abc'.IndexOf(98); 'abc'.Trim(97)",
         ["a", "c", "a1b", "1", "bc"]),
        ("'abc'.Replace(97, 98); 'a1'.Replace('1', 2)", ["bbc", "a2"]),
        ("Set-Content x.txt", ["MissingMandatoryParameter"]),
        ("1 | Set-Content x.txt; Get-Content x.txt", ["1"]),
        ("function f([switch] $c = 'x') { \"$c\" }; f", ["ParameterArgumentTransformationError"]),
        ("function f([bool] $c = @()) { \"$c\" }; f", ["ParameterArgumentTransformationError"]),
        ("function f([bool] $c = 1) { \"$c\" }; f", ["True"]),
        ("(1, 2, 3)[@{ a = 1 }]", ["ConvertToFinalInvalidCastException"]),
        # Of a property that none of them has, each object made of properties gives null.
        ("$o = 1, 2 | Select-Object @{ n = 'S'; e = { $_ } }; @($o.none).Count; "
         "if ($o.none) { 'some' }; \"[$($o.none)]\"; @((1, 2).none).Count",
         ["2", "some", "[ ]", "1"]),
        ("$o = [pscustomobject]@{ a = 1 }, 5, [pscustomobject]@{ b = 2 }; @($o.a).Count", ["2"]),
        ("Set-StrictMode -Version 2; $o = [pscustomobject]@{ a = 1 }, [pscustomobject]@{ a = 2 }; "
         "$o.b", ["PropertyNotFoundStrict"]),
        ("[decimal]@{ a = 1 }", ["ObjectCreationError"]),
        # Objects made of properties have no text, so that all are the same without `-Property`.
        ("$o = 'a', 'b' | Select-Object @{ n = 'S'; e = { $_ } }; ($o | Select-Object -Unique).S; "
         "($o | Sort-Object -Unique).S; ($o | Select-Object S -Unique).S", ["a", "a", "a", "b"]),
        ("[pscustomobject]@{ S = 'b' }, [pscustomobject]@{ S = 'a' } | Sort-Object | "
         "ForEach-Object { $_.S }", ["b", "a"]),
        ("1.0 / 0 | Measure-Object -Character | ForEach-Object Characters", ["1"]),
        ("try { ({ function f { [CmdletBinding()] param($x) }; f a b }).Invoke() } "
         "catch { $_.FullyQualifiedErrorId }", ["ParameterBindingException"]),
        ("[timespan]@{ Days = 1 }", ["ObjectCreationError"]),
        ("[Exception]@{ Source = 'x' }", ["NotInSubset"]),
    ],
)  # fmt: skip
def test_values_have_the_forms_and_places_that_powershell_gives_them(script, printed):
    assert lines(script) == printed


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        # What was written for a value that is never made goes to the output.
        ("function f { $y = foreach ($i in 1, 2) { $i; return 7 }; \"y=$y\" }; f", ["1", "7"]),
        ("foreach ($i in 1, 2) { $x = 1..3 | ForEach-Object { if ($_ -eq 2) { break }; $_ } }; "
         "\"x=$x\"", ["1", "x="]),
        ("foreach ($i in 1, 2) { \"a$(1..3 | ForEach-Object { if ($_ -eq 2) { break }; $_ })b\" }",
         ["1"]),
        ("foreach ($i in 1, 2) { @(1..3 | ForEach-Object { if ($_ -eq 2) { break }; $_ }).Count }",
         []),
        ("$y = & { 'v'; exit 3 }; 'n'", ["v"]),
        ("$r = 1..3 | ForEach-Object { if ($_ -eq 2) { continue }; $_ }; 'n'", ["1"]),
        ("Invoke-Command { 'a'; Write-Host 'h'; 'b' }", ["a", "h", "b"]),
        ("Invoke-Command { 'a'; throw 'x' }", ["a", "x"]),
        ("1, 2 | Invoke-Command { $input | ForEach-Object { $_ + 1 } }", ["2", "3"]),
        ("& { \"[$($MyInvocation.MyCommand.Name)] $($MyInvocation.InvocationName)\" }", ["[] &"]),
        ("function f { $MyInvocation.InvocationName }; f; & f; . f", ["f", "&", "."]),
        ("function f { [CmdletBinding()] param() try { 1/0 } catch { } }; f -ErrorVariable e; "
         "$e.Count", ["1"]),
        ("function f { [CmdletBinding()] param() "
         "try { Get-Item none -ErrorAction Stop } catch { } }; f -ErrorVariable e; $e.Count",
         ["2"]),
        ("@((1)[0, 0]).Count", ["0"]),
        # What a command silences is not merged by what stands around it.
        ("& { Write-Error 'e' 2>$null; 'x' } 2>&1 | ForEach-Object { \"<$_>\" }", ["<x>"]),
        ("& { Write-Warning 'w' 3>$null; 'x' } *>&1 | ForEach-Object { \"<$_>\" }", ["<x>"]),
        ("& { $r = & { Write-Warning 'w' } 3>&1; \"r=$r\" } 3>$null", ["r=w"]),
        ("('a' | Group-Object -NoElement).PSObject.Properties.Name -join ','",
         ["Values,Count,Group,Name"]),
        # The mistake of every beginner, where it stands in a block: the parts of the view.
        ("& { [pscustomobject]@{ A = 1 } | Format-Table } | ConvertTo-Csv -NoTypeInformation | "
         "Select-Object -First 2",
         ['"ClassId2e4f51ef21dd47e99d3c952918aff9cd","pageHeaderEntry","pageFooterEntry",'
          '"autosizeInfo","shapeInfo","groupingEntry"',
          '"033ecb2bc07a4d43b5ef94ed5a35d280",,,,'
          '"Microsoft.PowerShell.Commands.Internal.Format.TableHeaderInfo",']),
    ],
)  # fmt: skip
def test_what_leaves_a_block_writes_what_it_was_about_to_give(script, printed):
    assert lines(script) == printed
