"""The words of a scenario's results: questions, differences, the engine's reasons, the re-run."""

import re
import sys

from relaysim.config.toml_text import format_value
from relaysim.model.decision import Answers, Decision, Rejected
from relaysim.model.rights import right_named
from relaysim.net.addrset import AddressSet
from relaysim.render.wording import (
    answer_word,
    because_words,
    decided_by,
    fact_words,
    grant_source,
    lost_words,
)
from relaysim.scenario.reading.schema import CheckQuestion, CheckShape, Scenario
from relaysim.scenario.results import Breach, Difference

__all__ = [
    "address_words",
    "count_words",
    "difference_rows",
    "place_words",
    "question_words",
    "reason_lines",
    "rerun_command",
    "shape_words",
]

_SHOWN = 20


def question_words(question: CheckQuestion) -> str:
    """Return a ``check`` in one line: addresses first, then the session."""
    parts = [", ".join(map(str, question.ip)) or "any"]
    if question.excluded:
        parts[0] += " except " + ", ".join(map(str, question.excluded))
    parts.append("auth " + " or ".join(kind.value for kind in question.auth))
    if question.shared.user is not None:
        parts.append(f"user {question.shared.user}")
    if question.shared.groups:
        parts.append("groups " + ", ".join(question.shared.groups))
    parts += _place_parts(question)
    parts += fact_words(question.shared)
    if question.mail_from:
        parts.append("from " + " or ".join(f"<{sender}>" for sender in question.mail_from))
    if question.rcpt_to:
        messages = (", ".join(f"<{one}>" for one in message) for message in question.rcpt_to)
        parts.append("to " + " or ".join(messages))
    return ", ".join(parts)


def shape_words(shape: CheckShape) -> str:
    """Return one combination of a question: authentication, sender and recipients."""
    parts = [f"auth {shape.auth.value}"]
    if shape.mail_from is not None:
        parts.append(f"from <{shape.mail_from}>")
    if shape.rcpt_to:
        parts.append("to " + ", ".join(f"<{one}>" for one in shape.rcpt_to))
    return ", ".join(parts)


def place_words(breach: Breach) -> str:
    """Return on which endpoint and in which TLS states a check fails."""
    shape = breach.shape
    place = f"port {shape.port}"
    if shape.local_ip is not None:
        # The any-address stands for the local addresses that nobody is bound to by itself.
        local = "any other local address" if shape.local_ip.value == 0 else f"{shape.local_ip}"
        place = f"{local} port {shape.port}"
    if shape.server is not None:
        place = f"{shape.server} {place}"
    if len(breach.tls) > 1:
        return f"{place} with and without TLS"
    return f"{place}{' with TLS' if breach.tls[0] else ''}"


def _place_parts(question: CheckQuestion) -> list[str]:
    parts = [] if question.behind is None else [f"behind {question.behind}"]
    if question.tls is not None and question.tls != (False,):
        parts.append("with and without TLS" if len(question.tls) > 1 else "TLS")
    if question.tls == (False,) and question.is_about_everybody:
        parts.append("no TLS")
    if question.port is not None and (question.port != (25,) or question.is_about_everybody):
        ports = ", ".join(map(str, question.port))
        parts.append(f"port {ports}" if ports else "any port")
    if question.local_ip is not None:
        where = ", ".join(map(str, question.local_ip))
        parts.append(f"to local address {where}" if where else "to any local address")
    if question.server is not None:
        servers = ", ".join(question.server)
        parts.append(f"on {servers}" if servers else "on every server")
    return parts


def address_words(addresses: AddressSet, *, shown: int = _SHOWN) -> str:
    """Return the ranges of a set, and how many addresses they are.

    >>> from relaysim.net.interval import Interval
    >>> address_words(AddressSet([Interval(4, 1, 4)]))
    '0.0.0.1-0.0.0.4 (4 addresses)'
    """
    ranges = [str(interval) for interval in addresses.intervals[:shown]]
    more = len(addresses.intervals) - shown
    if more > 0:
        ranges.append(f"and {more:,} more ranges (all of them: -o json)")
    return f"{', '.join(ranges)} ({count_words(addresses.size, 'address', 'addresses')})"


def count_words(count: int, one: str, many: str) -> str:
    """Return a count with its noun; huge ones are rounded to a power of two."""
    if count == 1:
        return f"1 {one}"
    if count < 1 << 40:
        return f"{count:,} {many}"
    from math import log2

    return f"about 2^{round(log2(count))} {many}"


def difference_rows(difference: Difference) -> list[tuple[str, str]]:
    """Return labelled lines: expected before actual, sets as a signed difference."""
    key = difference.key
    rows = []
    if key in ("rights", "has", "lacks", "permission_groups"):
        label = "groups" if key == "permission_groups" else key
        rows += [(label, f"- {name}") for name in difference.missing]
        rows += [(label, f"+ {name}") for name in difference.extra]
        return rows
    if key in ("because", "assumes"):
        expected, actual = difference.expected, difference.actual
    else:
        expected, actual = _toml(difference.expected), _toml(difference.actual)
    return [("expected", f"{key} = {expected}"), ("actual", f"{key} = {actual}")]


