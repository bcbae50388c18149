"""Any view as a page: the words of the text, and the bars of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.render.report.frame import page_table, page_text, whole_page
from relaysim.render.report.strip_picture import strip_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.render.view import Fact, Grid, TableCell, View

__all__ = ["view_html"]

_TITLES = {
    "map": "Who may do what",
    "audit": "Findings",
    "diff": "What changes",
    "replay": "What the logs show",
}


def view_html(view: View, kind: str, made: str) -> str:
    """Return a view as a page; equal for equal arguments.

    Args:
        view: The view.
        kind: Kind of result that it shows, as the registry of formats names it.
        made: When it was made, and by what, one line.
    """
    return whole_page(_TITLES[kind], _body(view, made))


def _body(view: View, made: str) -> Iterator[str]:
    bad = " bad" if view.tone == "bad" else ""
    yield f'<p class="verdict{bad}">{page_text(view.verdict)}</p>'
    yield from _facts(view.above)
    yield f"<p>{page_text(made)}.</p>"
    if view.strips:
        yield "<h2>At a glance</h2>"
        for number, strip in enumerate(view.strips, 1):
            yield strip_picture(strip, number=number)
    if view.grids:
        yield "<h2>In full</h2>"
    for number, grid in enumerate(view.grids, 1):
        yield from _grid(grid, number)
    if view.below:
        yield "<h2>Beside it</h2>"
        yield from _facts(view.below)


def _facts(facts: tuple[Fact, ...]) -> Iterator[str]:
    for fact in facts:
        if not fact.label:
            for line in fact.lines:
                yield f"<p{_class(fact.tone)}>{page_text(line)}</p>"
    body = "".join(
        f"<dt>{page_text(fact.label)}</dt>"
        + "".join(f"<dd{_class(fact.tone)}>{page_text(line)}</dd>" for line in fact.lines)
        for fact in facts
        if fact.label
    )
    if body:
        yield f"<dl>{body}</dl>"


def _grid(grid: Grid, number: int) -> Iterator[str]:
    caption = grid.title or grid.caption or f"Table {number}"
    if not any(grid.columns):
        yield from _listed(grid, caption)
        return
    heads = [name.capitalize() for name in grid.columns]
    above: tuple[TableCell, ...] = ()
    rows = []
    for row in grid.rows:
        if above:
            row = tuple(  # noqa: PLW2901  # an empty cell here means the same as above
                above[place] if place in grid.carried and not each.text else each
                for place, each in enumerate(row)
            )
        above = row
        rows.append([f"<span{_class(each.tone)}>{page_text(each.text)}</span>" for each in row])
    yield from page_table(caption, heads, rows)


def _listed(grid: Grid, caption: str) -> Iterator[str]:
    """Yield a table of labels and lines, a label's further lines below its first."""
    yield f"<h3>{page_text(caption)}</h3>"
    found: list[tuple[str, list[str]]] = []
    for label, *rest in grid.rows:
        text = " ".join(each.text for each in rest)
        if label.text or not found:
            found.append((label.text, [text]))
        else:
            found[-1][1].append(text)
    body = "".join(
        f"<dt>{page_text(label or caption)}</dt>{_lines(label, lines)}" for label, lines in found
    )
    yield f"<dl>{body}</dl>"


_COMMANDS = frozenset(("do", "undo", "fix", "see", "check", "rollback"))
"""Labels of lines that are typed."""


def _lines(label: str, lines: list[str]) -> str:
    if label in _COMMANDS:
        return "<dd><pre>" + "\n".join(page_text(line) for line in lines) + "</pre></dd>"
    return "".join(f"<dd>{page_text(line)}</dd>" for line in lines)


def _class(tone: str) -> str:
    return f' class="{tone}"' if tone else ""
