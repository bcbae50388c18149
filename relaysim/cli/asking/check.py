"""``relaysim check``: what one client may do, and why."""

import os
import sys
from typing import Any

import click

from relaysim.cli.diagnostics import load_each, load_telling
from relaysim.cli.exits import ANSWERED, EXPECTATION_FAILED, INVALID_INPUT
from relaysim.cli.options.facts import fact_options, session_of
from relaysim.cli.options.output import (
    output_option,
    parse_outputs,
    style_for,
    text_of,
    write_out,
)
from relaysim.cli.options.params import (
    color_option,
    config_option,
    fresh_options,
    held_configuration,
)
from relaysim.config.source import Configuration, default_source, is_script, narrowed, refuse_fresh
from relaysim.engine.decide import evaluate
from relaysim.errors import InvalidInput, Problem, closest, printable
from relaysim.model.decision import Answers, Decision
from relaysim.model.session import Session
from relaysim.model.version import ExchangeVersion
from relaysim.render.answers.check_answer import CheckAnswer

__all__ = ["command"]

_ACCEPTED = "accepted"
_WIDE = 110
"""Columns from which on the whole table of a check stands beside itself."""


@click.command(name="check")
@fact_options()
@click.option(
    "--transcript",
    type=click.Choice(["smtp", "log"]),
    is_flag=False,
    flag_value="smtp",
    help="Print the SMTP dialogue instead: as telnet shows it, or (=log) as a protocol log.",
)
@click.option("--headers", metavar="FILE", help="Tell which of these headers the message keeps.")
@config_option(multiple=True)
@fresh_options()
@output_option("check")
@color_option()
@click.option("--all", "everything", is_flag=True, help="On a small terminal too, all there is.")
@click.option(
    "--expect",
    "expectations",
    multiple=True,
    metavar="QUESTION=yes|no|denied",
    help="Fail (exit 1) unless this is the answer, e.g. relay=no. Repeatable.",
)
def command(
    transcript: str | None,
    headers: str | None,
    config: tuple[str, ...],
    exchange: ExchangeVersion | None,
    server: str | None,
    outputs: tuple[str, ...],
    color: str,
    everything: bool,  # noqa: FBT001
    expectations: tuple[str, ...],
    **facts: Any,  # noqa: ANN401  # the fields of a session
) -> int:
    """Answer what one client may do: submit, relay, bypass anti-spam, have its P2 resolved.

    Example: relaysim check --ip 192.168.2.55 --auth none
    """
    session = session_of(facts)
    wanted = [_parse_expectation(text) for text in expectations]
    targets = parse_outputs(outputs, "check")
    if transcript is not None and all(target.format != "text" for target in targets):
        raise InvalidInput(
            Problem(
                "it goes with text output",
                where="--transcript",
                hint="add `-o text`, or leave one of the two out",
            )
        )
    configurations = _configurations(config, exchange, server)
    decisions = [evaluate(each.organization, session) for each in configurations]
    told = _tell(configurations, session, transcript, headers)
    for target in targets:
        is_text = target.format == "text"
        width = style_for(target, color).width
        narrow = width is not None and width < _WIDE
        answer = CheckAnswer(configurations, decisions, brief=narrow and not everything)
        text = "" if is_text and transcript else text_of("check", answer, target, color)
        write_out(target, text + told if is_text else text)
    undecided = _complain_undecided(configurations, decisions)
    failed = _complain_expectations(configurations, decisions, wanted)
    if undecided:
        return INVALID_INPUT
    return EXPECTATION_FAILED if failed else ANSWERED


def _configurations(
    named: tuple[str, ...], exchange: ExchangeVersion | None, server: str | None
) -> list[Configuration]:
    held = held_configuration()
    if held is not None and not named:
        refuse_fresh(held.source, exchange, None)
        return [Configuration(held.source, narrowed(held.organization, server))]
    sources = named or (default_source(os.environ),)
    scripts = [source for source in sources if is_script(source)]
    if not scripts and len(sources) > 1:
        return load_each(sources, exchange=exchange, server=server)
    return [
        Configuration(
            source,
            # Beside a script, a configuration with a version of its own is only compared.
            load_telling(source, exchange=exchange, server=server)
            if is_script(source) or not scripts
            else load_telling(source),
        )
        for source in sources
    ]


def _parse_expectation(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    name = name.strip().lower().replace("-", "_")
    value = value.strip().lower()
    names = (*Answers._fields, _ACCEPTED)
    matches = [field for field in names if field == name] or [
        field for field in names if name and field.startswith(name)
    ]
    if len(matches) != 1:
        near = closest(name, names)
        raise InvalidInput(
            Problem(
                f"unknown question `{name}`" if not matches else f"`{name}` is not unique",
                where="--expect",
                hint=f"did you mean `{near}`?" if near else f"one of {', '.join(names)}",
            )
        )
    if not equals or value not in ("yes", "no", "denied"):
        raise InvalidInput(
            Problem(
                f"`{text}` is no expectation (expected `{matches[0]}=yes|no|denied`)",
                where="--expect",
            )
        )
    return matches[0], value


def _tell(
    configurations: list[Configuration],
    session: Session,
    transcript: str | None,
    headers: str | None,
) -> str:
    """Return the dialogues asked for and the fates of headers, empty when neither is."""
    if transcript is None and headers is None:
        return ""
    from relaysim.cli.asking.transcript import read_headers, transcript_text
    from relaysim.render.answers.transcript import TranscriptStyle

    style = None if transcript is None else TranscriptStyle(transcript)
    given = () if headers is None else read_headers(headers)
    texts = [transcript_text(each.organization, session, style, given) for each in configurations]
    if len(texts) == 1:
        return texts[0]
    named = zip(configurations, texts, strict=True)
    return "".join(f"# {printable(each.source)}\n{text}" for each, text in named)


def _complain_undecided(configurations: list[Configuration], decisions: list[Decision]) -> bool:
    found = False
    for configuration, decision in zip(configurations, decisions, strict=True):
        undecided = decision.undecided
        if undecided is None:
            continue
        found = True
        ask = f"add `{undecided.fact}`" if undecided.fact.startswith("--") else undecided.fact
        print(  # noqa: T201
            printable(
                f"error: {configuration.source}: the question cannot be answered: "
                f"{undecided.text} ({undecided.rule}); {ask}"
            ),
            file=sys.stderr,
        )
        for option in undecided.options:
            print(f"hint: {printable(option)}", file=sys.stderr)  # noqa: T201
    return found


def _complain_expectations(
    configurations: list[Configuration],
    decisions: list[Decision],
    wanted: list[tuple[str, str]],
) -> bool:
    failed = False
    for configuration, decision in zip(configurations, decisions, strict=True):
        for name, expected in wanted:
            actual, reason = _actual(decision, name)
            if actual == expected or (expected == "no" and actual == "denied"):
                continue
            failed = True
            print(  # noqa: T201
                printable(
                    f"failed: {configuration.source}: {name}: expected {expected}, "
                    f"actual {actual}: {reason}"
                ),
                file=sys.stderr,
            )
    return failed


def _actual(decision: Decision, name: str) -> tuple[str, str]:
    from relaysim.render.answers.check_view import refusal_words
    from relaysim.render.wording import answer_word, decided_by

    if name == _ACCEPTED:
        return "no" if decision.refusal else "yes", f"refused {refusal_words(decision)}"
    answer = getattr(decision.answers, name)
    right = f"{answer.right.value}, " if answer.right else ""
    return answer_word(answer), f"{right}{decided_by(decision, answer)} ({answer.rule})"
