"""Rows that say two things are refused, and what a batch writes is what it claims to be."""

import json

import pytest

from tests.console import relaysim


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
