"""Lines of results in colour, and the progress bar; the words are those of the plain text."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.text import Text

from relaysim.render.scenario_report.scenario_text import Line
from relaysim.render.terminal import STYLES, make_console

__all__ = ["progress", "render_lines"]


def render_lines(lines: Iterable[Line], *, color: bool) -> str:
    """Return lines as text for a terminal; the terminal itself folds what is too long."""
    console = make_console(color=color, width=None)
    for line in lines:
        text = Text.assemble(*((span.text, STYLES[span.tone]) for span in line))
        text.rstrip()
        console.print(text, soft_wrap=True)
    assert isinstance(console.file, StringIO)  # noqa: S101  # made so
    return console.file.getvalue()


def progress(files: list[str], *, color: bool) -> Iterator[str]:
    """Yield the files one by one, with a bar on standard error that disappears at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True, no_color=not color, markup=False, emoji=False, highlight=False)
    columns = (TextColumn("relaysim test", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield from bar.track(files)
