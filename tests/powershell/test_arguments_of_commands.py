"""What commands take, and what they say of the rest: as PowerShell 7.6.9 has it."""

import pytest

from relaysim.powershell.runner import run_script

CALCULATED = (
    ("Format-Table @{ n = 5; e = { 1 } }", "DictionaryKeyIllegalValue2"),
    ("Select-Object @{ n = 'a', 'b'; e = { 1 } }", "DictionaryKeyIllegalValue2"),
    ("Format-Table @{ n = 'a'; e = 'b'; width = '5' }", "DictionaryKeyIllegalValue2"),
    ("Format-List @{ e = 'b'; f = 5 }", "DictionaryKeyIllegalValue2"),
    ("Select-Object @{ n = 'a'; e = 5 }", "DictionaryKeyIllegalValue1"),
    ("ConvertTo-Html @{ e = 'a'; width = 1.5 }", "DictionaryKeyIllegalValue1"),
    ("Select-Object @{ n = $null; e = { 1 } }", "DictionaryKeyMissingValue"),
    ("Sort-Object @{ e = $null }", "DictionaryKeyMissingValue"),
    ("Select-Object @{ n = 'a' }", "DictionaryKeyMandatoryEntry"),
    ("Group-Object @{ e = { 1 }; expr = { 2 } }", "DictionaryKeyDuplicate"),
    ("Format-Table @{ name = 'a'; label = 'b'; e = 'c' }", "DictionaryKeyDuplicate"),
    ("Format-Table @{ 5 = 1; e = 'c' }", "DictionaryKeyNonString"),
    ("Format-Table @{ '' = 1; e = 'c' }", "DictionaryKeyAmbiguous"),
    ("ConvertTo-Html @{ e = { 1 }; f = 'N2' }", "DictionaryKeyIllegal"),
    ("Select-Object ([char]'a')", "DictionaryKeyUnknownType"),
    ("ConvertTo-Html A, $null", "DictionaryKeyUnknownType"),
    ("Format-Wide @()", "DictionaryKeyUnknownType"),
    ("Group-Object @{ e = '' }", "ExpressionEmptyString1"),
    ("Format-Table @{ e = 'a'; f = '' }", "FormatStringEmpty"),
    ("Format-Table @{ e = 'a'; align = 'q' }", "AlignmentIllegalValue"),
    ("Format-Table @{ e = 'a'; w = 0 }", "WidthOutOfRange"),
)
"""What a property that is computed cannot be, and the error's id."""


@pytest.mark.parametrize(("command", "error"), CALCULATED)
def test_a_calculated_property_is_looked_at_before_an_object_comes(command, error):
    said = "$_.FullyQualifiedErrorId; $_.CategoryInfo.Category; $_.Exception.GetType().Name"
    script = f"try {{ @() | {command}; 1 | {command} }} catch {{ {said} }}"
    printed = run_script(script, state=None, cmdlets=()).output.split("\n")
    assert printed[0].partition(",")[0] == error
    assert printed[1:3] == ["InvalidArgument", "NotSupportedException"]


PRINTED = (
    ("try { 1 | Select-Object @{ n = 5; e = { 1 } } } catch { \"$_\" }",
     "The \"n\" key has a type, System.Int32, that is not valid; expected type is System.String."),
    ("@() | Group-Object 5; 'after'", "after"),
    ("1..3 | Sort-Object @{ e = { -$_ }; descending = $false; ascending = $false }", "3\n2\n1"),
    ("1 | ConvertTo-Html @{ n = 'q'; e = { $_ }; align = 'r'; width = 7 } -Fragment",
     "<table>\n<colgroup><col width = \"7\" align = \"r\"/></colgroup>\n<tr><th>q</th></tr>\n"
     "<tr><td>1</td></tr>\n</table>"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), PRINTED)
def test_arguments_mean_what_powershell_takes_them_for(script, printed):
    assert run_script(script, state=None, cmdlets=()).output == printed + "\n"


