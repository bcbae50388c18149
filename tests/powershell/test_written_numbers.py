"""Numbers written as arguments keep their text, `-split` its options, blocks their place.

Each expectation is what PowerShell 7.6.9 prints.
"""

import pytest

from relaysim.powershell.runner import run_script


def lines(script):
    """Return the lines that a script prints, and the ids of its errors."""
    result = run_script(script, state=None, cmdlets=())
    told = [one.id.partition(",")[0] for one in result.errors]
    return result.output.replace("\r\n", "\n").split("\n")[:-1] + told


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("function f($b) { '{0:N2}' -f $b }; f 36MB", ["36MB"]),
        ("function f($b) { '{0:N2}' -f $b }; f 5", ["5.00"]),
        ("function f($b) { '{0,8:N1}|' -f $b }; f 1e3", ["     1e3|"]),
        ("function f([int]$b) { '{0:N0}' -f $b }; f 1kb", ["1,024"]),
        ("function f { '{0} {1:N1}' -f $args }; f 36MB 5.0", ["36MB 5.0"]),
        ("function f($b) { '{0:X}' -f $b }; f 255", ["FF"]),
        ("function f($b) { $b -replace 'M', 'x' }; f 36MB", ["36xB"]),
        ("function f($b) { $b -match 'MB' }; f 36MB", ["True"]),
        ("function f($b) { $b -join ',' }; f 36MB", ["36MB"]),
        ('function f($b) { "$b" }; f 36MB', ["37748736"]),
        ("function f($b) { '{0:N0}' -f ($b / 1MB) }; f 36MB", ["36"]),
        ("Set-Content x.txt 1kb; Get-Content x.txt", ["1024"]),
        ("Write-Output 1kb | Out-File x.txt; Get-Content x.txt", ["1kb"]),
        ("Write-Verbose 1kb -Verbose", ["VERBOSE: 1kb"]),
    ],
)
def test_a_number_written_as_an_argument_is_its_text_where_it_is_formatted(script, printed):
    assert lines(script) == printed


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("'aXb' -split 'x', 0, 'SimpleMatch'", ["a", "b"]),
        ("'aXb' -csplit 'x', 0, 'SimpleMatch, IgnoreCase'", ["a", "b"]),
        ("'aXb' -split 'x', 0, ''", ["aXb"]),
        ("'aXb' -split 'x', 0, 'simple'", ["a", "b"]),
        ("'a.b' -split '.', 0, ('SimpleMatch', 'IgnoreCase')", ["a", "b"]),
        ("'a' -split 'b', 'x'", ["RuntimeException"]),
        ("'a' -split 'b', 3000000000", ["RuntimeException"]),
        ("'a' -split 'b', 0, 'nope'", ["RuntimeException"]),
        ("'a' -split 'b', 0, 'SimpleMatch, Multiline'", ["InvalidSplitOptionCombination"]),
        ("'a' -split { $true }, 0, 'IgnoreCase'", ["InvalidSplitOptionWithPredicate"]),
        ("1 -is $null", ["IsOperatorRequiresType"]),
        ("1 -as $null", ["AsOperatorRequiresType"]),
        ("1 -as 'nope'", ["InvalidCastFromStringToType"]),
        ("1 -is @('int')", ["RuntimeException"]),
        ("try { 1 -is 5 } catch { \"$_\" }",
         ['Cannot convert the "5" value of type "System.String" to type "System.Type".']),
    ],
)  # fmt: skip
def test_operands_of_split_is_and_as_are_what_they_must_be(script, printed):
    assert lines(script) == printed


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("1, 2 | ForEach-Object -Begin { 'b' } -Process { $_ } { 'z' }", ["b", "1", "2", "z"]),
        ("1, 2 | ForEach-Object { 'a' } -RemainingScripts { 'b' }, { 'c' }",
         ["b", "c", "c", "a"]),
        ("'abc' | ForEach-Object $null { 'x' }", ["x"]),
        ("1 | ForEach-Object -First 3", ["AmbiguousParameterSet"]),
        ("'a' | ForEach-Object Length, Count", ["AmbiguousParameterSet"]),
        ("1 | ForEach-Object -Begin { 'b' } 'x'", ["CannotConvertArgumentNoMessage"]),
        ("1 | ForEach-Object -Process 'x'", ["CannotConvertArgumentNoMessage"]),
        ("1 | ForEach-Object", ["MissingMandatoryParameter"]),
        ("1 | ForEach-Object -RemainingScripts { 1 }, { 2 }", ["MissingMandatoryParameter"]),
        ("1 | ForEach-Object { 1 } -ArgumentList 5", ["MethodNotFound"]),
        ("1 | ForEach-Object ToString -ArgumentList '000' x", ["PositionalParameterNotFound"]),
        ("7 | ForEach-Object ToString '000'", ["007"]),
    ],
)  # fmt: skip
def test_blocks_and_members_are_told_apart(script, printed):
    assert lines(script) == printed
