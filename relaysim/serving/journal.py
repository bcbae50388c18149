"""Protocol logs of the sessions that a server had, in Exchange's form."""

from datetime import UTC, datetime
from pathlib import Path

from relaysim.model.version import ExchangeVersion
from relaysim.render.answers.transcript import log_head, log_rows
from relaysim.smtp.record import Dialogue

__all__ = ["Journal", "stamp_of"]


def stamp_of(moment: datetime) -> str:
    """Return a moment as a protocol log writes it.

    >>> stamp_of(datetime(2026, 8, 11, 9, 47, 10, tzinfo=UTC))
    '2026-08-11T09:47:10.000Z'
    """
    utc = moment.astimezone(UTC)
    return f"{utc.year:04d}-{utc:%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


class Journal:
    """A folder of protocol logs, one file an hour; a session is written when it ends."""

    def __init__(self, folder: Path) -> None:
        """Make the folder where it is missing."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(
        self, dialogue: Dialogue, moment: datetime, *, session: int, client_port: int
    ) -> None:
        """Append the rows of a session.

        Args:
            dialogue: The session.
            moment: When it ended; its rows carry this time.
            session: Its number.
            client_port: Port that the client connected from.
        """
        stamp = stamp_of(moment)
        rows = list(
            log_rows(dialogue, stamp, session_id=f"{session:016X}", client_port=client_port)
        )
        if not rows:
            return
        path = self.folder / f"RECV{moment.astimezone(UTC):%Y%m%d%H}-1.LOG"
        head = [] if path.exists() else list(log_head(_version(dialogue), stamp))
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write("".join(f"{line}\r\n" for line in head + rows))


def _version(dialogue: Dialogue) -> ExchangeVersion:
    return dialogue.exchange
