"""The neighbouring commands: one class, its verb decides what it does with the objects kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.identities import to_identity
from relaysim.management_shell.cmdlets.neighbours.declared import (
    DeclaredCommand,
    command_names,
    declared,
)
from relaysim.management_shell.cmdlets.neighbours.families import Counted, family_of
from relaysim.management_shell.cmdlets.neighbours.kept import (
    converter,
    first_value,
    kept_names,
    kept_properties,
    kept_target,
    kept_text,
    with_kept,
)
from relaysim.management_shell.cmdlets.settings import drop_settings
from relaysim.management_shell.idle_remarks import IdleKind, IdleRemark
from relaysim.management_shell.state import ExchangeCmdlet, Refused, state_of
from relaysim.management_shell.values.connector_objects import identity_object
from relaysim.management_shell.values.multi import MultiChange
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relaysim.model.organization import Organization
    from relaysim.model.version import ExchangeVersion
    from relaysim.powershell.interpreter.context import Context

__all__ = ["Neighbour", "neighbours"]

_MAKES = frozenset({"new", "add", "install"})
_CHANGES = frozenset({"set", "enable", "disable"})
_REMOVES = frozenset({"remove", "uninstall"})
_SERVER_SHOWN = frozenset(
    {
        "get-transportserver", "get-transportservice", "get-frontendtransportservice",
        "get-mailboxserver", "get-clientaccessserver", "get-clientaccessservice",
    }
)  # fmt: skip
"""Commands that show the servers themselves; they have their own place."""
_NAMELESS = frozenset({"identity", "name", "server", "force", "usage"})


class Neighbour(ExchangeCmdlet):
    """A neighbouring command.

    Args:
        command: Its declaration.
    """

    def __init__(self, command: DeclaredCommand) -> None:
        self._command = command
        self._family = family_of(command.noun)
        self._verb = command.verb.lower()
        self._kinds = {one.name: one.kind for one in command.parameters}
        by_server = any(one.name == "Server" and one.piped for one in command.parameters)
        self._spec = CmdletSpec(
            name=command.name,
            changes=self._verb != "get",
            directory=True,
            parameters=tuple(
                Parameter(
                    name=one.name,
                    switch=one.kind == "w",
                    position=one.place,
                    mandatory=one.mandatory and one.name != "Identity",
                    from_pipeline=one.piped,
                    convert=_convert(one.name, one.kind, by_server=by_server),
                )
                for one in command.parameters
            ),
        )
        self._type = ObjectType(
            name=f"Microsoft.Exchange.Data.Directory.{command.noun}",
            view=DefaultView(columns=self._family.columns),
            text=_name_of,
        )

    @property
    def spec(self) -> CmdletSpec:
        """What the command declares."""
        return self._spec

    @property
    def since(self) -> dict[str, ExchangeVersion]:
        """Parameters that only later versions know."""
        return {one.name.casefold(): one.since for one in self._command.parameters}

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Show, keep or forget; everything else is said to do nothing."""
        self._require_version(context)
        words = self._family.words
        if self._family.reach is Counted.NONE or self._verb not in {"get", *_ALL}:
            kind = IdleKind.SHOWS if self._verb == "get" else IdleKind.DOES
            context.machine.remark(IdleRemark(self._spec.name, kind))
            return ()
        names = self._names(context, bound)
        if self._verb == "get":
            return [self._object(context, name) for name in self._shown(context, names)]
        if self._family.reach is not Counted.SINGLE and not names:
            raise Refused(f"no {words} is named", "MissingMandatoryParameter")
        made = []
        for name in names:
            if not context.should_process(name or words):
                continue
            if self._verb in _REMOVES:
                self._forget(context, name)
            elif self._verb in _MAKES or (self._verb == "enable" and self._is_open()):
                made.append(self._make(context, name, bound))
            else:
                self._change(context, name, bound)
        return made

    def _is_open(self) -> bool:
        return self._family.reach is Counted.OPEN

    def _require_version(self, context: Context) -> None:
        newest = state_of(context).newest
        command = self._command
        if not command.since <= newest <= command.until:
            when = (
                f"before Exchange {command.since.value}"
                if newest < command.since
                else f"after Exchange {command.until.value}"
            )
            raise Refused(f"there is no such command {when}", "CommandNotFoundException")

    def _names(self, context: Context, bound: Bound) -> list[str]:
        if self._family.reach is Counted.SINGLE:
            return [""]
        given = bound.get("Name") if self._verb in _MAKES else bound.get("Identity")
        given = bound.get("Identity", bound.get("Name")) if given is None else given
        names = [to_text(one) for one in to_list(given)]
        if not names and self._verb in _MAKES:
            names = [_made_name(bound, self._existing(context))]
        if self._family.reach is Counted.SERVER and not names and self._verb != "get":
            names = [state_of(context).local.server]
        return [name for name in names if name]

    def _existing(self, context: Context) -> list[str]:
        organization = state_of(context).organization
        family = self._family
        begin = list(family.begin or ())
        if family.reach is Counted.SERVER:
            begin = [server.name for server in organization.servers]
        kept = kept_names(organization, family.words)
        known = {name.casefold() for name in begin}
        gone = {
            name.casefold()
            for name in begin
            if _is_removed(organization, kept_target(family.words, name))
        }
        names = [name for name in begin if name.casefold() not in gone]
        return [*names, *(name for name in kept if name.casefold() not in known)]

    def _shown(self, context: Context, names: list[str]) -> Iterable[str]:
        if self._family.reach is Counted.SINGLE:
            return [next(iter(self._family.begin or ("",)))]
        existing = self._existing(context)
        words = self._family.words
        if self._is_open():
            context.machine.remark(f"{self._spec.name}: nothing is known here of a {words} that "
                                   "this script has not made")  # fmt: skip
        elif not existing:
            context.machine.remark(f"{self._spec.name}: this configuration names no {words}")
        if not names:
            return existing
        found = []
        for wanted in names:
            matching = [one for one in existing if matches_wildcard(one, wanted)]
            matching = matching or [one for one in existing if one.casefold() == wanted.casefold()]
            if not matching and not has_wildcard(wanted):
                raise Refused(
                    f"there is no {words} `{wanted}` here", "ManagementObjectNotFoundException",
                    target=wanted,
                )  # fmt: skip
            found += matching
        return found

    def _object(self, context: Context, name: str) -> ShellObject:
        organization = state_of(context).organization
        family = self._family
        begin = {key.casefold(): values for key, values in (family.begin or {}).items()}
        first = begin.get(name.casefold(), family.fresh or {})
        identity = identity_object(name, name, "")
        single = family.reach is Counted.SINGLE
        properties: list[tuple[str, Value]] = [("Name", name), ("Identity", identity)]
        properties += [(key, first_value(value)) for key, value in first.items()]
        found = ShellObject(properties, type_=self._type)
        target = kept_target(family.words, "" if single else name)
        for key, value in kept_properties(organization, self._command.noun, target):
            if key != _REMOVED:
                found.put(key, value)
        found.put("IsValid", True)  # noqa: FBT003 - the value of a property
        if family.as_list:
            view = DefaultView(columns=tuple(found.names()), as_list=True)
            found.type = ObjectType(name=self._type.name, view=view, text=_name_of)
        return found

    def _values(self, bound: Bound) -> list[tuple[str, object]]:
        return [
            (name, value)
            for name, value in bound.items()
            if name.casefold() not in _NAMELESS and self._kinds.get(name) != "w"
        ]

    def _texts(self, context: Context, target: str, bound: Bound) -> list[tuple[str, str]]:
        organization = state_of(context).organization
        noun = self._command.noun
        before = dict(kept_properties(organization, noun, target))
        texts = []
        for name, value in self._values(bound):
            if isinstance(value, MultiChange):
                current = tuple(to_text(one) for one in to_list(before.get(name)))
                changed = value.apply(current, lambda item: str(item).casefold(), context.warn)
                value = tuple(_space(one) if name == "AddressSpaces" else one for one in changed)  # noqa: PLW2901
            texts.append((name, kept_text(self._kinds.get(name, "t"), value)))
        return texts

    def _keep(self, context: Context, name: str, texts: list[tuple[str, str]]) -> None:
        state = state_of(context)
        single = self._family.reach is Counted.SINGLE
        target = kept_target(self._family.words, "" if single else name)
        organization, entries = with_kept(state.organization, target, texts)
        context.state = state._replace(organization=organization).noting(*entries)

    def _make(self, context: Context, name: str, bound: Bound) -> Value:
        words = self._family.words
        if any(name.casefold() == one.casefold() for one in self._existing(context)):
            raise Refused(
                f"there is a {words} `{name}` already", "ADObjectAlreadyExistsException",
                target=name,
            )  # fmt: skip
        texts = self._texts(context, kept_target(words, name), bound)
        if not texts:
            texts = [("Name", name)]
        self._keep(context, name, texts)
        return self._object(context, name)

    def _change(self, context: Context, name: str, bound: Bound) -> None:
        family = self._family
        existing = [one.casefold() for one in self._existing(context)]
        if family.reach is not Counted.SINGLE and name.casefold() not in existing:
            if family.reach is Counted.SERVER:
                raise Refused(f"there is no server `{name}`", "ServerNotFound", target=name)
            context.machine.remark(
                f"{self._spec.name}: no {family.words} `{name}` is known here; it is taken for "
                "there"
            )
        texts = self._texts(context, kept_target(family.words, name), bound)
        if self._verb in {"enable", "disable"}:
            on = self._verb == "enable"
            state = "Enabled" if on else "Disabled"
            rule = self._command.noun.lower() == "transportrule"
            texts.append(("State", state) if rule else ("Enabled", str(on)))
        self._keep(context, name, texts)

    def _forget(self, context: Context, name: str) -> None:
        family = self._family
        if name.casefold() not in [one.casefold() for one in self._existing(context)]:
            context.machine.remark(
                f"{self._spec.name}: no {family.words} `{name}` is known here; nothing is removed"
            )
            return
        state = state_of(context)
        target = kept_target(family.words, name)
        organization = drop_settings(state.organization, target)
        context.state = state._replace(
            organization=organization,
            unmodelled=tuple(one for one in state.unmodelled if one.target != target),
        )
        if name.casefold() in {one.casefold() for one in family.begin or ()}:
            self._keep(context, name, [(_REMOVED, "True")])


