"""The rules of the model as data: the same words as the page that states them."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["RULES_FILE", "StatedRule", "stated_rules"]

RULES_FILE = Path(__file__).with_name("rules.tsv")
"""Id, answer, words, grade and sources of each rule, one a line; made of the page of rules."""


class StatedRule(NamedTuple):
    """One rule as it is stated.

    Attributes:
        id: Its id.
        subject: What it is about, or empty.
        text: The rule.
        grade: How sure it is.
        sources: Ids of ``docs/sources.md``.
    """

    id: str
    subject: str
    text: str
    grade: str
    sources: str


@cache
def stated_rules() -> dict[str, StatedRule]:
    """Return every rule by its id, in the order of the page."""
    found = {}
    for line in RULES_FILE.read_text("utf-8").splitlines():
        rule = StatedRule(*line.split("\t"))
        found[rule.id] = rule
    return found
