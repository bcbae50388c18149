"""Every ``python`` block with a prompt in README and docs does what the page shows."""

import doctest

import pytest

from tests import console

PAGES = [page for page in console.pages() if ">>> " in page.read_text()]


def test_the_python_api_has_examples():
    assert any(page.name == "python-api.md" for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_hold(page):
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.attempted > 0
    assert result.failed == 0
