"""The views of ``explain``, and the data behind them: rights, groups, connectors."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from relaysim.engine.access import ace_source, grants
from relaysim.errors import InvalidInput
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Grant
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.properties.catalogue import PROPERTIES
from relaysim.model.properties.kept import is_default, kept_text, value_of
from relaysim.model.rights import RIGHT_FACTS, Right, receive_rights
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.render.answers.check_view import group_names, mechanism_names
from relaysim.render.tones import entry_tone
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.wording import because_words, short_right

__all__ = [
    "HeldRights",
    "configured_principals",
    "connector_view",
    "connectors_document",
    "group_document",
    "group_view",
    "holdings",
    "overview",
    "right_document",
    "right_view",
]


class HeldRights(NamedTuple):
    """What one principal holds on one connector by itself.

    Attributes:
        connector: The connector.
        principal: The principal, judged alone, without any group it may be in.
        rights: Every receive-side right of the version.
    """

    connector: ReceiveConnector
    principal: Principal
    rights: tuple[Grant, ...]


def configured_principals(organization: Organization) -> tuple[Principal, ...]:
    """Return every principal that an entry or an account names, in order of first appearance."""
    named = [ace.principal for connector in organization.connectors for ace in connector.acl]
    named += [ace.principal for ace in organization.inherited_aces]
    named += [account.name for account in organization.accounts]
    return tuple(dict.fromkeys(named))


def holdings(
    organization: Organization,
    connectors: Iterable[ReceiveConnector],
    principals: Iterable[Principal],
) -> list[HeldRights]:
    """Return what each principal holds on each connector, each judged by itself."""
    wanted = tuple(principals)
    return [
        HeldRights(connector, principal, grants(organization, connector, (principal,)))
        for connector in connectors
        for principal in wanted
    ]


def overview(source: str, organization: Organization, found: list[HeldRights]) -> View:
    """Return the table of every connector and principal: which rights, and where from."""
    rows: list[tuple[TableCell, ...]] = []
    for holding in found:
        by_source: dict[tuple[str, bool | None], list[str]] = {}
        for grant in holding.rights:
            if grant.ace is not None and grant.source is not None:
                key = (grant.source, grant.granted)
                by_source.setdefault(key, []).append(short_right(grant.right.value))
        for (origin, granted), names in by_source.items():
            rights = ", ".join(names)
            if len(names) == len(holding.rights):
                rights = f"all {len(names)} receive-side rights"
            rows.append(
                (
                    cell(holding.connector.name),
                    cell(holding.principal.name),
                    TableCell(
                        "allow" if granted else "DENY", _tone(holding, granted=bool(granted))
                    ),
                    cell(origin),
                    cell(rights),
                )
            )
    columns = ("CONNECTOR", "PRINCIPAL", "EFFECT", "FROM", "RIGHTS")
    facts = [Fact("configuration", (f"{source} (Exchange {organization.exchange.value})",))]
    return View(
        verdict=f"{len(organization.connectors)} connectors: who holds which rights",
        tone="strong",
        above=tuple(facts),
        grids=(Grid(columns, tuple(rows), fold=(1, 4)),),
        below=(
            Fact("rights", ("names without ms-Exch- and ms-Exch-SMTP-; see `explain --right`",)),
        ),
    )


def connector_view(
    source: str, organization: Organization, connector: ReceiveConnector, found: list[HeldRights]
) -> View:
    """Return one connector in full: each principal with each right, granted or not."""
    rows = []
    for holding in found:
        whole = _all_from(holding) if len(found) > 1 else None
        if whole is not None:
            # Whoever holds everything by one entry, such as the installation's own groups, is
            # said once: the connector's own grants are what one looks for here.
            what = cell(f"all {len(holding.rights)} receive-side rights")
            name = cell(holding.principal.name)
            effect = TableCell("yes", _tone(holding, granted=True))
            rows.append((name, what, effect, whole, _ALL))
            continue
        for grant in holding.rights:
            if grant.ace is None and len(found) > 1:
                continue
            rows.append(
                (
                    cell(holding.principal.name),
                    cell(grant.right.value),
                    _effect(grant, holding.principal),
                    cell(grant.source or because_words(grant.because)),
                    cell(RIGHT_FACTS[grant.right].meaning),
                )
            )
    facts = (
        Fact("configuration", (f"{source} (Exchange {organization.exchange.value})",)),
        Fact("bindings", (", ".join(map(str, connector.bindings)),)),
        Fact("remote ranges", (", ".join(map(str, connector.remote_ip_ranges)),)),
        Fact("groups", (", ".join(group_names(organization, connector)),)),
        Fact("mechanisms", (", ".join(mechanism_names(connector)),)),
        Fact("properties", property_lines(organization, connector)),
    )
    columns = ("PRINCIPAL", "RIGHT", "ANSWER", "FROM", "MEANING")
    who = found[0].principal.name if len(found) == 1 else "who holds which rights"
    return View(
        verdict=f"{connector.name}: {who}",
        tone="strong",
        above=facts,
        grids=(Grid(columns, tuple(rows), fold=(1, 4)),),
    )


_ALL = cell("everything that a session can be granted")


def _all_from(holding: HeldRights) -> TableCell | None:
    """Return where every right comes from when all are granted from one place, else ``None``."""
    sources = {grant.source for grant in holding.rights if grant.granted}
    if len(sources) != 1 or not all(grant.granted for grant in holding.rights):
        return None
    return cell(sources.pop() or "-")


def property_lines(organization: Organization, connector: ReceiveConnector) -> tuple[str, ...]:
    """Return every further property that is not what it is when nobody sets it, one a line.

    What the catalogue does not know, or what is no value of its kind, stands as it was read.
    """
    lines = []
    for wanted in PROPERTIES:
        if (wanted.kind.is_list and wanted.modelled) or wanted.name == "Name":
            continue
        exchange, role = organization.exchange, organization.role
        if is_default(wanted, connector, exchange=exchange, role=role):
            continue
        try:
            value = value_of(wanted, connector, exchange=exchange, role=role)
        except InvalidInput:
            value = kept_text(connector, wanted.name)
        lines.append(f"{wanted.name} {wanted.kind.format(value)}")
    known = {one.name.casefold() for one in PROPERTIES}
    lines += [
        f"{name} {text}" for name, text in connector.unmodelled if name.casefold() not in known
    ]
    return tuple(lines) or ("the defaults",)


def group_view(
    group: PermissionGroup, exchange: ExchangeVersion, role: ServerRole, domain: str
) -> View:
    """Return what a permission group grants, and to whom."""
    entries = preset(group, exchange=exchange, role=role, domain=domain)
    rows = tuple(
        (
            cell(ace.principal.name),
            cell(ace.right.value),
            _entry(ace),
            cell(RIGHT_FACTS[ace.right].meaning),
        )
        for ace in entries
    )
    principals = dict.fromkeys(ace.principal.name for ace in entries)
    lines = tuple(
        f"{name}: {sum(a.principal.name == name and not a.deny for a in entries)} rights"
        for name in principals
    )
    edge = ", Edge" if role is ServerRole.EDGE else ""
    return View(
        verdict=f"{group.value}: what the group grants in Exchange {exchange.value}{edge}",
        tone="strong",
        above=(Fact("principals", lines),),
        grids=(Grid(("PRINCIPAL", "RIGHT", "EFFECT", "MEANING"), rows, fold=(1, 3)),),
        below=(Fact("example", (_group_example(group),)),),
    )


def _group_example(group: PermissionGroup) -> str:
    """Return the command that gives a connector the group."""
    return f"Set-ReceiveConnector 'EX01\\Relay' -PermissionGroups {group.value}"


def _right_example(right: Right) -> str:
    """Return the command that gives somebody the right."""
    name = right.value
    if right is Right.SEND_AS:
        return "Add-ADPermission 'Mailbox' -User 'CONTOSO\\app' -ExtendedRights Send-As"
    if right is Right.FULL_CONTROL:
        more = "-AccessRights GenericAll"
    elif right is Right.ALL_EXTENDED_RIGHTS:
        more = "-AccessRights ExtendedRight"
    else:
        more = f"-ExtendedRights {name}"
    kind = "Receive" if RIGHT_FACTS[right].receive or right in _MANY else "Send"
    return f"Get-{kind}Connector 'Relay' | Add-ADPermission -User 'CONTOSO\\app' {more}"


_MANY = (Right.FULL_CONTROL, Right.ALL_EXTENDED_RIGHTS)


def right_view(source: str, organization: Organization, right: Right) -> View:
    """Return one right: meaning, names, the groups that carry it and who holds it here."""
    facts = RIGHT_FACTS[right]
    above = [
        Fact("allows", (facts.meaning,)),
        Fact("without it", (facts.without,)),
        Fact("display name", (facts.display_name or "none known",)),
        Fact("GUID", (facts.guid or "none published",)),
        Fact("protocol log", (facts.token or "no token",)),
        Fact("since", (f"Exchange {facts.since.value}",)),
    ]
    if not facts.receive:
        above.append(Fact("note", ("not asked for on receive connectors",), "warn"))
    rows = tuple(
        (cell(group.value), cell(principal), cell(effect))
        for group, principal, effect in _carriers(organization, right)
    )
    held = tuple(
        (
            cell(connector.name),
            cell(ace.principal.name),
            _entry(ace),
            cell(ace_source(organization, organization.groups_of(connector)[0], ace)),
        )
        for connector in organization.connectors
        for ace in dict.fromkeys((*connector.acl, *organization.inherited_aces))
        if ace.carries(right)
    )
    version = organization.exchange.value
    return View(
        verdict=right.value,
        tone="strong",
        above=tuple(above),
        grids=(
            Grid(
                ("GROUP", "PRINCIPAL", "EFFECT"),
                rows,
                fold=(1,),
                title=f"Permission groups that carry it in Exchange {version}",
            ),
            Grid(
                ("CONNECTOR", "PRINCIPAL", "EFFECT", "FROM"),
                held,
                fold=(1,),
                title=f"Entries that name it in {source}",
            ),
        ),
        below=(Fact("example", (_right_example(right),)),),
    )


def connectors_document(
    source: str, organization: Organization, found: list[HeldRights]
) -> dict[str, Any]:
    """Return the JSON document of ``explain`` for connectors and principals."""
    return {
        "format": "relaysim.explain/1",
        "configuration": {"source": source, "exchange": organization.exchange.value},
        "holdings": [
            {
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


def group_document(
    group: PermissionGroup, exchange: ExchangeVersion, role: ServerRole, domain: str
) -> dict[str, Any]:
    """Return the JSON document of ``explain --group``."""
    entries = preset(group, exchange=exchange, role=role, domain=domain)
    return {
        "format": "relaysim.explain/1",
        "group": group.value,
        "exchange": exchange.value,
        "role": role.value,
        "example": _group_example(group),
        "entries": [
            {"principal": ace.principal.name, "right": ace.right.value, "deny": ace.deny}
            for ace in entries
        ],
    }


def right_document(source: str, organization: Organization, right: Right) -> dict[str, Any]:
    """Return the JSON document of ``explain --right``."""
    facts = RIGHT_FACTS[right]
    return {
        "format": "relaysim.explain/1",
        "configuration": {"source": source, "exchange": organization.exchange.value},
        "right": right.value,
        "display_name": facts.display_name,
        "guid": facts.guid,
        "log_token": facts.token,
        "since": facts.since.value,
        "receive_side": facts.receive,
        "meaning": facts.meaning,
        "without": facts.without,
        "example": _right_example(right),
        "groups": [
            {"group": group.value, "principal": principal, "deny": effect == "deny"}
            for group, principal, effect in _carriers(organization, right)
        ],
        "entries": [
            {
                "connector": connector.name,
                "principal": ace.principal.name,
                "deny": ace.deny,
                "inherited": ace.inherited,
            }
            for connector in organization.connectors
            for ace in dict.fromkeys((*connector.acl, *organization.inherited_aces))
            if ace.carries(right)
        ],
    }


def _carriers(organization: Organization, right: Right) -> list[tuple[PermissionGroup, str, str]]:
    if right not in receive_rights(organization.exchange):
        return []
    return [
        (group, ace.principal.name, "deny" if ace.deny else "allow")
        for group in PermissionGroup
        if not (
            organization.role is ServerRole.EDGE
            and group is PermissionGroup.EXCHANGE_LEGACY_SERVERS
        )
        for ace in organization.entries_of(group)
        if ace.right is right
    ]


def _entry(ace: Ace) -> TableCell:
    tone = entry_tone(ace.principal, ace.right, allows=not ace.deny)
    return TableCell("DENY" if ace.deny else "allow", tone)


def _tone(holding: HeldRights, *, granted: bool) -> str:
    """Return the tone of everything that a principal is granted, or denied."""
    tones = [entry_tone(holding.principal, g.right, allows=granted) for g in holding.rights]
    return "bad" if "bad" in tones else tones[0] if tones else ""


def _effect(grant: Grant, principal: Principal) -> TableCell:
    if grant.granted:
        return TableCell("yes", entry_tone(principal, grant.right, allows=True))
    return TableCell("denied" if grant.ace is not None else "no", "dim")
