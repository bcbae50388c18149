"""The engine says what the naive definition says, reasons included."""

import json

from hypothesis import given

from tests import strategies
from tests.cases import (
    differences,
    organization_of,
    plain_organization,
    plain_session,
    said_by_engine,
    session_of,
)
from tests.oracle.definition import decide


def report(organization, session, lines):
    case = json.dumps({"organization": organization, "session": session}, ensure_ascii=False)
    return "\n".join(["engine and oracle differ:", *lines, "case:", case])


def compare(case):
    organization, session = case
    actual = said_by_engine(organization_of(organization), session_of(session))
    lines = differences(decide(organization, session), actual)
    assert not lines, report(organization, session, lines)


@given(strategies.plain_cases())
def test_engine_and_oracle_say_the_same_about_every_session(case):
    compare(case)


@given(strategies.plain_selection_cases())
def test_engine_and_oracle_say_the_same_where_connectors_compete(case):
    compare(case)


@given(strategies.plain_message_cases() | strategies.plain_message_cases(proxied=True))
def test_engine_and_oracle_say_the_same_about_every_message(case):
    compare(case)


@given(strategies.plain_cases())
def test_spelling_changes_nothing(case):
    """Names, notations and groups written another way are the same organization."""
    organization, session = case
    model, asked = organization_of(organization), session_of(session)
    again = decide(plain_organization(model), plain_session(asked))
    assert not differences(
        decide(organization, session),
        again | {"principals": [name.casefold() for name in again["principals"]]},
    )
