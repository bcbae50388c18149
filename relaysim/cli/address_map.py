"""``relaysim map``: who may do what, over all addresses."""

import os
import sys

import click

from relaysim.analysis.overlay import Layer, overlay, summarised
from relaysim.analysis.partition import partition
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED, INVALID_INPUT
from relaysim.cli.output import Output, lay_out, output_option, parse_outputs, style_for, write_out
from relaysim.cli.params import (
    AUTH,
    color_option,
    config_option,
    fresh_options,
    refuse_account_options,
)
from relaysim.cli.shape import families_of, parse_question, place_options, range_options
from relaysim.config.source import Configuration, default_source
from relaysim.errors import printable
from relaysim.model.decision import Undecided
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.render.map_view import MapAnswer, is_undecided, map_key, map_view

__all__ = ["command", "complain_undecided"]

_FORMATS = ("text", "json", "csv")
_OPTIONS_NAMED = 8


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
@click.option("--tls/--no-tls", default=False, help="They issue STARTTLS first; default: no.")
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
@config_option(multiple=False)
@fresh_options()
@output_option(_FORMATS)
@color_option()
def command(
    kinds: tuple[AuthKind, ...],
    user: str | None,
    groups: tuple[str, ...],
    tls: bool,  # noqa: FBT001
    port: int,
    local_ip: Address | None,
    can: tuple[str, ...],
    cannot: tuple[str, ...],
    family: str,
    notation: str,
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
            local_ip=local_ip,
            port=port,
            auth=kind,
            user=user if kind.is_account else None,
            groups=groups if kind.is_account else (),
            tls=tls,
        )
        for kind in kinds
    )
    families = families_of(family)
    layers = [
        layer
        for layer in overlay([partition(configuration.organization, each) for each in sessions])
        if layer.interval.family in families
    ]
    for target in targets:
        every = summarised(layers, map_key, over_mapped=target.format == "text")
        answer = MapAnswer(
            configuration=configuration,
            sessions=sessions,
            rows=tuple(layer for layer in every if _passes(layer, wanted, unwanted)),
            every=tuple(every),
            families=families,
            filters=_filter_words(wanted, unwanted),
        )
        write_out(target, _render(answer, target, notation, color))
    outcomes = {id(o): o for layer in layers for o in layer.outcomes}.values()
    return complain_undecided(source, [o.undecided for o in outcomes if is_undecided(o)])


def complain_undecided(source: str, reasons: list[Undecided | None]) -> int:
    """Write what stays undecided to standard error, and return the exit code."""
    known = {(r.rule, r.fact, r.text): r.options for r in reasons if r is not None}
    for (rule, fact, text), options in known.items():
        ask = f"add `{fact}`" if fact.startswith("--") else fact
        line = f"error: {source}: some addresses cannot be answered: {text} ({rule}); {ask}"
        print(printable(line), file=sys.stderr)  # noqa: T201
        for option in options[:_OPTIONS_NAMED]:
            print(f"hint: {printable(option)}", file=sys.stderr)  # noqa: T201
    return INVALID_INPUT if known else ANSWERED


def _passes(layer: Layer, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> bool:
    # What is undecided might pass, so it is never hidden.
    if any(is_undecided(outcome) for outcome in layer.outcomes):
        return True
    answers = [outcome.answers for outcome in layer.outcomes]
    return all(any(getattr(each, name).answer for each in answers) for name in wanted) and not any(
        getattr(each, name).answer for each in answers for name in unwanted
    )


def _filter_words(wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> str:
    parts = [f"can {name.replace('_', ' ')}" for name in wanted]
    parts += [f"cannot {name.replace('_', ' ')}" for name in unwanted]
    return " and ".join(parts)


def _render(answer: MapAnswer, target: Output, notation: str, color: str) -> str:
    if target.format == "json":
        from relaysim.render.jsondoc import dump
        from relaysim.render.map_doc import map_document

        return dump(map_document(answer))
    if target.format == "csv":
        from relaysim.render.map_doc import map_csv

        return map_csv(answer)
    style = style_for(target, color)
    text = lay_out(map_view(answer, notation), style)
    if style.rich:
        from relaysim.render.terminal_map import render_picture

        text += render_picture(answer, color=style.color, width=style.width)
    return text
