"""What is known of one connector while an organization is put together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from relaysim.importers.records import Record
from relaysim.model.acl import Ace
from relaysim.model.connector import ReceiveConnector
from relaysim.model.groups import PermissionGroup

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
        records: The objects it was read from, in order; none when the connector is made.
        fields: Fields of the model that were told of it alone; none when the connector is made.
        common: What it shares with others.
        unknown: Keys of which not everything is known.
        groups: The groups shown, ``None`` when they are not told.
        custom: Whether ``Custom`` is shown; ``None`` when it may be in what cannot be read.
        kept: Properties that no rule uses, as texts.
        listed: The entries that were listed.
        state: ``listed``, ``from-groups``, ``unknown`` or ``unreadable``.
        unnamed: Whether the input does not tell its name, so that ``name`` is one of our own.
        lacking: What no object shows of the properties that questions need.
        not_shown: What none shows of those that are taken as New-ReceiveConnector makes them.
        connector: What was made of it.
    """

    server: str | None
    name: str
    file: str
    line: int | None
    records: tuple[Record, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=_nothing)
    common: CommonFacts = _ALONE
    unknown: frozenset[str] = frozenset()
    groups: tuple[PermissionGroup, ...] | None = None
    custom: bool | None = False
    kept: Mapping[str, str] = field(default_factory=_nothing)
    listed: tuple[Ace, ...] = ()
    state: str = ""
    unnamed: bool = False
    lacking: frozenset[str] = frozenset()
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
        found = self.fields.get(name)
        return self.common.fields.get(name) if found is None else found

    def tell(self, name: str, value: object) -> None:
        """Take a field of the model."""
        self.fields = {**self.fields, name: value}

    def keep(self, name: str, text: str) -> None:
        """Take a property that no rule uses; the first text of it counts."""
        if name not in self.kept:
            self.kept = {**self.kept, name: text}

    def finish(self, connector: ReceiveConnector) -> None:
        """Take what was made of it, and let go what it was made of."""
        self.connector = connector
        self._names = _once(tuple(self.fields))
        self.records, self.fields = (), _NOTHING


@lru_cache(maxsize=256)
def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names, the same value for all that have the same."""
    return names
