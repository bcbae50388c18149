"""The comparisons about several servers have teeth: planted mistakes are found."""

from dataclasses import replace
from typing import Any

import pytest

from relaysim.analysis import endpoints
from relaysim.engine import decide, evaluate, senders, standing
from relaysim.errors import RelaysimError
from relaysim.management_shell.cmdlets import storing, validation
from relaysim.management_shell.roster import Roster
from relaysim.model.edit import with_connectors
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.address import parse_address
from tests.cases import session_of
from tests.laws.test_endpoints import reached, spoken
from tests.laws.test_several_servers_agree import conflicting, refused
from tests.oracle.servers import may_on_some_server
from tests.oracle.test_union_teeth import SESSION, connector
from tests.server_cases import disagreements, servers_of
from tests.strategies.sampling import sample
from tests.strategies.servers import plain_server_cases

MADE = connector("Relay", ["0.0.0.0:25"], ["10.1.0.0/16"], tls=False)
BARE = MADE | {"acl": []}


def servers(*made, inherited=()):
    """Return an organization of servers, each given as (name, what differs, connector)."""
    usual = {"exchange": "2010", "role": "hub", "addresses": []}
    return {
        "domain": "CONTOSO",
        "accepted_domains": [],
        "inherited_aces": list(inherited),
        "accounts": [],
        "servers": [
            usual | {"name": name, "connectors": [one]} | different for name, different, one in made
        ],
    }


DOOR = MADE | {"name": "Relay", "transport_role": "FrontendTransport"}


def fronts(*made):
    """Return servers of a front end each; given as (name, what differs, connectors behind)."""
    found = servers(*((name, {"exchange": "2016"} | differs, DOOR) for name, differs, _ in made))
    for server, (name, _, kinds) in zip(found["servers"], made, strict=True):
        server["connectors"] = [DOOR] + [
            MADE | {"name": f"{kind} {name}", "bindings": [f"0.0.0.0:{2525 + number}"]}
            for number, kind in enumerate(kinds)
        ]
        if server["role"] == "edge" or server["exchange"] == "2010":
            server["connectors"] = server["connectors"][1:]
    return found


INSIDE = {"ip": "10.1.0.5", "mail_from": "a@example.org", "local_ip": "10.0.0.1"}
HERE: dict[str, Any] = {"addresses": ["10.0.0.1"]}
PROXY = ("Client Proxy",)
BOTH = ("Default", *PROXY)
PLAIN: list[tuple[Any, Any]] = [
    # Another server's back end takes the mail of a front end without one.
    (fronts(("EX01", HERE, PROXY), ("EX02", {}, BOTH)), SESSION | INSIDE),
    # Nobody does: there was no back end in 2010, and an Edge has none.
    (fronts(("EX01", HERE, PROXY), ("EX02", {"exchange": "2010"}, BOTH)), SESSION | INSIDE),
    (fronts(("EX01", HERE, PROXY), ("EX02", {"role": "edge"}, BOTH)), SESSION | INSIDE),
    # Both take it, and one of them only on an assumption.
    (fronts(("EX01", {}, BOTH), ("EX02", {}, PROXY)), SESSION | INSIDE | {"local_ip": None}),
    # Of one server nothing behind the front end is described.
    (fronts(("EX01", HERE, ())), SESSION | INSIDE),
    # The directory lets everybody relay, and an Edge is no part of it.
    (
        servers(
            ("EX01", {}, MADE),
            ("EDGE1", {"role": "edge"}, BARE),
            inherited=[MADE["acl"][0] | {"inherited": True}],
        ),
        SESSION,
    ),
    # Two versions refuse the same recipient in different words.
    (
        servers(("EX01", {}, BARE), ("EX02", {"exchange": "2016"}, BARE)),
        SESSION | {"rcpt_to": ["someone@example.net"]},
    ),
    # Only one of the servers has the address that the client connects to.
    (
        servers(("EX01", {"addresses": ["10.0.0.1"]}, MADE), ("EX02", {}, BARE)),
        SESSION | {"local_ip": "10.0.0.1"},
    ),
]
"""Cases that chance seldom makes."""


