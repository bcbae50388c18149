"""Strict decoding of policy files."""

from datetime import date
from typing import Any

from relaysim.analysis.findings.catalogue import RULES
from relaysim.analysis.findings.finding import Severity
from relaysim.analysis.findings.thresholds import Profile
from relaysim.config.tables import Problems, describe, read_toml
from relaysim.config.toml.positions import Path, key_lines, line_of
from relaysim.errors import InvalidInput, closest
from relaysim.model.principals import parse_principal
from relaysim.model.rights import parse_right
from relaysim.model.session import parse_size
from relaysim.net.addrset import AddressSet
from relaysim.net.notation import parse_range
from relaysim.policy.policy import Acceptance, Policy

__all__ = ["parse_policy"]

_KEYS = ("format", "leave_out", "severity", "profile", "accept")
_ACCEPT_KEYS = (
    "rule",
    "connector",
    "reason",
    "until",
    "server",
    "principal",
    "right",
    "ranges",
)
_NEEDED = ("rule", "connector", "reason", "until")


def parse_policy(data: bytes, *, file: str, domain: str) -> Policy:
    """Return the policy that a file holds.

    Args:
        data: The file's bytes.
        file: Its name for error messages.
        domain: NetBIOS name of the organization's domain, for names of principals.

    Raises:
        InvalidInput: With every problem of the file, each with its line.
    """
    text, tables = read_toml(data, file=file)
    problems = Problems(file=file, text=text)
    reader = _PolicyReader(problems, domain)
    for key in tables:
        if key not in _KEYS:
            reader.unknown((key,), key, _KEYS)
    policy = Policy(
        severities=reader.severities(tables.get("severity", {})),
        leave_out=reader.ids(tables.get("leave_out", [])),
        profile=reader.profile(tables.get("profile", {})),
        accepted=reader.acceptances(tables.get("accept", [])),
    )
    problems.raise_if_any(InvalidInput)
    return policy


class _PolicyReader:
    def __init__(self, problems: Problems, domain: str) -> None:
        self.problems, self.domain = problems, domain

    def unknown(self, path: Path, key: str, known: tuple[str, ...], what: str = "key") -> None:
        near = closest(key, known)
        hint = f"did you mean `{near}`?" if near else None
        self.problems.add(path, "", f"unknown {what} `{key}`", hint)

    def rule(self, path: Path, value: object) -> str | None:
        if not isinstance(value, str):
            self.problems.add(
                path, "", f"expected the id of a finding, got {describe(value)}", None
            )
            return None
        if value not in RULES:
            self.unknown(path, value, tuple(RULES), "finding")
            return None
        return value

    def severities(self, table: object) -> tuple[tuple[str, Severity], ...]:
        if not isinstance(table, dict):
            self.problems.add(("severity",), "", f"expected a table, got {describe(table)}", None)
            return ()
        found = []
        words = {severity.value: severity for severity in Severity}
        for key, value in table.items():
            severity = words.get(str(value).casefold())
            if severity is None:
                message = f"unknown severity `{value}` (expected {', '.join(words)})"
                self.problems.add(("severity", key), "", message, None)
            elif self.rule(("severity", key), key):
                found.append((key, severity))
        return tuple(found)

    def ids(self, values: object) -> tuple[str, ...]:
        if not isinstance(values, list):
            self.problems.add(("leave_out",), "", f"expected a list, got {describe(values)}", None)
            return ()
        return tuple(each for v in values if (each := self.rule(("leave_out",), v)))

    def profile(self, table: object) -> Profile:
        if not isinstance(table, dict):
            self.problems.add(("profile",), "", f"expected a table, got {describe(table)}", None)
            return Profile()
        found = {}
        for key, value in table.items():
            if key not in Profile._fields:
                self.unknown(("profile", key), key, Profile._fields)
                continue
            try:
                found[key] = (
                    parse_size(value) if isinstance(value, str) and key == "size" else value
                )
            except InvalidInput as error:
                self.problems.add_error(("profile", key), "", error)
                continue
            if not isinstance(found[key], int) or isinstance(value, bool) or found[key] < 1:
                message = f"expected a whole number above 0, got {describe(value)}"
                self.problems.add(("profile", key), "", message, None)
        return Profile(**found)

    def acceptances(self, values: object) -> tuple[Acceptance, ...]:
        if not isinstance(values, list):
            self.problems.add(("accept",), "", "write `[[accept]]`", None)
            return ()
        found = (self.acceptance(("accept", place), table) for place, table in enumerate(values))
        return tuple(each for each in found if each is not None)

    def acceptance(self, path: Path, table: Any) -> Acceptance | None:  # noqa: ANN401
        if not isinstance(table, dict):
            self.problems.add(path, "", f"expected a table, got {describe(table)}", None)
            return None
        noted = len(self.problems.found)
        for key in table:
            if key not in _ACCEPT_KEYS:
                self.unknown((*path, key), key, _ACCEPT_KEYS)
        for key in _NEEDED:
            if key not in table:
                self.problems.add(path, "", f"`{key}` is missing", None)
        if len(self.problems.found) > noted:
            return None
        rule = self.rule((*path, "rule"), table["rule"])
        fields: dict[str, Any] = {}
        for key, read in self._readers().items():
            if key in table:
                try:
                    fields[key] = read(table[key])
                except (InvalidInput, ValueError, TypeError) as error:
                    problems = error.problems if isinstance(error, InvalidInput) else ()
                    message = problems[0].message if problems else f"cannot be read: {error}"
                    self.problems.add((*path, key), "", message, None)
        if rule and fields.get("connector") == "*" and RULES[rule].severity is Severity.CRITICAL:
            message = "a critical finding is accepted for a named connector only"
            self.problems.add((*path, "connector"), "", message, None)
        if len(self.problems.found) > noted or rule is None:
            return None
        place = line_of(path, key_lines(self.problems.text))
        return Acceptance(rule=rule, file=self.problems.file or "", line=place or 0, **fields)

    def _readers(self) -> dict[str, Any]:
        return {
            "connector": _text,
            "reason": _text,
            "until": _day,
            "server": _text,
            "principal": lambda value: parse_principal(_text(value), self.domain),
            "right": lambda value: parse_right(_text(value)),
            "ranges": _ranges,
        }


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"expected a text, got {describe(value)}")
    return value.strip()


def _day(value: object) -> date:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise InvalidInput(f"expected a day such as `2027-01-31`, got {describe(value)}") from None


def _ranges(value: object) -> AddressSet:
    words = value if isinstance(value, list) else _text(value).split(",")
    return AddressSet(parse_range(_text(word)).interval for word in words)
