"""Finding and loading the configuration that ``-c`` names."""

from collections.abc import Callable, Mapping
from os import PathLike, fspath
from typing import NamedTuple

from relaysim.builtin import PREFIX, builtin
from relaysim.config.recognition import is_export, is_large_export, says_format
from relaysim.errors import InvalidConfiguration, InvalidInput, Problem, UnknownName
from relaysim.lean import replace
from relaysim.model.edit import change_server
from relaysim.model.organization import Organization, find_server
from relaysim.model.version import ExchangeVersion

__all__ = [
    "DEFAULT_FILE",
    "DEFAULT_SOURCE",
    "VARIABLE",
    "Configuration",
    "Versions",
    "decode_text",
    "default_source",
    "is_script",
    "load",
    "narrowed",
    "refuse_fresh",
    "script_start",
]

VARIABLE = "RELAYSIM_CONFIG"
MAX_BYTES = 512 << 20
"""No configuration is larger; an endless input ends there."""
STDIN = "<stdin>"
"""The name of standard input, ``-c -``, in errors."""
Versions = ExchangeVersion | tuple[ExchangeVersion, ...] | None
"""A version, or one for each of several fresh servers."""
DEFAULT_FILE = "relaysim.toml"
DEFAULT_SOURCE = f"{PREFIX}option-1"


class Configuration(NamedTuple):
    """An organization together with where it came from.

    Attributes:
        source: What the user named: the path of a server file or script, or ``builtin:NAME``.
        organization: The organization.
        exchange: The version that the user named for it, or ``None``.
    """

    source: str
    organization: Organization
    exchange: ExchangeVersion | None = None

    @property
    def is_builtin(self) -> bool:
        """Whether it ships with the program."""
        return self.source.startswith(PREFIX)


def is_script(source: str) -> bool:
    """Tell whether ``source`` names a script of the Exchange Management Shell (``.ps1``)."""
    return source.casefold().endswith(".ps1") and not source.casefold().startswith(PREFIX)


def load(
    source: str | PathLike[str],
    *,
    exchange: Versions = None,
    server: str | None = None,
    keep_others: bool = False,
    notice: Callable[[Problem], None] | None = None,
    encoding: str | None = None,
    keep: bool = False,
    unneeded: list[str] | None = None,
) -> Organization:
    """Return the organization that ``source`` names.

    ``builtin:NAME`` is a built-in configuration, a file whose name ends in ``.ps1`` a script that
    is run on a fresh server. Any other path is a server file, or what Exchange's own shell wrote:
    an export, a folder or an archive of them, told by its content. ``-`` is standard input: a
    server file, an export, or a script with a ``#relaysim:`` line.

    Args:
        source: What the user named; a path as text or as a value.
        exchange: The version of the fresh server a script is run on, or one for each of several
            servers; when left out, what its ``#relaysim:`` line says, else 2007. Of a built-in
            configuration the version it is made for; of a file the version of servers whose
            version is not known.
        server: The name of the server that is asked about. A script that does not name it in its
            ``#relaysim:`` line is run on a fresh server of this name, else of EX01; several
            names, with commas, are several fresh servers.
        keep_others: Keep the other servers of a script beside the one that is named.
        notice: Takes each warning about a server file or an export.
        encoding: The encoding of an export without a byte order mark; UTF-8 when left out.
        keep: Keep what a large file is read as in the user's cache folder, and take it from there.
        unneeded: Takes the name of a file whose servers all have a version, instead of an error.

    Raises:
        UnknownName: No such built-in configuration, or no such server in it.
        InvalidConfiguration: The file cannot be read or has problems; all of them are named.
        InvalidInput: A version for a file whose servers all have one.
    """
    source = fspath(source)
    if is_script(source):
        text = decode_text(read_bytes(source), source)
        found = _run_text(text, source, exchange, server, notice)
        return found if keep_others else _asked(found, server)
    if isinstance(exchange, tuple):
        raise InvalidInput(
            Problem("several versions go with the fresh servers of a script", where="--exchange")
        )
    if source.casefold().startswith(PREFIX):
        return narrowed(builtin(source, exchange=exchange), server)
    if keep:
        found = _load_kept(source, notice, encoding, exchange)
    else:
        found = _load_file(source, notice, encoding, exchange)
    if exchange is not None:
        found = _with_versions(source, found, exchange, unneeded)
    return narrowed(found, server)


