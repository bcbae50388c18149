"""The first look at an answer: one screen, colours that point at holes, names that do nothing."""

import pytest

from relaysim import InvalidInput, Session, evaluate, load
from relaysim.config.source import Configuration
from relaysim.errors import Problem, printable, shortened
from relaysim.render.answers.check_view import decision_view
from relaysim.render.terminal import render_terminal
from relaysim.render.tones import answer_tone

SOURCES = ["builtin:option-1", "builtin:option-2", "builtin:both", "builtin:default-2016"]


def screen(source, session, *, brief):
    organization = load(source)
    configuration = Configuration(source, organization)
    view = decision_view(configuration, evaluate(organization, session), brief=brief)
    return view, render_terminal(view, color=False, width=80)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("auth", ["none", "user"])
def test_a_check_fits_one_screen_of_eighty_columns(source, auth):
    _, text = screen(source, Session(ip="192.168.2.55", auth=auth), brief=True)
    lines = text.splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
    assert "--all" in lines[-1]


@pytest.mark.parametrize("source", SOURCES)
def test_a_first_look_answers_the_same_questions_in_the_same_words(source):
    session = Session(ip="192.168.2.55")
    brief, _ = screen(source, session, brief=True)
    whole, text = screen(source, session, brief=False)
    assert brief.verdict == whole.verdict
    pairs = [[(row[0], row[1]) for row in view.grids[0].rows] for view in (brief, whole)]
    assert pairs[0] == pairs[1]
    # Stacked rows are headed too.
    assert any(line.startswith("QUESTION") for line in text.splitlines())


def test_what_opens_something_to_strangers_is_red_and_never_green():
    view, _ = screen("builtin:option-1", Session(ip="192.168.2.55"), brief=False)
    assert view.tone == "bad"
    cells = {row[0].text: row[1] for row in view.grids[0].rows}
    assert cells["Relay"].tone == cells["Bypass anti-spam"].tone == "bad"
    assert cells["Keep forest headers"].tone == "good"
    for name in ("relay", "submit", "resolve_p2"):
        for auth in (Session(ip="::1").auth, Session(ip="::1", auth="user").auth):
            assert answer_tone(name, answer=True, auth=auth) != "good"


def test_a_configuration_without_connectors_says_so(tmp_path):
    path = tmp_path / "empty.toml"
    path.write_text('format = 1\n[organization]\nserver = "EX01"\n', "utf-8")
    _, text = screen(str(path), Session(ip="192.0.2.1"), brief=False)
    assert "no receive connector at all" in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("##vso[task.complete result=Succeeded]", "\\x23#vso[task.complete result=Succeeded]"),
        ("a ##[error]b", "a \\x23#[error]b"),
        ("##teamcity[x]", "\\x23#teamcity[x]"),
        ("::error file=x::y", "\\x3a:error file=x::y"),
        ("  ::set-output name=a::b", "  \\x3a:set-output name=a::b"),
        ("::1", "::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("## heading", "## heading"),
    ],
)
def test_no_name_is_a_command_of_a_ci_system(name, shown):
    assert printable(name) == shown


def test_an_error_line_stays_short_whatever_the_name():
    long = "x" * 5000
    problem = Problem(f"unknown `{long}`", where=f"step `{long}`", hint=f"did you mean `{long}`?")
    assert all(len(line) < 900 for line in problem.lines())
    assert len(str(InvalidInput(problem))) < 900
    blanks = Problem("a b " * 2000)
    assert len(blanks.text()) <= 900
    assert shortened("a short line") == "a short line"
