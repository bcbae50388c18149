"""The view of a map: who may do what, as ranges of addresses."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

from relaysim.analysis.endpoints import Spot
from relaysim.analysis.overlay import Layer, spoken_size
from relaysim.analysis.partition import Outcome
from relaysim.config.source import Configuration
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import BITS
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval, whole
from relaysim.net.special import PUBLIC, kinds_in, pieces
from relaysim.render.places import covered_words, source_words, spot_words, tls_phrase
from relaysim.render.space.ranges import RangeWriting, count_words, plural, sized_texts
from relaysim.render.tones import answer_tone, is_stranger
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.wording import answer_word, auth_words, unknown_words

__all__ = [
    "SHOWN",
    "MapAnswer",
    "MapBlock",
    "answer_words",
    "as_whom",
    "clients_words",
    "connector_words",
    "is_undecided",
    "kind_words",
    "map_key",
    "map_view",
    "session_label",
]

SHOWN = {
    "submit": "SUBMIT",
    "relay": "RELAY",
    "bypass_anti_spam": "ANTI-SPAM BYPASS",
    "resolve_p2": "RESOLVEP2",
}
"""The answers a table shows, with their headings."""

_SHORT = {
    "submit": "submit",
    "relay": "relay",
    "bypass_anti_spam": "anti-spam bypass",
    "resolve_p2": "ResolveP2",
}
_KINDS_NAMED = 3

_SPOKEN = {family: spoken_size(whole(family)) for family in BITS}
"""How many addresses of a family are spoken about: IPv4-mapped ones are not."""


class MapBlock(NamedTuple):
    """Endpoints and TLS states that answer every address alike.

    Attributes:
        spots: The endpoints.
        tls: The TLS states.
        every: All runs of addresses, in order.
        rows: The runs to show.
    """

    spots: tuple[Spot, ...]
    tls: tuple[bool, ...]
    every: tuple[Layer, ...]
    rows: tuple[Layer, ...] = ()


class MapAnswer(NamedTuple):
    """A map that was drawn.

    Attributes:
        configuration: Where the organization came from.
        sessions: The shapes asked about, at least one; their place and TLS say nothing.
        spots: Every endpoint that was covered.
        tls: Every TLS state that was covered.
        blocks: What they answer.
        families: 4, 6 or both.
        filters: What was filtered by, in words, or ``""``.
        writing: How runs of addresses are written.
    """

    configuration: Configuration
    sessions: tuple[Session, ...]
    spots: tuple[Spot, ...]
    tls: tuple[bool, ...]
    blocks: tuple[MapBlock, ...]
    families: tuple[int, ...]
    filters: str = ""
    writing: RangeWriting = RangeWriting()

    @property
    def rows(self) -> tuple[Layer, ...]:
        """The runs to show, of all blocks."""
        return tuple(layer for block in self.blocks for layer in block.rows)

    def where(self, family: int, test: Callable[[Layer], bool]) -> AddressSet:
        """Return the addresses of a family that pass a test on some endpoint in some TLS state."""
        return AddressSet(
            layer.interval
            for block in self.blocks
            for layer in block.every
            if layer.interval.family == family and test(layer)
        )


def map_key(outcomes: tuple[Outcome, ...]) -> Hashable:
    """Return what neighbouring rows must differ in: connector, answers and where it ends."""
    return tuple(
        (
            outcome.connector and outcome.connector.name,
            outcome.answers,
            outcome.auth_as,
            outcome.refusal,
            outcome.undecided,
        )
        for outcome in outcomes
    )


def is_undecided(outcome: Outcome) -> bool:
    """Tell whether it is not known who answers; a refusal left open by O-7 is not meant."""
    return outcome.undecided is not None and outcome.connector is None


def answer_words(outcome: Outcome, name: str) -> str:
    """Return ``yes``, ``no``, ``denied`` or ``undecided`` for one answer of an outcome."""
    if is_undecided(outcome):
        return "undecided"
    return answer_word(getattr(outcome.answers, name))


def connector_words(outcome: Outcome) -> str:
    """Return the connector's name, or why there is none."""
    if outcome.connector is not None:
        return outcome.connector.name
    return "(undecided)" if is_undecided(outcome) else "(none)"


