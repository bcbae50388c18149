"""A progress bar on a terminal, and nothing anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["bytes_bar"]

_WORTH_IT = 32 << 20
"""Bytes that take about a second."""


@contextmanager
def bytes_bar(total: int) -> Iterator[Callable[[int], None]]:
    """Show how much of ``total`` bytes is read, on a terminal's standard error.

    Yields:
        What is called with the bytes read since the last call.
    """
    if not sys.stderr.isatty() or total < _WORTH_IT:
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    columns = BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)
