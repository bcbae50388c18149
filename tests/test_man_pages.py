"""The manual pages that ship say what ``--help`` says. RELAYSIM_UPDATE_GOLDEN=1 writes them."""

import os
import re
import shutil
import subprocess

import pytest

from tests.console import ROOT
from tests.man_pages import pages

FOLDER = ROOT / "docs" / "man"


def test_each_command_has_its_page_in_todays_words():
    made = pages()
    if os.environ.get("RELAYSIM_UPDATE_GOLDEN") == "1":
        for name, text in made.items():
            (FOLDER / name).write_text(text, encoding="ascii")
        pytest.fail("pages were rewritten: read the difference, then run again")
    assert {path.name for path in FOLDER.iterdir()} == made.keys()
    for name, text in made.items():
        assert (FOLDER / name).read_text("ascii") == text, name


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_a_page_is_read_without_a_complaint():
    page = FOLDER / "relaysim-check.1"
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww", str(page)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "--ip ADDRESS" in re.sub(".\b", "", done.stdout)
