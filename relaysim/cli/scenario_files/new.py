"""``relaysim new``: a scenario to begin with."""

import os
import sys

import click

from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import write_file
from relaysim.errors import InvalidInput, Problem
from relaysim.scenario.rewriting.starter import STARTER

__all__ = ["command"]


@click.command(name="new")
@click.argument("file", required=False, metavar="[FILE]")
def command(file: str | None) -> int:
    """Write a commented scenario that passes, to FILE or to standard output.

    A file that exists is never overwritten.

    Example: relaysim new relay.toml
    """
    if file is None:
        sys.stdout.write(STARTER)
        return ANSWERED
    if os.path.lexists(file):
        hint = "name another file; without one the scenario goes to standard output"
        raise InvalidInput(Problem("exists already", file=file, hint=hint))
    write_file(file, STARTER)
    click.echo(f"wrote {file}; run it with `relaysim test {file}`")
    return ANSWERED
