"""Where reports of scenarios go: written file by file, so that memory does not grow."""

import sys
from collections.abc import Iterable
from io import StringIO
from typing import Protocol

from relaysim.cli.notes import note_written
from relaysim.cli.options.output import Output, Style
from relaysim.errors import InvalidInput, Problem
from relaysim.render.scenario_report.scenario_text import Line, TextReport, plain_lines
from relaysim.scenario.coverage import CoverageReport
from relaysim.scenario.results import FileResult, Totals
from relaysim.writing import PendingFile, unwritable

__all__ = ["LineReport", "Report", "Sink"]


class Report(Protocol):
    """A report in one format: pieces of text, in order."""

    def begin(self) -> str:
        """Return the text before all files."""

    def file(self, result: FileResult) -> str:
        """Return the text about one file."""

    def invalid(self, file: str, problems: Iterable[Problem]) -> str:
        """Return the text about a file that cannot be read."""

    def coverage(self, coverage: CoverageReport) -> str:
        """Return the text about what was never asked."""

    def end(self, totals: Totals) -> str:
        """Return the text after all files."""


class LineReport:
    """The text format, plain or in colour."""

    def __init__(self, report: TextReport, style: Style) -> None:
        self.report = report
        self.style = style

    def begin(self) -> str:
        """Return the text before all files."""
        return self.text(self.report.begin())

    def file(self, result: FileResult) -> str:
        """Return the text about one file."""
        return self.text(self.report.file(result))

    def invalid(self, file: str, problems: Iterable[Problem]) -> str:
        """Return the text about a file that cannot be read."""
        return self.text(self.report.invalid(file, problems))

    def coverage(self, coverage: CoverageReport) -> str:
        """Return the text about what was never asked."""
        from relaysim.render.scenario_report.scenario_coverage import coverage_lines

        return self.text([*coverage_lines(coverage), ()])

    def end(self, totals: Totals) -> str:
        """Return the text after all files."""
        return self.text(self.report.end(totals))

    def text(self, lines: list[Line]) -> str:
        """Return lines in the style of this output."""
        if not lines:
            return ""
        if not self.style.color:
            return plain_lines(lines)
        from relaysim.render.terminal_lines import render_lines

        return render_lines(lines, color=True)


class Sink:
    """Takes the text of one output: a file that appears when it is whole, or standard output.

    Args:
        output: Where to.
        held: Keep text for standard output until the end, while a progress bar is drawn.

    Raises:
        InvalidInput: The file cannot be written.
    """

    def __init__(self, output: Output, *, held: bool) -> None:
        self.file = output.file
        self.held = StringIO() if held else None
        self.pending: PendingFile | None = None
        if self.file is None:
            return
        try:
            self.pending = PendingFile(self.file)
        except (OSError, ValueError) as error:
            raise unwritable(error, self.file) from None

    def write(self, text: str) -> None:
        """Add a piece of text."""
        if not text:
            return
        try:
            if self.pending is not None:
                self.pending.stream.write(text.encode())
            else:
                (self.held or sys.stdout).write(text)
        except OSError as error:
            if self.file is None:
                raise
            raise self._failure(error) from None

    def close(self) -> None:
        """Finish: a file takes its name now, held text is written."""
        if self.file is None:
            if self.held is not None:
                sys.stdout.write(self.held.getvalue())
            sys.stdout.flush()
            return
        assert self.pending is not None  # noqa: S101  # there is a file
        try:
            self.pending.keep()
        except OSError as error:
            raise self._failure(error) from None
        note_written(self.pending, self.file)

    def discard(self) -> None:
        """Give up: an older file stays as it was."""
        if self.pending is not None:
            self.pending.discard()

    def _failure(self, error: OSError) -> InvalidInput:
        self.discard()
        return unwritable(error, self.file)
