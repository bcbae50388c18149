"""``relaysim suggest``: the least to do so that somebody may, or may not."""

import os
from collections.abc import Callable

import click

from relaysim.analysis.findings.finding import FindingVerdict, Severity
from relaysim.cli.diagnostics import load_telling
from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import output_option, parse_outputs, write_result
from relaysim.cli.options.params import AUTH, MAILBOX, color_option, config_option, fresh_options
from relaysim.cli.options.shape import expected_addresses, parse_question
from relaysim.cli.progress import working
from relaysim.config.source import Configuration, default_source
from relaysim.errors import InvalidInput, Problem
from relaysim.management_shell.running import ExchangeSession
from relaysim.model.connector import ReceiveConnector
from relaysim.model.directory.domains import domain_of
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion
from relaysim.render.weighed.fixes import fix_lines
from relaysim.render.weighed.suggest_view import SuggestAnswer
from relaysim.suggest.draft import Pipelines
from relaysim.suggest.plans import is_met, plans
from relaysim.suggest.request import Plan, PlanRequest
from relaysim.suggest.several import together

_NO_VERSION = "the Exchange version is not known: name it with `--exchange`"

__all__ = ["attempt", "command", "needs_of", "setups_of"]

_Where = tuple[str, str]
"""The id of a finding and the name of its connector."""


@click.command(name="suggest")
@click.option(
    "--ip", "ips", metavar="RANGES", multiple=True, required=True, help="The clients. Repeatable."
)
@click.option(
    "--need", "needs", metavar="QUESTION", multiple=True, help="What they are to be able to do."
)
@click.option(
    "--deny", "denied", metavar="QUESTION", multiple=True, help="What they are not to do any more."
)
@click.option("--auth", type=AUTH, default="none", help="How they identify themselves.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=25, help="Port they connect to; default: 25."
)
@click.option(
    "--from", "mail_from", type=MAILBOX, metavar="ADDRESS", help="Sender of a mail they send."
)
@click.option(
    "--to", "rcpt_to", type=MAILBOX, metavar="ADDRESS", help="Its recipient; without --need: this."
)
@config_option(multiple=False)
@fresh_options()
@output_option("suggest")
@color_option()
def command(
    ips: tuple[str, ...],
    needs: tuple[str, ...],
    denied: tuple[str, ...],
    auth: AuthKind,
    port: int,
    mail_from: str | None,
    rcpt_to: str | None,
    config: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    outputs: tuple[str, ...],
    color: str,
) -> int:
    """Say what to do so that clients may do something, or may not: up to three plans, best first.

    Every plan was run against the model before it is printed.

    Example: relaysim suggest --ip 192.168.2.60 --need relay
    """
    targets = parse_outputs(outputs, "suggest")
    mail = (mail_from, rcpt_to) != (None, None)
    if bool(needs) == bool(denied) and (denied or not mail):
        raise InvalidInput(Problem("one of `--need` and `--deny` is needed", where="--need"))
    if denied and mail:
        hint = "`--deny` takes an answer away, whatever the mail"
        raise InvalidInput(Problem("a mail goes with `--need`", where="--from", hint=hint))
    option, words = ("--need", needs) if needs else ("--deny", denied)
    names = [
        parse_question(word, option)
        for each in words
        for word in filter(None, map(str.strip, each.split(",")))
    ]
    addresses = expected_addresses(",".join(ips), "--ip")
    if not addresses:
        raise InvalidInput(Problem("no address", where="--ip"))
    source = config or default_source(os.environ)
    organization = load_telling(source, exchange=exchange, server=server)
    request = PlanRequest(
        addresses=addresses,
        answers=tuple(dict.fromkeys([*names, *needs_of(organization, mail_from, rcpt_to)])),
        wanted=not denied,
        auth=auth,
        port=port,
        mail_from=mail_from,
        rcpt_to=rcpt_to,
    )
    configuration = Configuration(source, organization, exchange)
    with working("trying plans"):
        answer = _answer_all(configuration, request)
    write_result("suggest", answer, targets, color)
    return ANSWERED


