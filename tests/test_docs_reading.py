"""The checks of the pages fail when something is broken."""

import tomllib

import pytest

from tests.docs_reading import (
    RULE_ID,
    BadCitation,
    broken_links,
    citations_of_code,
    citations_of_page,
    citations_of_scenario,
    parse_citation,
    registry,
    uncited,
    unknown,
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (" SEED.", ["SEED"]),
        (" RC16, EV1020b (reply, second hand); SP.", ["RC16", "EV1020b", "SP"]),
        ("\n    RC16,\n    SEED (the four\n    rights). The rest is ours.", ["RC16", "SEED"]),
        (" PERM13\n\nNEWRC is not part of it", ["PERM13"]),
    ],
)
def test_a_citation_is_read(text, ids):
    assert parse_citation(text) == ids


@pytest.mark.parametrize(
    "text",
    ["", " .", " nothing.", " RC16 SEED.", " RC16,, SEED.", " RC16 (open, SEED.", " RC16, "],
)
def test_a_malformed_citation_is_an_error(text):
    with pytest.raises(BadCitation):
        parse_citation(text)


def test_citations_are_found_in_docstrings_and_comments_but_not_in_strings():
    code = (
        '"""Module.\n\nSource: AA1, BB2.\n"""\n'
        'X = 1\n"""About X. Source: CC3."""\n'
        "# Because. Source: DD4,\n# EE5.\n"
        '"""Text after ``Source:`` is read."""\n'
        'print("Source: nowhere")\n'
    )
    assert sorted(citations_of_code(code)) == ["AA1", "BB2", "CC3", "DD4", "EE5"]


def test_citations_are_found_in_scenarios():
    data = tomllib.loads(
        'source = "AA1"\n[[step]]\nsource = ["BB2, CC3", "DD4"]\nrun = "x"\n[[step]]\nrun = "y"\n'
    )
    assert citations_of_scenario(data) == ["AA1", "BB2", "CC3", "DD4"]


def test_citations_are_found_in_pages_but_not_in_code_or_links():
    page = "A [AA1, BB2]. `[CC3]` [DD4](x.md)\n```toml\n[EE5]\n```\n| x | [FF6] |\n"
    assert citations_of_page(page) == ["AA1", "BB2", "FF6"]


def test_an_unregistered_and_an_uncited_source_are_found():
    known = registry("| id | a | b | c | d | e |\n| --- |\n| AA1 | a | b | c | d | e |\n")
    assert known == ["AA1"]
    assert unknown([("x.py", "AA1"), ("x.py", "BB2")], known) == ["x.py: BB2"]
    assert uncited([("x.py", "BB2")], known) == ["AA1"]


def test_a_broken_link_is_found(tmp_path):
    (tmp_path / "other.md").write_text("# A heading: it's here\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](other.md) [b](gone.md) [c](other.md#a-heading-its-here) [d](other.md#gone) "
        "[e](https://example.net/gone) [f](#nowhere) `[g](code.md)`\n",
        "utf-8",
    )
    assert broken_links(page) == ["gone.md", "other.md#gone", "#nowhere"]


def test_a_sid_is_no_rule_id():
    assert RULE_ID.findall("S-1-5-7 and S-1, O-7a; X-O-7, P-4.") == ["S-1", "O-7a", "P-4"]
