"""Secure strings and credentials: kept as they are, shown by their type only."""

from __future__ import annotations

from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.value import ObjectType, ShellObject, Value

__all__ = ["credential_object", "secret_of", "secure_string"]

_SECURE = ObjectType(
    name="System.Security.SecureString",
    methods={"dispose": lambda _one: None, "makereadonly": lambda _one: None},
    read_only=True,
)
_NETWORK = ObjectType(name="System.Net.NetworkCredential")


def secure_string(text: str) -> ShellObject:
    """Return a text as a ``SecureString``."""
    return ShellObject((("Length", len(text)),), type_=_SECURE, base=text)


def secret_of(value: Value) -> str:
    """Return the text of a ``SecureString``.

    Raises:
        ConversionError: It is none.
    """
    if isinstance(value, ShellObject) and value.type is _SECURE and isinstance(value.base, str):
        return value.base
    raise ConversionError(
        f'Cannot convert the "{to_text(value)}" value to type "System.Security.SecureString".',
        id="ConvertToFinalInvalidCastException",
    )


def _network(value: ShellObject) -> ShellObject:
    name = to_text(value.get("UserName"))
    domain, slash, user = name.rpartition("\\")
    return ShellObject(
        (
            ("UserName", user if slash else name),
            ("Password", secret_of(value.get("Password"))),
            ("SecurePassword", value.get("Password")),
            ("Domain", domain),
        ),
        type_=_NETWORK,
    )


_CREDENTIAL = ObjectType(
    name="System.Management.Automation.PSCredential",
    methods={"getnetworkcredential": _network},
    read_only=True,
)


def credential_object(user: str, password: Value) -> ShellObject:
    """Return a ``PSCredential``.

    Raises:
        ConversionError: The password is no ``SecureString``.
    """
    secret_of(password)
    return ShellObject((("UserName", user), ("Password", password)), type_=_CREDENTIAL)