def needs_of(organization: Organization, mail_from: str | None, rcpt_to: str | None) -> list[str]:
    """Return the answers that a mail with this sender and recipient needs.

    >>> from relaysim import load
    >>> needs_of(load("builtin:default"), "app@contoso.com", "someone@example.net")
    ['relay', 'own_domain_sender']
    """
    found = []
    if rcpt_to is not None:
        found.append("submit" if organization.is_accepted(domain_of(rcpt_to)) else "relay")
    if mail_from:
        own = organization.is_accepted(domain_of(mail_from))
        found.append("own_domain_sender" if own else "any_sender")
    return found or ["submit"] * (mail_from is not None)


def _answer_all(configuration: Configuration, request: PlanRequest) -> SuggestAnswer:
    """Return plans for every server: a client may meet any of them."""
    servers = configuration.organization.one_by_one()
    answers = [_answer(configuration._replace(organization=each), request) for each in servers]
    if len(answers) == 1:
        return answers[0]
    unmet = [answer for answer in answers if not answer.met]
    if not unmet:
        return SuggestAnswer(configuration, request, True, ())  # noqa: FBT003
    for answer in unmet:
        if not answer.plans:
            name = answer.configuration.organization.server
            return SuggestAnswer(configuration, request, False, (), f"{name}: {answer.why}")  # noqa: FBT003
    found = together([answer.plans for answer in unmet])
    return SuggestAnswer(configuration, request, False, found)  # noqa: FBT003


def _answer(configuration: Configuration, request: PlanRequest) -> SuggestAnswer:
    organization = configuration.organization
    if organization.only.exchange is None:
        return SuggestAnswer(configuration, request, False, (), _NO_VERSION)  # noqa: FBT003
    if is_met(organization, request):
        return SuggestAnswer(configuration, request, True, ())  # noqa: FBT003
    found = plans(organization, request, attempt, is_setups=setups_of(organization))
    found = _priced(organization, found)
    why = ""
    if not found:
        why = (
            "no change that is known here gives it to a client that comes with "
            f"auth {request.auth.value} on port {request.port}"
            if request.wanted
            else "no change that is known here takes it from them and gives nobody more"
        )
    return SuggestAnswer(configuration, request, False, found, why)  # noqa: FBT003


_GRAVE = (Severity.CRITICAL, Severity.HIGH)


def _priced(organization: Organization, found: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """Return plans with the grave findings that they make in their remarks; the last with all."""
    before = _violations(organization) if found else {}
    return tuple(_with_findings(plan, before) for plan in found)


def _with_findings(plan: Plan, before: dict[_Where, Severity]) -> Plan:
    made = [
        f"{id_} on `{name}` ({severity.value})"
        for (id_, name), severity in _violations(plan.after).items()
        if (id_, name) not in before and (plan.is_last or severity in _GRAVE)
    ]
    told = (f"`relaysim audit` then finds {', '.join(made)}",) if made else ()
    return plan._replace(remark="; ".join(filter(None, (plan.remark, *told))))


def _violations(organization: Organization) -> dict[_Where, Severity]:
    from relaysim.analysis.findings.audit import audit
    from relaysim.policy.auditing import context_of
    from relaysim.policy.policy import Policy

    return {
        (finding.id, finding.connector): finding.severity
        for finding in audit(organization, context_of(Policy()))
        if finding.verdict is FindingVerdict.VIOLATED
    }


def setups_of(organization: Organization) -> Callable[[ReceiveConnector], bool]:
    """Return what tells whether setup made a connector: by its name on a fresh server."""
    from relaysim.builtin.fresh import fresh_like

    setups = {
        connector.name.casefold()
        for server in fresh_like(organization).servers
        for connector in server.connectors
    }
    return lambda connector: connector.name.casefold() in setups


def attempt(organization: Organization, pipelines: Pipelines) -> Organization | None:
    """Return what commands make of an organization; ``None`` when one of them is refused."""
    session = ExchangeSession(organization)
    lines = fix_lines(pipelines)
    if len(lines) != len(pipelines):
        return None
    for line in lines:
        if session.run(line).errors:
            return None
    return session.organization
