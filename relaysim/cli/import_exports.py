"""``relaysim import``: what Exchange's shell printed or exported, as a server file."""

import sys
from contextlib import nullcontext

import click

from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import output_option, parse_outputs, write_result

__all__ = ["command"]


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@output_option("import")
@click.option(
    "--encoding",
    metavar="NAME",
    help="Encoding of texts without a byte order mark, such as cp850 or latin-1; default: UTF-8.",
)
@click.option(
    "--prefer-latest",
    is_flag=True,
    help="Where two exports differ, take the later one instead of refusing them.",
)
def command(
    paths: tuple[str, ...],
    outputs: tuple[str, ...],
    encoding: str | None,
    prefer_latest: bool,  # noqa: FBT001
) -> int:
    """Read receive connectors, their entries, accepted domains and servers; write a server file.

    PATH is a file, a folder, a zip archive of them, or - for standard input; all of them together
    are one organization. The form is told by the content: Format-List, Format-Table, CSV, CLIXML,
    JSON, HTML, LDIF, security descriptors, transcripts of a shell and what was pasted from them.
    What was read, every remark and what is missing go to standard error.

    Example: relaysim import connectors.xml entries.txt -o toml:relaysim.toml
    """
    from relaysim.cli.diagnostics import warn
    from relaysim.cli.progress import working
    from relaysim.config.exports import import_paths, remark_problems
    from relaysim.render.weighed.import_view import summary_lines

    targets = parse_outputs(outputs, "import")
    # Nothing is drawn where somebody pastes.
    typed = "-" in paths and sys.stdin.isatty()
    with nullcontext() if typed else working("reading"):
        imported = import_paths(
            paths, encoding=encoding, prefer_latest=prefer_latest, logs_alone=True
        )
    for problem in remark_problems(imported.remarks):
        warn(problem)
    for line in summary_lines(imported):
        print(line, file=sys.stderr)  # noqa: T201
    for target in targets:
        # A server file of nothing would be one that says nothing.
        if target.format != "toml" or imported.connectors or imported.domains or imported.servers:
            write_result("import", imported, [target])
    return ANSWERED