@pytest.fixture(scope="module")
def cases():
    """Return organizations and sessions, the same ones every time."""
    made = plain_server_cases()
    return [*PLAIN, *(sample(made, number) for number in range(120))]


def caught(cases):
    """Tell whether some case is answered differently, or not at all."""
    for organization, session in cases:
        try:
            if disagreements(organization, session, session_of(session)):
                return True
        except RelaysimError:
            return True
    return False


def the_first_server_answers(patch):
    patch.setattr(decide, "asked_servers", lambda organization, _: organization.one_by_one()[:1])


def servers_never_differ(patch):
    patch.setattr(decide, "ambiguity", lambda _asked, _decisions: None)


def servers_always_differ(patch):
    original = decide.essence
    patch.setattr(decide, "essence", lambda decision: (original(decision), id(decision)))


def only_relay_must_agree(patch):
    patch.setattr(decide, "essence", lambda decision: decision.answers.relay.answer)


def replies_may_differ(patch):
    patch.setattr(
        decide,
        "essence",
        lambda decision: tuple((each.answer, each.denied) for each in decision.answers),
    )


def a_local_address_picks_no_server(patch):
    patch.setattr(decide, "asked_servers", lambda organization, _: organization.one_by_one())


def an_edge_inherits_beside_hubs(patch):
    patch.setattr(Organization, "_with_only", lambda self, server: replace(self, servers=(server,)))


def own_back_end_only(patch):
    def back_end(organization):
        return standing.back_end(replace(organization, beside=()))

    for module in (senders, evaluate):
        patch.setattr(module, "back_end", back_end)


def any_server_has_a_back_end(patch):
    def back_end(organization):
        changes = {"exchange": ExchangeVersion.V2016, "role": ServerRole.HUB}
        beside = tuple(replace(server, **changes) for server in organization.beside)
        return standing.back_end(replace(organization, beside=beside))

    for module in (senders, evaluate):
        patch.setattr(module, "back_end", back_end)


def one_site_is_not_said(patch):
    patch.setattr(senders, "_taken_elsewhere", lambda _standing, _taken_by: ())


def only_the_first_server_assumes(patch):
    original = decide._naming
    patch.setattr(
        decide,
        "_naming",
        lambda asked, found: replace(original(asked, found), verdict=found[0].verdict),
    )


MISTAKES = {
    "a front end has only its own back end": own_back_end_only,
    "a back end stands on servers of every kind": any_server_has_a_back_end,
    "that servers stand in one site is not said": one_site_is_not_said,
    "a list that stops at the front end is the whole server": lambda patch: patch.setattr(
        senders, "describes_back_end", lambda _: True
    ),
    "only the first server's assumptions are said": only_the_first_server_assumes,
    "the first server answers for all": the_first_server_answers,
    "servers never differ": servers_never_differ,
    "servers always differ": servers_always_differ,
    "only relay has to agree": only_relay_must_agree,
    "the refusals of servers may differ": replies_may_differ,
    "a local address picks no server": a_local_address_picks_no_server,
    "an Edge inherits from the directory beside it": an_edge_inherits_beside_hubs,
}


def test_without_a_mistake_no_case_of_several_servers_is_caught(cases):
    assert not caught(cases)
    assert sum(len(organization["servers"]) > 1 for organization, _ in cases) > 15


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_comparison_of_servers_catches(mistake, cases, monkeypatch):
    MISTAKES[mistake](monkeypatch)
    assert caught(cases), f"no case tells that {mistake}"


def of(server, bindings, ranges):
    return {"server": server, "bindings": bindings, "remote_ip_ranges": ranges}


CONFLICTS = [
    of("EX01", ["0.0.0.0:26"], ["10.0.0.0/24"]),
    of("EX02", ["0.0.0.0:26"], ["10.0.0.0/24"]),
    of("EX01", ["10.0.0.1:26"], ["10.0.0.0/24"]),
    of("EX01", ["0.0.0.0:27"], ["10.0.0.0/24"]),
    of("EX01", ["0.0.0.0:26"], ["10.0.0.5"]),
    of("EX02", ["0.0.0.0:26"], ["10.0.0.4-10.0.1.9"]),
    of("EX01", ["0.0.0.0:26"], ["10.0.0.5"]),
]


