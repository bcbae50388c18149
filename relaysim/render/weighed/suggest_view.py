"""Plans as text and as one JSON document: script, way back, what is given away, how to check."""

import json
import shlex
from typing import Any, NamedTuple

from relaysim.analysis.compare.change import ChangeKind, PowerChange
from relaysim.config.source import Configuration
from relaysim.config.toml_text import format_value
from relaysim.errors import InvalidInput, printable
from relaysim.powershell.language.writing import quote
from relaysim.render.places import (
    configuration_document,
    naming_options,
    source_words,
    spot_words,
    tls_phrase,
)
from relaysim.render.power_lines import alike
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.weighed.audit_view import range_words
from relaysim.render.weighed.fixes import command_text
from relaysim.scenario.power import written_changes
from relaysim.suggest.request import Plan, PlanRequest

__all__ = [
    "SuggestAnswer",
    "plan_document",
    "plan_grid",
    "script_of",
    "suggest_document",
    "suggest_view",
]


class SuggestAnswer(NamedTuple):
    """What was found.

    Attributes:
        configuration: The configuration, of one server.
        request: What is wanted.
        met: It is so already.
        plans: Plans, best first; empty when nothing can be done, or need be.
        why: Why there is no plan, or empty.
    """

    configuration: Configuration
    request: PlanRequest
    met: bool
    plans: tuple[Plan, ...]
    why: str = ""


def script_of(plan: Plan, *, back: bool = False) -> str:
    """Return the script of a plan, or of its way back: pure ASCII, safe to run twice.

    Raises:
        InvalidInput: A name cannot be written in a script.
    """
    head = "what undoes it" if back else plan.title.replace("`", "")
    lines = [f"# {_ascii(head)}", "# Add -WhatIf to a command to see what it would do."]
    for pipeline in plan.rollback if back else plan.pipelines:
        text = " | ".join(map(command_text, pipeline))
        first = pipeline[0]
        if first.name == "New-ReceiveConnector":
            values = dict(first.arguments)
            identity = quote(f"{values['Server']}\\{values['Name']}")
            exists = f"Get-ReceiveConnector {identity} -ErrorAction SilentlyContinue"
            lines.append(f"if (-not ({exists})) {{")
            lines += [f"    {text}", "}"]
        else:
            lines.append(text)
    return "\n".join(lines) + "\n"


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")


def _checks(answer: SuggestAnswer) -> list[str]:
    """Return the command that checks a plan, one for each server where there are several."""
    servers, check = answer.configuration.organization.servers, _check(answer)
    if len(servers) == 1:
        return [check]
    return [f"{check} --server {shlex.quote(each.name)}" for each in servers]


def _check(answer: SuggestAnswer) -> str:
    request, session = answer.request, answer.request.sessions()[0]
    words = ["relaysim", "check", "--ip", str(session.ip)]
    if request.port != 25:
        words += ["--port", str(request.port)]
    if request.mail_from is not None:
        words += ["--from", request.mail_from]
    if request.rcpt_to is not None:
        words += ["--to", request.rcpt_to]
    if request.auth.value != "none":
        words += ["--auth", request.auth.value]
    if request.tls:
        words.append("--tls")
    for name in request.answers:
        words += ["--expect", f"{name}={'yes' if request.wanted else 'no'}"]
    if not answer.configuration.is_builtin:
        words += naming_options(answer.configuration)
    return shlex.join(words)


def _scenario(answer: SuggestAnswer, plan: Plan) -> str:
    """Return a scenario file: what the plan does to power, and that it gives what is wanted."""
    widened = format_value(written_changes("widened", plan.comparison))
    return (
        f"format = 1\n{_server_line(answer.configuration)}\n"
        f'[[step]]\nname   = "the plan: leave this step away once it is done"\n'
        f"expect = {{ widened = {widened} }}\n"
        f"run    = {_long_text(script_of(plan))}\n"
        f"\n{_planned_step(answer)}"
    )


def _server_line(configuration: Configuration) -> str:
    """Return the line of a scenario that names the server: a server file beside it."""
    source, exchange = configuration.source, configuration.exchange
    if configuration.is_builtin:
        source += "" if exchange is None else f"-{exchange.value.lower()}"
        return f"server = {format_value(source)}\n"
    told = "" if exchange is None else f'exchange = "{exchange.value}" there'
    name = source.replace("\\", "/").rpartition("/")[2]
    if not source.casefold().endswith(".toml"):
        made = shlex.join(["relaysim", "import", source, "-o", "toml:relaysim.toml"])
        name, told = "relaysim.toml", "; ".join(filter(None, (made, told)))
    return f"server = {format_value(name)}" + (f"  # {printable(told)}\n" if told else "\n")


def _long_text(text: str) -> str:
    return format_value(text) if "'''" in text else f"'''\n{text}'''"


