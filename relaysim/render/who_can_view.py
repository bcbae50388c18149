"""The answer to ``who-can``: exact lists of addresses, as a view, a document or CSV."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from relaysim.analysis.overlay import spoken_size
from relaysim.analysis.partition import MAPPED
from relaysim.analysis.reach import Reach, Way
from relaysim.config.source import Configuration
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import BITS, Address
from relaysim.net.addrset import AddressSet
from relaysim.net.special import PUBLIC, kinds_in
from relaysim.render.map_doc import csv_lines
from relaysim.render.ranges import count_words, interval_texts, plural, sized_texts
from relaysim.render.view import Fact, Grid, TableCell, View, cell

__all__ = ["WhoCan", "who_can_csv", "who_can_document", "who_can_view"]

_VERBS = {
    "submit": "submit",
    "relay": "relay",
    "bypass_anti_spam": "bypass anti-spam",
    "resolve_p2": "have their P2 address resolved",
    "bypass_size_limit": "bypass the size limit",
    "any_sender": "send from foreign domains",
    "own_domain_sender": "send as anyone in own domains",
    "keep_routing_headers": "keep routing headers",
    "keep_organization_headers": "keep organization headers",
    "keep_forest_headers": "keep forest headers",
    "exch50": "send XEXCH50",
}
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
        shape: The place asked about.
        reaches: For each way, from where; ways that only repeat another left out.
        families: Families asked about.
    """

    configuration: Configuration
    question: str
    shape: Session
    reaches: tuple[Reach, ...]
    families: tuple[int, ...]


def who_words(way: Way) -> str:
    """Return who comes this way, in a few words."""
    if way.user is not None:
        return way.user
    return f"members of {way.group}" if way.group is not None else _WHO[way.auth]


def who_can_view(answer: WhoCan, notation: str) -> View:
    """Return the view: the addresses open to anyone first, then a row for each way and range."""
    open_to_all = [r.addresses for r in answer.reaches if r.way.auth is AuthKind.NONE]
    everyone = AddressSet(interval for each in open_to_all for interval in each)
    public = any(PUBLIC in kinds_in(interval) for interval in everyone)
    verb = _VERBS[answer.question]
    unknown = [r.unknown for r in answer.reaches if r.way.auth is AuthKind.NONE]
    lines = [
        _verdict(everyone, family, verb, unsure=any(each.size_of(family) for each in unknown))
        for family in answer.families
    ]
    shape, configuration = answer.shape, answer.configuration
    place = f"{shape.local_ip} port {shape.port}" if shape.local_ip else f"port {shape.port}"
    version = configuration.organization.exchange.value
    above = [Fact("", (line,)) for line in lines[1:] if open_to_all]
    above.append(Fact("server", (f"{configuration.source} (Exchange {version})", f"{place}")))
    rows = [row for each in answer.reaches for row in _rows(each, answer.families, notation)]
    columns = ("WHO", "AUTH", "TLS", "FROM", "ADDRESSES", "CONNECTOR")
    assumed = dict.fromkeys(
        a for each in answer.reaches for o in each.outcomes for a in o.assumptions
    )
    below = [Fact("assumed", (f"{a.rule}: {a.text}",), "warn") for a in assumed]
    reasons = dict.fromkeys(
        o.undecided for r in answer.reaches for o in r.undecided if o.undecided is not None
    )
    below += [
        Fact("undecided", (f"{why.rule}: {why.text}", *why.options), "warn") for why in reasons
    ]
    title = lines[0] if open_to_all else f"who may {verb}"
    tone = "bad" if public and answer.question == "relay" else "strong"
    grid = Grid(
        columns,
        tuple(rows),
        fold=(4, 5),
        readable=16,
        headed=True,
        key=3,
        carried=(0, 1, 2, 5),
    )
    return View(title, tone, tuple(above), (grid,), tuple(below))


def who_can_document(answer: WhoCan) -> dict[str, Any]:
    """Return the ``relaysim.who-can/1`` document."""
    local = answer.shape.local_ip
    return {
        "format": "relaysim.who-can/1",
        "configuration": {
            "source": answer.configuration.source,
            "exchange": answer.configuration.organization.exchange.value,
        },
        "question": answer.question,
        "port": answer.shape.port,
        "local_ip": str(local) if local else None,
        "ways": [
            {
                "who": who_words(each.way),
                "auth": each.way.auth.value,
                "tls": each.way.tls,
                "user": each.way.user,
                "group": each.way.group,
                "decided": not each.undecided,
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
            }
            for each in answer.reaches
        ],
    }


def who_can_csv(answer: WhoCan) -> str:
    """Return CSV with a line for each way and range."""
    rows = [["who", "auth", "tls", "family", "first", "last", "size", "kinds"]]
    rows += [
        [
            who_words(each.way),
            each.way.auth.value,
            {True: "yes", False: "no", None: "any"}[each.way.tls],
            str(interval.family),
            str(interval.first),
            str(interval.last),
            str(interval.size),
            ";".join(kinds_in(interval)),
        ]
        for each in answer.reaches
        for interval in each.addresses
        if interval.family in answer.families
    ]
    return csv_lines(rows)


def _verdict(addresses: AddressSet, family: int, verb: str, *, unsure: bool) -> str:
    count = addresses.size_of(family)
    who = f"may {verb} without authentication"
    if unsure:
        sure = f"{count_words(count)} for sure" if count else "none for sure"
        return f"undecided which IPv{family} addresses {who}: {sure}"
    if family == 6:
        few = f"{count_words(count)} IPv6 address{'' if count == 1 else 'es'}"
        return f"{few if count else 'no IPv6 address'} {who}"
    if count == 1 << BITS[4]:
        return f"every IPv4 address {who}"
    return f"{plural(count) if count else 'no address'} of {1 << BITS[4]:,} {who}"


def _rows(each: Reach, families: Sequence[int], notation: str) -> list[tuple[TableCell, ...]]:
    way = each.way
    tls = {True: "yes", False: "no", None: "any"}[way.tls]
    first = (cell(who_words(way)), TableCell(way.auth.value), TableCell(tls))
    blank = (TableCell(""), TableCell(""), TableCell(""))
    names = cell(", ".join(each.connectors))
    lines = []
    for interval in over_mapped(each.addresses):
        if interval.family in families:
            lines += sized_texts(interval, notation, spoken_size(interval))
    rows: list[tuple[TableCell, ...]] = []
    for text, size in lines:
        head, last = (blank, TableCell("")) if rows else (first, names)
        rows.append((*head, TableCell(text), TableCell(size), last))
    for interval in over_mapped(each.unknown):
        size = count_words(spoken_size(interval))
        head = blank if rows else first
        place = TableCell(f"{interval_texts(interval, 'auto')[0]} (undecided)", "warn")
        rows.append((*head, place, TableCell(size), TableCell("-", "dim")))
    return rows or [(*first, TableCell("nowhere", "dim"), TableCell("0"), TableCell("-", "dim"))]


def over_mapped(addresses: AddressSet) -> AddressSet:
    """Return the set with the IPv4-mapped addresses when it ends before them and goes on after.

    They are not spoken about, so a list reads better without a hole there.
    """
    before, after = Address(6, MAPPED.low - 1), Address(6, MAPPED.high + 1)
    if addresses.contains(before) and addresses.contains(after):
        return addresses | AddressSet([MAPPED])
    return addresses
