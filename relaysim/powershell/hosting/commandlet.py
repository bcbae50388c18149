"""``$PSCmdlet``: what an advanced function knows of itself and may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import replace
from relaysim.powershell.hosting.questions import choice_of, choose
from relaysim.powershell.interpreter.failing.command_kinds import NO_SET
from relaysim.powershell.interpreter.failing.failures import ErrorRecord, ShellError
from relaysim.powershell.language.syntax import StringLiteral
from relaysim.powershell.values.conversion import to_text
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.value import ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Collection

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.language.syntax import Attribute, ParamBlock, ParameterDeclaration

__all__ = ["commandlet_object", "outside_the_set", "parameter_set"]

_ALL = "__AllParameterSets"


def _named(attribute: Attribute, wanted: str) -> str | None:
    for name, value in attribute.named:
        if name.casefold() == wanted and isinstance(value, StringLiteral):
            return value.value
    return None


def _sets_of(declaration: ParameterDeclaration) -> list[str]:
    return [
        name
        for attribute in declaration.attributes
        if attribute.name.casefold() == "parameter"
        and (name := _named(attribute, "parametersetname")) is not None
    ]


def outside_the_set(block: ParamBlock, bound: Collection[str]) -> frozenset[str]:
    """Return the lower-case names of the parameters that the chosen set does not have."""
    sets = {one.name.casefold(): _sets_of(one) for one in block.parameters}
    if not any(sets.values()):
        return frozenset()
    chosen = parameter_set(block, bound)
    return frozenset(name for name, own in sets.items() if own and chosen not in own)


def parameter_set(block: ParamBlock, bound: Collection[str]) -> str:
    """Return the parameter set that the parameters given choose.

    Args:
        block: The declarations.
        bound: The lower-case names of the parameters that were given.

    Raises:
        ConversionError: They belong to different sets, or to several and none is the default.
    """
    sets: dict[str, None] = {}
    possible: set[str] | None = None
    for declaration in block.parameters:
        own = _sets_of(declaration)
        sets.update(dict.fromkeys(own))
        if own and declaration.name.casefold() in bound:
            possible = set(own) if possible is None else possible & set(own)
    default = next(
        (
            name
            for attribute in block.attributes
            if attribute.name.casefold() == "cmdletbinding"
            and (name := _named(attribute, "defaultparametersetname")) is not None
        ),
        None,
    )
    left = [name for name in sets if possible is None or name in possible]
    if not sets:
        return default or _ALL
    if default is not None and (possible is None or default in possible):
        return default
    if len(left) > 1:
        left = [name for name in left if not _lacks(block, name, bound)]
    if len(left) != 1:
        raise ConversionError(NO_SET, id="AmbiguousParameterSet")
    return left[0]


def _lacks(block: ParamBlock, wanted: str, bound: Collection[str]) -> bool:
    """Tell whether a parameter that a set must have was not given."""
    return any(
        _named(attribute, "parametersetname") == wanted
        and "mandatory" in {name.casefold() for name, _ in attribute.named}
        for declaration in block.parameters
        if declaration.name.casefold() not in bound
        for attribute in declaration.attributes
        if attribute.name.casefold() == "parameter"
    )


def _of_command(context: Context, record: ErrorRecord) -> ErrorRecord:
    """Return a record that a script made as one of the command that reports it, at its call."""
    if record.position is not None:
        return record
    return replace(
        record,
        command=context.command,
        origin=context.command,
        caller=context.command,
        position=context.machine.source.position(context.at),
        at=context.at,
        stack=context.machine.stack(context.at),
    )


def commandlet_object(
    context: Context, block: ParamBlock, bound: Collection[str], invocation: Value
) -> ShellObject:
    """Return ``$PSCmdlet`` of a function that runs."""

    def should_process(_one: ShellObject, args: list[Value]) -> Value:
        texts = [to_text(one) for one in args]
        return context.should_process(texts[0], texts[1] if len(texts) > 1 else None)

    def should_continue(_one: ShellObject, args: list[Value]) -> Value:
        question = " ".join(to_text(one) for one in reversed(args[:2]))
        return choose(context.machine, question, (choice_of("&Yes"), choice_of("&No")), 0) == 0

    def note(_one: ShellObject, args: list[Value]) -> Value:
        context.note(to_text(args[0]))
        return None

    def warn(_one: ShellObject, args: list[Value]) -> Value:
        context.warn(to_text(args[0]))
        return None

    def report(_one: ShellObject, args: list[Value]) -> Value:
        error = args[0]
        if isinstance(error, ShellObject) and isinstance(error.base, ErrorRecord):
            context.write_record(_of_command(context, error.base), error.get("Exception"))
        else:
            context.write_error(to_text(error))
        return None

    def end(_one: ShellObject, args: list[Value]) -> Value:
        record = args[0].base if isinstance(args[0], ShellObject) else None
        if isinstance(record, ErrorRecord):
            record = _of_command(context, record)
            raise ShellError(record, fatal=context.error_action == "stop")
        raise context.failure(to_text(args[0]))

    type_ = ObjectType(
        name="System.Management.Automation.PSScriptCmdlet",
        calls={
            "shouldprocess": should_process,
            "shouldcontinue": should_continue,
            "writeverbose": note,
            "writewarning": warn,
            "writeerror": report,
            "throwterminatingerror": end,
        },
    )
    return ShellObject(
        (("ParameterSetName", parameter_set(block, bound)), ("MyInvocation", invocation)),
        type_=type_,
    )
