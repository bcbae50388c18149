"""What the pieces of a map's bars mean, and the bars of a page."""

from collections.abc import Iterator

from relaysim.analysis.overlay import Layer
from relaysim.render.places import spot_words, tls_phrase
from relaysim.render.space.map_view import MapAnswer, is_undecided, map_view, session_label
from relaysim.render.view import Mark, Strip, View

__all__ = ["MARKS", "NOTHING", "drawn_map_view", "mark_of"]

# From harmless to dangerous: of several in one cell of a bar the last one shows, so that two
# addresses in four thousand millions are not overlooked.
NOTHING = Mark(".", "dim", "may not even submit", "empty")
_UNDECIDED = Mark("?", "yellow", "undecided", "dots")
_SUBMIT = Mark("s", "cyan", "may submit, not relay", "solid")
_RELAY = Mark("R", "bold red", "may relay", "hatch")
MARKS = (NOTHING, _UNDECIDED, _SUBMIT, _RELAY)


def mark_of(layer: Layer, index: int) -> Mark:
    """Return what a run of addresses may do in the session of a place in the map."""
    outcome = layer.outcomes[index]
    if is_undecided(outcome) or outcome.answers.relay.answer is None:
        return _UNDECIDED
    if outcome.answers.relay.answer:
        return _RELAY
    return _SUBMIT if outcome.answers.submit.answer else NOTHING


def drawn_map_view(answer: MapAnswer) -> View:
    """Return the view of a map with its bars: every run of addresses has the same room."""
    return map_view(answer)._replace(strips=tuple(_strips(answer)))


def _strips(answer: MapAnswer) -> Iterator[Strip]:
    for block in answer.blocks:
        where = f"{spot_words(block.spots, answer.spots)}, {tls_phrase(block.tls)}"
        for index, session in enumerate(answer.sessions):
            for family in answer.families:
                pieces = tuple(
                    (mark_of(layer, index), 1)
                    for layer in block.every
                    if layer.interval.family == family
                )
                if pieces:
                    label = (
                        f"IPv{family}, auth {session_label(session)}, {where}, runs equally wide"
                    )
                    yield Strip(label, pieces)
