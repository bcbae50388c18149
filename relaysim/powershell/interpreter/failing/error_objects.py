"""Error records as objects: what a script sees as ``$_`` in ``catch`` and in ``$error``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import pattern
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.exceptions import exception_object, inner_message
from relaysim.powershell.values.value import DefaultView, EnumValue, ObjectType, ShellObject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relaysim.powershell.interpreter.failing.failures import ErrorRecord
    from relaysim.powershell.values.value import Value

__all__ = ["ERROR_TYPE", "error_object", "message_object", "stands_first"]


def _message(record: ShellObject) -> str:
    exception = record.get("Exception")
    return to_text(exception.get("Message")) if isinstance(exception, ShellObject) else ""


def _lines(record: ShellObject) -> list[str]:
    """Return what a printed error shows: its message, where it happened, and what kind it is."""
    invocation = record.get("InvocationInfo")
    message = _message(record)
    place = ""
    if isinstance(invocation, ShellObject):
        place = to_text(invocation.get("PositionMessage"))
        command = to_text(invocation.get("MyCommand"))
        if command and command != "throw":
            message = f"{command} : {message.removeprefix(command + ': ')}"
    return [
        *message.split("\n"),
        *(place.split("\n") if place else []),
        f"+ CategoryInfo          : {to_text(record.get('CategoryInfo'))}",
        f"+ FullyQualifiedErrorId : {to_text(record.get('FullyQualifiedErrorId'))}",
    ]


ERROR_TYPE = ObjectType(
    name="System.Management.Automation.ErrorRecord",
    text=_message,
    view=DefaultView(columns=("Exception",), lines=_lines),
)
_CATEGORY = ObjectType(
    name="System.Management.Automation.ErrorCategoryInfo",
    view=DefaultView(
        columns=("Category", "Activity", "Reason", "TargetName", "TargetType"), as_list=True
    ),
    text=lambda info: (
        f"{to_text(info.get('Category'))}: ({to_text(info.get('TargetName'))}:"
        f"{to_text(info.get('TargetType'))}) [{to_text(info.get('Activity'))}], "
        f"{to_text(info.get('Reason'))}"
    ),
)
_INVOCATION = ObjectType(name="System.Management.Automation.InvocationInfo")


_COMMAND = ObjectType(
    name="System.Management.Automation.CommandInfo", text=lambda one: to_text(one.get("Name"))
)


def _command_of(record: ErrorRecord) -> ShellObject | None:
    if not record.command or record.command == "throw":
        return None
    return ShellObject((("Name", record.caller or record.command),), type_=_COMMAND)


def _type_of_target(record: ErrorRecord) -> str:
    from relaysim.powershell.values.conversion import type_name_of

    target = record.thrown if record.thrown is not None else record.target or None
    return "" if target is None else type_name_of(target).rpartition(".")[2]


_INVALID_CAST = "System.Management.Automation.PSInvalidCastException"
_REASON = pattern(r'(?s).*Error: "(.*)"')


def _inside(name: str, message: str) -> ShellObject | None:
    """Return the exception inside that of an error, with what is inside of it."""
    if not name:
        return None
    inner = _behind_cast(message) if name == _INVALID_CAST else None
    return exception_object(name, message, inner=inner)


def _behind_cast(message: str) -> ShellObject | None:
    """Return why a text is no number, by what the error of the cast says."""
    found = _REASON.fullmatch(message)
    reason = "" if found is None else found.group(1)
    if reason.startswith("Input string was not"):
        return exception_object("System.FormatException", reason)
    if reason.startswith("Value was either too large"):
        return exception_object("System.OverflowException", reason)
    return None


_PARAMETER = pattern(r"(?s).*?\b(?:parameter|parameter name) '([^']*)'.*")


def _own_members(record: ErrorRecord) -> tuple[tuple[str, Value], ...]:
    """Return the members that only an exception of this type has."""
    name = record.exception_type.rpartition(".")[2]
    if name.startswith("ParameterBinding"):
        found = _PARAMETER.fullmatch(record.message)
        named = () if found is None else (("ParameterName", found.group(1)),)
        return (*named, ("ErrorId", record.id))
    own = {
        "ItemNotFoundException": "ItemName",
        "SessionStateUnauthorizedAccessException": "ItemName",
        "CommandNotFoundException": "CommandName",
    }
    return ((own[name], record.target or record.thrown),) if name in own else ()


def error_object(record: ErrorRecord, line: str = "", position: str = "") -> ShellObject:
    """Return the object of an error; ``line`` and ``position`` tell where it happened."""
    exception = record.exception
    if not isinstance(exception, ShellObject):
        inner = _inside(record.inner_type, inner_message(record.message))
        if inner is None and record.exception_type == _INVALID_CAST:
            inner = _behind_cast(record.message)
        exception = exception_object(
            record.exception_type, record.message, inner=inner, more=_own_members(record)
        )
    target = record.thrown if record.thrown is not None else record.target or None
    activity, reason, name, kind = record.described
    category = ShellObject(
        (
            ("Category", EnumValue(kind="System.Management.Automation.ErrorCategory",
                                   name=record.category, number=0)),
            ("Activity", activity or ("" if record.command == "throw" else record.command)),
            ("Reason", reason or exception.type.name.rpartition(".")[2]),
            ("TargetName", name or to_text(target)),
            ("TargetType", kind or _type_of_target(record)),
        ),
        type_=_CATEGORY,
    )  # fmt: skip
    place = record.position
    invocation = ShellObject(
        (
            ("MyCommand", _command_of(record)),
            ("ScriptLineNumber", None if place is None else place.line),
            ("OffsetInLine", None if place is None else place.column),
            ("Line", line),
            ("ScriptName", ""),
            ("PSScriptRoot", ""),
            ("PSCommandPath", ""),
            (
                "InvocationName",
                "" if record.command == "throw" else record.caller or record.command,
            ),
            (
                "PositionMessage",
                position or ("" if place is None else f"At line:{place.line} char:{place.column}"),
            ),
        ),
        type_=_INVOCATION,
    )
    full_id = f"{record.id},{record.origin}" if record.origin else record.id
    if full_id.partition(",")[0] == "WriteError":
        full_id = "Microsoft.PowerShell.Commands.WriteErrorException" + full_id[10:]
    return ShellObject(
        (
            ("Exception", exception),
            ("TargetObject", target),
            ("CategoryInfo", category),
            ("FullyQualifiedErrorId", full_id),
            ("ErrorDetails", None),
            ("InvocationInfo", invocation),
            ("ScriptStackTrace", "\n".join(record.stack)),
            ("PipelineIterationInfo", []),
        ),
        type_=ERROR_TYPE,
        base=record,
    )  # fmt: skip


def stands_first(record: ErrorRecord, errors: Sequence[Value]) -> bool:
    """Tell whether ``$error`` begins with the error's exception: it is not put there twice."""
    first = errors[0] if errors else None
    return isinstance(first, ShellObject) and (
        first.base is record
        or (record.exception is not None and record.exception is first.get("Exception"))
    )


def _said(record: ShellObject) -> str:
    return to_text(record.get("Message"))


_MESSAGES = {
    kind: ObjectType(
        name=f"System.Management.Automation.{kind}Record",
        text=_said,
        view=DefaultView(columns=("Message",), lines=lambda record: _said(record).split("\n")),
        ancestors=("System.Management.Automation.InformationalRecord",),
    )
    for kind in ("Warning", "Verbose", "Debug")
}


_INFORMATION = ObjectType(
    name="System.Management.Automation.InformationRecord",
    text=lambda record: to_text(record.get("MessageData")),
    view=DefaultView(
        columns=("MessageData",),
        lines=lambda record: to_text(record.get("MessageData")).split("\n"),
    ),
)


def message_object(kind: str, message: str) -> ShellObject:
    """Return what a message of a stream is once it is merged into the output, or kept.

    Args:
        kind: ``Warning``, ``Verbose``, ``Debug`` or ``Information``.
        message: What it says.
    """
    if kind == "Information":
        return ShellObject((("MessageData", message), ("Tags", [])), type_=_INFORMATION)
    return ShellObject(
        (("Message", message), ("InvocationInfo", None), ("PipelineIterationInfo", [])),
        type_=_MESSAGES[kind],
    )
