"""The engine, the union over endpoints and the shell say of several servers what the oracle says.

RELAYSIM_DEEP=1 looks at RELAYSIM_DEEP_CASES organizations (100,000), those of the numbers from
RELAYSIM_DEEP_FROM on.
"""

import json
import os
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relaysim.analysis.endpoints import EVERYBODY
from relaysim.builtin.fresh import fresh_servers
from relaysim.management_shell import run
from relaysim.model.version import ExchangeVersion
from tests import strategies
from tests.cases import session_of
from tests.laws.test_endpoints import reached, spoken
from tests.oracle.servers import conflict, may_on_some_server
from tests.searching import DEEP, searches
from tests.server_cases import disagreements, servers_of
from tests.strategies.sampling import sample
from tests.strategies.servers import plain_server_cases

CASES = int(os.environ.get("RELAYSIM_DEEP_CASES", "100000")) if DEEP else 100
FIRST = int(os.environ.get("RELAYSIM_DEEP_FROM", "0"))


def test_engine_and_oracle_say_the_same_about_very_many_organizations():
    made = plain_server_cases()
    for number in range(FIRST, FIRST + CASES):
        organization, session = sample(made, number)
        lines = disagreements(organization, session, session_of(session))
        assert not lines, "\n".join([f"case {number}", *lines, json.dumps((organization, session))])


@settings(max_examples=30)
@given(plain_server_cases())
def test_engine_and_oracle_say_the_same_about_several_servers(case):
    organization, session = case
    lines = disagreements(organization, session, session_of(session))
    assert not lines, "\n".join([*lines, json.dumps(case, ensure_ascii=False)])


@searches(10)
@given(plain_server_cases(), st.data())
def test_the_union_over_servers_is_yes_where_the_oracle_says_yes_on_some_server(case, data):
    plain, asked = case
    organization = servers_of(plain)
    session = replace(session_of(asked), groups=())
    may = reached(organization, session, "relay")
    ends = [address for interval in may for address in (interval.first, interval.last)]
    probes = data.draw(st.lists(st.sampled_from(ends), max_size=3)) if ends else []
    probes += [data.draw(strategies.addresses()) for _ in range(2)]
    for ip in probes:
        if EVERYBODY.contains(ip):
            expected = may_on_some_server(plain, asked | {"groups": []}, spoken(ip), "relay")
            assert may.contains(ip) == expected, str(ip)


SOCKETS = ["0.0.0.0:26", "10.0.0.1:26", "0.0.0.0:27", "[::]:26"]
RANGES = ["10.0.0.0/24", "10.0.0.5", "10.0.0.0-10.0.0.8", "10.0.0.4-10.0.1.9", "2001:db8::/64"]
new_connectors = st.fixed_dictionaries(
    {
        "server": st.sampled_from(["EX01", "EX02"]),
        "bindings": st.lists(st.sampled_from(SOCKETS), min_size=1, max_size=2, unique=True),
        "remote_ip_ranges": st.lists(st.sampled_from(RANGES), min_size=1, max_size=2, unique=True),
    }
)
TWO = fresh_servers(server=("EX01", "EX02"), exchange=ExchangeVersion.V2010)


def refused(wanted):
    """Make connectors in turn; return which of them the shell refuses for V-4."""
    lines = [
        f"New-ReceiveConnector -Server {one['server']} -Name C{number} -Usage Custom "
        f"-Bindings {','.join(one['bindings'])} -PermissionGroups AnonymousUsers "
        f"-RemoteIPRanges {','.join(one['remote_ip_ranges'])} | Out-Null"
        for number, one in enumerate(wanted)
    ]
    result = run("\n".join(lines), TWO)
    assert {error.id for error in result.errors} <= {"V-4"}
    return {error.position.line - 1 for error in result.errors if error.position is not None}


def conflicting(wanted):
    """Return which of the connectors, made in turn, the oracle finds in another's way."""
    made: dict[str, list[dict[str, Any]]] = {"EX01": [], "EX02": []}
    found = set()
    for number, one in enumerate(wanted):
        others = made[one["server"]]
        if conflict(others, one):
            found.add(number)
        else:
            others.append(one)
    return found


@searches(30)
@given(st.lists(new_connectors, max_size=5))
def test_the_shell_refuses_ranges_of_one_binding_on_one_server_as_the_oracle_does(wanted):
    assert refused(wanted) == conflicting(wanted)