def _planned_step(answer: SuggestAnswer) -> str:
    request, servers = answer.request, answer.configuration.organization.servers
    ranges = ", ".join(f'"{interval}"' for interval in request.addresses)
    value = "true" if request.wanted else "false"
    facts = ", ".join(f"{name} = {value}" for name in request.answers)
    tls = ", tls = true" if request.tls else ""
    if request.mail_from is not None:
        tls += f", from = {format_value(request.mail_from)}"
    if request.rcpt_to is not None:
        tls += f", to = {format_value(request.rcpt_to)}"
    if request.is_about_a_mail:
        facts += ', refused_at = "none"'
    if len(servers) > 1:
        tls += f", server = [{', '.join(json.dumps(each.name) for each in servers)}]"
    return (
        '[[step]]\nname   = "as it was planned"\n'
        f"check  = {{ ip = [{ranges}], port = {request.port}, "
        f'auth = "{request.auth.value}"{tls} }}\n'
        f"expect = {{ {facts} }}\n"
    )


def _beyond(plan: Plan) -> list[str]:
    return [
        f"{who} from {range_words(change.addresses)} on "
        f"{spot_words(change.spots, plan.comparison.spots)}, {tls_phrase(change.tls)}: {what}"
        for change, who, what in alike(plan.beyond, _given)
    ]


def _given(change: PowerChange, rights: list[str]) -> str:
    return ", ".join(rights) if change.kind is ChangeKind.WIDENED else "cannot be told"


def _lacks(plan: Plan) -> str:
    return ", ".join(name.replace("_", " ") for name in plan.lacks) or "nothing"


def suggest_view(answer: SuggestAnswer) -> View:
    """Return the view: a plan after the other, each with its script."""
    request = answer.request
    what = " and ".join(name.replace("_", " ") for name in request.answers)
    who = range_words(request.addresses)
    if request.is_about_a_mail:
        mail = (("from", request.mail_from), ("to", request.rcpt_to))
        what = " ".join(["send", *(f"{word} <{text}>" for word, text in mail if text is not None)])
    above = [Fact("server", (source_words(answer.configuration),))]
    may = "may" if request.wanted else "may not"
    if answer.met:
        return View(f"nothing to do: {who} {may} {what} already", "good", tuple(above))
    if not answer.plans:
        return View(f"no plan: {answer.why}", "warn", tuple(above))
    grids = [
        plan_grid(number, plan, wanted=request.wanted)
        for number, plan in enumerate(answer.plans, 1)
    ]
    some = "plan" if len(answer.plans) == 1 else "plans"
    verdict = f"{len(answer.plans)} {some} so that {who} {may} {what}"
    below = (
        Fact("check", tuple(_checks(answer))),
        Fact("scenario", tuple(_scenario(answer, answer.plans[0]).splitlines())),
    )
    return View(verdict, "strong", tuple(above), tuple(grids), below)


def plan_grid(number: int, plan: Plan, *, wanted: bool = True) -> Grid:
    """Return a plan as a grid: what to do, what undoes it, what it gives beyond the need.

    Args:
        number: Its place.
        plan: The plan.
        wanted: Somebody asked for something, so that what is not given is to be said.
    """
    rows = [("do" if not i else "", line) for i, line in enumerate(_lines(plan, back=False))]
    rows += [("undo" if not i else "", line) for i, line in enumerate(_lines(plan, back=True))]
    beyond = _beyond(plan)
    rows += [
        ("gives beyond" if not place else "", text)
        for place, text in enumerate(beyond or ["nothing"])
    ]
    if wanted:
        rows.append(("does not give", _lacks(plan)))
    if plan.remark:
        rows.append(("remark", plan.remark))
    return Grid(
        ("", ""),
        tuple((TableCell(label, "dim"), cell(text)) for label, text in rows),
        fold=(1,),
        title=f"plan {number}: {cell(plan.title).text}",
    )


def _lines(plan: Plan, *, back: bool) -> list[str]:
    try:
        return [line for line in script_of(plan, back=back).splitlines() if line[:1] != "#"]
    except InvalidInput as error:
        return [str(error)]


def suggest_document(answer: SuggestAnswer) -> dict[str, Any]:
    """Return the ``relaysim.suggest/1`` document."""
    request = answer.request
    return {
        "format": "relaysim.suggest/1",
        "configuration": configuration_document(answer.configuration),
        "wanted": {
            "ranges": [str(interval) for interval in request.addresses],
            "answers": list(request.answers),
            "give": request.wanted,
            "auth": request.auth.value,
            "port": request.port,
            "from": request.mail_from,
            "to": request.rcpt_to,
        },
        "met": answer.met,
        "why": answer.why or None,
        "plans": [
            {
                **plan_document(plan),
                "check": "\n".join(_checks(answer)),
                "scenario": _scenario(answer, plan),
            }
            for plan in answer.plans
        ],
    }


def plan_document(plan: Plan) -> dict[str, Any]:
    """Return a plan as it stands in a document."""
    return {
        "title": plan.title,
        "changes": ["\n".join(_lines(plan, back=False))],
        "script": script_of(plan),
        "rollback": script_of(plan, back=True),
        "gives_beyond": _beyond(plan),
        "cost": plan.cost,
        "does_not_give": list(plan.lacks),
        "remark": plan.remark or None,
    }
