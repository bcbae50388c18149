"""Finding and reading scenario files."""

from collections.abc import Callable, Iterable, Iterator
from os import stat, walk
from os.path import abspath, dirname, isabs, isdir, isfile, join, normpath, realpath

from relaysim.builtin import PREFIX, builtin
from relaysim.config.serverfile import parse_server
from relaysim.config.source import read_bytes
from relaysim.errors import InvalidInput, InvalidScenario, Problem
from relaysim.model.organization import Organization
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.reading.schema import Scenario

__all__ = ["Loader", "find_files", "read_scenario_bytes", "scenario_root"]

_SERVERS = 64


def find_files(paths: Iterable[str]) -> Iterator[str]:
    """Yield the scenario files that the paths name, each once, in order.

    A file is taken as it is, whatever its name. Below a folder every ``*.toml`` file is taken, in
    the order of its path; folders whose name begins with ``_`` or ``.`` are left out.

    Raises:
        InvalidScenario: Paths that do not exist, before anything is yielded, or a folder without
            a scenario file.
    """
    paths = list(paths)
    missing = [path for path in paths if _is_missing(path)]
    if missing:
        raise InvalidScenario(Problem("no such file", file=path) for path in missing)
    seen: set[str] = set()
    for path in paths:
        if isdir(path):  # noqa: PTH112
            found = False
            for file in _below(path):
                found = True
                if file not in seen:
                    seen.add(file)
                    yield file
            if not found:
                hint = "scenario files end in `.toml`; folders that begin with `_` are left out"
                raise InvalidScenario(Problem("no scenario file in it", file=path, hint=hint))
        elif path not in seen:
            seen.add(path)
            yield path


def _is_missing(path: str) -> bool:
    try:
        stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        # What is wrong with it is said when it is read.
        return False
    return False


def _below(folder: str) -> Iterator[str]:
    for place, folders, files in walk(folder):
        folders[:] = sorted(name for name in folders if name[0] not in "_.")
        for name in sorted(files):
            if name.endswith(".toml") and name[0] not in "_.":
                yield join(place, name)  # noqa: PTH118


def read_scenario_bytes(path: str) -> bytes:
    """Return the bytes of a scenario file.

    Raises:
        InvalidScenario: It cannot be read.
    """
    try:
        return read_bytes(path)
    except InvalidInput as error:
        raise InvalidScenario(
            Problem(problem.message, file=problem.file) for problem in error.problems
        ) from None


def scenario_root(folder: str) -> str:
    """Return the folder that a scenario in ``folder`` may name server files in.

    It is the nearest folder above that holds ``.git``, so that a checkout is closed in itself,
    or, outside a checkout, the folder above the scenario's own.
    """
    place = folder
    while True:
        git = join(place, ".git")  # noqa: PTH118
        if isdir(git) or isfile(git):  # noqa: PTH112, PTH113
            return place
        above = dirname(place)  # noqa: PTH120
        if above == place:
            return dirname(folder)  # noqa: PTH120
        place = above


class Loader:
    """Reads scenario files; a server that several of them name is read once.

    What is kept is bounded, whatever the number of files.

    Args:
        notice: Takes each warning about a scenario's server.

    Attributes:
        read: The paths of the server files that were read.
    """

    def __init__(self, notice: Callable[[Problem], None] | None = None) -> None:
        self._notice = notice
        self._builtins: dict[str, Organization] = {}
        self._servers: dict[str, Organization] = {}
        self.read: set[str] = set()
        self._roots: dict[str, str] = {}

    def load(self, path: str, *, for_update: bool = False) -> Scenario:
        """Return the scenario of a file.

        Raises:
            InvalidScenario: It cannot be read or has problems; all of them are named.
        """
        data = read_scenario_bytes(path)
        return self.parse(data, path, for_update=for_update)

    def parse(self, data: bytes, path: str, *, for_update: bool = False) -> Scenario:
        """Return the scenario of a file whose bytes are known.

        Raises:
            InvalidScenario: It has problems; all of them are named.
        """
        return parse_scenario(
            data,
            file=path,
            resolve=self.resolver(dirname(path)),  # noqa: PTH120
            for_update=for_update,
            notice=self._notice,
        )

    def resolver(self, folder: str) -> Callable[[str], Organization]:
        """Return what finds the servers named by scenarios in a folder."""

        def resolve(text: str) -> Organization:
            if text.casefold().startswith(PREFIX):
                found = self._builtins.get(text)
                if found is None:
                    found = self._builtins[text] = builtin(text)
                return found
            return self._server_file(folder, text)

        return resolve

    def _server_file(self, folder: str, text: str) -> Organization:
        if isabs(text) or "\\" in text:  # noqa: PTH117
            message = f"`{text}` must be a path relative to the scenario file, with `/`"
            raise InvalidInput(message, hint='for example `server = "../_servers/edge.toml"`')
        if "\0" in text:
            raise InvalidInput(f"`{text}` is not a usable file name")
        path = normpath(join(folder, text))  # noqa: PTH118
        found = self._servers.get(path)
        if found is not None:
            return found
        here = realpath(abspath(folder))  # noqa: PTH100
        root = self._roots.get(here)
        if root is None:
            if len(self._roots) >= _SERVERS:
                self._roots.clear()
            root = self._roots[here] = scenario_root(here)
        if not (realpath(path) + "/").startswith(root.rstrip("/") + "/"):
            raise InvalidInput(
                f"`{text}` lies outside `{root}`",
                hint="a scenario names server files of its own checkout only",
            )
        self.read.add(path)
        organization = parse_server(read_bytes(path), file=path, notice=self._notice)
        if len(self._servers) >= _SERVERS:
            self._servers.pop(next(iter(self._servers)))
        self._servers[path] = organization
        return organization
