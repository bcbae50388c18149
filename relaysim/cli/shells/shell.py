"""``relaysim shell``: Exchange Management Shell commands, run against a model of the server."""

import sys
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
from relaysim.cli.options.output import write_file
from relaysim.cli.options.params import MOMENT, config_option, fresh_options
from relaysim.cli.progress import working
from relaysim.cli.shells.shell_report import differences, report
from relaysim.cli.shells.shell_start import FRESH, folder_reader, home_of, start
from relaysim.config.source import Versions, decode_text, read_bytes
from relaysim.errors import InvalidInput, InvalidScript, Problem
from relaysim.lean import later
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.organization import Organization

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.backend.engine import RealRun
    from relaysim.smtp.clients.submission import submit_mail
else:
    # Few scripts send a message: only they pay for the engine.
    (submit_mail,) = later(globals(), "relaysim.smtp.clients.submission", "submit_mail")

__all__ = ["command"]


@click.command(name="shell")
@click.argument("script", required=False, metavar="[SCRIPT.ps1|-]")
@click.argument("arguments", metavar="[-- ARGUMENTS]", nargs=-1)
@config_option(multiple=False, otherwise=FRESH)
@fresh_options(
    exchange="Version of the fresh server: 2007, 2010, 2013, 2016, 2019 or SE, or one for each of "
    "several servers with commas; default: what the script's #relaysim: line says, else 2007.",
    server="Name of the fresh server, or several with commas; default: what the line says, else "
    "EX01. Of several servers of -c: the one that the shell runs on; default: the first.",
    several=True,
)
@click.option("--diff", "show_changes", is_flag=True, help="Print what changed, as signed lines.")
@click.option("--save", metavar="FILE", help="Write the resulting server file (TOML).")
@click.option(
    "--allow-read",
    "folder",
    metavar="FOLDER",
    help="Let Get-Content, Import-Csv and Select-String read files below this folder.",
)
@click.option(
    "--answer",
    "answers",
    metavar="TEXT",
    multiple=True,
    help="What a person answers: to Read-Host, a choice (by letter or label), -Confirm, "
    "Get-Credential (user, then password), a missing mandatory parameter; repeatable, taken in "
    "order.",
)
@click.option(
    "--now",
    type=MOMENT,
    metavar="TIME",
    help="What Get-Date says at the beginning, as 2026-03-04T05:06:07 or with a zone behind it; "
    "without it a script that asks the clock is refused.",
)
@click.option(
    "--keep-going",
    is_flag=True,
    help="Report an unknown command where it stands, as PowerShell does, and run the rest.",
)
@click.option(
    "--max-seconds",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="End a script that runs longer; default: 5.",
)
@click.option(
    "--max-memory",
    type=click.IntRange(min=1),
    metavar="MB",
    help="End a script that takes more memory, in megabytes; default: 300.",
)
@click.option(
    "--engine",
    type=click.Choice(["embedded", "powershell"]),
    default="embedded",
    help="What runs the script: the subset here, in memory, or your own PowerShell, where all "
    "that the script does beside Exchange really happens; default: embedded.",
)
@click.option(
    "--powershell", metavar="PATH", help="The PowerShell that --engine powershell starts."
)
@click.option(
    "--folder",
    "workplace",
    metavar="FOLDER",
    help="Working folder of --engine powershell; default: an empty one.",
)
@click.option(
    "--on-exchange-server",
    "on_server",
    is_flag=True,
    help="Let --engine powershell run where Exchange is installed.",
)
@click.option(
    "--allow-write",
    "target",
    metavar="FOLDER",
    help="Store the files that the script writes below this folder; otherwise they are only "
    "listed.",
)
@click.option(
    "--width",
    type=click.IntRange(min=20, max=10_000),
    metavar="N",
    help="Columns of the console: tables are cut and lists wrapped as PowerShell does; without "
    "it nothing is.",
)
def command(
    script: str | None,
    config: str | None,
    exchange: Versions,
    server: str | None,
    show_changes: bool,  # noqa: FBT001
    save: str | None,
    folder: str | None,
    engine: str,
    powershell: str | None,
    workplace: str | None,
    on_server: bool,  # noqa: FBT001
    target: str | None,
    width: int | None,
    arguments: tuple[str, ...],
    answers: tuple[str, ...],
    now: datetime | None,
    keep_going: bool,  # noqa: FBT001
    max_seconds: float | None,
    max_memory: int | None,
) -> int:
    """Run Exchange Management Shell commands against a model of the server.

    Nothing is executed: the commands change the model, and --diff or --save shows what came of
    it. Without a script a prompt opens; with - the script comes from standard input. It begins
    with -c, else with the fresh server that --exchange, --server or a #relaysim: line at the
    beginning of the script names, else with $RELAYSIM_CONFIG or relaysim.toml, else with a fresh
    2007 server.

    Arguments of the script stand behind --: relaysim shell x.ps1 -- -Server EX02.

    Exit codes: 0 fine, 1 a command failed, 2 the script cannot be understood; then nothing ran.

    Example: relaysim shell change.ps1 -c relaysim.toml --diff
    """
    reader = folder_reader(folder)
    if engine == "powershell":
        from relaysim.backend.engine import run_script

        real = partial(
            run_script,
            powershell=powershell,
            folder=workplace,
            arguments=arguments,
            answers=answers,
            on_exchange_server=on_server,
        )
        return _run_real(real, script, config, exchange, server, show_changes, save)
    prompt = script is None and sys.stdin.isatty()
    text, file = ("", "") if prompt else _read(script)
    begin = start(config, exchange, server, otherwise=FRESH, script=(text, file), keep_others=True)
    session = ExchangeSession(
        begin.organization,
        reader=reader,
        width=width,
        max_seconds=max_seconds,
        max_memory=max_memory,
        arguments=arguments,
        answers=answers or None,
        home=home_of(begin.organization, server),
        now=now,
        keep_going=keep_going,
        judge=submit_mail,
    )
    printed = ""
    if prompt:
        from relaysim.cli.shells.shell_prompt import Prompt

        code = Prompt(session, source=begin.source, save=_save).run()
        failed = False
    else:
        try:
            with working(f"running {file or 'the script'}"):
                result = session.run(text, file=file)
        except InvalidScript as error:
            if script not in {None, "-"}:
                _name_the_other_engine(error)
            raise
        printed = result.output
        sys.stdout.write(printed)
        sys.stdout.flush()
        report(result, file=file)
        if target is not None or any(session.session.files):
            from relaysim.cli.shells.shell_files import store

            for line in store(session.session.files, target):
                print(line, file=sys.stderr)  # noqa: T201
        failed = result.failed
        code = EXPECTATION_FAILED if failed else ANSWERED
    if show_changes:
        with working("comparing"):
            found = differences(begin.organization, session.organization)
        found = found or "nothing changed\n"
        if printed and not printed.endswith("\n\n"):
            found = "\n" + found
        sys.stdout.write(found)
    if save is not None and failed:
        print(f"not saved to {save}: a command failed", file=sys.stderr)  # noqa: T201
    elif save is not None:
        _save(save, session.organization)
    return code


