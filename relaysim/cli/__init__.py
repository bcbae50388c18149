"""The command line: Click only here and in the command modules.

A command's module is imported when the command is called, so that start-up stays short.
"""

import os
import sys
from typing import NamedTuple, NoReturn

import click

from relaysim.cli.exits import ANSWERED, INTERNAL_ERROR, INVALID_INPUT
from relaysim.cli.options.narrow import make_streams_safe, warn_of_what_was_not_shown
from relaysim.errors import InvalidInput, RelaysimError, printable

__all__ = ["COMMANDS", "LazyCommand", "cli", "main"]


class LazyCommand(NamedTuple):
    """Where a command lives.

    Attributes:
        module: Module of this package to import; its attribute ``command`` is the Click command.
        summary: The line shown by ``relaysim --help``.
    """

    module: str
    summary: str


COMMANDS: dict[str, LazyCommand] = {
    "check": LazyCommand("asking.check", "Answer what one client may do, and why."),
    "test": LazyCommand("scenario_files.scenarios", "Run scenario files: expectations, for CI."),
    "new": LazyCommand("scenario_files.new", "Write a commented scenario to begin with."),
    "session": LazyCommand("asking.session", "Play an SMTP session, from a file or typed."),
    "serve": LazyCommand("serve", "Listen, and answer real clients as Exchange."),
    "explain": LazyCommand("asking.explain", "Explain rights, groups and connectors."),
    "shell": LazyCommand("shells.shell", "Run Exchange Management Shell commands."),
    "import": LazyCommand("import_exports", "Read what Exchange's shell printed or exported."),
    "export-shell": LazyCommand("shells.export_shell", "Write a configuration as shell commands."),
    "map": LazyCommand("asking.address_map", "Show who may do what, over all addresses."),
    "who-can": LazyCommand("asking.who_can", "List every address that may do one thing."),
    "audit": LazyCommand("weighing.audit", "Decide what is wrong with a configuration."),
    "diff": LazyCommand("weighing.diff", "Compare the power of two configurations."),
    "suggest": LazyCommand("weighing.suggest", "Say what to do so that somebody may."),
    "batch": LazyCommand("asking.batch", "Answer many questions from a file."),
    "completion": LazyCommand("completion", "Print the script that completes the command line."),
    "collector": LazyCommand(
        "shells.collector", "Write the script that exports what relaysim reads."
    ),
    "schema": LazyCommand("schema", "Print the JSON Schema of a file or document."),
    "report": LazyCommand("weighing.report", "Write one page to hand over."),
    "replay": LazyCommand("weighing.replay", "Hold server logs against a configuration."),
    "powershell": LazyCommand(
        "shells.powershell", "Put the simulated server behind your own PowerShell."
    ),
}


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            result = super().invoke(ctx)
            # Here a full disk is still an error that can be told, at the interpreter's end not.
            sys.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough, as `head` does: no error, whatever Click makes of it. The
            # second close would complain.
            _discard_stdout()
            return ANSWERED
        return result

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        lazy = COMMANDS.get(cmd_name)
        if lazy is None:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"relaysim.cli.{lazy.module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from relaysim.errors import closest

        if args and args[0] == "help":
            args = [*args[1:2], "--help"]
            if len(args) == 1:
                ctx.fail("help: name a command: relaysim help COMMAND")
        if ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = closest(args[0], COMMANDS)
            hint = f"did you mean `{near}`? " if near else ""
            raise InvalidInput(
                f"unknown command `{args[0]}`", hint=f"{hint}commands: {', '.join(COMMANDS)}"
            )
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            from relaysim.cli.options.command_line import check_command_line

            check_command_line(command, rest)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.summary) for name, lazy in COMMANDS.items()])


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value and not ctx.resilient_parsing:
        from relaysim import __version__

        click.echo(f"relaysim {__version__}")
        ctx.exit(ANSWERED)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 answered, 1 an expectation failed, 2 invalid input, 3 internal error.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