FAILING = (
    ("'ab' | Where-Object Length -GT 'x'", "OperatorFailed"),
    ("'ab' | Where-Object Length -Match '('", "BadOperatorArgument"),
    ("'ab' | Where-Object Length 5", "OperatorNotSpecified"),
    ("'ab' | Where-Object { $_ } 5", "PositionalParameterNotFound"),
    ("'ab' | Where-Object -FilterScript Length", "CannotConvertArgumentNoMessage"),
    ("'ab' | Where-Object Length -Is nonsense", "InvalidCastFromStringToType"),
    ("[pscustomobject]@{ A = 1; AB = 2 } | Where-Object A* -EQ 1", "AmbiguousPropertyName"),
    ("1 | Group-Object | Where-Object { $_ -gt 1 }", "NotIcomparable"),
    ("1 | Select-Object A -Index 1", "PositionalParameterNotFound"),
    ("1 | Select-Object -ExpandProperty A -Index 1", "AmbiguousParameterSet"),
    ("1 | ConvertTo-Html -Fragment -Title x", "AmbiguousParameterSet"),
    ("1 | Export-Csv x.csv -Delimiter ';' -UseCulture", "AmbiguousParameterSet"),
    ("[pscustomobject]@{} | Format-Table A -View x", "FormatCannotSpecifyViewAndProperty"),
    ("Set-Content x.txt", "MissingMandatoryParameter"),
    ("ConvertTo-Json", "MissingMandatoryParameter"),
    ("Export-Clixml x.xml", "MissingMandatoryParameter"),
    ("'a' | Set-Content x.txt b", "InputObjectNotBound"),
    ("Get-Content *.nope", "ItemNotFound"),
    ("'a' | Set-Content *.nope", "ItemNotFound"),
    ("Import-Csv *.nope", "FileOpenFailure"),
    ("5 | Export-Clixml *.nope", "FileOpenFailure"),
    ("1 | Set-Content x.t; 1 | Set-Content y.t; 1 | Out-File *.t",
     "ReadWriteMultipleFilesNotSupported"),
    ("1 | Set-Content x.t; Get-Content x.t -Tail 1 -TotalCount 1", "TailAndHeadCannotCoexist"),
    ("ConvertFrom-Json $null", "ParameterArgumentValidationErrorNullNotAllowed"),
    ("$null | ConvertFrom-Csv", "ParameterArgumentValidationError"),
    ("Sort-Object -Descending:'x'", "CannotConvertArgument"),
    ("[pscustomobject]@{} | Add-Member B", "MissingMandatoryParameter"),
    ("[pscustomobject]@{} | Add-Member ScriptProperty B 5", "ConvertToFinalInvalidCastException"),
    ("[pscustomobject]@{} | Add-Member ScriptProperty B $null", "Value1AndValue2AreNotBothNull"),
    ("[pscustomobject]@{} | Add-Member AliasProperty B $null", "Value1ShouldNotBeNull"),
    ("[pscustomobject]@{} | Get-Member -View foo", "CannotConvertArgumentNoMessage"),
    ("'a' | Select-String a b", "InputObjectNotBound"),
    ("'a' | Select-String a -Context 1, 2, 3", "ParameterArgumentValidationError"),
    ("'a' | Select-String a -L", "AmbiguousParameter"),
    ("Get-Content -P x.txt", "AmbiguousParameter"),
    ("Get-Content x.txt -Wait", "NotInSubset"),
    ("Split-Path x -Leaf -Parent", "AmbiguousParameterSet"),
    ("Get-Date 2010-05-01 -Format yyyy -UFormat %Y", "AmbiguousParameterSet"),
    ("Join-Path a b -Resolve", "PathNotFound"),
    ("Get-Date 2010-05-01 -DisplayHint Nope", "CannotConvertArgumentNoMessage"),
    ("Get-Date $null", "ParameterBindingFailed"),
    ("5 | Get-Content", "InputObjectNotBound"),
    ("1 | Select-Object -Foo | Out-File no/x.txt", "NamedParameterNotFound"),
    ("1, $null | Get-Unique -AsString", "System.NullReferenceException"),
    ("ConvertFrom-Json '{\"\":1}'", "EmptyKeyInJsonString"),
    ("'a,b', '1,2' | ConvertFrom-Csv -Header c, c",
     "AlreadyPresentPSMemberInfoInternalCollectionAdd"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "error"), FAILING)
def test_what_commands_do_not_take_is_told(script, error):
    errors = run_script(script, state=None, cmdlets=()).errors
    assert errors[0].id.partition(",")[0] == error


STORED = (
    ("[datetime]'2010-05-01T10:11:12.345'", "<DT>2010-05-01T10:11:12.345</DT>",
     "2010-05-01T10:11:12.3450000"),
    ("([datetime]'2010-05-01').ToUniversalTime()", "<DT>2010-05-01T00:00:00Z</DT>",
     "2010-05-01T00:00:00.0000000Z"),
    ("[timespan]'1.02:03:04.5'", "<TS>P1DT2H3M4.5S</TS>", "1.02:03:04.5000000"),
    ("[timespan]'-00:00:05'", "<TS>-PT5S</TS>", "-00:00:05"),
    ("[guid]'01234567-89ab-cdef-0123-456789abcdef'",
     "<G>01234567-89ab-cdef-0123-456789abcdef</G>", "01234567-89ab-cdef-0123-456789abcdef"),
    ("[char]'a'", "<C>97</C>", "a"),
    ("[version]'1.2.3'", "<Version>1.2.3</Version>", "1.2.3"),
    ("[long]5", "<I64>5</I64>", "5"),
    ("[byte]6", "<By>6</By>", "6"),
    ("[single]1.5", "<Sg>1.5</Sg>", "1.5"),
    ("{ 1 + 1 }", "<SBK> 1 + 1 </SBK>", " 1 + 1 "),
)  # fmt: skip


