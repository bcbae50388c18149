"""Finding and loading the configuration that ``-c`` names."""

from collections.abc import Mapping
from typing import NamedTuple

from relaysim.builtin import PREFIX, builtin
from relaysim.errors import InvalidConfiguration, Problem
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion

__all__ = ["DEFAULT_FILE", "DEFAULT_SOURCE", "VARIABLE", "Configuration", "default_source", "load"]

VARIABLE = "RELAYSIM_CONFIG"
DEFAULT_FILE = "relaysim.toml"
DEFAULT_SOURCE = f"{PREFIX}option-1"


class Configuration(NamedTuple):
    """An organization together with where it came from.

    Attributes:
        source: What the user named: a path or ``builtin:NAME``.
        organization: The organization.
    """

    source: str
    organization: Organization

    @property
    def is_builtin(self) -> bool:
        """Whether it ships with the program."""
        return self.source.startswith(PREFIX)


def load(source: str, *, exchange: ExchangeVersion = ExchangeVersion.V2007) -> Organization:
    """Return the organization that ``source`` names.

    ``builtin:NAME``, the path of a server file, or that of a ``.ps1`` script, which is run on a
    fresh server of the version ``exchange``.

    Raises:
        UnknownName: No such built-in configuration.
        InvalidConfiguration: The file cannot be read or has problems; all of them are named.
        InvalidScript: The script cannot be understood.
    """
    if source.casefold().startswith(PREFIX):
        return builtin(source)
    if source.casefold().endswith(".ps1"):
        from relaysim.config.script import run_configuration

        return run_configuration(read_bytes(source), file=source, exchange=exchange)
    from relaysim.config.serverfile import parse_server

    return parse_server(read_bytes(source), file=source)


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
