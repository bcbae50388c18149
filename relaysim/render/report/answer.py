"""What a report says, before it is laid out."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from relaysim.analysis.findings.finding import FindingVerdict, Severity
from relaysim.model.session import AuthKind
from relaysim.net.addrset import AddressSet
from relaysim.net.special import PUBLIC, kinds_in
from relaysim.render.places import naming_options
from relaysim.render.space.ranges import count_words, interval_texts
from relaysim.render.space.who_can_view import over_mapped

if TYPE_CHECKING:
    from relaysim.analysis.reach import Reach
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.render.weighed.audit_answer import AuditAnswer

__all__ = [
    "ROWS_SHOWN",
    "InputFile",
    "ReportAnswer",
    "again_commands",
    "connector_facts",
    "range_words",
    "verdict_of",
    "who_words",
]

ROWS_SHOWN = 200
"""So many rows of one table; the rest is counted."""

_RANGES_SHOWN = 12


class InputFile(NamedTuple):
    """A file the report was made from: name, SHA-256 in hexadecimal digits, bytes."""

    name: str
    digest: str
    size: int


class ReportAnswer(NamedTuple):
    """Everything of a report.

    Attributes:
        audit: The findings, with configuration and coverage.
        files: What it was made from; empty for a built-in configuration.
        reaches: For each thing asked (``relay`` and so on), from where it may be done.
        date: The day on the page.
        version: Version of the program.
    """

    audit: AuditAnswer
    files: tuple[InputFile, ...]
    reaches: tuple[tuple[str, tuple[Reach, ...]], ...]
    date: str
    version: str

    @property
    def organization(self) -> Organization:
        """The organization."""
        return self.audit.configuration.organization


def who_words(reach: Reach) -> str:
    """Return who comes this way, in a few words."""
    way = reach.way
    if way.user is not None:
        return way.user
    if way.group is not None:
        return f"members of {way.group}"
    return {AuthKind.NONE: "anyone", AuthKind.USER: "any account"}.get(way.auth, way.auth.value)


def range_words(addresses: AddressSet, *, shown: int = _RANGES_SHOWN) -> str:
    """Return ranges as text, the first few of them, and how many more there are."""
    intervals = list(over_mapped(addresses))
    texts = [text for interval in intervals[:shown] for text in interval_texts(interval, "auto")]
    more = len(intervals) - shown
    return ", ".join(texts) + (f" and {more:,} more ranges" if more > 0 else "") or "nobody"


def verdict_of(answer: ReportAnswer) -> tuple[str, bool]:
    """Return the verdict in one sentence, and whether it is bad."""
    relays = dict(answer.reaches).get("relay", ())
    anonymous = [each for each in relays if each.way.auth is AuthKind.NONE]
    public = any(PUBLIC in kinds_in(i) for each in anonymous for i in each.addresses)
    unknown = any(each.unknown for each in anonymous)
    worst = [
        finding
        for finding in answer.audit.of(FindingVerdict.VIOLATED)
        if finding.severity in (Severity.CRITICAL, Severity.HIGH)
    ]
    if public:
        text = "Strangers on the Internet may relay through this organization without a password"
    elif unknown:
        text = "It cannot be told from the input who may relay without a password"
    else:
        everyone = AddressSet(interval for each in anonymous for interval in each.addresses)
        text = "Nobody may relay without a password"
        if everyone:
            text = f"Only {count_words(everyone.size)} named addresses may relay without a password"
    grave = f"{len(worst)} critical or high finding{'' if len(worst) == 1 else 's'}"
    return f"{text}; {grave}.", public or unknown or bool(worst)


def connector_facts(
    organization: Organization, connector: ReceiveConnector
) -> list[tuple[str, str]]:
    """Return what a connector is, as (label, text); ``organization`` has only its server."""
    from relaysim.config.difference import describe_ace
    from relaysim.render.answers.check_view import group_names, mechanism_names

    explicit = [ace for ace in connector.acl if not ace.inherited]
    groups = (
        list(group_names(organization, connector)) if "entries" not in connector.unknown else []
    )
    facts = [
        ("enabled", "yes" if connector.enabled else "no"),
        ("service", connector.transport_role.value),
        ("listens on", ", ".join(str(binding) for binding in connector.bindings) or "nothing"),
        ("serves", _few([str(entry) for entry in connector.remote_ip_ranges], 20)),
        ("authentication", ", ".join(mechanism_names(connector)) or "None"),
        ("permission groups", ", ".join(groups) or "None"),
    ]
    presets = {ace for group in _presets(organization, connector) for ace in group}
    by_hand = [describe_ace(ace) for ace in explicit if ace not in presets]
    facts.append(("entries beyond the groups", _few(by_hand, 30) or "none"))
    if connector.unknown:
        facts.append(("not known", ", ".join(sorted(connector.unknown))))
    return facts


def again_commands(answer: ReportAnswer) -> list[str]:
    """Return the commands that ask the questions of the report again."""
    named = shlex.join(naming_options(answer.audit.configuration))
    return [f"relaysim {words} {named}" for words in ("audit", "who-can relay", "map")]


def _presets(organization: Organization, connector: ReceiveConnector) -> list[tuple[object, ...]]:
    if "entries" in connector.unknown or organization.only.exchange is None:
        return []
    groups, _ = organization.groups_of(connector)
    return [tuple(organization.entries_of(group)) for group in groups]


def _few(texts: list[str], shown: int) -> str:
    more = len(texts) - shown
    return ", ".join(texts[:shown]) + (f" and {more:,} more" if more > 0 else "")
