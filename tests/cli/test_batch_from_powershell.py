"""A batch takes what PowerShell's exports write, and answers as for the clean file."""

import json

import pytest

from tests.console import relaysim

ROWS = [("192.168.2.55", "none", "CRM"), ("10.0.0.1", "user", "a")]
CLEAN = "ip,auth,note\n" + "".join(",".join(row) + "\n" for row in ROWS)
OPTIONS = ["-c", "builtin:option-2", "--pass-through", "--no-progress"]


def answers(tmp_path, data, name="rows.csv", *more):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return relaysim(["batch", str(path), *OPTIONS, *more])


def exported(
    separator=",", end="\r\n", head="#TYPE System.Management.Automation.PSCustomObject\r\n"
):
    rows = [("ip", "auth", "note"), *ROWS]
    return head + "".join(separator.join(f'"{cell}"' for cell in row) + end for row in rows)


@pytest.fixture(name="clean")
def clean_answers(tmp_path):
    found = answers(tmp_path, CLEAN)
    assert found.code == 0
    return found.output


@pytest.mark.parametrize(
    "data",
    [
        exported(),
        exported(";"),
        exported("\t"),
        exported(head=""),
        b"\xef\xbb\xbf" + exported(";").encode(),
        exported().encode("utf-16"),
        b"\xfe\xff" + exported(";").encode("utf-16-be"),
        exported("\t", head="").encode("utf-16"),
    ],
    ids=["type", "semicolon", "tab", "plain", "mark", "utf-16", "utf-16-be", "utf-16-tab"],
)
def test_an_export_gives_the_answers_of_the_clean_file(tmp_path, clean, data):
    assert answers(tmp_path, data).output == clean


@pytest.mark.parametrize("mark", ["True", "False"])
def test_the_truth_values_of_an_export_are_read(tmp_path, mark):
    data = f'#TYPE X\n"ip","tls"\n"10.0.0.1","{mark}"\n'
    assert answers(tmp_path, data).output == (
        answers(tmp_path, f"ip,tls\n10.0.0.1,{mark.lower()}\n").output.replace(mark.lower(), mark)
    )


def test_a_line_break_in_a_cell_comes_back_as_it_was(tmp_path):
    for separator in ",;":
        data = f'"ip"{separator}"note"\r\n"10.0.0.1"{separator}"one\r\ntwo ""x"""\r\n'
        output = answers(tmp_path, data).output
        assert '10.0.0.1,"one\r\ntwo ""x""",' in output.replace('"10.0.0.1"', "10.0.0.1")
    bad = answers(tmp_path, '#TYPE X\n"ip";"note"\n"10.0.0.1";"a\nb"\n"nowhere";"c"\n')
    assert bad.code == 2
    assert "rows.csv:5: ip:" in bad.output


def test_utf_16_that_is_cut_is_one_error(tmp_path):
    found = answers(tmp_path, CLEAN.encode("utf-16")[:-1])
    assert found.code == 2
    assert "rows.csv:3: not UTF-16 text" in found.output


OBJECTS = [{"ip": "192.168.2.55", "auth": "none"}, {"ip": "10.0.0.1", "auth": "user"}]
LINES = "".join(json.dumps(one) + "\n" for one in OBJECTS)


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=4).replace("\n", "\r\n"),
        "\ufeff" + json.dumps(OBJECTS, indent=2),
        json.dumps(OBJECTS, indent=2).encode("utf-16"),
        "".join(json.dumps(one, indent=2) + "\n" for one in OBJECTS),
    ],
    ids=["compact", "indented", "mark", "utf-16", "objects"],
)
def test_a_json_array_gives_the_answers_of_its_lines(tmp_path, data):
    assert answers(tmp_path, data, "a.json").output == answers(tmp_path, LINES, "a.jsonl").output


def test_a_row_of_an_array_is_named_by_its_line(tmp_path):
    data = '[\n  {\n    "ip": "10.0.0.1"\n  },\n  {\n    "ip": "x"\n  }\n]\n'
    found = answers(tmp_path, data, "a.json")
    assert found.code == 2
    assert "a.json:5: ip: `x`" in found.output


@pytest.mark.parametrize(
    ("data", "line"),
    [("[", 1), ('[\n{"ip": "10.0.0.1"}\n', 3), ('[{"ip": 1}\nx]', 2), ("[]\n]", 2), ("[nope]", 1)],
)
def test_an_array_that_is_no_json_is_one_error_with_its_line(tmp_path, data, line):
    found = answers(tmp_path, data, "a.json")
    assert found.code == 2
    assert f"a.json:{line}: no JSON array of objects" in found.output
