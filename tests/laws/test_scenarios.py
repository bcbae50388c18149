"""Scenarios: strict reading, writing back, exact answers, updates that move nothing else."""

import tomllib
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from relaysim import Session, evaluate
from relaysim.config.serverfile import decode_server, parse_server
from relaysim.config.tables import Problems
from relaysim.config.toml_text import format_key, format_value
from relaysim.config.writer import format_server, server_table
from relaysim.errors import InvalidInput, InvalidScenario
from relaysim.model.edit import change_server
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.scenario.answers import Facts, ScenarioAnswers, Verdicts
from relaysim.scenario.changes import apply_change
from relaysim.scenario.reading.decode import decode_scenario, parse_scenario
from relaysim.scenario.reading.schema import CheckShape, normal_addresses
from relaysim.scenario.results import State
from relaysim.scenario.rewriting.layout import apply_edits, places
from relaysim.scenario.rewriting.update import updated
from relaysim.scenario.rewriting.writer import format_scenario, scenario_table
from relaysim.scenario.run import Runner
from tests import strategies
from tests.cases import organization_of, session_of
from tests.searching import searches

words = st.sampled_from(
    [
        *("format", "title", "server", "step", "name", "check", "expect", "run", "set", "ip"),
        *("except", "auth", "from", "to", "relay", "connector", "rights", "has", "error", "size"),
        *("change", "add_ace", "user", "source", "skip", "known_gap", "organization", "bindings"),
    ]
)
texts = st.sampled_from(
    ["", "any", "10.0.0.1", "10.0.0.0/8", "none", "user", "Submit", "builtin:default", "V-1", "x"]
) | st.text(max_size=8)
scalars = texts | st.booleans() | st.integers(-2, 70000) | st.floats(allow_nan=False) | st.none()
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | texts, inner, max_size=4),
    max_leaves=20,
)


def no_server(text):
    raise InvalidInput(f"no server `{text}`")


def same_up_to_order(organization):
    """Return the organization with every access control list sorted: its order never matters."""
    from dataclasses import replace

    def sort(acl):
        return tuple(sorted(set(acl), key=lambda a: (a.principal.key, a.right.value, *a[2:])))

    return change_server(
        organization,
        connectors=tuple(replace(c, acl=sort(c.acl)) for c in organization.connectors),
    )


# Reading.


@given(anything)
@searches(51)
def test_any_data_is_a_scenario_or_raises_only_our_errors(data):
    problems = Problems(file="x.toml")
    scenario = decode_scenario(data, problems, no_server)
    if not problems.found:
        assert scenario.steps
        return
    try:
        problems.raise_if_any(InvalidScenario)
    except InvalidScenario as error:
        assert all(problem.message for problem in error.problems)  # noqa: PT017


@given(anything, anything, anything)
@searches(51)
def test_any_step_of_a_sound_file_is_read_or_raises_only_our_errors(check, expect, change):
    data = {
        "format": 1,
        "server": {"organization": {}, "connector": []},
        "step": [
            {"name": "a", "check": check, "expect": expect},
            {"name": "b", "set": change},
        ],
    }
    problems = Problems(file="x.toml")
    scenario = decode_scenario(data, problems, no_server)
    if problems.found:
        return
    for result in Runner().run(scenario).results:
        assert result.state in State


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_raise_only_our_errors(data):
    try:
        parse_scenario(data, file="x.toml", resolve=no_server)
    except InvalidScenario as error:
        assert error.problems  # noqa: PT017


# Writing back.


@given(strategies.plain_organizations())
def test_a_server_file_written_and_read_is_the_same_organization(plain):
    organization = organization_of(plain)
    written = parse_server(format_server(organization).encode(), file="x.toml")
    assert same_up_to_order(written) == same_up_to_order(organization)
    problems = Problems()
    decoded = decode_server({"format": 1, **server_table(organization)}, problems)
    assert not problems.found
    assert decoded == written


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.booleans(), max_size=4))
def test_values_written_as_toml_read_as_they_were(table):
    assume(not any("\ud800" <= char <= "\udfff" for text in table for char in text))
    text = "".join(f"{format_key(k)} = {format_value(v)}\n" for k, v in table.items())
    assert tomllib.loads(text) == table
    assert tomllib.loads(f"x = {format_value(table)}") == {"x": table}


