"""Documents that somebody pasted among other lines: JSON, CLIXML and what ConvertTo-Xml writes."""

import re
from collections.abc import Iterator

from relaysim.errors import InvalidConfiguration
from relaysim.importers.records import OutputContext, ReadingNote, Record

__all__ = ["Embedded"]

_JSON = re.compile(r"\s*(?:\[\s*(?:\{|$)|\{\s*(?:\"|$))")
_XML = re.compile(r"\s*(?:<\?xml\b[^>]*\?>\s*(?:$|<Obj(?:s|ects)\b)|<Obj(?:s|ects)\b)")
_ENDS = ("</Objs>", "</Objects>")
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"")
_TELLING = ("RemoteIPRanges", "PermissionGroups", "ExtendedRights", "DomainType")
_MOST_LINES = 200_000
"""A longer document is a file of its own."""


class Embedded:
    """One document among the lines of a text.

    Attributes:
        first: The line it begins in.
        lines: Its lines so far.
    """

    __slots__ = ("_depth", "_is_xml", "first", "lines")

    def __init__(self, line: str, number: int, *, is_xml: bool) -> None:
        self.first = number
        self.lines: list[str] = []
        self._is_xml = is_xml
        self._depth = 0
        self.take(line)

    @classmethod
    def begun_by(cls, line: str, number: int) -> "Embedded | None":
        """Return the document that a line begins, ``None`` when it begins none."""
        if _JSON.match(line):
            return cls(line, number, is_xml=False)
        return cls(line, number, is_xml=True) if _XML.match(line) else None

    @property
    def is_whole(self) -> bool:
        """Whether its last line was taken."""
        if self._is_xml:
            return any(end in self.lines[-1] for end in _ENDS)
        return self._depth <= 0

    @property
    def is_too_long(self) -> bool:
        """Whether it is none, or one that nobody pastes."""
        return len(self.lines) > _MOST_LINES

    def take(self, line: str) -> None:
        """Take the next line."""
        self.lines.append(line)
        if not self._is_xml:
            bare = _STRING.sub("", line)
            self._depth += bare.count("{") + bare.count("[") - bare.count("}") - bare.count("]")

    def records(
        self, file: str, notes: list[ReadingNote], context: OutputContext
    ) -> list[Record] | None:
        """Return the objects in it, ``None`` when it is no document.

        One that cannot be read although it speaks of our objects is said.
        """
        try:
            return list(self._read(file, notes, context))
        except InvalidConfiguration as error:
            if any(name in line for line in self.lines for name in _TELLING):
                problem = error.problems[0]
                message = f"a document that begins here cannot be read: it {problem.message}"
                notes.append(ReadingNote("partial-object", message, file, self.first))
            return None

    def _read(
        self, file: str, notes: list[ReadingNote], context: OutputContext
    ) -> Iterator[Record]:
        text = "\n".join(self.lines)
        if not self._is_xml:
            from relaysim.importers.formats.json_export import read_json

            return read_json(text, file, notes, context, first=self.first)
        # Empty lines take the place of those above, so that places are right.
        text = "\n" * (self.first - 1) + text
        text = re.sub(r"<\?xml[^>]*\?>", "", text, count=1)
        if "<Objects" in text:
            from relaysim.importers.formats.xml_export import read_xml

            return read_xml((text,), file, context)
        from relaysim.importers.formats.clixml import read_clixml

        return read_clixml((text,), file, context)
