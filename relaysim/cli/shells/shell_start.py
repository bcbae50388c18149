"""What the shell commands begin with: a configuration and the version of a fresh server."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from relaysim.builtin import PREFIX
from relaysim.cli.options.params import told_encoding
from relaysim.config.source import (
    DEFAULT_SOURCE,
    VARIABLE,
    Configuration,
    Versions,
    decode_text,
    default_source,
    is_script,
    load,
    narrowed,
    refuse_fresh,
    script_start,
)
from relaysim.errors import InvalidInput, Problem, UnknownName
from relaysim.model.organization import Organization, find_server

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FRESH", "folder_reader", "home_of", "start"]

FRESH = f"{PREFIX}default"
MAX_FILE = 8 << 20


def start(
    config: str | None,
    exchange: Versions,
    server: str | None,
    *,
    otherwise: str = DEFAULT_SOURCE,
    script: tuple[str, str] = ("", ""),
    keep_others: bool = False,
) -> Configuration:
    """Return the configuration to begin with.

    Without ``-c``: a fresh server when its version or name is given or the script that will run
    names it, else what the environment or the folder names, else ``otherwise``.

    Args:
        config: What ``-c`` names.
        exchange: The version of the fresh server, or one for each of several.
        server: The name of the fresh server, or several with commas; or of one among several.
        otherwise: What to begin with when nothing is named.
        script: Text and name of the script that will run on it.
        keep_others: Keep the other servers beside the one that is named.

    Raises:
        InvalidInput: ``--exchange`` with servers that all have a version, ``--server`` with one
            that has a name.
        InvalidConfiguration: The line of the script that names its server is malformed.
    """
    if config is not None and is_script(config):
        found = load(config, exchange=exchange, server=server, keep_others=keep_others)
        return Configuration(config, found)
    if config is not None and config.casefold() != FRESH:
        hint = f"it goes with `{FRESH}` and with scripts"
        found = load(config, exchange=exchange, encoding=told_encoding())
        one_of = server if len(found.servers) > 1 else None
        refuse_fresh(config, None, None if one_of else server, hint=hint)
        narrow = narrowed(found, one_of)
        return Configuration(config, found if keep_others else narrow)
    # A fresh server asked for by name is what it says, whatever the script says.
    text, file = script if config is None else ("", "")
    fresh = script_start(text, file=file, exchange=exchange, server=server)
    if fresh is not None:
        return Configuration(FRESH, fresh)
    source = config
    if source is None:
        place = default_source(os.environ)
        named = place != DEFAULT_SOURCE or os.environ.get(VARIABLE)
        source = place if named else otherwise
    return Configuration(source, load(source, encoding=told_encoding()))


def home_of(organization: Organization, server: str | None) -> str | None:
    """Return the name of the server that ``--server`` says the shell runs on, or ``None``."""
    try:
        return None if server is None else find_server(organization, server).name
    except UnknownName:
        # Several names: those of fresh servers, of which the first is meant.
        return None


def _found_below(base: "Path", path: str) -> "Path | None":
    """Return what a Windows path means below ``base``, ``None`` when there is no such thing."""
    import re

    parts = [part for part in path.replace("\\", "/").split("/") if part not in {"", "."}]
    if parts and re.fullmatch(r"[A-Za-z]:", parts[0]):
        parts[0] = parts[0][0]
    found = base
    for part in parts:
        if part == ".." or not found.is_dir():
            return None
        exact = found / part
        same = [one for one in found.iterdir() if one.name.casefold() == part.casefold()]
        if exact not in same and len(same) != 1:
            return None
        found = exact if exact in same else same[0]
    return found.resolve()


def folder_reader(folder: str | None) -> Callable[[str], str] | None:
    r"""Return what reads the files a script asks for: only those below ``folder``.

    A relative path is taken from the folder, ``C:\\x`` from its folder ``C``, names are compared
    without case. A path that leads out of it, by ``..`` or a link, is refused, and so is a file of
    more than 8 MiB. For a folder the reader raises ``IsADirectoryError``.

    Raises:
        InvalidInput: It is no folder.
    """
    if folder is None:
        return None
    from pathlib import Path

    try:
        base = Path(folder).resolve(strict=True)
    except (OSError, ValueError):
        base = None
    if base is None or not base.is_dir():
        raise InvalidInput(Problem(f"`{folder}` is no folder", where="--allow-read"))

    def read(path: str) -> str:
        wanted = base.joinpath(path.replace("\\", "/")).resolve()
        if not wanted.exists() or not wanted.is_relative_to(base):
            wanted = _found_below(base, path) or wanted
        if not wanted.is_relative_to(base):
            raise ValueError(f"it is not below `{folder}`")
        if wanted.is_dir():
            raise IsADirectoryError("it is a folder")
        if not wanted.is_file():
            raise ValueError("no such file")
        if wanted.stat().st_size > MAX_FILE:
            raise ValueError("it is larger than 8 MiB")
        return decode_text(wanted.read_bytes(), path)

    return read
