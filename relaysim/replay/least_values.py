"""The least configuration that keeps every session seen, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from relaysim.suggest.request import Plan

__all__ = ["LeastConfiguration"]


class LeastConfiguration(NamedTuple):
    """What may go, what stays and why, and what no log shows.

    Attributes:
        plans: The least first; empty when nothing may go.
        kept: Why something stays that looks unused, one line each.
        blind: What the logs do not show, one line each.
    """

    plans: tuple[Plan, ...]
    kept: tuple[str, ...]
    blind: tuple[str, ...]
