"""Scripts and what they write, construct by construct."""
# ruff: noqa: E501 - a script and what it writes stand on one line

import pytest

from tests.shell.running import lines, run

SCRIPTS = [
    # Variables, strings, arrays.
    ("$a = 1; $A", "1"),
    ("$a, $b = 1, 2, 3; $a; $b -join '+'", "1|2+3"),
    ("$a = $b = 2; $a + $b", "4"),
    ('$n = "x"; "$n ${n}y $($n)z `$n"', "x xy xz $n"),
    ('$a = 1, 2; "<$a>"', "<1 2>"),
    ('$OFS = ","; $a = 1, 2; "<$a>"', "<1,2>"),
    ('"$true $null $(1 + 1) $( 1, 2 )"', "True  2 1 2"),
    ('$h = @{a = 1}; "$($h.a) $h.a"', "1 System.Collections.Hashtable.a"),
    ("@'\na $b\n'@", "a $b"),
    ("(1, 2, 3).Count; @().Count; @(1).Count; 'abc'.Length; $null.Count; (5).Count", "3|0|1|3|0|1"),
    ("$a = @(); $a += 1; $a += 2, 3; $a.Count; $a[0]; $a[-1]; $a[9]; $a[0, 2] -join ' '", "3|1|3|1 3"),
    ("$a = 'x'; $a += 'y'; $a", "xy"),
    ("$a = ,1; $a.Count; $b = 1, (2, 3); $b.Count; $b[1].Count", "1|2|2"),
    ("1..3; 3..1 -join ','", "1|2|3|3,2,1"),
    ("$a = 1, 2, 3; $a[1] = 'b'; $a -join ''", "1b3"),
    ("$h = @{b = 1; A = 2}; $h.B; $h['a']; $h.Keys -join ','; $h.Count; $h.c = 3; $h.ContainsKey('C')",
     "1|2|b,A|2|True"),
    ("$h = [ordered]@{x = 1}; foreach ($e in $h.GetEnumerator()) { $e.Key; $e.Value }", "x|1"),
    # Operators.
    ("1 + 2 * 3; 7 % 3; -7 % 3; 7 / 2; 6 / 2; 10 - 2 - 3", "7|1|-1|3.5|3|5"),
    ("'5' + 1; 5 + '1'; 'a' * 3; (1, 2) * 2 -join ''", "51|6|aaa|1212"),
    ("2GB; 1.5KB; 0x10; 9223372036854775807 + 1", "2147483648|1536|16|9.22337203685478E+18"),
    ("'A' -eq 'a'; 'A' -ceq 'a'; 1 -eq '1'; '01' -eq 1; $null -eq ''; $true -eq 'x'",
     "True|False|True|False|False|True"),
    ("1, 2, 3, 2 -eq 2; (1, 2 -ne 2) -join ''; ('ab', 'cd', 'ae' -like 'a*') -join ','", "2|2|1|ab,ae"),
    ("'b' -gt 'A'; 10 -gt 9; '10' -gt '9'; 3 -le 3; 2 -lt 1", "True|True|False|True|False"),
    ("'SRV\\Default' -like '*\\def*'; 'a' -notlike 'b?'; '[x]' -like '`[x`]'", "True|True|True"),
    ("'10.0.0.25' -match '^(\\d+)\\.(?<second>\\d+)'; $matches[1]; $matches.second; 'a' -notmatch 'b'",
     "True|10|0|True"),
    ("'a.b' -replace '\\.', '-'; 'John Smith' -replace '(\\w+) (\\w+)', '$2 $1'; 'ab' -replace 'B'",
     "a-b|Smith John|a"),
    ("('a,b;c' -split '[,;]') -join '|'; (-split ' a  b ') -join '|'; -join ('a', 'b'); 'a,b,c' -split ',', 2",
     "a|b|c|a|b|ab|a|b,c"),
    ("1, 2 -contains 2; 'a', 'B' -contains 'b'; 'b' -in 'a', 'B'; 3 -notin 1, 2; 1, 2 -notcontains 2",
     "True|True|True|True|False"),
    ("$true -and $false; 1 -or 0; -not 1; !0; $true -xor $true", "False|True|False|True|False"),
    ("$false -and (1 / 0); $true -or (1 / 0)", "False|True"),
    ("$a = 1; \"$($a)=$($a)\"; $b = (1); \"a=(1)=b\"", "1=1|a=(1)=b"),
    ("6 -band 3; 6 -bor 1; 6 -bxor 3; -bnot 0", "2|7|5|-1"),
    ("'{0,-4}|{1,4:N1}|{2:D3}|{3}' -f 'a', 2.25, 7, $true", "a   | 2.3|007|True"),
    ("'x' -is [string]; 1 -is [int]; 1 -isnot [string]; (1, 2) -is [array]; '5' -as [int]; 'x' -as [int]",
     "True|True|True|True|5"),
    ("$i = 1; $i++; ++$i; $i; $j = $i--; $j; $i", "3|3|2"),
    ("$i = 5; ($i++); ($i += 2)", "5|8"),
    # Casts.
    ("[int]'5' + 1; [int]2.5; [int]3.5; [string]5 + 1; [bool]''; [bool]'x'; [double]'1.5'",
     "6|2|4|51|False|True|1.5"),
    ("([string[]](1, 2))[0].GetType().Name; ([array]'a').Count; [char]65", "String|1|A"),
    ("[string]$s = 5; $s.Length; [int]$n = '7'; $n = '8'; $n + 1", "1|9"),
    ("[array]$l = 'a'; $l += 'b'; $l.Count; [void](5); $o = [pscustomobject]@{N = 1}; $o.N", "2|1"),
    # Statements.
    ("if (0) { 'a' } elseif ('x') { 'b' } else { 'c' }; if (@()) { 'd' } else { 'e' }", "b|e"),
    ("foreach ($x in 1..4) { if ($x -eq 2) { continue }; if ($x -eq 4) { break }; $x }", "1|3"),
    ("foreach ($x in $null) { 'never' }; foreach ($x in 'one') { $x }", "one"),
    ("for ($i = 0; $i -lt 3; $i++) { $i }; $i", "0|1|2|3"),
    ("$i = 0; while ($true) { if ($i++ -ge 2) { break } }; do { $i-- } until ($i -le 0); $i", "0"),
    ("switch ('b', 'x') { 'a' { 1 } 'B' { 2 } { $_ -eq 'x' } { 'block' } default { 3 } }", "2|block"),
    ("switch -Wildcard ('relay') { 're*' { 'w' } 'x' { 'n' } }; switch -Regex ('r1') { '\\d' { $matches[0] } }",
     "w|1"),
    ("$x = if ($true) { 1; 2 }; $x.Count; $y = foreach ($i in 1..3) { $i * 2 }; $y -join ','", "2|2,4,6"),
    ("'a'; return; 'never'", "a"),
    ("'a'; exit; 'never'", "a"),
    # Functions and scopes.
    ("function f($a, $b = 'd') { \"$a-$b\" }; f 1; f 1 2; f -b x 3", "1-d|1-2|3-x"),
    ("function f { $args.Count; $args[1] }; f a b", "2|b"),
    ("$x = 1; function f { $x; $x = 2; $x }; f; $x", "1|2|1"),
    ("$x = 1; function f { $script:x = 5 }; f; $x", "5"),
    ("function f { return 1; 2 }; (f) + 1", "2"),
    ("function f { param([switch]$s, [int]$n) \"$s $n\" }; f; f -s -n 3; f -S:$false", "False 0|True 3|False 0"),
    ("function f { begin { 'b' } process { $_ * 2 } end { 'e' } }; 1..2 | f", "b|2|4|e"),
    ("function f { $input.Count }; 1..3 | f", "1|1|1"),
    ("function f { param([Parameter(ValueFromPipeline)]$x) process { \"<$x>\" } }; 'a', 'b' | f", "<a>|<b>"),
    ("function f { param([Parameter(ValueFromPipelineByPropertyName=$true)][Alias('Nm')]$Name) process { $Name } }; "
     "[pscustomobject]@{nm = 'q'} | f", "q"),
    ("function f { [CmdletBinding()] param($a) $PSBoundParameters.Keys }; f -a 1", "a"),
    ("function f($a, $b) { \"$a$b\" }; $p = @{a = 1; b = 2}; f @p; $q = 3, 4; f @q", "12|34"),
    ("& { param($a) $a + 1 } 4; $b = { 'blk' }; & $b", "5|blk"),
    ("function Get-Thing { 'mine' }; get-thing", "mine"),
    # Errors.
    ("try { throw 'bad' } catch { \"caught $_\"; $_.Exception.Message } finally { 'fin' }", "caught bad|bad|fin"),
    ("try { 1 / 0 } catch { $_.FullyQualifiedErrorId }", "RuntimeException"),
    ("try { Write-Error 'hard' -ErrorAction Stop; 'never' } catch { \"$_\" }", "hard"),
    ("$ErrorActionPreference = 'Stop'; try { Write-Error 'x'; 'never' } catch { 'c' }", "c"),
    ("try { try { throw 'a' } finally { 'f' } } catch { \"o $_\" }", "f|o a"),
    ("try { try { throw 'a' } catch { throw } } catch { \"again $_\" }", "again a"),
    ("try { throw 'a' } catch [System.Exception] { 'e' }", "e"),
    ("function f { throw 'deep' }; try { f } catch { \"$_\" }", "deep"),
    ("Write-Error 'x' -ErrorAction SilentlyContinue; $?; $error.Count; \"$($error[0])\"", "False|1|x"),
    ("Write-Error 'x' -ErrorAction Ignore; $error.Count", "0"),
    ("Write-Error 'x' 2>$null; 'on'", "on"),
    ("Write-Error 'x' -ea 0 -ErrorVariable e; $e.Count; $e[0].Exception.Message", "1|x"),
    ("Write-Output 1 2 -OutVariable o | Out-Null; $o -join '+'", "1+2"),
    # Text and list methods.
    ("' a '.Trim() + '|' + 'xaX'.Trim('x') + '|' + 'ab'.ToUpper()", "a|aX|AB"),
    ("'a,b;c'.Split(',;') -join ' '; 'abc'.Substring(1, 1); 'abc'.Contains('B'); 'abc'.Replace('b', 'x')",
     "a b c|b|False|axc"),
    ("'abc'.IndexOf('c'); 'abc'.StartsWith('ab'); 'x'.PadLeft(3, '0'); 'abc'[0]; 'abc'.EndsWith('C')",
     "2|True|00x|a|False"),
    ("$l = New-Object System.Collections.ArrayList; [void]$l.Add(1); $null = $l.Add(2); $l.Count; $l.Remove(1); $l",
     "2|2"),
    ("$l = [System.Collections.ArrayList]@(1, 2); $l.Add(3) | Out-Null; $l -join ''", "123"),
    ("'a', 'b' | ForEach-Object ToUpper; ('a', 'b').ToUpper() -join ''", "A|B|AB"),
    ("(5).ToString('D3'); (1234.5).ToString('N1'); $true.ToString()", "005|1,234.5|True"),
    ("[string]::IsNullOrEmpty(''); [string]::Join('-', (1, 2)); [math]::Round(2.5); [math]::Max(1, 2)",
     "True|1-2|2|2"),
    ("$o = [pscustomobject]@{A = 1; B = 2}; $o.PSObject.Properties | % { \"$($_.Name)=$($_.Value)\" }", "A=1|B=2"),
    ("$x = $null; \"[$x]\"; $x.Foo; \"[$($x.Foo.Bar)]\"", "[]|[]"),
    ("$o = [pscustomobject]@{A = 1; B = $null}; $o.B = $o; \"$o\"", "@{A=1; B=}"),
    ("(1).Count; 5..7 | % { $_ }; 1-1; 2*3", "1|5|6|7|0|6"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SCRIPTS, ids=[text for text, _ in SCRIPTS])
def test_what_a_script_writes(text, expected):
    assert "|".join(lines(text)) == expected


ERRORS = [
    ("1 / 0", "RuntimeException", (1, 1)),
    ("'x' + 1; 5 + 'x'", "InvalidCastFromStringToInteger", (1, 10)),
    ("$x = $null\n$x.Trim()", "InvokeMethodOnNull", (2, 1)),
    ("'a'.Frob()", "MethodNotFound", (1, 1)),
    ("@(1).Add(2)", "NotSupportedException", (1, 1)),
    ("$a = [int]'x'", "InvalidCastFromStringToInteger", (1, 1)),
    ("'x' -match '('", "System.ArgumentException", (1, 1)),
    ("$o = [pscustomobject]@{A = 1}; $o.B = 2", "ExceptionWhenSetting", (1, 32)),
    ("$a = 1, 2; $a[5] = 1", "System.IndexOutOfRangeException", (1, 12)),
    ("$null[0]", "NullArray", (1, 1)),
    ("$true = 1", "VariableNotWritable", (1, 1)),
    ("throw 'x'", "x", (1, 1)),
    ("\n Write-Error 'x'", "WriteError", (2, 2)),
    ("Select-Object -Frist 1", "NamedParameterNotFound", (1, 15)),
    ("function f { param([Parameter(Mandatory=$true)]$a) $a }\nf", "MissingMandatoryParameter", (2, 1)),
    ("function f { param([ValidateSet('a','b')]$x) $x }; f c", "ParameterArgumentValidationError", (1, 54)),
    ("function f { param([ValidateRange(1,5)][int]$x) $x }; f 9", "ParameterArgumentValidationError", (1, 57)),
    ("function f { param([ValidatePattern('^\\d+$')]$x) $x }; f z", "ParameterArgumentValidationError", (1, 58)),
    ("function f { param([ValidateScript({ $_ -gt 1 })]$x) $x }; f 0", "ParameterArgumentValidationError", (1, 62)),
    ("'{1}' -f 1", "FormatError", (1, 1)),
    ("Get-Content x.txt", "PathNotFound", (1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error_id", "place"), ERRORS, ids=[row[0] for row in ERRORS])
def test_an_error_has_its_id_and_place(text, error_id, place):
    (error,) = run(text).errors
    assert error.id == error_id
    assert (error.position.line, error.position.column) == place


def test_a_script_goes_on_after_an_error_unless_it_is_fatal():
    result = run("1 / 0; 'a'; Write-Error 'b'; 'c'; throw 'd'; 'e'")
    assert result.output == "a\nc\n"
    assert [error.message for error in result.errors] == ["Attempted to divide by zero.", "b", "d"]
    assert result.terminated
    assert result.failed


@pytest.mark.parametrize(
    "text", ["Write-Error x -ErrorAction Stop; 'e'", "$ErrorActionPreference = 'Stop'; 1 / 0; 'e'"]
)
def test_stop_ends_the_script(text):
    result = run(text)
    assert result.terminated
    assert result.output == ""
    assert len(result.errors) == 1


@pytest.mark.parametrize(
    "text",
    ["try { throw 'x' } catch { }", "Write-Error x -ea SilentlyContinue", "exit 0", "Write-Error x 2>$null"],
)  # fmt: skip
def test_a_caught_or_silenced_error_does_not_fail_the_run(text):
    result = run(text)
    assert not result.failed
    assert not result.terminated


def test_exit_gives_its_code():
    result = run("exit 3")
    assert result.exit_code == 3
    assert result.failed


@pytest.mark.parametrize(
    "text",
    [
        "while ($true) { }",
        "for (;;) { }",
        "do { } while ($true)",
        "1..8000000 | Out-Null",
        "foreach ($i in 1..100000000) { }",
        "$s = 'x'; while ($true) { $s += $s }",
        "$a = 1, 2; while ($true) { $a += $a }",
        "$s = 'x' * 100000000",
        "$s = '{0,1000}' * 9000; $s -f 'x'",
        "function f { f }; f",
        "& { $b = { & $b }; & $b }",
        "function f { 1 | % { f } }; f",
        "try { while ($true) { } } catch { 'never' }",
        "$s = 'a' * 100000; while ($true) { $null = $s -match '(a*)*(a*)*b' }",
        "$s = 'a' * 100000; while ($true) { $null = $s -like '*a*a*a*b' }",
        "$s = 'a' * 1000000; while ($true) { $null = $s.Split('a') }",
        "$l = New-Object System.Collections.ArrayList; while ($true) { [void]$l.Add($l) }",
        "while ($true) { 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }",
    ],
)
def test_endless_work_is_ended(text):
    result = run(text, max_steps=60_000)
    assert [error.id for error in result.errors] == ["LimitReached"]
    assert "never" not in result.output
    assert result.terminated
