"""Who holds what on every connector of every server: the table of ``explain``, and its data."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from relaysim.engine.access import grants
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Grant
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.render.tones import entry_tone
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.wording import short_right

__all__ = [
    "HeldRights",
    "configured_principals",
    "connectors_document",
    "holdings",
    "overview",
    "tone_of",
]


class HeldRights(NamedTuple):
    """What one principal holds on one connector by itself.

    Attributes:
        connector: The connector.
        principal: The principal, judged alone, without any group it may be in.
        rights: Every receive-side right of the version.
        server: The connector's server where there are several, else empty.
    """

    connector: ReceiveConnector
    principal: Principal
    rights: tuple[Grant, ...]
    server: str = ""

    @property
    def name(self) -> str:
        r"""The connector's name, as ``SERVER\name`` where there are several servers."""
        return f"{self.server}\\{self.connector.name}" if self.server else self.connector.name


def configured_principals(organization: Organization) -> tuple[Principal, ...]:
    """Return every principal that an entry or an account names, in order of first appearance."""
    connectors = [connector for server in organization.servers for connector in server.connectors]
    named = [ace.principal for connector in connectors for ace in connector.acl]
    named += [ace.principal for ace in organization.inherited_aces]
    named += [account.name for account in organization.accounts]
    return tuple(dict.fromkeys(named))


def holdings(
    organization: Organization,
    principals: Iterable[Principal],
    only: ReceiveConnector | None = None,
) -> list[HeldRights]:
    """Return what each principal holds on each connector of each server, each judged by itself.

    Args:
        organization: The organization.
        principals: The principals.
        only: The only connector to look at; left out, all of them.
    """
    wanted = tuple(principals)
    several = len(organization.servers) > 1
    found = []
    for each in organization.one_by_one():
        # Connectors with the same entries give the same, and many have them.
        known: dict[object, list[tuple[Grant, ...]]] = {}
        for connector in (only,) if only is not None else each.connectors:
            key = connector.acl, connector.unknown
            held = known.get(key)
            if held is None:
                held = known[key] = [grants(each, connector, (one,)) for one in wanted]
            server = each.server if several else ""
            found += [
                HeldRights(connector, one, rights, server)
                for one, rights in zip(wanted, held, strict=True)
            ]
    return found


def overview(source: str, organization: Organization, found: list[HeldRights]) -> View:
    """Return the table of every connector and principal: which rights, and where from."""
    rows: list[tuple[TableCell, ...]] = []
    known: dict[tuple[int, Principal], list[tuple[TableCell, ...]]] = {}
    for holding in found:
        key = id(holding.rights), holding.principal
        cells = known.get(key)
        if cells is None:
            cells = known[key] = _effects(holding)
        rows += [(cell(holding.name), *each) for each in cells]
    columns = ("CONNECTOR", "PRINCIPAL", "EFFECT", "FROM", "RIGHTS")
    facts = [Fact("configuration", (f"{source} (Exchange {organization.versions_text})",))]
    count = sum(len(server.connectors) for server in organization.servers)
    servers = len(organization.servers)
    where = f" of {servers} servers" if servers > 1 else ""
    return View(
        verdict=f"{count} connectors{where}: who holds which rights",
        tone="strong",
        above=tuple(facts),
        grids=(Grid(columns, tuple(rows), fold=(1, 4)),),
        below=(
            Fact("rights", ("names without ms-Exch- and ms-Exch-SMTP-; see `explain --right`",)),
        ),
    )


def _effects(holding: HeldRights) -> list[tuple[TableCell, ...]]:
    """Return the cells behind the connector's name: a row for each place that rights come from."""
    by_source: dict[tuple[str, bool | None], list[str]] = {}
    for grant in holding.rights:
        if grant.ace is not None and grant.source is not None:
            key = (grant.source, grant.granted)
            by_source.setdefault(key, []).append(short_right(grant.right.value))
    found: list[tuple[TableCell, ...]] = []
    for (origin, granted), names in by_source.items():
        rights = ", ".join(names)
        if len(names) == len(holding.rights):
            rights = f"all {len(names)} receive-side rights"
        effect = "allow" if granted else "DENY"
        tone = tone_of(holding, granted=bool(granted))
        who = cell(holding.principal.name)
        found.append((who, TableCell(effect, tone), cell(origin), cell(rights)))
    return found


def connectors_document(
    source: str, organization: Organization, found: list[HeldRights]
) -> dict[str, Any]:
    """Return the JSON document of ``explain`` for connectors and principals."""
    return {
        "format": "relaysim.explain/1",
        "configuration": {"source": source, "exchange": organization.versions_text},
        "holdings": [
            ({"server": holding.server} if holding.server else {})
            | {
                "connector": holding.connector.name,
                "principal": holding.principal.name,
                "rights": [
                    {
                        "name": grant.right.value,
                        "granted": grant.granted,
                        "because": grant.because.value,
                        "source": grant.source,
                        "inherited": grant.ace.inherited if grant.ace else None,
                    }
                    for grant in holding.rights
                ],
            }
            for holding in found
        ],
    }


def tone_of(holding: HeldRights, *, granted: bool) -> str:
    """Return the tone of everything that a principal is granted, or denied."""
    tones = [entry_tone(holding.principal, g.right, allows=granted) for g in holding.rights]
    return "bad" if "bad" in tones else tones[0] if tones else ""
