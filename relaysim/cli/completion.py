"""``relaysim completion``: the script that teaches a shell to complete the command line."""

import os
import re
import sys

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

from relaysim.cli.exits import ANSWERED
from relaysim.powershell.language.writing import word

__all__ = ["VARIABLE", "command", "register"]

VARIABLE = "_RELAYSIM_COMPLETE"
"""The environment variable by which a shell asks for completions."""

_SHELLS = ("bash", "zsh", "fish", "powershell")
_PLAIN_OPTION = re.compile(r"--?[A-Za-z][A-Za-z0-9-]*")
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName '%(prog_name)s' -ScriptBlock {
    param($word, $command, $cursor)
    $words = foreach ($element in $command.CommandElements) {
        if ($element.Extent.StartOffset -lt $cursor) {
            if ($element.Value -is [string]) { $element.Value } else { $element.Extent.Text }
        }
    }
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = @($words) -join "`n"
    $env:COMP_WORD = $word
    try {
        foreach ($line in @(& '%(prog_name)s')) {
            $text, $help = $line -split "`t", 2
            if (-not $help) { $help = $text }
            $result = 'System.Management.Automation.CompletionResult'
            New-Object $result $text, $text, 'ParameterValue', $help
        }
    } finally {
        $env:%(complete_var)s = $null
        $env:COMP_WORDS = $null
        $env:COMP_WORD = $null
    }
}
"""


class _PowerShellComplete(ShellComplete):
    """Completion for Windows PowerShell 5 and PowerShell 7."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the one at it."""
        words = os.environ.get("COMP_WORDS", "").split("\n")[1:]
        current = os.environ.get("COMP_WORD", "")
        if current and words:
            words.pop()
        return words, current.lstrip("'\"")

    def format_completion(self, item: CompletionItem) -> str:
        """Return a line: what is inserted, as one argument, and what it means."""
        value = str(item.value)
        text = value if _PLAIN_OPTION.fullmatch(value) else word(value)
        return f"{text}\t{item.help}" if item.help else text

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return the completions; where a file is asked for, none: PowerShell offers its own."""
        found = super().get_completions(args, incomplete)
        return [item for item in found if item.type == "plain"]


def register() -> None:
    """Let Click answer PowerShell as it answers the other shells."""
    add_completion_class(_PowerShellComplete)


@click.command(name="completion")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script that completes commands, options and their values.

    bash, zsh: eval "$(relaysim completion bash)". fish: relaysim completion fish | source.
    PowerShell: relaysim completion powershell | Out-String | Invoke-Expression.

    Example: relaysim completion powershell >> $PROFILE
    """
    register()
    kind = get_completion_class(shell)
    if kind is not None:
        made = kind(ctx.find_root().command, {}, "relaysim", VARIABLE)
        sys.stdout.write(made.source_template % made.source_vars())
    return ANSWERED
