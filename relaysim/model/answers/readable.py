"""A decision for somebody who reads it in a notebook or prints it: text, and HTML of the same."""

from html import escape
from typing import TYPE_CHECKING

from relaysim.errors import printable

if TYPE_CHECKING:
    from relaysim.model.decision import Answer, Decision

__all__ = ["answer_html", "decision_html", "decision_text"]

_WORDS = {True: "yes", False: "no", None: "undecided"}


def decision_text(decision: "Decision") -> str:
    """Return who answers, what is refused first and every answer, one a line."""
    head = [f"{label}: {value}" for label, value in _facts(decision)]
    rows = [f"{name}: {word} ({why})" for name, word, why in _rows(decision)]
    return "\n".join(head + rows)


def decision_html(decision: "Decision") -> str:
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


def answer_html(answer: "Answer") -> str:
    """Return one answer with its reason."""
    return f"<b>{_word(answer)}</b> ({escape(_why(answer))})"


def _facts(decision: "Decision") -> list[tuple[str, str]]:
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


def _rows(decision: "Decision") -> list[tuple[str, str, str]]:
    return [
        (name, _word(answer), _why(answer)) for name, answer in decision.answers._asdict().items()
    ]


def _word(answer: "Answer") -> str:
    return "denied" if answer.denied else _WORDS[answer.answer]


def _why(answer: "Answer") -> str:
    right = f", {answer.right.value}" if answer.right is not None else ""
    return f"{answer.because.value}, {answer.rule}{right}"
