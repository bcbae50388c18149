"""``relaysim who-can``: every address from which one thing may be done."""

import os

import click

from relaysim.analysis.reach import Reach, Way, reach, ways
from relaysim.cli.address_map import complain_undecided
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.output import Output, lay_out, output_option, parse_outputs, style_for, write_out
from relaysim.cli.params import AUTH, color_option, config_option, fresh_options
from relaysim.cli.shape import families_of, parse_question, place_options, range_options
from relaysim.config.source import Configuration, default_source
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.render.who_can_view import WhoCan, who_can_csv, who_can_document, who_can_view

__all__ = ["command"]

_FORMATS = ("text", "json", "csv")
_KINDS = (
    AuthKind.NONE,
    AuthKind.USER,
    AuthKind.EXCHANGE,
    AuthKind.EDGE,
    AuthKind.LEGACY,
    AuthKind.PARTNER,
)


@click.command(name="who-can")
@click.argument("question")
@click.option(
    "--auth",
    "kinds",
    type=AUTH,
    multiple=True,
    help="Only these ways to identify oneself; default: all. Repeatable.",
)
@click.option(
    "--tls/--no-tls", default=None, help="Only with STARTTLS, or only without; default: both."
)
@place_options
@range_options
@config_option(multiple=False)
@fresh_options()
@output_option(_FORMATS)
@color_option()
def command(
    question: str,
    kinds: tuple[AuthKind, ...],
    tls: bool | None,  # noqa: FBT001
    port: int,
    local_ip: Address | None,
    family: str,
    notation: str,
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    outputs: tuple[str, ...],
    color: str,
) -> int:
    """List every address from which QUESTION is answered with yes, for each way to come.

    QUESTION is an answer of check: relay, submit, bypass-anti-spam, resolve-p2 and so on.

    Example: relaysim who-can relay
    """
    targets = parse_outputs(outputs, _FORMATS)
    name = parse_question(question, "QUESTION")
    source = config or default_source(os.environ)
    configuration = Configuration(source, load_telling(source, exchange=exchange, server=server))
    organization = configuration.organization
    shape = Session(ip=Address(4, 0), port=port, local_ip=local_ip)
    chosen = tuple(dict.fromkeys(kinds)) or _KINDS
    families = families_of(family)
    found = [
        reach(organization, shape, way, name, families)
        for way in ways(organization, chosen)
        if tls is None or way.tls is tls
    ]
    answer = WhoCan(configuration, name, shape, tuple(_telling(found)), families)
    for target in targets:
        write_out(target, _render(answer, target, notation, color))
    return complain_undecided(source, [o.undecided for each in found for o in each.undecided])


def _telling(found: list[Reach]) -> list[Reach]:
    """Join ways that TLS does not tell apart, and leave out principals that are no exception."""
    by_way = {each.way: each for each in found}
    kept: dict[Way, Reach] = {}
    for each in found:
        way = each.way
        other = by_way.get(way._replace(tls=not way.tls))
        if other is not None and _same(each, other):
            way = way._replace(tls=None)
        is_exception = way.user is not None or way.group is not None
        plain = kept.get(Way(way.auth, way.tls))
        if way not in kept and not (is_exception and plain is not None and _same(each, plain)):
            kept[way] = each._replace(way=way)
    return list(kept.values())


def _same(one: Reach, other: Reach) -> bool:
    return one.addresses == other.addresses and one.unknown == other.unknown


def _render(answer: WhoCan, target: Output, notation: str, color: str) -> str:
    if target.format == "json":
        from relaysim.render.jsondoc import dump

        return dump(who_can_document(answer))
    if target.format == "csv":
        return who_can_csv(answer)
    view = who_can_view(answer, notation)
    return lay_out(view, style_for(target, color))
