"""The commands that build a configuration from a fresh server."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.config.difference import changes
from relaysim.config.directive import format_directive
from relaysim.config.scripts.script_settings import domain_commands, setting_commands
from relaysim.config.scripts.script_values import argument, kept_value
from relaysim.errors import InvalidInput
from relaysim.model.groups import PermissionGroup
from relaysim.model.principals import parse_principal
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES
from relaysim.model.properties.kept import is_default
from relaysim.model.rights import Right
from relaysim.model.version import ServerRole, has_two_services
from relaysim.powershell.language.writing import array, command_line, comment_text, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relaysim.model.acl import Ace
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization

__all__ = ["Export", "export_script"]

_HEAD = ("TransportRole", "Bindings", "RemoteIPRanges", "AuthMechanism")
_ALWAYS = ("AuthMechanism", "MaxMessageSize", "MaxRecipientsPerMessage", "Fqdn")
"""What a new connector is given although it is the default: the usage or the server decides it."""


class Export(NamedTuple):
    """A configuration as commands.

    Attributes:
        text: The script.
        missing: What no command expresses, one line each; the same lines begin the script as
            comments. Empty when the script builds the configuration completely.
        kept: Connectors of setup that are not described and stay as they are, in comments too.
    """

    text: str
    missing: tuple[str, ...]
    kept: tuple[str, ...] = ()


def export_script(
    organization: Organization, fresh: Organization, *, complete: bool = True
) -> Export:
    """Return the commands that turn ``fresh`` into ``organization``.

    The script is run on ``fresh`` before it is returned, and whatever differs afterwards, or was
    refused on the way, is named in ``missing``: nothing is lost silently. Accounts and inherited
    entries have no command; a connector that breaks a rule of the cmdlets (V-1 to V-7) is refused
    by them. The versions, roles and names of ``fresh`` stand in the second line, for
    :func:`relaysim.config.directive.read_directive`. Of several servers each command names the one
    that it is about.

    The script is pure ASCII: every text is quoted so that it stays one argument whatever it
    contains and in whatever code page it is read.

    Args:
        organization: What to build.
        fresh: The servers as setup leaves them, of the same versions, roles and names.
        complete: Whether every connector of a server is described. Otherwise those of setup that
            are not described stay as they are, and are named in ``kept``.

    Raises:
        InvalidInput: A name or value holds half of a surrogate pair, which no script can carry.
    """
    body = "".join(_lines(organization, fresh, complete=complete))
    missing, kept = _missing(body, organization, fresh, complete=complete)
    head = [comment_text(_summary(fresh)) + "\n", format_directive(fresh) + "\n"]
    if missing:
        head.append("#\n# No command expresses the following:\n")
        head += [f"#   {comment_text(line)}\n" for line in missing]
    if kept:
        head.append("#\n# Connectors of setup that are not described, and stay as they are:\n")
        head += [f"#   {comment_text(name)}\n" for name in kept]
    return Export("".join(head) + body, missing, kept)


def _summary(fresh: Organization) -> str:
    # A fixed beginning: a comment that began with a name could pass for the line below it.
    several = len(fresh.servers) > 1
    names = ", ".join(one.name for one in fresh.servers)
    roles = ", ".join(dict.fromkeys(one.role.value for one in fresh.servers))
    return (
        f"# Exchange {fresh.versions_text}, server{'s' if several else ''} {names}, role {roles}, "
        f"domain {fresh.domain}, accepted domain {fresh.accepted_domains[0].name}: "
        f"from {'fresh servers' if several else 'a fresh server'} to this configuration."
    )


def _missing(
    body: str, organization: Organization, fresh: Organization, *, complete: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the commands do not bring about, and the connectors they leave alone."""
    from relaysim.management_shell import run

    result = run(body, fresh)
    missing = [f"refused: {error.message}" for error in result.errors]
    kept = []
    for change in changes(result.organization, organization):
        if not complete and change[::2] == ("-", "removed"):
            kept.append(change.where)
        else:
            missing.append(f"{change.where}: {change.sign} {change.text}")
    return tuple(missing), tuple(kept)


