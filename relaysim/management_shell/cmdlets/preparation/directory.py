"""Commands of the directory's own module: the domain's names are known, accounts are not.

Accounts and groups are facts of a session here, whoever asks about it names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.preparation.recognised import IdleCommand
from relaysim.management_shell.state import state_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["DIRECTORY_CMDLETS"]

_FINDING = (
    "Filter", "LDAPFilter", "Properties", "SearchBase", "SearchScope", "ResultSetSize",
    "ResultPageSize", "Server", "Credential", "AuthType", "Partition",
)  # fmt: skip
_MAKING = (
    "AccountPassword", "CannotChangePassword", "ChangePasswordAtLogon", "Company", "Department",
    "Description", "DisplayName", "EmailAddress", "Enabled", "GivenName", "GroupCategory",
    "GroupScope", "Members", "OtherAttributes", "PasswordNeverExpires", "Path",
    "PasswordNotRequired", "ProtectedFromAccidentalDeletion", "SamAccountName", "Surname",
    "Title", "Type", "UserPrincipalName", "Add", "Remove", "Replace", "Clear", "NewPassword",
)  # fmt: skip


def _type(noun: str) -> ObjectType:
    return ObjectType(
        name=f"Microsoft.ActiveDirectory.Management.{noun}",
        view=DefaultView(columns=(), as_list=True),
        text=lambda one: to_text(one.get("DistinguishedName") or one.get("Name")),
    )


_DOMAIN, _FOREST = _type("ADDomain"), _type("ADForest")
_CONTROLLER = _type("ADDomainController")


def _names(context: Context) -> tuple[str, str, str]:
    """Return the domain's DNS name, its NetBIOS name and its distinguished name."""
    local = state_of(context).local
    dns = local.full_name.partition(".")[2]
    path = ",".join(f"DC={part}" for part in dns.split(".") if part)
    return dns, local.domain, path


def _domain(context: Context) -> ShellObject:
    dns, netbios, path = _names(context)
    properties = (
        ("DistinguishedName", path), ("DNSRoot", dns), ("Forest", dns), ("Name", netbios),
        ("NetBIOSName", netbios), ("DomainMode", None),
    )  # fmt: skip
    return ShellObject(properties, type_=_DOMAIN)


def _forest(context: Context) -> ShellObject:
    dns, _, _ = _names(context)
    properties = (("Name", dns), ("RootDomain", dns), ("Domains", [dns]), ("ForestMode", None))
    return ShellObject(properties, type_=_FOREST)


def _controller(context: Context) -> ShellObject:
    dns, _, path = _names(context)
    context.machine.remark(
        f"{context.command}: no domain controller is known here, `DC.{dns}` stands for one"
    )
    properties = (
        ("HostName", f"DC.{dns}"), ("Name", "DC"), ("Domain", dns), ("Forest", dns),
        ("DefaultPartition", path), ("Site", "Default-First-Site-Name"),
    )  # fmt: skip
    return ShellObject(properties, type_=_CONTROLLER)


def _parameters(*names: str) -> tuple[Parameter, ...]:
    return (
        Parameter(name="Identity", position=0, from_pipeline=True),
        *(Parameter(name=name) for name in names),
    )


class _Known:
    def __init__(self, name: str, make: Callable[[Context], ShellObject], *switches: str) -> None:
        self.spec = CmdletSpec(
            name=name,
            parameters=(
                *_parameters("Server", "Credential", "Filter", "DomainName", "Site", "Service"),
                *(Parameter(name=one, switch=True) for one in switches),
            ),
        )
        self._make = make

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the names of the model's domain."""
        del bound, pipeline_input
        return [self._make(context)]


def _without(name: str, *parameters: Parameter) -> IdleCommand:
    """Return a command that asks for, or changes, what is no part of the model."""
    changes = not name.startswith("Get-")
    does = "does nothing here" if changes else "shows nothing"
    return IdleCommand(
        name, *parameters, remark=f"{does}: accounts are no part of the model", changes=changes
    )


def _unknown() -> Iterable[IdleCommand]:
    nouns = ("User", "Group", "Computer", "Object", "OrganizationalUnit", "ServiceAccount")
    for noun in nouns:
        yield _without(f"Get-AD{noun}", *_parameters(*_FINDING))
        making = [*_parameters(*_MAKING, "Server", "Credential"), Parameter(name="Instance")]
        making.append(Parameter(name="PassThru", switch=True))
        yield _without(f"Set-AD{noun}", *making)
        yield _without(f"New-AD{noun}", Parameter(name="Name", position=0), *making[1:])
    yield _without(
        "Get-ADGroupMember", *_parameters("Server"), Parameter(name="Recursive", switch=True)
    )
    for verb in ("Add", "Remove"):
        yield _without(
            f"{verb}-ADGroupMember",
            *_parameters("Server"),
            Parameter(name="Members", position=1, aliases=("Member",)),
        )


DIRECTORY_CMDLETS: tuple[Cmdlet, ...] = (
    _Known("Get-ADDomain", _domain, "Current"),
    _Known("Get-ADForest", _forest, "Current"),
    _Known("Get-ADDomainController", _controller, "Discover", "Writable", "ForceDiscover",
           "NextClosestSite"),
    *_unknown(),
)  # fmt: skip
