"""What Click finds wrong with a command line, in the words of every other error."""

import click

from relaysim.errors import Problem

__all__ = ["usage_problem"]


def usage_problem(error: click.ClickException) -> Problem:
    """Return the problem that an error of Click tells: the option first, then what is wrong.

    The hint names the closest options, or else the command's help.
    """
    message, where, hint = error.format_message(), None, None
    if isinstance(error, click.NoSuchOption):
        message, where = "no such option", error.option_name
        if error.option_name == "--json":
            hint = "JSON is an output format: `-o json`"
        elif error.possibilities:
            near = ", ".join(f"`{name}`" for name in sorted(error.possibilities))
            hint = f"did you mean {near}?"
    elif (
        isinstance(error, click.BadParameter)
        and not isinstance(error, click.MissingParameter)
        and error.param is not None
    ):
        option = isinstance(error.param, click.Option)
        where = error.param.opts[-1] if option else error.param.human_readable_name
        message = error.message.replace("is not a valid integer range", "is not a whole number")
    elif isinstance(error, click.UsageError) and (of_group := _without_command(error)) is not None:
        message, hint = of_group
    else:
        # What may be chosen stands in lines of its own behind the first.
        message = message.splitlines()[0].removesuffix(" Choose from:")
        message = message[:1].lower() + message[1:]
        hint = _expanded(error, message)
    if hint is None and isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f"see `{error.ctx.command_path.strip()} --help`"
    return Problem(message.rstrip("."), where=where, hint=hint)


def _without_command(error: click.UsageError) -> tuple[str, str] | None:
    """Return message and hint where a group of commands was given none of its own."""
    group = None if error.ctx is None else error.ctx.command
    if error.ctx is None or not isinstance(group, click.Group):
        return None
    shown = [name for name, one in group.commands.items() if not one.hidden]
    hint = f"commands: {', '.join(sorted(shown))}"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return f"{error.ctx.info_name}: no command is named", hint
    if error.message.startswith("No such command"):
        name = error.message.partition("'")[2].rpartition("'")[0]
        return f"unknown command `{name}`", hint
    return None


def _expanded(error: click.ClickException, message: str) -> str | None:
    """Return what a shell may have done to the words, or ``None``."""
    if isinstance(error, click.BadOptionUsage) and error.option_name in ("--from", "--header-from"):
        return f"the null sender is `{error.option_name} '<>'`; some shells drop an empty argument"
    if not message.startswith("got unexpected extra argument"):
        return None
    if "@" in message:
        return (
            "a list became several arguments: repeat the option for each, or join them; in "
            "PowerShell `--to ($list -join ',')`"
        )
    if any(end in message.casefold() for end in (".toml", ".ps1", ".xml", ".csv", ".txt")):
        return "the shell made several names of a pattern: name one file, or a folder of exports"
    return None
