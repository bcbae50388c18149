"""What ends a handler, and what attributes and names of parameters may not be.

Each expectation is what PowerShell 7.6.9 gives.
"""

import pytest

from relaysim.errors import InvalidScript
from relaysim.powershell.parser import parse_script
from relaysim.powershell.runner import run_script

HANDLED = (
    ("try { throw 'x' } catch { 1/0; 'next' }; 'more'", "more"),
    ("function g { 1/0; 'in g' }; try { throw 'x' } catch { g; 'next' } finally { 'f' }; 'more'",
     "f\nmore"),
    ("try { throw 'x' } catch { foreach ($i in 1, 2) { [int]'q'; \"x$i\" }; 'next' }; $?", "False"),
    ("$x = try { throw 'x' } catch { 'first'; 1/0; 'b' }; \"[$x]\"", "[]"),
    ("try { try { throw 'a' } catch { 1/0; 'b' }; 'c' } catch { 'd' }", "d"),
    ("try { 'x' } finally { 1/0; 'next' }", "x\nnext"),
    ("try { throw 'x' } catch { Write-Error 'e'; 'next' }", "next"),
    ("& { trap [FormatException] { 'f'; continue }; 1/0; 'in' }\n'more'", ""),
    ("trap { 't'; continue }; & { trap [FormatException] { 'f' }; 1/0; 'in' }; 'more'", "t\nmore"),
    ("trap { 1/0; 'in'; continue }\nthrow 'x'\n'more'", ""),
    ("try { & { trap { throw 'new' }; [int]'x'; 'in' } } catch { \"c $_\" }", "c new"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), HANDLED)
def test_an_error_in_a_handler_ends_it(script, printed):
    assert run_script(script, state=None, cmdlets=()).output.strip() == printed


PARAMETERS = (
    ("[ValidateNotNullOrEmpty()]$L", "'a', ''", "ParameterArgumentValidationError,f"),
    ("[ValidateNotNullOrEmpty()]$L", "@{}", "ParameterArgumentValidationError,f"),
    ("[ValidateNotNull()]$L", "'a', ''", "a "),
    ("[ValidateRange(1, 5)]$L", "'3'", "3"),
    ("[ValidateRange(1, 5)]$L", "5.6", "ParameterArgumentValidationError,f"),
    ("[ValidateRange(1, 5)][string]$L", "1", "1"),
    ("[ValidateRange('b', 'd')]$L", "c", "c"),
    ("[ValidateRange('b', 'd')]$L", "e", "ParameterArgumentValidationError,f"),
    ("[ValidateLength(1, 2)]$L", "5", "ParameterArgumentValidationError,f"),
    ("[ValidateCount(1, 2)][string]$L", "ab", "ab"),
    ("[ValidateCount(1, 2)]$L", "$null", "ParameterArgumentValidationError,f"),
    ("[ValidateSet('a', 'b', IgnoreCase = $false)]$L", "A", "ParameterArgumentValidationError,f"),
    ("[ValidatePattern('^a', Options = 'None')]$L", "A", "ParameterArgumentValidationError,f"),
    ("[ValidateRange(5, 2)]$L", "1", "MaxRangeSmallerThanMinRange"),
    ("[ValidateRange(1, 'a')]$L", "1", "MinRangeNotTheSameTypeOfMaxRange"),
    ("[ValidateCount(5, 2)]$L", "1", "ValidateRangeMaxLengthSmallerThanMinLength"),
    ("[ValidateLength('a', 2)]$L", "1", "ExceptionConstructingAttribute"),
    ("[ValidateCount(1)]$L", "1", "MethodCountCouldNotFindBest"),
    ("[ValidateScript('a')]$L", "1", "ExceptionConstructingAttribute"),
    ("[Parameter(Foo = 1)]$L", "1", "PropertyNotFoundForType"),
    ("$A, [Alias('A')]$L", "1", "ParameterNameConflictsWithAlias"),
    ("[Alias('A', 'a')]$L", "1", "AliasDeclaredMultipleTimes"),
    ("[Parameter()]$L, $Verbose", "1", "ParameterNameAlreadyExistsForCommand"),
    ("[Parameter()][Alias('ea')]$L", "1", "AliasParameterNameAlreadyExistsForCommand"),
    ("[Parameter()]$L", "1 -WhatIf", "NamedParameterNotFound,f"),
    ("[Parameter(Position = 0)]$L, [Parameter(Position = 0)]$M", "1",
     "AmbiguousPositionalParameterNoName,f"),
    ("$L, $true", "1", "VariableNotWritable"),
    ("[switch]$L", "-L:$null", "False"),
    ("[int]$L = 'x'", "", "ParameterArgumentTransformationError,f"),
    ("[Parameter(ParameterSetName = 'N')]$L", "1", "PositionalParameterNotFound,f"),
    ("[Parameter(ParameterSetName = 'N', Position = 0)]$L, $M", "1", "1"),
)  # fmt: skip


