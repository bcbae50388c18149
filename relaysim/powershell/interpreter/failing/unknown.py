"""What is said of a command that is not there when it is to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from relaysim.powershell.interpreter.failing.refusals import refusal
from relaysim.powershell.language.syntax import BareWord

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.language.syntax import Command

__all__ = ["refuse_unknown"]


def refuse_unknown(machine: Machine, node: Command, name: str, suggestion: str | None) -> NoReturn:
    """End the statement: no command has this name here.

    Args:
        machine: The run.
        node: Where the command is called.
        name: What it is called.
        suggestion: The name that may be meant.

    Raises:
        ShellError: Always.
    """
    refused = refusal(name)
    # A word that was looked over is a function of the script, which is gone again.
    own = isinstance(node.name, BareWord) and not node.called
    gone = own and refused is None and not machine.keep_going
    unknown = (
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script "
        "file, or operable program. Check the spelling of the name, or if a path was "
        "included, verify that the path is correct and try again."
        if machine.keep_going or gone
        else f"`{name}` is no command that is known here"
    )
    known = "CommandNotFoundException" if gone else "CommandNotFound"
    machine.fail(
        refused or unknown,
        node.at,
        id=known if refused is None else "CommandRefused",
        hint=None if refused or suggestion is None else f"did you mean `{suggestion}`?",
    )