@pytest.mark.parametrize(("value", "element", "text"), STORED)
def test_a_value_of_one_element_comes_back_as_what_it_was(value, element, text):
    script = (
        f"$v = {value}; $v | Export-Clixml v.xml; (Get-Content v.xml)[1].Trim(); "
        "$w = Import-Clixml v.xml; if ($w -is [datetime]) { $w.ToString('o') } else { \"$w\" }; "
        "$v -is [scriptblock] -or $v.GetType() -eq $w.GetType()"
    )
    result = run_script(script, state=None, cmdlets=())
    assert result.output.splitlines() == [element, text, "True"]


def test_only_what_objects_have_of_their_own_is_cut_in_clixml():
    nested = "@{ L = [pscustomobject]@{ M = @{ N = [pscustomobject]@{ O = 1, 2 } } } }"
    script = f"{nested} | Export-Clixml x.xml -Depth 1; (Import-Clixml x.xml).L.M.N.O[1]"
    assert run_script(script, state=None, cmdlets=()).output == "2\n"
    script = "1..3 | Export-Clixml x.xml; Import-Clixml x.xml -First 1 -Skip 1"
    assert run_script(script, state=None, cmdlets=()).output == "2\n"


DELAYED = (
    ("'a' | Set-Content x.txt; Get-Item x.txt | Rename-Item -NewName { \"new-$($_.Name)\" }; "
     "Test-Path new-x.txt", "True"),
    ("'a' | Set-Content x.txt; Get-Item x.txt | Copy-Item -Destination { \"c-$($_.Name)\" }; "
     "Test-Path c-x.txt", "True"),
    ("'a' | Set-Content x.txt; [pscustomobject]@{ F = 'x' } | Get-Content -Path { $_.F + '.txt' }",
     "a"),
    ("$i = 0; 'a', 'b' | Join-Path -Path { $i++; \"p$i\" } -ChildPath { \"c$i\" }",
     "p1\\c0\np1\\c0"),
    ("1..2 | Set-Content -Path { \"f$_.txt\" }; Get-Content f1.txt, f2.txt", "1\n2"),
    ("3, 1, 2 | Sort-Object -InputObject { $_ * -1 }", "-3\n-2\n-1"),
    ("'2010' | Get-Date -Date { \"$_-05-01\" } -Format yyyy-MM", "2010-05"),
    ("function f { param([Parameter(ValueFromPipeline)][string]$N) process { \"n=$N\" } }; "
     "1, 2 | f -N { \"x$_\" }", "n=x1\nn=x2"),
    ("function f { param([Parameter(ValueFromPipeline)]$I, "
     "[Parameter(ValueFromPipelineByPropertyName)][int]$N) process { \"$I $N\" } }; "
     "1, 2 | f -N { $_ * 2 }", "1 2\n2 4"),
    ("function f { param([Parameter(ValueFromPipeline)][scriptblock]$N) process { \"n=$N\" } }; "
     "f -N { 2 }", "n= 2 "),
    ("Write-Output { 1 }; Out-Null a -Foo b", " 1 "),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), DELAYED)
def test_a_block_gives_a_parameter_its_value_for_each_object(script, printed):
    result = run_script(script, state=None, cmdlets=())
    assert result.output == printed + "\n"
    assert not result.errors


UNDELAYED = (
    ("1 | Join-Path -Path { } -ChildPath c", "ScriptBlockArgumentNoOutput"),
    ("1 | Join-Path -Path { 1 / 0 } -ChildPath c", "ScriptBlockArgumentInvocationFailed"),
    ("Write-Warning { 1 }", "ScriptBlockArgumentNoInput"),
    ("1 | Write-Warning { 1 }", "PositionalParameterNotFound"),
    ("'x' | Get-Date -Date { $_ }", "CannotConvertArgumentNoMessage"),
)


@pytest.mark.parametrize(("script", "error"), UNDELAYED)
def test_a_block_without_a_value_is_told(script, error):
    errors = run_script(script, state=None, cmdlets=()).errors
    assert [one.id.partition(",")[0] for one in errors] == [error]
