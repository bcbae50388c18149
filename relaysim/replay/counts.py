"""How often sessions of one shape came, and from whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["ClientCount", "ShapeCount"]


class ClientCount(NamedTuple):
    """How often one client came with one shape.

    Attributes:
        sessions: Number of sessions.
        first: Time of the first row.
        last: Time of the last row.
        example: Key ``server|session-id`` of one of them, the smallest.
    """

    sessions: int
    first: str
    last: str
    example: str


@dataclass(slots=True, kw_only=True)
class ShapeCount:
    """Who came with one shape.

    Attributes:
        clients: By address as text, ``""`` where the log hides it.
    """

    clients: dict[str, ClientCount] = field(default_factory=dict)

    @property
    def sessions(self) -> int:
        """Number of sessions."""
        return sum(count.sessions for count in self.clients.values())
