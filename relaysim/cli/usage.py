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
    else:
        message = message[:1].lower() + message[1:]
    if hint is None and isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f"see `{error.ctx.command_path.strip()} --help`"
    return Problem(message.rstrip("."), where=where, hint=hint)
