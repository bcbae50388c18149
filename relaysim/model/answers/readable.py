"""A decision for somebody who reads it in a notebook or prints it: text, and HTML of the same."""

from collections.abc import Sequence
from enum import Enum
from html import escape
from typing import Any, Protocol

from relaysim.errors import printable
from relaysim.model.answers.missing import Missing, Undecided
from relaysim.model.connector import ReceiveConnector
from relaysim.model.session import Session

__all__ = ["answer_html", "decision_html", "decision_text"]


class ReadableAnswer(Protocol):
    """An answer, as far as it is shown."""

    @property
    def answer(self) -> bool | None: ...
    @property
    def denied(self) -> bool: ...
    @property
    def because(self) -> Enum: ...
    @property
    def rule(self) -> str: ...
    @property
    def right(self) -> Enum | None: ...


class ReadableRefusal(Protocol):
    """A refusal, as far as it is shown."""

    @property
    def stage(self) -> Enum: ...
    @property
    def reply(self) -> str | None: ...


class ReadableAnswers(Protocol):
    """The answers by their names."""

    def _asdict(self) -> dict[str, Any]: ...


class ReadableDecision(Protocol):
    """A decision, as far as it is shown."""

    @property
    def session(self) -> Session: ...
    @property
    def connector(self) -> ReceiveConnector | None: ...
    @property
    def undecided(self) -> Undecided | None: ...
    @property
    def refusal(self) -> ReadableRefusal | None: ...
    @property
    def missing(self) -> Sequence[Missing]: ...
    @property
    def answers(self) -> ReadableAnswers: ...


_WORDS = {True: "yes", False: "no", None: "undecided"}


def decision_text(decision: ReadableDecision) -> str:
    """Return who answers, what is refused first and every answer, one a line."""
    head = [f"{label}: {value}" for label, value in _facts(decision)]
    rows = [f"{name}: {word} ({why})" for name, word, why in _rows(decision)]
    return "\n".join(head + rows)


def decision_html(decision: ReadableDecision) -> str:
    """Return the same as a table; whatever comes from a configuration is escaped."""
    head = "".join(
        f"<tr><th>{escape(label)}</th><td colspan=2>{escape(value)}</td></tr>"
        for label, value in _facts(decision)
    )
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(word)}</td><td>{escape(why)}</td></tr>"
        for name, word, why in _rows(decision)
    )
    return f"<table>{head}{rows}</table>"


def answer_html(answer: ReadableAnswer) -> str:
    """Return one answer with its reason."""
    return f"<b>{_word(answer)}</b> ({escape(_why(answer))})"


def _facts(decision: ReadableDecision) -> list[tuple[str, str]]:
    session, refusal = decision.session, decision.refusal
    client = f"{session.ip} behind {session.behind}" if session.behind else f"{session.ip}"
    found = [("client", f"{client}, auth {session.auth.value}")]
    connector = decision.connector
    found.append(("connector", printable(connector.name) if connector else "none"))
    if decision.undecided is not None:
        found.append(("undecided", printable(decision.undecided.text)))
    if refusal is not None:
        reply = refusal.reply or "the TCP connection is refused"
        found.append(("refused", f"at {refusal.stage.value}: {printable(reply)}"))
    found += [("unknown", printable(missing.fact)) for missing in decision.missing]
    return found


def _rows(decision: ReadableDecision) -> list[tuple[str, str, str]]:
    return [
        (name, _word(answer), _why(answer)) for name, answer in decision.answers._asdict().items()
    ]


def _word(answer: ReadableAnswer) -> str:
    return "denied" if answer.denied else _WORDS[answer.answer]


def _why(answer: ReadableAnswer) -> str:
    right = f", {answer.right.value}" if answer.right is not None else ""
    return f"{answer.because.value}, {answer.rule}{right}"
