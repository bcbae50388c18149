"""What the catalogue says about one property."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from relaysim.lean import pattern
from relaysim.model.version import ExchangeVersion

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.model.properties.kinds import ValueKind
    from relaysim.model.version import ServerRole

__all__ = ["Property", "snake_case"]

_WORD = pattern(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """Return Exchange's name of a property as a key of a server file.

    >>> snake_case("RemoteIPRanges"), snake_case("EnableAuthGSSAPI"), snake_case("SmtpUtf8Enabled")
    ('remote_ip_ranges', 'enable_auth_gssapi', 'smtp_utf8_enabled')
    """
    return _WORD.sub("_", name).lower()


class Property(NamedTuple):
    """One property of a receive connector.

    Attributes:
        name: Exchange's spelling.
        kind: What values it has, and their limits.
        meaning: One line about what it does.
        sources: Where that is said, ids of ``docs/sources.md``.
        default: What it is when nobody set it, or a function of version and role. The default of a
            modelled property without one is the model's.
        since: The first version that knows it.
        modelled: Whether a rule uses it. What no rule uses is kept on the connector and shown.
        on_new: Whether ``New-ReceiveConnector`` takes it.
        on_set: Whether ``Set-ReceiveConnector`` takes it.
    """

    name: str
    kind: ValueKind
    meaning: str
    sources: tuple[str, ...]
    default: object | Callable[[ExchangeVersion, ServerRole], object] = None
    since: ExchangeVersion = ExchangeVersion.V2007
    modelled: bool = False
    on_new: bool = True
    on_set: bool = True

    @property
    def key(self) -> str:
        """The key of a server file; for a modelled property the field of the model as well."""
        return snake_case(self.name)

    @property
    def field(self) -> str:
        """The field of :class:`~relaysim.model.connector.ReceiveConnector`, or the empty text.

        ``PermissionGroups`` is modelled without one: it is a view of the entries.
        """
        return self.key if self.modelled and self.name != "PermissionGroups" else ""

    def known_to(self, exchange: ExchangeVersion) -> bool:
        """Tell whether a version knows the property."""
        return self.since <= exchange
