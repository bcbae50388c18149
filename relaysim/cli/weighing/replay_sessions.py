"""Sessions of clients' logs, and ``relaysim replay --sessions``: one line of JSON for each."""

import json
import sys
from collections import Counter
from collections.abc import Iterable

from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
from relaysim.cli.notes import note
from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import AcceptedDomain
from relaysim.replay.clients import ToldSession, judge_client, what_if_client
from relaysim.replay.judging import ReplayOutcome, SessionJudge
from relaysim.replay.logged import LoggedSession
from relaysim.replay.reading.files import ClientText, LogFile, gather_logs
from relaysim.replay.summary import Summary
from relaysim.replay.what_if import WhatIfOutcome, what_if

__all__ = ["list_sessions", "read_clients", "refuse_unreadable"]

_SHOWN = 20


def read_clients(
    texts: Iterable[ClientText], held: SessionJudge | None, asked: SessionJudge | None
) -> tuple[tuple[ToldSession, ...], tuple[str, ...]]:
    """Return the sessions that clients' logs show, and the names of what shows none.

    Args:
        texts: What is no server's log.
        held: Holds the description, ``None`` without one.
        asked: Holds a changed configuration, ``None`` without one.
    """
    from relaysim.importers.logs.client_log import read_client_log

    told: list[ToldSession] = []
    unread = []
    for name, text in texts:
        found = read_client_log(text)
        if not found:
            unread.append(name)
        told += [
            ToldSession(
                name,
                session,
                None if held is None else judge_client(held, session),
                None if asked is None else what_if_client(asked, session),
            )
            for session in found
        ]
    return tuple(told), tuple(unread)


def refuse_unreadable(summary: Summary) -> None:
    """Refuse logs in which a line is no row.

    Raises:
        InvalidInput: There is one; the first twenty are named.
    """
    if summary.unreadable:
        raise InvalidInput(
            [
                Problem(row.why, file=row.file, line=row.line or None)
                for row in summary.unreadable[:_SHOWN]
            ]
        )


def list_sessions(
    logs: list[LogFile],
    accepted: tuple[AcceptedDomain, ...],
    *,
    judge: SessionJudge,
    held: SessionJudge | None,
    asked: SessionJudge | None,
    strict: bool,
    fail_on: tuple[str, ...],
) -> int:
    """Write every session with its outcome, as it ends in the logs; return the exit code.

    Args:
        logs: What to read.
        accepted: The accepted domains addresses are reduced with.
        judge: Judges the sessions of servers' logs.
        held: Judges those of clients' logs, ``None`` without a description.
        asked: Holds a changed configuration, or ``None``.
        strict: A line that cannot be read is an error.
        fail_on: Outcomes that fail, ``different`` and ``refused``.

    Raises:
        InvalidInput: A file cannot be read; with ``strict`` a line is no row.
    """
    from relaysim.render.weighed.replay_rows import session_line, told_line

    seen: Counter[str] = Counter()
    failing: Counter[str] = Counter()

    def tell(key: str, session: LoggedSession, client: str) -> None:
        seen[key] += 1
        name = key if seen[key] == 1 else f"{key}#{seen[key]}"
        judged = judge.judge(session, client)
        changed = None if asked is None else what_if(asked, session, client)
        failing["different"] += judged.outcome is ReplayOutcome.DIFFERENT
        failing["refused"] += changed is not None and changed.outcome is WhatIfOutcome.REFUSED
        _write(session_line(name, session, client, judged, changed))

    gathered = gather_logs(logs, accepted, watch=tell)
    # What was cut is told last: only now it is known that nothing more comes.
    from relaysim.replay.summary import SummaryBuilder

    builder = SummaryBuilder(accepted)
    builder.watch = tell
    for fragment in gathered.summary.fragments:
        builder.session(fragment)
    told, unread = read_clients(gathered.texts, held, asked)
    for each in told:
        failing["different"] += (
            each.judged is not None and each.judged.outcome is ReplayOutcome.DIFFERENT
        )
        failing["refused"] += (
            each.what_if is not None and each.what_if.outcome is WhatIfOutcome.REFUSED
        )
        _write(told_line(each))
    if strict:
        refuse_unreadable(gathered.summary)
    for name in unread:
        note(Problem("no server's log, and no SMTP session in it", file=name))
    for row in gathered.summary.unreadable[:_SHOWN]:
        note(Problem(row.why, file=row.file, line=row.line or None))
    more = gathered.summary.unreadable_count - _SHOWN
    if more > 0:
        note(Problem(f"{more:,} more lines that are no rows"))
    return EXPECTATION_FAILED if any(failing[each] for each in fail_on) else ANSWERED


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