def narrowed(organization: Organization, server: str | None) -> Organization:
    """Return an organization with only the server of this name; ``None`` changes nothing.

    Several names, with commas, are several servers.

    Raises:
        UnknownName: No such server; the message suggests the closest.
    """
    if server is None:
        return organization
    names = [name.strip() for name in server.split(",") if name.strip()]
    try:
        found = [find_server(organization, name).name for name in names or [server]]
        if len(set(found)) == 1:
            return organization.on(found[0])
        servers = tuple(each for each in organization.servers if each.name in found)
        return replace(organization, servers=servers)
    except UnknownName as error:
        for problem in error.problems:
            problem.where = "--server"
        raise


def _with_versions(
    source: str, found: Organization, exchange: ExchangeVersion, unneeded: list[str] | None
) -> Organization:
    """Return an organization with a version for each server whose version is not known."""
    unknown = [server.name for server in found.servers if server.exchange is None]
    if not unknown and unneeded is not None:
        unneeded.append(source)
    elif not unknown:
        refuse_fresh(source, exchange, None)
    for name in unknown:
        found = change_server(found, server=name, exchange=exchange)
    return found


def _load_kept(
    source: str,
    notice: Callable[[Problem], None] | None,
    encoding: str | None,
    exchange: ExchangeVersion | None,
) -> Organization:
    if notice is None or source == "-":
        return _load_file(source, notice, encoding, exchange)
    from relaysim.config.caching.keeping import kept_or_read

    asked = (source, encoding or "", "" if exchange is None else exchange.value)
    return kept_or_read(asked, notice, lambda tell: _load_file(source, tell, encoding, exchange))


def _load_file(
    source: str,
    notice: Callable[[Problem], None] | None,
    encoding: str | None,
    exchange: ExchangeVersion | None,
) -> Organization:
    from os.path import isdir  # pathlib costs start-up time here

    if source == "-":
        return _load_stdin(notice, encoding, exchange)
    if isdir(source) or is_large_export(source, encoding):  # noqa: PTH112
        return _load_export(source, notice, encoding, exchange)
    hint = f"built-in configurations are written `{PREFIX}NAME`"
    data = read_bytes(source, hint=hint)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # What is cut in the middle of a character is no text of any kind.
        decode_text(data, source)
    if not says_format(data) and is_export(data, source, encoding):
        return _load_export(source, notice, encoding, exchange)
    from relaysim.config.serverfile import parse_server

    try:
        return parse_server(data, file=source, notice=notice)
    except InvalidConfiguration:
        if b"[[step]]" not in data.replace(b"\0", b""):
            raise
        hint = f"`relaysim test {source}` runs it; its server is what `server` names in it"
        problem = Problem("a scenario, not a server file", file=source, hint=hint)
        raise InvalidConfiguration(problem) from None


def _load_stdin(
    notice: Callable[[Problem], None] | None,
    encoding: str | None,
    exchange: ExchangeVersion | None,
) -> Organization:
    """Return what standard input describes: a server file, an exported script, or exports."""
    import sys

    stream = getattr(sys.stdin, "buffer", None)
    data = sys.stdin.read().encode() if stream is None else stream.read(MAX_BYTES)
    if says_format(data):
        from relaysim.config.serverfile import parse_server

        return parse_server(data, file=STDIN, notice=notice)
    if b"#relaysim:" in data[:8192].translate(None, b"\0"):
        return _run_text(decode_text(data, STDIN), STDIN, None, None, notice)
    return _load_export("-", notice, encoding, exchange, data)


def _load_export(
    source: str,
    notice: Callable[[Problem], None] | None,
    encoding: str | None,
    exchange: ExchangeVersion | None,
    stdin: bytes | None = None,
) -> Organization:
    from relaysim.config.doubts import tell_impossible
    from relaysim.config.exports import import_paths, remark_problems
    from relaysim.importers.assembly.remarks import UNKNOWN_VERSION

    imported = import_paths([source], encoding=encoding, stdin=stdin)
    if notice is not None:
        told = exchange is not None
        remarks = [r for r in imported.remarks if not (told and r.kind == UNKNOWN_VERSION)]
        for problem in remark_problems(remarks):
            notice(problem)
        tell_impossible(imported.organization, source, None, notice)
    return imported.organization


def refuse_fresh(
    source: str,
    exchange: Versions,
    server: str | None,
    *,
    hint: str = "it goes with a script (`-c FILE.ps1`), which is run on a fresh server",
) -> None:
    """Refuse a version and a name of a fresh server beside what has its own.

    Raises:
        InvalidInput: One of them was given; both are named.
    """
    problems = [
        Problem(f"`{source}` has a {what} of its own", where=option, hint=hint)
        for what, option, value in (
            ("version", "--exchange", exchange),
            ("name", "--server", server),
        )
        if value is not None
    ]
    if problems:
        raise InvalidInput(problems)


