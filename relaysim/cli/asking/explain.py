"""``relaysim explain``: rights, permission groups and connectors in tables."""

import os
from functools import partial

import click

from relaysim.cli.asking.explain_reply import answer_reply, is_reply, reply_text
from relaysim.cli.diagnostics import ADDRESS, load_telling
from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import (
    output_option,
    parse_outputs,
    write_result,
)
from relaysim.cli.options.params import (
    AUTH,
    MAILBOX,
    Parsed,
    color_option,
    config_option,
    fresh_options,
    held_configuration,
)
from relaysim.cli.options.shape import PORTS, expected_addresses
from relaysim.cli.progress import working
from relaysim.config.source import default_source, is_script, narrowed, refuse_fresh
from relaysim.errors import InvalidInput, Problem, UnknownName, closest
from relaysim.model.edit import change_server
from relaysim.model.groups import PermissionGroup, parse_group
from relaysim.model.organization import Organization, find_connector, find_place
from relaysim.model.principals import Principal, parse_principal
from relaysim.model.rights import Right, parse_right
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion
from relaysim.net.address import Address, unmap
from relaysim.net.addrset import AddressSet
from relaysim.render.answers import explain_view as explained
from relaysim.render.answers import holdings
from relaysim.render.answers.explanation import Explanation

__all__ = ["command"]


def _parse_finding(text: str) -> str:
    from relaysim.render.pages.page_view import parse_finding

    return parse_finding(text)


@click.command(name="explain")
@click.argument("connector", required=False)
@click.option("--principal", metavar="NAME", help="Only this principal (name or SID).")
@click.option(
    "--group",
    type=Parsed("GROUP", parse_group),
    help="What a permission group grants, and to whom.",
)
@click.option(
    "--right",
    type=Parsed("RIGHT", parse_right),
    help="What a right means, and which groups carry it.",
)
@click.option(
    "--finding",
    type=Parsed("ID", _parse_finding),
    help="When a finding of the audit is violated, why it matters, what mends it.",
)
@click.option(
    "--ip", "ips", metavar="RANGES", multiple=True, help="With a reply: clients that got it."
)
@click.option(
    "--behind",
    type=ADDRESS,
    help="With a reply: the load balancer or NAT that clients stand behind.",
)
@click.option("--auth", type=AUTH, help="With a reply: how they identified themselves.")
@click.option("--port", "ports", type=PORTS, multiple=True, help="With a reply: the port.")
@click.option("--from", "sender", type=MAILBOX, help="With a reply: the sender.")
@click.option("--to", "recipient", type=MAILBOX, help="With a reply: the recipient.")
@fresh_options(
    exchange="Exchange version for --group and --right (2007 to SE), and of the fresh server that "
    "a script (-c FILE.ps1) is run on; default: the configuration's; for a script what its "
    "#relaysim: line says, else 2007."
)
@config_option(multiple=False)
@output_option("explain")
@color_option()
def command(
    connector: str | None,
    principal: str | None,
    group: PermissionGroup | None,
    right: Right | None,
    finding: str | None,
    ips: tuple[str, ...],
    behind: Address | None,
    auth: AuthKind | None,
    ports: tuple[tuple[int, ...], ...],
    sender: str | None,
    recipient: str | None,
    exchange: ExchangeVersion | None,
    server: str | None,
    config: str | None,
    outputs: tuple[str, ...],
    color: str,
) -> int:
    """Explain granted rights in a table: of every connector, of one, of a group, of a right.

    A rule (S-3), an answer (ResolveP2) and a finding have a page each.

    A text with a reply code is a reply: which rule says so, and with -c which sessions get it;
    `-` reads one, or a trace or log that holds one, from standard input.

    Names are taken in any case and as unique beginnings.

    Example: relaysim explain "CRM Application" --principal "ANONYMOUS LOGON"
    """
    targets = parse_outputs(outputs, "explain")
    _refuse_mixtures(connector, principal, group, right, finding)
    page = _page(connector, finding, config)
    if page is not None:
        write_result("explain", page, targets, color)
        return ANSWERED
    asked = _reply(connector, config, exchange, server)
    if asked is not None:
        text, organization = asked
        with working("looking for sessions"):
            answer = answer_reply(
                text,
                organization,
                source=config,
                among=_clients(ips, behind),
                auth=auth,
                ports=tuple(port for each in ports for port in each),
                sender=sender,
                recipient=recipient,
                exchange=exchange,
            )
        write_result("reply", answer, targets, color)
        return ANSWERED
    held = held_configuration()
    source = config or (held.source if held else default_source(os.environ))
    script = is_script(source) and not (held and not config)
    if held and not config:
        refuse_fresh(held.source, None if group or right else exchange, None)
        organization = narrowed(held.organization, server)
    elif (group or right) and not script:
        # What a group or a right is, depends on the version alone.
        organization = load_telling(source, server=server)
    else:
        organization = load_telling(source, exchange=exchange, server=server)
    if exchange is not None and (group or right):
        organization = change_server(organization.one_by_one()[0], exchange=exchange)
    with working("looking at every entry"):
        explanation = _explain(source, organization, connector, principal, group, right)
    write_result("explain", explanation, targets, color)
    return ANSWERED


