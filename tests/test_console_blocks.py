"""Every ``console`` block in README and docs shows what the program really prints.

RELAYSIM_UPDATE_GOLDEN=1 rewrites the pages; the run then fails, so that it is never taken for a
green one.
"""

import os

import pytest

from tests import console

STEPS = [step for page in console.pages() for step in console.steps(page)]
UPDATE = os.environ.get("RELAYSIM_UPDATE_GOLDEN") == "1"


def test_the_readme_begins_with_the_main_job_in_lines_that_fit():
    text = (console.ROOT / "README.md").read_text("utf-8")
    first = next(line for line in text.splitlines() if line.startswith("$ "))
    assert first.endswith("relaysim check --ip 192.168.2.55 --auth none")
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("step", STEPS, ids=[f"{step.page.name}:{step.line}" for step in STEPS])
def test_the_command_prints_what_the_page_shows(step):
    if UPDATE:
        pytest.skip("the pages are being rewritten")
    assert console.run(step.command).output == step.shown


@pytest.mark.skipif(not UPDATE, reason="only rewrites on request")
def test_pages_are_rewritten_on_request():
    for page in console.pages():
        page.write_text(console.rewrite(page))
    pytest.fail("pages were rewritten: read the difference, then run again")
