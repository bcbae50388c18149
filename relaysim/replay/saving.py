"""What nobody used as far as the logs can tell, as commands that take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.model.groups import PermissionGroup
from relaysim.model.principals import (
    ANONYMOUS_LOGON,
    AUTHENTICATED_USERS,
    EXTERNALLY_SECURED_SERVERS,
    Principal,
)
from relaysim.model.rights import Right
from relaysim.net.address import parse_address
from relaysim.net.addrset import AddressSet
from relaysim.net.interval import Interval
from relaysim.replay.judging import ReplayOutcome
from relaysim.replay.logged import FOREIGN
from relaysim.suggest.draft import entry_pipelines, identity_of, set_pipelines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relaysim.model.acl import Ace
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.replay.report import JudgedShape, ReplayReport
    from relaysim.suggest.draft import Pipelines

    IsSetups = Callable[[ReceiveConnector], bool]

__all__ = ["Saving", "Savings", "savings"]

_RANGES_WRITTEN = 100
"""More single addresses than this are no configuration that anybody keeps."""
_SENDER_RIGHTS = (Right.ACCEPT_ANY_SENDER, Right.ACCEPT_AUTHORITATIVE_DOMAIN_SENDER)
_SHOWN = (Right.SUBMIT, Right.ACCEPT_ANY_RECIPIENT, *_SENDER_RIGHTS)
"""The rights whose use shows in the replies of a log."""
_GROUP_OF = {
    PermissionGroup.ANONYMOUS_USERS: "anonymous",
    PermissionGroup.EXCHANGE_USERS: "account",
}


class Saving(NamedTuple):
    r"""One thing that nobody used.

    Attributes:
        connector: ``SERVER\Name``.
        title: What is done, a few words.
        pipelines: The commands that do it.
        rollback: The commands that undo it.
    """

    connector: str
    title: str
    pipelines: Pipelines
    rollback: Pipelines


class Savings(NamedTuple):
    """What may be saved, and why the rest stays."""

    steps: tuple[Saving, ...]
    kept: tuple[str, ...]


class _Seen(NamedTuple):
    """What the logs show of one connector."""

    shapes: tuple[JudgedShape, ...]

    def came_as(self) -> set[str]:
        """Return how clients identified themselves, a failed AUTH included."""
        return {_kind(each) for each in self.shapes}

    def addresses(self) -> AddressSet | None:
        """Return the clients, ``None`` where the log hides one."""
        found = []
        for each in self.shapes:
            for client in each.clients:
                if not client:
                    return None
                address = parse_address(client)
                found.append(Interval(address.family, address.value, address.value))
        return AddressSet(found)

    def needs(self, kind: str, right: Right) -> bool:
        """Tell whether a session of a kind used a right, or may have: no doubt saves anything."""
        for each in self.shapes:
            if _kind(each) != kind:
                continue
            for message in each.shape.transactions:
                if right in _SENDER_RIGHTS and message.data_reply[:1] in ("2", ""):
                    # The From header may need it, which no log shows.
                    return True
                if right is Right.SUBMIT and message.mail_reply[:1] in ("2", ""):
                    return True
                if right is Right.ACCEPT_ANY_RECIPIENT and any(
                    recipient.domain is None
                    or (recipient.domain == FOREIGN and recipient.reply.startswith("2"))
                    for recipient in message.recipients
                ):
                    return True
        return False


def _kind(each: JudgedShape) -> str:
    return "anonymous" if each.shape.auth == "none" else "account"


def savings(
    answer: ReplayReport, organization: Organization, *, is_setups: IsSetups, exact: bool
) -> Savings:
    """Return what the logs show as unused, connector by connector.

    Args:
        answer: The judged logs.
        organization: The description they were held against.
        is_setups: Tells whether setup made a connector.
        exact: Narrow ranges to the addresses seen; otherwise keep each range somebody came from.
    """
    steps: list[Saving] = []
    kept: list[str] = []
    doubted = _doubted(answer)
    unused = {name.casefold() for name in answer.use.unused}
    for alone in organization.one_by_one():
        for connector in alone.connectors:
            name = identity_of(alone, connector.name)
            if not connector.enabled:
                continue
            if name.casefold() in doubted:
                kept.append(f"{name}: {doubted[name.casefold()]}")
                continue
            if connector.unknown:
                kept.append(
                    f"{name}: not all of it is known ({', '.join(sorted(connector.unknown))})"
                )
                continue
            seen = _seen_of(answer, alone.server, connector.name)
            if seen.shapes:
                steps += _of(alone, connector, seen, is_setups(connector), exact=exact)
            elif name.casefold() in unused and not is_setups(connector):
                off, on = (set_pipelines(name, ("Enabled", each)) for each in (False, True))
                steps.append(_saving(name, "disabled", off, on))
            elif name.casefold() in unused:
                kept.append(f"{name}: nobody came, but setup made it and others rely on it")
    return Savings(tuple(steps), tuple(kept))


def _doubted(answer: ReplayReport) -> dict[str, str]:
    """Return the connectors of which the description is not true, with the reason."""
    found: dict[str, str] = {}
    for each in answer.shapes:
        if each.judged is None or each.judged.outcome is not ReplayOutcome.DIFFERENT:
            continue
        for name in (each.shape.connector, each.judged.connector):
            if name is not None:
                key = f"{each.shape.server}\\{name}" if each.shape.server else name
                text = "sessions differ from its description, which is mended first"
                found[key.strip().casefold()] = text
    return found


def _seen_of(answer: ReplayReport, server: str, name: str) -> _Seen:
    wanted, alone = f"{server}\\{name}".strip().casefold(), name.strip().casefold()
    return _Seen(
        tuple(
            each
            for each in answer.shapes
            if (f"{each.shape.server}\\{each.shape.connector}".strip().casefold() == wanted)
            or (not each.shape.server and each.shape.connector.strip().casefold() == alone)
        )
    )


def _of(
    alone: Organization,
    connector: ReceiveConnector,
    seen: _Seen,
    setups: bool,  # noqa: FBT001
    *,
    exact: bool,
) -> Iterator[Saving]:
    identity = identity_of(alone, connector.name)
    groups, _ = alone.groups_of(connector)
    came_as = seen.came_as()
    lost = [] if setups else [g for g in groups if _GROUP_OF.get(g, "") not in ("", *came_as)]
    # What a group of setup's writes stays; what goes with its group needs no command of its own.
    settled = {ace for group in (groups if setups else lost) for ace in alone.entries_of(group)}
    if not setups:
        yield from _ranges(identity, connector, seen, exact=exact)
    if lost:
        left = tuple(group.value for group in groups if group not in lost)
        every = tuple(group.value for group in groups)
        yield _saving(
            identity,
            f"without {' and '.join(group.value for group in lost)}",
            set_pipelines(identity, ("PermissionGroups", left or ("None",))),
            set_pipelines(identity, ("PermissionGroups", every)),
        )
    for ace in connector.acl:
        if ace.deny or ace.inherited or ace in settled:
            continue
        if _is_idle(ace, connector, seen):
            add, remove = entry_pipelines(identity, ace.principal, ace.right.value)
            title = f"without {ace.right.value} for {ace.principal.name}"
            yield _saving(identity, title, (remove,), (add,))


def _is_idle(ace: Ace, connector: ReceiveConnector, seen: _Seen) -> bool:
    if ace.right not in _SHOWN:
        return False
    kinds: dict[Principal, tuple[str, ...]]
    if connector.externally_secured:
        kinds = {EXTERNALLY_SECURED_SERVERS: ("anonymous", "account")}
    else:
        kinds = {ANONYMOUS_LOGON: ("anonymous",), AUTHENTICATED_USERS: ("account",)}
    if ace.principal not in kinds:
        return False
    return not any(seen.needs(kind, ace.right) for kind in kinds[ace.principal])


def _ranges(
    identity: str, connector: ReceiveConnector, seen: _Seen, *, exact: bool
) -> Iterator[Saving]:
    came = seen.addresses()
    if came is None:
        return
    whole = AddressSet(entry.interval for entry in connector.remote_ip_ranges)
    old = tuple(str(entry) for entry in connector.remote_ip_ranges)
    inside = came & whole
    texts = tuple(str(interval) for interval in inside)
    title = f"{inside.size:,} address{'' if inside.size == 1 else 'es'}"
    if not exact or len(texts) > _RANGES_WRITTEN:
        texts = tuple(str(e) for e in connector.remote_ip_ranges if came.meets(e.interval))
        title = f"{len(texts):,} of {len(old):,} ranges"
    if texts and inside and set(texts) != set(old) and inside != whole:
        new, back = (set_pipelines(identity, ("RemoteIPRanges", each)) for each in (texts, old))
        yield _saving(identity, title, new, back)


def _saving(identity: str, title: str, pipelines: Pipelines, rollback: Pipelines) -> Saving:
    name = identity.partition("\\")[2]
    return Saving(identity, f"`{name}` {title}", pipelines, rollback)