def conflicts_of_every_server(patch):
    original = validation.check_among
    seen: list[Any] = []

    def check(made, organization, *, replaces=None):
        original(made, organization, replaces=replaces)
        before = with_connectors(organization, seen)
        original(made, before, replaces=made.name)
        seen.append(made)

    patch.setattr(storing, "check_among", check)


def no_conflicts(patch):
    patch.setattr(validation, "_colliding_ranges", lambda *_: None)


def any_address_conflicts(patch):
    def conflict(one, other):
        for mine in one.bindings:
            for theirs in other.bindings:
                if validation._meet(mine, theirs):
                    family = mine.address.family
                    found = validation._colliding_ranges(one, other, family)
                    if found is not None:
                        return "V-4", found
        return None

    patch.setattr(validation, "_conflict", conflict)


def ports_do_not_matter(patch):
    def conflict(one, other):
        families = {socket.address.family for socket in one.bindings}
        found = [validation._colliding_ranges(one, other, family) for family in families]
        return next((("V-4", text) for text in found if text is not None), None)

    patch.setattr(validation, "_conflict", conflict)
    patch.setattr(Roster, "may_conflict", lambda *_args, **_kwargs: True)


REFUSALS = {
    "ranges of another server conflict": conflicts_of_every_server,
    "nothing conflicts": no_conflicts,
    "an any-address and an exact binding conflict": any_address_conflicts,
    "ports do not matter to a conflict": ports_do_not_matter,
}


def test_without_a_mistake_the_shell_refuses_what_the_oracle_does():
    assert refused(CONFLICTS) == conflicting(CONFLICTS) == {5, 6}


@pytest.mark.parametrize("mistake", REFUSALS)
def test_the_comparison_of_refusals_catches(mistake, monkeypatch):
    REFUSALS[mistake](monkeypatch)
    assert refused_or_broken() != conflicting(CONFLICTS), f"nothing tells that {mistake}"


def refused_or_broken():
    """Return what the shell refuses, or nothing comparable when it refuses something else."""
    try:
        return refused(CONFLICTS)
    except AssertionError:
        return None


UNION = servers(
    ("EX01", {}, MADE),
    ("EX02", {}, connector("Relay", ["0.0.0.0:25"], ["10.2.0.0/16"], tls=False)),
    ("EX03", {}, connector("Relay", ["10.0.0.9:587"], ["10.3.0.0/16"], tls=True)),
)
ADDRESSES = ["10.1.0.5", "10.2.0.5", "10.3.0.5", "10.4.0.5", "2001:db8::5"]


def union_differs():
    """Tell whether the union over servers disagrees with the oracle's about some address."""
    may = reached(servers_of(UNION), session_of(SESSION), "relay")
    return any(
        may.contains(parse_address(text))
        != may_on_some_server(UNION, SESSION, spoken(text), "relay")
        for text in ADDRESSES
    )


def only_the_first_server(patch):
    original = endpoints.servers_of
    patch.setattr(endpoints, "servers_of", lambda organization: original(organization)[:1])


def servers_share_their_classes(patch):
    patch.setattr(
        endpoints.Surface,
        "class_of",
        lambda _, endpoint: (endpoint.address.family, endpoint.port),
    )


UNIONS = {
    "only the first server counts": only_the_first_server,
    "endpoints of all servers are one class": servers_share_their_classes,
}


def test_without_a_mistake_the_union_over_servers_is_the_oracles():
    assert not union_differs()


@pytest.mark.parametrize("mistake", UNIONS)
def test_the_comparison_of_unions_over_servers_catches(mistake, monkeypatch):
    UNIONS[mistake](monkeypatch)
    assert union_differs(), f"nothing tells that {mistake}"
