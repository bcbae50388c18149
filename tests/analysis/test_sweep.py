"""The sweep, the tree of ranges, overlays and reach, each by itself."""

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

import relaysim
from relaysim.analysis.endpoints import Narrowing, Surface, endpoints
from relaysim.analysis.nesting import Nested, nested
from relaysim.analysis.overlay import overlay, spoken_size, summarised
from relaysim.analysis.partition import MAPPED, partition
from relaysim.analysis.reach import Way, reach
from relaysim.analysis.sweep import Lead, sweep
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address
from relaysim.net.addrset import EVERYTHING, AddressSet
from relaysim.net.interval import ALL_IPV4, ALL_IPV6, Interval
from relaysim.net.special import PUBLIC, kind_of, pieces
from tests import strategies
from tests.cases import organization_of

ranges = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12), st.integers(0, 4)).map(
        lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])
    ),
    max_size=12,
)


def lead_at(drawn, exact, position):
    """Return the lead by looking at every range."""
    spans: dict[int, int] = {}
    for low, high, rank in drawn:
        if low <= position <= high:
            spans[rank] = min(spans.get(rank, high - low), high - low)
    if not spans:
        return None
    least = min(spans.values())
    first, *ties = sorted(rank for rank, span in spans.items() if span == least)
    wider = sorted(rank for rank in spans if rank < exact) if first >= exact else []
    return Lead(first, tuple(ties), tuple(wider))


@given(ranges, st.integers(0, 5))
def test_the_sweep_finds_at_every_address_what_looking_at_every_range_finds(drawn, exact):
    lows, highs, ranks = ([each[column] for each in drawn] for column in range(3))
    starts, leads = sweep(lows, highs, ranks, exact)
    assert starts == sorted(set(starts))
    assert all(a != b for a, b in pairwise(leads))
    for position in range(60):
        index = sum(start <= position for start in starts) - 1
        assert leads[index] == lead_at(drawn, exact, position)


def test_a_hundred_thousand_ranges_are_no_trouble():
    draw = random.Random(7)  # noqa: S311  # the same every time
    lows = [draw.getrandbits(32) for _ in range(100_000)]
    highs = [low + draw.getrandbits(draw.randrange(1, 24)) for low in lows]
    starts, leads = sweep(lows, highs, [draw.randrange(50) for _ in lows], 0)
    assert len(starts) == len(leads) > 100_000


@given(strategies.plain_organizations())
def test_a_range_in_the_tree_follows_one_that_holds_it(plain):
    connectors = organization_of(plain).connectors
    for family in (4, 6):
        above: list[Nested] = []
        for each in nested(connectors, family):
            del above[each.depth :]
            assert len(above) == each.depth
            assert all(outer.interval.covers(each.interval) for outer in above[-1:])
            above.append(each)


def test_an_overlay_covers_everything_and_a_summary_leaves_the_mapped_out():
    organization = relaysim.load("builtin:option-1")
    shapes = [Session(ip=Address(4, 0), auth=kind) for kind in (AuthKind.NONE, AuthKind.USER)]
    layers = list(overlay([partition(organization, shape) for shape in shapes]))
    assert AddressSet(layer.interval for layer in layers) == EVERYTHING
    for layer in layers:
        for shape, outcome in zip(shapes, layer.outcomes, strict=True):
            regions = partition(organization, shape)
            assert regions.at(layer.interval.first).outcome == outcome
    apart = summarised(layers, lambda outcomes: outcomes[0].answers)
    joined = summarised(layers, lambda outcomes: outcomes[0].answers, over_mapped=True)
    assert AddressSet(each.interval for each in apart) == EVERYTHING - AddressSet([MAPPED])
    assert [each.interval for each in joined][-1] == ALL_IPV6
    sizes = [sum(spoken_size(each.interval) for each in rows) for rows in (apart, joined)]
    assert sizes[0] == sizes[1] == ALL_IPV4.size + ALL_IPV6.size - MAPPED.size


def test_reach_is_the_exact_set_of_addresses():
    organization = relaysim.load("builtin:option-2")
    shape = Session(ip=Address(4, 0))
    surface = Surface(organization, endpoints(organization, Narrowing()))
    way = Way(AuthKind.NONE)
    found = reach(surface, shape, way, "relay", families=(4,), states=(False, True))
    two = relaysim.parse_address("192.168.2.55").value
    here, elsewhere = found
    assert here.addresses == AddressSet([Interval(4, two, two + 1)])
    assert [spot.port for spot in here.spots] == [25]
    assert here.tls == (False, True)
    assert not elsewhere.addresses


def test_special_ranges_cover_each_family_and_know_the_usual_addresses():
    for whole in (ALL_IPV4, ALL_IPV6):
        found = pieces(whole)
        assert AddressSet(piece.interval for piece in found) == AddressSet([whole])
        assert all(a.kind != b.kind for a, b in pairwise(found))
    for text, kind in {
        "8.8.8.8": PUBLIC,
        "10.1.2.3": "private",
        "172.31.255.255": "private",
        "172.32.0.0": PUBLIC,
        "127.0.0.1": "loopback",
        "169.254.1.1": "link-local",
        "100.64.0.1": "carrier NAT",
        "203.0.113.9": "documentation",
        "224.0.0.1": "multicast",
        "255.255.255.255": "broadcast",
        "2001:db8::1": "documentation",
        "2600::1": PUBLIC,
        "fe80::1": "link-local",
        "fc00::1": "private",
        "::1": "loopback",
        "::ffff:10.0.0.1": "IPv4-mapped",
        "4000::": "reserved",
    }.items():
        assert kind_of(relaysim.parse_address(text)) == kind, text
