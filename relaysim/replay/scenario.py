"""What the logs show as a scenario file: last month's traffic becomes the regression suite."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from relaysim.builtin import PREFIX
from relaysim.config.toml_text import format_value
from relaysim.errors import printable
from relaysim.replay.asking import example_address
from relaysim.replay.comparing.replies import is_permission_refusal
from relaysim.replay.judging import ReplayOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.replay.logged import LoggedSession, LoggedTransaction
    from relaysim.replay.report import JudgedShape, ReplayReport

__all__ = ["scenario_text"]

_ADDRESSES_SHOWN = 200
_AUTH = {"LOGIN": "basic", "PLAIN": "basic", "NTLM": "ntlm", "GSSAPI": "ntlm", "": "user"}


def scenario_text(
    report: ReplayReport, source: str, file: str, *, keep_addresses: bool = False
) -> str:
    """Return a scenario file with a step for each message of each shape.

    What servers say to servers, what was cut and what cannot be told are left out, each named in a
    comment. Sessions that differ from the description are steps as well: they fail until the
    description is mended.

    Args:
        report: The judged logs.
        source: The configuration, as it was named.
        file: Path of the scenario file, from which a server file is named.
        keep_addresses: Keep accounts and the personal parts of addresses; otherwise accounts are
            asked about without a name and a sender.
    """
    lines = [
        "# What the logs show, one step for each kind of message that came.",
        "format = 1",
        f"title  = {format_value(_title(report))}",
        *_server_lines(source, file),
    ]
    names: set[str] = set()
    left_out = 0
    for shape in report.shapes:
        judged = shape.judged
        unfit = judged is None or judged.outcome in (
            ReplayOutcome.NOT_A_CLIENT,
            ReplayOutcome.CANNOT_TELL,
        )
        if unfit or shape.shape.port is None or not any(shape.clients):
            left_out += shape.sessions
            continue
        for transaction in shape.shape.transactions or (None,):
            lines += ["", *_step(shape, transaction, names, keep_addresses=keep_addresses)]
    if left_out:
        what = f"{_plural(left_out, 'session')} {'is' if left_out == 1 else 'are'} left out"
        why = "between servers, without port or client, or not to be told"
        lines += ["", f"# {what}: {why}."]
    return "\n".join(lines) + "\n"


def _server_lines(source: str, file: str) -> Iterator[str]:
    """Yield the lines that name the server: a server file, seen from the scenario file."""
    if source.casefold().startswith(PREFIX):
        yield f"server = {format_value(source)}"
        return
    if not source.casefold().endswith(".toml"):
        # A scenario names server files only: an export is turned into one beside it.
        yield "# " + printable(
            shlex.join(["relaysim", "import", source, "-o", "toml:relaysim.toml"])
        )
        yield 'server = "relaysim.toml"'
        return
    try:
        path = os.path.relpath(source, Path(file).resolve().parent)
    except ValueError:
        # Another drive of Windows: beside it, as good as can be.
        path = Path(source).name
    yield f"server = {format_value(path.replace(os.sep, '/'))}"


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _title(report: ReplayReport) -> str:
    first = min((shape.first for shape in report.shapes), default="")[:10]
    last = max((shape.last for shape in report.shapes), default="")[:10]
    return f"What came from {first} to {last}"


def _step(
    shape: JudgedShape,
    transaction: LoggedTransaction | None,
    names: set[str],
    *,
    keep_addresses: bool,
) -> Iterator[str]:
    session = shape.shape
    clients = [client for client in shape.clients if client]
    name = _unique(f"{printable(session.connector)}: {_what(transaction)}", names)
    came = f"{_plural(shape.sessions, 'session')} of {_plural(len(shape.clients), 'client')}"
    first, last = printable(shape.first[:10]), printable(shape.last[:10])
    yield f"# {came}, {first}" + (f" to {last}" if first != last else "")
    more = len(clients) - _ADDRESSES_SHOWN
    if more > 0:
        yield f"# {more:,} more clients are left out of `ip`"
    yield "[[step]]"
    yield f"name   = {format_value(name)}"
    check = dict(_check(session, transaction, clients[:_ADDRESSES_SHOWN], keep_addresses))
    yield f"check  = {_inline(check)}"
    yield f"expect = {_inline(_expect(session, transaction, keep_addresses=keep_addresses))}"


def _check(
    session: LoggedSession,
    transaction: LoggedTransaction | None,
    clients: list[str],
    keep_addresses: bool,  # noqa: FBT001
) -> Iterator[tuple[str, object]]:
    yield "ip", clients[0] if len(clients) == 1 else clients
    logged_on = session.auth in ("account", "refused")
    yield "auth", _AUTH.get(session.mechanism, "ntlm") if logged_on else "none"
    if logged_on and session.account and keep_addresses:
        yield "user", session.account
    if session.tls in ("done", "refused"):
        yield "tls", True
    yield "port", session.port or 25
    if session.local_ip is not None:
        yield "local_ip", session.local_ip
    if transaction is None:
        return
    if transaction.sender is not None and (not logged_on or keep_addresses):
        yield "from", example_address(transaction.sender) or "<>"
    recipients = [example_address(r.domain) for r in transaction.recipients if r.domain is not None]
    if recipients:
        yield "to", [recipients] if len(recipients) > 1 else recipients[0]


def _expect(
    session: LoggedSession, transaction: LoggedTransaction | None, *, keep_addresses: bool
) -> dict[str, object]:
    expect: dict[str, object] = {"connector": session.connector}
    if session.auth == "refused" or session.tls == "refused":
        expect["refused_at"] = "STARTTLS" if session.tls == "refused" else "AUTH"
        return expect
    if transaction is None:
        return expect
    refused = _refused(transaction)
    if refused is None:
        expect["refused_at"] = "none"
    elif refused == "end of data" and session.auth == "account" and not keep_addresses:
        # Without account and sender the question is another one.
        pass
    else:
        expect["refused_at"] = refused
    return expect


def _refused(transaction: LoggedTransaction) -> str | None:
    """Return the stage of the first refusal that permissions decide, ``None`` without one."""
    replies = [("MAIL FROM", transaction.mail_reply)]
    replies += [("RCPT TO", recipient.reply) for recipient in transaction.recipients]
    replies.append(("end of data", transaction.data_reply))
    for stage, reply in replies:
        if reply and reply[:1] not in "23" and is_permission_refusal(reply):
            return stage
    return None


def _what(transaction: LoggedTransaction | None) -> str:
    if transaction is None:
        return "no message"
    refused = _refused(transaction)
    foreign = any(r.domain == "*" for r in transaction.recipients)
    target = "to a foreign domain" if foreign else "to an own domain"
    if not transaction.recipients:
        target = "without a recipient"
    return f"a message {target} is {'taken' if refused is None else f'refused at {refused}'}"


def _unique(name: str, names: set[str]) -> str:
    shown, number = name[:180], 1
    while shown in names:
        number += 1
        shown = f"{name[:180]} ({number})"
    names.add(shown)
    return shown


def _inline(table: dict[str, object]) -> str:
    pairs = ", ".join(f"{key} = {format_value(value)}" for key, value in table.items())
    return "{ " + pairs + " }"
