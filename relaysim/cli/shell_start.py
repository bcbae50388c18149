"""What the shell commands begin with: a configuration and the version of a fresh server."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from relaysim.builtin import PREFIX
from relaysim.builtin.fresh import fresh_server
from relaysim.cli.params import EXCHANGE
from relaysim.config.source import (
    DEFAULT_SOURCE,
    VARIABLE,
    Configuration,
    decode_text,
    default_source,
    is_script,
    load,
)
from relaysim.errors import InvalidInput, Problem
from relaysim.model.version import ExchangeVersion

__all__ = ["FRESH", "exchange_option", "folder_reader", "start"]

FRESH = f"{PREFIX}default"
MAX_FILE = 8 << 20

F = TypeVar("F", bound=Callable[..., Any])


def exchange_option() -> Callable[[F], F]:
    """Return the ``--exchange`` option: the version of the fresh server."""
    return click.option(
        "--exchange",
        type=EXCHANGE,
        help="Exchange version of the fresh server: 2007 (default), 2010, 2013, 2016, 2019 or SE.",
    )


def start(
    config: str | None, exchange: ExchangeVersion | None, *, otherwise: str = DEFAULT_SOURCE
) -> Configuration:
    """Return the configuration to begin with.

    Without ``-c``: a fresh server when its version is given, else what the environment or the
    folder names, else ``otherwise``.

    Raises:
        InvalidInput: ``--exchange`` with a configuration that has a version of its own.
    """
    source = config
    if source is None:
        found = default_source(os.environ)
        named = found != DEFAULT_SOURCE or os.environ.get(VARIABLE)
        source = found if named else otherwise
        source = source if exchange is None else FRESH
    if exchange is None:
        return Configuration(source, load(source))
    if source.casefold() == FRESH:
        return Configuration(FRESH, fresh_server(exchange=exchange))
    if is_script(source):
        return Configuration(source, load(source, exchange=exchange))
    raise InvalidInput(
        Problem(
            f"`{source}` has a version of its own",
            where="--exchange",
            hint=f"it goes with `{FRESH}` and with scripts",
        )
    )


def folder_reader(folder: str | None) -> Callable[[str], str] | None:
    """Return what reads the files a script asks for: only those below ``folder``.

    A relative path is taken from the folder. A path that leads out of it, by ``..`` or a link, is
    refused, and so is a file of more than 8 MiB.

    Raises:
        InvalidInput: It is no folder.
    """
    if folder is None:
        return None
    try:
        base = Path(folder).resolve(strict=True)
    except (OSError, ValueError):
        base = None
    if base is None or not base.is_dir():
        raise InvalidInput(Problem(f"`{folder}` is no folder", where="--allow-read"))

    def read(path: str) -> str:
        wanted = base.joinpath(path.replace("\\", "/")).resolve()
        if not wanted.is_relative_to(base):
            raise ValueError(f"it is not below `{folder}`")
        if not wanted.is_file():
            raise ValueError("no such file")
        if wanted.stat().st_size > MAX_FILE:
            raise ValueError("it is larger than 8 MiB")
        return decode_text(wanted.read_bytes(), path)

    return read
