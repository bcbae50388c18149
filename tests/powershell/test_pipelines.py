"""What flows through pipelines and into files, as PowerShell 7.6.9 printed it."""

import pytest

from relaysim.powershell.runner import run_script

THROWN = (
    "try {{ 1..3 | ForEach-Object {{ if ($_ -eq 3) {{ throw 'x' }}; $_ }} | {} }} catch {{ 'c' }}; "
)

SCRIPTS = (
    ("1..3 | Tee-Object -Variable k | Select-Object -First 1; $null -eq $k", "1\nTrue"),
    ("1..3 | Tee-Object k.txt | Select-Object -First 2; (Get-Content k.txt).Count", "1\n2\n2"),
    ("1..2 | Tee-Object -Variable k | Out-Null; $k.GetType().Name", "Object[]"),
    ("'a', 'b' | % { Write-Host in; $_ } | Select-String . | % { Write-Host $_ }", "in\na\nin\nb"),
    ("'a', 'b' | % { Write-Host in; $_ } | Get-Unique | % { Write-Host $_ }", "in\na\nin\nb"),
    ("'a', 'b' | % { Write-Host in; $_ } | Out-Host", "in\na\nin\nb"),
    ("'a', 'b' | % { Write-Host in; $_ } | Out-String -Stream | % { Write-Host $_ }",
     "in\na\nin\nb"),
    ("1, 2 | % { Write-Host in; [pscustomobject]@{ A = $_ } } | ConvertTo-Csv -NoTypeInformation",
     'in\n"A"\n"1"\nin\n"2"'),
    (THROWN.format("Set-Content o.txt") + "Get-Content o.txt", "c\n1\n2"),
    (THROWN.format("Out-File o.txt") + "Get-Content o.txt", "c\n1\n2"),
    (THROWN.format("Tee-Object o.txt") + "Get-Content o.txt", "1\n2\nc\n1\n2"),
    ("'{\"a\":1}', '{\"a\":2}' | ConvertFrom-Json | ForEach-Object a", "1\n2"),
    ("'[1,', '2]' | ConvertFrom-Json | ForEach-Object { $_ }", "1\n2"),
    ("$n = 1 | ? { $_ -gt 5 }; @($n -replace 'a').Count; @($n -split 'a').Count", "0\n0"),
    ("$n = 1 | ? { $_ -gt 5 }; ($n -match 'a') -is [bool]; @(-split $n).Count; $n -eq $null",
     "False\n0\nTrue"),
    ("@(1), @(2) | % { [pscustomobject]@{ A = @($_) } } | Group-Object A | % { \"$($_.Count)\" }",
     "2"),
    ("[pscustomobject]@{ A = 1 } | Get-Member A | Format-Table Name, MemberType",
     "\nName   MemberType\n----   ----------\nA    NoteProperty\n\n"),
    ("$FormatEnumerationLimit = 1; ([pscustomobject]@{ A = 1, 2 } | fc | Out-String) -match '2'",
     "False"),
    ("[pscustomobject]@{ V = [switch]$true } | ConvertTo-Json -Compress",
     '{"V":{"IsPresent":true}}'),
    ("[pscustomobject]@{ L = [Collections.Generic.List[string]]'m' } | ConvertTo-Csv -NoType",
     '"L"\n"System.Collections.Generic.List`1[System.String]"'),
    ("'2010-05-01' | Get-Date -Format MM/yyyy", "05/2010"),
    ("([datetime]'2010-05-01').ToFileTime(); [datetime]::MaxValue.Year",
     "129171456000000000\n9999"),
    ("$f = (Get-Culture).DateTimeFormat; $f.ShortDatePattern; $f.DayNames[0]; $f.GetMonthName(3)",
     "M/d/yyyy\nSunday\nMarch"),
    ("[datetime]::SpecifyKind([datetime]'2010-05-01', 'Utc').ToString('o')",
     "2010-05-01T00:00:00.0000000Z"),
)  # fmt: skip


@pytest.mark.parametrize(("script", "printed"), SCRIPTS)
def test_objects_flow_as_in_powershell(script, printed):
    assert run_script(script, state=None, cmdlets=()).output == printed + "\n"


REFUSED = (
    ("Import-Csv missing.csv -ErrorAction SilentlyContinue", "FileOpenFailure"),
    ("1 | ForEach-Object { Write-Host x; $_ } | Out-File no/x.txt", "FileOpenFailure"),
    ("1 | ForEach-Object { Write-Host x; $_ } > no/x.txt", "FileOpenFailure"),
    ("[pscustomobject]@{ A = 1 } | Export-Csv no/x.csv", "FileOpenFailure"),
    ("1 | Set-Content no/x.txt -ErrorAction Stop", "GetContentWriterDirectoryNotFoundError"),
    ("Select-String x nosuch.txt", "PathNotFound"),
    ("1 | Select-Object -ExpandProperty A, B", "CannotConvertArgument"),
    ("1 | Select-Object -First $null", "ParameterArgumentValidationError"),
    ("1 | Sort-Object ''", "ExpressionEmptyString2"),
    ("Get-Content $null", "ParameterArgumentValidationErrorNullNotAllowed"),
    ("'a' | Select-String ''", "ParameterArgumentValidationErrorEmptyStringNotAllowed"),
    ("Invoke-Expression $null", "ParameterArgumentValidationErrorNullNotAllowed"),
    ("Import-Csv @()", "ParameterArgumentValidationError"),
    ("1 | Format-List @{ n = 'X'; e = { 1 }; Width = 5 }", "DictionaryKeyIllegal"),
    ("1 | Format-Wide @{ n = 'X'; e = { 1 } }", "DictionaryKeyIllegal"),
    ("1 | Format-Table -GroupBy A, B", "DictionaryKeyUnknownType"),
    ("1 | Format-Wide -Column 0", "ParameterArgumentValidationError"),
    ("1 | Select-Object -Index -1", "ParameterArgumentValidationError"),
    ("1 | ConvertTo-Html -As Tree", "ParameterArgumentValidationError"),
    ("Test-Path x -PathType File", "CannotConvertArgumentNoMessage"),
    ("[pscustomobject]@{} | Get-Member -MemberType X", "CannotConvertArgumentNoMessage"),
    ("Write-Progress x -PercentComplete 150", "ParameterArgumentValidationError"),
    ("New-TimeSpan -Start 2010-05-01 -Days 1", "AmbiguousParameterSet"),
    ("Remove-Variable true -ErrorAction Stop", "VariableNotRemovable"),
    ("Set-Variable x 1 -Scope nonsense", "Argument"),
    ("Get-Alias -Definition Nonsense -ErrorAction Stop", "ItemNotFoundException"),
)


@pytest.mark.parametrize(("script", "error"), REFUSED)
def test_what_does_not_fit_ends_the_command_before_an_object_comes(script, error):
    asked = f"try {{ {script} }} catch {{ $_.FullyQualifiedErrorId }}"
    assert run_script(asked, state=None, cmdlets=()).output.partition(",")[0].strip() == error
