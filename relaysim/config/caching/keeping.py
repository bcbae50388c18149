"""Reading a configuration, or taking what an earlier run made of the same bytes."""

import os
from collections.abc import Callable

from relaysim.config.caching.fingerprint import fingerprint
from relaysim.config.caching.store import folder_of, read_kept, write_kept
from relaysim.errors import Problem
from relaysim.model.organization import Organization

__all__ = ["kept_or_read"]

_Notices = tuple[tuple[str, str | None, int | None, str | None, str | None], ...]


def kept_or_read(
    asked: tuple[str, ...],
    notice: Callable[[Problem], None],
    read: Callable[[Callable[[Problem], None]], Organization],
) -> Organization:
    """Return what ``read`` returns, its warnings told, from an earlier run where there is one.

    Args:
        asked: What the user named, and everything else that the result depends on.
        notice: Takes each warning.
        read: Reads the source; takes what takes its warnings.

    Raises:
        InvalidInput: As ``read`` does; what cannot be read is never kept.
    """
    folder = folder_of(os.environ)
    key = None if folder is None else fingerprint(asked)
    if folder is None or key is None:
        return read(notice)
    lines = read_kept(folder, key)
    found = None if lines is None else _understood(lines)
    if found is not None:
        organization, told = found
        for message, file, line, where, hint in told:
            notice(Problem(message, file=file, line=line, where=where, hint=hint))
        return organization
    notices: list[Problem] = []

    def tell(problem: Problem) -> None:
        notices.append(problem)
        notice(problem)

    organization = read(tell)
    told = tuple((one.message, one.file, one.line, one.where, one.hint) for one in notices)
    from relaysim.config.caching.table import NotKept, to_lines

    try:
        written = to_lines((organization, told))
    except NotKept:
        return organization
    # What changed while it was read is not what the key stands for.
    if fingerprint(asked) == key:
        write_kept(folder, key, written)
    return organization


def _understood(lines: list[str]) -> tuple[Organization, _Notices] | None:
    # Most configurations are small: only those that are kept pay for the table.
    from relaysim.config.caching.table import NotKept, from_lines

    try:
        organization, told = from_lines(lines)
    except (NotKept, TypeError, ValueError):
        return None
    return (organization, told) if isinstance(organization, Organization) else None
