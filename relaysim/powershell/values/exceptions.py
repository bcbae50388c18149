"""Exceptions as objects: what ``$_.Exception`` is, and what a script throws."""

from __future__ import annotations

from functools import lru_cache

from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.type_names import ancestors, full_name
from relaysim.powershell.values.value import DefaultView, ObjectType, ShellObject, Value

__all__ = ["exception_object", "is_exception_object"]

_VIEW = DefaultView(
    columns=(
        "TargetSite", "Message", "Data", "InnerException", "HelpLink", "Source", "HResult",
        "StackTrace",
    ),
    as_list=True,
)  # fmt: skip


def _base_exception(value: ShellObject) -> Value:
    while isinstance(inner := value.get("InnerException"), ShellObject):
        value = inner
    return value


@lru_cache(maxsize=128)
def _type_of(name: str) -> ObjectType:
    return ObjectType(
        name=name,
        view=_VIEW,
        text=lambda value: f"{value.type.name}: {to_text(value.get('Message'))}",
        methods={"getbaseexception": _base_exception},
        ancestors=tuple(full_name(one) for one in ancestors(name)[1:]),
    )


def exception_object(
    name: str, message: str, *, inner: Value = None, stack: str | None = None
) -> ShellObject:
    """Return an exception of the type with the full name ``name``."""
    return ShellObject(
        (
            ("Message", message),
            ("Data", []),
            ("InnerException", inner),
            ("TargetSite", None),
            ("StackTrace", stack),
            ("HelpLink", None),
            ("Source", None),
            ("HResult", -2146233088),
        ),
        type_=_type_of(name),
    )


def is_exception_object(value: Value) -> bool:
    """Tell whether a value is an exception."""
    return isinstance(value, ShellObject) and value.type.view is _VIEW