def _page(text: str | None, finding: str | None, config: str | None) -> Explanation | None:
    """Return the page of a finding, a rule or an answer, ``None`` when none is asked for.

    A connector of exactly that name comes first.
    """
    from relaysim.render.pages import page_view as pages

    if finding is not None:
        page = pages.finding_page(finding)
    elif text is None:
        return None
    elif (rule := pages.find_rule(text)) is not None:
        page = pages.rule_page(rule)
    elif (answer := pages.find_answer(text)) is not None:
        page = pages.answer_page(answer)
    else:
        return None
    if finding is None and config is not None and text is not None:
        connectors = (c for s in load_telling(config).servers for c in s.connectors)
        if text.strip().casefold() in (connector.name.casefold() for connector in connectors):
            return None
    return Explanation(pages.page_view(page), partial(pages.page_document, page))


def _clients(ips: tuple[str, ...], behind: Address | None) -> AddressSet | None:
    """Return the clients that the server saw, ``None`` for every one.

    Behind a balancer or NAT it sees one address, which stands for all of them (S-9).
    """
    if behind is None:
        return expected_addresses(",".join(ips), "--ip") if ips else None
    who = ", ".join(ips) or "everybody behind it"
    click.echo(f"note: the server sees {behind}, which stands for {who} (S-9)", err=True)
    return expected_addresses(str(unmap(behind)), "--behind")


def _reply(
    text: str | None, config: str | None, exchange: ExchangeVersion | None, server: str | None
) -> tuple[str, Organization | None] | None:
    """Return a reply and the servers to look for it, ``None`` when no reply was given.

    A connector of exactly that name comes first.
    """
    if text is None or not (text == "-" or is_reply(text)):
        return None
    organization = None
    if config is not None:
        organization = load_telling(config, exchange=exchange, server=server)
        names = {c.name.casefold() for each in organization.servers for c in each.connectors}
        if text.strip().casefold() in names:
            return None
    return reply_text(text), organization


def _refuse_mixtures(
    connector: str | None,
    principal: str | None,
    group: PermissionGroup | None,
    right: Right | None,
    finding: str | None,
) -> None:
    named = [
        name
        for name, value in (
            ("CONNECTOR", connector),
            ("--group", group),
            ("--right", right),
            ("--finding", finding),
        )
        if value is not None
    ]
    if len(named) > 1:
        raise InvalidInput(f"{' and '.join(named)} are different questions, ask one of them")
    if principal is not None and (group is not None or right is not None):
        raise InvalidInput(
            Problem("it goes with a connector, not with --group or --right", where="--principal")
        )


def _explain(
    source: str,
    organization: Organization,
    connector: str | None,
    principal: str | None,
    group: PermissionGroup | None,
    right: Right | None,
) -> Explanation:
    if group is not None:
        kinds = {(server.exchange, server.role) for server in organization.servers}
        if len(kinds) == 1:
            organization = organization.one_by_one()[0]
        where = (group, organization.exchange, organization.role, organization.domain)
        return Explanation(explained.group_view(*where), partial(explained.group_document, *where))
    if right is not None:
        return Explanation(
            explained.right_view(source, organization, right),
            partial(explained.right_document, source, organization, right),
        )
    if connector is not None:
        organization = organization.on(find_place(organization, connector)[0].name)
    principals = holdings.configured_principals(organization)
    if principal is not None:
        principals = (_find_principal(organization, principal, principals),)
    if connector is None:
        found = holdings.holdings(organization, principals)
        view = holdings.overview(source, organization, found)
    else:
        chosen = find_connector(organization, connector)
        found = holdings.holdings(organization, principals, chosen)
        view = explained.connector_view(source, organization, chosen, found)
    document = partial(holdings.connectors_document, source, organization, found)
    return Explanation(view, document)


def _find_principal(
    organization: Organization, text: str, known: tuple[Principal, ...]
) -> Principal:
    exact = parse_principal(text, organization.domain)
    if exact in known:
        return exact
    folded = text.strip().casefold()
    matches = [
        principal
        for principal in known
        if folded
        and (
            principal.key.startswith(folded) or principal.key.rpartition("\\")[2].startswith(folded)
        )
    ]
    if len(matches) == 1:
        return matches[0]
    names = [principal.name for principal in known]
    if matches:
        hint = "one of " + ", ".join(f"`{principal.name}`" for principal in matches)
        message = f"`{text}` is the beginning of several principals"
    else:
        near = closest(text, [*names, *(name.rpartition("\\")[2] for name in names)])
        hint = f"did you mean `{near}`? " if near else ""
        hint += f"principals here: {', '.join(names)}"
        message = f"no entry names the principal `{text}`"
    raise UnknownName(Problem(message, where="--principal", hint=hint))
