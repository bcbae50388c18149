"""Programs of the whole subset, made from a seed by the rules of ``grammar.txt``."""

import random
import re
from pathlib import Path

__all__ = ["program"]

GRAMMAR = Path(__file__).parent.parent / "data" / "powershell" / "grammar.txt"
DEPTH = 7
"""How deep rules stand in rules; below it, what grows is not chosen any more."""

BEGIN = (
    "$a = 5; $b = 'text'; $n = 3; $s = 'Hello'; $l = 1,2,3; $h = [ordered]@{a=1;b='x'}; "
    "$o = [pscustomobject]@{Name='EX01';N=2}"
)
"""What every program begins with: variables of several kinds."""


def _rules():
    """Return the rules by name: what each may become."""
    rules: dict[str, list[str]] = {}
    name = ""
    for line in GRAMMAR.read_text("utf-8").splitlines():
        if line.startswith("    "):
            rules[name].append(line[4:])
        elif line and not line.startswith("#"):
            name = line
            rules[name] = []
    return rules


RULES = _rules()
HOLE = re.compile(rf"<({'|'.join(map(re.escape, RULES))})>")
PLAIN = {
    name: [one for one in choices if not HOLE.search(one)] or choices
    for name, choices in RULES.items()
}


def _expanded(text, draw, depth):
    def replace(match):
        rules = RULES if depth < DEPTH else PLAIN
        return _expanded(draw.choice(rules[match.group(1)]), draw, depth + 1)

    return HOLE.sub(replace, text)


def program(seed):
    """Return the program of a seed: the same one each time."""
    draw = random.Random(f"program {seed}")  # noqa: S311 - to repeat, not to keep secret
    lines = [_expanded("<stmt>", draw, 0) for _ in range(draw.choice((1, 1, 2, 3, 4)))]
    return "\n".join([BEGIN, *lines])
