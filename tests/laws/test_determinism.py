"""The same question gets the same answer in every process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from relaysim import evaluate
from tests import strategies
from tests.cases import organization_of, session_of

ROOT = Path(__file__).parent.parent.parent
ASK = """
import json, sys
from relaysim import evaluate
from tests.cases import organization_of, session_of
for organization, session in json.load(sys.stdin):
    print(repr(evaluate(organization_of(organization), session_of(session))).encode())
"""


def cases_without_randomness():
    found = []

    @settings(
        max_examples=30,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.plain_selection_cases() | strategies.plain_message_cases())
    def draw(case):
        found.append(case)

    draw()
    return found


def answers(cases, seed):
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        input=json.dumps(cases),
        env=os.environ | {"PYTHONHASHSEED": seed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def normal(text):
    """Return the text with the members of every set sorted: printing a set has no order."""
    return sorted(text.replace("frozenset({", " ").replace("})", " ").replace(",", " ").split())


def test_hash_seed_changes_nothing():
    cases = cases_without_randomness()
    first = answers(cases, "1")
    assert first.count("\n") == len(cases)
    assert normal(answers(cases, "2")) == normal(first)


@given(strategies.plain_cases())
def test_asking_twice_gives_equal_decisions(case):
    organization, session = case
    once = evaluate(organization_of(organization), session_of(session))
    again = evaluate(organization_of(organization), session_of(session))
    assert once == again
