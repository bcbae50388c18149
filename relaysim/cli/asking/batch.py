"""``relaysim batch``: questions in, decisions out."""

import csv
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import chain
from typing import IO

import click

from relaysim.batch.plan import MESSAGES_KEPT, BatchPlan, Worked
from relaysim.batch.rows import (
    DEFAULT_RESULTS,
    INPUT_COLUMNS,
    RESULT_COLUMNS,
    canonical,
    check_columns,
)
from relaysim.batch.source_text import (
    TYPE_LINE,
    as_utf8,
    delimiter_of,
    is_json_text,
    json_blocks,
)
from relaysim.batch.stream import (
    Block,
    blocks,
    held_interrupts,
    open_input,
    open_output,
    worked,
)
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED, INVALID_INPUT
from relaysim.cli.notes import note_written
from relaysim.cli.options.output import Output, output_option, parse_outputs
from relaysim.cli.options.params import config_option, fresh_options, spreadsheet_option
from relaysim.cli.progress import shows_progress
from relaysim.config.source import default_source
from relaysim.errors import InvalidInput, Problem, closest, printable
from relaysim.model.version import ExchangeVersion
from relaysim.render.plain import no_formula

__all__ = ["command"]


@click.command(name="batch")
@click.argument("file", default="-", metavar="[FILE|-]")
@click.option(
    "--from",
    "source_format",
    type=click.Choice(["csv", "jsonl"]),
    help="Format of the questions; default: by the file's extension, else CSV.",
)
@click.option(
    "--columns",
    metavar="NAME,...",
    help="Columns to write; default: the input's and "
    f"{','.join(name.replace('_', '-') for name in DEFAULT_RESULTS)}.",
)
@click.option(
    "--pass-through", is_flag=True, help="Keep unknown columns; otherwise they are an error."
)
@click.option(
    "--max-errors",
    type=click.IntRange(1),
    metavar="N",
    help="Stop after the Nth row that has no answer.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, metavar="N", help="Processes; default: 1."
)
@click.option("--no-progress", is_flag=True, help="Draw no progress bar.")
@spreadsheet_option()
@config_option(multiple=False)
@fresh_options()
@output_option("batch")
def command(
    file: str,
    source_format: str | None,
    columns: str | None,
    pass_through: bool,  # noqa: FBT001
    max_errors: int | None,
    jobs: int,
    no_progress: bool,  # noqa: FBT001
    spreadsheet: bool,  # noqa: FBT001
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    outputs: tuple[str, ...],
) -> int:
    """Answer many questions: rows of CSV or JSON lines in, rows with the decisions out.

    The columns are the options of check: ip, auth, user, group, tls, port, local-ip, from,
    header-from, to, size. Rows without an answer say why in the column error; the exit code is
    then 2. FILE may be compressed (.gz); - is standard input.

    Example: relaysim batch questions.csv -o csv:answers.csv.gz
    """
    source = source_format or _format_by_name(file)
    target = _target(outputs, source)
    organization = load_telling(
        config or default_source(os.environ), exchange=exchange, server=server
    )
    if file == "-" and sys.stdin.isatty():
        raise InvalidInput(
            "nothing to read", hint="name a file, or pipe rows into `relaysim batch`"
        )
    with open_input(file) as (stream, below):
        _refuse_same_file(file, target.file)
        found = blocks(as_utf8(stream, file), file, quotes=source == "csv")
        header: tuple[str, ...] = ()
        delimiter = ","
        if source == "csv":
            header, delimiter, found = _header(found, file, pass_through=pass_through)
        else:
            found = _some(found, file)
        echo, results = _columns(columns, header, target.format, pass_through=pass_through)
        plan = BatchPlan(
            organization,
            source,
            header,
            target.format,
            echo,
            results,
            pass_through,
            delimiter,
            spreadsheet,
        )
        total = 0 if no_progress else _size(file, target)
        with _progress(total, below) as advance:
            return _run(plan, found, target, file, jobs, max_errors, advance)


def _run(
    plan: BatchPlan,
    source: Iterator[Block],
    target: Output,
    file: str,
    jobs: int,
    max_errors: int | None,
    advance: Callable[[], None],
) -> int:
    rows, bad = 0, _Bad(file, max_errors)
    tally: Counter[tuple[str, ...]] = Counter()
    with open_output(target.file, note_written) as out, held_interrupts() as write:
        if plan.target == "csv":
            names = [
                name.replace("_", "-") if name in INPUT_COLUMNS else name
                for name in plan.echo or ()
            ]
            head = [*names, *plan.results]
            write(out, _csv_line([no_formula(name) for name in head] if plan.spreadsheet else head))
        for done in worked(plan, source, jobs):
            rows += done.rows
            text = bad.take(done)
            tally += done.tally
            if text:
                write(out, text)
            advance()
            if bad.enough:
                break
        if plan.target == "summary":
            write(out, _summary(rows, bad.count, tally).encode())
    bad.complain(rows)
    return INVALID_INPUT if bad.count else ANSWERED


class _Bad:
    """Rows without an answer: counted, the first ones named."""

    def __init__(self, file: str, limit: int | None) -> None:
        self.file = "standard input" if file == "-" else file
        self.limit = limit
        self.count = 0
        self.first: list[tuple[int, str]] = []

    @property
    def enough(self) -> bool:
        """Whether there were as many as are allowed."""
        return self.limit is not None and self.count >= self.limit

    def take(self, done: Worked) -> bytes | memoryview:
        """Count a block's bad rows; return its output, cut after the last row allowed."""
        bad = done.bad
        count = len(bad) if self.limit is None else min(len(bad), self.limit - self.count)
        if not count:
            return done.text
        self.count += count
        named = zip(bad.lines[:count], bad.messages, strict=False)
        self.first += [*named][: MESSAGES_KEPT - len(self.first)]
        return done.text[: bad.ends[count - 1]] if self.enough else done.text

    def complain(self, rows: int) -> None:
        """Write to standard error what is to be said."""
        for line, message in self.first:
            _say(f"error: {self.file}:{line}: {message}")
        if self.count:
            more = self.count - len(self.first)
            also = f" ({more} more not listed here)" if more else ""
            stopped = ", stopped there" if self.enough else ""
            _say(f"error: {self.count} of {rows} rows have no answer{also}{stopped}")


