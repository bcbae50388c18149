"""Golden output: whole texts under tests/golden/, rewritten with RELAYSIM_UPDATE_GOLDEN=1.

A run that rewrites fails, so that it is never taken for a green one.
"""

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent / "golden"


def compare(name: str, actual: str) -> None:
    path = FOLDER / name
    if os.environ.get("RELAYSIM_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(actual, encoding="utf-8", newline="\n")
        pytest.fail(f"{path.name} was rewritten: read the difference, then run again")
    assert path.exists(), f"{path} is missing: run with RELAYSIM_UPDATE_GOLDEN=1"
    assert actual == path.read_text(encoding="utf-8")
