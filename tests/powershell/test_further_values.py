"""Values and calls of .NET that administrators' scripts meet, as PowerShell 7.6.9 printed them."""

import pytest

from relaysim.errors import InvalidScript
from relaysim.powershell.runner import run_script
from relaysim.powershell.values.kinds.enumerations import ENUMERATIONS
from relaysim.powershell.values.type_names import base_name

SCRIPTS = (
    ("[ValidateSet('a', 'b')][string]$m = 'a'; try { $m = 'z' }\n"
     "catch { $_.FullyQualifiedErrorId }\n"
     "[int][ValidateRange(1, 9)]$n = '7'; try { $n = 10 } catch { \"$_\" }; $m; $n",
     "ValidateSetFailure\nThe variable cannot be validated because the value 10 is not a valid "
     "value for the n variable.\na\n7"),
    ("function f { [CmdletBinding()] param() Write-Error 'e'; Write-Warning 'w'; 1 }\n"
     "f -ea 0 -wa 0 -WarningVariable w; $w[0].Message", "1\nw"),
    ("$h = Write-Host 'h' 6>&1; $h.MessageData; $h -eq 'h'; $LASTEXITCODE -eq $null",
     "h\nFalse\nTrue"),
    ("function f { [CmdletBinding()] param() Write-Information 'i' }\n"
     "f -InformationVariable v; $v.Count; \"$v\"", "1\ni"),
    ("\"$(1.0 / 0)\"; 1.0 / 0; \"$([datetime]::MinValue)\"", "Infinity\n∞\n01/01/0001 00:00:00"),
    ("[datetime]'2024-01-02' -as [string]", "1/2/2024 12:00:00 AM"),
    ("1.5.ToString(); 10l.GetType().Name; 0x1F.ToString()", "1.5\nInt64\n31"),
    ("([psobject]@{a = 1}).GetType().Name; function f([pscustomobject]$x) { $x.Count }; f @{}",
     "Hashtable\n0"),
    ("function f([Collections.ArrayList]$l) { [void]$l.Add(1) }\n"
     "$a = New-Object Collections.ArrayList; f $a; $a.Count", "1"),
    ("function f([int[]]$l) { $l[0] = 9 }; [int[]]$a = 1, 2; f $a; $a[0]", "9"),
    ("1, 2 | & { \"$input [$_]\" }; function f { $PSCmdlet -eq $null }; f", "1 2 []\nTrue"),
    ("[decimal]::Parse('1.50'); [string]::Join('-', [string[]]('a', 'b', 'c'), 1, 2)",
     "1.50\nb-c"),
    ("function f { 1 }; Remove-Item function:f; try { f } catch { 'gone' }", "gone"),
    ("'{0:00:00} {1:(###) ###-####}' -f 1234, 5551234567", "12:34 (555) 123-4567"),
    ("'{0:G3} {0:g}' -f 0.00001234", "1.23E-05 1.234e-05"),
    ("'{0:g} {0:G}' -f [timespan]'1.02:03:04'", "1:2:03:04 1:02:03:04.0000000"),
    ("'abc' -replace 'b', \"[`$'|`$``|`$_|`$&]\"", "a[c|a|abc|b]c"),
    ("'abcd' -split { $_ -eq 'b' }", "a\ncd"),
    ("[regex]::Replace('a1b2', '\\d', { [int]$args[0].Value * 2 })", "a2b4"),
    ("[datetime]::ParseExact('4.3.2012', 'd.M.yyyy', $null).ToString('s')", "2012-03-04T00:00:00"),
    ("([datetime]'Mar 4, 2012 5:06 PM').ToString('s')", "2012-03-04T17:06:00"),
    ("[enum]::GetNames([DayOfWeek])[1]; [DayOfWeek]'Tu'", "Monday\nTuesday"),
    ("function f([ref]$r) { $r.Value += 9 }; $v = 1; f ([ref]$v); $v", "10"),
    ("$rest = 0; [math]::DivRem(7, 2, [ref]$rest); $rest", "3\n1"),
    ("Invoke-Command { param($a) \"got $a\" } -ArgumentList x", "got x"),
    (
        "[convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('user:pass'))",
        "dXNlcjpwYXNz",
    ),
    ("[bitconverter]::ToString([byte[]](1, 255)); ([guid]::Empty).ToString('N')[0]", "01-FF\n0"),
    ("(Get-Culture).TextInfo.ToTitleCase('hello EX01')", "Hello EX01"),
    ("Get-Alias ft | ForEach-Object Definition", "Format-Table"),
    ("[datetime]62 -lt '0001-01-02'; ([datetime]62).ToString('ss.fffffff')", "True\n00.0000062"),
    ("(5 - [datetime]'0001-01-02').Ticks; (-[datetime]'0001-01-02').Days", "-863999999995\n-1"),
    ("[char]'x' -eq 120.0; [char]'x' -eq 120; [DayOfWeek]5 -lt [char]'x'", "False\nTrue\nTrue"),
    (
        "$m = [regex]::Match('a1', '(\\w)\\d'); $m.Captures.Count; $m.Groups[1].Captures[0].Value",
        "1\na",
    ),
    (",@(1, @{a = 1}); function f { ,@(@{b = 1}) }; f", "1" + "\nSystem.Collections.Hashtable" * 2),
    (
        "$m = [regex]::Match('x=1 y=2', '(\\w)=\\d'); while ($m.Success) { $m.Result('$1'); "
        "$m = $m.NextMatch() }",
        "x\ny",
    ),
    ("[regex]::Unescape('a\\.b'); ('a' | Select-String '(a)').Matches[0].Captures.Count", "a.b\n1"),
    ("(5 -band 1.5).GetType().Name; [byte]5 -shl 9; -1 -bor [uint32]5", "UInt64\n0\n4294967295"),
    ("@{a = 1}.PSObject.Properties['Count'].Value; (1, 2).PSObject.Properties.Name[2]", "1\nRank"),
    ("@((1, 2), 3) | Compare-Object 1 | ForEach-Object InputObject", "2\n3"),
    ("@(,(1, 2)) | Group-Object | ForEach-Object Name", "1 2"),
    ("([pscustomobject]@{N = 1} | ConvertTo-Html -Fragment X, N)[2]", "<tr><th>N</th></tr>"),
    ("@(1, 'x' | Format-Table)[0].GetType().Name; 1, 'x' | Format-List", "FormatEntryData\n1\nx"),
    ("([char]'x' | Select-Object * | Out-String).Trim().Length", "0"),
    ("@([pscustomobject]@{A = $null} | ConvertTo-Csv -NoTypeInformation).Count", "1"),
    ("1, 2 | Out-String -InputObject 3 -ea 0; @() | Compare-Object 1; 'x'", "x"),
    (
        "[pscustomobject]@{A = 1, 2; B = 1}, [pscustomobject]@{A = 3} | Group-Object A, B | "
        "ForEach-Object Name",
        "{1, 2}, 1\n3",
    ),
    ("$true + [DayOfWeek]5; ([regex]'a'.Length).ToString()", "2\n1"),
    ("try { (1 / 0) | % -Begin { 'b' } { $_ } } catch { 'c' }; $(1; 2) | % -Begin { 'b' } { $_ }",
     "c\nb\n1\n2"),
    ("try { try { throw 'x' } catch { throw } } catch {}; $error.Count", "1"),
    ("try { throw 'x' } catch { $e = $_ }; try { throw $e.Exception } catch {}; $error.Count", "1"),
    ("try { throw 'x' } catch { $e = $_ }; try { 1 / 0 } catch {}; try { throw $e } catch {}; "
     "$error.Count", "3"),
    ("try { throw 'x' } catch { Write-Error -ErrorRecord $_ -ea 0 }; $error.Count", "1"),
    ("('x', $null).ForEach('ToString').Count; (1, 'x').ForEach('Length')", "2\n1"),
    ("@([pscustomobject]@{a = 1, 2}).ForEach('a').Count; $h = @{a = 1}; $h.ForEach('a', 7); $h.a",
     "1\n7"),
    ("(1, 2).ForEach({ param($x, $y = 7) $n = $x; \"$_ $x $y $args\" }, 5); \"[$x$n]\"",
     "1 5 7 \n2 5 7 \n[5]"),
    ("[pscustomobject]@{p = 1, 2; q = 3} | Select-Object q -ExpandProperty p | % { \"$_$($_.q)\" }",
     "13\n23"),
    ("$(foreach ($i in 1, 2) { $i; Write-Host \"h$i\" }); try { $(1; throw 'x') } catch { 'c' }",
     "h1\nh2\n1\n2\n1\nc"),
    ("function f {}; (@(1) + (f)).Count; (@(1) + $null).Count; (-split '').Count", "1\n2\n1"),
    ("$h = [ordered]@{b = 1}; $h['B'] += 1; $h.Keys; -0.5d * 0; 1.5d % 3.14", "B\n0.0\n1.5"),
    ("(5 | Add-Member ScriptProperty S { \"<$this>\" } -PassThru).S; "
     "Get-Date '2020-02-08' -Format ''", "<5>\n2/8/2020 12:00:00 AM"),
    ("$o = [pscustomobject]@{A = 1}; @($o | Add-Member A 2 -PassThru -ea 0).Count; "
     "\"$($error[0])\"[35]", "0\nA"),
    ("(1, 2 -like '*')[0].GetType().Name; $VerbosePreference = 'Continue'; 'a' | Set-Content x.txt",
     "String"),
    ("try { [decimal]1e30 } catch { $_.CategoryInfo.Category }; '9' * 32 -as [decimal]",
     "InvalidArgument"),
    ("try { 1e30 + 1d } catch { $_.FullyQualifiedErrorId }; [math]::Abs(-[decimal]::MaxValue)",
     "System.OverflowException\n79228162514264337593543950335"),
    ("try { 'x' - 1.5d } catch { \"$_\".Substring(34, 14) }; "
     "try { 1.5 -bor 'x' } catch { \"$_\".Substring(34, 13) }", "System.Decimal\nSystem.Double"),
    ("try { [pscustomobject]@{A = 1} | Add-Member NoteProperty B 1 2 } "
     "catch { $_.CategoryInfo.Category }", "InvalidOperation"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), SCRIPTS)
