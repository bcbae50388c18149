"""The line of a script that names the fresh server it starts from.

``#relaysim: exchange=2016 server=MAIL16`` is a comment to PowerShell. It is looked for in the
comment lines at the beginning of a script only, so that no text further down can pass for one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from relaysim.errors import InvalidConfiguration, InvalidInput, Problem, closest
from relaysim.lean import field_names, frozen, pattern
from relaysim.model.version import ServerRole, parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.model.organization import Organization
    from relaysim.model.version import ExchangeVersion

__all__ = ["Directive", "format_directive", "read_directive"]

_LINE_END = pattern(r"\r\n|\n|\r")
_DIRECTIVE = pattern(r"[ \t]*#[ \t]*relaysim:(?P<settings>.*)", re.IGNORECASE | re.DOTALL)
_SETTING = pattern(r"[ \t]*(?P<key>[A-Za-z-]+)=")
_BARE = pattern(r"[A-Za-z0-9._-]+")
_OF_EACH = ("exchange", "server", "role", "fqdn")
"""Settings that each of several servers has."""
_EXAMPLE = "write it as `#relaysim: exchange=2016 server=MAIL16`"


@frozen
class Directive:
    """What a script says about its fresh servers; ``None`` where it says nothing.

    Several servers have tuples: of their names, and of what differs between them.

    Attributes:
        exchange: Its version.
        server: Its NetBIOS name.
        role: Hub or Edge.
        domain: NetBIOS name of the Active Directory domain.
        dns_domain: Its DNS domain, which is the accepted domain too.
        fqdn: Its full name, when that is not made of server and DNS domain.
    """

    exchange: ExchangeVersion | tuple[ExchangeVersion, ...] | None = None
    server: str | tuple[str, ...] | None = None
    role: ServerRole | tuple[ServerRole, ...] | None = None
    domain: str | None = None
    dns_domain: str | None = None
    fqdn: str | tuple[str, ...] | None = None

    def given(self) -> dict[str, Any]:
        """Return what it says, by name."""
        values = {name: getattr(self, name) for name in field_names(Directive)}
        return {name: value for name, value in values.items() if value is not None}


_KEYS = tuple(name.replace("_", "-") for name in field_names(Directive))


def format_directive(fresh: Organization) -> str:
    """Return the line, without its end, that names a fresh server completely.

    Values of other characters than letters, digits, ``.``, ``_`` and ``-`` stand in double quotes
    as JSON strings, everything but printable ASCII escaped: the line is one line of ASCII whatever
    a name contains.

    Raises:
        InvalidInput: A name holds half of a surrogate pair.
    """
    dns_domain = fresh.accepted_domains[0].name
    each = fresh.one_by_one()
    settings = {
        "exchange": [one.exchange.value for one in each],
        "server": [one.server for one in each],
        "role": [one.role.value for one in each],
        "domain": [fresh.domain],
        "dns-domain": [dns_domain],
    }
    if any(one.full_name != f"{one.server}.{dns_domain}" for one in each):
        settings["fqdn"] = [one.full_name for one in each]
    words = (
        f"{key}={','.join(map(_written, values if len(set(values)) > 1 else values[:1]))}"
        for key, values in settings.items()
    )
    return "#relaysim: " + " ".join(words)


def _written(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    # JSON leaves DEL as it is.
    import json

    from relaysim.powershell.language.writing import refuse_half_pairs

    return json.dumps(refuse_half_pairs(value)).replace("\x7f", "\\u007f")


def read_directive(text: str, *, file: str) -> Directive | None:
    """Return what the leading comment lines of a script say, or ``None`` without such a line.

    Args:
        text: The script.
        file: Its name, for errors.

    Raises:
        InvalidConfiguration: The line is malformed, or there are two; with file and line.

    >>> read_directive("#relaysim: server=MAIL16", file="x.ps1").server
    'MAIL16'
    """
    found: Directive | None = None
    for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            break
        match = _DIRECTIVE.fullmatch(line)
        if match is None:
            continue
        try:
            found = _decode(match["settings"], first=found is None)
        except InvalidInput as error:
            for problem in error.problems:
                problem.file, problem.line = file, number
            raise InvalidConfiguration(error.problems) from None
    return found


def _decode(text: str, *, first: bool) -> Directive:
    if not first:
        raise InvalidInput("a second `#relaysim:` line", hint="write one line")
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in _settings(text):
        name = key.replace("-", "_")
        if key not in _KEYS:
            near = closest(key, _KEYS)
            hint = f"did you mean `{near}`?" if near else f"one of {', '.join(_KEYS)}"
            problems.append(Problem(f"unknown setting `{key}` of `#relaysim:`", hint=hint))
        elif name in values:
            problems.append(Problem(f"`{key}` is given twice in `#relaysim:`"))
        else:
            try:
                found_values = tuple(_parsed(key, one) for one in value)
                values[name] = found_values if len(value) > 1 else found_values[0]
            except InvalidInput as error:
                problems += error.problems
    problems += _miscounted(values)
    if not values and not problems:
        problems.append(Problem("`#relaysim:` says nothing", hint=_EXAMPLE))
    if problems:
        raise InvalidInput(problems)
    return Directive(**values)


def _parsed(key: str, value: str) -> object:
    if key == "exchange":
        return parse_version(value)
    if key != "role":
        return value
    for role in ServerRole:
        if role.value == value.strip().casefold():
            return role
    names = ", ".join(role.value for role in ServerRole)
    raise InvalidInput(Problem(f"unknown role `{value}` (expected {names})"))


def _miscounted(values: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the number of values of each setting."""
    names = values.get("server")
    count = len(names) if isinstance(names, tuple) else 1
    for key, value in values.items():
        if isinstance(value, tuple) and (key not in _OF_EACH or len(value) != count):
            text = f"`{key.replace('_', '-')}` has {len(value)} values, and there "
            yield Problem(f"{text}{'are' if count > 1 else 'is'} {count} in `server`")


def _settings(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    position, end = 0, len(text.rstrip(" \t"))
    while position < end:
        match = _SETTING.match(text, position)
        if match is None:
            raise InvalidInput(f"`{text[position:].strip()}` is no `key=value`", hint=_EXAMPLE)
        key, start = match["key"].lower(), match.end()
        value, position = _values(text, start)
        if position < end and text[position] not in " \t":
            rest = text[start:].strip()
            raise InvalidInput(
                f"`{rest}` is no value of `{key}`",
                hint="a value with other characters than letters, digits, `.`, `_` and `-` "
                "stands in double quotes",
            )
        yield key, value


def _values(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """Return the values between commas, and where they end."""
    values: list[str] = []
    while True:
        value, start = _value(text, start)
        values.append(value)
        if text[start : start + 1] != ",":
            return tuple(values), start
        start += 1


def _value(text: str, start: int) -> tuple[str, int]:
    bare = _BARE.match(text, start)
    if bare is not None:
        return bare.group(), bare.end()
    if text[start : start + 1] == '"':
        try:
            import json

            value, end = json.JSONDecoder().raw_decode(text, start)
            # Half of a surrogate pair could be written to no file.
            str(value).encode()
        except ValueError:
            raise InvalidInput(
                f"`{text[start:].strip()}` is no quoted value",
                hint='between the quotes, `\\"` and `\\\\` stand for themselves',
            ) from None
        return str(value), end
    raise InvalidInput("a value is missing after `=`", hint='an empty one is written `""`')
