"""A difference of power as text and as one JSON document."""

import shlex
from typing import Any, NamedTuple

from relaysim.analysis.compare.change import ChangeKind, Comparison, PowerChange
from relaysim.analysis.endpoints import Endpoint, spare_address
from relaysim.config.difference import SettingChange
from relaysim.config.source import Configuration
from relaysim.model.organization import Organization
from relaysim.render.places import (
    configuration_document,
    covered_words,
    endpoint_documents,
    naming_options,
    source_words,
    spot_words,
    tls_phrase,
    tls_words,
    version_options,
)
from relaysim.render.power_lines import alike
from relaysim.render.space.who_can_view import who_words
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.weighed.audit_view import range_words
from relaysim.render.weighed.strips import diff_strips

__all__ = [
    "DiffAnswer",
    "change_document",
    "change_words",
    "covered_document",
    "diff_document",
    "diff_view",
    "equal_words",
    "side_of",
    "witness_of",
    "witness_question",
]

_SAVED = "changed.toml"
"""Where a command saves what a script makes."""

_TONES = {
    ChangeKind.WIDENED: "bad",
    ChangeKind.CANNOT_TELL: "warn",
    ChangeKind.NARROWED: "warn",
    ChangeKind.REROUTED: "",
    ChangeKind.REFUSED_DIFFERENTLY: "dim",
}


class DiffAnswer(NamedTuple):
    """Two configurations compared.

    Attributes:
        before: The one.
        after: The other; its source may be a script.
        comparison: What changes in power.
        expected: Widenings that were expected, and are no finding.
        text: What changes in properties and entries.
        version: Version of the program.
        is_run: The other is what its script makes of the one.
    """

    before: Configuration
    after: Configuration
    comparison: Comparison
    expected: tuple[PowerChange, ...]
    text: tuple[SettingChange, ...]
    version: str = ""
    is_run: bool = False


def equal_words(answer: DiffAnswer) -> str:
    """Return the proof that power is equal, in so many words, with what it covered."""
    comparison = answer.comparison
    states = tls_phrase((False, True))
    return (
        "equal power: nobody may do more or less, proved for every IPv4 and IPv6 address on "
        f"{covered_words(comparison.spots)}, {states}, for {len(comparison.ways)} identities"
    )


def change_words(change: PowerChange, answer: DiffAnswer) -> str:
    """Return one change in one line."""
    who = who_words(change.way)
    where = spot_words(change.spots, answer.comparison.spots)
    place = f"from {range_words(change.addresses)} on {where}, {tls_phrase(change.tls)}"
    route = f"{change.before or 'nobody'} -> {change.after or 'nobody'}"
    what = change.right.replace("_", " ")
    match change.kind:
        case ChangeKind.WIDENED:
            return f"{who} may now {what} {place} ({route})"
        case ChangeKind.NARROWED:
            return f"{who} may no longer {what} {place} ({route})"
        case ChangeKind.REROUTED:
            return f"{who} {place}: {route}, with the same power"
        case ChangeKind.REFUSED_DIFFERENTLY:
            alone = ", from the version alone" if change.by_version else ""
            return (
                f"{who} {place}: {change.reply_before or 'accepted or closed'} -> "
                f"{change.reply_after or 'accepted or closed'}{alone}"
            )
        case _:
            return f"{who} {place}: undecided ({route})"


def witness_of(change: PowerChange, answer: DiffAnswer) -> tuple[dict[str, Any], str]:
    """Return a question that shows a change, and the ``check`` command that asks both sides.

    What a script makes of the one side is saved first, by a command on a line of its own.
    """
    sides = answer.before, answer.after
    question = witness_question(change, *(each.organization for each in sides))
    words = ["relaysim", "check", "--ip", question["ip"]]
    if question["port"] != 25:
        words += ["--port", str(question["port"])]
    if question["local_ip"]:
        words += ["--local-ip", question["local_ip"]]
    if any(len(each.organization.servers) > 1 for each in sides):
        words += ["--server", question["server"]]
    if question["auth"] != "none":
        words += ["--auth", question["auth"]]
    for key in ("user", "group"):
        if question[key]:
            words += [f"--{key}", question[key]]
    if question["tls"]:
        words.append("--tls")
    before, after = answer.before, answer.after
    version = version_options(before, after)
    if not answer.is_run:
        return question, shlex.join([*words, "-c", before.source, "-c", after.source, *version])
    saved = ["relaysim", "shell", after.source, *naming_options(before), "--save", _SAVED]
    words += ["-c", before.source, "-c", _SAVED, *version]
    return question, f"{shlex.join(saved)}\n{shlex.join(words)}"