def test_a_script_prints_what_powershell_prints(script, printed):
    result = run_script(script, state=None, cmdlets=())
    assert (result.output.strip(), result.errors) == (printed, ())


@pytest.mark.parametrize(
    "script",
    [
        "[pscustomobject]@{A = 1} | Add-Member AliasProperty B A string",
        "1, $true | Compare-Object 1 -PassThru",
        "[pscustomobject]@{A = $true; B = 1} | Select-Object B -ExpandProperty A",
    ],
)
def test_no_catch_takes_what_only_the_run_shows_to_be_no_part_of_the_subset(script):
    result = run_script(f"try {{ {script} }} catch {{ 'caught' }}; 'on'", state=None, cmdlets=())
    assert ([error.id for error in result.errors], result.output) == (["NotPartOfTheSubset"], "")


def test_every_enumeration_that_has_members_is_derived_as_one():
    assert {base_name(name) for name in ENUMERATIONS} == {"System.Enum"}


ENOUGH = """
1, 2 | ForEach-Object -Begin { 1, 2, 3 } -Process { "p$_" } -End { 'end' } |
    Select-Object -First 1 | ForEach-Object { "got $_" } -End { 'ended' }
function f { begin { 'a'; 'b' } process { $_ } end { 'z' } }
5, 6 | f | Select-Object -First 1
5, 6 | f | Select-Object -First 3
"next $?"
"""


