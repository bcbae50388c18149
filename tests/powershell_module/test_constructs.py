"""Constructs of published scripts in a real PowerShell: they print there what they print here."""

import pytest

from tests.powershell_module.session import in_powershell, real
from tests.shell.test_constructs import CONSTRUCTS, read

ALIKE = (
    "find-ip",
    "foreach-empty",
    "is-interface",
    "param-types",
    "prep-getcommand",
    "pscmdlet",
    "write-host-glued",
)
"""Those that need nobody's answer, no clock and no Windows."""


@real
@pytest.mark.parametrize("name", ALIKE)
def test_a_construct_prints_the_same_in_a_real_powershell(name, tmp_path):
    construct = read(CONSTRUCTS / f"{name}.ps1")
    call = " ".join(construct.all("argument"))
    script = tmp_path / f"{name}.ps1"
    script.write_text(construct.text, encoding="utf-8-sig")
    version = construct.one("exchange", "2016")
    printed, errors = in_powershell(
        f"Connect-RelaySim -Exchange {version}\n$FormatEnumerationLimit = 16\n& '{script}' {call}",
        tmp_path,
    )
    assert errors == ""
    shown = [" ".join(line.split()) for line in printed if line.strip()]
    assert shown == [" ".join(line.split()) for line in construct.all(">")]
