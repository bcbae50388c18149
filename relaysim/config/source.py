"""Finding and loading the configuration that ``-c`` names."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from relaysim.builtin import PREFIX, builtin
from relaysim.errors import InvalidConfiguration, InvalidInput, Problem
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion

__all__ = [
    "DEFAULT_FILE",
    "DEFAULT_SOURCE",
    "VARIABLE",
    "Configuration",
    "decode_text",
    "default_source",
    "is_script",
    "load",
]

VARIABLE = "RELAYSIM_CONFIG"
DEFAULT_FILE = "relaysim.toml"
DEFAULT_SOURCE = f"{PREFIX}option-1"


class Configuration(NamedTuple):
    """An organization together with where it came from.

    Attributes:
        source: What the user named: the path of a server file or script, or ``builtin:NAME``.
        organization: The organization.
    """

    source: str
    organization: Organization

    @property
    def is_builtin(self) -> bool:
        """Whether it ships with the program."""
        return self.source.startswith(PREFIX)


def is_script(source: str) -> bool:
    """Tell whether ``source`` names a script of the Exchange Management Shell (``.ps1``)."""
    return source.casefold().endswith(".ps1") and not source.casefold().startswith(PREFIX)


def load(
    source: str,
    *,
    exchange: ExchangeVersion | None = None,
    notice: Callable[[Problem], None] | None = None,
) -> Organization:
    """Return the organization that ``source`` names.

    ``builtin:NAME`` is a built-in configuration, a file whose name ends in ``.ps1`` a script that
    is run on a fresh server, any other path a server file.

    Args:
        source: What the user named.
        exchange: The version of the fresh server a script is run on, 2007 when left out; only a
            script takes one, everything else has a version of its own.
        notice: Takes each warning about a server file.

    Raises:
        UnknownName: No such built-in configuration.
        InvalidConfiguration: The file cannot be read or has problems; all of them are named.
        InvalidInput: A version for something that is no script.
    """
    if is_script(source):
        return _run_script(source, exchange or ExchangeVersion.V2007)
    if exchange is not None:
        raise InvalidInput(
            Problem(
                f"`{source}` has a version of its own",
                where="--exchange",
                hint="it goes with a script (`-c FILE.ps1`), which is run on a fresh server",
            )
        )
    if source.casefold().startswith(PREFIX):
        return builtin(source)
    from relaysim.config.serverfile import parse_server

    return parse_server(read_bytes(source), file=source, notice=notice)


def _run_script(path: str, exchange: ExchangeVersion) -> Organization:
    """Return what a script makes of a fresh server; an error of a command is a problem of it."""
    from relaysim.builtin.fresh import fresh_server
    from relaysim.shell import run

    text = decode_text(read_bytes(path), path)
    try:
        result = run(text, fresh_server(exchange=exchange), file=path)
    except InvalidInput as error:
        raise InvalidConfiguration(error.problems) from error
    problems = [
        Problem(
            record.message,
            file=path,
            line=record.position.line if record.position is not None else None,
            hint=record.hint,
        )
        for record in result.errors
    ]
    if not problems and result.exit_code:
        problems = [Problem(f"the script ended with exit code {result.exit_code}", file=path)]
    if problems:
        raise InvalidConfiguration(problems)
    return result.organization


def decode_text(data: bytes, path: str) -> str:
    """Return a script's text: UTF-16 with its mark, as PowerShell writes it, or UTF-8.

    Raises:
        InvalidConfiguration: It is neither.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem("neither UTF-8 nor UTF-16 text", file=path, line=line)
        raise InvalidConfiguration(problem) from None


def read_bytes(path: str) -> bytes:
    """Return the contents of a file.

    Raises:
        InvalidConfiguration: It does not exist, is a folder or cannot be read.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # pathlib costs start-up time here
            return file.read()
    except IsADirectoryError:
        message, hint = "is a folder, not a file", None
    except FileNotFoundError:
        message, hint = "no such file", f"built-in configurations are written `{PREFIX}NAME`"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable file name"
        message, hint = f"cannot be read ({reason.lower()})", None
    raise InvalidConfiguration(Problem(message, file=path, hint=hint))


def default_source(environ: Mapping[str, str]) -> str:
    """Return what answers without ``-c``: the environment, the folder's file, the article's server.

    The environment variable ``RELAYSIM_CONFIG`` comes before ``relaysim.toml`` in the current
    folder, and that before ``builtin:option-1``.
    """
    from os.path import exists  # pathlib costs start-up time here

    named = environ.get(VARIABLE)
    if named:
        return named
    return DEFAULT_FILE if exists(DEFAULT_FILE) else DEFAULT_SOURCE  # noqa: PTH110
