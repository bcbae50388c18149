"""The commands that know nothing about Exchange."""
# ruff: noqa: E501 - a script and what it writes stand on one line

import pytest

from tests.shell.running import lines, output, run

OBJECTS = """
$all = @(
    [pscustomobject]@{Name = 'b'; Port = 25; Ips = @('10.0.0.1', '10.0.0.2')}
    [pscustomobject]@{Name = 'A'; Port = 587; Ips = @()}
    [pscustomobject]@{Name = 'c'; Port = 25; Ips = $null}
)
"""

SCRIPTS = [
    ("$all | Where-Object { $_.Port -eq 25 } | % Name", "b|c"),
    ("$all | ? Port -eq 25 | % Name; $all | where Name -like 'A*' | % Port", "b|c|587"),
    ("$all | ? Ips | % Name; $all | ? Name -in 'a', 'c' | % Name; $all | ? { -not $_.Ips } | % Name",
     "b|A|c|A|c"),
    ("1..3 | ForEach-Object { $_ * 2 }; 1..2 | foreach { $_ } -End { 'e' }; 1..2 | % { 'b' } { $_ } { 'e' }",
     "2|4|6|1|2|e|b|1|2|e"),
    ("$all | Select-Object -ExpandProperty Name; $all | select -Expand Ips", "b|A|c|10.0.0.1|10.0.0.2"),
    ("1..5 | select -First 2; 1..5 | select -Last 2; 1..5 | select -Skip 3; 1..5 | select -Skip 1 -First 1",
     "1|2|4|5|4|5|2"),
    ("'a', 'b', 'a' | select -Unique; 3, 1, 3 | sort -Unique", "a|b|1|3"),
    ("$all | Sort-Object Name | % Name; $all | sort Port, Name -Descending | % Name", "A|b|c|A|c|b"),
    ("$all | sort @{e = { $_.Port }; Descending = $true}, Name | % Name; 'b', 'A' | sort; 10, 9 | sort",
     "A|b|c|A|b|9|10"),
    ("$all | group Port | % { \"$($_.Count) $($_.Name) $($_.Group.Count)\" }", "2 25 2|1 587 1"),
    ("($all | measure).Count; ($all | Measure-Object Port -Sum -Maximum).Sum; (1..4 | measure -Average).Average",
     "3|637|2.5"),
    ("Compare-Object ('a', 'b') ('B', 'c') | % { $_.InputObject + $_.SideIndicator }", "c=>|a<="),
    ("Write-Output 1 2 (3, 4); echo x; Write-Output a, b", "1|2|3|4|x|a|b"),
    ("Write-Host a b; Write-Host 1, 2 -Separator '-'; Write-Host 'x' -NoNewline -ForegroundColor Red; 'y'",
     "a b|1-2|xy"),
    ("$o = New-Object PSObject -Property @{A = 1}; $o | Add-Member NoteProperty B 2; $o.B", "2"),
    ("$o = New-Object PSObject; $o | Add-Member -MemberType NoteProperty -Name B -Value 2; $o.B", "2"),
    ("1..3 | Out-Null; ('a' | Out-String).Length; 'a' | Out-Host", "3|a"),
    ("'a,b', '1,2', '3,4' | ConvertFrom-Csv | % b", "2|4"),
    ("$p = @{First = 1}; 1..3 | Select-Object @p; Select-Object -InputObject 5 -f 1", "1|5"),
    ("Write-Verbose 'no'; Write-Verbose 'yes' -Verbose; Write-Debug d; Write-Progress p", "VERBOSE: yes"),
    ("cls; $all | Select-Object N*, @{n = 'x'; e = { $_.Port + 1 }} | % { \"$($_.Name) $($_.x)\" }",
     "b 26|A 588|c 26"),
    ("$all | Select-Object * -ExcludeProperty I* | % { ($_.PSObject.Properties | % Name) -join ',' } | select -First 1",
     "Name,Port"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SCRIPTS, ids=[text for text, _ in SCRIPTS])
def test_what_a_command_writes(text, expected):
    assert "|".join(lines(OBJECTS + text)) == expected


def test_objects_flow_one_by_one_and_first_stops_the_commands_before():
    text = (
        '1..9 | % { Write-Host "made $_"; $_ } | % { Write-Host "seen $_"; $_ } | select -First 2'
    )
    assert lines(text) == ["made 1", "seen 1", "1", "made 2", "seen 2", "2"]


def test_a_table_and_a_list():
    assert output(OBJECTS + "$all | Format-Table -AutoSize") == (
        "\n"
        "Name Port Ips\n"
        "---- ---- ---\n"
        "b      25 {10.0.0.1, 10.0.0.2}\n"
        "A     587 {}\n"
        "c      25\n"
        "\n"
        "\n"
    )
    assert output(OBJECTS + "$all | select -First 2 | fl Name, @{l = 'Where'; e = { $_.Ips -join '; ' }}") == (
        "\n\nName  : b\nWhere : 10.0.0.1; 10.0.0.2\n\nName  : A\nWhere :\n\n\n\n"
    )  # fmt: skip


def test_objects_without_a_view_are_a_table_up_to_four_properties_and_a_list_beyond():
    assert output("[pscustomobject]@{A = 1; B = 'x'}") == "\nA B\n- -\n1 x\n\n\n"
    assert output("[pscustomobject]@{A = 1; B = 2; C = 3; D = 4; E = 5}") == (
        "\n\nA : 1\nB : 2\nC : 3\nD : 4\nE : 5\n\n\n\n"
    )
    assert output("@{a = 1; b = 'x'}") == (
        "\nName                           Value\n----                           -----\n"
        "a                              1\nb                              x\n\n\n"
    )


def test_the_objects_of_a_script_share_a_table_and_text_stands_between_its_rows():
    text = "$o = [pscustomobject]@{A = 1}; $o; $o; 'mid'; $o"
    assert output(text) == "\nA\n-\n1\n1\nmid\n1\n\n\n"


def test_a_collection_shows_as_many_items_as_the_preference_allows():
    assert "{1, 2...}" in output("$FormatEnumerationLimit = 2; [pscustomobject]@{A = 1..9} | fl")
    assert "8, 9}" in output(
        "$FormatEnumerationLimit = -1; [pscustomobject]@{A = 1..99; B = 8, 9} | fl"
    )
    assert "16...}" in output("[pscustomobject]@{A = 1..99} | fl")


def test_control_characters_of_objects_are_escaped_in_tables_and_lists():
    text = '[pscustomobject]@{A = "x$([char]27)[31m`n"}'
    assert "\x1b" not in output(text)
    assert "x\\x1b[31m\n" in output(f"{text} | fl")


FILES = {
    "ips.txt": "10.0.0.1\r\n10.0.0.2\r\n",
    "list.csv": '\ufeff#TYPE x\nName,IP\n"a,b",10.0.0.1\nc\n',
}


def reader(path):
    if path not in FILES:
        raise FileNotFoundError("no such file")
    return FILES[path]


def test_files_come_from_the_reader_alone():
    assert lines("Get-Content ips.txt", reader=reader) == ["10.0.0.1", "10.0.0.2"]
    assert lines("(gc ips.txt -Raw).Length; (gc ips.txt | measure).Count; gc ips.txt -First 1", reader=reader) == [
        "20", "2", "10.0.0.1",
    ]  # fmt: skip
    assert lines('Import-Csv list.csv | % { "$($_.Name)=$($_.IP)" }', reader=reader) == [
        "a,b=10.0.0.1",
        "c=",
    ]
    (error,) = run("Import-Csv nothing.csv", reader=reader).errors
    assert error.id == "FileOpenFailure"
    assert run("try { gc no.txt -ea Stop } catch { 'c' }", reader=reader).output == "c\n"
