"""Strict reading of decoded TOML tables: every problem is collected, nothing is guessed.

Shared by server files and scenario files.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from relaysim.config.toml.plain import MOST_PARTS, read_plain, too_long_key
from relaysim.config.toml.positions import Path, key_lines, line_of
from relaysim.errors import InvalidInput, Problem, closest

__all__ = ["Problems", "Table", "read_toml"]

T = TypeVar("T")

_TYPE_NAMES = {
    str: "a string",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


_MOST_SUGGESTED = 100
_TEXTS = {str}
_CUT = frozenset({"...", "\N{HORIZONTAL ELLIPSIS}"})
_LONG = re.compile(r"[0-9][0-9_]{4000}").search


def read_toml(data: bytes, *, file: str) -> tuple[str, dict[str, Any]]:
    """Return the text and the tables of a TOML document.

    Raises:
        InvalidInput: Neither UTF-8 nor UTF-16, empty, or not TOML; with file and line.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem("neither UTF-8 nor UTF-16 text", file=file, line=line)
        raise InvalidInput(problem) from None
    if not text.strip():
        raise InvalidInput(Problem("the file is empty", file=file))
    plain = read_plain(text)
    return text, _read_any(text, file) if plain is None else plain


def _read_any(text: str, file: str) -> dict[str, Any]:
    """Return the tables of any TOML document, or raise what is wrong with it."""
    import tomllib

    place = too_long_key(text)
    if place is not None:
        line = text.count("\n", 0, place) + 1
        raise InvalidInput(Problem(f"a key of more than {MOST_PARTS} parts", file=file, line=line))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, line_number = _split_position(str(error), text)
        problem = Problem(f"not valid TOML: {message}", file=file, line=line_number)
        raise InvalidInput(problem) from None
    except RecursionError:
        raise InvalidInput(Problem("not valid TOML: nested too deeply", file=file)) from None
    except ValueError:
        # Python converts no more than some thousand digits.
        problem = Problem("not valid TOML: a number with too many digits", file=file)
        problem.line = next((n for n, x in enumerate(text.split("\n"), 1) if _LONG(x)), None)
        raise InvalidInput(problem) from None


def _split_position(message: str, text: str) -> tuple[str, int | None]:
    head, found, tail = message.rpartition(" (at ")
    if not found:
        return message, None
    head = head[:1].lower() + head[1:]
    if tail.startswith("line "):
        digits = tail.removeprefix("line ").split(",")[0]
        return head, int(digits) if digits.isdigit() else None
    return head, text.count("\n") + 1


class Problems:
    """Collects the problems of one file, with the line of each.

    Attributes:
        found: The problems so far as (path, problem), lines not yet set.
        remarks: Warnings in the same form; they make nothing invalid.
    """

    def __init__(self, *, file: str | None = None, text: str = "") -> None:
        self.file = file
        self.text = text
        self.found: list[tuple[Path, Problem]] = []
        self.remarks: list[tuple[Path, Problem]] = []
        self._read: dict[object, dict[object, Any]] = {}

    def read_by(self, parser: object) -> dict[object, Any]:
        """Return what a parser made of texts of this file so far, by text or tuple of texts.

        Large files say the same of many connectors; each text is read once.
        """
        found = self._read.get(parser)
        if found is None:
            found = self._read[parser] = {}
        return found

    def add(self, path: Path, where: str, message: str, hint: str | None = None) -> None:
        """Note one problem at a key path."""
        self.found.append((path, Problem(message, where=where or None, hint=hint)))

    def add_error(self, path: Path, where: str, error: InvalidInput) -> None:
        """Note the problems of a caught error at a key path."""
        for problem in error.problems:
            self.add(path, where, problem.message, problem.hint)

    def raise_if_any(self, kind: type[InvalidInput] = InvalidInput) -> None:
        """Raise all problems in the order of their lines, if there are any."""
        if not self.found:
            return
        raise kind(self._placed(self.found))

    def tell(self, notice: Callable[[Problem], None] | None) -> None:
        """Hand over every warning in the order of their lines, if anybody listens."""
        if notice is not None and self.remarks:
            for remark in self._placed(self.remarks):
                notice(remark)

    def _placed(self, noted: list[tuple[Path, Problem]]) -> list[Problem]:
        lines = key_lines(self.text) if self.text else {}
        problems = []
        for path, problem in noted:
            problem.file = self.file
            problem.line = line_of(path, lines)
            problems.append(problem)
        problems.sort(key=lambda problem: problem.line or 0)
        return problems


