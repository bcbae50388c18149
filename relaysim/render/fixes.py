"""Commands that findings and plans give, as text to paste."""

from collections.abc import Iterable

from relaysim.analysis.findings.finding import Command, Witness
from relaysim.config.script_values import list_of
from relaysim.errors import printable
from relaysim.powershell.language.quoting import quote

__all__ = ["command_text", "fix_lines", "witness_command"]


def command_text(command: Command) -> str:
    r"""Return one command as the shell reads it.

    >>> command_text(Command("Get-ReceiveConnector", (("Identity", "EX01\\A"),)))
    "Get-ReceiveConnector -Identity 'EX01\\A'"
    """
    words = [command.name]
    for name, value in command.arguments:
        if value is None:
            words.append(f"-{name}")
        elif isinstance(value, bool):
            words.append(f"-{name} {'$true' if value else '$false'}")
        elif isinstance(value, tuple):
            words.append(f"-{name} {list_of(value)}")
        else:
            words.append(f"-{name} {quote(value)}")
    return " ".join(words)


def fix_lines(fix: Iterable[tuple[Command, ...]]) -> list[str]:
    """Return pipelines as lines of a script."""
    return [printable(" | ".join(map(command_text, pipeline))) for pipeline in fix]


def witness_command(witness: Witness, source: str) -> str:
    """Return the ``check`` command that shows a finding."""
    words = ["relaysim", "check", "--ip", witness.ip]
    if witness.endpoint.port != 25:
        words += ["--port", str(witness.endpoint.port)]
    if not witness.endpoint.is_any:
        words += ["--local-ip", str(witness.endpoint.address)]
    if witness.auth != "none":
        words += ["--auth", witness.auth]
    if witness.tls:
        words.append("--tls")
    import shlex

    return " ".join([*words, "-c", shlex.quote(source)])