def _name_of(one: ShellObject) -> str:
    return to_text(one.get("Name"))


_REMOVED = "Removed"
_ALL = _MAKES | _CHANGES | _REMOVES


def _is_removed(organization: Organization, target: str) -> bool:
    key = f"{target}: {_REMOVED}".casefold()
    return any(one.casefold() == key for one, _ in organization.unmodelled)


def _made_name(bound: Bound, existing: list[str]) -> str:
    """Return the name of an object that is made without one: what it is about, or a number."""
    for name in ("DomainName", "IPAddress", "IPRange", "Phrase", "FileName", "Alias", "Site"):
        if name in bound:
            return to_text(bound.get(name))
    return str(len(existing) + 1)


def _space(item: object) -> str:
    """Return an address space in full: its type before it, its cost behind it."""
    text = str(item)
    kind, colon, rest = text.partition(":")
    head = f"{kind}:{rest}" if colon else f"SMTP:{text}"
    return head if ";" in head else f"{head};1"


def _convert(name: str, kind: str, *, by_server: bool) -> Callable[[Value], object]:
    if name in {"Identity", "Name"}:
        return _no_server if by_server and name == "Identity" else to_identity
    return converter(kind if kind != "w" else "t")


def _no_server(value: Value) -> object:
    """Refuse a server of the pipeline, which goes to ``-Server``."""
    if isinstance(value, ShellObject) and value.type.name.endswith(".ExchangeServer"):
        raise ConversionError(f"`{to_text(value)}` is a server", id="CannotConvertArgument")
    return to_identity(value)


def neighbours() -> dict[str, Callable[[], ExchangeCmdlet]]:
    """Return what makes each neighbouring command, by its name: most scripts use none."""
    return {
        name: partial(_made, name) for name in command_names() if name.lower() not in _SERVER_SHOWN
    }


def _made(name: str) -> ExchangeCmdlet:
    command = declared(name)
    if command.noun.lower() == "exchangecertificate":
        from relaysim.management_shell.cmdlets.neighbours.certificates import CertificateCommand

        return CertificateCommand(command)
    return Neighbour(command)
