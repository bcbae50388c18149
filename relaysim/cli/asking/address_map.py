"""``relaysim map``: who may do what, over all addresses."""

import os
from dataclasses import replace

import click

from relaysim.analysis.endpoints import Spot, Surface, endpoints, joined, layers_at
from relaysim.analysis.overlay import Layer, summarised
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import (
    Output,
    lay_out,
    output_option,
    parse_outputs,
    style_for,
    write_out,
)
from relaysim.cli.options.params import (
    AUTH,
    color_option,
    config_option,
    fresh_options,
    refuse_account_options,
    spreadsheet_option,
)
from relaysim.cli.options.shape import (
    families_of,
    parse_question,
    place_options,
    range_options,
    scope_of,
)
from relaysim.config.source import Configuration, default_source
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.render.space.map_view import MapAnswer, MapBlock, is_undecided, map_key, map_view

__all__ = ["command"]

_FORMATS = ("text", "json", "csv")


@click.command(name="map")
@click.option(
    "--auth",
    "kinds",
    type=AUTH,
    multiple=True,
    help="How clients identify themselves (none, user, basic, ntlm, exchange, edge, legacy, "
    "partner); default: none. Repeat to lay several over each other.",
)
@click.option("--user", metavar="NAME", help="Account that logs on (DOMAIN\\name).")
@click.option("--group", "groups", metavar="NAME", multiple=True, help="Further group. Repeatable.")
@place_options
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
@range_options
@spreadsheet_option()
@config_option(multiple=False)
@fresh_options()
@output_option(_FORMATS)
@color_option()
def command(
    kinds: tuple[AuthKind, ...],
    user: str | None,
    groups: tuple[str, ...],
    ports: tuple[tuple[int, ...], ...],
    local_ips: tuple[tuple[Address, ...], ...],
    tls: bool | None,  # noqa: FBT001
    can: tuple[str, ...],
    cannot: tuple[str, ...],
    family: str,
    notation: str,
    spreadsheet: bool,  # noqa: FBT001
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    outputs: tuple[str, ...],
    color: str,
) -> int:
    """Show who may do what, as ranges of addresses that cover everything.

    Example: relaysim map --auth none --auth user --can relay
    """
    targets = parse_outputs(outputs, _FORMATS)
    kinds = tuple(dict.fromkeys(kinds)) or (AuthKind.NONE,)
    if not any(kind.is_account for kind in kinds):
        refuse_account_options(kinds[0], user, groups)
    wanted = tuple(parse_question(text, "--can") for text in can)
    unwanted = tuple(parse_question(text, "--cannot") for text in cannot)
    source = config or default_source(os.environ)
    configuration = Configuration(source, load_telling(source, exchange=exchange, server=server))
    sessions = tuple(
        Session(
            ip=Address(4, 0),
            auth=kind,
            user=user if kind.is_account else None,
            groups=groups if kind.is_account else (),
        )
        for kind in kinds
    )
    families = families_of(family)
    scope = scope_of(ports, local_ips, tls)
    organization = configuration.organization
    surface = Surface(organization, endpoints(organization, scope))
    for target in targets:
        blocks = _blocks(
            surface, sessions, scope.tls, families, over_mapped=target.format == "text"
        )
        answer = MapAnswer(
            configuration=configuration,
            sessions=sessions,
            spots=surface.spots,
            tls=scope.tls,
            blocks=tuple(
                block._replace(
                    rows=tuple(layer for layer in block.every if _passes(layer, wanted, unwanted))
                )
                for block in blocks
            ),
            families=families,
            filters=_filter_words(wanted, unwanted),
        )
        write_out(target, _render(answer, target, notation, color, spreadsheet=spreadsheet))
    return ANSWERED


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


def _render(
    answer: MapAnswer, target: Output, notation: str, color: str, *, spreadsheet: bool
) -> str:
    if target.format == "json":
        from relaysim.render.answers.jsondoc import dump
        from relaysim.render.space.map_doc import map_document

        return dump(map_document(answer))
    if target.format == "csv":
        from relaysim.render.space.map_doc import map_csv

        return map_csv(answer, spreadsheet=spreadsheet)
    style = style_for(target, color)
    text = lay_out(map_view(answer, notation), style)
    if style.rich:
        from relaysim.render.terminal_map import render_picture

        text += render_picture(answer, color=style.color, width=style.width)
    return text
