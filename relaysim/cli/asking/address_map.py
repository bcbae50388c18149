"""``relaysim map``: who may do what, over all addresses."""

from datetime import datetime

import click

from relaysim.analysis.endpoints import Spot, Surface, joined, layers_at
from relaysim.analysis.overlay import Layer, summarised
from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.facts import fact_option
from relaysim.cli.options.output import date_option, write_result
from relaysim.cli.options.params import AUTH, refuse_account_options
from relaysim.cli.options.shape import AskedSpace, parse_question, space_options
from relaysim.cli.progress import working
from relaysim.lean import replace, uncollected
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import Address
from relaysim.render.space.map_view import MapAnswer, MapBlock, is_undecided, map_key

__all__ = ["command"]


@click.command(name="map")
@click.option(
    "--auth",
    "kinds",
    type=AUTH,
    multiple=True,
    help="How clients identify themselves (none, user, basic, ntlm, exchange, edge, legacy, "
    "partner); default: none. Repeat to lay several over each other.",
)
@fact_option("user")
@fact_option("groups")
@click.option(
    "--can",
    "can",
    metavar="QUESTION",
    multiple=True,
    help="Show only addresses that may do this with one of the --auth kinds. Repeatable.",
)
@click.option(
    "--cannot",
    "cannot",
    metavar="QUESTION",
    multiple=True,
    help="Show only addresses that may not do this with any --auth kind. Repeatable.",
)
@date_option()
@space_options("map")
def command(
    kinds: tuple[AuthKind, ...],
    user: str | None,
    groups: tuple[str, ...],
    can: tuple[str, ...],
    cannot: tuple[str, ...],
    day: datetime | None,
    space: AskedSpace,
) -> int:
    """Show who may do what, as ranges of addresses that cover everything.

    Example: relaysim map --auth none --auth user --can relay
    """
    kinds = tuple(dict.fromkeys(kinds)) or (AuthKind.NONE,)
    if not any(kind.is_account for kind in kinds):
        refuse_account_options(kinds[0], user, groups)
    wanted = tuple(parse_question(text, "--can") for text in can)
    unwanted = tuple(parse_question(text, "--cannot") for text in cannot)
    configuration = space.configuration()
    sessions = tuple(
        Session(
            ip=Address(4, 0),
            auth=kind,
            user=user if kind.is_account else None,
            groups=groups if kind.is_account else (),
        )
        for kind in kinds
    )
    surface = space.surface(configuration.organization)
    states = space.scope.tls
    with uncollected():
        for target in space.targets:
            is_text = target.format in ("text", "html")
            blocks = _blocks(surface, sessions, states, space.families, over_mapped=is_text)
            answer = MapAnswer(
                configuration=configuration,
                sessions=sessions,
                spots=surface.spots,
                tls=states,
                blocks=tuple(
                    block._replace(
                        rows=tuple(
                            layer for layer in block.every if _passes(layer, wanted, unwanted)
                        )
                    )
                    for block in blocks
                ),
                families=space.families,
                filters=_filter_words(wanted, unwanted),
                writing=space.writing,
            )
            write_result("map", answer, [target], space.color, day=day)
    return ANSWERED


@working("asking about every address")
def _blocks(
    surface: Surface,
    sessions: tuple[Session, ...],
    states: tuple[bool, ...],
    families: tuple[int, ...],
    *,
    over_mapped: bool,
) -> list[MapBlock]:
    """Return what each endpoint and TLS state answers, those that answer alike together."""
    grouped: dict[object, tuple[tuple[Layer, ...], list[tuple[Spot, bool]]]] = {}
    for tls in states:
        judged = [surface.judge(replace(session, tls=tls)) for session in sessions]
        known: dict[object, tuple[tuple[Layer, ...], object]] = {}
        for spot in surface.spots:
            here = [each for each in spot.endpoints if each.address.family in families]
            which = tuple(surface.class_of(each) for each in here)
            if which not in known:
                layers = (layer for each in here for layer in layers_at(each, judged))
                every = tuple(summarised(layers, map_key, over_mapped=over_mapped))
                mark: object = tuple((layer.interval, map_key(layer.outcomes)) for layer in every)
                known[which] = every, mark
            every, signature = known[which]
            grouped.setdefault(signature, (every, []))[1].append((spot, tls))
    return [
        MapBlock(members, tls, every)
        for every, pairs in grouped.values()
        for members, tls in joined(pairs)
    ]


def _passes(layer: Layer, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> bool:
    """Tell whether a row passes the filters; what is undecided always does."""
    if any(is_undecided(outcome) for outcome in layer.outcomes):
        return True
    asked = (*wanted, *unwanted)
    if any(getattr(o.answers, name).answer is None for o in layer.outcomes for name in asked):
        return True
    return all(_any(layer, name) for name in wanted) and not any(
        _any(layer, name) for name in unwanted
    )


def _any(layer: Layer, name: str) -> bool:
    return any(getattr(outcome.answers, name).answer for outcome in layer.outcomes)


def _filter_words(wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> str:
    parts = [f"can {name.replace('_', ' ')}" for name in wanted]
    parts += [f"cannot {name.replace('_', ' ')}" for name in unwanted]
    return " and ".join(parts)
