"""The answer to ``who-can``: exact lists of addresses, as a view, a document or CSV."""

from typing import Any, NamedTuple

from relaysim.analysis.endpoints import Spot
from relaysim.analysis.expected import ExpectedReach
from relaysim.analysis.overlay import spoken_size
from relaysim.analysis.partition import MAPPED
from relaysim.analysis.reach import Reach, Way
from relaysim.config.source import Configuration
from relaysim.model.answers.catalogue import ANSWERS
from relaysim.model.session import AuthKind
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.special import PUBLIC, kinds_in
from relaysim.render.places import (
    configuration_document,
    covered_words,
    endpoint_documents,
    narrowed,
    source_words,
    spot_words,
    tls_phrase,
    tls_words,
)
from relaysim.render.space.map_doc import RANGE_COLUMNS, csv_lines, range_cells
from relaysim.render.space.map_view import clients_words
from relaysim.render.space.ranges import (
    RangeWriting,
    count_words,
    interval_texts,
    sized_texts,
)
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.wording import unknown_words

__all__ = ["WhoCan", "breach_lines", "who_can_csv", "who_can_document", "who_can_view"]

_VERBS = {answer.name: answer.verb for answer in ANSWERS}
_WHO = {
    AuthKind.NONE: "anyone",
    AuthKind.USER: "any account",
    AuthKind.BASIC: "any account",
    AuthKind.NTLM: "any account",
    AuthKind.EXCHANGE: "Exchange servers",
    AuthKind.EDGE: "Edge servers",
    AuthKind.LEGACY: "Exchange 2003 bridgeheads",
    AuthKind.PARTNER: "Domain Secure partners",
}


class WhoCan(NamedTuple):
    """An answered question.

    Attributes:
        configuration: Where the organization came from.
        question: Name of the answer asked for.
        spots: Every endpoint that was covered.
        tls: Every TLS state that was covered.
        reaches: For each way, from where; ways that only repeat another left out, and endpoints
            from which nothing is possible or unknown only where a way has no others.
        families: Families asked about.
        expectation: What was expected of it and how it is met, if anything was.
        writing: How runs of addresses are written.
    """

    configuration: Configuration
    question: str
    spots: tuple[Spot, ...]
    tls: tuple[bool, ...]
    reaches: tuple[Reach, ...]
    families: tuple[int, ...]
    expectation: ExpectedReach | None = None
    writing: RangeWriting = RangeWriting()


def who_words(way: Way) -> str:
    """Return who comes this way, in a few words."""
    if way.user is not None:
        return way.user
    return f"members of {way.group}" if way.group is not None else _WHO[way.auth]


def who_can_view(answer: WhoCan) -> View:
    """Return the view: the addresses open to anyone first, then a row for each way and range."""
    plain = [r for r in answer.reaches if r.way.auth is AuthKind.NONE]
    everyone = AddressSet(interval for each in plain for interval in each.addresses)
    unknown = AddressSet(interval for each in plain for interval in each.unknown) - everyone
    public = any(PUBLIC in kinds_in(interval) for interval in everyone)
    verb = _VERBS[answer.question]
    lines = [
        _verdict(everyone, family, verb, unsure=bool(unknown.size_of(family)))
        for family in answer.families
    ]
    configuration = answer.configuration
    place = f"{covered_words(answer.spots)}, {tls_phrase(answer.tls)}"
    above = [Fact("", (line,)) for line in lines[1:] if plain]
    above.append(Fact("server", (source_words(configuration),)))
    above.append(Fact("covered", (place,)))
    if answer.expectation is not None:
        above.append(_expected(answer.expectation, answer.spots))
    rows: list[tuple[TableCell, ...]] = []
    before: Way | None = None
    for each in answer.reaches:
        rows += _rows(each, answer, again=each.way == before)
        before = each.way
    columns = ("WHO", "AUTH", "ON", "TLS", "FROM", "ADDRESSES", "CONNECTOR")
    assumed = dict.fromkeys(a for each in answer.reaches for a in each.assumptions)
    below = [Fact("assumed", (f"{a.rule}: {a.text}",), "warn") for a in assumed]
    reasons = dict.fromkeys(why for each in answer.reaches for why in each.reasons)
    below += [
        Fact("undecided", (f"{why.rule}: {why.text}", *why.options), "warn") for why in reasons
    ]
    missing = unknown_words(fact for each in answer.reaches for fact in each.missing)
    below += [Fact("unknown", (words,), "warn") for words in missing]
    title = lines[0] if plain else f"who may {verb}"
    tone = "bad" if public and answer.question == "relay" else "strong"
    grid = Grid(
        columns,
        tuple(rows),
        fold=(2, 5, 6),
        readable=16,
        key=4,
        carried=(0, 1, 2, 3, 6),
    )
    return View(title, tone, tuple(above), (grid,), tuple(below))