def _lines(organization: Organization, fresh: Organization, *, complete: bool) -> Iterator[str]:
    begin = {one.server.casefold(): one for one in fresh.one_by_one()}
    several = len(organization.servers) > 1
    for one in organization.one_by_one():
        there = begin.get(one.server.casefold(), fresh if not several else None)
        if there is not None:
            writer = _ServerWriter(one, several=several)
            yield from writer.lines(there, complete=complete)
    part = list(domain_commands(organization.accepted_domains, fresh.accepted_domains))
    part += setting_commands(organization, fresh)
    if part:
        yield "\n"
        yield from part


class _ServerWriter:
    """Writes the commands for the connectors of one server.

    Args:
        organization: The organization with only the server.
        several: Whether each command says on which server it works.
    """

    def __init__(self, organization: Organization, *, several: bool) -> None:
        self.organization = organization
        self.server = organization.server if several else None

    def lines(self, fresh: Organization, *, complete: bool) -> Iterator[str]:
        """Yield the commands, a blank line before each connector's."""
        wanted = {one.name.casefold(): one for one in self.organization.connectors}
        there = {one.name.casefold(): one for one in fresh.connectors}
        renewed = _renewed(wanted, there)
        gone = [
            one for key, one in there.items() if key in renewed or (complete and key not in wanted)
        ]
        if gone:
            yield "\n"
        for connector in gone:
            yield command_line(
                "Remove-ReceiveConnector", [("Identity", self._identity(connector))], confirm=True
            )
        # What moves leaves its old place before something new may need it.
        kept = dict.fromkeys(key for key in wanted if key in there and key not in renewed)
        for key in [*kept, *(key for key in wanted if key not in kept)]:
            connector = wanted[key]
            before = None if key in renewed else there.get(key)
            part = list(self._connector(connector, before))
            if part:
                yield "\n"
                yield from part

    def _identity(self, connector: ReceiveConnector) -> str:
        name = connector.name
        return quote(name if self.server is None else f"{self.server}\\{name}")

    def _connector(
        self, connector: ReceiveConnector, before: ReceiveConnector | None
    ) -> Iterator[str]:
        organization, identity = self.organization, self._identity(connector)
        groups = _groups(connector, organization)
        arguments = list(_properties(connector, before, organization))
        if before is None:
            head = [("Name", quote(connector.name)), ("Usage", "Custom")]
            if self.server is not None:
                head.insert(0, ("Server", quote(self.server)))
            later = [one for one in arguments if not BY_NAME[one[0].casefold()].on_new]
            first = [one for one in arguments if one not in later]
            yield command_line(
                "New-ReceiveConnector",
                [*head, *first, ("PermissionGroups", array(groups, empty="'None'"))],
                tail=" | Out-Null",
            )
            if later:
                yield command_line("Set-ReceiveConnector", [("Identity", identity), *later])
            held = _presets(groups, organization)
        else:
            if connector.name != before.name:
                arguments.insert(0, ("Name", quote(connector.name)))
            held = set(before.acl)
            same = _presets(groups, organization) == {ace for ace in held if not ace.inherited}
            if not same and not _open_entries(connector):
                arguments.append(("PermissionGroups", array(groups, empty="'None'")))
                held = _presets(groups, organization)
            if arguments:
                yield command_line("Set-ReceiveConnector", [("Identity", identity), *arguments])
        yield from self._acl(connector, identity, held)

    def _acl(self, connector: ReceiveConnector, identity: str, held: set[Ace]) -> Iterator[str]:
        explicit = dict.fromkeys(ace for ace in connector.acl if not ace.inherited)
        surplus = sorted(held.difference(explicit), key=_ace_key)
        if _open_entries(connector):
            # Entries may be there that are not listed: none is taken away.
            surplus = []
        for verb, entries in (
            ("Remove", [ace for ace in surplus if not ace.inherited]),
            ("Add", [ace for ace in explicit if ace not in held]),
        ):
            yield from _entries(verb, identity, entries, self.organization)


def _open_entries(connector: ReceiveConnector) -> bool:
    return not connector.unknown.isdisjoint(("entries", "permission_groups"))


def _place(connector: ReceiveConnector) -> tuple[object, ...]:
    return (
        connector.transport_role,
        frozenset(connector.bindings),
        frozenset(one.interval for one in connector.remote_ip_ranges),
    )


