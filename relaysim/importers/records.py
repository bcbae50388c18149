"""Records: what every importer yields, whatever the form it reads.

A record is one object as Exchange names it: the properties under Exchange's names, their values as
the raw text that was found, and the file and line of each. What a value means is told later, by
the assembly, so that a new form is one small module.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

__all__ = [
    "ALL_CARRY_LINES",
    "NO_CONTEXT",
    "PRINTED_NAMES",
    "OutputContext",
    "ReadingNote",
    "Record",
    "RecordKind",
    "TextValues",
    "Texts",
    "Value",
    "canonical_name",
    "classify",
    "is_token_list",
    "kind_of_type",
]


class RecordKind(Enum):
    """What an object is; the value is how a table names it."""

    CONNECTOR = "receive connectors"
    ENTRY = "permission entries"
    DOMAIN = "accepted domains"
    SERVER = "servers"
    DESCRIPTOR = "security descriptors"
    OTHER = "other objects"


_MOST_TEXTS = 4096


class Texts(dict[str, str]):
    """Each text once: what thousands of lists have in common is kept for all of them."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


class Value(NamedTuple):
    """One raw value.

    Attributes:
        text: As it was found; ``None`` is a property without a value.
        items: The items of a list where the form tells them apart, else ``None``.
        line: The line it begins in, counted from 1.
    """

    text: str | None
    items: tuple[str, ...] | None = None
    line: int | None = None


class TextValues(dict[str, Value]):
    """The value of each text, without a line: most cells are the same in many objects."""

    def __missing__(self, text: str) -> Value:
        if len(self) >= _MOST_TEXTS:
            self.clear()
        self[text] = found = Value(text or None)
        return found


class OutputContext(NamedTuple):
    r"""What the command above an output says about it.

    Attributes:
        command: The command, empty when none is shown.
        cmdlet: The first cmdlet whose output is shown (``Get-ADPermission``), empty if not known.
        owner: The connector that entries belong to, as it was written (``EX01\Relay``).
        server: The server that was asked.
        asked: The properties that were asked for, in order; empty when the command does not tell.
        fixed: Properties that a filter holds at one value, with that value.
        hidden: What a filter hides, in words for a remark.
    """

    command: str = ""
    cmdlet: str = ""
    owner: str | None = None
    server: str | None = None
    asked: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    hidden: tuple[str, ...] = ()


NO_CONTEXT = OutputContext()


class ReadingNote(NamedTuple):
    """What a reader has to say beside its records.

    Attributes:
        kind: A kind of remark, ``ambiguous``.
        message: What was found and what follows.
        file: The file.
        line: The line, counted from 1, if known.
    """

    kind: str
    message: str
    file: str
    line: int | None = None


ALL_CARRY_LINES: Mapping[str, int] = MappingProxyType({})
"""The lines of an object whose values each carry their own."""


class Record(NamedTuple):
    """One object.

    Attributes:
        kind: What it is.
        values: Exchange's property names, in its spelling, to raw values.
        file: The file, or the member of an archive, as the user would name it.
        line: The line it begins in, counted from 1.
        form: The form it was read from, ``Format-List``.
        type_name: The type it carried, without ``Deserialized.`` and ``Selected.``; may be empty.
        context: What the command above it says.
        lines: How far below the object's line those properties begin whose values carry no line.
    """

    kind: RecordKind
    values: Mapping[str, Value]
    file: str
    line: int | None
    form: str
    type_name: str = ""
    context: OutputContext = NO_CONTEXT
    lines: Mapping[str, int] = ALL_CARRY_LINES

    def text(self, name: str) -> str | None:
        """Return the stripped text of a property, ``None`` when absent or without a value."""
        value = self.values.get(name)
        if value is None or value.text is None:
            return None
        return value.text.strip() or None

    def line_of(self, name: str) -> int | None:
        """Return the line of a property, or that of the object."""
        value = self.values.get(name)
        if value is not None and value.line is not None:
            return value.line
        return None if self.line is None else self.line + self.lines.get(name, 0)


_TOKEN_LISTS = frozenset(
    {
        "Bindings",
        "RemoteIPRanges",
        "AuthMechanism",
        "PermissionGroups",
        "ExtendedRights",
        "AccessRights",
        "ServerRole",
        "TransportRole",
        "DomainName",
        "DomainType",
    }
)
"""Properties whose values hold no blank inside an item."""

_NOT_OF_CONNECTORS = (
    "Name",
    "Identity",
    "Server",
    "DistinguishedName",
    "Guid",
    "Id",
    "ObjectCategory",
    "ObjectClass",
    "WhenChanged",
    "WhenCreated",
    "WhenChangedUTC",
    "WhenCreatedUTC",
    "OrganizationId",
    "OriginatingServer",
    "IsValid",
    "ObjectState",
    "AdminDisplayName",
    "ExchangeVersion",
    "RunspaceId",
    "PSComputerName",
    "PSShowComputerName",
    "User",
    "Deny",
    "ExtendedRights",
    "AccessRights",
    "IsInherited",
    "Inherited",
    "InheritanceType",
    "DomainName",
    "DomainType",
    "Default",
    "MatchSubDomains",
    "ServerRole",
    "Edition",
    "AdminDisplayVersion",
    "Site",
    "Domain",
)


