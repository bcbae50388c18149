"""Every surface says something about every fact of a session.

A new field of ``SessionShape`` fails here until each place that names the fields has it.
"""

import pytest

from relaysim.batch.rows import _FIELDS, INPUT_COLUMNS
from relaysim.cli.asking.check import command
from relaysim.engine.compiled.question import Question
from relaysim.model.session import AuthKind, Session, SessionShape, shape_fields
from relaysim.net.address import Address
from relaysim.scenario.reading.decode_check import _QUESTION
from relaysim.scenario.reading.schema import CheckQuestion, CheckShape

CLIENT = Address(4, 1)
COLUMNS = {_FIELDS.get(name, name) for name in INPUT_COLUMNS}
HINT = "add the field of SessionShape there: one line, and what reads it"


def test_a_bulk_question_has_every_fact_in_the_same_order_with_the_same_defaults():
    assert Question._fields == ("ip", *shape_fields()), HINT
    assert Question(CLIENT).session() == Session(ip=CLIENT)


@pytest.mark.parametrize("name", shape_fields())
def test_every_surface_takes_the_fact(name):
    options = {parameter.name for parameter in command.params}
    assert name in COLUMNS, f"batch: {HINT} (relaysim/batch/rows.py)"
    assert name in options, f"check: {HINT} (relaysim/cli/asking/check.py)"
    assert name in {field for field, _ in _QUESTION.values()}, f"scenario: {HINT}"
    assert name in CheckShape._fields, f"scenario: {HINT} (relaysim/scenario/reading/schema.py)"
    assert name in CheckQuestion._fields, f"scenario: {HINT} (relaysim/scenario/reading/schema.py)"


def test_a_shape_and_its_session_say_the_same():
    shape = SessionShape(auth=AuthKind.NTLM, user="app", rcpt_to=("a@example.net",), size=1)
    session = shape.at(CLIENT)
    assert session.ip == CLIENT
    assert session.shape == shape
    assert session.facts() == shape.facts()
    assert Question.of(session).session() == session
