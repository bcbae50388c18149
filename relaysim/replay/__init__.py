"""Logs as witness: what a server answered, reduced to shapes of sessions, held against the model.

>>> from relaysim.replay import merge, summarize
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.replay.reading.saved import decode_summary, encode_summary
from relaysim.replay.summary import Summary, merge

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from relaysim.model.organization import Organization

__all__ = ["Summary", "decode_summary", "encode_summary", "merge", "summarize"]


def summarize(
    paths: Iterable[str | PathLike[str]], organization: Organization | None = None
) -> Summary:
    """Return what logs come to; equal for equal logs in whatever order or parts.

    A summary is pickled, compared with ``==`` and merged: ``summarize([a, b])`` equals
    ``merge(summarize([a]), summarize([b]))`` for every way to cut the logs, also through the
    middle of a session. So logs can be reduced where they lie, by any engine with map and reduce.

    Args:
        paths: Protocol logs, plain, ``.gz`` or ``.zip``, folders of them, and saved summaries.
        organization: Addresses in none of its accepted domains count as one foreign domain, which
            keeps the summary small; without it every domain is kept.

    Raises:
        InvalidInput: A file cannot be read, or there is nothing to read.
    """
    from relaysim.replay.reading.files import find_logs, gather_logs

    accepted = None if organization is None else organization.accepted_domains
    return gather_logs(find_logs(str(path) for path in paths), accepted).summary
