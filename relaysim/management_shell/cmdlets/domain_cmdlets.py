"""New-, Set-, Get- and Remove-AcceptedDomain.

Source: NEWAD, SETAD, ACC16, EXA.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.lean import replace
from relaysim.management_shell.cmdlets.identities import to_identity, to_name
from relaysim.management_shell.cmdlets.settings import drop_settings, setting, with_setting
from relaysim.management_shell.state import (
    ExchangeCmdlet,
    Refused,
    Unmodelled,
    state_of,
)
from relaysim.management_shell.values.connector_objects import identity_object
from relaysim.management_shell.values.parameters import argument_of
from relaysim.model.edit import (
    add_accepted_domain,
    remove_accepted_domain,
    replace_accepted_domain,
)
from relaysim.model.organization import AcceptedDomain, DomainType, ascii_domain
from relaysim.model.properties.kinds import FlagKind, NameKind
from relaysim.model.version import ExchangeVersion
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.patterns.wildcard import has_wildcard, matches_wildcard
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.model.organization import Organization
    from relaysim.powershell.interpreter.context import Context

__all__ = ["DOMAIN_CMDLETS"]

_FLAG = FlagKind()
_TYPE = NameKind(
    "AcceptedDomainType", dict.fromkeys(one.value for one in DomainType), members=DomainType
)
_UNMODELLED = (
    "AddressBookEnabled",
    "EnableNego2Authentication",
    "OutboundOnly",
    "PendingCompletion",
    "PendingRemoval",
)
"""Switchable properties that no rule uses."""

_SINCE = {
    "matchsubdomains": ExchangeVersion.V2013,
    "enablenego2authentication": ExchangeVersion.V2013,
    "pendingcompletion": ExchangeVersion.V2013,
}
_DEFAULT = "Default"


def _scope(domain: AcceptedDomain) -> str:
    return f"accepted domain `{domain.name}`"


def _label(domain: AcceptedDomain) -> str:
    return domain.label or domain.name


_DOMAIN = ObjectType(
    name="Microsoft.Exchange.Data.Directory.SystemConfiguration.AcceptedDomain",
    view=DefaultView(columns=("Name", "DomainName", "DomainType", "Default")),
    text=lambda value: to_text(value.get("Name")),
)


def _is_default(organization: Organization, domain: AcceptedDomain) -> bool:
    chosen = setting(organization, "accepted domains", _DEFAULT)
    if chosen is None:
        return domain == organization.accepted_domains[0]
    return domain.name.casefold() == chosen.casefold()


def _domain_object(
    domain: AcceptedDomain, organization: Organization, exchange: ExchangeVersion
) -> ShellObject:
    label = _label(domain)
    properties: list[tuple[str, Value]] = [
        ("DomainName", domain.name),
        ("DomainType", domain.type.value),
    ]
    if exchange >= ExchangeVersion.V2013:
        properties.append(("MatchSubDomains", domain.match_sub_domains))
    book = setting(organization, _scope(domain), "AddressBookEnabled")
    properties += [
        (
            "AddressBookEnabled",
            domain.type is DomainType.AUTHORITATIVE if book is None else book == "True",
        ),
        ("Default", _is_default(organization, domain)),
        ("Name", label),
        ("Identity", identity_object(label, label, "")),
        ("IsValid", True),
    ]
    return ShellObject(properties, type_=_DOMAIN, base=domain)


def _one(organization: Organization, wanted: str) -> AcceptedDomain:
    """Return the domain of that name, in the shell or in DNS, or refuse."""
    for domain in organization.accepted_domains:
        if wanted.casefold() in (_label(domain).casefold(), domain.name.casefold()):
            return domain
    names = [_label(domain) for domain in organization.accepted_domains]
    near = closest(wanted, names)
    raise Refused(
        f"there is no accepted domain `{wanted}`",
        "ObjectNotFound",
        target=wanted,
        hint=f"did you mean `{near}`?" if near else f"domains here: {', '.join(names) or 'none'}",
    )


def _check_name(text: str) -> None:
    rest = text.removeprefix("*.") if text != "*" else "x"
    if not rest or "*" in rest or "@" in rest or " " in rest or len(text) > 256:
        raise Refused(
            f"`{text}` is no accepted domain (O-10)",
            "O-10",
            target=text,
            hint="write `contoso.com`, `*.contoso.com` or `*`; a wildcard stands first only",
        )


def _check_label(organization: Organization, label: str, but: AcceptedDomain | None) -> None:
    for domain in organization.accepted_domains:
        if domain is not but and _label(domain).casefold() == label.casefold():
            raise Refused(
                f"there is an accepted domain `{_label(domain)}` already",
                "ObjectExists",
                target=label,
            )


class _New(ExchangeCmdlet):
    spec = CmdletSpec(
        name="New-AcceptedDomain",
        changes=True,
        directory=True,
        parameters=(
            Parameter(name="Name", convert=to_name, position=0, mandatory=True),
            Parameter(name="DomainName", convert=to_name, mandatory=True, from_property=True),
            Parameter(name="DomainType", convert=argument_of(_TYPE)),
            Parameter(name="MatchSubDomains", convert=argument_of(_FLAG)),
        ),
    )

    @property
    def since(self) -> dict[str, ExchangeVersion]:
        """Parameters that only later versions know."""
        return _SINCE

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Create the domain and return it."""
        state = state_of(context)
        organization = state.organization
        name, label = to_text(bound.get("DomainName")), to_text(bound.get("Name"))
        _check_name(name)
        for domain in organization.accepted_domains:
            if ascii_domain(domain.name) == ascii_domain(name):
                raise Refused(
                    f"the domain `{domain.name}` is accepted already", "ObjectExists", target=name
                )
        _check_label(organization, label, None)
        kind = bound.get("DomainType", DomainType.AUTHORITATIVE)
        new = AcceptedDomain(
            name=name,
            type=kind if isinstance(kind, DomainType) else DomainType.AUTHORITATIVE,
            match_sub_domains=bound.get("MatchSubDomains") is True,
            label="" if label == name else label,
        )
        if name == "*":
            context.warn("the accepted domain `*` takes mail for every domain (O-10)")
        if context.should_process(label):
            organization = add_accepted_domain(organization, new)
            context.state = state._replace(organization=organization)
            yield _domain_object(new, organization, state.newest)


