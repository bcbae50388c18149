"""The view of a check: one decision, or several side by side."""

from collections.abc import Iterator, Sequence

from relaysim.config.source import Configuration
from relaysim.engine.certificates import CLOUD_MAIL
from relaysim.engine.outcome import relay_reply
from relaysim.model.connector import AuthMechanism, ReceiveConnector
from relaysim.model.decision import Answer, Decision, Reason, ServerAnswer, Stage
from relaysim.model.organization import Organization, find_server
from relaysim.model.session import AuthKind
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.render.tones import answer_tone
from relaysim.render.view import Fact, Grid, TableCell, View, cell
from relaysim.render.wording import (
    QUESTIONS,
    answer_word,
    auth_words,
    because_words,
    decided_by,
    fact_words,
    lost_words,
    unknown_words,
)

__all__ = [
    "answering",
    "comparison_view",
    "decision_view",
    "group_names",
    "mechanism_names",
    "verdict",
]

_MORE = Fact("more", ("--all: rights, who grants them, binding, mechanisms, who lost",), "dim")
_NO_CONNECTORS = "none: the configuration has no receive connector at all"
_LEFT_OUT = ("  binding", "  mechanisms", "lost")
_USE_OWN = "a built-in example; your own server: -c FILE.toml, or RELAYSIM_CONFIG=FILE.toml"


def decision_view(configuration: Configuration, decision: Decision, *, brief: bool = False) -> View:
    """Return the view of one decision, verdict first.

    Args:
        configuration: Where the organization came from.
        decision: The decision.
        brief: Leave out what a first look does not need, so that it fits a small screen.
    """
    organization = configuration.organization
    rows = _rows(decision)
    grid = Grid(("QUESTION", "ANSWER", "RIGHT", "DECIDED BY", "RULE"), rows, fold=(2, 3))
    if brief:
        rows = tuple((row[0], row[1], row[4]) for row in rows)
        grid = Grid(("QUESTION", "ANSWER", "RULE"), rows)
        return View(
            verdict=f"{_client(decision)}: {verdict(decision)}",
            tone=_tone(decision),
            above=tuple(_brief(_above(configuration, organization, decision), decision)),
            grids=(grid,),
            below=(*_below(organization, decision), _MORE),
        )
    return View(
        verdict=f"{_client(decision)}: {verdict(decision)}",
        tone=_tone(decision),
        above=tuple(_above(configuration, organization, decision)),
        grids=(grid,),
        below=tuple(_below(organization, decision)),
    )


def _brief(facts: list[Fact], decision: Decision) -> Iterator[Fact]:
    """Yield the facts of a first look; the connectors that lost are only counted."""
    for fact in facts:
        if fact.label == "connector" and decision.lost:
            lost = len(decision.lost)
            others = f"{lost} other{'s' if lost > 1 else ''} lost"
            yield fact._replace(lines=(f"{fact.lines[0]} ({others})",))
        elif fact.label == "configuration":
            yield fact._replace(lines=fact.lines[:1])
        elif fact.label not in _LEFT_OUT:
            yield fact


def comparison_view(configurations: Sequence[Configuration], decisions: Sequence[Decision]) -> View:
    """Return the view of several configurations under one question, one column each."""
    rows: list[tuple[TableCell, ...]] = []

    def add(label: str, texts: Sequence[str]) -> None:
        rows.append((cell(label), *(cell(text) for text in texts)))

    add("Connector", [d.connector.name if d.connector else "none" for d in decisions])
    add("Range", [str(d.range) if d.range else "-" for d in decisions])
    for name, label in QUESTIONS.items():
        answers = [getattr(decision.answers, name) for decision in decisions]
        auth = decisions[0].session.auth
        rows.append((cell(label), *(_answer_cell(answer, name, auth) for answer in answers)))
    add("AuthAs", [d.auth_as.value if d.auth_as else "-" for d in decisions])
    add("Refused", [refusal_words(decision) for decision in decisions])
    columns = ("QUESTION", *(configuration.source for configuration in configurations))
    below = []
    for configuration, decision in zip(configurations, decisions, strict=True):
        source = configuration.source
        for assumption in decision.assumptions:
            line = f"{source}: {assumption.rule}: {assumption.text}"
            below.append(Fact("assumed", (line,), "warn"))
        below += [Fact("note", (f"{source}: {n.rule}: {n.text}",), "dim") for n in decision.notes]
    verdicts = [f"{c.source}: {verdict(d)}" for c, d in zip(configurations, decisions, strict=True)]
    above = [Fact("session", (_session_words(decisions[0]),)), Fact("verdict", tuple(verdicts))]
    return View(
        verdict=f"{_client(decisions[0])}: {len(decisions)} configurations side by side",
        tone="strong",
        above=tuple(above),
        grids=(Grid(columns, tuple(rows), fold=tuple(range(1, len(columns))), readable=12),),
        below=tuple(below),
    )


