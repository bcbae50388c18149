"""Manual pages in roff, made from the same text as ``--help``."""

import re

import click

from relaysim.cli import COMMANDS, cli


def roff(text: str) -> str:
    """Return a text that roff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"^\.", r"\\&.", text, flags=re.MULTILINE)


def _paragraphs(text: str) -> list[str]:
    found = []
    for part in re.split(r"\n\s*\n", text.strip()):
        found += [".PP", roff(" ".join(part.split()))]
    return found


def _options(command: click.Command, context: click.Context) -> list[str]:
    lines = [".SH OPTIONS"]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            names, meaning = record
            lines += [".TP", f".B {roff(names)}", roff(" ".join(meaning.split()))]
    return lines


def page(name: str | None) -> str:
    """Return the page of a command, or of the program."""
    if name is None:
        command: click.Command = cli
        title, path = "relaysim", "relaysim"
    else:
        with click.Context(cli, info_name="relaysim") as root:
            found = cli.get_command(root, name)
        assert found is not None
        command = found
        title, path = f"relaysim\\-{roff(name)}", f"relaysim {name}"
    # With the program above it, the command has the program's names for the help option.
    above = click.Context(cli, info_name="relaysim", **cli.context_settings)
    context = above if name is None else click.Context(command, info_name=path, parent=above)
    usage = " ".join(command.collect_usage_pieces(context))
    first, *rest = (command.help or "").strip().split("\n\n")
    summary = " ".join(first.split()).rstrip(".")
    lines = [
        f'.TH "{title.upper()}" 1',
        ".SH NAME",
        f"{title} \\- {roff(summary[:1].lower() + summary[1:])}",
        ".SH SYNOPSIS",
        f".B {roff(path)}",
        roff(usage),
    ]
    if rest:
        lines += [".SH DESCRIPTION", *_paragraphs("\n\n".join(rest))[1:]]
    lines += _options(command, context)
    if name is None:
        lines.append(".SH COMMANDS")
        for each, lazy in COMMANDS.items():
            lines += [".TP", f".B {roff(each)}", roff(lazy.summary)]
        lines += [".SH EXIT STATUS", roff((cli.epilog or "").removeprefix("Exit codes: "))]
    else:
        lines += [".SH SEE ALSO", ".BR relaysim (1)"]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    return {"relaysim.1": page(None)} | {f"relaysim-{name}.1": page(name) for name in COMMANDS}
