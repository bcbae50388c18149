"""A bar as a picture: what its pieces mean is their form, a legend says it, colour repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.render.report.frame import page_text

if TYPE_CHECKING:
    from relaysim.render.view import Strip

__all__ = ["strip_picture"]

_WIDTH = 600
_HEIGHT = 18
_LEAST = 2.0
_WHOLE = '<rect width="6" height="6" class="{}"/>'
_PART = '<rect width="{}" height="6" class="{}"/>'
_FORMS = {
    "solid": _WHOLE.format("range"),
    "stripes": _WHOLE.format("track") + _PART.format("3", "range"),
    "dots": _WHOLE.format("track") + '<circle cx="3" cy="3" r="1.5" class="dot"/>',
    "hatch": _WHOLE.format("open") + _PART.format("2.5", "hatch"),
}


def strip_picture(strip: Strip, *, number: int) -> str:
    """Return a bar and its legend as HTML.

    Args:
        strip: The bar.
        number: Of the picture on the page, for ids.
    """
    words = ", ".join(f"{mark.letter} {mark.words}" for mark in strip.legend())
    counts = {mark: sum(s for m, s in strip.pieces if m == mark) for mark in strip.legend()}
    told = ", ".join(f"{mark.words}: {count:,}" for mark, count in counts.items())
    names = f"st{number} sd{number}"
    size = f"0 0 {_WIDTH} {_HEIGHT}"
    space = "http://www.w3.org/2000/svg"
    lines = [
        f'<figure><svg viewBox="{size}" role="img" aria-labelledby="{names}" xmlns="{space}">',
        f'<title id="st{number}">{page_text(strip.label)}</title>',
        f'<desc id="sd{number}">Pieces of the bar: {page_text(told)}</desc>',
        f"<defs>{_patterns(strip, number)}</defs>",
        f'<rect x="0" y="1" width="{_WIDTH}" height="{_HEIGHT - 2}" class="track"/>',
        *_pieces(strip, number),
        "</svg>",
        f"<figcaption>{page_text(strip.label)}: {page_text(words)}</figcaption></figure>",
    ]
    return "\n".join(lines)


def _patterns(strip: Strip, number: int) -> str:
    forms = dict.fromkeys(mark.form for mark in strip.legend() if mark.form in _FORMS)
    return "".join(
        f'<pattern id="{form}{number}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)">{_FORMS[form]}</pattern>'
        for form in forms
    )


def _pieces(strip: Strip, number: int) -> list[str]:
    total = sum(share for _, share in strip.pieces)
    lines = []
    start = 0.0
    for mark, share in strip.pieces:
        width = share / total * _WIDTH
        if mark.form in _FORMS:
            title = f"{mark.words}: {share:,}"
            lines.append(
                f'<rect x="{min(start, _WIDTH - _LEAST):.1f}" y="1" '
                f'width="{max(width, _LEAST):.1f}" height="{_HEIGHT - 2}" '
                f'fill="url(#{mark.form}{number})" class="piece"><title>{page_text(title)}</title>'
                "</rect>"
            )
        start += width
    return lines
