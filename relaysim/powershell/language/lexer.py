"""The words of the shell language: blanks, comments, names, numbers and operators.

PowerShell reads in two modes: in an *expression* ``a-b`` is a subtraction, in a *command* it is
one word. The parser knows which mode it is in, so it asks this reader for what may stand at the
current place instead of receiving a finished list of tokens. Every method moves forward only and
looks at each character a bounded number of times: reading is linear in the text.

Windows PowerShell 5.1 is the reference (its typographic dashes and quotes included). The four
single quotes U+2018 to U+201B and the three double quotes U+201C to U+201E count as quotes;
U+201F does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.language.source import Place

if TYPE_CHECKING:
    from relaysim.errors import InvalidScript
    from relaysim.powershell.language.source import Source

__all__ = [
    "BLANKS",
    "DASHES",
    "DOUBLE_QUOTES",
    "ENDS_WORD",
    "MAX_NESTING",
    "MAX_SCRIPT_CHARACTERS",
    "NUMBER",
    "PARAMETER",
    "PLAIN_WORD",
    "SINGLE_QUOTES",
    "TYPE_NAME",
    "VARIABLE",
    "Lexer",
    "is_plain_word",
]

MAX_SCRIPT_CHARACTERS = 8 * 1024 * 1024
"""A longer script is refused before it is read."""

MAX_NESTING = 100
"""Brackets, blocks, prefixes and member chains inside one another; deeper text is refused."""

SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES = '"\u201c\u201d\u201e'
DASHES = "-\u2013\u2014\u2015"

BLANKS = " \t\v\f\u0085\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
BLANKS += "\u202f\u205f\u3000\ufeff"
"""Characters that separate words; a byte order mark may stand where files were joined."""

_SKIP = rf"[{BLANKS}]+|`(?:\r\n?|\n)|#[^\r\n]*|<#(?s:.*?)#>"
_BLANKS = pattern(rf"(?:{_SKIP})*")
_BLANKS_AND_LINES = pattern(rf"(?:{_SKIP}|[\r\n]+)*")
_SEPARATORS = pattern(rf"(?:{_SKIP}|[\r\n;]+)*")
_REQUIRES = pattern(r"<#(?s:.*?)#>|(?P<line>#requires(?P<rest>[^\r\n]*))|#[^\r\n]*", re.IGNORECASE)
_REQUIRES_FORM = pattern(
    r"(?:\s+-(?:runasadministrator|\w+\s+[^\s-]\S*(?:\s*,\s*\S+)*))*\s*", re.IGNORECASE
)
_REQUIRED = pattern(r"\s-(\w+)(?:\s+([^\s-]\S*))?")
_REQUIREMENTS = (
    "version", "modules", "pssnapin", "shellid", "assembly", "psedition", "runasadministrator",
)  # fmt: skip
_VERSION = pattern(r"\d{1,9}(?:\.\d{1,9}){0,3}")
ENDS_WORD = rf"{BLANKS}\r\n{{}}();,|&"
"""What ends an unquoted word: a sign of redirection inside one does not."""

PLAIN_WORD = pattern(
    rf"(?![1-6*]?>)[^{ENDS_WORD}{SINGLE_QUOTES}{DOUBLE_QUOTES}`$@#<](?:[^{ENDS_WORD}{SINGLE_QUOTES}"
    rf"{DOUBLE_QUOTES}`$])*(?=[{ENDS_WORD}]|`[\r\n])"
)
"""A whole unquoted word without anything to expand; what ends it is not part of the match."""

PARAMETER = pattern(
    rf"[{DASHES}]([^\W\d][^{ENDS_WORD}{SINGLE_QUOTES}{DOUBLE_QUOTES}`$.\[:]*|\?)(:?)"
)
VARIABLE = pattern(
    r"\$(?:\{(?P<braced>(?:[^}`]|`[^\r\n])+)\}|(?:(?P<scope>\w+):(?!:))?(?P<name>[\w?]+))"
)
NUMBER = pattern(
    r"(?:0[xX][0-9A-Fa-f]+|(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)[lLdD]?"
    r"(?:[kKmMgGtTpP][bB])?(?![\w`])",
    re.ASCII,
)
TYPE_NAME = pattern(r"\[[ \t]*([^\W\d][\w.+]*(?:\[[\w.,+ \t]*\])*)[ \t]*\]")


def is_plain_word(text: str) -> bool:
    """Tell whether ``text`` written without quotes is one argument with exactly that text."""
    match = PLAIN_WORD.match(text + "\n")
    return (
        match is not None
        and match.end() == len(text)
        and PARAMETER.match(text) is None
        and not text.startswith("--%")
    )


def _is_requirement(text: str) -> bool:
    """Tell whether what stands behind ``#requires`` is in a form that PowerShell reads."""
    if not _REQUIRES_FORM.fullmatch(text):
        return False
    for name, value in _REQUIRED.findall(text):
        known = [one for one in _REQUIREMENTS if one.startswith(name.casefold())]
        if not known or (known[0] == "runasadministrator" and value):
            return False
        if known == ["version"] and not _VERSION.fullmatch(value):
            return False
    return True


