"""Scenario files run by a program."""

from collections.abc import Iterable
from os import PathLike, fspath

from relaysim.scenario.reading.load import Loader, find_files
from relaysim.scenario.results import FileResult
from relaysim.scenario.run import Runner

__all__ = ["run_scenarios"]


def run_scenarios(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]], *, strict: bool = False
) -> tuple[FileResult, ...]:
    """Run scenario files, and those below folders, as ``relaysim test`` does.

    Args:
        paths: Files and folders.
        strict: An assumption that decided an expected answer without being named is a failure.

    Returns:
        What came of each file, in order; see :attr:`FileResult.passed`.

    Raises:
        InvalidScenario: A file cannot be read or has problems.
    """
    given = [paths] if isinstance(paths, str | PathLike) else list(paths)
    loader, runner = Loader(), Runner(strict=strict)
    return tuple(
        runner.run(loader.load(file)) for file in find_files([fspath(path) for path in given])
    )