def _renewed(
    wanted: dict[str, ReceiveConnector], there: dict[str, ReceiveConnector]
) -> frozenset[str]:
    """Return the connectors that are removed and created instead of changed.

    Changing one at a time may meet the old place of another that changes later, which the
    cmdlets would refuse; and a transport role is best given at creation.
    """
    moved = [key for key in wanted if key in there and _place(wanted[key]) != _place(there[key])]
    if len(moved) > 1:
        return frozenset(moved)
    return frozenset(
        key for key in moved if wanted[key].transport_role is not there[key].transport_role
    )


def _ace_key(ace: Ace) -> tuple[str, bool, str]:
    return (ace.principal.key, ace.deny, ace.right.value)


def _entries(
    verb: str, identity: str, entries: Iterable[Ace], organization: Organization
) -> Iterator[str]:
    runs: list[list[Ace]] = []
    for ace in entries:
        special = ace.right in (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL)
        if (
            runs
            and not special
            and runs[-1][-1]._replace(right=ace.right) == ace
            and runs[-1][-1].right not in (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL)
        ):
            runs[-1].append(ace)
        else:
            runs.append([ace])
    for run in runs:
        first = run[0]
        arguments = [("Identity", identity), ("User", _user(first, organization))]
        if first.right is Right.FULL_CONTROL:
            arguments.append(("AccessRights", "GenericAll"))
        elif first.right is Right.ALL_EXTENDED_RIGHTS:
            arguments.append(("AccessRights", "ExtendedRight"))
        else:
            arguments.append(("ExtendedRights", array(ace.right.value for ace in run)))
        if first.deny:
            arguments.append(("Deny", ""))
        yield command_line(
            f"{verb}-ADPermission",
            arguments,
            confirm=verb == "Remove",
            tail=" | Out-Null" if verb == "Add" else "",
        )


def _user(ace: Ace, organization: Organization) -> str:
    name = ace.principal.name
    try:
        known = parse_principal(name, organization.domain) == ace.principal
    except InvalidInput:
        known = False
    return quote(name if known or ace.principal.sid is None else ace.principal.sid)


def _presets(groups: Iterable[str], organization: Organization) -> set[Ace]:
    return {
        ace
        for group in PermissionGroup
        if group.value in groups
        for ace in organization.entries_of(group)
    }


def _groups(connector: ReceiveConnector, organization: Organization) -> tuple[str, ...]:
    """Return the groups to set: those whose entries are all there.

    ExternalAuthoritative is refused without ExchangeServers (V-1), so that group is set with it
    even when entries of it were taken away by hand; they are removed afterwards.
    """
    held = set(connector.acl)
    names = []
    for group in PermissionGroup:
        if group is PermissionGroup.EXCHANGE_LEGACY_SERVERS and (
            organization.role is ServerRole.EDGE
        ):
            continue
        needed = connector.externally_secured and group is PermissionGroup.EXCHANGE_SERVERS
        if needed or held.issuperset(_presets([group.value], organization)):
            names.append(group.value)
    return tuple(names)


def _properties(
    connector: ReceiveConnector, before: ReceiveConnector | None, organization: Organization
) -> Iterator[tuple[str, str]]:
    exchange, role = organization.exchange, organization.role
    two_services = has_two_services(exchange, role)
    head = [BY_NAME[name.casefold()] for name in _HEAD]
    for wanted in (*head, *(one for one in PROPERTIES if one not in head)):
        if not wanted.field or wanted.name == "Name" or not wanted.known_to(exchange):
            continue
        value = getattr(connector, wanted.field)
        if before is not None and wanted.field in connector.unknown:
            written = False
        elif before is not None:
            written = value != getattr(before, wanted.field) and wanted.name != "TransportRole"
        elif wanted.name == "TransportRole":
            written = two_services
        else:
            written = wanted.name in _ALWAYS or not is_default(
                wanted, connector, exchange=exchange, role=role
            )
        if written:
            yield wanted.name, argument(wanted.kind, value)
    known = dict(before.unmodelled) if before is not None else {}
    for name, text in connector.unmodelled:
        found = BY_NAME.get(name.casefold())
        if known.get(name) == text or found is None or found.modelled:
            continue
        kept = kept_value(found.kind, text)
        if kept is not None and found.on_set and found.known_to(organization.exchange):
            yield found.name, kept
