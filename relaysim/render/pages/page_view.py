"""One page for a rule, an answer or a finding, as text and as a document."""

from typing import Any, NamedTuple

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.conditions import CONDITIONS
from relaysim.errors import InvalidInput, UnknownName, closest
from relaysim.render.pages.examples import ANSWER_RULES, example_of
from relaysim.render.pages.rules import stated_rules
from relaysim.render.view import Fact, View
from relaysim.smtp.known_replies import KNOWN

__all__ = [
    "Page",
    "answer_page",
    "find_answer",
    "find_rule",
    "finding_page",
    "page_document",
    "page_view",
    "parse_finding",
    "rule_page",
]


_Facts = list[tuple[str, tuple[str, ...]]]


class Page(NamedTuple):
    """What is to be said about one thing.

    Attributes:
        kind: ``rule``, ``answer`` or ``finding``.
        name: Its id.
        title: The first line.
        facts: Labels with their lines, in order.
        example: A command that shows it.
    """

    kind: str
    name: str
    title: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    example: str


def find_rule(text: str) -> str | None:
    """Return the id of the rule that a text names in any case, or ``None``."""
    folded = text.strip().casefold()
    return next((id_ for id_ in stated_rules() if id_.casefold() == folded), None)


def find_answer(text: str) -> str | None:
    """Return the answer that a text names in any spelling, or ``None``.

    >>> find_answer("ResolveP2")
    'resolve_p2'
    """
    folded = "".join(filter(str.isalnum, text.casefold()))
    return next((name for name in ANSWER_RULES if name.replace("_", "") == folded), None)


def parse_finding(text: str) -> str:
    """Return the id of a finding.

    Raises:
        UnknownName: There is none; the message suggests the closest.
    """
    folded = text.strip().casefold().replace("_", "-")
    if folded in RULES:
        return folded
    near = closest(folded, RULES)
    hint = f"did you mean `{near}`? " if near else ""
    error = InvalidInput(f"unknown finding `{text}`", hint=f"{hint}`relaysim audit -v` lists all")
    raise UnknownName(error.problems)


def rule_page(id_: str) -> Page:
    """Return the page of a rule."""
    rule = stated_rules()[id_]
    facts: _Facts = [("text", (rule.text,)), ("grade", (rule.grade,))]
    if rule.sources:
        facts.append(("sources", (rule.sources,)))
    replies = dict.fromkeys(known.reply for known in KNOWN if known.rule == id_)
    if replies:
        facts.append(("replies", tuple(replies)))
    findings = [name for name, found in RULES.items() if f"({id_})" in found.why]
    if findings:
        facts.append(("findings", (", ".join(findings),)))
    title = f"{id_}: {rule.subject}" if rule.subject else id_
    return Page("rule", id_, title, tuple(facts), example_of(id_))


def answer_page(name: str) -> Page:
    """Return the page of an answer."""
    from relaysim.model.rights import RIGHT_FACTS
    from relaysim.suggest.request import RIGHT_FOR

    rule = stated_rules()[ANSWER_RULES[name]]
    facts: _Facts = [("rule", (f"{rule.id}: {rule.text}",)), ("grade", (rule.grade,))]
    right = RIGHT_FOR[name]
    if right is not None:
        known = RIGHT_FACTS[right]
        facts += [("right", (right.value,)), ("with it", (known.meaning,))]
        facts.append(("without it", (known.without,)))
    if rule.sources:
        facts.append(("sources", (rule.sources,)))
    facts.append(("who", (f"relaysim who-can {name}",)))
    words = name.replace("_", " ")
    return Page("answer", name, words, tuple(facts), f"{example_of(rule.id)}")


def finding_page(id_: str) -> Page:
    """Return the page of a finding."""
    rule, condition = RULES[id_], CONDITIONS[id_]
    facts = (
        ("severity", (f"{rule.severity.value} at its worst",)),
        ("when", (condition.when,)),
        ("why", (rule.why,)),
        ("fix", (condition.fix,)),
        ("accept", (f'[[accept]] rule = "{id_}", with connector, reason and until',)),
    )
    return Page("finding", id_, f"{id_}: {rule.title}", facts, "relaysim audit -v")


def page_view(page: Page) -> View:
    """Return the view of a page."""
    above = tuple(Fact(label, lines) for label, lines in page.facts)
    return View(page.title, "strong", above, (), (Fact("example", (page.example,)),))


def page_document(page: Page) -> dict[str, Any]:
    """Return the ``relaysim.explain/1`` document of a page."""
    return {
        "format": "relaysim.explain/1",
        page.kind: page.name,
        "title": page.title,
        **{label.replace(" ", "_"): "\n".join(lines) for label, lines in page.facts},
        "example": page.example,
    }