@st.composite
def checks(draw, organization):
    """Draw a `check` table about an organization, decoded TOML."""
    session = draw(strategies.plain_sessions(organization))
    edges = strategies.range_edges(organization) or ["10.0.0.1"]
    ip = draw(
        st.sampled_from(["any", session["ip"], "10.0.0.0/8", "2001:db8::/32"])
        | st.lists(st.sampled_from(edges), min_size=1, max_size=3)
    )
    table = {"ip": ip, "auth": draw(st.sampled_from([session["auth"], ["none", "partner"]]))}
    if draw(st.booleans()) and ip == "any":
        table["except"] = [draw(st.sampled_from(edges))]
    accounts = {"user", "basic", "ntlm"}
    if session["user"] and session["auth"] in accounts and table["auth"] == session["auth"]:
        table["user"] = session["user"]
    if session["mail_from"] is not None:
        table["from"] = session["mail_from"]
    if session["rcpt_to"]:
        table["to"] = [session["rcpt_to"], session["rcpt_to"][0]]
    for key in ("tls", "port", "local_ip", "header_from", "size", "groups"):
        if session[key]:
            table[key] = session[key]
    return table


@st.composite
def scenarios(draw):
    """Draw the tables of a scenario that is valid but for its missing expectations."""
    plain = draw(strategies.plain_organizations())
    organization = organization_of(plain)
    steps = []
    for index in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(["nobody relays", 'it\'s a "step"', "café", "[x] = {y}"]))
        step: dict[str, Any] = {"name": f"{name} {index}"}
        if draw(st.booleans()):
            step["source"] = ["SEED"]
        if draw(st.integers(0, 3)):
            step["check"] = draw(checks(plain))
        else:
            step["set"] = draw(changes(organization))
        steps.append(step)
    return {"format": 1, "title": "drawn", "server": server_table(organization), "step": steps}


@st.composite
def changes(draw, organization):
    """Draw a `set` table that can be applied."""
    table: dict[str, Any] = {}
    names = [connector.name for connector in organization.connectors]
    if names and draw(st.booleans()):
        entry = {"connector": draw(st.sampled_from(names)), "user": "S-1-5-7"}
        entry |= {"rights": ["Accept-Any-Recipient"], "deny": draw(st.booleans())}
        table["add_ace"] = [entry]
    if names and draw(st.booleans()):
        table["change"] = [{"name": draw(st.sampled_from(names)), "enabled": draw(st.booleans())}]
    if draw(st.booleans()) or not table:
        table["accepted_domains"] = ["contoso.com", {"name": "x.example", "type": "InternalRelay"}]
    return table


def decoded(data, *, for_update=True):
    problems = Problems()
    scenario = decode_scenario(data, problems, no_server, for_update=for_update)
    assert not problems.found, problems.found
    return scenario


@given(scenarios())
def test_a_scenario_written_and_read_is_the_same(data):
    scenario = decoded(data)
    again = decoded(scenario_table(scenario))
    assert again == scenario
    text = format_scenario(scenario)
    read = parse_scenario(text.encode(), file="x.toml", resolve=no_server, for_update=True)
    assert read == scenario


# Answering.


@given(strategies.plain_cases())
def test_a_scenario_answers_what_the_engine_answers(case):
    plain, asked = case
    organization, session = organization_of(plain), session_of(asked)
    answers = ScenarioAnswers(organization, Verdicts())
    facts = answers.at(session.ip, shape_of(session))
    assert_same(facts, evaluate(organization, session))


@given(st.data())
def test_changes_of_a_server_share_only_what_stays_the_same(data):
    """Verdicts are shared between the states of a server; each state still answers for itself."""
    plain = data.draw(strategies.plain_organizations())
    organization = organization_of(plain)
    verdicts = Verdicts()
    for _ in range(3):
        asked = data.draw(strategies.plain_sessions(plain))
        session = session_of(asked)
        answers = ScenarioAnswers(organization, verdicts)
        assert_same(answers.at(session.ip, shape_of(session)), evaluate(organization, session))
        table = data.draw(changes(organization))
        scenario = decoded(
            {
                "format": 1,
                "server": server_table(organization),
                "step": [{"name": "x", "set": table}],
            }
        )
        organization = apply_change(organization, scenario.steps[0].action)


