"""Generated programs of the whole subset do here what they do in a real PowerShell.

``RELAYSIM_PROGRAMS=100000`` sets how many; without it 2,000 are asked.
"""

import os
import tracemalloc

import pytest

from relaysim.errors import RelaysimError
from relaysim.powershell.parser import parse_script
from relaysim.powershell.runner import run_script
from tests.powershell.asking import disagreements, needs_recorder
from tests.powershell.programs import RULES, program

PROGRAMS = int(os.environ.get("RELAYSIM_PROGRAMS", "2000"))
MOST = 2 / 1000
"""The share of programs that may differ."""


def test_a_seed_is_always_the_same_program():
    assert program(7) == program(7)
    assert len({program(seed) for seed in range(200)}) > 190


def test_the_rules_reach_every_part_of_the_subset():
    programs = "\n".join(program(seed) for seed in range(3000))
    for word in (
        "-replace", "-split", "-match", "-f ", "switch -Regex", "catch", "finally", "trap",
        "param(", "@sp", "$script:", "ForEach-Object", "Sort-Object", "Group-Object", "-shl",
        "Select-Object", "ConvertTo-Json", "Format-Table", "[regex]::", "2>&1", "throw",
        "process {", "while",
    ):  # fmt: skip
        assert word in programs, f"no program has {word}"
    assert len(RULES) > 40


def test_most_programs_are_part_of_the_subset():
    read = 0
    for seed in range(300):
        try:
            parse_script(program(seed))
            read += 1
        except RelaysimError:
            continue
    assert read >= 270


@needs_recorder
def test_programs_do_what_powershell_does():
    compared, wrong = disagreements(range(PROGRAMS), seconds=60 + PROGRAMS)
    assert compared > 0.95 * PROGRAMS
    told = "\n\n".join(f"{row['id']}:\n{row['script']}" for row in wrong[:10])
    assert len(wrong) <= MOST * compared, f"{len(wrong)} of {compared} differ:\n{told}"


@pytest.mark.parametrize(
    "script",
    [
        "(,('x' * 8mb) * 100000) -join ''",
        "$a = ,('x' * 8mb) * 100000; \"$a\"",
        "[string]::Join(',', (,('x' * 8mb) * 100000))",
        "('a' * 1mb) -replace 'a', ('b' * 8mb)",
        "'{0}{0}{0}{0}' -f ('x' * 8mb)",
        "[pscustomobject]@{A = 'x' * 8mb; B = 'x' * 8mb} | ForEach-Object { \"$_\" }",
    ],
)
def test_no_text_is_made_that_no_value_may_hold(script):
    tracemalloc.start()
    try:
        (error,) = run_script(script, state=None, cmdlets=()).errors
        assert error.id == "LimitReached"
        assert tracemalloc.get_traced_memory()[1] < 300 * 1024 * 1024
    finally:
        tracemalloc.stop()
