"""``relaysim collector``: the script that exports what relaysim reads."""

import click

from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import Output, write_out
from relaysim.importers.collector import collector_script

__all__ = ["command"]


@click.command(name="collector")
@click.option(
    "--text",
    "printed",
    is_flag=True,
    help="Write printed lists, for a shell without Export-Clixml.",
)
@click.option(
    "-o", "--to", "file", metavar="FILE", help="Write the script here; default: to stdout."
)
def command(printed: bool, file: str | None) -> int:  # noqa: FBT001
    """Write a PowerShell script that exports connectors, entries, domains and servers.

    An administrator runs it once in the Exchange Management Shell. It changes nothing there and
    writes one folder, which `relaysim import` and -c read.

    Example: relaysim collector --to relaysim-collector.ps1
    """
    write_out(Output("ps1", file), collector_script(text=printed))
    return ANSWERED
