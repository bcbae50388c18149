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
import dataclasses, json, sys
from relaysim import evaluate
from tests.cases import organization_of, session_of
for organization, session in json.load(sys.stdin):
    decision = evaluate(organization_of(organization), session_of(session))
    # A connector holds sets, whose text has no order; its name says which it is.
    name = decision.connector and decision.connector.name
    without = decision.selection._replace(connector=None)
    print(ascii((name, dataclasses.replace(decision, selection=without))))
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


def test_hash_seed_changes_nothing():
    cases = cases_without_randomness()
    first = answers(cases, "1")
    assert first.count("\n") == len(cases)
    assert answers(cases, "2") == first


@given(strategies.plain_cases())
def test_asking_twice_gives_equal_decisions(case):
    organization, session = case
    once = evaluate(organization_of(organization), session_of(session))
    again = evaluate(organization_of(organization), session_of(session))
    assert once == again