def witness_question(
    change: PowerChange, before: Organization, after: Organization
) -> dict[str, Any]:
    """Return a question that the two organizations of a change answer differently."""
    address, endpoint, tls = change.witness
    local = str(endpoint.address)
    if endpoint.is_any:
        sides = [side_of(each, endpoint) for each in (before, after)]
        local = spare_address(
            [side for side in sides if side is not None],
            family=endpoint.address.family,
            port=endpoint.port,
        )
    return {
        "ip": str(address),
        "port": endpoint.port,
        "local_ip": local or None,
        "auth": change.way.auth.value,
        "user": change.way.user,
        "group": change.way.group,
        "tls": tls,
        "server": endpoint.server,
    }


def side_of(organization: Organization, endpoint: Endpoint) -> Organization | None:
    """Return the server of an endpoint on one side, ``None`` where it has none of the name."""
    servers = organization.one_by_one()
    if len(servers) == 1:
        return servers[0]
    return next((each for each in servers if each.server == endpoint.server), None)


def diff_view(answer: DiffAnswer) -> View:
    """Return the view: the proof or the counts, then power, then text."""
    comparison = answer.comparison
    shown = [c for c in comparison.changes if c not in answer.expected]
    counts = {
        kind: sum(change.kind is kind for change in comparison.changes) for kind in ChangeKind
    }
    parts = [f"{count} {kind.value}" for kind, count in counts.items() if count]
    verdict = (
        equal_words(answer) if comparison.equal_power else f"power differs: {', '.join(parts)}"
    )
    above = [
        Fact("before", (source_words(answer.before),)),
        Fact("after", (source_words(answer.after),)),
        Fact("covered", (f"{covered_words(comparison.spots)}, with and without TLS",)),
    ]
    if comparison.equal_power and parts:
        above.append(Fact("besides", (", ".join(parts),)))
    if answer.expected:
        above.append(Fact("expected", (f"{len(answer.expected)} widened as allowed",)))
    rows = [_row(*each, answer) for each in alike(shown, _what)]
    columns = ("CHANGE", "WHO", "FROM", "ON", "TLS", "CONNECTOR", "WHAT")
    grids = []
    if rows:
        fold, caption = (1, 2, 3, 5, 6), "Changes of power"
        grids.append(Grid(columns, tuple(rows), fold=fold, readable=16, key=0, caption=caption))
    below = []
    worst = next((change for change in shown if change.kind.is_power), None)
    if worst is not None:
        below.append(Fact("see", tuple(witness_of(worst, answer)[1].splitlines())))
    if answer.text:
        lines = tuple(f"{each.sign} {each.where}: {each.text}" for each in answer.text)
        below.append(Fact("text", lines))
    widened = any(change.kind is ChangeKind.WIDENED for change in shown)
    return View(
        verdict,
        "bad" if widened else "strong",
        tuple(above),
        tuple(grids),
        tuple(below),
        diff_strips(shown),
    )


def _what(change: PowerChange, rights: list[str]) -> str:
    if change.kind is ChangeKind.REFUSED_DIFFERENTLY:
        replies = f"{change.reply_before or '-'} -> {change.reply_after or '-'}"
        return replies + (", by version" if change.by_version else "")
    return ", ".join(rights) or "-"


def _row(change: PowerChange, who: str, what: str, answer: DiffAnswer) -> tuple[TableCell, ...]:
    return (
        TableCell(change.kind.value, _TONES[change.kind]),
        cell(who),
        cell(range_words(change.addresses)),
        cell(spot_words(change.spots, answer.comparison.spots)),
        TableCell(tls_words(change.tls, both=True)),
        cell(f"{change.before or '(nobody)'} -> {change.after or '(nobody)'}"),
        cell(what),
    )


def diff_document(answer: DiffAnswer) -> dict[str, Any]:
    """Return the ``relaysim.diff/1`` document."""
    comparison = answer.comparison
    return {
        "format": "relaysim.diff/1",
        "before": configuration_document(answer.before),
        "after": configuration_document(answer.after),
        "equal_power": comparison.equal_power,
        "covered": covered_document(comparison),
        "changes": [_change(change, answer) for change in comparison.changes],
        "text": [each._asdict() for each in answer.text],
    }


def covered_document(comparison: Comparison) -> dict[str, Any]:
    """Return what a comparison covered."""
    return {
        "endpoints": endpoint_documents(comparison.spots),
        "tls": [False, True],
        "identities": [who_words(way) for way in comparison.ways],
    }


def _change(change: PowerChange, answer: DiffAnswer) -> dict[str, Any]:
    question, command = witness_of(change, answer)
    return {
        **change_document(change),
        "expected": change in answer.expected,
        "witness": {"question": question, "command": command},
    }


def change_document(change: PowerChange) -> dict[str, Any]:
    """Return a change as it stands in a document, but for its witness."""
    return {
        "kind": change.kind.value,
        "right": change.right or None,
        "identity": who_words(change.way),
        "auth": change.way.auth.value,
        "ranges": [str(interval) for interval in change.addresses],
        "endpoints": endpoint_documents(change.spots),
        "tls": list(change.tls),
        "connector_before": change.before,
        "connector_after": change.after,
        "reply_before": change.reply_before,
        "reply_after": change.reply_after,
        "by_version": change.by_version,
    }