class Table:
    """One table being read: typed access that notes problems instead of raising.

    Call :meth:`finish` at the end: every key that was not asked for is a problem.
    """

    __slots__ = ("_asked", "data", "known", "path", "problems", "where", "written")

    def __init__(
        self,
        data: Any,  # noqa: ANN401
        problems: Problems,
        path: Path = (),
        where: str = "",
    ) -> None:
        self.problems = problems
        self.path = path
        self.where = where
        # Keys that were asked for, in order; the values say nothing.
        self.known: dict[str, None] = {}
        # Keys of which any number is asked for at once, and how many were asked for before.
        self._asked: tuple[int, Mapping[str, object]] = (0, {})
        self.written: dict[str, str] = {}
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.problem(f"expected a table, got {describe(data)}")

    def problem(self, message: str, key: str | None = None, hint: str | None = None) -> None:
        """Note a problem of this table or of one of its keys."""
        where = self.where if key is None else self._where(key)
        self.problems.add(self.path if key is None else self._path(key), where, message, hint)

    def remark(self, message: str, key: str) -> None:
        """Note a warning about one of the keys, which makes nothing invalid."""
        warning = Problem(message, where=self._where(key))
        self.problems.remarks.append((self._path(key), warning))

    def ask_for(self, keys: Mapping[str, object]) -> None:
        """Count some hundred keys as asked for, whether they are present or not; once a table."""
        self._asked = len(self.known), keys

    def rename(self, keys: Mapping[str, str]) -> None:
        """Take keys in another spelling: case-folded other spelling to the key.

        Places in problems keep what is written. A key that stands in both is a problem.
        """
        others = [one for one in self.data if keys.get(one.casefold(), one) != one]
        for written in others:
            key = keys[written.casefold()]
            if key in self.data:
                self.problem(f"`{written}` and `{key}` are the same", written)
                self.known[written] = None
                continue
            self.data = {key if one == written else one: value for one, value in self.data.items()}
            self.written[key] = written

    def has(self, key: str) -> bool:
        """Tell whether the key is present; it counts as asked for."""
        self.known[key] = None
        return key in self.data

    def get(self, key: str, kind: type[T], default: T) -> T:
        """Return a value of this type, or the default when absent or wrong (noted)."""
        if not self.has(key):
            return default
        value = self.data[key]
        # TOML's booleans are no numbers, Python's are.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.problem(f"expected {_TYPE_NAMES.get(kind, kind)}, got {describe(value)}", key)
            return default
        return value

    def parse(self, key: str, parser: Callable[[str], T], default: T) -> T:
        """Return a string value run through a parser that raises ``InvalidInput``."""
        if not self.has(key):
            return default
        value = self.data[key]
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.problem(f"expected a string, got {describe(value)}", key)
            return default
        read = self.problems.read_by(parser)
        found: T | None = read.get(value)
        if found is not None:
            return found
        try:
            found = parser(value)
        except InvalidInput as error:
            self.problems.add_error(self._path(key), self._where(key), error)
            return default
        read[value] = found
        return found

    def parse_list(
        self,
        key: str,
        parser: Callable[[str], T],
        *,
        split: str | None = ",",
        remark: Callable[[str, T], Iterable[Problem]] | None = None,
    ) -> list[T] | None:
        """Return a list of strings run through a parser; a string is split at ``split``.

        The braces that ``Format-List`` prints around a list are no part of it.

        Args:
            key: The key.
            parser: Raises ``InvalidInput``.
            split: What separates the values in a string.
            remark: Gives the warnings about a value that could be parsed.

        Returns:
            The values that could be parsed, or ``None`` when the key is absent.
        """
        if not self.has(key):
            return None
        value = self.data[key]
        if isinstance(value, str):
            if split and value.strip()[:1] == "{" and value.strip()[-1:] == "}":
                value = value.strip()[1:-1]
            value = value.split(split) if split else [value]
            value = [part.strip() for part in value]
        if not isinstance(value, list):
            self.problem(f"expected a list of strings, got {describe(value)}", key)
            return []
        if remark is None:
            found = self._of_texts(parser, value)
            if found is not None:
                return found
        parsed = []
        for index, item in enumerate(value):
            if not isinstance(item, str):
                what = f"expected a string, got {describe(item)}"
                self.problems.add(*self._item(key, index), what)
                continue
            if item in _CUT:
                hint = "print it whole: `$FormatEnumerationLimit = -1`"
                self.problems.add(*self._item(key, index), f"the list was cut at `{item}`", hint)
                continue
            try:
                parsed.append(parser(item))
            except InvalidInput as error:
                self.problems.add_error(*self._item(key, index), error)
                continue
            for warning in remark(item, parsed[-1]) if remark is not None else ():
                path, warning.where = self._item(key, index)
                self.problems.remarks.append((path, warning))
        return parsed

    def _of_texts(self, parser: Callable[[str], T], value: list[Any]) -> list[T] | None:
        """Return a list of texts run through a parser; ``None`` when not all of them are right."""
        read, texts = self.problems.read_by(parser), tuple(value)
        try:
            return [*read[texts]]
        except (KeyError, TypeError):
            # Such a list was not read before, or is none of texts.
            pass
        if set(map(type, value)) != _TEXTS or not _CUT.isdisjoint(value):
            return None
        try:
            found = read[texts] = tuple(map(parser, value))
        except InvalidInput:
            # Some item is wrong: they are looked at one by one, with their places.
            return None
        return [*found]

    def tables(self, key: str) -> list["Table"]:
        """Return the tables of an array of tables, none when absent."""
        if not self.has(key):
            return []
        value = self.data[key]
        if not isinstance(value, list):
            self.problem(f"expected a list of tables, got {describe(value)}", key)
            return []
        path, where, problems = self._path(key), self._where(key), self.problems
        return [
            Table(item, problems, (*path, index), f"{where}[{index}]")
            for index, item in enumerate(value)
        ]

    def table(self, key: str) -> "Table | None":
        """Return a sub-table, ``None`` when absent."""
        if not self.has(key):
            return None
        return Table(self.data[key], self.problems, self._path(key), self._where(key))

    def finish(self, *, hints: dict[str, str] | None = None) -> None:
        """Note every key that nobody asked for, with the closest known one."""
        for key, near in self.misspelt().items():
            hint = (hints or {}).get(key) or (f"did you mean `{near}`?" if near else None)
            self.problem(f"unknown key `{key}`", key, hint)

    def misspelt(self) -> dict[str, str | None]:
        """Return every key that nobody asked for so far, and the known one it is most like."""
        before, keys = self._asked
        odd = [key for key in self.data if key not in self.known and key not in keys]
        if not odd:
            return {}
        asked = list(self.known)
        asked[before:before] = keys
        # No more than some of thousands are shown; to compare names takes the most of the time.
        suggested = {key: closest(key, asked) for key in odd[:_MOST_SUGGESTED]}
        return dict.fromkeys(odd) | suggested

    def _item(self, key: str, index: int) -> tuple[Path, str]:
        """Return the path and the place of an item of a list."""
        return (*self._path(key), index), f"{self._where(key)}[{index}]"

    def _path(self, key: str) -> Path:
        return (*self.path, self.written.get(key, key))

    def _where(self, key: str) -> str:
        key = self.written.get(key, key)
        if not self.where:
            return key
        return f"{self.where}.{key}" if self.where.endswith("]") else f"{self.where}: {key}"


def describe(value: Any) -> str:  # noqa: ANN401
    """Return a short description of a decoded value for an error message."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f"`{value[:60]}`"
    if isinstance(value, int | float):
        return f"`{value}`"
    return _TYPE_NAMES.get(type(value), type(value).__name__)


def choose(text: str, choices: Iterable[str], what: str) -> str:
    """Return the choice equal to ``text`` without case.

    Raises:
        InvalidInput: None is; the message lists them.
    """
    known = list(choices)
    for choice in known:
        if choice.casefold() == text.strip().casefold():
            return choice
    near = closest(text, known)
    raise InvalidInput(
        f"unknown {what} `{text}` (expected {', '.join(known)})",
        hint=f"did you mean `{near}`?" if near else None,
    )
