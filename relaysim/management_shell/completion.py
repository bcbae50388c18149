"""What can stand at the cursor of the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relaysim.errors import InvalidInput
from relaysim.model.connector import AuthMechanism, SizeMode, TransportRole
from relaysim.model.groups import PermissionGroup
from relaysim.model.organization import DomainType
from relaysim.model.principals import WELL_KNOWN, domain_group
from relaysim.model.rights import receive_rights
from relaysim.model.version import NEWEST, ExchangeVersion
from relaysim.powershell.interpreter.binding.common_parameters import common_parameters
from relaysim.powershell.language.lexer import DOUBLE_QUOTES, SINGLE_QUOTES
from relaysim.powershell.language.writing import quote, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.contract import Parameter, Registry

__all__ = ["Completion", "complete"]

_ENDS = frozenset("|;{}()&\n")


class _Literal(str):
    """A value that is written as it stands, unlike a name that happens to read the same."""

    __slots__ = ()


_TRUTH = (_Literal("$true"), _Literal("$false"))


class Completion(NamedTuple):
    """What can replace the word at the cursor.

    Attributes:
        start: Where the word begins.
        words: Whole words, as they must be written, sorted without case.
    """

    start: int
    words: tuple[str, ...]


class _Word(NamedTuple):
    start: int
    text: str


def complete(
    line: str,
    *,
    organization: Organization,
    registry: Registry,
    variables: Iterable[str] = (),
    commands: Iterable[str] = (),
) -> Completion:
    """Return what can stand at the end of ``line``.

    Commands where one begins, parameters after ``-``, variables after ``$``; else the values that
    the parameter before the cursor takes: names of connectors, groups, mechanisms, rights,
    principals and domains. A name that needs quotes comes with them.

    Args:
        line: The text before the cursor.
        organization: Where the names come from.
        registry: The commands.
        variables: Names of variables that exist.
        commands: Words that only begin a line.
    """
    words, current = _scan(line)
    typed = current.text
    if typed.startswith("$"):
        choices: Iterable[str] = (f"${name}" for name in variables)
    elif not words:
        first = commands if not line[: current.start].strip() else ()
        choices = [*registry.names(), *first]
    elif typed.startswith("-"):
        choices = (f"-{one.name}" for one in _parameters(words[0].text, registry))
    else:
        return Completion(current.start, _fitting(typed, _values(words, organization, registry)))
    folded = typed.casefold()
    found = {one for one in choices if one.casefold().startswith(folded)}
    return Completion(current.start, tuple(sorted(found, key=str.casefold)))


def _fitting(typed: str, choices: Iterable[str]) -> tuple[str, ...]:
    """Return the values that begin as typed, each as one argument that means just that text."""
    quoted = typed[:1] in SINGLE_QUOTES + DOUBLE_QUOTES and bool(typed)
    folded = (typed[1:] if quoted else typed).casefold()
    found = {
        choice
        for choice in choices
        if choice.casefold().startswith(folded) or (quoted and choice.casefold() == folded[:-1])
    }
    written = []
    for one in sorted(found, key=str.casefold):
        if isinstance(one, _Literal):
            written.append(str(one))
            continue
        try:
            written.append(quote(one) if quoted else word(one))
        except InvalidInput:
            # A name with half of a surrogate pair can be written in no script.
            continue
    return tuple(written)


def _scan(line: str) -> tuple[list[_Word], _Word]:
    """Return the words of the command at the end of a line, and the one at the cursor.

    A comma and an assignment end a word as a blank does, and the items of a list count as words.
    """
    words: list[_Word] = []
    start: int | None = None
    closing = ""
    for at, char in enumerate(line):
        if closing:
            closing = "" if char in closing else closing
            continue
        blank = char.isspace() or char in ",="
        if (blank or char in _ENDS) and start is not None:
            words.append(_Word(start, line[start:at]))
            start = None
        if char in _ENDS or char == "=":
            words = []
        elif not blank:
            start = at if start is None else start
            closing = _closing(char)
    if start is None:
        return words, _Word(len(line), "")
    return words, _Word(start, line[start:])


def _closing(char: str) -> str:
    for marks in (SINGLE_QUOTES, DOUBLE_QUOTES):
        if char in marks:
            return marks
    return ""


def _parameters(command: str, registry: Registry) -> Sequence[Parameter]:
    cmdlet = registry.find(command)
    if cmdlet is None:
        return ()
    spec = cmdlet.spec
    return (
        *spec.parameters,
        *common_parameters(changes=spec.changes, directory=spec.directory),
    )


def _values(
    words: Sequence[_Word], organization: Organization, registry: Registry
) -> Iterable[str]:
    named = next((one.text[1:] for one in reversed(words[1:]) if one.text.startswith("-")), None)
    command = words[0].text.casefold()
    parameters = _parameters(words[0].text, registry)
    if named is None:
        return _identities(command, organization)
    folded = named.rstrip(":").casefold()
    matches = [one for one in parameters if one.name.casefold() == folded] or [
        one for one in parameters if one.name.casefold().startswith(folded)
    ]
    if matches and matches[0].switch:
        return _identities(command, organization)
    if matches and matches[0].words:
        return matches[0].words
    return _of_parameter(matches[0].name.casefold() if matches else "", command, organization)


def _identities(command: str, organization: Organization) -> Iterable[str]:
    if command.endswith("accepteddomain"):
        return [one.label or one.name for one in organization.accepted_domains]
    if command.endswith(("exchangeserver", "transportserver", "transportservice")):
        return [one.name for one in organization.servers]
    if command.endswith(("receiveconnector", "adpermission")):
        return _connectors(organization)
    return ()


def _of_parameter(name: str, command: str, organization: Organization) -> Iterable[str]:
    if name == "identity":
        return _identities(command, organization)
    if name in _OF_ORGANIZATION:
        return _OF_ORGANIZATION[name](organization)
    if name in _WORDS:
        return _WORDS[name]
    is_flag = name in ("confirm", "whatif") or name.endswith("enabled")
    return _TRUTH if is_flag or name.startswith("require") else ()


def _connectors(organization: Organization) -> list[str]:
    if len(organization.servers) == 1:
        return [one.name for one in organization.connectors]
    return [
        f"{server.name}\\{connector.name}"
        for server in organization.servers
        for connector in server.connectors
    ]


def _newest(organization: Organization) -> ExchangeVersion:
    known = [one.exchange for one in organization.servers if one.exchange is not None]
    return max(known, default=NEWEST)


def _principals(organization: Organization) -> list[str]:
    known = [one.name for one in WELL_KNOWN]
    known += [
        domain_group(organization.domain, name).name
        for name in ("Exchange Servers", "ExchangeLegacyInterop")
    ]
    known += [account.name.name for account in organization.accounts]
    known += [
        ace.principal.name
        for server in organization.servers
        for connector in server.connectors
        for ace in connector.acl
    ]
    return list(dict.fromkeys(known))


_OF_ORGANIZATION: dict[str, Callable[[Organization], Iterable[str]]] = {
    "extendedrights": lambda organization: [
        one.value for one in receive_rights(_newest(organization))
    ],
    "user": _principals,
    "domainname": lambda organization: [one.name for one in organization.accepted_domains],
    "server": lambda organization: [one.name for one in organization.servers],
}
"""What each parameter takes that an organization decides."""
_WORDS: dict[str, tuple[str, ...]] = {
    "permissiongroups": tuple(one.value for one in PermissionGroup),
    "authmechanism": ("None", *(one.value for one in AuthMechanism)),
    "transportrole": tuple(one.value for one in TransportRole),
    "sizeenabled": tuple(one.value for one in SizeMode),
    "domaintype": tuple(one.value for one in DomainType),
}
"""The words that a parameter takes anywhere."""
