"""The commands that build a configuration from a fresh server."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.config.difference import changes
from relaysim.config.directive import format_directive
from relaysim.config.script_values import argument, kept_value, value_of
from relaysim.errors import InvalidInput
from relaysim.model.groups import PermissionGroup
from relaysim.model.principals import parse_principal
from relaysim.model.properties.catalogue import BY_NAME, PROPERTIES
from relaysim.model.properties.kept import is_default
from relaysim.model.properties.kinds import FlagKind
from relaysim.model.properties.transport import TRANSPORT_SETTINGS
from relaysim.model.rights import Right
from relaysim.model.version import ServerRole, has_two_services
from relaysim.powershell.language.writing import array, command_line, comment_text, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relaysim.model.acl import Ace
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import AcceptedDomain, Organization

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
    """

    text: str
    missing: tuple[str, ...]


def export_script(organization: Organization, fresh: Organization) -> Export:
    """Return the commands that turn ``fresh`` into ``organization``.

    The script is run on ``fresh`` before it is returned, and whatever differs afterwards, or was
    refused on the way, is named in ``missing``: nothing is lost silently. Accounts and inherited
    entries have no command; a connector that breaks a rule of the cmdlets (V-1 to V-7) is refused
    by them. The version, role and names of ``fresh`` stand in the second line, for
    :func:`relaysim.config.directive.read_directive`.

    The script is pure ASCII: every text is quoted so that it stays one argument whatever it
    contains and in whatever code page it is read.

    Args:
        organization: What to build.
        fresh: The server as setup leaves it, of the same version, role and names.

    Raises:
        InvalidInput: A name or value holds half of a surrogate pair, which no script can carry.
    """
    body = "".join(_lines(organization, fresh))
    missing = tuple(_missing(body, organization, fresh))
    # A fixed beginning: a comment that began with a name could pass for the line below it.
    summary = (
        f"# Exchange {fresh.exchange.value}, server {fresh.server}, role {fresh.role.value}, "
        f"domain {fresh.domain}, accepted domain {fresh.accepted_domains[0].name}: "
        "from a fresh server to this configuration."
    )
    head = [comment_text(summary) + "\n", format_directive(fresh) + "\n"]
    if missing:
        head.append("#\n# No command expresses the following:\n")
        head += [f"#   {comment_text(line)}\n" for line in missing]
    return Export("".join(head) + body, missing)


def _missing(body: str, organization: Organization, fresh: Organization) -> Iterator[str]:
    from relaysim.management_shell import run

    result = run(body, fresh)
    for error in result.errors:
        yield f"refused: {error.message}"
    for change in changes(result.organization, organization):
        yield f"{change.where}: {change.sign} {change.text}"


def _lines(organization: Organization, fresh: Organization) -> Iterator[str]:
    wanted = {one.name.casefold(): one for one in organization.connectors}
    there = {one.name.casefold(): one for one in fresh.connectors}
    renewed = _renewed(wanted, there)
    gone = [one for key, one in there.items() if key not in wanted or key in renewed]
    if gone:
        yield "\n"
    for connector in gone:
        yield command_line(
            "Remove-ReceiveConnector", [("Identity", quote(connector.name))], confirm=True
        )
    # What moves leaves its old place before something new may need it.
    kept = [key for key in wanted if key in there and key not in renewed]
    for key in [*kept, *(key for key in wanted if key not in kept)]:
        connector = wanted[key]
        before = None if key in renewed else there.get(key)
        part = list(_connector(connector, before, organization))
        if part:
            yield "\n"
            yield from part
    part = list(_domains(organization.accepted_domains, fresh.accepted_domains))
    part += _settings(organization, fresh)
    if part:
        yield "\n"
        yield from part


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


def _connector(
    connector: ReceiveConnector, before: ReceiveConnector | None, organization: Organization
) -> Iterator[str]:
    identity = quote(connector.name)
    groups = _groups(connector, organization)
    arguments = list(_properties(connector, before, organization))
    if before is None:
        head = [("Name", identity), ("Usage", "Custom")]
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
            arguments.insert(0, ("Name", identity))
        held = set(before.acl)
        if _presets(groups, organization) != {ace for ace in held if not ace.inherited}:
            arguments.append(("PermissionGroups", array(groups, empty="'None'")))
            held = _presets(groups, organization)
        if arguments:
            yield command_line("Set-ReceiveConnector", [("Identity", identity), *arguments])
    explicit = [ace for ace in dict.fromkeys(connector.acl) if not ace.inherited]
    surplus = [ace for ace in sorted(held, key=_ace_key) if ace not in set(explicit)]
    for verb, entries in (
        ("Remove", [ace for ace in surplus if not ace.inherited]),
        ("Add", [ace for ace in explicit if ace not in held]),
    ):
        yield from _entries(verb, identity, entries, organization)


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
        if before is not None:
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


def _domains(
    wanted: tuple[AcceptedDomain, ...], there: tuple[AcceptedDomain, ...]
) -> Iterator[str]:
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


def _settings(organization: Organization, fresh: Organization) -> Iterator[str]:
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