class _Set(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Set-AcceptedDomain",
        changes=True,
        directory=True,
        parameters=(
            Parameter(
                name="Identity", convert=to_identity, position=0, mandatory=True, from_pipeline=True
            ),
            Parameter(name="Name", convert=to_name),
            Parameter(name="DomainType", convert=argument_of(_TYPE)),
            Parameter(name="MatchSubDomains", convert=argument_of(_FLAG)),
            Parameter(name="MakeDefault", convert=argument_of(_FLAG)),
            *(Parameter(name=name, convert=argument_of(_FLAG)) for name in _UNMODELLED),
        ),
    )

    @property
    def since(self) -> dict[str, ExchangeVersion]:
        """Parameters that only later versions know."""
        return _SINCE

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Change the domain."""
        state = state_of(context)
        organization = state.organization
        domain = _one(organization, to_text(bound.get("Identity")))
        changed = domain
        if "Name" in bound:
            label = to_text(bound.get("Name"))
            _check_label(organization, label, domain)
            changed = replace(changed, label="" if label == domain.name else label)
        kind = bound.get("DomainType")
        if isinstance(kind, DomainType):
            changed = replace(changed, type=kind)
        if "MatchSubDomains" in bound:
            changed = replace(changed, match_sub_domains=bound.get("MatchSubDomains") is True)
        noted = [
            Unmodelled(_scope(domain), name, _FLAG.format(bound.get(name)))
            for name in _UNMODELLED
            if name in bound
        ]
        if bound.get("MakeDefault") is True:
            noted.append(Unmodelled("accepted domains", _DEFAULT, domain.name))
        if not context.should_process(_label(domain)):
            return ()
        organization = replace_accepted_domain(organization, domain, changed)
        for entry in noted:
            organization = with_setting(organization, entry)
        context.state = state._replace(organization=organization).noting(*noted)
        return ()


class _Get(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Get-AcceptedDomain",
        directory=True,
        parameters=(
            Parameter(name="Identity", convert=to_identity, position=0, from_pipeline=True),
            Parameter(name="ResultSize"),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Return the domains that are asked for, all of them without an identity."""
        state = state_of(context)
        organization = state.organization
        wanted = to_text(bound.get("Identity"))
        if not wanted:
            found = list(organization.accepted_domains)
        elif has_wildcard(wanted) and all(
            wanted.casefold() != one.name.casefold() for one in organization.accepted_domains
        ):
            found = [
                one
                for one in organization.accepted_domains
                if matches_wildcard(_label(one), wanted)
            ]
        else:
            found = [_one(organization, wanted)]
        return [_domain_object(domain, organization, state.newest) for domain in found]


class _Remove(ExchangeCmdlet):
    spec = CmdletSpec(
        name="Remove-AcceptedDomain",
        changes=True,
        directory=True,
        parameters=(
            Parameter(
                name="Identity", convert=to_identity, position=0, mandatory=True, from_pipeline=True
            ),
        ),
    )

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Remove the domain."""
        state = state_of(context)
        organization = state.organization
        domain = _one(organization, to_text(bound.get("Identity")))
        if not context.should_process(_label(domain)):
            return ()
        if _is_default(organization, domain):
            context.warn(
                f"`{_label(domain)}` is the default domain: a real server may refuse to remove it"
            )
        rest = remove_accepted_domain(organization, domain)
        organization = drop_settings(rest, _scope(domain))
        context.state = state._replace(organization=organization)
        return ()


DOMAIN_CMDLETS = (_New(), _Set(), _Get(), _Remove())
