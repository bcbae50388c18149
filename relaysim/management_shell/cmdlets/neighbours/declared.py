"""The parameters of the neighbouring commands, as their reference pages list them.

``commands.txt`` and, for commands about which nothing is kept, ``others.txt`` have a line for each
command: its name, then its parameters. Behind a name stand,
where they apply: ``!`` it is mandatory, ``@N`` its place, ``<`` it comes from the pipeline, ``:X``
its kind (``w`` switch, ``b`` Boolean, ``m`` several values, ``i`` number, ``z`` size, ``s`` time
span, ``c`` secret, else text), ``^V`` the first and ``~V`` the last version that knows it. A
command without ``^`` is taken for as old as the shell.

Source: NBCMD.
"""

from __future__ import annotations

from functools import lru_cache

from relaysim.lean import frozen, pattern
from relaysim.model.version import ExchangeVersion, parse_version

__all__ = ["DeclaredCommand", "DeclaredParameter", "command_names", "commands_about", "declared"]

_PARAMETER = pattern(
    r"(?P<name>\w+)(?P<must>!)?(?:@(?P<place>\d+))?(?P<pipe><)?(?::(?P<kind>\w))?"
    r"(?:\^(?P<since>\w+))?(?:~(?P<until>\w+))?"
)
_COMMAND = pattern(r"(?P<name>[\w-]+)(?:\^(?P<since>\w+))?(?:~(?P<until>\w+))?")
_NAME = pattern(r"[\w-]+")
_FILES = ("commands.txt", "others.txt")


@frozen
class DeclaredParameter:
    """A parameter of a neighbouring command.

    Attributes:
        name: Exchange's spelling.
        kind: The letter of its kind, see the module; ``t`` is text.
        mandatory: Whether the command fails without it.
        place: Its place among unnamed arguments, from 0.
        piped: Whether an object of the pipeline goes to it.
        since: The first version that knows it.
        until: The last one.
    """

    name: str
    kind: str = "t"
    mandatory: bool = False
    place: int | None = None
    piped: bool = False
    since: ExchangeVersion
    until: ExchangeVersion


@frozen
class DeclaredCommand:
    """A neighbouring command.

    Attributes:
        name: Verb and noun.
        since: The first version that has it.
        until: The last one.
        parameters: Its own parameters.
    """

    name: str
    since: ExchangeVersion
    until: ExchangeVersion
    parameters: tuple[DeclaredParameter, ...]

    @property
    def verb(self) -> str:
        """The verb."""
        return self.name.partition("-")[0]

    @property
    def noun(self) -> str:
        """The noun."""
        return self.name.partition("-")[2]


def _first(text: str | None) -> ExchangeVersion:
    return ExchangeVersion.V2007 if text is None else parse_version(text)


def _last(text: str | None) -> ExchangeVersion:
    return ExchangeVersion.SE if text is None else parse_version(text)


def _parameter(text: str) -> DeclaredParameter:
    match = _PARAMETER.fullmatch(text)
    assert match is not None, text  # noqa: S101 - a line of the package's own file
    place = match["place"]
    return DeclaredParameter(
        name=match["name"],
        kind=match["kind"] or "t",
        mandatory=match["must"] is not None,
        place=None if place is None else int(place),
        piped=match["pipe"] is not None,
        since=_first(match["since"]),
        until=_last(match["until"]),
    )


def _command(line: str) -> DeclaredCommand:
    head, *rest = line.split()
    match = _COMMAND.fullmatch(head)
    assert match is not None, head  # noqa: S101 - a line of the package's own file
    return DeclaredCommand(
        name=match["name"],
        since=_first(match["since"]),
        until=_last(match["until"]),
        parameters=tuple(_parameter(text) for text in rest),
    )


@lru_cache(maxsize=1)
def _lines() -> dict[str, str]:
    from importlib.resources import files

    folder = files("relaysim.management_shell.cmdlets.neighbours")
    text = "".join(folder.joinpath(name).read_text("ascii") for name in _FILES)
    return {_NAME.match(line)[0]: line for line in text.splitlines()}  # type: ignore[index]


def command_names() -> tuple[str, ...]:
    """Return the names of the neighbouring commands, sorted."""
    return tuple(_lines())


@lru_cache(maxsize=1024)
def declared(name: str) -> DeclaredCommand:
    """Return a neighbouring command by its name, as it is spelled."""
    return _command(_lines()[name])


def commands_about(noun: str) -> tuple[DeclaredCommand, ...]:
    """Return the commands of a noun, compared without case."""
    wanted = noun.lower()
    return tuple(declared(name) for name in _lines() if name.partition("-")[2].lower() == wanted)