@click.option("-q", "--quiet", is_flag=True, help="No warnings and notes on standard error.")
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.option(
    "--no-cache", is_flag=True, help="Keep nothing of large configurations for the next run."
)
def cli(debug: bool, quiet: bool, no_cache: bool) -> None:  # noqa: ARG001, FBT001  # main() reads the first
    """Tell who may relay through an Exchange receive connector, and why.

    Works from configuration files and needs neither Exchange nor Windows.
    """
    if quiet:
        from relaysim.cli.notes import be_quiet

        be_quiet()
    if no_cache:
        from relaysim.cli.diagnostics import keep_nothing

        keep_nothing()


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with one of the codes of :mod:`relaysim.cli.exits`.

    Args:
        arguments: Without the program name; ``sys.argv`` if left out.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if not _open_streams():
        sys.exit(INVALID_INPUT)
    make_streams_safe()
    _end_on_signals()
    completing = "_RELAYSIM_COMPLETE" in os.environ
    if completing:
        from relaysim.cli.completion import register

        register()
    elif not arguments:
        _write_error(cli.get_help(click.Context(cli, info_name="relaysim", **cli.context_settings)))
        sys.exit(INVALID_INPUT)
    try:
        code = cli.main(arguments, prog_name="relaysim", standalone_mode=False)
    except RelaysimError as error:
        _complain(error)
        code = INVALID_INPUT
    except click.ClickException as error:
        from relaysim.cli.options.usage import usage_problem

        for line in usage_problem(error).lines():
            _write_error(line if line.startswith("hint: ") else f"error: {line}")
        code = INVALID_INPUT
    except (KeyboardInterrupt, click.Abort) as ended:
        _write_error("interrupted")
        # Click makes an error of its own of what the signal raised.
        cause = ended.__cause__ if isinstance(ended, click.Abort) else ended
        code = cause.args[0] if isinstance(cause, _Ended) else 130
    except OSError as error:
        code = _report_lost_output(error, arguments)
    except Exception as error:  # noqa: BLE001  # the last line of defence
        code = _report_bug(error, arguments)
    warn_of_what_was_not_shown()
    sys.exit(code if isinstance(code, int) else ANSWERED)


def _complain(error: RelaysimError) -> None:
    if not isinstance(error, InvalidInput):
        _write_error(f"error: {printable(str(error))}")
        return
    from relaysim.cli.notes import complain

    complain(error.problems)


def _write_error(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


def _report_lost_output(error: OSError, arguments: list[str]) -> int:
    """Report an answer that could not be written; any other failure of the system is a bug."""
    from errno import EDQUOT, EFBIG, EIO, ENOSPC

    if error.filename is not None or error.errno not in {EDQUOT, EFBIG, EIO, ENOSPC}:
        return _report_bug(error, arguments)
    _discard_stdout()
    _write_error(f"error: standard output: cannot be written ({str(error.strerror).lower()})")
    return INVALID_INPUT


def _report_bug(error: Exception, arguments: list[str]) -> int:
    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error)
    else:
        name = type(error).__name__
        _write_error(f"internal error: {name}: {printable(str(error))}")
        _write_error("hint: this is a bug in relaysim; `relaysim --debug ...` shows where")
    return INTERNAL_ERROR


class _Ended(KeyboardInterrupt):
    """A signal asked the program to end; the argument is the exit code."""


def _end_on_signals() -> None:
    """End on SIGTERM and SIGHUP as on Ctrl-C: everything cleans up after itself."""
    import signal

    def end(number: int, _frame: object) -> NoReturn:
        raise _Ended(128 + number)

    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # Whoever started the program with a signal ignored, as nohup does, wants it ignored.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, end)


def _open_streams() -> bool:
    """Put something in place of streams that were closed; tell whether output goes anywhere."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdout is None:
        _write_error("error: standard output is closed")
        return False
    return True


def _discard_stdout() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
