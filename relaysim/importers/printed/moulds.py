"""Printed lists of which most is the same in all objects: only what differs is looked at.

What one object showed makes a mould for those behind it: the labels of the properties that tell one
connector from another, and the runs of lines between them, which most objects have alike. A run is
looked up as one text. An object that does not fit is read line by line, as if there were no mould.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from relaysim.importers.printed.known_lines import KnownLines, joined
from relaysim.importers.records import Value, is_token_list
from relaysim.importers.shared_values import Layout, SharedValues, is_own

__all__ = ["Mould", "PlainList"]

_MOST_RUNS = 256
_MOST_MERGED = 4096
_MANY = 16
"""A property with more values than this in the runs of a mould is none that objects share."""


class PlainList(NamedTuple):
    """What a plain list shows.

    Attributes:
        values: Its properties.
        lines: How far below its first line each of them begins.
        width: The columns that its longest value takes.
    """

    values: Mapping[str, Value]
    lines: dict[str, int]
    width: int


class _LineRun:
    """What the lines of one run show; told from others by identity.

    Attributes:
        values: Its properties.
        width: The columns that its longest value takes.
        below: How many lines it has, and how far below its first each property begins.
    """

    __slots__ = ("below", "values", "width")

    def __init__(self, text: str, shown: PlainList) -> None:
        self.values = dict(shown.values)
        self.width = shown.width
        self.below = (text.count("\n"), *shown.lines.values())


class _Place(NamedTuple):
    """A property that each object has its own value of, and the run of lines above it.

    Attributes:
        name: The property.
        label: What its line begins with, the line break before included.
        behind: What the next line begins with, empty behind the last one.
        above: The names of the properties in the run, in order.
        runs: The runs that are known, by their text; ``None`` for one of other properties.
    """

    name: str
    label: str
    behind: str
    above: tuple[str, ...]
    runs: dict[str, _LineRun | None]


class Mould:
    """Reads objects that are laid out as one before them.

    Args:
        order: The names of the properties in the order of the text.
        labels: What the line of each begins with, its colon included.
        known: The lines that are known of lists with this column.
        read: Reads a run of lines as a list, ``None`` for anything else.
    """

    def __init__(
        self,
        order: tuple[str, ...],
        labels: tuple[str, ...],
        known: KnownLines,
        read: Callable[[str], PlainList | None],
    ) -> None:
        self.order = order
        self.column = known.column
        self._labels, self._known, self._read = labels, known, read
        self._own = {name for name in order if is_own(name)}
        self._indent = " " * (len(labels[0]) + 1)
        self._places: list[_Place] = []
        self._merged: dict[tuple[_LineRun, ...], dict[str, Value]] = {}
        self._layouts: dict[tuple[int | tuple[int, ...], ...], dict[str, int]] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        """Cut the properties into those of each object and the runs between them."""
        self._places = []
        above: list[str] = []
        begins = ["\n" + label for label in self._labels] + [""]
        for at, name in enumerate(self.order):
            if name in self._own:
                self._places.append(_Place(name, begins[at], begins[at + 1], tuple(above), {}))
                above = []
            else:
                above.append(name)
        self._layout = Layout.of(self.order, [place.name for place in self._places])
        self._last = tuple(above)
        self._last_runs: dict[str, _LineRun | None] = {}
        self._merged.clear()
        self._layouts.clear()

    def read(self, text: str) -> PlainList | None:
        """Return what a list shows, ``None`` when it does not fit."""
        text = "\n" + text
        place = width = 0
        own: list[Value] = []
        layout = self._layout
        runs: list[_LineRun] = []
        below: list[int | tuple[int, ...]] = []
        for name, label, behind, above, known in self._places:
            begin = text.find(label, place)
            if begin < 0:
                return None
            if above or begin != place:
                part = text[place:begin]
                run = known[part] if part in known else self._run(part, above, known)
                if run is None:
                    return None
                runs.append(run)
                below.append(run.below)
                width = max(width, run.width)
            begin += len(label)
            place = text.find(behind, begin) if behind else len(text)
            shown = text[begin:place]
            if place < 0 or shown[:1] not in ("", " "):
                return None
            if "\n" in shown:
                told = self._further(name, shown)
                if told is None:
                    return None
                shown, count, wide = told
            else:
                shown, count, wide = shown[1:], 1, len(shown) - 1
            width = max(width, wide)
            below.append(count)
            own.append(self._known.value(name, shown.strip()))
        if place < len(text) or self._last:
            part, known = text[place:], self._last_runs
            run = known[part] if part in known else self._run(part, self._last, known)
            if run is None:
                return None
            runs.append(run)
            below.append(run.below)
            width = max(width, run.width)
        return PlainList(
            SharedValues(layout, tuple(own), self._shared(tuple(runs))), self._below(below), width
        )

    def _further(self, name: str, shown: str) -> tuple[str, int, int] | None:
        """Return the text of a list of several lines, how many they are, and the width of them."""
        count = shown.count("\n")
        if shown.count("\n" + self._indent) != count or not is_token_list(name):
            return None
        pieces = shown.split("\n" + self._indent)
        pieces[0] = pieces[0][1:]
        text = joined(pieces)
        return None if text is None else (text, count + 1, max(map(len, pieces)))

    def _run(
        self, text: str, names: tuple[str, ...], known: dict[str, _LineRun | None]
    ) -> _LineRun | None:
        """Return what a run that is not known yet shows, ``None`` for other properties."""
        shown = self._read(text[1:]) if text else None
        fits = shown is not None and tuple(shown.values) == names
        if len(known) >= _MOST_RUNS:
            self._take_out(known)
        known[text] = found = _LineRun(text, shown) if shown is not None and fits else None
        return found

    def _take_out(self, known: dict[str, _LineRun | None]) -> None:
        """Make own properties of those of which a run has too many values."""
        values: dict[str, set[Value]] = {}
        for run in filter(None, known.values()):
            for name, value in run.values.items():
                values.setdefault(name, set()).add(value)
        many = {name for name, each in values.items() if len(each) > _MANY}
        known.clear()
        if many:
            self._own |= many
            self._lay_out()

    def _shared(self, runs: tuple[_LineRun, ...]) -> dict[str, Value]:
        """Return the values of all runs of one object, one dictionary for the same runs."""
        found = self._merged.get(runs)
        if found is None:
            if len(self._merged) >= _MOST_MERGED:
                self._merged.clear()
            found = self._merged[runs] = {}
            for run in runs:
                found.update(run.values)
        return found

    def _below(self, parts: list[int | tuple[int, ...]]) -> dict[str, int]:
        """Return how far below the first line each property begins, one value for one layout.

        Args:
            parts: For each run what is told of it, for each property of the object its lines.
        """
        key = tuple(parts)
        found = self._layouts.get(key)
        if found is None:
            if len(self._layouts) >= _MOST_RUNS:
                self._layouts.clear()
            begins: list[int] = []
            number = 0
            for part in parts:
                count, *within = part if isinstance(part, tuple) else (part, 0)
                begins += [number + place for place in within]
                number += count
            found = self._layouts[key] = dict(zip(self.order, begins, strict=True))
        return found
