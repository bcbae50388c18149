"""``relaysim who-can``: every address from which one thing may be done."""

from collections.abc import Callable

import click

from relaysim.analysis.expected import ExpectedReach, held_against
from relaysim.analysis.reach import Reach, reaches, told, ways
from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
from relaysim.cli.options.output import write_result
from relaysim.cli.options.params import AUTH
from relaysim.cli.options.shape import (
    AskedSpace,
    expected_addresses,
    parse_question,
    space_options,
)
from relaysim.cli.progress import working
from relaysim.errors import InvalidInput, Problem
from relaysim.lean import uncollected
from relaysim.model.session import EVERY_KIND, AuthKind, Session
from relaysim.net.address import Address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import whole
from relaysim.render.space.who_can_view import WhoCan

__all__ = ["command"]


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
@space_options("who-can")
def command(
    question: str,
    kinds: tuple[AuthKind, ...],
    expect: str | None,
    expect_within: str | None,
    space: AskedSpace,
) -> int:
    """List every address from which QUESTION is answered with yes, for each way to come.

    QUESTION is an answer of check: relay, submit, bypass-anti-spam, resolve-p2 and so on.

    Example: relaysim who-can relay
    """
    name = parse_question(question, "QUESTION")
    wanted = _expectation(expect, expect_within)
    configuration = space.configuration()
    surface = space.surface(configuration.organization)
    families, states = space.families, space.scope.tls
    every = ways(configuration.organization, tuple(dict.fromkeys(kinds)) or EVERY_KIND)
    shape = Session(ip=Address(4, 0))
    with uncollected():
        with working("asking about every address"):
            found = reaches(surface, shape, every, name, families=families, states=states)
            telling = tuple(told(found))
        answer = WhoCan(
            configuration,
            name,
            surface.spots,
            states,
            telling,
            families,
            wanted(telling, families),
            space.writing,
        )
        write_result("who-can", answer, space.targets, space.color)
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
