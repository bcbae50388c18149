"""What long runs of the fuzz tests found, a line for each parser and seed."""

import sys
from pathlib import Path
from typing import NamedTuple

__all__ = ["Watched", "add", "held", "table"]


class Watched(NamedTuple):
    """What was measured of a parser.

    Attributes:
        inputs: How many inputs it was given.
        answered: How many of them it read; inputs that are read together count together.
        slowest: Seconds of the slowest.
        grown: Megabytes by which the process has grown.
    """

    inputs: int = 0
    answered: int = 0
    slowest: float = 0.0
    grown: int = 0

    def with_(self, other: "Watched") -> "Watched":
        """Return the figures of two runs together.

        >>> Watched(5, 1, 0.5, 20).with_(Watched(7, 2, 0.1, 30))
        Watched(inputs=12, answered=3, slowest=0.5, grown=30)
        """
        return Watched(
            self.inputs + other.inputs,
            self.answered + other.answered,
            max(self.slowest, other.slowest),
            max(self.grown, other.grown),
        )


def add(file: str, parser: str, seed: str, found: Watched) -> None:
    """Add the line of a parser that held."""
    with Path(file).open("a", encoding="utf-8") as record:
        record.write("\t".join((parser, seed, *map(str, found))) + "\n")


def held(file: str) -> dict[tuple[str, str], Watched]:
    """Return what a record holds, by parser and seed."""
    if not Path(file).exists():
        return {}
    found: dict[tuple[str, str], Watched] = {}
    for line in Path(file).read_text("utf-8").splitlines():
        parser, seed, inputs, answered, slowest, grown = line.split("\t")
        one = Watched(int(inputs), int(answered), float(slowest), int(grown))
        # Of two runs with one seed the longer began with the inputs of the other.
        found[parser, seed] = max(one, found.get((parser, seed), one))
    return found


def table(file: str) -> str:
    """Return the figures of each parser, all seeds together."""
    whole: dict[str, Watched] = {}
    for (parser, _), found in held(file).items():
        whole[parser] = whole.get(parser, Watched()).with_(found)
    lines = ["| parser | inputs | read | slowest | growth |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {parser} | {one.inputs:,} | {one.answered:,} | {one.slowest:.3f} s | {one.grown} MB |"
        for parser, one in sorted(whole.items())
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(sys.argv[1]))
