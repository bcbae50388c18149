"""Every surface says something about every fact of a session.

A new field of ``SessionShape`` fails here until the catalogue and the few other places have it.
"""

import dataclasses
import re
from typing import Any

import pytest

from relaysim.backend.module_files import module_source
from relaysim.batch.rows import INPUT_COLUMNS
from relaysim.cli.asking.check import command
from relaysim.engine.compiled.question import Question
from relaysim.errors import InvalidInput
from relaysim.model.facts.catalogue import FACTS
from relaysim.model.session import AuthKind, Session, SessionShape, shape_fields
from relaysim.net.address import Address
from relaysim.render.answers.jsondoc import facts_document
from relaysim.scenario.reading.decode_check import QUESTION_KEYS
from relaysim.scenario.reading.schema import CheckQuestion
from relaysim.schema.documents import check_schema
from relaysim.schema.files import scenario_schema

CLIENT = Address(4, 1)
FIELDS = [field.name for field in dataclasses.fields(Session)]
by_name = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)


def test_the_catalogue_has_a_row_for_every_field_and_no_other():
    missing = sorted(set(FIELDS) - {fact.name for fact in FACTS})
    assert missing == [], "give each a row in relaysim/model/facts/catalogue.py"
    assert sorted(fact.name for fact in FACTS) == sorted(FIELDS)
    assert len({fact.word for fact in FACTS}) == len({f.document_key for f in FACTS}) == len(FACTS)


def test_a_bulk_question_has_every_fact_in_the_same_order_with_the_same_defaults():
    hint = "add the field to Question in relaysim/engine/compiled/question.py, before `mail_from`"
    assert Question._fields == ("ip", *shape_fields()), hint
    assert Question(CLIENT).session() == Session(ip=CLIENT)


@by_name
def test_every_surface_takes_the_fact(fact):
    assert fact.name in {parameter.name for parameter in command.params}
    assert fact.word in INPUT_COLUMNS
    assert fact.document_key in QUESTION_KEYS
    step = scenario_schema()["properties"]["step"]["items"]
    assert fact.document_key in step["properties"]["check"]["properties"]


@by_name
def test_the_powershell_question_declares_the_fact(fact):
    text = (module_source() / "Questions.ps1").read_text("utf-8")
    declared = text.partition("function Test-RelaySim")[2].partition("Invoke-RsQuestion")[0]
    found = re.findall(r"\$(\w+)", declared)
    hint = f"declare `${fact.parameter}` in Test-RelaySim (management_shell/module/Questions.ps1)"
    assert fact.parameter.casefold() in map(str.casefold, found), hint


@by_name
def test_what_is_nothing_of_the_kind_is_refused(fact):
    given: dict[str, Any] = {"ip": CLIENT, fact.name: object()}
    with pytest.raises(InvalidInput, match=fact.name):
        Session(**given)


def test_a_question_of_a_scenario_repeats_no_fact_that_its_sessions_share():
    own = set(CheckQuestion._fields) & set(shape_fields())
    assert own == {"auth", "tls", "port", "local_ip", "mail_from", "rcpt_to"}


def test_a_document_leaves_out_only_rare_facts_of_which_nothing_is_said():
    plain = facts_document(Session(ip=CLIENT))
    rare = {fact.document_key for fact in FACTS if fact.is_rare}
    assert plain.keys() == {fact.document_key for fact in FACTS} - rare
    said = facts_document(Session(ip=CLIENT, cert="mail.contoso.com", behind="10.0.0.1"))
    assert said.keys() - plain.keys() == {"cert", "behind"}
    session = check_schema()["anyOf"][0]["properties"]["session"]
    assert session["properties"].keys() == {fact.document_key for fact in FACTS}
    assert set(session["required"]) == plain.keys()


def test_a_shape_and_its_session_say_the_same():
    shape = SessionShape(auth=AuthKind.NTLM, user="app", rcpt_to=("a@example.net",), size=1)
    session = shape.at(CLIENT)
    assert session.ip == CLIENT
    assert session.shape == shape
    assert session.facts() == shape.facts()
    assert Question.of(session).session() == session
