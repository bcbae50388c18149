"""Entries on the connectors that answer already: a small step, or the last resort.

Source: EXA, ANON16.
"""

from collections.abc import Iterator

from relaysim.analysis.partition import partition
from relaysim.model.acl import Ace
from relaysim.model.organization import Organization
from relaysim.model.principals import ANONYMOUS_LOGON, AUTHENTICATED_USERS
from relaysim.model.rights import Right
from relaysim.model.session import AuthKind
from relaysim.suggest.draft import Draft, Pipeline, entry_pipelines, identity_of
from relaysim.suggest.request import RIGHT_FOR, PlanRequest

__all__ = ["entries_where_answered"]


def entries_where_answered(
    organization: Organization, request: PlanRequest, *, is_last: bool
) -> Iterator[Draft]:
    """Yield entries on every connector that answers some of the clients and lacks them.

    Args:
        organization: One server.
        request: What is wanted, to be given.
        is_last: Offer it as the last resort, for it reaches others too; else it is the least that
            can be done, and kept only where it gives them nothing.
    """
    if request.auth is not AuthKind.NONE and not request.auth.is_account:
        return
    principal = ANONYMOUS_LOGON if request.auth is AuthKind.NONE else AUTHENTICATED_USERS
    wanted = [Right.SUBMIT]
    wanted += [right for name in request.answers if (right := RIGHT_FOR[name]) is not None]
    regions = partition(organization, request.session())
    commands: list[Pipeline] = []
    undo: list[Pipeline] = []
    names: list[str] = []
    met = (region.outcome for region in regions if request.addresses.meets(region.interval))
    for connector in {id(each.connector): each.connector for each in met}.values():
        if connector is None or connector.externally_secured:
            continue
        lacking = [r.value for r in wanted if Ace(principal, r) not in connector.acl]
        if lacking:
            names.append(connector.name)
            identity = identity_of(organization, connector.name)
            add, remove = entry_pipelines(identity, principal, tuple(lacking))
            commands.append(add)
            undo.append(remove)
    if not names:
        return
    where = f"entries on {', '.join(f'`{name}`' for name in names)}"
    if not is_last:
        answers = "answers" if len(names) == 1 else "answer"
        title = f"{where}, which {answers} nobody else"
        yield Draft(title, tuple(commands), tuple(undo), is_exclusive=True)
        return
    who = "anybody" if request.auth is AuthKind.NONE else "any account"
    yield Draft(
        f"{where}, which others reach too",
        tuple(commands),
        tuple(undo),
        f"{who} whom these connectors answer gets it: only because nothing else can be done",
        is_last=True,
    )
