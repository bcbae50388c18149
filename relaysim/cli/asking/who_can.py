"""``relaysim who-can``: every address from which one thing may be done."""

import os
from collections.abc import Callable

import click

from relaysim.analysis.endpoints import Surface, endpoints
from relaysim.analysis.expected import ExpectedReach, held_against
from relaysim.analysis.reach import Reach, reaches, told, ways
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
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
    spreadsheet_option,
)
from relaysim.cli.options.shape import (
    expected_addresses,
    families_of,
    parse_question,
    place_options,
    range_options,
    scope_of,
)
from relaysim.config.source import Configuration, default_source
from relaysim.errors import InvalidInput, Problem
from relaysim.model.session import AuthKind, Session
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import whole
from relaysim.render.space.who_can_view import WhoCan, who_can_csv, who_can_document, who_can_view

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
    "--expect",
    metavar="RANGES",
    help="Exit 1 unless exactly these addresses may, on some endpoint: ranges, or `nobody`.",
)
@click.option(
    "--expect-within",
    metavar="RANGES|FILE",
    help="Exit 1 when any other address may; a file has one range or more on each line.",
)
@place_options
@range_options
@spreadsheet_option()
@config_option(multiple=False)
@fresh_options()
@output_option(_FORMATS)
@color_option()
def command(
    question: str,
    kinds: tuple[AuthKind, ...],
    expect: str | None,
    expect_within: str | None,
    ports: tuple[tuple[int, ...], ...],
    local_ips: tuple[tuple[Address, ...], ...],
    tls: bool | None,  # noqa: FBT001
    family: str,
    notation: str,
    spreadsheet: bool,  # noqa: FBT001
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
    wanted = _expectation(expect, expect_within)
    source = config or default_source(os.environ)
    configuration = Configuration(source, load_telling(source, exchange=exchange, server=server))
    organization = configuration.organization
    chosen = tuple(dict.fromkeys(kinds)) or _KINDS
    families = families_of(family)
    scope = scope_of(ports, local_ips, tls)
    surface = Surface(organization, endpoints(organization, scope))
    shape = Session(ip=Address(4, 0))
    every = ways(organization, chosen)
    found = reaches(surface, shape, every, name, families=families, states=scope.tls)
    telling = tuple(told(found))
    answer = WhoCan(
        configuration, name, surface.spots, scope.tls, telling, families, wanted(telling, families)
    )
    for target in targets:
        write_out(target, _render(answer, target, notation, color, spreadsheet=spreadsheet))
    failed = answer.expectation is not None and not answer.expectation.is_met
    return EXPECTATION_FAILED if failed else ANSWERED


def _expectation(
    exactly: str | None, within: str | None
) -> Callable[[tuple[Reach, ...], tuple[int, ...]], ExpectedReach | None]:
    """Return what holds an answer against the expectation of the command line.

    Raises:
        InvalidInput: Both were given, or what was given is no list of ranges.
    """
    if exactly is not None and within is not None:
        raise InvalidInput(
            Problem("only one of `--expect` and `--expect-within`", where="--expect-within")
        )
    option, text = ("--expect", exactly) if within is None else ("--expect-within", within)
    if text is None:
        return lambda _reaches, _families: None
    addresses = expected_addresses(text, option)

    def held(reaches: tuple[Reach, ...], families: tuple[int, ...]) -> ExpectedReach:
        asked = addresses & AddressSet(whole(family) for family in families)
        words = f"only from {text}" if within is None else f"nobody but {text}"
        if not addresses:
            words = "nobody"
        return held_against(reaches, asked, words, exactly=within is None)

    return held


def _render(answer: WhoCan, target: Output, notation: str, color: str, *, spreadsheet: bool) -> str:
    if target.format == "json":
        from relaysim.render.answers.jsondoc import dump

        return dump(who_can_document(answer))
    if target.format == "csv":
        return who_can_csv(answer, spreadsheet=spreadsheet)
    view = who_can_view(answer, notation)
    return lay_out(view, style_for(target, color))
