"""Pages of ``explain``: complete, in the words of the documentation, with examples that run."""

import json
import os
import re
import shlex

import pytest

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.conditions import CONDITIONS
from relaysim.model.decision import Answers
from relaysim.model.groups import PermissionGroup
from relaysim.model.rights import Right
from relaysim.render.pages.examples import ANSWER_RULES, example_of
from relaysim.render.pages.page_view import find_answer
from relaysim.render.pages.rules import RULES_FILE, stated_rules
from relaysim.smtp.known_replies import KNOWN
from tests.console import ROOT, relaysim
from tests.docs_reading import RULE_ID, table_rows

PAGE = (ROOT / "docs" / "explanation" / "rules.md").read_text("utf-8")


def plain(text):
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)


def lines_of_the_page():
    whole = PAGE.split("### O-7: which senders\n")[1]
    senders = " ".join(
        line.removeprefix("- ").replace("*", "")
        for line in whole.split("\n\n| who")[0].splitlines()
        if line.strip()
    )
    for row in table_rows(PAGE):
        if RULE_ID.fullmatch(row[0]):
            id_, *subject, text, grade, sources = row
            words = senders if text == "see below" else text
            yield "\t".join((id_, *(subject or [""]), plain(words), grade, sources.strip("[]-")))


def test_the_rules_that_explain_shows_are_those_of_the_page():
    text = "\n".join(lines_of_the_page()) + "\n"
    if os.environ.get("RELAYSIM_UPDATE_GOLDEN") == "1":
        RULES_FILE.write_text(text, encoding="utf-8", newline="\n")
    assert RULES_FILE.read_text("utf-8") == text


def explained(*arguments):
    result = relaysim(["explain", *arguments])
    assert result.code == 0, (arguments, result.output)
    return result.output


@pytest.mark.parametrize("id_", stated_rules())
def test_every_rule_has_a_page(id_):
    shown = explained(id_.casefold(), "-o", "json")
    document = json.loads(shown)
    assert document["rule"] == id_
    assert document["example"].startswith("relaysim ")
    assert explained(id_).startswith(id_)


def test_every_rule_that_a_reply_names_has_a_page():
    assert {known.rule for known in KNOWN} <= stated_rules().keys()


@pytest.mark.parametrize("command", sorted({example_of(id_) for id_ in stated_rules()}))
def test_every_example_runs(command):
    words = shlex.split(command)
    assert words[0] == "relaysim"
    assert relaysim(words[1:]).code == 0


@pytest.mark.parametrize("name", Answers._fields)
def test_every_answer_has_a_page_in_any_spelling(name):
    assert ANSWER_RULES[name] in stated_rules()
    camel = "".join(part.capitalize() for part in name.split("_"))
    for text in (name, name.replace("_", "-"), camel):
        assert find_answer(text) == name
    assert f"rule     {ANSWER_RULES[name]}: " in re.sub(" +", " ", explained(camel)).replace(
        "rule ", "rule     "
    )


def test_every_finding_has_a_condition_and_a_page():
    assert CONDITIONS.keys() == RULES.keys()
    for id_ in RULES:
        shown = explained("--finding", id_)
        assert shown.startswith(f"{id_}: ")
        assert CONDITIONS[id_].when[:20] in shown


def test_a_finding_that_is_none_is_one_error_with_the_closest():
    result = relaysim(["explain", "--finding", "open-rely"])
    assert result.code == 2
    assert "did you mean `open-relay`" in result.output


@pytest.mark.parametrize("right", Right)
def test_every_right_has_a_page_with_an_example(right):
    assert "example" in explained("--right", right.value)


@pytest.mark.parametrize("group", PermissionGroup)
def test_every_group_has_a_page_with_an_example(group):
    assert "example" in explained("--group", group.value)


def test_a_connector_of_that_name_comes_before_a_rule(tmp_path):
    path = tmp_path / "odd.toml"
    path.write_text(
        "format = 1\n[[connector]]\nname = 'S-3'\nbindings = ['0.0.0.0:25']\n"
        "remote_ip_ranges = ['10.0.0.5']\n"
    )
    assert "bindings" in explained("S-3", "-c", str(path))
    assert "bindings" not in explained("S-3")