def kind_words(interval: Interval) -> str:
    """Return what kinds of addresses an interval holds, public first, the rest counted."""
    kinds = kinds_in(interval)
    if len(kinds) <= _KINDS_NAMED + 1:
        return ", ".join(kinds)
    return f"{', '.join(kinds[:_KINDS_NAMED])}, {len(kinds) - _KINDS_NAMED} more"


def session_label(session: Session) -> str:
    """Return the short name of a shape: its authentication and account."""
    return f"{session.auth.value} {session.user}" if session.user else session.auth.value


def as_whom(session: Session) -> str:
    """Return how the client comes, as the end of a sentence."""
    if session.auth is AuthKind.NONE:
        return "without authentication"
    return f"as {auth_words(session)}"


def map_view(answer: MapAnswer) -> View:
    """Return the view: lines of counts, then a row for each run of addresses."""
    lines = [
        _count_line(answer, index, family)
        for index in range(len(answer.sessions))
        for family in answer.families
    ]
    public = _public_relays(answer)
    opened = f"{plural(public)} of the Internet may relay without authentication"
    return View(
        verdict=lines[0],
        tone="bad" if public else "strong",
        above=(
            *([Fact("OPEN", (opened,), "bad")] if public else []),
            *_above(answer, lines[1:]),
        ),
        grids=tuple(_grid(answer, block) for block in answer.blocks if block.rows),
        below=tuple(_below(answer)),
    )


def _public_relays(answer: MapAnswer) -> int:
    """Return how many public addresses may relay without authentication."""
    plain = [i for i, session in enumerate(answer.sessions) if session.auth is AuthKind.NONE]
    return sum(
        piece.interval.size
        for family in answer.families
        for interval in answer.where(
            family, lambda layer: any(layer.outcomes[i].answers.relay.answer for i in plain)
        )
        for piece in pieces(interval)
        if piece.kind == PUBLIC
    )


def _count_line(answer: MapAnswer, index: int, family: int) -> str:
    relaying = answer.where(family, lambda each: bool(each.outcomes[index].answers.relay.answer))
    unknown = answer.where(family, lambda each: _is_open(each.outcomes[index])) - relaying
    count = sum(spoken_size(interval) for interval in relaying)
    who = f"may relay {as_whom(answer.sessions[index])}"
    return clients_words(count, family, who, unsure=bool(unknown))


def clients_words(count: int, family: int, who: str, *, unsure: bool) -> str:
    """Return how many addresses of a family may do something.

    Args:
        count: How many surely may.
        family: 4 or 6.
        who: What they may do, and as whom.
        unsure: Whether it is unknown of others.
    """
    if unsure:
        sure = f"{count_words(count)} for sure" if count else "none for sure"
        return f"undecided which IPv{family} addresses {who}: {sure}"
    if count == _SPOKEN[family]:
        return f"every IPv{family} address {who}"
    if family == 6:
        few = f"{count_words(count)} IPv6 address{'' if count == 1 else 'es'}"
        return f"{few if count else 'no IPv6 address'} {who}"
    return f"{plural(count) if count else 'no address'} of {1 << BITS[4]:,} {who}"


def _is_open(outcome: Outcome) -> bool:
    return is_undecided(outcome) or outcome.answers.relay.answer is None


def _above(answer: MapAnswer, lines: list[str]) -> list[Fact]:
    configuration = answer.configuration
    facts = [Fact("", (line,)) for line in lines]
    asked = [
        covered_words(answer.spots),
        "auth " + ", ".join(session_label(session) for session in answer.sessions),
        tls_phrase(answer.tls),
    ]
    facts.append(Fact("server", (source_words(configuration),)))
    facts.append(Fact("asked", (", ".join(asked),)))
    if answer.filters:
        shown = "" if answer.rows else ": no address is"
        facts.append(Fact("shown", (f"only what {answer.filters}{shown}",)))
    return facts


