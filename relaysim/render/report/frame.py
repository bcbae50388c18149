"""What every page is made of: the frame, escaped text, tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from relaysim.errors import printable
from relaysim.render.report.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["page_table", "page_text", "whole_page"]

_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'\">"
)
"""A browser that reads the page asks nobody for anything."""


def whole_page(title: str, body: Iterable[str]) -> str:
    """Return a page: no request leaves it, and it is read without script and without style.

    Args:
        title: Its title and first heading.
        body: What follows the heading, HTML already.
    """
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        _POLICY,
        f"<title>{page_text(title)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{page_text(title)}</h1>",
        *body,
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def page_text(text: str) -> str:
    """Return text as HTML: hostile names are text and nothing else."""
    return escape(printable(text))


def page_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table; in a narrow window each row is a card.

    Args:
        caption: What it shows.
        heads: Headings of its columns.
        rows: Their cells, HTML already.
    """
    yield '<div class="wide"><table class="cards">'
    yield f"<caption>{page_text(caption)}</caption>"
    names = "".join(f'<th scope="col">{page_text(head)}</th>' for head in heads)
    yield f"<thead><tr>{names}</tr></thead>"
    yield "<tbody>"
    for row in rows:
        cells = "".join(
            f'<td data-label="{page_text(head)}">{cell}</td>'
            for head, cell in zip(heads, row, strict=True)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></div>"
