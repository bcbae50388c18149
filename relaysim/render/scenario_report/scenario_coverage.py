"""Coverage of scenarios as lines of text."""

from collections.abc import Iterable

from relaysim.errors import printable
from relaysim.model.acl import Ace
from relaysim.render.scenario_report.scenario_text import Line, Span
from relaysim.render.scenario_report.scenario_words import count_words
from relaysim.render.wording import short_right
from relaysim.scenario.coverage import CoverageReport, ServerCoverage

__all__ = ["coverage_lines"]


def coverage_lines(report: CoverageReport) -> list[Line]:
    """Return what no scenario asked about, server by server, the total last."""
    lines: list[Line] = [(Span("coverage: what the scenarios never asked about", "strong"),)]
    for server in report.servers:
        lines += _server(server)
    lines.append((Span(f"coverage: {report.percent:.1f}%", "strong"),))
    return lines


def _server(server: ServerCoverage) -> list[Line]:
    counts = (
        ("connectors", server.connectors),
        ("entries", server.entries),
        ("regions", server.regions),
    )
    words = ", ".join(f"{asked} of {there} {what}" for what, (there, asked) in counts)
    lines: list[Line] = [(Span(printable(f"  {server.server}")), Span(f"  {words}", "dim"))]
    lines += [_item("connector", f"`{name}` never answered") for name in server.unasked_connectors]
    for connector, principal, aces in _by_principal(server.unasked_entries):
        if connector in server.unasked_connectors:
            continue
        if len(aces) == server.entry_counts[connector, principal]:
            rights = "none of its " + count_words(len(aces), "entry", "entries")
        else:
            rights = ", ".join(f"{'deny ' * a.deny}{short_right(a.right.value)}" for a in aces)
        text = f"`{connector}`: {principal}: {rights}"
        lines.append(_item("entries", text))
    for port, connector, interval in server.unasked_regions:
        count = count_words(interval.size, "address", "addresses")
        text = f"port {port}: {interval} ({count}), answered by `{connector}`"
        lines.append(_item("region", text))
    return lines


def _by_principal(
    entries: Iterable[tuple[str, Ace]],
) -> list[tuple[str, str, list[Ace]]]:
    grouped: dict[tuple[str, str], list[Ace]] = {}
    for connector, ace in entries:
        grouped.setdefault((connector, ace.principal.name), []).append(ace)
    return [(connector, principal, aces) for (connector, principal), aces in grouped.items()]


def _item(label: str, text: str) -> Line:
    return (Span(f"    {label.ljust(10)}", "dim"), Span(printable(text)))