def _say(text: str) -> None:
    print(printable(text), file=sys.stderr)  # noqa: T201


def _format_by_name(file: str) -> str:
    name = file.lower().removesuffix(".gz")
    return "jsonl" if name.endswith((".jsonl", ".ndjson", ".json")) else "csv"


def _target(outputs: tuple[str, ...], source: str) -> Output:
    targets = parse_outputs(outputs or (source,), "batch")
    if len(targets) > 1:
        raise InvalidInput(Problem("a batch has one output", where="--output"))
    return targets[0]


def _refuse_same_file(source: str, target: str | None) -> None:
    """Refuse an output that would replace the questions, by whatever name."""
    if target is None or source == "-" or not os.path.isfile(target):  # noqa: PTH113
        return
    if os.path.samefile(source, target):  # noqa: PTH121
        raise InvalidInput(
            Problem("the answers would replace the questions", where="--output", file=target)
        )


def _header(
    source: Iterator[Block], file: str, *, pass_through: bool
) -> tuple[tuple[str, ...], str, Iterator[Block]]:
    """Take the header off the first block; return its columns, what separates them, the rest."""
    first = next(source, None)
    text = "" if first is None else first.data.decode("utf-8-sig", "surrogateescape")
    begin = 0
    while text.startswith((TYPE_LINE, "\n", "\r\n"), begin):
        begin = text.find("\n", begin) + 1 or len(text)
    skipped = text.count("\n", 0, begin)
    text = text[begin:]
    delimiter = delimiter_of(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    try:
        names = next((row for row in reader if row), [])
        columns = check_columns(names or ["ip"], pass_through=pass_through)
    except csv.Error as error:
        raise InvalidInput(
            Problem(f"no CSV header ({error})", file=file, line=skipped + 1)
        ) from None
    except InvalidInput as error:
        for problem in error.problems:
            problem.file, problem.line = file, skipped + 1
        raise
    if first is None or not names:
        raise InvalidInput(Problem("no header, so there is nothing to answer", file=file))
    lines = text.splitlines(keepends=True) if "\n" not in text else text.split("\n")
    rest = "\n".join(lines[reader.line_num :]).encode("utf-8", "surrogateescape")
    block = Block(rest, first.first_line + skipped + reader.line_num)
    return tuple(columns), delimiter, chain([block] if rest else [], source)


def _some(source: Iterator[Block], file: str) -> Iterator[Block]:
    first = next(source, None)
    if first is None:
        raise InvalidInput(Problem("no rows, so there is nothing to answer", file=file))
    if first.data.startswith(b"\xef\xbb\xbf"):
        first = first._replace(data=first.data[3:])
    if is_json_text(first.data):
        return json_blocks(chain([first], source), file)
    return chain([first], source)


def _columns(
    text: str | None, header: tuple[str, ...], target: str, *, pass_through: bool
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return the input columns (``None``: those each row has) and the result columns to write."""
    if text is None:
        # JSON rows need not all have the same keys, so a table of them has every column.
        echo = header or (INPUT_COLUMNS if target == "csv" else None)
        return echo, DEFAULT_RESULTS
    known = header or INPUT_COLUMNS
    echo_list, results, problems = [], [], []
    for name in text.split(","):
        plain = canonical(name)
        if plain in known:
            echo_list.append(plain)
        elif plain in RESULT_COLUMNS:
            results.append(plain)
        elif pass_through and name.strip() and (name.strip() in known or not header):
            echo_list.append(name.strip())
        else:
            near = closest(plain, [*known, *RESULT_COLUMNS])
            hint = f"did you mean `{near}`?" if near else None
            message = f"no column `{name.strip()}` to write"
            problems.append(Problem(message, where="--columns", hint=hint))
    if problems:
        raise InvalidInput(problems)
    return tuple(echo_list), tuple(results)


def _csv_line(cells: list[str]) -> bytes:
    stream = StringIO()
    csv.writer(stream, lineterminator="\n").writerow([printable(cell) for cell in cells])
    return stream.getvalue().encode("utf-8", "backslashreplace")


def _summary(rows: int, bad: int, tally: Counter[tuple[str, ...]]) -> str:
    from relaysim.render.plain import aligned

    heading = [
        "ROWS",
        "CONNECTOR",
        "SUBMIT",
        "RELAY",
        "ANTI-SPAM BYPASS",
        "RESOLVEP2",
        "REFUSED AT",
    ]
    table = [heading]
    for key, count in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        *cells, fault = key
        shown = [fault, *[""] * 5] if fault else cells
        table.append([f"{count:,}", *(printable(cell) or "-" for cell in shown)])
    title = f"{rows:,} rows, {bad:,} without an answer"
    return "\n".join([title, "", *aligned(table)]) + "\n"


def _size(file: str, target: Output) -> int:
    """Return the bytes to read when a progress bar makes sense, else 0."""
    rows_on_screen = target.file is None and sys.stdout.isatty()
    if file == "-" or not shows_progress() or rows_on_screen:
        return 0
    return os.path.getsize(file)  # noqa: PTH202


@contextmanager
def _progress(total: int, below: IO[bytes]) -> Iterator[Callable[[], None]]:
    if not total:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    with Progress(
        BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.update(task, completed=below.tell())
