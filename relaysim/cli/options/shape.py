"""Options and arguments that the commands about many addresses share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from relaysim.analysis.endpoints import Narrowing
from relaysim.cli.asking.transcript import read_text
from relaysim.cli.options.params import Parsed
from relaysim.errors import InvalidInput, Problem, closest
from relaysim.model.decision import Answers
from relaysim.net.address import Address, parse_address
from relaysim.net.addrset import NOTHING, AddressSet
from relaysim.net.notation import AddressRange, parse_range
from relaysim.render.space.ranges import NOTATIONS
from relaysim.scenario.reading.schema import normal_addresses

__all__ = [
    "expected_addresses",
    "families_of",
    "parse_question",
    "place_options",
    "range_options",
    "scope_of",
]

F = TypeVar("F", bound=Callable[..., Any])

_FAMILIES = {"4": (4,), "6": (6,), "both": (4, 6)}


def place_options(command: F) -> F:
    """Add ``--port``, ``--local-ip`` and ``--tls/--no-tls``, which narrow what is covered."""
    command = click.option(
        "--tls/--no-tls", default=None, help="Only with STARTTLS, or only without; default: both."
    )(command)
    command = click.option(
        "--local-ip",
        "local_ips",
        type=ADDRESSES,
        multiple=True,
        help="Only the server's addresses; default: all. Commas or repeated.",
    )(command)
    return click.option(
        "--port",
        "ports",
        type=PORTS,
        multiple=True,
        help="Only the server's ports; default: all. Commas or repeated.",
    )(command)


def scope_of(
    ports: tuple[tuple[int, ...], ...],
    local_ips: tuple[tuple[Address, ...], ...],
    tls: bool | None,  # noqa: FBT001  # the value of an option
) -> Narrowing:
    """Return what ``--port``, ``--local-ip`` and ``--tls`` narrow a question to."""
    return Narrowing(
        ports=tuple(dict.fromkeys(port for each in ports for port in each)),
        local_ips=tuple(dict.fromkeys(address for each in local_ips for address in each)),
        tls=(False, True) if tls is None else (tls,),
    )


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


def range_options(command: F) -> F:
    """Add ``--family`` and ``--notation``."""
    command = click.option(
        "--notation",
        type=click.Choice(NOTATIONS),
        default="auto",
        help="How ranges are written: CIDR where it is one network (auto), only CIDR, or low-high.",
    )(command)
    return click.option(
        "--family",
        type=click.Choice(list(_FAMILIES)),
        default="both",
        help="Address family; default: both.",
    )(command)


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
        for word in filter(None, map(str.strip, line.split(","))):
            try:
                ranges.append(parse_range(word))
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


def families_of(word: str) -> tuple[int, ...]:
    """Return the families that ``--family`` names."""
    return _FAMILIES[word]


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
