"""Making plans, trying each, and keeping those that give what is wanted and no more than they say.

Source: ANON16, RC16, NEWRC.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from relaysim.analysis.compare.change import ChangeKind, PowerChange
from relaysim.analysis.compare.compare import compare
from relaysim.analysis.findings.finding import ShellCommand
from relaysim.analysis.partition import partition
from relaysim.engine.evaluate import evaluate
from relaysim.model.connector import ReceiveConnector
from relaysim.model.decision import Decision
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import Organization
from relaysim.model.principals import ANONYMOUS_LOGON
from relaysim.model.session import AuthKind
from relaysim.model.version import ServerRole
from relaysim.net.addrset import AddressSet
from relaysim.net.notation import AddressRange
from relaysim.suggest.draft import (
    Draft,
    Pipeline,
    Pipelines,
    entry_pipelines,
    identity_of,
    set_pipelines,
)
from relaysim.suggest.entries import entries_where_answered
from relaysim.suggest.request import (
    ANSWER_NAMES,
    RIGHT_FOR,
    Plan,
    PlanRequest,
    widened_beyond,
)

__all__ = ["is_met", "plans"]

_MOST = 3

Try = Callable[[Organization, Pipelines], Organization | None]
"""Runs commands on an organization; ``None`` when one of them is refused."""


def is_met(organization: Organization, request: PlanRequest) -> bool:
    """Tell whether every client gets what is wanted, on the whole of its range."""
    regions = partition(organization, request.session())
    got = regions.where(
        lambda outcome: (
            outcome.undecided is None
            and (outcome.refusal is None or not request.is_about_a_mail)
            and all(
                getattr(outcome.answers, name).answer is request.wanted for name in request.answers
            )
        )
    )
    return not request.addresses - got


def plans(
    organization: Organization,
    request: PlanRequest,
    attempt: Try,
    *,
    is_setups: Callable[[ReceiveConnector], bool],
) -> tuple[Plan, ...]:
    """Return up to three plans, best first: each was tried, and meets the request.

    The order is that of the drafts, from the least to the most that is given away. An entry on a
    connector that answers others too is offered only when nothing else can be done.

    Args:
        organization: One server.
        request: What is wanted; not met already.
        attempt: Runs commands.
        is_setups: Tells whether setup made a connector.
    """
    if not request.wanted:
        taken = _tried(organization, request, attempt, _taking(organization, request, is_setups))
        return tuple(sorted(taken, key=lambda plan: bool(plan.beyond)))
    least = entries_where_answered(organization, request, is_last=False)
    drafts = chain(least, _giving(organization, request, is_setups))
    return _tried(organization, request, attempt, drafts) or _tried(
        organization, request, attempt, entries_where_answered(organization, request, is_last=True)
    )


def _tried(
    organization: Organization, request: PlanRequest, attempt: Try, drafts: Iterable[Draft]
) -> tuple[Plan, ...]:
    """Return the drafts that do what is wanted and can be undone, up to three."""
    found: list[Plan] = []
    for draft in drafts:
        after = attempt(organization, draft.pipelines)
        if after is None or not is_met(after, request):
            continue
        undone = attempt(after, draft.rollback)
        if undone is None or _differs(organization, undone):
            continue
        comparison = compare(organization, after)
        beyond = widened_beyond(comparison, request)
        if beyond and (draft.is_exclusive or _gives_back(beyond, request)):
            continue
        session = request.sessions()[0]
        answers = evaluate(after, session).answers
        lacks = tuple(name for name in ANSWER_NAMES if not getattr(answers, name).answer)
        found.append(
            Plan(
                draft.title,
                draft.pipelines,
                draft.rollback,
                after,
                comparison,
                beyond,
                lacks,
                draft.remark,
                draft.is_last,
            )
        )
        if len(found) == _MOST:
            break
    return tuple(found)


def _gives_back(beyond: tuple[PowerChange, ...], request: PlanRequest) -> bool:
    """Tell whether a plan that takes gives something to those whom it is about, or to anybody.

    Who is taken out of a connector's ranges falls to another one, which may know servers and
    accounts; that is named with the plan.
    """
    return not request.wanted and any(
        change.kind is ChangeKind.CANNOT_TELL or change.way.auth in (AuthKind.NONE, request.auth)
        for change in beyond
    )


def _differs(before: Organization, after: Organization) -> bool:
    """Tell whether anybody may do more or less; what was open before may stay so."""
    kinds = {change.kind for change in compare(before, after).changes}
    return ChangeKind.WIDENED in kinds or ChangeKind.NARROWED in kinds


def _texts(addresses: AddressSet) -> tuple[str, ...]:
    return tuple(str(interval) for interval in addresses)


def _ranges(
    organization: Organization, connector: ReceiveConnector, texts: tuple[str, ...]
) -> Pipelines:
    return set_pipelines(identity_of(organization, connector.name), ("RemoteIPRanges", texts))


def _written(ranges: tuple[AddressRange, ...]) -> tuple[str, ...]:
    return tuple(str(entry) for entry in ranges)


def _giving(
    organization: Organization,
    request: PlanRequest,
    is_setups: Callable[[ReceiveConnector], bool],
) -> Iterator[Draft]:
    more = _texts(request.addresses)
    for connector in organization.connectors:
        ports = {socket.port for socket in connector.bindings}
        # A command sets the whole list: of one that is not known it would drop the rest.
        is_known = "remote_ip_ranges" not in connector.unknown
        if connector.enabled and request.port in ports and is_known and not is_setups(connector):
            old = _written(connector.remote_ip_ranges)
            yield Draft(
                f"extend the ranges of `{connector.name}`",
                _ranges(organization, connector, (*old, *more)),
                _ranges(organization, connector, old),
            )
    if request.auth is AuthKind.NONE:
        given = {
            ace.right
            for ace in organization.entries_of(PermissionGroup.ANONYMOUS_USERS)
            if not ace.deny
        }
        rights = dict.fromkeys(RIGHT_FOR[name] for name in request.answers)
        entries = tuple(r.value for r in rights if r is not None and r not in given)
        yield _new(
            organization,
            request,
            "a connector of their own, with the entries that are needed",
            groups=("AnonymousUsers",),
            mechanisms=("Tls",),
            entries=entries,
        )
        yield _new(
            organization,
            request,
            "an externally secured connector of their own",
            groups=("ExchangeServers",),
            mechanisms=("Tls", "ExternalAuthoritative"),
            remark="these clients are then trusted as internal servers: any sender, no anti-spam",
        )
    elif request.auth.is_account:
        yield _new(
            organization,
            request,
            "a connector of their own on which accounts log on with TLS",
            groups=("ExchangeUsers",),
            mechanisms=("Tls", "BasicAuth", "BasicAuthRequireTLS"),
            remark="any account may then use it from these addresses",
        )


def _free_name(organization: Organization, wanted: str) -> str:
    taken = {connector.name.casefold() for connector in organization.connectors}
    number, name = 1, wanted
    while name.casefold() in taken:
        number += 1
        name = f"{wanted} {number}"
    return name


def _new(
    organization: Organization,
    request: PlanRequest,
    title: str,
    *,
    groups: tuple[str, ...],
    mechanisms: tuple[str, ...],
    entries: tuple[str, ...] = (),
    remark: str = "",
) -> Draft:
    name = _free_name(organization, "Relay" if "relay" in request.answers else "Application")
    identity = identity_of(organization, name)
    sockets = ["0.0.0.0", "[::]"]  # noqa: S104  # what Exchange calls every local address
    families = {interval.family for interval in request.addresses}
    bindings = tuple(
        f"{host}:{request.port}"
        for host, family in zip(sockets, (4, 6), strict=True)
        if family in families
    )
    arguments: list[tuple[str, str | tuple[str, ...] | bool | None]] = [
        ("Name", name),
        ("Server", organization.server),
        ("Usage", "Custom"),
    ]
    exchange = organization.only.exchange
    if exchange is not None and exchange.has_front_end and organization.role is not ServerRole.EDGE:
        arguments.append(("TransportRole", _role(organization, request)))
    arguments += [
        ("Bindings", bindings),
        ("RemoteIPRanges", _texts(request.addresses)),
        ("AuthMechanism", mechanisms),
        ("PermissionGroups", groups),
    ]
    pipelines: list[Pipeline] = [(ShellCommand("New-ReceiveConnector", tuple(arguments)),)]
    if entries:
        add, _ = entry_pipelines(identity, ANONYMOUS_LOGON, entries)
        pipelines.append(add)
    remove = ShellCommand(
        "Remove-ReceiveConnector", (("Identity", identity), ("Confirm:$false", None))
    )
    return Draft(f"{title} (`{name}`)", tuple(pipelines), ((remove,),), remark)


def _role(organization: Organization, request: PlanRequest) -> str:
    """Return the service that owns the port, so that two never claim it."""
    for connector in organization.connectors:
        if connector.enabled and request.port in {s.port for s in connector.bindings}:
            return connector.transport_role.value
    return "FrontendTransport"


def _taking(
    organization: Organization,
    request: PlanRequest,
    is_setups: Callable[[ReceiveConnector], bool],
) -> Iterator[Draft]:
    decisions = [evaluate(organization, session) for session in request.sessions()]
    connectors = {
        decision.connector.name: decision.connector
        for decision in decisions
        if decision.connector is not None
    }
    for connector in connectors.values():
        if is_setups(connector) or "remote_ip_ranges" in connector.unknown:
            continue
        old = _written(connector.remote_ip_ranges)
        rest = AddressSet(e.interval for e in connector.remote_ip_ranges) - request.addresses
        if rest:
            yield Draft(
                f"take them out of the ranges of `{connector.name}`",
                _ranges(organization, connector, _texts(rest)),
                _ranges(organization, connector, old),
            )
        else:
            identity = identity_of(organization, connector.name)
            yield Draft(
                f"disable `{connector.name}`, which answers nobody else",
                set_pipelines(identity, ("Enabled", False)),
                set_pipelines(identity, ("Enabled", True)),
            )
    yield from _without_entries(organization, request, decisions)
    yield _new(
        organization,
        request,
        "a narrower connector of their own that only takes mail for own domains",
        groups=("AnonymousUsers",),
        mechanisms=("Tls",),
    )


def _without_entries(
    organization: Organization, request: PlanRequest, decisions: list[Decision]
) -> Iterator[Draft]:
    removed: list[Pipeline] = []
    undo: list[Pipeline] = []
    names = []
    for decision in decisions:
        connector = decision.connector
        if connector is None:
            continue
        identity = identity_of(organization, connector.name)
        for name in request.answers:
            right = RIGHT_FOR[name]
            for grant in decision.rights:
                if grant.right is right and grant.granted and grant.ace in connector.acl:
                    assert grant.ace is not None  # noqa: S101  # it is in the list
                    ace = grant.ace
                    add, remove = entry_pipelines(identity, ace.principal, ace.right.value)
                    if remove not in removed:
                        removed.append(remove)
                        undo.append(add)
                        names.append(f"`{connector.name}`")
    if removed:
        yield Draft(
            f"remove the entry that gives it on {', '.join(dict.fromkeys(names))}",
            tuple(removed),
            tuple(undo),
            "everybody whom the connector answers loses it",
        )