def _name_the_other_engine(error: InvalidScript) -> None:
    """Say in a refusal that a real PowerShell would take what the subset does not."""
    from relaysim.powershell.language.source import ScriptProblem

    if all(isinstance(one, ScriptProblem) and one.refused for one in error.problems):
        advice = "`--engine powershell` runs the script in your own PowerShell"
        last = error.problems[-1]
        last.hint = advice if last.hint is None else f"{last.hint}; {advice}"


def _run_real(  # as the command has them
    real: "Callable[..., RealRun]",
    script: str | None,
    config: str | None,
    exchange: Versions,
    server: str | None,
    show_changes: bool,  # noqa: FBT001
    save: str | None,
) -> int:
    if script is None or script == "-":
        raise InvalidInput(Problem("`--engine powershell` runs a script file", where="SCRIPT.ps1"))
    text = decode_text(read_bytes(script), script)
    begin = start(
        config, exchange, server, otherwise=FRESH, script=(text, script), keep_others=True
    )
    done = real(script, begin.organization, runs_on=home_of(begin.organization, server))
    sys.stdout.write(done.output)
    sys.stdout.flush()
    sys.stderr.write(done.errors)
    if show_changes:
        found = differences(begin.organization, done.organization)
        sys.stdout.write(found or "nothing changed\n")
    if save is not None and done.failed:
        print(f"not saved to {save}: a command failed", file=sys.stderr)  # noqa: T201
    elif save is not None:
        _save(save, done.organization)
    return EXPECTATION_FAILED if done.failed else ANSWERED


def _read(script: str | None) -> tuple[str, str]:
    """Return the text of the script and its name for messages."""
    if script is None or script == "-":
        return sys.stdin.read(), "standard input"
    text = decode_text(read_bytes(script), script)
    if script.casefold().endswith(".toml"):
        hint = f"to begin with that server: `relaysim shell -c {script}`"
        raise InvalidInput(Problem("a server file, not a script", file=script, hint=hint))
    return text, script


def _save(path: str, organization: Organization) -> None:
    from relaysim.config.writer import format_server

    write_file(path, format_server(organization))
