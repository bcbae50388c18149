"""Accepted domains: the domain is in DomainName; Name is only a label.

Source: ACC16.
"""

from typing import NamedTuple

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.assembly.listing import lost_text, marked, truth
from relaysim.importers.assembly.remarks import Remark, given_twice, later_taken
from relaysim.importers.records import Record
from relaysim.model.organization import AcceptedDomain, DomainType

__all__ = ["DomainFacts", "domain_facts"]

_NUMBERS = {
    "0": DomainType.AUTHORITATIVE,
    "1": DomainType.EXTERNAL_RELAY,
    "2": DomainType.INTERNAL_RELAY,
}
_COMMAND = "Get-AcceptedDomain | Export-Clixml domains.xml"


class DomainFacts(NamedTuple):
    """An accepted domain, and whether it is the default one (``None``: not told)."""

    domain: AcceptedDomain
    default: bool | None


def domain_facts(
    records: list[Record], remarks: list[Remark], *, prefer_latest: bool
) -> list[DomainFacts]:
    """Return the accepted domains of the records, each once, in order.

    Raises:
        InvalidConfiguration: One domain is told twice and differs; both places are named.
    """
    found: dict[str, tuple[Record, DomainFacts]] = {}
    problems: list[Problem] = []
    for record in records:
        facts = _one(record, remarks)
        if facts is None:
            continue
        key = facts.domain.name.casefold()
        if key not in found:
            found[key] = record, facts
            continue
        first, before = found[key]
        if before.domain.type is not facts.domain.type and record.text("DomainType"):
            if not first.text("DomainType"):
                found[key] = record, facts
                continue
            difference = (
                f"the accepted domain is {before.domain.type.value} and {facts.domain.type.value}"
            )
            name = facts.domain.name
            if prefer_latest:
                found[key] = record, facts
                remarks.append(later_taken(difference, (first, record), name, "DomainType"))
            else:
                problems.append(given_twice(difference, (first, record), name, "DomainType"))
    if problems:
        raise InvalidConfiguration(problems)
    return [facts for _, facts in found.values()]


def _one(record: Record, remarks: list[Remark]) -> DomainFacts | None:
    text = record.text("DomainName")
    label = record.text("Name") or ""
    if text is None or lost_text(text) or marked(text) or " " in text or "@" in text:
        if marked(text or ""):
            kind, what = "truncated", "the domain was cut"
        else:
            kind, what = "lost-column", "the domain is not in the output, only its label"
        remarks.append(
            Remark(
                kind,
                f"{what}; it is left out, so that its recipients count as relay",
                record.file,
                record.line,
                label or "an accepted domain",
                "DomainName",
                _COMMAND,
            )
        )
        return None
    name = text.lower()
    if truth(record.text("DomainName.IncludeSubDomains")):
        name = name if name.startswith("*") else f"*.{name}"
    domain_type = _type(record, name, remarks)
    default = record.text("Default")
    return DomainFacts(
        AcceptedDomain(
            name=name,
            type=domain_type,
            match_sub_domains=bool(truth(record.text("MatchSubDomains"))),
            label=label if label.casefold() != name.casefold() and not marked(label) else "",
        ),
        truth(default),
    )


def _type(record: Record, name: str, remarks: list[Remark]) -> DomainType:
    text = record.text("DomainType")
    if text is not None:
        if text in _NUMBERS:
            return _NUMBERS[text]
        for kind in DomainType:
            if kind.value.casefold() == text.casefold():
                return kind
    remarks.append(
        Remark(
            "lost-column",
            "the type of the domain is not told; it is taken as Authoritative, which matters for "
            "senders only",
            record.file,
            record.line,
            name,
            "DomainType",
            _COMMAND,
        )
    )
    return DomainType.AUTHORITATIVE
