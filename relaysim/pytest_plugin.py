"""The pytest plugin: scenario files become test items, with the failure text of the command.

Collected are files named ``*.relay.toml`` and those that the ini option ``relaysim_files`` names.
Everything but pytest is imported when the first such file is found, so that a test run without
one pays nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from relaysim.scenario.reading.schema import Scenario
    from relaysim.scenario.results import FileResult, StepResult
    from relaysim.serving.background import ServedExchange

__all__ = [
    "ScenarioFile",
    "ScenarioItem",
    "exchange_server",
    "pytest_addoption",
    "pytest_collect_file",
]

SUFFIX = ".relay.toml"


class _Tools:
    """What all files of a test run share: servers are read once."""

    def __init__(self, *, strict: bool) -> None:
        from relaysim.scenario.reading.load import Loader
        from relaysim.scenario.run import Runner

        self.strict = strict
        self.loader: Loader = Loader()
        self.runner: Runner = Runner(strict=strict)


_TOOLS = pytest.StashKey[_Tools]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini options."""
    parser.addini(
        "relaysim_files",
        "relaysim scenario files to collect beside *.relay.toml: patterns of paths below rootdir",
        type="args",
        default=[],
    )
    parser.addini(
        "relaysim_strict",
        "fail a relaysim step that rests on an assumption it does not name",
        type="bool",
        default=False,
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """Collect a scenario file, and nothing else."""
    if file_path.suffix != ".toml":
        return None
    if not file_path.name.endswith(SUFFIX) and not _is_named(file_path, parent.config):
        return None
    node: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return node


def _is_named(file_path: Path, config: pytest.Config) -> bool:
    patterns = config.getini("relaysim_files")
    if not patterns:
        return False
    try:
        relative = file_path.relative_to(config.rootpath)
    except ValueError:
        return False
    if any(part.startswith("_") for part in relative.parts[:-1]):
        return False
    return any(fnmatchcase(relative.as_posix(), pattern) for pattern in patterns)


class ScenarioFile(pytest.File):
    """A scenario file; its steps run together, when the first of them is asked for."""

    scenario: "Scenario"
    _result: "FileResult | None" = None

    @property
    def tools(self) -> _Tools:
        """What all files share."""
        stash = self.config.stash
        if _TOOLS not in stash:
            stash[_TOOLS] = _Tools(strict=bool(self.config.getini("relaysim_strict")))
        return stash[_TOOLS]

    def collect(self) -> Iterable["ScenarioItem"]:
        """Yield an item for each step.

        Raises:
            CollectError: The file is invalid; the text names every problem.
        """
        from relaysim.errors import InvalidInput

        try:
            self.scenario = self.tools.loader.load(self._shown())
        except InvalidInput as error:
            lines = [line for problem in error.problems for line in problem.lines()]
            raise self.CollectError("\n".join(lines)) from None
        numbers = self.scenario.lines()
        for position, step in enumerate(self.scenario.steps):
            yield ScenarioItem.from_parent(
                self, name=step.name, position=position, line=numbers[position]
            )

    def result(self, position: int) -> "StepResult":
        """Return how a step ended."""
        if self._result is None:
            self._result = self.tools.runner.run(self.scenario)
        return self._result.results[position]

    def _shown(self) -> str:
        """Return the path as a user would name it, so that the re-run command works."""
        try:
            return str(self.path.relative_to(Path.cwd()))
        except ValueError:
            return str(self.path)


class ScenarioItem(pytest.Item):
    """One step."""

    def __init__(self, *, position: int, line: int | None, **arguments: Any) -> None:  # noqa: ANN401
        super().__init__(**arguments)
        self.position = position
        self.line = line

    def runtest(self) -> None:
        """Pass, skip, be an expected failure, or raise."""
        from relaysim.scenario.results import State

        file = self.parent
        assert isinstance(file, ScenarioFile)  # noqa: S101  # made by its collect()
        result = file.result(self.position)
        for warning in result.warnings:
            text = f"{', '.join(warning.keys)}: {warning.rule}: {warning.text}"
            self.add_report_section("call", "assumption", text)
        if result.state is State.SKIPPED:
            pytest.skip(result.reason or "skipped")
        if result.state is State.KNOWN_GAP:
            pytest.xfail(result.reason or "known gap")
        if result.state.is_bad:
            from relaysim.render.scenario_report.scenario_machine import failure_text

            strict = file.tools.strict
            raise _StepFailed(failure_text(file.scenario, result, self.line, strict=strict))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return the text of the command, not a traceback."""
        if isinstance(excinfo.value, _StepFailed):
            return excinfo.value.text
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the step stands; pytest counts lines from 0."""
        return self.path, None if self.line is None else self.line - 1, self.name


class _StepFailed(Exception):  # never seen by users: its text is
    """A step that failed, with the text to show."""

    def __init__(self, text: str) -> None:
        self.text = text.rstrip("\n")
        super().__init__(self.text)


@pytest.fixture
def exchange_server() -> "Iterator[Callable[..., ServedExchange]]":
    """Start servers that answer as Exchange would: ``exchange_server(config, as_ip=...)``.

    Takes what :func:`relaysim.serve` takes; ``host``, ``port``, ``sessions`` and ``messages`` are
    those of the server. All of them end with the test.
    """
    from contextlib import ExitStack

    from relaysim.serving.background import serve

    with ExitStack() as stack:

        def start(*arguments: Any, **options: Any) -> "ServedExchange":  # noqa: ANN401
            return stack.enter_context(serve(*arguments, **options))

        yield start
