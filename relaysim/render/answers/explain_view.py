"""The views of ``explain``, and the data behind them: rights, groups, connectors."""

from collections.abc import Iterator
from typing import Any

from relaysim.engine.access import ace_source
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
from relaysim.render.answers.holdings import HeldRights, tone_of
from relaysim.render.tones import entry_tone
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.wording import because_words

__all__ = [
    "connector_view",
    "group_document",
    "group_view",
    "right_document",
    "right_view",
]


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
            effect = TableCell("yes", tone_of(holding, granted=True))
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
    several = len(organization.servers) > 1
    held = tuple(
        (
            cell(f"{each.server}\\{connector.name}" if several else connector.name),
            cell(ace.principal.name),
            _entry(ace),
            cell(ace_source(each, each.groups_of(connector)[0], ace)),
        )
        for each, connector, ace in _entries_of(organization, right)
    )
    version = organization.versions_text
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
        "configuration": {"source": source, "exchange": organization.versions_text},
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
            ({"server": each.server} if len(organization.servers) > 1 else {})
            | {
                "connector": connector.name,
                "principal": ace.principal.name,
                "deny": ace.deny,
                "inherited": ace.inherited,
            }
            for each, connector, ace in _entries_of(organization, right)
        ],
    }


def _entries_of(
    organization: Organization, right: Right
) -> Iterator[tuple[Organization, ReceiveConnector, Ace]]:
    """Yield every entry that carries a right, with its connector and the view of its server."""
    for each in organization.one_by_one():
        for connector in each.connectors:
            for ace in dict.fromkeys((*connector.acl, *each.inherited_aces)):
                if ace.carries(right):
                    yield each, connector, ace


def _carriers(organization: Organization, right: Right) -> list[tuple[PermissionGroup, str, str]]:
    """Return the groups that carry a right on some server, whom they give it, and how."""
    found = [
        (group, ace.principal.name, "deny" if ace.deny else "allow")
        for group in PermissionGroup
        for each in organization.one_by_one()
        if right in receive_rights(each.exchange)
        and not (each.role is ServerRole.EDGE and group is PermissionGroup.EXCHANGE_LEGACY_SERVERS)
        for ace in each.entries_of(group)
        if ace.right is right
    ]
    return list(dict.fromkeys(found))


def _entry(ace: Ace) -> TableCell:
    tone = entry_tone(ace.principal, ace.right, allows=not ace.deny)
    return TableCell("DENY" if ace.deny else "allow", tone)


def _effect(grant: Grant, principal: Principal) -> TableCell:
    if grant.granted:
        return TableCell("yes", entry_tone(principal, grant.right, allows=True))
    return TableCell("denied" if grant.ace is not None else "no", "dim")
