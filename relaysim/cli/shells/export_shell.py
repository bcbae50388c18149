"""``relaysim export-shell``: a configuration as Exchange Management Shell commands."""

import sys

import click

from relaysim.builtin.fresh import fresh_like
from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import Output, write_out
from relaysim.cli.options.params import config_option, fresh_options
from relaysim.cli.shells.shell_start import start
from relaysim.config.scripts.script_writer import export_script
from relaysim.config.source import Versions, is_script
from relaysim.errors import printable

__all__ = ["command"]


@click.command(name="export-shell")
@config_option(multiple=False)
@fresh_options(
    exchange="Version of the fresh server: 2007, 2010, 2013, 2016, 2019 or SE, or one for each of "
    "several servers with commas; default: what the script's #relaysim: line says, else 2007.",
    server="Name of the fresh server, or several with commas; default: what the line says, else "
    "EX01. Of several servers of -c: the one to write; default: all.",
    several=True,
)
@click.option(
    "-o", "--to", "file", metavar="FILE", help="Write the script here; default: to stdout."
)
@click.option(
    "--complete",
    is_flag=True,
    help="The server file or export lists every connector: remove those of setup that it does "
    "not have. Without it they stay, and are named.",
)
def command(
    config: str | None,
    exchange: Versions,
    server: str | None,
    file: str | None,
    complete: bool,  # noqa: FBT001
) -> int:
    """Write the commands that build a configuration from a fresh server of its version.

    A #relaysim: line at the beginning names that server, so that -c and relaysim shell start from
    it. What no command expresses stands in comments below it, and on standard error.

    Example: relaysim export-shell -c relaysim.toml --to rebuild.ps1
    """
    begin = start(config, exchange, server)
    # What a script or the program itself made is known completely.
    complete = complete or begin.is_builtin or is_script(begin.source)
    fresh = fresh_like(begin.organization)
    exported = export_script(begin.organization, fresh, complete=complete)
    write_out(Output("ps1", file), exported.text)
    for line in exported.missing:
        print(f"warning: no command expresses: {printable(line)}", file=sys.stderr)  # noqa: T201
    if exported.kept:
        names = printable(", ".join(exported.kept))
        print(  # noqa: T201
            f"warning: not described, and left as setup makes them: {names}\n"
            "hint: `--complete` removes them",
            file=sys.stderr,
        )
    return ANSWERED
