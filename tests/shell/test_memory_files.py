"""A script's files stand in memory, in 5.1's encodings, and reach the disk only where allowed."""

import os

import pytest

from relaysim.cli.shells.shell_files import store
from relaysim.cli.shells.shell_start import folder_reader
from relaysim.errors import InvalidInput
from relaysim.powershell.runner import ScriptSession


def session_after(text):
    session = ScriptSession(state=None, cmdlets=())
    result = session.run(text)
    assert not result.errors, result.errors
    return session, result.output


def written(text):
    session, _ = session_after(text)
    return {file.path: file.data() for file in session.files}


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("'\u00fc' | Out-File f", b"\xff\xfe\xfc\x00\r\x00\n\x00"),
        ("'\u00fc' > f", b"\xff\xfe\xfc\x00\r\x00\n\x00"),
        ("'a' | Set-Content f", b"a\r\n"),
        ("'\u00fc' | Set-Content f", b"\xfc\r\n"),
        ("[pscustomobject]@{A = '\u00fc'} | Export-Csv f -NoTypeInformation", b'"A"\r\n"?"\r\n'),
        ("'a' | Out-File f -Encoding UTF8", b"\xef\xbb\xbfa\r\n"),
        ("$null = New-Item f -Value abc", b"abc"),
    ],
)
def test_the_encodings_are_those_of_windows_powershell(command, data):
    assert written(command) == {"f": data}


def test_what_was_written_is_read_back_whatever_the_slash_and_the_case():
    _, output = session_after(
        "$null = New-Item out -ItemType Directory\n"
        "1, 2 > out\\a.txt; 3 >> OUT/A.TXT\n"
        "(Get-Content out/a.txt) -join ','; Test-Path out\\A.txt; Test-Path none"
    )
    assert output == "1,2,3\nTrue\nFalse\n"


def test_tables_come_back_from_csv_json_and_clixml():
    rows = "$r = [pscustomobject]@{A = 1; B = 'x,\"y\"'}, [pscustomobject]@{A = 2; B = $null}\n"
    check = ' | % { "$($_.A)|$($_.B)" }'
    expected = '1|x,"y"\n2|\n'
    for text in (
        f"$r | Export-Csv f; Import-Csv f{check}",
        f"$r | Export-Clixml f; Import-Clixml f{check}",
        f"$r | ConvertTo-Json > f; $b = Get-Content f | Out-String | ConvertFrom-Json; $b{check}",
    ):
        assert session_after(rows + text)[1] == expected


def test_json_has_the_form_of_windows_powershell():
    text = '[ordered]@{Name = "it\'s"; List = 1, 2} | ConvertTo-Json'
    assert session_after(text)[1].splitlines() == [
        "{",
        '    "Name":  "it\\u0027s",',
        '    "List":  [',
        "                 1,",
        "                 2",
        "             ]",
        "}",
    ]


def test_csv_says_the_type_first_and_joins_no_lists():
    text = "[pscustomobject]@{A = 1, 2; B = $null} | select A, B | ConvertTo-Csv"
    assert session_after(text)[1].splitlines() == [
        "#TYPE Selected.System.Management.Automation.PSCustomObject",
        '"A","B"',
        '"System.Object[]",',
    ]


def test_a_missing_file_is_an_error_that_can_be_silenced_and_caught_by_type():
    session = ScriptSession(state=None, cmdlets=())
    assert [error.id for error in session.run("gc no.txt; 'on'").errors] == ["PathNotFound"]
    assert not session.run("gc no.txt -ErrorAction SilentlyContinue").errors
    caught = session.run(
        "try { gc no.txt -ea Stop } catch [System.Management.Automation.ItemNotFoundException] "
        "{ $_.FullyQualifiedErrorId }"
    )
    assert caught.output == "PathNotFound,Microsoft.PowerShell.Commands.GetContentCommand\n"


def test_files_are_stored_below_the_folder_only(tmp_path):
    files = session_after("'a' | Set-Content b.txt; 'c' | Set-Content C:\\d.txt")[0].files
    assert all(line.startswith("not written") for line in store(files, None))
    store(files, str(tmp_path))
    assert (tmp_path / "b.txt").read_bytes() == b"a\r\n"
    assert (tmp_path / "C" / "d.txt").read_bytes() == b"c\r\n"


@pytest.mark.parametrize(
    "path", ["..\\x", "a\\..\\..\\x", "con", "a\\nul.txt", "a:b", "x. ", "\\\\host\\share\\x"]
)
def test_a_path_that_no_file_below_the_folder_can_have_is_refused(tmp_path, path):
    inside = tmp_path / "in"
    inside.mkdir()
    session = ScriptSession(state=None, cmdlets=())
    session.files.write(path, "x", "plain")
    with pytest.raises(InvalidInput):
        store(session.files, str(inside))
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_links_on_the_way_are_refused(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    secret = outside / "secret"
    secret.write_text("kept")
    os.link(secret, inside / "hard")
    for path in ("link/x", "hard"):
        session = ScriptSession(state=None, cmdlets=())
        session.files.write(path, "x", "plain")
        with pytest.raises(InvalidInput):
            store(session.files, str(inside))
    assert secret.read_text() == "kept"
    assert not (outside / "x").exists()


def test_a_windows_path_is_found_below_the_folder_that_may_be_read(tmp_path):
    (tmp_path / "C" / "Temp").mkdir(parents=True)
    (tmp_path / "C" / "Temp" / "IPs.txt").write_text("10.0.0.1\n")
    (tmp_path / "secret.txt").write_text("no")
    reader = folder_reader(str(tmp_path / "C"))
    assert reader is not None
    with pytest.raises(ValueError, match="no such file"):
        reader("C:\\..\\secret.txt")
    session = ScriptSession(state=None, cmdlets=(), reader=folder_reader(str(tmp_path)))
    result = session.run(
        "Get-Content c:\\temp\\ips.TXT; Test-Path C:\\temp -PathType Container; Test-Path C:\\tmp"
    )
    assert not result.errors, result.errors
    assert result.output.split() == ["10.0.0.1", "True", "False"]
