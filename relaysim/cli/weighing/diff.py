"""``relaysim diff``: what a change gives, what it takes, or the proof that it does neither."""

from datetime import datetime

import click

from relaysim import __version__
from relaysim.analysis.compare.change import ChangeKind
from relaysim.analysis.compare.compare import compare
from relaysim.cli.diagnostics import load_each
from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED
from relaysim.cli.options.output import date_option, output_option, parse_outputs, write_result
from relaysim.cli.options.params import EXCHANGE, color_option, encoding_option
from relaysim.cli.progress import working
from relaysim.config.difference import SettingChange, changes
from relaysim.config.source import Configuration, read_bytes
from relaysim.errors import InvalidInput, Problem
from relaysim.model.organization import Organization
from relaysim.model.version import ExchangeVersion
from relaysim.render.weighed.diff_view import DiffAnswer
from relaysim.scenario.reading.allowance import allowed_addresses, parse_allowance
from relaysim.scenario.reading.schema import Allowance

__all__ = ["command"]

_FAILING = {
    "widened": (ChangeKind.WIDENED, ChangeKind.CANNOT_TELL),
    "rerouted": (ChangeKind.WIDENED, ChangeKind.CANNOT_TELL, ChangeKind.REROUTED),
    "changed": tuple(ChangeKind),
}


@click.command(name="diff")
@encoding_option()
@click.argument("old")
@click.argument("new", required=False)
@click.option("--run", "script", metavar="SCRIPT", help="What this script would change in OLD.")
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAILING)),
    help="Exit 1 when somebody may do more (widened), when anything differs (changed), or when "
    "another connector answers (rerouted).",
)
@click.option(
    "--allow",
    "allowed",
    metavar="RANGES[:RIGHT,RIGHT]",
    multiple=True,
    help="Expect these addresses to get more: everything, or these rights. Repeatable.",
)
@click.option(
    "--exchange",
    type=EXCHANGE,
    help="Version of the servers of OLD and NEW whose version is not known.",
)
@output_option("diff")
@date_option()
@color_option()
def command(
    old: str,
    new: str | None,
    script: str | None,
    fail_on: str | None,
    allowed: tuple[str, ...],
    exchange: ExchangeVersion | None,
    outputs: tuple[str, ...],
    day: datetime | None,
    color: str,
) -> int:
    """Compare the power that OLD and NEW give, over every address and endpoint.

    Both are what -c names: server files, scripts, built-in configurations.

    Example: relaysim diff old.toml new.toml --fail-on widened
    """
    targets = parse_outputs(outputs, "diff")
    if (new is None) == (script is None):
        hint = "`relaysim diff OLD NEW` or `relaysim diff OLD --run SCRIPT`"
        raise InvalidInput(Problem("one of NEW and `--run` is needed", where="NEW", hint=hint))
    before, *others = load_each([old] if new is None else [old, new], exchange=exchange)
    if script is not None:
        others = [Configuration(script, _run(before.organization, script))]
    after = others[0]
    allowances = [_allowance(text) for text in allowed]
    with working("comparing"):
        comparison = compare(before.organization, after.organization)
    expected = tuple(
        change
        for change in comparison.changes
        if change.kind is ChangeKind.WIDENED
        and not change.addresses - allowed_addresses(allowances, change.right)
    )
    text = tuple(_text(before.organization, after.organization))
    answer = DiffAnswer(
        before, after, comparison, expected, text, __version__, is_run=script is not None
    )
    write_result("diff", answer, targets, color, day=day)
    bad = fail_on is not None and any(
        change.kind in _FAILING[fail_on] and change not in expected for change in comparison.changes
    )
    return EXPECTATION_FAILED if bad else ANSWERED


def _run(organization: Organization, script: str) -> Organization:
    """Return what a script makes of an organization.

    Raises:
        InvalidInput: It cannot be read or understood, or a command of it failed.
    """
    from relaysim.management_shell.running import ExchangeSession

    try:
        text = read_bytes(script).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(Problem("not UTF-8 text", file=script)) from None
    done = ExchangeSession(organization).run(text, file=script)
    if done.errors:
        first = done.errors[0]
        line = first.position.line if first.position is not None else None
        raise InvalidInput(Problem(f"a command failed: {first.message}", file=script, line=line))
    return done.organization


def _text(before: Organization, after: Organization) -> list[SettingChange]:
    if len(before.servers) == len(after.servers) == 1:
        if None in (before.only.exchange, after.only.exchange):
            return []
        return list(changes(before, after))
    names = {server.name.casefold() for server in after.servers}
    found: list[SettingChange] = []
    for server in before.servers:
        if server.name.casefold() in names and server.exchange is not None:
            found += changes(before.on(server.name), after.on(server.name))
    return found


def _allowance(text: str) -> Allowance:
    try:
        return parse_allowance(text)
    except InvalidInput as error:
        for problem in error.problems:
            problem.where = "--allow"
        raise