@pytest.mark.parametrize(("declared", "given", "told"), PARAMETERS)
def test_parameters_take_what_their_attributes_say(declared, given, told):
    script = (
        f'function f {{ param({declared}) "$L" }}\n'
        f"try {{ f {given} }} catch {{ $_.FullyQualifiedErrorId }}"
    )
    assert run_script(script, state=None, cmdlets=()).output == told + "\n"


def test_an_attribute_that_cannot_be_made_is_an_error_where_it_stands():
    result = run_script(
        "function f { param(\n[ValidateRange(5, 2)]$L) }\nf 1\nf 2", state=None, cmdlets=()
    )
    places = [error.position for error in result.errors]
    assert [place and place.line for place in places] == [2, 2]


UNPARSED = (
    "function f { param([Parameter(Mandatory = $x)]$L) }",
    "function f { param([ValidateSet(@('a'))]$L) }",
    "function f { param([ValidateRange(1, (2 -eq 2))]$L) }",
    "[ValidateSet(\"a$x\")]$y = 1",
    "Write-Host x 1>&1",
    "Write-Host x > a > b",
    "Write-Host x 2>&1 2>$null",
)  # fmt: skip


@pytest.mark.parametrize("script", UNPARSED)
def test_what_powershell_does_not_parse_is_refused(script):
    with pytest.raises(InvalidScript):
        parse_script(script)


TAKEN = (
    "[ValidateRange(0, [int]::MaxValue)]$L", "[ValidateRange(-1, 2 * 3)]$L",
    "[Parameter(Mandatory = !$true)]$L", "[ValidateRange(1, [double]5)]$L",
)  # fmt: skip


@pytest.mark.parametrize("declared", TAKEN)
def test_constants_of_attributes_may_be_computed(declared):
    script = f'function f {{ param({declared}) "$L" }}; f 1'
    assert run_script(script, state=None, cmdlets=()).output == "1\n"


@pytest.mark.parametrize(
    "types", ["Exception] { } catch [ArgumentException", "IO.IOException] { } catch "
              "[System.IO.FileNotFoundException"],
)  # fmt: skip
def test_a_catch_behind_one_that_takes_its_type_is_refused(types):
    with pytest.raises(InvalidScript):
        run_script(f"try {{ }} catch [{types}] {{ }}", state=None, cmdlets=())


PIPED = (
    ("function f { param([Parameter(ValueFromPipelineByPropertyName)]$Length) process { $Length } }"
     "; 'text' | f", "4"),
    ("function f { param([Parameter(ValueFromPipelineByPropertyName)]$Keys) process { $Keys } }; "
     "@{ a = 1 } | f", "a"),
    ("function o { function script:m { 'm' } }; o; m", "m"),
    ("& { function global:m { 'm' } }; m", "m"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), PIPED)
def test_functions_stand_and_take_as_they_say(script, printed):
    result = run_script(script, state=None, cmdlets=())
    assert result.output.strip() == printed
    assert not result.errors