def _toml(text: str) -> str:
    return text if text in ("true", "false") else format_value(text)


def reason_lines(breach: Breach) -> list[str]:
    """Return why the engine answered as it did, for everything that is not met."""
    lines: list[str] = []
    for difference in breach.differences:
        lines += _reasons(breach.decision, difference)
    return list(dict.fromkeys(lines))


def _reasons(decision: Decision, difference: Difference) -> list[str]:
    key = difference.key
    if key in Answers._fields:
        return [_answer_reason(decision, key)]
    if key == "connector":
        return _connector_reasons(decision, difference.expected)
    if key in ("reply", "refused_at", "undecided"):
        return _refusal_reasons(decision)
    if key == "auth_as":
        answer = decision.answers.resolve_p2
        names = ", ".join(principal.name for principal in decision.principals) or "nobody"
        return [f"auth_as: the session is {names}; {decided_by(decision, answer)} (O-5)"]
    if key in ("rights", "has", "lacks"):
        return _right_reasons(decision, difference)
    if key == "permission_groups":
        return ["permission_groups: a group is shown while its principals hold its rights (G-3)"]
    if key == "because":
        return [_answer_reason(decision, name) for name in Answers._fields[:2]]
    return []


def _answer_reason(decision: Decision, key: str) -> str:
    answer = getattr(decision.answers, key)
    right = f"{answer.right.value}: " if answer.right is not None else ""
    words = f"{key}: {answer_word(answer)}, {right}{decided_by(decision, answer)} ({answer.rule})"
    where = f" on `{decision.connector.name}`" if decision.connector is not None else ""
    return words + where


def _connector_reasons(decision: Decision, expected: str) -> list[str]:
    lines = []
    if decision.connector is None:
        lines += _refusal_reasons(decision)
    else:
        found = decision.range
        size = count_words(found.size, "address", "addresses") if found is not None else ""
        name = decision.connector.name
        lines.append(f"connector: `{name}` answers with the range {found} ({size}) (S-3)")
    for lost in decision.lost:
        if lost.name.casefold() == expected.casefold():
            lines.append(f"connector: `{lost.name}` does not: {_lost(lost)}")
    return lines


def _lost(lost: Rejected) -> str:
    return lost_words(lost)


def _refusal_reasons(decision: Decision) -> list[str]:
    refusal = decision.refusal
    if decision.undecided is not None:
        return [f"undecided: {decision.undecided.text} ({decision.undecided.rule})"]
    if refusal is None:
        return ["refused_at: nothing that was asked about is refused"]
    right = f", needs {refusal.right.value}" if refusal.right is not None else ""
    words = f"{because_words(refusal.because)}{right} ({refusal.rule})"
    return [f"refused_at: {refusal.stage.value}: {words}"]


def _right_reasons(decision: Decision, difference: Difference) -> list[str]:
    lines = []
    grants = {grant.right: grant for grant in decision.rights}
    for name in (*difference.missing, *difference.extra):
        right = right_named(name)
        grant = grants.get(right) if right is not None else None
        if grant is None:
            lines.append(f"{name}: this version of Exchange does not know it")
        else:
            lines.append(f"{name}: {grant_source(grant)}")
    return lines


_BARE = re.compile(r"[A-Za-z0-9./][A-Za-z0-9._/:-]*")
_QUOTED = re.compile(r"[A-Za-z0-9 ./(][A-Za-z0-9 ._,:;/()@=+'-]*")


def rerun_command(scenario: Scenario, index: int, *, strict: bool = False) -> str:
    """Return the command that runs one step again, in words that every shell takes alike.

    sh, PowerShell and cmd read the same text in double quotes as long as it has none of the
    characters that mean something in one of them. A name that has is left out for its number;
    where the file's name has, or the number is another step's name, no command is offered.

    Args:
        scenario: The file.
        index: The step's place in it, from 0.
        strict: Whether the run was strict.
    """
    file, number = scenario.file, str(index + 1)
    if sys.platform == "win32":
        file = file.replace("\\", "/")
    path = _shell_word(f"./{file}" if file.startswith("-") else file)
    names = [step.name for step in scenario.steps]
    step = _shell_word(names[index])
    if path is None or (step is None and number in names):
        return f"step {number} of {file}"
    return f"relaysim test {path} --step {step or number}" + (" --strict" if strict else "")


def _shell_word(text: str) -> str | None:
    if _BARE.fullmatch(text):
        return text
    return f'"{text}"' if _QUOTED.fullmatch(text) else None
