"""Options and arguments that the commands about many addresses share."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from relaysim.analysis.endpoints import Narrowing, Surface, endpoints
from relaysim.cli.asking.transcript import read_text
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.options.output import Output, output_option, parse_outputs
from relaysim.cli.options.params import (
    Parsed,
    color_option,
    config_option,
    fresh_options,
    spreadsheet_option,
)
from relaysim.config.source import Configuration, default_source
from relaysim.errors import InvalidInput, Problem, closest
from relaysim.model.decision import Answers
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address, parse_address
from relaysim.net.addrset import NOTHING, AddressSet
from relaysim.net.notation import AddressRange, parse_each_range
from relaysim.render.space.ranges import NOTATIONS, RangeWriting
from relaysim.scenario.reading.schema import normal_addresses

__all__ = ["AskedSpace", "expected_addresses", "parse_question", "space_options"]

_FAMILIES = {"4": (4,), "6": (6,), "both": (4, 6)}


def _parse_ports(text: str) -> tuple[int, ...]:
    found = []
    for part in text.split(","):
        word = part.strip()
        if not (word.isascii() and word.isdigit() and 1 <= int(word) <= 65535):
            raise InvalidInput(Problem(f"`{word}` is no port (expected 1 to 65535)"))
        found.append(int(word))
    return tuple(found)


def _parse_addresses(text: str) -> tuple[Address, ...]:
    return tuple(parse_address(part) for part in text.split(","))


PORTS = Parsed("PORTS", _parse_ports)
ADDRESSES = Parsed("ADDRESSES", _parse_addresses)


class AskedSpace(NamedTuple):
    """What the commands about every address are told alike.

    Attributes:
        source: The configuration's name, ``None`` for the default one.
        exchange: Version of the fresh server of a script.
        server: The servers that are asked about, ``None`` for all.
        scope: The endpoints and TLS states that are covered.
        families: 4, 6 or both.
        writing: How ranges are written.
        targets: The outputs.
        color: When to use colour.
    """

    source: str | None
    exchange: ExchangeVersion | None
    server: str | None
    scope: Narrowing
    families: tuple[int, ...]
    writing: RangeWriting
    targets: tuple[Output, ...]
    color: str

    def configuration(self) -> Configuration:
        """Return the configuration, loaded now."""
        source = self.source or default_source(os.environ)
        loaded = load_telling(source, exchange=self.exchange, server=self.server)
        return Configuration(source, loaded)

    def surface(self, organization: Organization) -> Surface:
        """Return the endpoints that are covered."""
        return Surface(organization, endpoints(organization, self.scope))


def space_options(kind: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return the options of a command about every address, which it gets as ``space``.

    Args:
        kind: What it answers with, a kind of :mod:`relaysim.render.formats`.
    """

    def decorate(function: Callable[..., int]) -> Callable[..., int]:
        @wraps(function)
        def asked(**given: Any) -> int:  # noqa: ANN401  # as Click gives them
            named = given.pop("ports"), given.pop("local_ips"), given.pop("tls")
            ranges = RangeWriting(given.pop("notation"), given.pop("spreadsheet"))
            space = AskedSpace(
                source=given.pop("config"),
                exchange=given.pop("exchange"),
                server=given.pop("server"),
                scope=_scope_of(*named),
                families=_FAMILIES[given.pop("family")],
                writing=ranges,
                targets=parse_outputs(given.pop("outputs"), kind),
                color=given.pop("color"),
            )
            return function(space=space, **given)

        for option in reversed(_space_options(kind)):
            asked = option(asked)
        return asked

    return decorate


def _space_options(kind: str) -> tuple[Callable[[Any], Any], ...]:
    return (
        click.option(
            "--port",
            "ports",
            type=PORTS,
            multiple=True,
            help="Only the server's ports; default: all. Commas or repeated.",
        ),
        click.option(
            "--local-ip",
            "local_ips",
            type=ADDRESSES,
            multiple=True,
            help="Only the server's addresses; default: all. Commas or repeated.",
        ),
        click.option(
            "--tls/--no-tls",
            default=None,
            help="Only with STARTTLS, or only without; default: both.",
        ),
        click.option(
            "--family",
            type=click.Choice(list(_FAMILIES)),
            default="both",
            help="Address family; default: both.",
        ),
        click.option(
            "--notation",
            type=click.Choice(NOTATIONS),
            default="auto",
            help="How ranges are written: CIDR where it is one network (auto), only CIDR, or "
            "low-high.",
        ),
        spreadsheet_option(),
        config_option(multiple=False),
        fresh_options(),
        output_option(kind),
        color_option(),
    )


def _scope_of(
    ports: tuple[tuple[int, ...], ...],
    local_ips: tuple[tuple[Address, ...], ...],
    tls: bool | None,  # noqa: FBT001  # the value of an option
) -> Narrowing:
    return Narrowing(
        ports=tuple(dict.fromkeys(port for each in ports for port in each)),
        local_ips=tuple(dict.fromkeys(address for each in local_ips for address in each)),
        tls=(False, True) if tls is None else (tls,),
    )


def expected_addresses(text: str, option: str) -> AddressSet:
    """Return the addresses that ``--expect`` or ``--expect-within`` names, mapped ones as IPv4.

    ``nobody`` names none; a file has ranges on its lines, separated by commas, and comments after
    ``#``.

    Raises:
        InvalidInput: No range, or the file cannot be read; the message names the option or line.
    """
    if text.strip().casefold() in ("nobody", "none"):
        return NOTHING
    if option == "--expect-within" and Path(text).is_file():
        lines = [line.partition("#")[0] for line in read_text(text).splitlines()]
        places = [(number, line) for number, line in enumerate(lines, 1)]
    else:
        places = [(0, text)]
    ranges: list[AddressRange] = []
    problems: list[Problem] = []
    for number, line in places:
        try:
            ranges += parse_each_range(line)
        except InvalidInput as error:
            for problem in error.problems:
                problem.where = option
                problem.file, problem.line = (text, number) if number else (None, None)
                problems.append(problem)
    if problems:
        raise InvalidInput(problems)
    if not ranges:
        raise InvalidInput(Problem("no range", where=option, hint="`nobody` expects none"))
    return normal_addresses(tuple(ranges))


def parse_question(text: str, where: str) -> str:
    """Return the name of the answer that ``text`` names: any case, unique beginning.

    Raises:
        InvalidInput: No such answer, or several.
    """
    name = text.strip().lower().replace("-", "_")
    names = Answers._fields
    matches = [field for field in names if field == name] or [
        field for field in names if name and field.startswith(name)
    ]
    if len(matches) == 1:
        return matches[0]
    near = closest(name, names)
    shown = ", ".join(field.replace("_", "-") for field in matches or names)
    hint = (
        f"did you mean `{near.replace('_', '-')}`?" if near and not matches else f"one of {shown}"
    )
    message = f"`{text}` is not unique" if matches else f"unknown question `{text}`"
    raise InvalidInput(Problem(message, where=where, hint=hint))
