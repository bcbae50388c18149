"""Settings outside the connectors that no rule uses: kept in the organization, by name.

Each is one pair of the organization: ``TARGET: NAME`` and a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace

if TYPE_CHECKING:
    from relaysim.management_shell.state import Unmodelled
    from relaysim.model.organization import Organization

__all__ = ["drop_settings", "setting", "with_setting"]


def _key(target: str, name: str) -> str:
    return f"{target}: {name}".casefold()


def setting(organization: Organization, target: str, name: str) -> str | None:
    """Return the text of a setting, or ``None`` when it was never made."""
    wanted = _key(target, name)
    for key, text in organization.unmodelled:
        if key.casefold() == wanted:
            return text
    return None


def with_setting(organization: Organization, entry: Unmodelled) -> Organization:
    """Return the organization with a setting in place of what it was."""
    wanted = _key(entry.target, entry.name)
    others = tuple(pair for pair in organization.unmodelled if pair[0].casefold() != wanted)
    return replace(
        organization, unmodelled=(*others, (f"{entry.target}: {entry.name}", entry.value))
    )


def drop_settings(organization: Organization, target: str) -> Organization:
    """Return the organization without the settings of a target."""
    start = f"{target}: ".casefold()
    kept = tuple(
        pair for pair in organization.unmodelled if not pair[0].casefold().startswith(start)
    )
    return replace(organization, unmodelled=kept)
