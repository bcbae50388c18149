"""``Write-Output``, ``Write-Host``, ``Write-Warning``, ``Write-Error``, ``Write-Verbose``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.choices import numbered
from relaysim.powershell.cmdlets.properties import to_one_text
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.interpreter.failing.command_kinds import MISSING
from relaysim.powershell.interpreter.failing.failures import ErrorRecord
from relaysim.powershell.values.conversion import (
    item_text,
    screen_text,
    to_list,
    to_text,
    type_name_of,
    written_text,
)
from relaysim.powershell.values.failures import ConversionError
from relaysim.powershell.values.kinds.enumerations import to_enum
from relaysim.powershell.values.net_time import in_culture
from relaysim.powershell.values.value import HashTable, ShellObject, Value, unroll

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet

__all__ = ["WRITING_CMDLETS"]

_MESSAGE = Parameter(
    name="Message",
    position=0,
    mandatory=True,
    from_pipeline=True,
    aliases=("Msg",),
    convert=to_one_text,
)


_COLORS = (
    "Black", "DarkBlue", "DarkGreen", "DarkCyan", "DarkRed", "DarkMagenta", "DarkYellow", "Gray",
    "DarkGray", "Blue", "Green", "Cyan", "Red", "Magenta", "Yellow", "White",
)  # fmt: skip


def _to_color(value: Value) -> str:
    """Return an argument as the name of a colour of the console."""
    text = to_text(value)
    if text.isdigit() and int(text) < len(_COLORS):
        return _COLORS[int(text)]
    found = next((color for color in _COLORS if color.casefold() == text.casefold()), None)
    if found is None:
        raise ConversionError(
            f'Cannot convert value "{text}" to type "System.ConsoleColor". Error: "Unable to match '
            f"the identifier name {text} to a valid enumerator name. Specify one of the following "
            f'enumerator names and try again:\n{", ".join(_COLORS)}"',
            id="CannotConvertArgumentNoMessage",
        )
    return found


class _WriteOutput:
    spec = CmdletSpec(
        name="Write-Output",
        aliases=("echo", "write"),
        parameters=(
            Parameter(
                name="InputObject", position=0, remaining=True, mandatory=True, from_pipeline=True
            ),
            Parameter(name="NoEnumerate", switch=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the arguments one by one."""
        del pipeline_input
        value = bound.get("InputObject")
        if bound.flag("NoEnumerate"):
            return [value]
        items = unroll(value)
        context.spend(len(items))
        return items


