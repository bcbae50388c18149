"""The address space of a server as a picture: which connector answers which IPv4 address."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import printable
from relaysim.net.addrset import AddressSet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relaysim.model.connector import ReceiveConnector

__all__ = ["connector_picture"]

_WIDTH = 600
_LEFT = 4
_LABEL = 16
_BAR = 16
_ROW = _LABEL + _BAR + 8
_ROWS_SHOWN = 40
NOWHERE = AddressSet()
_WHAT = (
    "One row for each connector, in the order in which they are described below; hatched where "
    "anyone may relay."
)
_PATTERN = (
    'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" class="open"/><rect width="2.5" height="6" class="hatch"/>'
)


class _Bar(NamedTuple):
    """A piece of a row: from and to in columns, and what it is."""

    start: float
    width: float
    relays: bool


def connector_picture(
    server: str,
    connectors: Sequence[ReceiveConnector],
    relaying: Mapping[str, AddressSet],
    *,
    number: int,
) -> str:
    """Return an SVG with a row for each connector, its IPv4 ranges over the whole space.

    The axis is not even: every place where a range begins or ends has the same room, so that a
    single host is seen beside the whole Internet. Ranges from which anyone may relay are hatched
    and say so.

    Args:
        server: Name of the server.
        connectors: Its connectors.
        relaying: By connector, addresses from which anyone may relay through it.
        number: Of the picture on the page, for ids.
    """
    shown = [c for c in connectors if any(e.interval.family == 4 for e in c.remote_ip_ranges)]
    shown = shown[:_ROWS_SHOWN]
    edges = {0, 1 << 32}
    for connector in shown:
        for entry in connector.remote_ip_ranges[:200]:
            if entry.interval.family == 4:
                edges |= {entry.interval.low, entry.interval.high + 1}
    for addresses in relaying.values():
        for interval in addresses:
            if interval.family == 4 and len(edges) < 600:
                edges |= {interval.low, interval.high + 1}
    places = {edge: place for place, edge in enumerate(sorted(edges))}
    unit = _WIDTH / max(len(places) - 1, 1)
    height = _ROW * len(shown) + 8
    title = f"IPv4 addresses that the connectors of {printable(server)} serve"
    size = f"0 0 {_WIDTH + 2 * _LEFT} {height}"
    names = f"t{number} d{number}"
    space = "http://www.w3.org/2000/svg"
    lines = [
        f'<svg viewBox="{size}" role="img" aria-labelledby="{names}" xmlns="{space}">',
        f'<title id="t{number}">{escape(title)}</title>',
        f'<desc id="d{number}">{_WHAT}</desc>',
        f'<defs><pattern id="h{number}" {_PATTERN}</pattern></defs>',
    ]
    for row, connector in enumerate(shown):
        top = 4 + row * _ROW
        name = escape(printable(connector.name))
        lines.append(f'<text x="{_LEFT}" y="{top + 11}" class="name">{name}</text>')
        top += _LABEL
        lines.append(
            f'<rect x="{_LEFT}" y="{top}" width="{_WIDTH}" height="{_BAR}" class="track"/>'
        )
        here = relaying.get(connector.name, NOWHERE)
        for entry in connector.remote_ip_ranges[:200]:
            if entry.interval.family != 4:
                continue
            low, high = entry.interval.low, entry.interval.high + 1
            lines += _bars(places, unit, low, high, here, top, number)
    lines.append("</svg>")
    return "\n".join(lines)


def _bars(  # noqa: PLR0917  # coordinates
    places: dict[int, int],
    unit: float,
    low: int,
    high: int,
    relaying: AddressSet,
    top: int,
    number: int,
) -> list[str]:
    bars = [_Bar(places[low] * unit, (places[high] - places[low]) * unit, relays=False)]
    for interval in relaying:
        if interval.family != 4:
            continue
        start, end = max(low, interval.low), min(high, interval.high + 1)
        if start < end and start in places and end in places:
            bars.append(
                _Bar(places[start] * unit, (places[end] - places[start]) * unit, relays=True)
            )
    return [
        f'<rect x="{_LEFT + bar.start:.1f}" y="{top}" width="{max(bar.width, 1.5):.1f}" '
        f'height="{_BAR}" '
        + (f'fill="url(#h{number})" class="relay"/>' if bar.relays else 'class="range"/>')
        for bar in bars
    ]
