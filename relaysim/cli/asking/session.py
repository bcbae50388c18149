"""``relaysim session``: play an SMTP session, from a file or by typing."""

import os
import sys
from contextlib import suppress
from typing import Any

import click

from relaysim.cli.asking.transcript import fates_text, read_headers, read_text
from relaysim.cli.diagnostics import load_telling, tell_unknown
from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED, INVALID_INPUT
from relaysim.cli.options.facts import fact_options
from relaysim.cli.options.output import (
    Output,
    Style,
    output_option,
    parse_outputs,
    style_for,
    write_result,
)
from relaysim.cli.options.params import color_option, config_option, fresh_options
from relaysim.config.source import Configuration, default_source
from relaysim.errors import InvalidInput, Problem, printable
from relaysim.model.session import behind_words
from relaysim.model.version import ExchangeVersion
from relaysim.render.answers.session_answer import PlayedSession
from relaysim.render.answers.transcript import LineKind, TranscriptLine, exchange_lines
from relaysim.smtp.clients.client_script import read_script
from relaysim.smtp.dialogue import Conversation
from relaysim.smtp.record import (
    DEFAULT_DATE,
    DEFAULT_STAMP,
    Client,
    CommandReply,
    Dialogue,
    SessionState,
)

__all__ = ["command", "parse_moment"]

# Names of the C locale, whatever the machine's is.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


@click.command(name="session")
@click.argument("file", required=False)
@fact_options(
    opening=True,
    auth={
        "help": "What it can prove beyond name and password: none, exchange, edge, legacy (X-EXPS) "
        "or partner (a certificate at STARTTLS). An account logs on with AUTH in the session."
    },
    user={"help": "Account behind an NTLM or Kerberos token."},
    cert={"help": "Name in the certificate it shows.", "default": ""},
)
@click.option("--wrong-password", is_flag=True, help="Whatever logs on, its password is wrong.")
@click.option("--why", is_flag=True, help="Say under each reply why, and what is assumed.")
@click.option(
    "--headers", metavar="FILE", help="Tell which of these headers survive at the session's end."
)
@click.option(
    "--compare", is_flag=True, help="Exit 1 unless the S: lines of FILE are what is answered."
)
@click.option("--date", metavar="DATE", help="Time in banner and log (2026-08-11T09:47:10+02:00).")
@config_option(multiple=False)
@fresh_options()
@output_option("session")
@color_option()
def command(
    file: str | None,
    wrong_password: bool,  # noqa: FBT001
    why: bool,  # noqa: FBT001
    headers: str | None,
    compare: bool,  # noqa: FBT001
    date: str | None,
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    outputs: tuple[str, ...],
    color: str,
    **facts: Any,  # noqa: ANN401  # those of a session that begins
) -> int:
    r"""Play an SMTP session: client lines from FILE, from standard input (-), or typed.

    Lines are what one types in telnet. Where some begin with C:, only those are the client's.
    Inside a message, a line such as {40 MB} stands for so many bytes.

    Example: printf 'EHLO a\nMAIL FROM:<a@b.example>\n' | relaysim session --ip 192.168.2.55 -
    """
    client = Client(**facts, password_right=not wrong_password)
    if client.auth.is_account:
        raise InvalidInput(
            Problem(
                f"`{client.auth.value}` is told by the session itself",
                where="--auth",
                hint="let the client issue AUTH, for example `AUTH LOGIN`; `--user` names the "
                "account behind a token",
            )
        )
    banner_date, stamp = parse_moment(date) if date is not None else (DEFAULT_DATE, DEFAULT_STAMP)
    targets = parse_outputs(outputs, "session")
    source = config or default_source(os.environ)
    configuration = Configuration(source, load_telling(source, exchange=exchange, server=server))
    tell_unknown(configuration.organization)
    if client.behind is not None:
        click.echo(f"note: {behind_words(client.ip, client.behind)} (S-9)", err=True)
    given = None if headers is None else read_headers(headers)
    interactive = file in (None, "-") and sys.stdin.isatty() and not outputs
    text = "" if interactive else read_text(file or "-")
    if compare:
        _need_server_lines(text, file)
    script = () if interactive else read_script(text)
    conversation = Conversation(configuration.organization, client, date=banner_date)
    if interactive:
        _interact(conversation, targets[0], color, why=why)
    else:
        for line in script:
            conversation.feed(line)
    dialogue = conversation.dialogue
    for target in () if interactive else targets:
        style = style_for(target, color)
        if target.format == "smtp" and (style.color or style.width is not None):
            _show_all(dialogue.exchanges, style, why=why)
        else:
            played = PlayedSession(configuration, dialogue, stamp, why)
            write_result("session", played, [target])
    if given is not None and not any(target.format == "json" for target in targets):
        click.echo(fates_text(conversation, given), nl=False)
    differ = compare and _complain_differences(dialogue, text)
    undecided = dialogue.undecided
    if undecided is None:
        return EXPECTATION_FAILED if differ else ANSWERED
    for option in undecided.options:
        click.echo(f"hint: {option}", err=True)
    return INVALID_INPUT


