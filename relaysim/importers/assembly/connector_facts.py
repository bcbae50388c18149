"""What is known of one connector while an organization is put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from relaysim.importers.records import Record
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.groups import PermissionGroup
from relaysim.net.notation import AddressRange

__all__ = ["ASKED_FOR", "TAKEN_AS_MADE", "CommonFacts", "ConnectorFacts"]

ASKED_FOR = ("Bindings", "RemoteIPRanges", "PermissionGroups", "AuthMechanism", "Enabled")
"""Properties without which questions about a connector stay open."""
TAKEN_AS_MADE = (
    "RequireTLS",
    "DomainSecureEnabled",
    "MaxMessageSize",
    "MaxRecipientsPerMessage",
    "ProtocolLoggingLevel",
    "Comment",
    "Banner",
    "ChunkingEnabled",
    "TarpitInterval",
    "ConnectionTimeout",
    "MaxHopCount",
    "MaxInboundConnection",
)
"""Properties that are taken as New-ReceiveConnector makes them where they are not shown."""
_RANGES = "remote_ip_ranges"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


class CommonFacts(NamedTuple):
    """What connectors know together that share values of their outputs; see `ConnectorFacts`.

    Attributes:
        fields: Fields of the model that were told.
        kept: Properties that no rule uses, as texts.
        groups: The groups shown and whether ``Custom`` is, ``None`` when they are not told.
        others: The properties that have to be read with each connector.
    """

    fields: Mapping[str, Any] = _NOTHING
    kept: Mapping[str, str] = _NOTHING
    groups: tuple[tuple[PermissionGroup, ...], bool] | None = None
    others: tuple[str, ...] = ()


_ALONE = CommonFacts()


@dataclass(slots=True)
class ConnectorFacts:
    """What is known of one connector.

    An organization may have many thousands, so that what most of them have alike is kept once, and
    what only its making needs is let go with it.

    Attributes:
        server: Its server, ``None`` when the input does not tell.
        name: Its name.
        file: The file of its first object.
        line: The line of it.
        records: The objects it was read from, in order; none when they are read.
        fields: Fields of the model that were told of it alone, but for its ranges; none when the
            connector is made.
        ranges: Its ranges, which hardly two connectors share; ``None`` when they are not told, and
            when the connector is made.
        common: What it shares with others.
        unknown: Keys of which not everything is known.
        groups: The groups shown, ``None`` when they are not told.
        custom: Whether ``Custom`` is shown; ``None`` when it may be in what cannot be read.
        kept: Properties that no rule uses, as texts.
        listed: The entries that were listed.
        state: ``listed``, ``from-groups``, ``unknown`` or ``unreadable``.
        unnamed: Whether the input does not tell its name, so that ``name`` is one of our own.
        lacking: What no object shows of the properties that questions need.
        asked: What of this the command above asked for.
        not_shown: What none shows of those that are taken as New-ReceiveConnector makes them.
        connector: What was made of it.
    """

    server: str | None
    name: str
    file: str
    line: int | None
    records: tuple[Record, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=_nothing)
    ranges: tuple[AddressRange, ...] | None = None
    common: CommonFacts = _ALONE
    unknown: frozenset[str] = frozenset()
    groups: tuple[PermissionGroup, ...] | None = None
    custom: bool | None = False
    kept: Mapping[str, str] = field(default_factory=_nothing)
    listed: tuple[Ace, ...] = ()
    state: str = ""
    unnamed: bool = False
    lacking: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    not_shown: frozenset[str] = frozenset()
    connector: ReceiveConnector | None = None
    _names: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, record: Record, *, server: str | None, name: str, unnamed: bool = False
    ) -> "ConnectorFacts":
        """Return what is known when nothing was read yet of a connector's first object."""
        return cls(server, name, record.file, record.line, (record,), unnamed=unnamed)

    @property
    def title(self) -> str:
        r"""``SERVER\Name``, or the name alone."""
        return self.name if self.server is None else f"{self.server}\\{self.name}"

    @property
    def place(self) -> tuple[str, int | None]:
        """File and line of the first object."""
        return self.file, self.line

    def told(self, name: str) -> Any:  # noqa: ANN401  # each field has its own type
        """Return a field of the model that was told, ``None`` when it was not."""
        if self.connector is not None:
            is_told = name in self._names or name in self.common.fields
            return getattr(self.connector, name) if is_told else None
        found = self.ranges if name == _RANGES else self.fields.get(name)
        return self.common.fields.get(name) if found is None else found

    def tell(self, name: str, value: Any) -> None:  # noqa: ANN401  # each field has its own type
        """Take a field of the model."""
        if name == _RANGES:
            self.ranges = value
        else:
            self.fields = {**self.fields, name: value}

    def own_fields(self) -> dict[str, Any]:
        """Return all fields that were told of it alone."""
        return {**self.fields} if self.ranges is None else {**self.fields, _RANGES: self.ranges}

    def keep(self, name: str, text: str) -> None:
        """Take a property that no rule uses; the first text of it counts."""
        if name not in self.kept:
            self.kept = {**self.kept, name: text}

    def let_go(self) -> None:
        """Note what its objects do not show, and let them go: everything else is read."""
        records = self.records
        names = tuple(
            records[0].values if len(records) == 1 else chain(*[one.values for one in records])
        )
        self.lacking, self.not_shown = _lacking(names), _not_shown(names)
        if self.lacking:
            asked = {name for record in records for name in record.context.asked}
            self.asked = self.lacking & asked
        self.records = ()

    def finish(self, connector: ReceiveConnector) -> None:
        """Take what was made of it, and let go what it was made of."""
        self._names = _once(tuple(self.own_fields()))
        self.connector = connector
        self.fields, self.ranges = _NOTHING, None


@lru_cache(maxsize=256)
def _lacking(names: tuple[str, ...]) -> frozenset[str]:
    """Return what these properties lack of those that questions need."""
    return frozenset(ASKED_FOR).difference(names)


@lru_cache(maxsize=256)
def _not_shown(names: tuple[str, ...]) -> frozenset[str]:
    """Return what these properties lack of those that are taken as they are made."""
    return frozenset(TAKEN_AS_MADE).difference(names)


@lru_cache(maxsize=256)
def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names, the same value for all that have the same."""
    return names
