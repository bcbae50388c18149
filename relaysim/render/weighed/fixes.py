"""Commands that findings and plans give, as text to paste."""

import shlex
from collections.abc import Iterable

from relaysim.analysis.findings.finding import ShellCommand, Witness
from relaysim.config.source import Configuration
from relaysim.errors import InvalidInput
from relaysim.powershell.language.writing import array, command_line, quote
from relaysim.render.places import naming_options

__all__ = ["command_text", "fix_lines", "witness_command"]


def command_text(command: ShellCommand) -> str:
    r"""Return one command as the shell reads it.

    >>> command_text(ShellCommand("Get-ReceiveConnector", (("Identity", "EX01\\A"),)))
    "Get-ReceiveConnector -Identity 'EX01\\A'"
    """
    return command_line(
        command.name, [(name, _argument(value)) for name, value in command.arguments]
    ).rstrip("\n")


def _argument(value: str | tuple[str, ...] | bool | None) -> str:  # noqa: FBT001
    if value is None:
        return ""
    if isinstance(value, bool):
        return "$true" if value else "$false"
    return array(value) if isinstance(value, tuple) else quote(value)


def fix_lines(fix: Iterable[tuple[ShellCommand, ...]]) -> list[str]:
    """Return pipelines as lines of a script; what cannot be written as one is left out."""
    lines = []
    for pipeline in fix:
        try:
            lines.append(" | ".join(map(command_text, pipeline)))
        except InvalidInput:
            # Half of a surrogate pair stands in a name, which no script can carry.
            continue
    return lines


def witness_command(witness: Witness, configuration: Configuration) -> str:
    """Return the ``check`` command that shows a finding."""
    words = ["relaysim", "check", "--ip", witness.ip]
    if witness.endpoint.port != 25:
        words += ["--port", str(witness.endpoint.port)]
    if witness.local_ip or not witness.endpoint.is_any:
        words += ["--local-ip", witness.local_ip or str(witness.endpoint.address)]
    if witness.server:
        words += ["--server", shlex.quote(witness.server)]
    if witness.auth != "none":
        words += ["--auth", witness.auth]
    if witness.tls:
        words.append("--tls")
    return " ".join([*words, *map(shlex.quote, naming_options(configuration))])
