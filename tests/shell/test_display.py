"""What a script writes looks as in Windows PowerShell 5.1: the first object decides, blank lines,
widths, groups. The expectations were printed by a real PowerShell; the blank lines are 5.1's."""

import pytest

from relaysim.powershell.runner import ScriptSession

ROWS = "$r = [pscustomobject]@{Name = 'a'; N = 1}, [pscustomobject]@{Name = 'bb'; N = 22}\n"


def output(text, width=None):
    result = ScriptSession(state=None, cmdlets=(), width=width).run(text)
    assert not result.errors, result.errors
    return result.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[pscustomobject]@{Name = 'Relay'; Port = 25; Enabled = $true}",
         "\nName  Port Enabled\n----  ---- -------\nRelay   25    True\n\n\n"),
        # A column stands where the first object's value stands.
        ("[pscustomobject]@{A = $null}, [pscustomobject]@{A = 2}", "\nA\n-\n\n2\n\n\n"),
        # What comes later goes on in the first one's columns.
        ("[pscustomobject]@{A = 1; B = 2}; [pscustomobject]@{A = 3; C = 4}",
         "\nA B\n- -\n1 2\n3\n\n\n"),
        # One that is formatted is formatted as it was when it was written.
        ("$o = [pscustomobject]@{A = 1}; $o; $o.A = 2; $o", "\nA\n-\n1\n2\n\n\n"),
        # A table waits for its last row; Write-Host does not.
        ("1, 2 | % { Write-Host \"h$_\"; [pscustomobject]@{A = $_} }",
         "h1\n\nh2\nA\n-\n1\n2\n\n\n"),
        ("@{}; 'end'", "end\n"),
        ("[pscustomobject]@{V = 'a', $null, 3} | fl", "\n\nV : {a, $null, 3}\n\n\n\n"),
        ("[pscustomobject]@{A = \"one`ntwo\"} | fl", "\n\nA : one\n    two\n\n\n\n"),
        ("[pscustomobject]@{A = 1; B = 2} | fl a, missing", "\n\nA : 1\n\n\n\n"),
        ("5, 'x' | fl *", "5\nx\n"),
        ("([pscustomobject]@{A = 1} | ft).Count", "5\n"),
        ("'x', 'y', 'x' | group",
         "\nCount Name                      Group\n----- ----                      -----\n"
         "    2 x                         {x, x}\n    1 y                         {y}\n\n\n"),
        (ROWS + "$r | ft -HideTableHeaders", "\na     1\nbb   22\n\n\n"),
        (ROWS + "$r | ft Name -GroupBy N",
         "\n\n   N: 1\n\nName\n----\na\n\n\n   N: 22\n\nName\n----\nbb\n\n\n"),
        (ROWS + "$r | ft @{n = 'S'; e = { $_.N }; f = 'N1'; w = 6; a = 'center'}",
         "\n  S\n  -\n 1.0\n 22.0\n\n\n"),
        ("[pscustomobject]@{A=1;B=2;C=3;D=4;E=5;F=6;G=7;H=8;I=9;J=10;K=11} | ft",
         "\nA B C D E F G H I  J\n- - - - - - - - -  -\n1 2 3 4 5 6 7 8 9 10\n\n\n"),
    ],
)  # fmt: skip
def test_objects_look_as_in_windows_powershell(text, expected):
    assert output(text) == expected


def test_an_object_beside_the_rows_of_another_types_view_is_a_list_of_its_own():
    shown = output("'a' | group; [pscustomobject]@{A = 1}; 'b' | group")
    assert [line for line in shown.splitlines() if line] == [
        "Count Name                      Group",
        "----- ----                      -----",
        "    1 a                         {a}",
        "A : 1",
        "    1 b                         {b}",
    ]


def test_a_width_cuts_cells_drops_columns_and_wraps_lists():
    table = output("[pscustomobject]@{A = 'x' * 30; B = 'y' * 30; C = 1} | ft", width=40)
    assert table.split("\n")[3] == "x" * 30 + " yyyyy..."
    assert " C" not in table
    listed = output("[pscustomobject]@{A = 'one two three four five six'} | fl", width=20)
    assert [line for line in listed.split("\n") if line] == [
        "A : one two three",
        "    four five six",
    ]


def test_without_a_width_nothing_is_cut():
    assert "z" * 500 in output("[pscustomobject]@{A = 'z' * 500; B = 'y' * 500}")


def test_a_part_of_a_table_alone_is_refused():
    result = ScriptSession(state=None, cmdlets=()).run("([pscustomobject]@{A = 1} | ft)[2]")
    assert [error.id for error in result.errors] == ["ConsoleLineOutputOutOfSequencePacket"]
