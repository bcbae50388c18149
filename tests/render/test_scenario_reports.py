"""Reports of scenarios, compared whole, and sound in their own format."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relaysim import load
from relaysim.render.scenario_report.junit import JunitReport
from relaysim.render.scenario_report.scenario_machine import GithubReport, JsonReport, TapReport
from relaysim.render.scenario_report.scenario_text import TextReport, plain_lines
from relaysim.render.terminal_lines import render_lines
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.results import Totals
from relaysim.scenario.run import Runner
from tests import golden
from tests.console import relaysim

DATA = Path(__file__).parent.parent / "data" / "scenarios"


@pytest.mark.parametrize("name", ["text", "json", "github", "tap"])
def test_every_state_is_reported_as_in_the_golden_text(name):
    result = relaysim(["test", "every-state.toml", "-o", name], cwd=DATA)
    assert result.code == 1
    golden.compare(f"scenarios/every-state.{name}.txt", result.output)


def test_verbose_text_names_everything():
    result = relaysim(["test", "every-state.toml", "-v"], cwd=DATA)
    golden.compare("scenarios/every-state.verbose.txt", result.output)


@pytest.mark.parametrize("width", [60, 100])
def test_prose_folds_on_a_terminal_and_commands_never_do(width):
    runner, report, totals = Runner(), TextReport(width=width), Totals()
    text = (DATA / "every-state.toml").read_bytes()
    result = runner.run(parse_scenario(text, file="every-state.toml", resolve=load))
    totals.add(result)
    lines = [*report.file(result), *report.end(totals)]
    plain = plain_lines(lines)
    golden.compare(f"scenarios/terminal-{width}.txt", plain)
    assert '      rerun      relaysim test every-state.toml --step "a range breaks it"\n' in plain
    # Colour only repeats what the words say.
    colored = render_lines(lines, color=True)
    assert "\x1b[31m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert render_lines(lines, color=False) == plain


def test_json_is_one_document_with_totals():
    result = relaysim(["test", "every-state.toml", "-o", "json"], cwd=DATA)
    document = json.loads(result.output)
    assert document["format"] == "relaysim.test/1"
    steps = document["files"][0]["steps"]
    assert [step["state"] for step in steps] == [
        *("passed", "failed", "failed", "error", "known_gap", "failed", "passed"),
        *("skipped", "error", "skipped"),
    ]
    assert [step["line"] for step in steps][:3] == [5, 11, 17]
    breach = steps[1]["breaches"][0]
    assert breach["addresses"] == ["192.168.2.56"]
    assert breach["differences"][0] == {
        "key": "relay",
        "expected": "false",
        "actual": "true",
        "missing": [],
        "extra": [],
    }
    assert document["totals"]["failed"] == 3
    assert document["totals"]["steps"] == 10


# JUnit. The schema of the xUnit plugin of Jenkins (junit-10.xsd) and Maven's surefire report
# agree on what is checked here: elements, where they stand, attributes and their types.

_ATTRIBUTES: dict[str, tuple[dict[str, type], dict[str, type]]] = {
    "testsuites": ({"name": str}, {"time": float, "tests": int, "failures": int, "errors": int}),
    "testsuite": (
        {"name": str, "tests": int, "failures": int, "errors": int},
        {"skipped": int, "time": float, "timestamp": str, "hostname": str},
    ),
    "testcase": ({"name": str, "classname": str}, {"time": float, "file": str, "line": int}),
    "failure": ({}, {"message": str, "type": str}),
    "error": ({}, {"message": str, "type": str}),
    "skipped": ({}, {"message": str}),
    "system-out": ({}, {}),
}
_CHILDREN: dict[str, set[str]] = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}


def assert_valid_junit(text):
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert root.tag == "testsuites"
    check_element(root)
    for suite in root:
        cases = list(suite)
        assert int(suite.attrib["tests"]) == len(cases)
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[count]) == sum(case.find(tag) is not None for case in cases)
    return root


def check_element(element):
    required, optional = _ATTRIBUTES[element.tag]
    assert required.keys() <= element.attrib.keys()
    for name, value in element.attrib.items():
        kind = {**required, **optional}[name]
        kind(value)
    for child in element:
        assert child.tag in _CHILDREN.get(element.tag, set()), (element.tag, child.tag)
        check_element(child)
    if element.tag == "testcase":
        outcomes = [child.tag for child in element if child.tag != "system-out"]
        assert len(outcomes) <= 1


def test_junit_validates_and_names_what_passed():
    result = relaysim(["test", "every-state.toml", "-o", "junit"], cwd=DATA)
    root = assert_valid_junit(result.output)
    names = [case.get("name") for case in root.iter("testcase")]
    assert names[0] == "this passes"
    assert len(names) == 10
    failure = root.find(".//failure")
    assert failure.text.startswith("FAIL  every-state.toml:11: a range breaks it")
    assert failure.get("message") == "relay: expected false, actual true"
    golden.compare(
        "scenarios/every-state.junit.xml", re.sub(r'time="[0-9.]+"', 'time="0"', result.output)
    )


def test_junit_holds_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "bad.toml").write_text('format = 1\ntitle = "<&\\u0001"\n', "utf-8")
    result = relaysim(["test", "bad.toml", "-o", "junit:out.xml"], cwd=tmp_path)
    assert result.code == 2
    root = assert_valid_junit((tmp_path / "out.xml").read_text("utf-8"))
    assert "`server` is missing" in root.find(".//error").text


nasty = st.text(
    st.sampled_from("a<&>\"']]>\x00\x01\x1b\x7f\x85\u2028\ud800\ufffe\U0001f600%:,\n\r#\\"),
    max_size=12,
)


def report_of(report, title, name, file):
    text = 'format = 1\nserver = "builtin:option-2"\n[[step]]\nname = "x"\n'
    text += 'check = { ip = "any" }\nexpect = { relay = false }\n'
    scenario = parse_scenario(text.encode(), file="f", resolve=load)
    from dataclasses import replace

    step = scenario.steps[0]._replace(name=name)
    scenario = replace(scenario, title=title, steps=(step,), file=file, text="")
    result, totals = Runner().run(scenario), Totals()
    totals.add(result)
    return report.begin() + report.file(result) + report.end(totals)


@given(nasty, nasty, nasty)
def test_no_character_breaks_the_xml(title, name, file):
    root = assert_valid_junit(report_of(JunitReport(), title, name, file).encode("utf-8"))
    assert len(list(root.iter("testcase"))) == 1


@given(nasty, nasty, nasty)
def test_no_character_breaks_the_json(title, name, file):
    document = json.loads(report_of(JsonReport(), title, name, file))
    assert document["files"][0]["steps"][0]["name"] == name


@given(nasty, nasty, nasty)
def test_no_character_breaks_an_annotation(title, name, file):
    lines = report_of(GithubReport(), title, name, file).split("\n")
    assert len(lines) == 3
    assert all(line.startswith("::") for line in lines[:2])
    assert lines[0].encode("utf-8")
    properties = lines[0][2:].split("::")[0]
    assert properties.count(",") == 1


@given(nasty, nasty, nasty)
def test_no_character_breaks_a_tap_stream(title, name, file):
    lines = report_of(TapReport(), title, name, file).splitlines()
    assert lines[0] == "TAP version 14"
    assert lines[1].startswith("not ok 1 - ")
    assert "1..1" in lines
    allowed = ("TAP", "not ok 1 ", "#", "1..1")
    assert all(line.startswith(allowed) for line in lines)


@given(nasty, nasty, nasty)
def test_no_character_acts_on_a_terminal(title, name, file):
    class Text:
        report = TextReport(verbose=True)

        def begin(self):
            return ""

        def file(self, result):
            return plain_lines(self.report.file(result))

        def end(self, totals):
            return plain_lines(self.report.end(totals))

    text = report_of(Text(), title, name, file)
    assert all(char.isprintable() for char in text.replace("\n", ""))