def verdict(decision: Decision) -> str:
    """Return the verdict in one sentence without a final stop."""
    if decision.undecided is not None and decision.connector is None:
        return f"undecided, {decision.undecided.text}"
    answers = decision.answers
    if decision.refusal is not None and decision.refusal.stage in (
        Stage.CONNECT,
        Stage.STARTTLS,
        Stage.AUTH,
    ):
        return f"refused, {because_words(decision.refusal.because)}"
    if answers.submit.answer is None:
        return "undecided whether it may submit mail at all"
    if not answers.submit.answer:
        return f"may not submit mail at all ({because_words(answers.submit.because)})"
    relay, bypass, p2 = answers.relay, answers.bypass_anti_spam, answers.resolve_p2
    parts = [
        _either(
            relay, "may relay", "may submit but NOT relay", "may submit, undecided whether relay"
        ),
        _either(
            bypass,
            "bypasses anti-spam",
            "does not bypass anti-spam",
            "undecided whether it bypasses anti-spam",
        ),
        _either(p2, "P2 is resolved", "P2 is not resolved", "undecided whether P2 is resolved"),
    ]
    refused = _refused_message(decision)
    return ", ".join([refused, *parts] if refused else parts)


def _refused_message(decision: Decision) -> str:
    """Return how the message that was asked about is refused, ``""`` when it is not."""
    refusal, asked = decision.refusal, decision.session
    if refusal is None or refusal.reply is None:
        return ""
    message = (asked.mail_from, asked.header_from, asked.size, asked.rcpt_to or None)
    if refusal.because is not Reason.NO_BACK_END and all(part is None for part in message):
        return ""
    return f"refused at {refusal.stage.value}: {refusal.reply.removesuffix('.')}"


def _either(answer: Answer, yes: str, no: str, undecided: str) -> str:
    if answer.answer is None:
        return undecided
    return yes if answer.answer else no


def refusal_words(decision: Decision) -> str:
    """Return stage and reply of the refusal in one line."""
    refusal = decision.refusal
    if refusal is None:
        return "undecided" if decision.undecided or _hangs(decision, "refusal") else "no"
    reply = refusal.reply or "the TCP connection is refused"
    recipient = f" ({refusal.recipient})" if refusal.recipient else ""
    return f"at {refusal.stage.value}{recipient}: {reply}"


def group_names(organization: Organization, connector: ReceiveConnector) -> list[str]:
    """Return the permission groups Exchange would show, ``Custom`` last, ``None`` alone."""
    groups, custom = organization.groups_of(connector)
    names = [group.value for group in groups] + (["Custom"] if custom else [])
    return names or ["None"]


def mechanism_names(connector: ReceiveConnector) -> list[str]:
    """Return the authentication mechanisms in Exchange's order, ``None`` alone."""
    names = [m.value for m in AuthMechanism if m in connector.auth_mechanism]
    return names or ["None"]


def _client(decision: Decision) -> str:
    session = decision.session
    client = f"{session.ip} behind {session.behind}" if session.behind else f"{session.ip}"
    return f"{client}, {auth_words(session)}"


def _tone(decision: Decision) -> str:
    if decision.undecided is not None:
        return "warn"
    relay = decision.answers.relay.answer
    tone = answer_tone("relay", answer=relay, auth=decision.session.auth)
    return tone if tone in ("good", "bad", "warn") else "strong"


def _session_words(decision: Decision) -> str:
    session = decision.session
    place = (
        f"{session.local_ip} port {session.port}" if session.local_ip else f"port {session.port}"
    )
    client = f"{session.ip} behind {session.behind}" if session.behind else f"{session.ip}"
    parts = [f"{client} to {place}", f"auth {session.auth.value}"]
    parts.append("TLS" if session.tls else "no TLS")
    parts += fact_words(session)
    return ", ".join(parts)


