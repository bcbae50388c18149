"""Exchange versions and server roles."""

from enum import Enum

from relaysim.errors import UnknownName, closest

__all__ = ["ExchangeVersion", "ServerRole", "parse_version"]


class ExchangeVersion(Enum):
    """A generation of Exchange Server; the value is the name people use."""

    V2007 = "2007"
    V2010 = "2010"
    V2013 = "2013"
    V2016 = "2016"
    V2019 = "2019"
    SE = "SE"

    @property
    def rank(self) -> int:
        """Position in time: 0 for 2007."""
        return _RANK[self.value]

    @property
    def has_front_end(self) -> bool:
        """Whether the version has a Front End Transport service (2013 and later).

        Source: RC16.
        """
        return self.rank >= 2


_RANK = {"2007": 0, "2010": 1, "2013": 2, "2016": 3, "2019": 4, "SE": 5}


class ServerRole(Enum):
    """What the server is: a Hub Transport or Mailbox server, or an Edge Transport server."""

    HUB = "hub"
    EDGE = "edge"


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