@given(strategies.plain_cases(), st.data())
def test_every_part_of_a_range_gets_what_each_of_its_addresses_gets(case, data):
    plain, asked = case
    organization, session = organization_of(plain), session_of(asked)
    edges = [e for e in strategies.range_edges(plain) if ":" not in e] or ["10.0.0.1"]
    from relaysim import parse_address

    low, high = sorted(parse_address(data.draw(st.sampled_from(edges))).value for _ in range(2))
    asked_for = AddressSet([Interval(4, low, high)])
    answers = ScenarioAnswers(organization, Verdicts())
    parts = answers.over(asked_for, shape_of(session))
    assert AddressSet(i for addresses, _ in parts for i in addresses) == asked_for
    assert sum(addresses.size for addresses, _ in parts) == asked_for.size
    for addresses, facts in parts:
        for interval in addresses:
            middle = data.draw(st.integers(interval.low, interval.high))
            for value in {interval.low, interval.high, middle}:
                point = shape_of(session).at(Address(4, value))
                assert_same(facts, evaluate(organization, point))


def shape_of(session: Session) -> CheckShape:
    return CheckShape(**session.facts())


def assert_same(facts: Facts, decision):
    assert facts.connector == decision.connector
    assert facts.verdict.answers == decision.answers
    assert facts.verdict.rights == decision.rights
    assert facts.verdict.refusal == decision.refusal
    assert facts.verdict.auth_as == decision.auth_as
    assert facts.verdict.undecided == decision.undecided
    assert facts.assumptions == decision.assumptions


# Updating.


@given(scenarios(), st.randoms(use_true_random=False))
def test_an_update_fills_in_what_is_missing_and_moves_nothing_else(data, random):
    text = laid_out(data, random)
    scenario = parse_scenario(text.encode(), file="x.toml", resolve=no_server, for_update=True)
    new, notes = updated(scenario, text, Runner())
    assert updated(reparsed(new), new, Runner())[0] == new
    before, after = tomllib.loads(text), tomllib.loads(new)
    done = {note.name for note in notes if note.done}
    for old, now in zip(before["step"], after["step"], strict=True):
        if now["name"] in done:
            assert now.pop("expect")
        assert now == old
    assert {k: v for k, v in after.items() if k != "step"} == {
        k: v for k, v in before.items() if k != "step"
    }
    kept = [line for line in new.splitlines() if not line.strip().startswith("expect")]
    assert kept == text.splitlines()
    results = Runner().run(reparsed(new, only=done)).results
    assert all(r.state is State.PASSED for r in results if r.step.name in done)


def laid_out(data, random):
    """Write a scenario with comments and blanks that an update must not touch."""
    lines = ["# a comment", "format = 1 # one", 'title="drawn"']
    lines += [f"server = {format_value(data['server'])}"]
    for step in data["step"]:
        lines += ["", "  [[ step ]]  # next"]
        for key, value in step.items():
            pad = " " * random.randrange(3)
            lines.append(f"{pad}{key}{pad} ={pad}{format_value(value)}{pad}# {key}")
    return "\n".join(lines) + random.choice(["", "\n", "\n# end"])


def test_drawn_scenarios_do_get_expectations():
    """The law above is not empty: most drawn checks can be filled in."""
    seen = {"done": 0, "left": 0}

    @given(scenarios())
    @searches(17)
    def count(data):
        text = format_scenario(decoded(data))
        for note in updated(reparsed(text), text, Runner())[1]:
            seen["done" if note.done else "left"] += 1

    count()
    assert seen["done"] > 10
    assert seen["done"] > seen["left"]


def reparsed(text, *, only=None):
    scenario = parse_scenario(text.encode(), file="x.toml", resolve=no_server, for_update=True)
    if only is None:
        return scenario
    from dataclasses import replace

    from relaysim.scenario.reading.schema import Check

    steps = tuple(s for s in scenario.steps if s.name in only or not isinstance(s.action, Check))
    return replace(scenario, steps=steps)


@given(scenarios(), st.randoms(use_true_random=False))
def test_every_place_holds_the_value_it_is_said_to_hold(data, random):
    text = laid_out(data, random)
    tables = tomllib.loads(text)
    for path, place in places(text).items():
        if place.is_header:
            continue
        value: Any = tables
        for key in path:
            value = value[key]
        assert tomllib.loads(f"x = {text[place.start : place.end]}") == {"x": value}


@given(st.text(max_size=30), st.data())
def test_edits_replace_their_spans_only(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert apply_edits(text, {(start, end): "new"}) == text[:start] + "new" + text[end:]
    assert apply_edits(text, {}) == text


@given(st.lists(strategies.address_ranges(), max_size=4), strategies.addresses())
def test_mapped_addresses_are_the_ipv4_addresses_they_are(ranges, address):
    from relaysim.net.address import unmap

    found = normal_addresses(tuple(ranges))
    inside = any(entry.contains(address) for entry in ranges)
    if inside:
        assert found.contains(unmap(address))
