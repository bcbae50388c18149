"""Accepted domains: the domain is in DomainName; Name is only a label.

Source: ACC16.
"""

from typing import NamedTuple

from relaysim.importers.assembly.listing import lost_text, marked
from relaysim.importers.assembly.remarks import Remark
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


def domain_facts(records: list[Record], remarks: list[Remark]) -> list[DomainFacts]:
    """Return the accepted domains of the records, each once, in order."""
    found: dict[str, DomainFacts] = {}
    for record in records:
        facts = _one(record, remarks)
        if facts is None:
            continue
        key = facts.domain.name.casefold()
        before = found.get(key)
        if before is not None and before.domain.type is not facts.domain.type:
            remarks.append(
                Remark(
                    "duplicate",
                    f"the accepted domain is {before.domain.type.value} and "
                    f"{facts.domain.type.value}; the first is taken",
                    record.file,
                    record.line,
                    facts.domain.name,
                    "DomainType",
                )
            )
            continue
        found.setdefault(key, facts)
    return list(found.values())


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
    if (record.text("DomainName.IncludeSubDomains") or "").casefold() == "true":
        name = name if name.startswith("*") else f"*.{name}"
    domain_type = _type(record, name, remarks)
    default = record.text("Default")
    return DomainFacts(
        AcceptedDomain(
            name=name,
            type=domain_type,
            match_sub_domains=(record.text("MatchSubDomains") or "").casefold() == "true",
            label=label if label.casefold() != name.casefold() and not marked(label) else "",
        ),
        None if default is None else default.casefold() == "true",
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