def who_can_document(answer: WhoCan) -> dict[str, Any]:
    """Return the ``relaysim.who-can/1`` document."""
    document = {
        "format": "relaysim.who-can/1",
        "configuration": configuration_document(answer.configuration),
        "question": answer.question,
        **narrowed(answer.spots, answer.tls),
        "covered": {
            "endpoints": endpoint_documents(answer.spots),
            "tls": list(answer.tls),
        },
        "ways": [
            {
                "who": who_words(each.way),
                "auth": each.way.auth.value,
                "tls": None if len(each.tls) > 1 else each.tls[0],
                "endpoints": endpoint_documents(each.spots),
                "user": each.way.user,
                "group": each.way.group,
                "decided": not each.unknown,
                "connectors": list(each.connectors),
                "size": sum(each.addresses.size_of(family) for family in answer.families),
                "ranges": [
                    {
                        "family": interval.family,
                        "first": str(interval.first),
                        "last": str(interval.last),
                        "size": interval.size,
                        "cidr": interval_texts(interval, "cidr"),
                        "kinds": kinds_in(interval),
                    }
                    for interval in each.addresses
                    if interval.family in answer.families
                ],
                "undecided_ranges": [str(interval) for interval in each.unknown],
            }
            for each in answer.reaches
        ],
    }
    if answer.expectation is not None:
        document["expectation"] = _expectation_document(answer.expectation)
    return document


def _expectation_document(expectation: ExpectedReach) -> dict[str, Any]:
    return {
        "expected": expectation.text,
        "met": expectation.is_met,
        "breaches": [
            {
                "what": breach.what,
                "who": who_words(breach.way) if breach.way else None,
                "ranges": [str(interval) for interval in breach.addresses],
                "endpoints": endpoint_documents(breach.spots),
                "tls": list(breach.tls),
            }
            for breach in expectation.breaches
        ],
    }


def breach_lines(expectation: ExpectedReach, every: tuple[Spot, ...]) -> tuple[str, ...]:
    """Return one line for each thing that is not as expected, ranges and endpoints included."""
    lines = []
    for breach in expectation.breaches:
        ranges = ", ".join(
            text
            for interval in over_mapped(breach.addresses)
            for text in interval_texts(interval, "auto")
        )
        who = f"{who_words(breach.way)}, " if breach.way else ""
        where = ""
        if breach.spots:
            where = f" on {spot_words(breach.spots, every)}, {tls_phrase(breach.tls)}"
        lines.append(f"{breach.what}: {who}{ranges}{where}")
    return tuple(lines)


def _expected(expectation: ExpectedReach, every: tuple[Spot, ...]) -> Fact:
    if expectation.is_met:
        return Fact("expected", (f"{expectation.text}: met",), "good")
    lines = (f"{expectation.text}: NOT met", *breach_lines(expectation, every))
    return Fact("expected", lines, "bad")


def who_can_csv(answer: WhoCan) -> str:
    """Return CSV with a line for each way and range."""
    rows = [
        ["who", "auth", "on", "tls", *RANGE_COLUMNS, "connector"],
    ]
    rows += [
        [
            who_words(each.way),
            each.way.auth.value,
            spot_words(each.spots, answer.spots),
            tls_words(each.tls, both=len(answer.tls) > 1),
            *range_cells(interval),
            ";".join(each.connectors),
        ]
        for each in answer.reaches
        for interval in each.addresses
        if interval.family in answer.families
    ]
    return csv_lines(rows, spreadsheet=answer.writing.spreadsheet)


def _verdict(addresses: AddressSet, family: int, verb: str, *, unsure: bool) -> str:
    count = addresses.size_of(family)
    who = f"may {verb} without authentication"
    return clients_words(count, family, who, unsure=unsure)


def _rows(each: Reach, answer: WhoCan, *, again: bool) -> list[tuple[TableCell, ...]]:
    """Return the rows of one entry; ``again`` when the one before is of the same way."""
    empty = TableCell("")
    who = (empty, empty) if again else (cell(who_words(each.way)), TableCell(each.way.auth.value))
    if not each.addresses and not each.unknown:
        dash = TableCell("-", "dim")
        return [(*who, dash, dash, TableCell("nowhere", "dim"), TableCell("0"), dash)]
    place = TableCell(spot_words(each.spots, answer.spots))
    first = (*who, place, TableCell(tls_words(each.tls, both=len(answer.tls) > 1)))
    blank = (empty,) * 4
    names = cell(", ".join(each.connectors))
    lines = []
    for interval in over_mapped(each.addresses):
        if interval.family in answer.families:
            lines += sized_texts(interval, answer.writing.notation, spoken_size(interval))
    rows: list[tuple[TableCell, ...]] = []
    for text, size in lines:
        head, last = (blank, empty) if rows else (first, names)
        rows.append((*head, TableCell(text), TableCell(size), last))
    for interval in over_mapped(each.unknown):
        size = count_words(spoken_size(interval))
        head = blank if rows else first
        text = f"{interval_texts(interval, 'auto')[0]} (undecided)"
        rows.append((*head, TableCell(text, "warn"), TableCell(size), TableCell("-", "dim")))
    return rows


def over_mapped(addresses: AddressSet) -> AddressSet:
    """Return the set with the IPv4-mapped addresses when it ends before them and goes on after.

    They are not spoken about, so a list reads better without a hole there.
    """
    before, after = Address(6, MAPPED.low - 1), Address(6, MAPPED.high + 1)
    if addresses.contains(before) and addresses.contains(after):
        return addresses | AddressSet([MAPPED])
    return addresses
