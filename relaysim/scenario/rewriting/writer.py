"""Scenarios as files, the inverse of :mod:`relaysim.scenario.reading.decode`."""

from collections.abc import Callable
from typing import Any, assert_never

from relaysim.config.toml_text import format_pairs, format_value
from relaysim.config.writer import (
    accepted_domain_item,
    account_table,
    connector_table,
    format_server_tables,
    server_table,
)
from relaysim.model.facts.catalogue import FACTS
from relaysim.model.facts.values import plain_fact
from relaysim.model.organization import Organization
from relaysim.model.rights import Right
from relaysim.model.session import default_of
from relaysim.scenario.reading.allowance import written_power
from relaysim.scenario.reading.schema import (
    AceChange,
    Change,
    Check,
    CheckQuestion,
    Expectation,
    PowerExpectation,
    Run,
    Scenario,
    Step,
)

__all__ = ["format_scenario", "scenario_table"]


def format_scenario(scenario: Scenario) -> str:
    """Return the text of a scenario file.

    Reading it back gives an equal scenario, but for the order of entries on a connector, which
    never matters.
    """
    table = scenario_table(scenario)
    server = table.pop("server")
    steps = table.pop("step")
    if isinstance(server, str):
        table["server"] = server
    lines = format_pairs(table)
    if not isinstance(server, str):
        lines += ["", *format_server_tables(server, "server.")]
    for step in steps:
        lines += ["", "[[step]]"]
        lines += [f"{key} = {format_value(value)}" for key, value in step.items()]
    return "\n".join(lines) + "\n"


def scenario_table(scenario: Scenario) -> dict[str, Any]:
    """Return the tables of a scenario file as TOML would be decoded."""
    table: dict[str, Any] = {"format": 1}
    if scenario.title:
        table["title"] = scenario.title
    if scenario.skip is not None:
        table["skip"] = scenario.skip
    organization = scenario.organization
    table["server"] = scenario.server or server_table(organization)
    table["step"] = [_step(step, organization) for step in scenario.steps]
    return table


def _step(step: Step, organization: Organization) -> dict[str, Any]:
    table: dict[str, Any] = {"name": step.name}
    if step.source:
        table["source"] = list(step.source)
    if step.known_gap is not None:
        table["known_gap"] = step.known_gap
    if step.skip is not None:
        table["skip"] = step.skip
    match step.action:
        case Check(question=question, expect=expect):
            table["check"] = _question(question)
            if expect is not None:
                table["expect"] = _expectation(expect)
        case Run(text=text, expect=wanted, real=real):
            table["run"] = text
            if real:
                table["engine"] = "powershell"
            if wanted is not None:
                table["expect"] = {"error": wanted.error}
        case Change():
            table["set"] = _change(step.action, organization)
        case _:
            assert_never(step.action)
    if step.power is not None:
        table["expect"] = table.get("expect", {}) | _power(step.power)
    return table


def _power(power: PowerExpectation) -> dict[str, Any]:
    return {key: written_power(wanted) for key, wanted in power.facts}


def _question(question: CheckQuestion) -> dict[str, Any]:
    table: dict[str, Any] = {"ip": _addresses(question)}
    if question.excluded:
        table["except"] = [str(entry) for entry in question.excluded]
    for fact in FACTS:
        several = _SEVERAL.get(fact.name)
        if several is not None:
            written = several(question)
        else:
            value = getattr(question.shared, fact.name)
            written = None if value == default_of(fact.name) else plain_fact(fact, value)
        if written is not None:
            table[fact.document_key] = written
    if question.server is not None:
        table["server"] = list(question.server) or "any"
    return table


def _addresses(question: CheckQuestion) -> object:
    return [str(entry) for entry in question.ip] or "any"


def _states(question: CheckQuestion) -> object:
    if question.tls is None:
        return None
    return "any" if len(question.tls) > 1 else question.tls[0]


def _ports(question: CheckQuestion) -> object:
    return None if question.port is None else list(question.port) or "any"


def _locals(question: CheckQuestion) -> object:
    if question.local_ip is None:
        return None
    return [str(address) for address in question.local_ip] or "any"


_SEVERAL: dict[str, Callable[[CheckQuestion], object]] = {
    "ip": _addresses,
    "auth": lambda question: [kind.value for kind in question.auth],
    "mail_from": lambda question: list(question.mail_from) or None,
    "rcpt_to": lambda question: [list(message) for message in question.rcpt_to] or None,
    "tls": _states,
    "port": _ports,
    "local_ip": _locals,
    "behind": lambda question: question.behind and str(question.behind),
}
"""Facts that a question itself has; ``None`` where it says nothing. The others are shared ones."""


def _expectation(expect: Expectation) -> dict[str, Any]:
    table: dict[str, Any] = dict(expect.facts)
    if expect.reply is not None:
        table["reply"] = expect.reply
    if expect.rights is not None:
        table["rights"] = _names(expect.rights)
    for key, rights in (("has", expect.has), ("lacks", expect.lacks)):
        if rights:
            table[key] = _names(rights)
    if expect.permission_groups is not None:
        table["permission_groups"] = sorted(expect.permission_groups)
    for key, words in (("because", expect.because), ("assumes", expect.assumes)):
        if words:
            table[key] = list(words)
    return table


def _change(change: Change, organization: Organization) -> dict[str, Any]:
    table: dict[str, Any] = {}
    if change.connector:
        table["connector"] = [connector_table(c, organization) for c in change.connector]
    if change.change:
        table["change"] = [{**patch.table, "name": patch.connector} for patch in change.change]
    if change.remove_connector:
        table["remove_connector"] = list(change.remove_connector)
    for key, entries in (("remove_ace", change.remove_ace), ("add_ace", change.add_ace)):
        if entries:
            table[key] = [_ace(entry) for entry in entries]
    if change.accepted_domains is not None:
        table["accepted_domains"] = [accepted_domain_item(d) for d in change.accepted_domains]
    if change.account:
        table["account"] = [account_table(account) for account in change.account]
    if change.server is not None:
        table["server"] = change.server
    return table


def _ace(entry: AceChange) -> dict[str, Any]:
    table: dict[str, Any] = {
        "connector": entry.connector,
        "user": entry.principal.name,
        "rights": [right.value for right in entry.rights],
    }
    if entry.deny:
        table["deny"] = True
    return table


def _names(rights: frozenset[Right]) -> list[str]:
    return [right.value for right in Right if right in rights]