def _above(
    configuration: Configuration, organization: Organization, decision: Decision
) -> list[Fact]:
    only = answering(organization, decision)
    edge = only is not None and only.role is ServerRole.EDGE
    version = organization.versions_text if only is None else only.version_text
    lines = [f"{configuration.source} (Exchange {version}{', Edge' if edge else ''})"]
    if configuration.is_builtin:
        lines.append(_USE_OWN)
    facts = [Fact("configuration", tuple(lines)), Fact("session", (_session_words(decision),))]
    connector = decision.connector
    if decision.servers:
        facts.append(
            Fact(
                "servers" if len(decision.servers) > 1 else "server",
                tuple(_server_words(one) for one in decision.servers),
            )
        )
    if connector is None or only is None:
        none = "none" if any(s.connectors for s in organization.servers) else _NO_CONNECTORS
        facts.append(Fact("connector", (none,), "strong"))
    else:
        facts.append(Fact("connector", (connector.name,), "strong"))
        if decision.range is not None:
            size = f"{decision.range.size:,} address" + ("" if decision.range.size == 1 else "es")
            facts.append(Fact("  range", (f"{decision.range} ({size})",)))
        if decision.binding is not None:
            facts.append(Fact("  binding", (str(decision.binding),)))
        facts.append(Fact("  groups", (", ".join(group_names(only, connector)),)))
        facts.append(Fact("  mechanisms", (", ".join(mechanism_names(connector)),)))
    lost = [f"{item.name}: {lost_words(item)}" for item in decision.lost]
    if lost:
        facts.append(Fact("lost", tuple(lost), "dim"))
    if decision.principals:
        facts.append(Fact("identity", tuple(p.name for p in decision.principals)))
    if decision.auth_as is not None:
        facts.append(Fact("AuthAs", (decision.auth_as.value,)))
    elif _hangs(decision, "auth_as"):
        facts.append(Fact("AuthAs", ("undecided",), "warn"))
    return facts


def answering(organization: Organization, decision: Decision) -> Organization | None:
    """Return the organization of the server that the decision is about, ``None`` if unknown."""
    if len(organization.servers) == 1:
        return organization
    return organization.on(decision.servers[0].server) if decision.servers else None


def _server_words(one: ServerAnswer) -> str:
    return f"{one.server}: {one.connector or 'no connector'}"


def _answer_cell(answer: Answer, name: str, auth: AuthKind) -> TableCell:
    tone = answer_tone(name, answer=answer.answer, auth=auth)
    return TableCell(answer_word(answer), tone)


def _rows(decision: Decision) -> tuple[tuple[TableCell, ...], ...]:
    if len(set(decision.answers)) == 1:
        # The session ends before MAIL FROM: eleven equal rows would say no more than one.
        return (_row(decision, "submit", "Everything", decision.answers.submit),)
    return tuple(
        _row(decision, name, QUESTIONS[name], answer)
        for name, answer in decision.answers._asdict().items()
    )


def _row(decision: Decision, name: str, label: str, answer: Answer) -> tuple[TableCell, ...]:
    return (
        cell(label),
        _answer_cell(answer, name, decision.session.auth),
        cell(answer.right.value if answer.right else "-"),
        cell(decided_by(decision, answer)),
        cell(answer.rule, "dim"),
    )


def _below(organization: Organization, decision: Decision) -> list[Fact]:
    facts = []
    refusal = decision.refusal
    if refusal is not None:
        facts.append(Fact("refused", (refusal_words(decision),), "strong"))
        right = f", needs {refusal.right.value}" if refusal.right else ""
        facts.append(Fact("", (f"{because_words(refusal.because)}{right} ({refusal.rule})",)))
    elif _would_not_relay(decision):
        said = _relay_replies(organization, decision)
        reply = f"a recipient outside the accepted domains is refused at RCPT TO: {said} ({'O-2'})"
        facts.append(Fact("refused", (reply,), "strong"))
    elif _hangs(decision, "refusal"):
        facts.append(Fact("accepted", ("undecided",), "warn"))
    elif decision.session.rcpt_to and decision.undecided is None:
        facts.append(Fact("accepted", ("nothing that was asked about is refused",), "strong"))
    facts += [Fact("unknown", (words,), "warn") for words in unknown_words(decision.missing)]
    if decision.undecided is not None and decision.connector is not None:
        facts.append(Fact("undecided", (f"{decision.undecided.text} ({'O-7'})",), "warn"))
    facts += [Fact("assumed", (f"{a.rule}: {a.text}",), "warn") for a in decision.assumptions]
    facts += [Fact("note", (f"{note.rule}: {note.text}",), "dim") for note in decision.notes]
    names = ""
    if decision.connector is not None:
        names = ", ".join(name for name, _ in decision.connector.unmodelled if name != CLOUD_MAIL)
    if names:
        facts.append(Fact("unmodelled", (f"read but not used by any rule: {names}",), "dim"))
    return facts


def _relay_replies(organization: Organization, decision: Decision) -> str:
    """Return how relaying is refused in the words of every version that answers."""
    names = [one.server for one in decision.servers] or [organization.servers[0].name]
    versions = [find_server(organization, name).exchange for name in names]
    replies = [
        relay_reply(version)
        for each in versions
        for version in ((each,) if each is not None else ExchangeVersion)
    ]
    return " or ".join(dict.fromkeys(replies))


def _hangs(decision: Decision, name: str) -> bool:
    """Tell whether something hangs on a fact that is not known."""
    return any(name in missing.affects for missing in decision.missing)


def _would_not_relay(decision: Decision) -> bool:
    return (
        not decision.session.rcpt_to
        and decision.answers.submit.answer is True
        and decision.answers.relay.answer is False
        and decision.answers.relay.because is not Reason.UNDECIDED
    )
