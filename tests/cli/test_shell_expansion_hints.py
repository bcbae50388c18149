"""What a shell makes of an array, a pattern or an empty argument gets a hint."""

import pytest

from tests.console import relaysim

CHECK = ["check", "--ip", "10.0.0.1"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--to", "a@contoso.com", "b@contoso.com"], "PowerShell `--to ($list -join ',')`"),
        (["-c", "a.toml", "b.toml"], "the shell made several names of a pattern"),
        (["--from"], "the null sender is `--from '<>'`"),
    ],
)
def test_words_that_a_shell_made_get_a_hint(words, hint):
    found = relaysim([*CHECK, *words])
    assert found.code == 2
    assert hint in found.output


@pytest.mark.parametrize("command", ["export-shell", "collector"])
def test_a_script_goes_to_a_file_by_either_option(tmp_path, command):
    for option in ("-o", "--to"):
        path = tmp_path / f"{option}.ps1"
        assert relaysim([command, option, str(path)]).code == 0
        assert path.read_text("ascii") == relaysim([command]).output.partition("warning:")[0]
