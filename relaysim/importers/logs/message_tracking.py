"""Rows of a message tracking log: the messages that a server took by SMTP.

Only ``RECEIVE`` by ``SMTP`` is read: which connector took a message, from whom, for whom. Replies,
ports, TLS and permissions are not in it, and what was refused is not either.

Source: PFI.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["TrackedMessage", "is_tracking", "read_tracking"]

_NEEDED = ("date-time", "client-ip", "connector-id", "source", "event-id")


class TrackedMessage(NamedTuple):
    r"""A message that was taken.

    Attributes:
        time: As written, UTC.
        connector: ``SERVER\Name``.
        client: The address that connected, ``""`` when it is not there.
        original: The address behind a front end, ``""`` when it is not there.
        server: The server's address, ``""`` when it is not there.
        sender: Envelope sender, ``<>`` for the null sender.
        recipients: Envelope recipients.
        message: The message id, to name it by.
    """

    time: str
    connector: str
    client: str
    original: str
    server: str
    sender: str
    recipients: tuple[str, ...]
    message: str


def is_tracking(head: str) -> bool:
    """Tell whether a text begins a message tracking log."""
    return any(
        line.startswith("#") and "message tracking" in line.lower()
        for line in head.splitlines()[:10]
    ) or ("event-id" in head[:4096] and "connector-id" in head[:4096])


def read_tracking(
    lines: Iterable[str], complain: Callable[[int, str], None]
) -> Iterator[TrackedMessage | None]:
    """Yield each message taken by SMTP, ``None`` for every other row.

    Args:
        lines: Lines of the log.
        complain: Called with line number and reason for each line that is no row.
    """
    names: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip("\r\n\ufeff")
        if text.startswith("#") or not names:
            body = text.lstrip("#")
            fields = body.partition(":")[2] if body.lower().startswith("fields:") else body
            if "event-id" in fields:
                parts = [part.strip().strip('"').lower() for part in fields.split(",")]
                names = {name: place for place, name in enumerate(parts)}
            continue
        if not text.strip():
            continue
        row = _row(text)
        if len(row) < len(names) - 5 or any(name not in names for name in _NEEDED):
            complain(number, "no complete row")
            continue
        yield _message(row, names)


def _row(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration):
        return []


def _message(row: list[str], names: dict[str, int]) -> TrackedMessage | None:
    def of(name: str) -> str:
        place = names.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    if of("source").upper() != "SMTP" or of("event-id").upper() != "RECEIVE":
        return None
    return TrackedMessage(
        of("date-time"),
        of("connector-id"),
        of("client-ip"),
        of("original-client-ip"),
        of("server-ip"),
        of("return-path") or of("sender-address"),
        tuple(r.strip() for r in of("recipient-address").split(";") if r.strip()),
        of("internal-message-id") or of("message-id"),
    )
