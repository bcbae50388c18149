"""Which rights a set of principals holds on a connector."""

from collections.abc import Iterable, Sequence

from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Grant, Reason
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.organization import Organization
from relaysim.model.principals import Principal
from relaysim.model.rights import Right, receive_rights

__all__ = ["CONNECTOR_ACE", "INHERITED_ACE", "ace_source", "grants", "no_grants"]

CONNECTOR_ACE = "connector ACE"
INHERITED_ACE = "inherited ACE"

_EXACTNESS = {Right.ALL_EXTENDED_RIGHTS: 1, Right.FULL_CONTROL: 2}


def grants(
    organization: Organization,
    connector: ReceiveConnector,
    principals: Sequence[Principal],
    rights: Iterable[Right] | None = None,
) -> tuple[Grant, ...]:
    """Return every right asked for, granted or not, with the entry that decided.

    Explicit deny, explicit allow, inherited deny, inherited allow, in this order: the first kind
    with an entry that names one of the principals and carries the right decides. Without one the
    right is not granted, which is not the same as denied.

    Args:
        organization: Gives the inherited entries and the version.
        connector: Gives the explicit entries, and inherited ones of its own.
        principals: What the session holds; the order only chooses which entry is named.
        rights: Rights to answer, in this order; every receive-side right of the version if left
            out.

    Source: WINACE (order), PERM13 (inherited entries), RC16.
    """
    position = {principal: index for index, principal in enumerate(principals)}
    mine = [
        ace for ace in (*connector.acl, *organization.inherited_aces) if ace.principal in position
    ]
    # Sorting once puts the deciding entry of each right first, whatever the order of the list.
    mine.sort(
        key=lambda ace: (
            ace.inherited,
            not ace.deny,
            position[ace.principal],
            _EXACTNESS.get(ace.right, 0),
        )
    )
    asked = receive_rights(organization.exchange) if rights is None else tuple(rights)
    shown = organization.groups_of(connector)[0] if mine else ()
    return tuple(_grant(organization, shown, right, mine) for right in asked)


def no_grants(organization: Organization) -> tuple[Grant, ...]:
    """Return every receive-side right as not looked up, for a session without an identity."""
    return tuple(
        Grant(right, granted=False, because=Reason.NO_IDENTITY)
        for right in receive_rights(organization.exchange)
    )


def ace_source(organization: Organization, shown: Iterable[PermissionGroup], ace: Ace) -> str:
    """Return where an entry comes from: a shown permission group, or itself."""
    if ace.inherited:
        return INHERITED_ACE
    for group in shown:
        if ace in preset(
            group,
            exchange=organization.exchange,
            role=organization.role,
            domain=organization.domain,
        ):
            return group.value
    return CONNECTOR_ACE


def _grant(
    organization: Organization,
    shown: tuple[PermissionGroup, ...],
    right: Right,
    entries: list[Ace],
) -> Grant:
    for ace in entries:
        if ace.carries(right):
            because = Reason.DENY_ENTRY if ace.deny else Reason.ALLOW_ENTRY
            source = ace_source(organization, shown, ace)
            return Grant(right, not ace.deny, because, ace, source)
    return Grant(right, granted=False, because=Reason.NO_ALLOW_ENTRY)
