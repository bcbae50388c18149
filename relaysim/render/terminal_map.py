"""A map as a picture: the address space as a bar, its busy parts enlarged, ranges as a tree."""

from bisect import bisect_right
from collections.abc import Sequence
from io import StringIO
from itertools import islice

from rich.text import Text

from relaysim.analysis.endpoints import servers_of
from relaysim.analysis.nesting import Nested, nested
from relaysim.analysis.overlay import Layer
from relaysim.errors import printable
from relaysim.net.address import BITS
from relaysim.net.interval import Interval, cidr_blocks
from relaysim.render.places import spot_words, tls_phrase
from relaysim.render.space.map_view import MapAnswer, session_label
from relaysim.render.space.marks import MARKS, NOTHING, mark_of
from relaysim.render.space.ranges import count_words, format_block, interval_texts
from relaysim.render.terminal import make_console
from relaysim.render.view import Mark

__all__ = ["render_picture"]

_MAX_ZOOMS = 6
_MAX_BLOCKS = 4
_MAX_RANGES = 60


def render_picture(answer: MapAnswer, *, color: bool, width: int | None) -> str:
    """Return bars for every session and family, and the tree of ranges, as terminal text.

    Args:
        answer: The map; all of it is drawn, filtered rows or not.
        color: Use colour; the letters say the same.
        width: Columns of the terminal; ``None`` draws 100.
    """
    columns = max(20, min(width or 100, 132))
    console = make_console(color=color, width=None)
    used: set[Mark] = set()
    pictures = [
        (block, index, session, family)
        for block in answer.blocks[:_MAX_BLOCKS]
        for index, session in enumerate(answer.sessions)
        for family in answer.families
    ]
    for place, index, session, family in pictures:
        layers = [layer for layer in place.every if layer.interval.family == family]
        if len(layers) >= 2:
            title = f"IPv{family}, auth {session_label(session)}"
            if len(answer.blocks) > 1:
                title += f", {spot_words(place.spots, answer.spots)}, {tls_phrase(place.tls)}"
            console.print()
            console.print(Text(printable(title), style="bold"))
            for block in _zooms(layers, columns):
                bar, marks = _bar(layers, index, block, columns)
                used |= marks
                each = count_words(block.size // len(bar))
                (low, length), *_ = cidr_blocks(block)
                name = format_block(family, low, length)
                console.print(Text(f"{name}, {each} in a cell", style="dim"))
                console.print(bar)
    if used:
        legend = [f"{mark.letter} {mark.words}" for mark in MARKS if mark in used]
        console.print(Text(", ".join(legend), style="dim"))
    for family in answer.families:
        for server, port in dict.fromkeys((spot.server, spot.port) for spot in answer.spots):
            lines = _tree(answer, family, server, port)
            if lines:
                console.print()
            for line in lines:
                console.print(line)
    assert isinstance(console.file, StringIO)  # noqa: S101  # made in memory
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


def _cells_of(block: Interval, columns: int) -> int:
    """Return in how many cells a block is drawn: the largest power of two that fits."""
    return min(block.size, 1 << (columns.bit_length() - 1))


def _zooms(layers: Sequence[Layer], columns: int) -> list[Interval]:
    """Return the blocks to draw: the whole family, then what its cells are too coarse for."""
    family = layers[0].interval.family
    starts = [layer.interval.low for layer in layers[1:]]
    blocks = [Interval(family, 0, (1 << BITS[family]) - 1)]
    for block in blocks:
        span = block.size // _cells_of(block, columns)
        inside: dict[int, list[int]] = {}
        for start in starts[bisect_right(starts, block.low) : bisect_right(starts, block.high)]:
            if (start - block.low) % span:
                inside.setdefault((start - block.low) // span, []).append(start)
        for changes in inside.values():
            if len(blocks) > _MAX_ZOOMS:
                return blocks
            blocks.append(_around(family, changes[0] - 1, changes[-1]))
    return blocks


def _around(family: int, low: int, high: int) -> Interval:
    """Return the smallest network of at least 16 addresses that holds two addresses."""
    host_bits = max(4, (low ^ high).bit_length())
    first = low >> host_bits << host_bits
    return Interval(family, first, first + (1 << host_bits) - 1)


def _bar(
    layers: Sequence[Layer], index: int, block: Interval, columns: int
) -> tuple[Text, set[Mark]]:
    cells = _cells_of(block, columns)
    span = block.size // cells
    marks = [NOTHING] * cells
    first = bisect_right(layers, block.low, key=lambda layer: layer.interval.low) - 1
    for layer in islice(layers, first, None):
        if layer.interval.low > block.high:
            break
        mark = mark_of(layer, index)
        low = (max(layer.interval.low, block.low) - block.low) // span
        high = (min(layer.interval.high, block.high) - block.low) // span
        for cell in range(low, high + 1):
            marks[cell] = max(marks[cell], mark, key=MARKS.index)
    text = Text()
    for mark in marks:
        text.append(mark.letter, style=mark.style)
    return text, set(marks)


def _tree(answer: MapAnswer, family: int, server: str, port: int) -> list[Text]:
    """Return the lines of the tree of ranges, or one that says why there is none."""
    organization = answer.configuration.organization
    several = len(servers_of(organization)) > 1
    listening = [
        connector
        for each in servers_of(organization)
        if each.server == server
        for connector in each.connectors
        if connector.enabled
        and any(
            socket.port == port and socket.address.family == family for socket in connector.bindings
        )
    ]
    ranges = list(islice(nested(listening, family), _MAX_RANGES + 1))
    if len(ranges) < 2:
        return []
    where = f"{printable(server)} port {port}" if several else f"port {port}"
    lines = [Text(f"IPv{family} ranges on {where}", style="bold")]
    if len(ranges) > _MAX_RANGES:
        lines.append(Text(f"more than {_MAX_RANGES} of them: too many for a tree", style="dim"))
        return lines
    return lines + [_branch(ranges, place) for place in range(len(ranges))]


def _branch(ranges: Sequence[Nested], place: int) -> Text:
    each = ranges[place]
    text = Text("")
    for level in range(1, each.depth + 1):
        # A guide goes on as long as a range of its level follows before a shallower one does.
        later = next((r.depth for r in ranges[place + 1 :] if r.depth <= level), 0)
        goes_on = later == level
        if level == each.depth:
            text.append("├── " if goes_on else "└── ", style="dim")
        else:
            text.append("│   " if goes_on else "    ", style="dim")
    text.append(interval_texts(each.interval, "auto")[0])
    text.append(f"  {printable(', '.join(each.connectors))}", style="green")
    return text
