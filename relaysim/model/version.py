"""Exchange versions and server roles."""

from enum import Enum

from relaysim.errors import UnknownName, closest

__all__ = [
    "NEWEST",
    "UNKNOWN_VERSION",
    "ExchangeVersion",
    "ServerRole",
    "has_two_services",
    "parse_known_or_unknown",
    "parse_version",
]

UNKNOWN_VERSION = "unknown"
"""How a version is written that is not known."""


class ExchangeVersion(Enum):
    """A generation of Exchange Server; the value is the name people use.

    Versions are ordered, the declaration is the order: ``version >= ExchangeVersion.V2013``.
    """

    V2007 = "2007"
    V2010 = "2010"
    V2013 = "2013"
    V2016 = "2016"
    V2019 = "2019"
    SE = "SE"

    # Equal versions are the same object, so the hash of the object is right and quick.
    __hash__ = object.__hash__

    def __lt__(self, other: "ExchangeVersion") -> bool:
        return _ORDER[self] < _ORDER[other]

    def __le__(self, other: "ExchangeVersion") -> bool:
        return _ORDER[self] <= _ORDER[other]

    def __gt__(self, other: "ExchangeVersion") -> bool:
        return _ORDER[self] > _ORDER[other]

    def __ge__(self, other: "ExchangeVersion") -> bool:
        return _ORDER[self] >= _ORDER[other]

    @property
    def has_front_end(self) -> bool:
        """Whether the version has a Front End Transport service (2013 and later).

        Source: RC16.
        """
        return self >= ExchangeVersion.V2013


_ORDER = {version: position for position, version in enumerate(ExchangeVersion)}


NEWEST = list(ExchangeVersion)[-1]
"""The newest version."""


class ServerRole(Enum):
    """What the server is: a Hub Transport or Mailbox server, or an Edge Transport server."""

    HUB = "hub"
    EDGE = "edge"

    __hash__ = object.__hash__  # members are singletons


def has_two_services(exchange: ExchangeVersion, role: ServerRole) -> bool:
    """Tell whether a server has a Front End and a Hub Transport service, each with connectors.

    A Mailbox server has from 2013 on; an Edge has one service in every version.

    Source: RC16.
    """
    return exchange.has_front_end and role is ServerRole.HUB


def parse_version(text: str) -> ExchangeVersion:
    """Return the version named ``2007`` ... ``2019`` or ``SE``, in any case.

    Raises:
        UnknownName: No such version.
    """
    wanted = text.strip().casefold()
    for version in ExchangeVersion:
        if version.value.casefold() == wanted:
            return version
    names = [version.value for version in ExchangeVersion]
    near = closest(text, names)
    raise UnknownName(
        f"unknown Exchange version `{text}` (expected {', '.join(names)})",
        hint=f"did you mean `{near}`?" if near else None,
    )


def parse_known_or_unknown(text: str) -> ExchangeVersion | None:
    """Return what :func:`parse_version` does, and ``None`` for ``unknown``.

    Raises:
        UnknownName: No such version.
    """
    return None if text.strip().casefold() == UNKNOWN_VERSION else parse_version(text)