def script_start(
    text: str,
    *,
    file: str,
    exchange: Versions = None,
    server: str | None = None,
) -> Organization | None:
    """Return the fresh servers that a script starts from, ``None`` when nothing names one.

    Args:
        text: The script, whose ``#relaysim:`` line may name the servers.
        file: Its name, for errors.
        exchange: A version that comes before the line's, or one for each server.
        server: A name that comes before the line's, or several with commas.

    Raises:
        InvalidConfiguration: The line is malformed.
        InvalidInput: A name twice, or a number of versions that is not that of the names.
    """
    from relaysim.builtin.fresh import fresh_servers
    from relaysim.config.directive import read_directive

    directive = read_directive(text, file=file)
    given = directive.given() if directive is not None else {}
    if exchange is not None:
        given["exchange"] = exchange
    named = given.get("server", ())
    if server is not None and not (isinstance(named, tuple) and _among(server, named)):
        names = tuple(name.strip() for name in server.split(",") if name.strip())
        given["server"] = names if len(names) > 1 else server
        # The full name belongs to the name that is replaced.
        given.pop("fqdn", None)
    _check_counts(given)
    return fresh_servers(**given) if given else None


def _check_counts(given: dict[str, object]) -> None:
    names = given.get("server")
    names = names if isinstance(names, tuple) else (names,)
    if len({str(name).casefold() for name in names}) < len(names):
        raise InvalidInput(Problem(f"a server twice in `{','.join(names)}`", where="--server"))
    for key, value in given.items():
        if isinstance(value, tuple) and len(value) != len(names):
            servers = "server is" if len(names) == 1 else "servers are"
            text = f"{len(value)} values, and {len(names)} {servers} named"
            hint = "name the servers too: `--server EX01,EX02`"
            raise InvalidInput(Problem(text, where=f"--{key}", hint=hint))


def _among(server: str, names: tuple[str, ...]) -> bool:
    return server.casefold() in (name.casefold() for name in names)


def _run_text(
    text: str,
    path: str,
    exchange: Versions,
    server: str | None,
    notice: Callable[[Problem], None] | None,
) -> Organization:
    from relaysim.builtin.fresh import fresh_server
    from relaysim.config.scripts.script_outcome import script_outcome

    begin = script_start(text, file=path, exchange=exchange, server=server) or fresh_server()
    return script_outcome(text, begin, file=path, notice=notice)


def _asked(found: Organization, server: str | None) -> Organization:
    """Return what a script made, with only the server that is asked about of several."""
    return narrowed(found, server) if len(found.servers) > 1 else found


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


def read_bytes(path: str, *, hint: str | None = None) -> bytes:
    """Return the contents of a file.

    Args:
        path: The file.
        hint: Advice for when there is no such file.

    Raises:
        InvalidConfiguration: It does not exist, is a folder, cannot be read or is too large.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # pathlib costs start-up time here
            data = file.read(MAX_BYTES + 1)
        if len(data) <= MAX_BYTES:
            return data
        message = f"larger than {MAX_BYTES >> 20} MB, or endless"
    except IsADirectoryError:
        message = "is a folder, not a file"
    except FileNotFoundError:
        message = "no such file"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a usable file name"
        message = f"cannot be read ({reason.lower()})"
    missing = message == "no such file"
    raise InvalidConfiguration(Problem(message, file=path, hint=hint if missing else None))


def default_source(environ: Mapping[str, str]) -> str:
    """Return what answers without ``-c``: the environment, the folder's file, the article's server.

    The environment variable ``RELAYSIM_CONFIG`` comes before ``relaysim.toml`` in the current
    folder, and that before ``builtin:option-1``.

    Raises:
        InvalidConfiguration: The variable names a file that does not exist.
    """
    from os.path import exists  # pathlib costs start-up time here

    named = environ.get(VARIABLE)
    if named:
        if not named.casefold().startswith(PREFIX) and not exists(named):  # noqa: PTH110
            hint = f"the environment variable {VARIABLE} names it"
            raise InvalidConfiguration(Problem("no such file", file=named, hint=hint))
        return named
    return DEFAULT_FILE if exists(DEFAULT_FILE) else DEFAULT_SOURCE  # noqa: PTH110
