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