def _need_server_lines(text: str, file: str | None) -> None:
    if not any(line.startswith("S:") for line in text.split("\n")):
        raise InvalidInput(
            Problem(
                "has no line of the server to compare with",
                file=file,
                hint="write the client's lines after `C:` and the server's after `S:`",
            )
        )


def _complain_differences(dialogue: Dialogue, text: str) -> bool:
    from relaysim.smtp.clients.comparing import differences

    found = differences(dialogue, text)
    for difference in found:
        place = f"after `{difference.after}`" if difference.after else "on connecting"
        seen = " / ".join(difference.seen)
        answered = " / ".join(difference.answered) or "nothing"
        message = f"failed: {place}: expected `{seen}`, actual `{answered}`"
        click.echo(printable(message), err=True)
    return bool(found)


def parse_moment(text: str) -> tuple[str, str]:
    """Return a moment as the banner and as a log writes it.

    Raises:
        InvalidInput: It is no moment in ISO 8601.

    >>> parse_moment("2023-03-25T08:35:43+05:00")
    ('Sat, 25 Mar 2023 08:35:43 +0500', '2023-03-25T03:35:43.000Z')
    """
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        universal = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(
            Problem(f"`{text}` is no moment (expected 2026-08-11T09:47:10+02:00)", where="--date")
        ) from None
    banner = (
        f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment:%H:%M:%S} {moment:%z}"
    )
    stamp = f"{universal.year:04d}-{universal:%m-%dT%H:%M:%S}.{universal.microsecond // 1000:03d}Z"
    return banner, stamp


def _interact(conversation: Conversation, target: Output, color: str, *, why: bool) -> None:
    """Read lines from the terminal until the session ends; the window may change its width."""
    with suppress(ImportError):
        import readline  # noqa: F401  # line editing, where the platform has it
    client = conversation.dialogue.client
    click.echo(f"connected from {client.seen} to port {client.port}; end with QUIT or Ctrl-D")
    style = style_for(target, color)
    _show([conversation.opening], SessionState(), style, why=why, echo=False)
    state = conversation.opening.state
    while not conversation.closed:
        try:
            line = input("   " if conversation.in_message else "C: ")
        except EOFError:
            click.echo()
            break
        style = style_for(target, color)
        for exchange in conversation.feed(line):
            _show([exchange], state, style, why=why, echo=False)
            state = exchange.state


def _show_all(exchanges: tuple[CommandReply, ...], style: Style, *, why: bool) -> None:
    state = SessionState()
    for exchange in exchanges:
        _show([exchange], state, style, why=why, echo=True)
        state = exchange.state


def _show(
    exchanges: list[CommandReply], state: SessionState, style: Style, *, why: bool, echo: bool
) -> None:
    """Print exchanges; ``echo`` repeats what the client said."""
    for exchange in exchanges:
        for line in exchange_lines(exchange, state, why=why):
            if line.kind is LineKind.CLIENT and not echo:
                continue
            for text in _folded(line, style.width):
                click.echo(_coloured(text, line, exchange) if style.color else text)


def _folded(line: TranscriptLine, width: int | None) -> list[str]:
    if width is None or len(line.text) <= width or line.kind is not LineKind.COMMENT:
        return [line.text]
    from textwrap import wrap

    return wrap(
        line.text,
        max(width, 20),
        subsequent_indent="     ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _coloured(text: str, line: TranscriptLine, exchange: CommandReply) -> str:
    match line.kind:
        case LineKind.CLIENT:
            return click.style(text, bold=True)
        case LineKind.SERVER:
            return click.style(text, fg="green" if exchange.positive else "red")
        case LineKind.COMMENT:
            return click.style(text, dim=True)
