"""``relaysim test``: run scenario files."""

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED, INVALID_INPUT
from relaysim.cli.notes import complain, make_room, warn
from relaysim.cli.options.output import Output, output_option, parse_outputs, style_for
from relaysim.cli.options.params import color_option
from relaysim.cli.progress import shows_progress, working
from relaysim.cli.scenario_files.scenario_output import LineReport, Report, Sink
from relaysim.errors import InvalidInput, InvalidScenario, Problem, closest, printable
from relaysim.render.formats import maker_of
from relaysim.render.scenario_report.scenario_words import count_words
from relaysim.scenario.reading.load import Loader, find_files
from relaysim.scenario.results import Totals
from relaysim.scenario.run import Runner

if TYPE_CHECKING:
    from relaysim.model.organization import Organization
    from relaysim.scenario.coverage import Coverage, CoverageReport
    from relaysim.scenario.reading.schema import Scenario
    from relaysim.scenario.script import ScriptOutcome

__all__ = ["command"]

_MANY_FILES = 50
"""Files from which on a bar is drawn."""
_REMEMBERED = 5000
"""Step names that are remembered to suggest one."""


@click.command(name="test")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "-k",
    "words",
    multiple=True,
    metavar="TEXT",
    help="Only steps whose name holds TEXT. Repeatable.",
)
@click.option(
    "--step",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only the step of this name or number. Repeatable.",
)
@click.option("-x", "stop", is_flag=True, help="Stop at the first failure.")
@click.option("-v", "verbose", is_flag=True, help="Name the steps that passed, too.")
@click.option("--diff", is_flag=True, help="Show what each change gives and takes.")
@click.option("--strict", is_flag=True, help="An assumption that is not named fails the step.")
@click.option(
    "--durations", type=click.IntRange(0), default=0, metavar="N", help="List the N slowest steps."
)
@click.option("--cover", is_flag=True, help="Report what no scenario ever asked about.")
@click.option(
    "--cover-fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit 1 when less than this was asked about.",
)
@click.option(
    "--allow-powershell",
    is_flag=True,
    help="Run steps of the engine `powershell`: a real one, where all that they do happens.",
)
@click.option("--update", is_flag=True, help="Write the actual answers into the files.")
@output_option("test")
@color_option()
def command(
    paths: tuple[str, ...],
    words: tuple[str, ...],
    names: tuple[str, ...],
    stop: bool,  # noqa: FBT001
    verbose: bool,  # noqa: FBT001
    diff: bool,  # noqa: FBT001
    strict: bool,  # noqa: FBT001
    durations: int,
    cover: bool,  # noqa: FBT001
    cover_fail_under: float | None,
    allow_powershell: bool,  # noqa: FBT001
    update: bool,  # noqa: FBT001
    outputs: tuple[str, ...],
    color: str,
) -> int:
    """Run scenario files, and every *.toml file below a folder.

    Folders whose name begins with _ or . are left out. Exit code 1 when a step fails.

    Example: relaysim test scenarios/ -o text -o junit:report.xml
    """
    if not paths:
        hint = "for example `relaysim test scenarios/`; `relaysim new` writes a first scenario"
        raise InvalidInput(Problem("no file or folder is named", where="PATH", hint=hint))
    files = list(find_files(paths))
    select = _selector(words, names)
    if update:
        return _update(files, select)
    targets = parse_outputs(outputs, "test")
    coverage = _coverage(wanted=cover or cover_fail_under is not None)
    timed = durations > 0 or any(target.format == "junit" for target in targets)
    runner = Runner(
        strict=strict,
        stop=stop,
        select=select,
        clock=_clock() if timed else None,
        watch=coverage.watch if coverage is not None else None,
        powershell=_powershell if allow_powershell else None,
        comparing=diff,
    )
    bar = len(files) >= _MANY_FILES and shows_progress()
    reports = [
        _report(target, color, strict=strict, verbose=verbose, slowest=durations, differences=diff)
        for target in targets
    ]
    run = _Run(runner, list(zip(reports, targets, strict=True)), held=bar)
    try:
        if bar:
            totals = run.files(_with_bar(files, color))
        else:
            with working("running scenarios"):
                totals = run.files(files)
        if not totals.steps and not totals.invalid:
            _refuse_nothing(run.seen, words, names)
        found = coverage.report() if coverage is not None else None
        run.finish(totals, found)
    except BaseException:
        run.discard()
        raise
    low = found is not None and cover_fail_under is not None and found.percent < cover_fail_under
    if low and found is not None:
        message = f"coverage {found.percent:.1f}% is under {cover_fail_under:g}%"
        print(f"failed: {message}", file=sys.stderr)  # noqa: T201
    if totals.invalid:
        return INVALID_INPUT
    return EXPECTATION_FAILED if totals.is_bad or low else ANSWERED