class _WriteHost:
    spec = CmdletSpec(
        name="Write-Host",
        parameters=(
            Parameter(name="Object", position=0, remaining=True, from_pipeline=True),
            Parameter(name="NoNewline", switch=True),
            Parameter(name="Separator", convert=written_text),
            Parameter(name="ForegroundColor", convert=_to_color),
            Parameter(name="BackgroundColor", convert=_to_color),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write the arguments to the output, past the pipeline; colours have no effect."""
        separator = to_text(bound.get("Separator", " "))
        given = bound.get("Object")
        # A hashtable that comes down the pipe is shown by its type, others by their entries.
        piped = pipeline_input and isinstance(given, HashTable)
        items = [to_text(given)] if piped else to_list(given)
        context.spend(len(items))
        text = separator.join(self._shown(item, separator) for item in items)
        context.told_of(text)
        context.host(text if bound.flag("NoNewline") else f"{text}\n")
        return ()

    @staticmethod
    def _shown(item: Value, separator: str) -> str:
        if isinstance(item, HashTable):
            return separator.join("System.Collections.DictionaryEntry" for _ in item)
        if isinstance(item, ShellObject):
            return in_culture(item)
        if isinstance(item, list):
            return separator.join(_WriteHost._shown(one, separator) for one in item)
        return screen_text(item)


class _WriteWarning:
    spec = CmdletSpec(name="Write-Warning", parameters=(_MESSAGE,))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Report a warning."""
        del pipeline_input
        context.warn(to_text(bound.get("Message")))
        return ()


class _WriteError:
    spec = CmdletSpec(
        name="Write-Error",
        parameters=(
            Parameter(
                name="Message",
                position=0,
                from_pipeline=True,
                aliases=("Msg",),
                convert=to_one_text,
            ),
            Parameter(name="Exception"),
            Parameter(name="ErrorRecord"),
            Parameter(name="ErrorId", convert=written_text),
            Parameter(name="Category", convert=lambda value: to_enum("errorcategory", value)),
            Parameter(name="TargetObject"),
            Parameter(name="RecommendedAction", convert=written_text),
            Parameter(name="CategoryActivity"),
            Parameter(name="CategoryReason"),
            Parameter(name="CategoryTargetName"),
            Parameter(name="CategoryTargetType"),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Report an error: a message, an exception, or the record of another error."""
        del pipeline_input
        record, exception = bound.get("ErrorRecord"), bound.get("Exception")
        if not {"Message", "ErrorRecord", "Exception"} & set(bound):
            raise context.failure(f"{MISSING} Message.", id="MissingMandatoryParameter")
        category = to_text(bound.get("Category")) or "NotSpecified"
        if isinstance(record, ShellObject) and isinstance(record.base, ErrorRecord):
            context.write_record(record.base, record.get("Exception"))
            return ()
        if isinstance(exception, ShellObject) and "Message" not in bound:
            context.write_exception(exception, category=category)
            return ()
        context.write_error(
            to_text(bound.get("Message")),
            id=to_text(bound.get("ErrorId", "WriteError")),
            target=item_text(bound.get("TargetObject")),
            about=bound.get("TargetObject"),
            hint=to_text(bound.get("RecommendedAction")) or None,
            category=category,
            described=(
                to_text(bound.get("CategoryActivity")),
                to_text(bound.get("CategoryReason")),
                to_text(bound.get("CategoryTargetName")),
                to_text(bound.get("CategoryTargetType")),
            ),
        )
        return ()


class _WriteVerbose:
    spec = CmdletSpec(name="Write-Verbose", parameters=(_MESSAGE,))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write a message that ``-Verbose`` or ``$VerbosePreference`` asks for."""
        del pipeline_input
        context.note(to_text(bound.get("Message")))
        return ()


class _WriteDebug:
    spec = CmdletSpec(name="Write-Debug", parameters=(_MESSAGE,))

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write a message that ``-Debug`` or ``$DebugPreference`` asks for."""
        del pipeline_input
        context.debug(to_text(bound.get("Message")))
        return ()


class _WriteInformation:
    spec = CmdletSpec(
        name="Write-Information",
        parameters=(
            Parameter(
                name="MessageData",
                position=0,
                from_pipeline=True,
                mandatory=True,
                aliases=("Msg",),
            ),
            Parameter(name="Tags", position=1),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Write an object that ``-InformationAction`` or ``$InformationPreference`` asks for."""
        del pipeline_input
        data = bound.get("MessageData")
        context.inform(type_name_of(data) if isinstance(data, list) else to_text(data))
        return ()


class _WriteNothing:
    """A stream that is not shown by default and changes nothing."""

    def __init__(self, name: str, *parameters: Parameter) -> None:
        self.spec = CmdletSpec(name=name, parameters=parameters)

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return nothing."""
        del context, bound, pipeline_input
        return ()


WRITING_CMDLETS: tuple[Cmdlet, ...] = (
    _WriteOutput(),
    _WriteHost(),
    _WriteWarning(),
    _WriteError(),
    _WriteVerbose(),
    _WriteDebug(),
    _WriteInformation(),
    _WriteNothing(
        "Write-Progress",
        Parameter(name="Activity", position=0, mandatory=True),
        Parameter(name="Status", position=1),
        Parameter(name="Id", position=2, convert=numbered(0)),
        Parameter(name="PercentComplete", convert=numbered(-1, 100)),
        Parameter(name="SecondsRemaining", convert=numbered(-(1 << 31))),
        Parameter(name="CurrentOperation"),
        Parameter(name="ParentId", convert=numbered(-1)),
        Parameter(name="Completed", switch=True),
    ),
)
