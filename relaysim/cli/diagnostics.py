"""Warnings on standard error about input that is understood all the same."""

import os
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from stat import S_ISDIR
from typing import Any

import click

from relaysim.cli.notes import warn
from relaysim.cli.options.params import Parsed, told_encoding
from relaysim.config.source import Configuration, load, refuse_fresh
from relaysim.errors import Problem
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address, parse_address, zones_in

__all__ = ["ADDRESS", "keep_nothing", "load_each", "load_telling", "tell_unknown", "warn"]


NO_CACHE = "RELAYSIM_NO_CACHE"
_state = {"keep": True}
_SMALL = 1 << 18
"""Bytes that are read at once."""


def keep_nothing() -> None:
    """Keep no result for the next run, and take none of an earlier one."""
    _state["keep"] = False


def load_telling(
    source: str,
    *,
    exchange: ExchangeVersion | None = None,
    server: str | None = None,
    encoding: str | None = None,
    keep: bool = True,
    unneeded: list[str] | None = None,
) -> Organization:
    """Return what :func:`relaysim.config.source.load` returns, its warnings written.

    Without an encoding it is the one that ``--encoding`` names. A command that works much longer
    than a reading takes keeps nothing for the next run.
    """
    with _reading(source):
        return load(
            source,
            exchange=exchange,
            server=server,
            notice=warn,
            encoding=encoding or told_encoding(),
            keep=keep and _state["keep"] and not os.environ.get(NO_CACHE),
            unneeded=unneeded,
        )


def _reading(source: str) -> AbstractContextManager[None]:
    """Return what shows on a terminal that something large is read."""
    if not sys.stderr.isatty() or _is_small(source):
        return nullcontext()
    from relaysim.cli.progress import working

    return working(f"reading {source}")


def _is_small(source: str) -> bool:
    try:
        found = os.stat(source)  # noqa: PTH116  # pathlib costs start-up time here
    except (OSError, ValueError):
        # A built-in one, standard input, where nothing is drawn while somebody pastes, or nothing.
        return source != "-" or sys.stdin.isatty()
    return not S_ISDIR(found.st_mode) and found.st_size < _SMALL


def load_each(
    sources: Iterable[str], *, exchange: ExchangeVersion | None, server: str | None = None
) -> list[Configuration]:
    """Return several configurations; a version goes to those of which some server tells none.

    Raises:
        InvalidInput: A version is given, and every server tells its own.
    """
    unneeded: list[str] = []
    found = []
    for source in sources:
        known = len(unneeded)
        loaded = load_telling(source, exchange=exchange, server=server, unneeded=unneeded)
        told = exchange if len(unneeded) == known else None
        found.append(Configuration(source, loaded, told))
    if unneeded and len(unneeded) == len(found):
        refuse_fresh(unneeded[0], exchange, None)
    return found


def tell_unknown(organization: Organization) -> None:
    """Warn about connectors of which not everything is known, where replies cannot say so."""
    for server in organization.servers:
        parts = [
            f"`{connector.name}` ({', '.join(sorted(connector.unknown))})"
            for connector in server.connectors
            if connector.unknown
        ]
        if parts:
            text = f"{server.name}: not everything is known of {', '.join(parts)}"
            hint = "replies go by what is listed; `relaysim check` tells what is undecided"
            warn(Problem(text, hint=hint))


class _Address(Parsed[Address]):
    def convert(
        self,
        value: Any,  # noqa: ANN401  # as the class above
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Address:
        """Return the address; a zone id in it is named, because it is ignored."""
        address = super().convert(value, param, ctx)
        if isinstance(value, str):
            for zone in zones_in(value):
                where = param.opts[-1] if param is not None else None
                warn(Problem(f"the zone `%{zone}` is ignored", where=where))
        return address


ADDRESS = _Address("ADDRESS", parse_address)