def _printed_names() -> dict[str, str]:
    from relaysim.model.properties.catalogue import PROPERTIES

    names = [one.name for one in PROPERTIES]
    return {name.casefold(): name for name in (*_NOT_OF_CONNECTORS, *names)}


class _Names:
    """The names that objects are printed with, made when they are first asked for."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def __call__(self) -> dict[str, str]:
        if not self._found:
            self._found = _printed_names()
        return self._found


PRINTED_NAMES = _Names()
"""Call it for the names, folded, to Exchange's spelling."""

_ALIASES = {
    "remoteiprange": "RemoteIPRanges",
    "remoteips": "RemoteIPRanges",
    "remoteip": "RemoteIPRanges",
    "ips": "RemoteIPRanges",
    "ipranges": "RemoteIPRanges",
    "iprange": "RemoteIPRanges",
    "allowedips": "RemoteIPRanges",
    "remoteaddresses": "RemoteIPRanges",
    "remoteipaddresses": "RemoteIPRanges",
    "binding": "Bindings",
    "permissiongroup": "PermissionGroups",
    "permissions": "PermissionGroups",
    "authentication": "AuthMechanism",
    "authmechanisms": "AuthMechanism",
    "authenticationmechanism": "AuthMechanism",
    "connector": "Identity",
    "connectorname": "Name",
    "connectoridentity": "Identity",
    "servername": "Server",
    "extendedright": "ExtendedRights",
    "right": "ExtendedRights",
    "rights": "ExtendedRights",
    "user.rawidentity": "User",
    "extendedrights.rawidentity": "ExtendedRights",
    "inherited": "IsInherited",
    "isdeny": "Deny",
    "accessright": "AccessRights",
    "ntsecuritydescriptor": "nTSecurityDescriptor",
    "sddl": "Sddl",
}


@lru_cache(maxsize=4096)
def canonical_name(name: str) -> str:
    """Return Exchange's spelling of a property name, however a script wrote it.

    A name that is not known comes back as it is, without blanks at its ends.

    >>> canonical_name("remoteipranges "), canonical_name("Remote IP Ranges")
    ('RemoteIPRanges', 'RemoteIPRanges')
    """
    stripped = name.strip()
    folded = stripped.casefold()
    known = PRINTED_NAMES()
    if folded in _ALIASES:
        return _ALIASES[folded]
    if folded in known:
        return known[folded]
    squeezed = folded.replace(" ", "").replace("_", "").replace("-", "")
    return _ALIASES.get(squeezed) or known.get(squeezed) or stripped


def is_token_list(name: str) -> bool:
    """Tell whether the items of a property hold no blanks, so that a break in one is no blank."""
    return name in _TOKEN_LISTS


_TYPES = {
    "receiveconnector": RecordKind.CONNECTOR,
    "adacepresentationobject": RecordKind.ENTRY,
    "accepteddomain": RecordKind.DOMAIN,
    "exchangeserver": RecordKind.SERVER,
}


def kind_of_type(type_name: str) -> RecordKind | None:
    """Return what a type name says of its objects, ``None`` when it says nothing.

    A type of Exchange that is none of ours is another object, whatever its properties are called.
    """
    last = type_name.rpartition(".")[2].casefold()
    if last in _TYPES:
        return _TYPES[last]
    return RecordKind.OTHER if type_name.startswith("Microsoft.Exchange.") else None


def classify(names: Iterable[str], context: OutputContext = NO_CONTEXT) -> RecordKind:
    """Return what an object with these properties is."""
    return _kind_of(tuple(names), context.cmdlet.casefold())


@lru_cache(maxsize=256)
def _kind_of(names: tuple[str, ...], cmdlet: str) -> RecordKind:
    """Return what these properties make; an export has few layouts of them."""
    held = set(names)
    if held & {"AddressSpaces", "SmartHosts", "SourceTransportServers"}:
        return RecordKind.OTHER
    if "nTSecurityDescriptor" in held or "Sddl" in held:
        mine = any(name.startswith("msExchSmtpReceive") for name in held)
        return RecordKind.CONNECTOR if mine else RecordKind.DESCRIPTOR
    if "User" in held and held & {"ExtendedRights", "AccessRights", "Deny", "IsInherited"}:
        return RecordKind.ENTRY
    if "ExtendedRights" in held and cmdlet == "get-adpermission":
        return RecordKind.ENTRY
    if held & {"RemoteIPRanges", "PermissionGroups", "Bindings", "AuthMechanism"}:
        return RecordKind.CONNECTOR
    if held & {"DomainType"} or {"DomainName", "Default"} <= held:
        return RecordKind.DOMAIN
    if held & {"AdminDisplayVersion", "ServerRole"} and held & {"Name", "Identity", "Fqdn"}:
        return RecordKind.SERVER
    if held & {"Name", "Identity"}:
        if cmdlet == "get-receiveconnector":
            return RecordKind.CONNECTOR
        if cmdlet == "get-exchangeserver":
            return RecordKind.SERVER
    if "DomainName" in held and cmdlet == "get-accepteddomain":
        return RecordKind.DOMAIN
    return RecordKind.OTHER
