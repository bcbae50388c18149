"""What is installed: the wheel holds exactly the package, and the command works from it."""

import re
import subprocess
import sys
import zipfile

import pytest

import relaysim
from tests.console import ROOT


def test_the_version_is_the_changelogs_or_unreleased():
    text = (ROOT / "docs/changelog.md").read_text()
    assert re.fullmatch(r"\d+\.\d+\.\d+", relaysim.__version__)
    assert "Unreleased" in text or f"[{relaysim.__version__}]" in text


def test_the_tests_that_hold_1_0_0_are_there_and_the_readme_is_narrow():
    page = (ROOT / "docs/before-1.0.0.md").read_text("utf-8")
    named = re.findall(r"`((?:tests/|\.ci/)[^`]+)`", page)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).is_file()] == []
    assert max(map(len, (ROOT / "README.md").read_text("utf-8").splitlines())) <= 120


def test_python_dash_m_is_the_command():
    result = subprocess.run(
        [sys.executable, "-m", "relaysim", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert result.stdout == f"relaysim {relaysim.__version__}\n"


def test_a_reader_that_stops_early_is_no_error():
    command = f"{sys.executable} -m relaysim explain | head -n 1"
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert result.stderr == ""
    assert result.returncode == 0


def test_the_wheel_holds_exactly_the_package(tmp_path):
    pytest.importorskip("hatchling", reason="hatchling is only there where wheels are built")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    (wheel,) = tmp_path.glob("*.whl")
    held = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    pages = {name for name in held if ".data/data/share/man/man1/" in name}
    names = set(held) - pages
    tracked = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "relaysim").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == tracked
    assert {name.rpartition("/")[2] for name in pages} == {
        page.name for page in (ROOT / "docs" / "man").iterdir()
    }
