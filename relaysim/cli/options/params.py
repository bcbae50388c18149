"""Parameter types and options that several commands share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

import click

from relaysim.config.source import DEFAULT_SOURCE, Configuration
from relaysim.errors import InvalidInput, Problem
from relaysim.model.session import AuthKind, parse_auth, parse_mailbox, parse_size
from relaysim.model.version import ExchangeVersion, parse_version

__all__ = [
    "AUTH",
    "EXCHANGE",
    "MAILBOX",
    "SIZE",
    "Parsed",
    "color_option",
    "config_option",
    "encoding_option",
    "fresh_options",
    "held_configuration",
    "refuse_account_options",
    "told_encoding",
]

T = TypeVar("T")


class Parsed(click.ParamType, Generic[T]):  # type: ignore[type-arg]  # generic in new clicks only
    """A parameter read by one of the package's parsers.

    Errors name the option and keep the parser's hint.
    """

    def __init__(self, name: str, parser: Callable[[str], T]) -> None:
        self.name = name
        self.parser = parser

    def convert(
        self,
        value: Any,  # noqa: ANN401
        param: click.Parameter | None,
        ctx: click.Context | None,  # noqa: ARG002
    ) -> T:
        """Return the parsed value; one that is parsed already is passed through."""
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        try:
            return self.parser(value)
        except InvalidInput as error:
            for problem in error.problems:
                problem.where = _name(param)
            raise InvalidInput(error.problems) from None


def _name(param: click.Parameter | None) -> str | None:
    if param is None:
        return None
    return param.opts[-1] if isinstance(param, click.Option) else param.human_readable_name


def _versions(text: str) -> ExchangeVersion | tuple[ExchangeVersion, ...]:
    found = tuple(parse_version(one) for one in text.split(","))
    return found if len(found) > 1 else found[0]


def _server_name(text: str) -> str:
    name = text.strip()
    if not name:
        raise InvalidInput("the name is empty")
    if not name.isprintable():
        raise InvalidInput(f"`{name}` has a control character")
    return name


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(
            f"`{text}` is no date and time", hint="write `2026-03-04T05:06:07`"
        ) from None


AUTH = Parsed("KIND", parse_auth)
EXCHANGE = Parsed("VERSION", parse_version)
VERSIONS = Parsed("VERSION", _versions)
SERVER_NAME = Parsed("NAME", _server_name)
MAILBOX = Parsed("ADDRESS", parse_mailbox)
SIZE = Parsed("SIZE", parse_size)
MOMENT = Parsed("TIME", _moment)

F = TypeVar("F", bound=Callable[..., Any])


def config_option(*, multiple: bool, otherwise: str = DEFAULT_SOURCE) -> Callable[[F], F]:
    """Return the ``-c/--config`` option.

    Args:
        multiple: Whether it may be repeated, to compare.
        otherwise: What the command takes when nothing names a configuration, for the help.
    """
    more = " Repeat to compare." if multiple else ""
    config = click.option(
        "-c",
        "--config",
        "config",
        multiple=multiple,
        metavar="CONFIG",
        help="Server file (TOML), script (.ps1, run on a fresh server) or built-in configuration "
        "(builtin:default, builtin:option-1, builtin:option-2, builtin:both). Without it: "
        f"$RELAYSIM_CONFIG, else relaysim.toml here, else {otherwise}.{more}",
    )
    return lambda function: config(encoding_option()(function))


_ENCODING = "relaysim.encoding"
"""Where the context keeps what ``--encoding`` says."""


def encoding_option() -> Callable[[F], F]:
    """Return the ``--encoding`` option, which every export that is loaded follows."""

    def keep(ctx: click.Context, _param: click.Parameter, name: str | None) -> None:
        ctx.meta[_ENCODING] = name

    return click.option(
        "--encoding",
        metavar="NAME",
        expose_value=False,
        callback=keep,
        help="Encoding of an export without a byte order mark, such as cp850; default: UTF-8.",
    )


def told_encoding() -> str | None:
    """Return what ``--encoding`` says, ``None`` when it is not given."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_ENCODING) if context is not None else None


def fresh_options(
    exchange: str = "Version of the fresh server that a script (-c FILE.ps1) is run on; default: "
    "what its #relaysim: line says, else 2007.",
    server: str = "Of several servers the one that is asked about, or several with commas; of a "
    "script the name of its fresh server; default: what the line says, else EX01.",
    *,
    several: bool = False,
) -> Callable[[F], F]:
    """Return the ``--exchange`` and ``--server`` options: which fresh server a script starts from.

    Args:
        exchange: Help of the one.
        server: Help of the other.
        several: Whether ``--exchange`` takes a version for each of several servers.
    """

    def decorate(function: F) -> F:
        function = click.option("--server", type=SERVER_NAME, help=server)(function)
        kind = VERSIONS if several else EXCHANGE
        return click.option("--exchange", type=kind, help=exchange)(function)

    return decorate


def held_configuration() -> Configuration | None:
    """Return the configuration that the prompt of the shell holds and asks about, if it does."""
    held = click.get_current_context().obj
    return held if isinstance(held, Configuration) else None


def spreadsheet_option() -> Callable[[F], F]:
    """Return ``--spreadsheet``, for commands that write CSV."""
    return click.option(
        "--spreadsheet",
        is_flag=True,
        help="With CSV: a cell that a spreadsheet would compute begins with an apostrophe.",
    )


def color_option() -> Callable[[F], F]:
    """Return the ``--color`` option."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"], case_sensitive=False),
        default="auto",
        help="Colour: on a terminal unless NO_COLOR is set (auto), always, or never.",
    )


def refuse_account_options(auth: AuthKind, user: str | None, groups: tuple[str, ...]) -> None:
    """Refuse ``--user`` and ``--group`` when no account logs on.

    Raises:
        InvalidInput: One of them was given, or is empty.
    """
    for option, values in (("--user", (user,)), ("--group", groups)):
        if any(value is not None and not value.strip() for value in values):
            raise InvalidInput(Problem("the name is empty", where=option))
    if auth.is_account:
        return
    for option, value in (("--user", user), ("--group", groups)):
        if value:
            raise InvalidInput(
                Problem(
                    f"only an account has one, not `--auth {auth.value}`",
                    where=option,
                    hint="add `--auth user`, `--auth basic` or `--auth ntlm`",
                )
            )
