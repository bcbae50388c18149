"""The commands for accepted domains, and for settings that no rule uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.config.scripts.script_values import kept_value, value_of
from relaysim.model.properties.kinds import FlagKind
from relaysim.model.properties.transport import TRANSPORT_SETTINGS
from relaysim.powershell.language.writing import command_line, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.model.organization import AcceptedDomain, Organization

__all__ = ["domain_commands", "setting_commands"]


def domain_commands(
    wanted: tuple[AcceptedDomain, ...], there: tuple[AcceptedDomain, ...]
) -> Iterator[str]:
    """Yield the commands that turn the domains that are there into those that are wanted."""
    before = {one.name.casefold(): one for one in there}
    after = {one.name.casefold(): one for one in wanted}
    for key, domain in after.items():
        known = before.get(key)
        label = domain.label or domain.name
        if known is None:
            yield command_line(
                "New-AcceptedDomain",
                [
                    ("Name", quote(label)),
                    ("DomainName", quote(domain.name)),
                    ("DomainType", domain.type.value),
                ],
                tail=" | Out-Null",
            )
        arguments = []
        if known is not None and known.type is not domain.type:
            arguments.append(("DomainType", domain.type.value))
        if (known is not None and known.match_sub_domains) != domain.match_sub_domains:
            arguments.append(("MatchSubDomains", value_of(domain.match_sub_domains)))
        if known is not None and (known.label or known.name) != label:
            arguments.append(("Name", quote(label)))
        if arguments:
            current = label if known is None else known.label or known.name
            yield command_line("Set-AcceptedDomain", [("Identity", quote(current)), *arguments])
    for key, domain in before.items():
        if key not in after:
            yield command_line(
                "Remove-AcceptedDomain",
                [("Identity", quote(domain.label or domain.name))],
                confirm=True,
            )


def setting_commands(organization: Organization, fresh: Organization) -> Iterator[str]:
    """Return the commands for settings that no rule uses, kept by what they belong to."""
    known = dict(fresh.unmodelled)
    labels = {f"accepted domain `{one.name}`": one for one in organization.accepted_domains}
    transport = {one.name: one.kind for one in TRANSPORT_SETTINGS}
    arguments = []
    for key, text in organization.unmodelled:
        target, _, name = key.rpartition(": ")
        if known.get(key) == text:
            continue
        if target == "transport configuration" and name in transport:
            argument = kept_value(transport[name], text)
            if argument is not None:
                arguments.append((name, argument))
        elif target == "accepted domains" and f"accepted domain `{text}`" in labels:
            domain = labels[f"accepted domain `{text}`"]
            identity = quote(domain.label or domain.name)
            yield command_line(
                "Set-AcceptedDomain", [("Identity", identity), ("MakeDefault", "$true")]
            )
        elif target in labels:
            identity = quote(labels[target].label or labels[target].name)
            argument = kept_value(FlagKind(), text)
            if argument is not None and name.isascii() and name.isalnum():
                yield command_line("Set-AcceptedDomain", [("Identity", identity), (name, argument)])
    if arguments:
        yield command_line("Set-TransportConfig", arguments)
