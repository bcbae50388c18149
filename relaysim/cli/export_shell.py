"""``relaysim export-shell``: a configuration as Exchange Management Shell commands."""

import sys

import click

from relaysim.builtin.fresh import fresh_like
from relaysim.cli.exits import ANSWERED
from relaysim.cli.output import Output, write_out
from relaysim.cli.params import config_option
from relaysim.cli.shell_start import FRESH, exchange_option, start
from relaysim.model.version import ExchangeVersion
from relaysim.shell.export import export_script

__all__ = ["command"]


@click.command(name="export-shell")
@config_option(multiple=False, otherwise=FRESH)
@exchange_option()
@click.option("--to", "file", metavar="FILE", help="Write the script here; default: to stdout.")
def command(config: str | None, exchange: ExchangeVersion | None, file: str | None) -> int:
    """Write the commands that build a configuration from a fresh server of its version.

    What no command expresses stands in comments at the beginning, and on standard error.

    Example: relaysim export-shell -c relaysim.toml --to rebuild.ps1
    """
    begin = start(config, exchange)
    exported = export_script(begin.organization, fresh_like(begin.organization))
    write_out(Output("ps1", file), exported.text)
    for line in exported.missing:
        print(f"warning: no command expresses: {line}", file=sys.stderr)  # noqa: T201
    return ANSWERED
