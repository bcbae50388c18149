"""The roster of connectors finds what looking at every connector finds."""

from hypothesis import given
from hypothesis import strategies as st

from relaysim.management_shell.cmdlets.validation import _conflict
from relaysim.management_shell.roster import Roster
from relaysim.model.connector import ReceiveConnector
from relaysim.net.interval import Interval
from relaysim.net.notation import AddressRange, Notation, parse_socket

SOCKETS = [parse_socket(text) for text in ("0.0.0.0:25", "10.0.0.1:25", "0.0.0.0:26", "[::]:25")]


@st.composite
def connectors(draw):
    lows = draw(st.lists(st.integers(0, 12), min_size=1, max_size=3))
    ranges = tuple(
        AddressRange(
            Interval(draw(st.sampled_from([4, 4, 6])), low, low + draw(st.integers(0, 6))),
            Notation.LOW_HIGH,
            low,
        )
        for low in lows
    )
    bindings = tuple(draw(st.lists(st.sampled_from(SOCKETS), min_size=1, max_size=2)))
    return ReceiveConnector(name="?", bindings=bindings, remote_ip_ranges=ranges)


@given(st.lists(connectors(), max_size=6), connectors(), st.integers(0, 5))
def test_no_conflict_by_the_roster_is_no_conflict_with_any(made, new, place):
    roster = Roster()
    found: tuple[ReceiveConnector, ...] = ()
    for number, connector in enumerate(made):
        object.__setattr__(connector, "name", f"C{number}")
        found = roster.put(connector, replaces=None)
    if made:
        old = found[place % len(found)].name
        object.__setattr__(new, "name", old)
        others = [each for each in found if each.name != old]
        if not roster.may_conflict(new, replaces=old):
            assert not any(_conflict(new, each) for each in others)
        found = roster.put(new, replaces=old)
    fresh = Roster()
    fresh.follow(found)
    for each in found:
        assert roster.named(each.name.swapcase()) is each
        assert fresh.named(each.name) is each
        assert roster.may_conflict(each, replaces=each.name) == fresh.may_conflict(
            each, replaces=each.name
        )


def test_narrow_ranges_inside_a_wide_one_are_no_conflict():
    roster = Roster()
    wide = AddressRange(Interval(4, 0, (1 << 32) - 1), Notation.LOW_HIGH, 0)
    for number in range(50):
        narrow = AddressRange(Interval(4, number, number), Notation.LOW_HIGH, number)
        connector = ReceiveConnector(
            name=f"C{number}",
            bindings=(SOCKETS[0],),
            remote_ip_ranges=(wide if number == 25 else narrow,),
        )
        assert not roster.may_conflict(connector, replaces=None)
        roster.put(connector, replaces=None)
    seventh = roster.named("c7")
    assert seventh is not None
    assert roster.may_conflict(seventh, replaces=None)