def _grid(answer: MapAnswer, block: MapBlock) -> Grid:
    several = len(answer.sessions) > 1
    refused = not several and any(layer.outcomes[0].refusal for layer in block.rows)
    headings = [session_label(session).upper() for session in answer.sessions]
    answers = headings if several else [*SHOWN.values(), *(["REFUSED"] if refused else [])]
    rows = []
    for interval, outcomes in block.rows:
        for text, size in sized_texts(interval, answer.writing.notation, spoken_size(interval)):
            if several:
                kinds = [session.auth for session in answer.sessions]
                cells = [_may(*pair) for pair in zip(outcomes, kinds, strict=True)]
            else:
                auth = answer.sessions[0].auth
                cells = [_answer_cell(outcomes[0], name, auth) for name in SHOWN]
                cells += [_refusal_cell(outcomes[0])] if refused else []
            rows.append(
                (
                    TableCell(text),
                    TableCell(size),
                    TableCell(kind_words(interval), "dim"),
                    cell(connector_words(outcomes[0])),
                    *cells,
                )
            )
    columns = ("RANGE", "SIZE", "KIND", "CONNECTOR", *answers)
    # On a narrow terminal the answers stay beside the range, and the rest goes below them.
    fold = (1, 2, 3, *((len(columns) - 1,) if refused else ()))
    if several:
        fold = tuple(range(1, len(columns)))
    # One block is all that was asked about, which the lines above say.
    title = ""
    if len(answer.blocks) > 1:
        title = f"on {spot_words(block.spots, answer.spots)}, {tls_phrase(block.tls)}"
    return Grid(columns, tuple(rows), fold=fold, title=title, readable=16, key=0)


def _answer_cell(outcome: Outcome, name: str, auth: AuthKind) -> TableCell:
    words = answer_words(outcome, name)
    told = {"yes": True, "undecided": None}.get(words, False)
    return TableCell(words, answer_tone(name, answer=told, auth=auth))


def _may(outcome: Outcome, auth: AuthKind) -> TableCell:
    if is_undecided(outcome):
        return TableCell("undecided", "warn")
    may = [words for name, words in _SHORT.items() if answer_words(outcome, name) == "yes"]
    open_ = [words for name, words in _SHORT.items() if answer_words(outcome, name) == "undecided"]
    if open_:
        may.append(f"undecided: {', '.join(open_)}")
    if may:
        opens = is_stranger(auth) and answer_words(outcome, "relay") == "yes"
        return TableCell(", ".join(may), "bad" if opens else "warn" if open_ else "")
    refusal = outcome.refusal
    return TableCell("nothing" if refusal is None else f"refused at {refusal.stage.value}", "dim")


def _refusal_cell(outcome: Outcome) -> TableCell:
    if outcome.refusal is None:
        return TableCell("-")
    refusal = outcome.refusal
    return cell(f"{refusal.stage.value}: {refusal.because.value}", "dim")


def _below(answer: MapAnswer) -> list[Fact]:
    facts = []
    outcomes = {id(o): o for layer in answer.rows for o in layer.outcomes}.values()
    for reason in dict.fromkeys(o.undecided for o in outcomes if is_undecided(o)):
        if reason is not None:
            lines = (f"{reason.rule}: {reason.text}", *reason.options)
            facts.append(Fact("undecided", lines, "warn"))
    unknown = unknown_words(m for o in outcomes for m in o.missing)
    facts += [Fact("unknown", (words,), "warn") for words in unknown]
    assumed = dict.fromkeys(a for o in outcomes for a in o.assumptions if a.rule != "S-6")
    facts += [Fact("assumed", (f"{a.rule}: {a.text}",), "warn") for a in assumed]
    if 6 in answer.families:
        text = "::ffff:0:0/96 (IPv4-mapped), which answers as the IPv4 address inside (S-6)"
        facts.append(Fact("left out", (text,), "dim"))
    return facts