class _Run:
    """One run over many files, into every output."""

    def __init__(self, runner: Runner, reports: list[tuple[Report, Output]], *, held: bool) -> None:
        self.runner = runner
        self.loader = Loader(warn)
        self.totals = Totals()
        self.seen: list[str] = []
        self.begun = False
        self.outputs: list[tuple[Report, Sink]] = []
        for report, target in reports:
            try:
                self.outputs.append((report, Sink(target, held=held)))
            except InvalidInput:
                self.discard()
                raise

    def files(self, files: Iterable[str]) -> Totals:
        """Run files until one stops the run, and write about each of them."""
        for file in files:
            try:
                scenario = self.loader.load(file)
            except InvalidScenario as error:
                self.totals.invalid += 1
                problems = error.problems
                complain(problems)
                self._write(lambda r, f=file, p=problems: r.invalid(f, p))  # type: ignore[misc]
                continue
            if self.runner.select is not None and len(self.seen) < _REMEMBERED:
                self.seen += [step.name for step in scenario.steps]
            result = self.runner.run(scenario)
            if not result.results:
                continue
            self.totals.add(result)
            self._write(lambda r, one=result: r.file(one))  # type: ignore[misc]
            if self.runner.stop and any(step.state.is_bad for step in result.results):
                break
        return self.totals

    def finish(self, totals: Totals, coverage: "CoverageReport | None") -> None:
        """Write the ends.

        Raises:
            InvalidInput: An output would take the place of a scenario's server file.
        """
        for _, sink in self.outputs:
            if sink.file is not None and self._was_read(Path(sink.file)):
                hint = "give the output a file of its own"
                message = f"`{sink.file}` is an input of this run"
                raise InvalidInput(Problem(message, where="--output", hint=hint))
        if coverage is not None:
            self._write(lambda report: report.coverage(coverage))
        self._write(lambda report: report.end(totals))
        for _, sink in self.outputs:
            sink.close()

    def _was_read(self, file: Path) -> bool:
        read = map(Path, self.loader.read)
        return file.is_file() and any(path.is_file() and path.samefile(file) for path in read)

    def discard(self) -> None:
        """Leave no half-written file."""
        for _, sink in self.outputs:
            sink.discard()

    def _write(self, text: Callable[[Report], str]) -> None:
        begun, self.begun = self.begun, True
        make_room()
        for report, sink in self.outputs:
            if not begun:
                sink.write(report.begin())
            sink.write(text(report))


def _report(target: Output, color: str, *, strict: bool, **shown: bool | int) -> Report:
    """Return the report of one output.

    Args:
        target: The output.
        color: When to use colour.
        strict: The run is strict.
        shown: What the text format shows beside failures.
    """
    maker = maker_of("test", target.format)
    if target.format != "text":
        report: Report = maker(strict=strict)
        return report
    style = style_for(target, color)
    return LineReport(maker(strict=strict, width=style.width, **shown), style)


def _selector(
    words: tuple[str, ...], names: tuple[str, ...]
) -> Callable[[Sequence[str]], Collection[int]] | None:
    """Return what picks the steps of a file that are asked for, or ``None`` when all are."""
    if not words and not names:
        return None
    folded = [word.casefold() for word in words]
    exact = frozenset(names)

    def selected(steps: Sequence[str]) -> Collection[int]:
        # A number is one only where no step has it for a name.
        numbers = exact.difference(steps)
        return [
            index
            for index, name in enumerate(steps)
            if name in exact
            or str(index + 1) in numbers
            or any(word in name.casefold() for word in folded)
        ]

    return selected


def _refuse_nothing(seen: list[str], words: tuple[str, ...], names: tuple[str, ...]) -> NoReturn:
    where, text = ("--step", names[0]) if names else ("-k", words[0])
    near = closest(text, seen)
    hint = f"did you mean `{near}`?" if near else None
    raise InvalidInput(Problem(f"no step matches `{text}`", where=where, hint=hint))


def _coverage(*, wanted: bool) -> "Coverage | None":
    if not wanted:
        return None
    from relaysim.scenario.coverage import Coverage

    return Coverage()


def _powershell(text: str, organization: "Organization") -> "ScriptOutcome":
    from relaysim.backend.engine import run_real

    return run_real(text, organization)


def _clock() -> Callable[[], float]:
    from time import perf_counter

    return perf_counter


def _with_bar(files: list[str], color: str) -> Iterable[str]:
    from relaysim.render.terminal_lines import progress

    return progress(files, color=color != "never")


def _update(files: list[str], select: Callable[[Sequence[str]], Collection[int]] | None) -> int:
    """Rewrite expectations; nothing is written when one of the files is invalid."""
    from relaysim.cli.options.output import write_file
    from relaysim.scenario.reading.load import read_scenario_bytes
    from relaysim.scenario.rewriting.update import updated

    loader, runner = Loader(warn), Runner()
    work: list[tuple[str, bytes, Scenario]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            data = read_scenario_bytes(file)
            work.append((file, data, loader.parse(data, file, for_update=True)))
        except InvalidScenario as error:
            problems += error.problems
    if problems:
        raise InvalidScenario(problems)
    changed, complete = 0, True
    for file, data, scenario in work:
        text = data.decode("utf-8")
        new, notes = updated(scenario, text, runner, select=select)
        for note in notes:
            print(printable(f"{file}: {note.name}: {note.text}"))  # noqa: T201
            complete = complete and note.done
        if new != text:
            write_file(file, new, telling=False)
            changed += 1
    same = len(work) - changed
    print(  # noqa: T201
        f"{count_words(changed, 'file', 'files')} changed, "
        f"{count_words(same, 'file', 'files')} as {'it was' if same == 1 else 'they were'}"
    )
    return ANSWERED if complete else EXPECTATION_FAILED
