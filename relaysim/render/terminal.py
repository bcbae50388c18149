"""Terminal text with Rich: the same view in colour, folded to the width.

Markup, emoji and highlighting stay off: ``:b:`` inside an IPv6 address is an emoji to Rich, and
``[brackets]`` in a connector name are markup.
"""

from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from relaysim.errors import printable
from relaysim.render.terminal_rows import (
    STYLES,
    styled,
    whole_widths,
    write_cells,
    write_grid,
    write_line,
)
from relaysim.render.view import Fact, Grid, View

__all__ = ["STYLES", "make_console", "render_terminal"]

_UNBOUNDED = 10_000


def make_console(*, color: bool, width: int | None) -> Console:
    """Return a console that writes into memory.

    Args:
        color: Use colour.
        width: Columns to fold at, or ``None`` not to fold.
    """
    return Console(
        file=StringIO(),
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        width=width or _UNBOUNDED,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        soft_wrap=width is None,
    )


def render_terminal(view: View, *, color: bool, width: int | None) -> str:
    """Return the view as text for a terminal of this width."""
    console = make_console(color=color, width=width)
    style = f"bold {STYLES[view.tone]}".strip()
    console.print(Text(printable(view.verdict), style=style))
    if view.above:
        console.print()
        console.print(_facts(view.above))
    for grid in view.grids:
        console.print()
        if grid.title:
            console.print(Text(printable(grid.title), style="bold"))
        widths = whole_widths(grid, width)
        if widths is not None:
            write_grid(console, grid, widths)
        elif width is None or _fits(grid, width):
            console.print(_grid(grid, width))
        else:
            _print_stacked(console, grid, width)
    if view.strips:
        from relaysim.render.terminal_strips import print_strips

        console.print()
        print_strips(console, view.strips, width)
    if view.below:
        console.print()
        console.print(_facts(view.below))
    assert isinstance(console.file, StringIO)  # noqa: S101  # made above
    lines = console.file.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _facts(facts: tuple[Fact, ...]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for fact in facts:
        for index, line in enumerate(fact.lines):
            text = Text(printable(line), style=STYLES[fact.tone])
            table.add_row(Text(fact.label if index == 0 else ""), text)
    return table


def _grid(grid: Grid, width: int | None) -> Table:
    from rich import box

    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        show_header=any(grid.columns),
        header_style="bold",
        padding=(0, 1, 0, 0),
    )
    whole = width is None or _natural_width(grid) <= width
    foldable = _foldable(grid)
    for index, name in enumerate(grid.columns):
        # Identifiers stay whole as long as the terminal is wide enough for them.
        table.add_column(Text(name), no_wrap=whole or index not in foldable, overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(cell.text, style=STYLES[cell.tone]) for cell in row))
    return table


def _foldable(grid: Grid) -> set[int]:
    """Return the folding columns with a place to fold at: a name without a blank is not cut."""
    return {index for index in grid.fold if any(" " in row[index].text for row in grid.rows)}


def _fits(grid: Grid, width: int) -> bool:
    """Tell whether the folding columns keep enough room to be readable."""
    foldable = _foldable(grid)
    widths = _widths(grid)
    needed = sum(
        min(size, grid.readable) if index in foldable else size for index, size in enumerate(widths)
    )
    return needed + 2 * len(widths) <= width


def _print_stacked(console: Console, grid: Grid, width: int) -> None:
    """Print each row's short cells on one line and its long ones below, one a line."""
    from rich.padding import Padding

    short = [index for index in range(len(grid.columns)) if index not in grid.fold] or [0]
    widths = _widths(grid)
    if grid.key is not None and sum(widths[index] + 2 for index in short) - 2 > width:
        _print_cards(console, grid, grid.key)
        return
    names = (grid.columns[index].ljust(widths[index]) for index in short)
    if any(grid.columns):
        console.print(Text("  ".join(names).rstrip(), style="bold"))
    for row in grid.rows:
        if sum(widths[index] + 2 for index in short) <= width:
            write_cells(console, [row[index] for index in short], [widths[i] for i in short])
        else:
            line = Text()
            for index in short:
                cell = row[index]
                line.append(cell.text, style=STYLES[cell.tone])
                line.append(" " * (widths[index] - len(cell.text) + 2))
            line.rstrip()
            console.print(line)
        for index in grid.fold:
            if index in short or row[index].text in ("", "-"):
                continue
            name, text = f"{grid.columns[index].lower()}: ", row[index].text
            if text.isprintable() and 2 + cell_len(name) + cell_len(text) <= width:
                write_line(console, "  " + styled(console, name, "dim") + text)
                continue
            label = Text(name, style="dim")
            console.print(Padding(label + Text(text), (0, 0, 0, 2)))


def _print_cards(console: Console, grid: Grid, key: int) -> None:
    """Print each row's key on a line of its own and every other cell below it."""
    from rich.padding import Padding

    above = grid.rows[:1]
    for row in grid.rows:
        cells = tuple(
            above[0][index] if index in grid.carried and not each.text else each
            for index, each in enumerate(row)
        )
        above = (cells,)
        console.print(Text(cells[key].text, style=f"bold {STYLES[cells[key].tone]}".strip()))
        for index, each in enumerate(cells):
            if index == key or each.text in ("", "-"):
                continue
            label = Text(f"{grid.columns[index].lower()}: ", style="dim")
            text = label + Text(each.text, style=STYLES[each.tone])
            console.print(Padding(text, (0, 0, 0, 2)))


def _natural_width(grid: Grid) -> int:
    widths = _widths(grid)
    return sum(widths) + 2 * len(widths)


def _widths(grid: Grid) -> list[int]:
    widths = [len(name) for name in grid.columns]
    for row in grid.rows:
        widths = [max(width, len(cell.text)) for width, cell in zip(widths, row, strict=True)]
    return widths
