"""Types of PowerShell itself that scripts name and that belong to no value of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.failures import cast_failure
from relaysim.powershell.values.value import EnumValue, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from relaysim.powershell.hosting.credentials import credential_object, secret_of
else:
    credential_object, secret_of = later(
        globals(), "relaysim.powershell.hosting.credentials", "credential_object secret_of"
    )

__all__ = ["GENERAL_TYPES"]

_FILE = ObjectType(name="System.IO.FileInfo", text=lambda one: to_text(one.get("FullName")))
_PRINCIPAL = ObjectType(
    name="System.Security.Principal.WindowsPrincipal",
    # Whoever runs a script on this server administers it.
    calls={"isinrole": lambda _one, _args: True},
)


def _choice(value: Value) -> Value:
    from relaysim.powershell.hosting.questions import CHOICE, choice_object

    if isinstance(value, ShellObject) and value.type is CHOICE:
        return value
    return choice_object(*to_list(value)[:2])


def _credential(value: Value) -> Value:
    if isinstance(value, ShellObject) and value.type.name.endswith(".PSCredential"):
        return value
    if not isinstance(value, list) or len(value) != 2:
        raise cast_failure(
            to_text(value), "System.Management.Automation.PSCredential",
            "a credential is a user and a secure string", "InvalidCastConstructorException",
        )  # fmt: skip
    return credential_object(to_text(value[0]), value[1])


def _secure(value: Value) -> Value:
    if value is not None:
        secret_of(value)
    return value


def _file(value: Value) -> Value:
    if isinstance(value, ShellObject):
        return value
    path = to_text(value).replace("/", "\\")
    head, _, name = path.rpartition("\\")
    stem, dot, end = name.rpartition(".")
    return ShellObject(
        (
            ("Name", name), ("FullName", path), ("DirectoryName", head),
            ("BaseName", stem if dot else name), ("Extension", f".{end}" if dot else ""),
        ),
        type_=_FILE,
    )  # fmt: skip


_ROLES = {"Administrator": 544, "User": 545, "Guest": 546, "PowerUser": 547}


def _role(value: Value) -> Value:
    if isinstance(value, EnumValue):
        return value
    wanted = to_text(value).casefold()
    for name, number in _ROLES.items():
        if wanted in {name.casefold(), str(number)}:
            return EnumValue(
                kind="System.Security.Principal.WindowsBuiltInRole", name=name, number=number
            )
    raise cast_failure(
        to_text(value), "System.Security.Principal.WindowsBuiltInRole",
        "it is none of the roles of Windows", "InvalidCastParseTargetTypeWithRangeCheck",
    )  # fmt: skip


def _principal(_value: Value) -> Value:
    return ShellObject(type_=_PRINCIPAL)


GENERAL_TYPES: dict[str, Callable[[Value], Value]] = {
    "System.Management.Automation.Host.ChoiceDescription": _choice,
    "System.Management.Automation.PSCredential": _credential,
    "PSCredential": _credential,
    "System.Security.SecureString": _secure,
    "System.IO.FileInfo": _file,
    "System.Security.Principal.WindowsPrincipal": _principal,
    "System.Security.Principal.WindowsBuiltInRole": _role,
}
"""Each type with what makes a value one of it; several values are a constructor's arguments."""
