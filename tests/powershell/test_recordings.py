"""What the recordings of a real PowerShell show is what the language here does."""

import pytest

from tests.powershell.comparing import recorded, table

FLOORS = {"language": 0.9, "fuzz": 0.84, "cmdlets": 0.8, "commands": 1.0, "fresh": 1.0}
"""The least share of recorded scripts that must agree."""


@pytest.mark.parametrize("name", FLOORS)
def test_recorded_scripts_do_what_powershell_does(name):
    found = table(recorded(name))["all"]
    share = found["agrees"] / sum(found.values())
    assert share >= FLOORS[name], f"{name}: {share:.3f} agree: {dict(found)}"