def test_a_block_before_the_first_object_may_write_more_than_is_wanted():
    result = run_script(ENOUGH, state=None, cmdlets=())
    assert result.output.split() == ["got", "1", "ended", "a", "a", "b", "5", "next", "True"]
    assert result.errors == ()


MEMBERS = """
$o = [pscustomobject]@{ N = 2 }
$o | Add-Member ScriptProperty Twice { $this.N * 2 }
$o | Add-Member AliasProperty M N
$o | Add-Member ScriptMethod Plus { param($more) $this.N + $more }
$o.M = 5
"$($o.Twice) $($o.Plus(1)) $o"
$o.Twice = 1
$o
"""


def test_members_that_a_script_computes_are_made_whenever_they_are_read():
    result = run_script(MEMBERS, state=None, cmdlets=())
    shown = " ".join(result.output.split())
    assert shown == "10 6 @{N=5; Twice=10; M=5} N Twice M - ----- - 5 10 5"
    assert [error.id for error in result.errors] == ["SetWithoutSetterFromScriptProperty"]


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("[timespan]'1:2:3' | Format-Table", "Days Hours Minutes Seconds Milliseconds"),
        ("'x' | Group-Object | Format-List", "Name   : x\nCount  : 1\nGroup  : {x}\nValues : {x}"),
        ("[pscustomobject]@{ T = [int]; D = [DayOfWeek]::Monday }", "T                 D"),
        ("@{ D = [datetime]'1970-01-02' } | ConvertTo-Json", r'"D":  "\/Date(86400000)\/"'),
        ("[regex]'a'; [pscustomobject]@{Options = 1; B = 2}", "-00:00:00.0010000\n      1"),
        ("[pscustomobject]@{A = 1} | Format-Table; @{b = 1}", "Name Value\n---- -----\nb    1"),
        (",@(2, [ordered]@{a = 1})", "Keys           : {a}\nValues         : {1}"),
        ("(ConvertFrom-StringData 'x=a\\\\b').x", r"a\b"),
    ],
)  # fmt: skip
def test_objects_have_the_views_of_their_types(script, printed):
    assert printed in run_script(script, state=None, cmdlets=()).output.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("script", "ids"),
    [
        ("[datetime]'2020-01-02' - '2020-01-01'", ["MethodCountCouldNotFindBest"]),
        ("1, $null | Compare-Object 1", ["ParameterArgumentValidationErrorNullNotAllowed"]),
        ("1, $null | Compare-Object 1 2", ["InputObjectNotBound"] * 2),
        ("1, 2 | Sort-Object -InputObject 3", ["InputObjectNotBound"] * 2),
        ("$null | Add-Member A 1", ["ParameterArgumentValidationErrorNullNotAllowed"]),
        ("[char]'x' -gt 10d", ["ComparisonFailure"]),
        ("$true + 1d", ["System.InvalidOperationException"]),
        ("[DayOfWeek]'Friday' / 2", ["System.InvalidCastException"]),
        ("'00'.ToString('0.00')", ["MethodCountCouldNotFindBest"]),
        ("switch (1, 2) { { 1 / 0 } { 'x' } default { 'd' } }", ["RuntimeException"]),
        ("1, 2 | Sort-Object { 1 / 0 } | Out-Null", ["ExpressionEvaluation"] * 2),
        ("'ab', 'c' | ForEach-Object Substring 5", ["MethodInvocationError"] * 2),
        (
            "'a' | Join-Path; 'a' | Get-Content",
            ["InputObjectMissingMandatory", "InputObjectNotBound"],
        ),
        ("$true -shl 1", ["NotADefinedOperationForType"]),
        ("[scriptblock]'abc'", ["ConvertToFinalInvalidCastException"]),
        ("[timespan]'1:00' + 'x'", ["MethodArgumentConversionInvalidCastArgument"]),
        ("[datetime]-3", ["InvalidCastConstructorTargetInvocation"]),
        ("[regex]::Match('aa', '(a)+').Groups[1].Captures", ["NotInSubset"]),
        ("throw ''", [""]),
        ("Set-StrictMode -Version Latest; (1, 2)[5]", ["System.IndexOutOfRangeException"]),
        ("[int]$a, [int]$b = 1, 'x'", ["RuntimeException"]),
        ('[regex]$null; [decimal]@{}; ($c, $d) = 1, 2; "$c$d"', []),
        ("function g { Set-Variable v 5 -Scope 1 }; g; if ($v -ne 5) { throw 'other' }", []),
        ("$t = 'a' | Add-Member X 1 -PassThru; if ($t.X -ne 1) { throw 'none' }", []),
    ],
)
def test_an_error_has_the_id_that_powershell_gives_it(script, ids):
    result = run_script(script, state=None, cmdlets=())
    assert [error.id for error in result.errors] == ids


def test_what_powershell_does_not_read_either_is_said_first():
    with pytest.raises(InvalidScript) as caught:
        run_script("[uri]'http://x'\n$x = [ordered]5", state=None, cmdlets=())
    assert [problem.line for problem in caught.value.problems] == [2, 1]


def test_a_function_that_an_alias_hides_is_refused():
    with pytest.raises(InvalidScript, match="the alias of `Set-ItemProperty` goes first"):
        run_script("function sp { 1 }; sp", state=None, cmdlets=())