class Lexer:
    """A place in a script, and what may be read there.

    Attributes:
        source: The script.
        text: Its text with one line break added, so that ``text[pos]`` always exists.
        pos: The offset of the next character.
        end: The length of the script.
        depth: How many constructs enclose the place.
        in_finally: Whether a block of ``finally`` encloses the place.
        quoted: How many double-quoted texts enclose the place.
        requires: Whether the text has ``#requires`` anywhere.
        commas: Whether a comma joins operands here; not so inside the arguments of a call.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text + "\n"
        self.end = len(source.text)
        self.pos = 0
        self.depth = 0
        self.commas = True
        self.in_finally = False
        self.quoted = 0
        self.requires = "#requires" in source.text.casefold()
        if self.end > MAX_SCRIPT_CHARACTERS:
            raise source.error(
                f"the script is too long ({self.end} characters, at most {MAX_SCRIPT_CHARACTERS})",
                0,
            )

    def error(
        self, message: str, at: int | None = None, *, hint: str | None = None, refused: bool = False
    ) -> InvalidScript:
        """Return an error that points at ``at``, or at the current place.

        Args:
            message: What is wrong.
            at: The place.
            hint: Advice.
            refused: It is PowerShell, and only this subset does not take it.
        """
        offset = self.pos if at is None else at
        return self.source.error(message, min(offset, self.end), hint=hint, refused=refused)

    def place(self, start: int) -> Place:
        """Return the place of what began at ``start`` and ends here."""
        return Place(start, self.pos)

    def enter(self) -> None:
        """Go one level deeper, or refuse."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.error(f"nested too deeply (more than {MAX_NESTING} levels)")

    def skip(self) -> None:
        """Skip blanks, comments and continued lines."""
        match = _BLANKS.match(self.text, self.pos)
        if match is not None:
            self._skipped(match)
        if self.text[self.pos] == "<" and self.text.startswith("<#", self.pos):
            raise self.error("the comment `<#` is never closed", hint="close it with `#>`")

    def skip_lines(self) -> None:
        """Skip blanks, comments and line breaks."""
        match = _BLANKS_AND_LINES.match(self.text, self.pos)
        if match is not None:
            self._skipped(match)
        if self.text[self.pos] == "<":
            self.skip()

    def skip_separators(self) -> None:
        """Skip blanks, comments, line breaks and semicolons."""
        match = _SEPARATORS.match(self.text, self.pos)
        if match is not None:
            self._skipped(match)
        if self.text[self.pos] == "<":
            self.skip()

    def _skipped(self, match: re.Match[str]) -> None:
        """Go behind what separates words; a comment that begins ``#requires`` has a form."""
        if match.end() > self.end and self.text[self.end - 1 : self.end] == "`":
            line = re.split(r"[\r\n]", self.text[match.start() : self.end])[-1]
            if "#" not in line:
                raise self.error("a backtick at the end of the script continues nothing", self.end)
        if self.requires:
            for one in _REQUIRES.finditer(self.text, match.start(), match.end()):
                rest = one.group("rest")
                if rest is not None and not _is_requirement(rest):
                    raise self.error(
                        "`#requires` is not in a form that PowerShell reads",
                        one.start("line"),
                        hint="write a blank behind the `#` for a plain comment",
                    )
        self.pos = min(match.end(), self.end)

    def at_end(self) -> bool:
        """Tell whether the whole script has been read."""
        return self.pos >= self.end

    def shown(self) -> str:
        """Return what stands at the current place, for a message."""
        if self.pos >= self.end:
            return "the end of the script"
        char = self.text[self.pos]
        if char in "\r\n":
            return "the end of the line"
        match = PLAIN_WORD.match(self.text, self.pos)
        word = char if match is None else match.group()
        return f"`{word[:40]}`"

    def expect(self, char: str, construct: str, opened_at: int) -> None:
        """Read ``char``, or say which construct is not closed and where it began."""
        if self.text[self.pos] == char and self.pos < self.end:
            self.pos += 1
            return
        opened = self.source.position(opened_at)
        last = len(self.text[: self.pos].rstrip())
        if char in ")]" and self.source.position(last).line < self.source.position(self.pos).line:
            # The line that lacks it is the one to mend, not the next one that has something.
            raise self.error(
                f"the {construct} opened at line {opened.line}, column {opened.column} "
                f"is never closed: `{char}` is missing",
                last,
            )
        if self.at_end():
            raise self.error(f"the {construct} is never closed: `{char}` is missing", opened_at)
        raise self.unexpected(
            f"expected `{char}` for the {construct} opened at line {opened.line}, "
            f"column {opened.column}"
        )

    def require_more(self, construct: str, opened_at: int) -> None:
        """Refuse a construct behind whose opening the script ends."""
        if self.at_end():
            raise self.error(f"the {construct} is never closed", opened_at)

    def unexpected(self, expectation: str) -> InvalidScript:
        """Return the error for what stands at the current place."""
        char = self.text[self.pos]
        if char == "`" and re.match(rf"`[{BLANKS}]+[\r\n]", self.text[self.pos : self.pos + 200]):
            return self.error(
                "a backtick before blanks is no line continuation",
                hint="remove the blanks between the backtick and the line end",
            )
        return self.error(f"{expectation}, got {self.shown()}")
