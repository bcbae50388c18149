"""Rows that say two things are refused, and what a batch writes is what it claims to be."""

import json

import pytest

from tests.console import ROOT, relaysim


def answered(tmp_path, text, *options, source="jsonl"):
    """Answer rows and return the exit code and what was written."""
    path, target = tmp_path / f"q.{source}", tmp_path / f"out.{source}"
    path.write_text(text, "utf-8")
    asked = ["batch", str(path), "-c", "builtin:option-1", "-o", f"{source}:{target}", *options]
    result = relaysim(asked)
    return result.code, target.read_text("utf-8") if target.exists() else ""


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('{"ip": "192.0.2.1", "ip": "192.0.2.2"}', "the key `ip` stands twice"),
        ('{"ip": "192.0.2.1", "local_ip": "10.0.0.1", "Local-IP": "10.0.0.2"}', "`Local-IP`"),
        ('{"ip": "192.0.2.1", "x": {"a": 1, "a": 2}}', "the key `a` stands twice"),
        ('{"ip": "192.0.2.1", "size": NaN}', "`NaN` is no number"),
        ('{"ip": "192.0.2.1", "x": Infinity}', "`Infinity` is no number"),
        ('{"ip": "192.0.2.1", "x": -Infinity}', "`-Infinity` is no number"),
        ('{"ip": "192.0.2.1", "x": 1e999}', "`1e999` is no number"),
    ],
)
def test_a_json_row_that_is_none_by_the_standard_has_no_answer(tmp_path, row, words):
    code, written = answered(tmp_path, f'{row}\n{{"ip": "192.168.2.55"}}\n', "--pass-through")
    assert code == 2
    first, second = map(json.loads, written.splitlines())
    assert words in first["error"]
    assert second["relay"] is True
    assert "NaN" not in written.replace("`NaN`", "")


def test_an_array_that_names_a_key_twice_is_refused_whole(tmp_path):
    assert answered(tmp_path, '[{"ip": "192.0.2.1", "ip": "::1"}]') == (2, "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", " =", "\uff1d"])
def test_no_cell_for_a_spreadsheet_is_a_formula(tmp_path, sign):
    text = f"ip,note,to\n192.168.2.55,{sign}1+1,a@b.example\n192.0.2.1,plain - text,\n"
    options = ("--pass-through", "--columns", "ip,note,relay")
    _, safe = answered(tmp_path, text, "--spreadsheet", *options, source="csv")
    assert safe == f"ip,note,relay\n192.168.2.55,'{sign}1+1,yes\n192.0.2.1,plain - text,no\n"
    _, plain = answered(tmp_path, text, *options, source="csv")
    assert f",{sign}1+1," in plain


def test_a_map_for_a_spreadsheet_holds_no_formula():
    asked = ["map", "-c", "builtin:option-1", "-o", "csv"]
    # Nothing in this configuration looks like one.
    assert relaysim([*asked, "--spreadsheet"]) == relaysim(asked)


def test_findings_and_shapes_for_a_spreadsheet_hold_no_formula(tmp_path):
    server = (
        'format = 1\n[[connector]]\nname = "=1+1"\nbindings = ["0.0.0.0:25"]\n'
        'remote_ip_ranges = ["0.0.0.0/0"]\npermission_groups = "AnonymousUsers"\n'
    )
    (tmp_path / "server.toml").write_text(server, "utf-8")
    log = (ROOT / "docs/examples/receive.log").read_text("utf-8")
    (tmp_path / "a.log").write_text(log.replace("\\Printers", "\\=1+1"), "utf-8")
    for command in (["audit"], ["replay", "a.log"]):
        asked = [*command, "-c", "server.toml", "-o", "csv"]
        plain = relaysim(asked, cwd=tmp_path).output
        safe = relaysim([*asked, "--spreadsheet"], cwd=tmp_path).output
        assert ",=1+1," in plain
        assert ",'=1+1," in safe
        assert ",=" not in safe


def test_a_row_that_is_too_long_is_refused_and_never_answered_in_part(tmp_path):
    text = f"ip,to\n10.0.0.5,{'a@example.net;' * 100_000}\n10.0.0.6,\n"
    (tmp_path / "q.csv").write_text(text, "utf-8")
    result = relaysim(["batch", "q.csv", "-c", "builtin:option-1"], cwd=tmp_path)
    assert result.code == 2
    assert "error: q.csv:2: a row of more than 1 MB\n" in result.output
    assert "10.0.0.5" not in result.output


@pytest.mark.parametrize("begin", ['{"ip":', "[" * 9, '{"ip": {"a":'])
def test_a_row_that_is_nested_without_an_end_is_an_error_of_that_row(tmp_path, begin):
    (tmp_path / "q.jsonl").write_text(f'{begin}{"[" * 100_000}\n{{"ip": "10.0.0.5"}}\n', "utf-8")
    result = relaysim(["batch", str(tmp_path / "q.jsonl"), "-c", "builtin:option-2"])
    assert result.code == 2
    assert "nested too deep" in result.output or "no JSON array" in result.output


def test_a_key_that_stands_twice_among_thousands_is_named(tmp_path):
    keys = ", ".join(f'"k{number}": 1' for number in range(20_000))
    (tmp_path / "q.jsonl").write_text(f'{{{keys}, "k19999": 2}}\n', "utf-8")
    result = relaysim(["batch", str(tmp_path / "q.jsonl"), "-c", "builtin:option-2"])
    assert "the key `k19999` stands twice" in result.output
