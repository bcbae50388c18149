"""``Get-Date`` with a date, and ``New-TimeSpan``."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.choices import numbered, one_of
from relaysim.powershell.hosting.clock import local_time
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.language.syntax import ParameterArgument, Splat
from relaysim.powershell.values.casting import cast
from relaysim.powershell.values.conversion import (
    to_int,
    to_text,
    written_text,
)
from relaysim.powershell.values.net_time import (
    datetime_object,
    format_time,
    kind_of,
    subtract_dates,
    timespan_object,
    to_datetime,
)
from relaysim.powershell.values.value import EnumValue, ScriptBlockValue, ShellObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.interpreter.contract import Cmdlet
    from relaysim.powershell.language.syntax import Command
    from relaysim.powershell.values.value import Value

__all__ = ["CLOCK_CMDLETS", "DATE_CMDLETS"]

_PARTS = ("Year", "Month", "Day", "Hour", "Minute", "Second", "Millisecond")
_SPANS = {
    "Days": timedelta(days=1), "Hours": timedelta(hours=1), "Minutes": timedelta(minutes=1),
    "Seconds": timedelta(seconds=1),
}  # fmt: skip
_CLOCK = "`Get-Date` would give another answer in every run"


def _asks_the_clock(node: Command) -> str | None:
    """Return why a ``Get-Date`` cannot be answered: it names no whole date."""
    named = {
        argument.name.casefold() for argument in node.arguments
        if isinstance(argument, ParameterArgument)
    }  # fmt: skip
    if any(isinstance(argument, Splat) for argument in node.arguments) or any(
        "date".startswith(name) and len(name) > 1 for name in named
    ):
        return None
    if all(part.casefold() in named for part in _PARTS[:6]):
        return None
    place = 0
    for argument in node.arguments:
        if isinstance(argument, ParameterArgument):
            takes = argument.value is None and not argument.name.casefold().startswith("as")
            place -= takes
        else:
            place += 1
    return None if place > 0 else _CLOCK


def _to_form(value: Value) -> str | None:
    return None if value is None else to_text(value)


_BOUNDS = ((1, 9999), (1, 12), (1, 31), (0, 23), (0, 59), (0, 59), (0, 999))
"""The least and the most of each part."""
_HINT = one_of("Microsoft.PowerShell.Commands.DisplayHintType", "Date", "Time", "DateTime")


_DATE_PARAMETERS = (
    Parameter(
        name="Date",
        position=0,
        from_pipeline=True,
        from_property=True,
        aliases=("LastWriteTime",),
        convert=to_datetime,
    ),
    *(
        Parameter(name=name, convert=numbered(*bounds))
        for name, bounds in zip(_PARTS, _BOUNDS, strict=True)
    ),
    Parameter(name="DisplayHint", convert=_HINT),
    Parameter(name="Format", convert=_to_form),
    Parameter(name="UFormat", convert=written_text),
)


class _GetDate:
    def __init__(self, *, clock: bool = False) -> None:
        self._clock = clock
        self.spec = CmdletSpec(
            name="Get-Date",
            refuse=None if clock else _asks_the_clock,
            parameters=_DATE_PARAMETERS,
            exclusive=(("Format", "UFormat"),),
        )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the date that is given, with the parts that are given beside it."""
        del pipeline_input
        given = bound.get("Date")
        whole = all(part in bound for part in _PARTS[:6])
        if not isinstance(given, ShellObject) and not whole:
            given = datetime_object(local_time(context.machine), kind="Local")
        moment = given.base if isinstance(given, ShellObject) else datetime(1, 1, 1)  # noqa: DTZ001
        if not isinstance(moment, datetime):
            moment = datetime(1, 1, 1)  # noqa: DTZ001
        try:
            moment = _with_parts(moment, bound)
        except (ValueError, OverflowError) as error:
            raise context.failure(
                f"Get-Date: {error}", id="ParameterArgumentValidationError"
            ) from error
        kind = kind_of(given) if isinstance(given, ShellObject) else "Local"
        value = datetime_object(moment, kind=kind)
        if "UFormat" in bound:
            yield _unix_form(moment, to_text(bound.get("UFormat")))
        else:
            form = bound.get("Format")
            yield (
                format_time(value, _FILE_FORMS.get(to_text(form).casefold(), to_text(form)) or "G")
                if form is not None
                else _hinted(value, to_text(bound.get("DisplayHint", "DateTime")))
            )


def _with_parts(moment: datetime, bound: Bound) -> datetime:
    """Return a date with the parts that are given, each counted from what was there before.

    A month that is shorter ends earlier, a day that it does not have is one of the next month.
    """
    for part in ("Year", "Month"):
        if part in bound:
            number = to_int(bound.get(part))
            year, month = (number, moment.month) if part == "Year" else (moment.year, number)
            date = moment.replace(year=year, month=month, day=1)
            moment = date.replace(day=min(moment.day, monthrange(date.year, date.month)[1]))
    if "Day" in bound:
        moment += timedelta(days=to_int(bound.get("Day")) - moment.day)
    moment = moment.replace(
        hour=to_int(bound.get("Hour", moment.hour)),
        minute=to_int(bound.get("Minute", moment.minute)),
        second=to_int(bound.get("Second", moment.second)),
    )
    if "Millisecond" in bound:
        moment = moment.replace(microsecond=to_int(bound.get("Millisecond")) * 1000)
    return moment


_FILE_FORMS = {
    "filedate": "yyyyMMdd", "filedatetime": "yyyyMMddTHHmmssffff",
    "filedateuniversal": "yyyyMMddZ", "filedatetimeuniversal": "yyyyMMddTHHmmssffffZ",
}  # fmt: skip
"""The forms for names of files; the machine of a script stands where the time is the world's."""


_HINTS = {"DateTime": ("F", 2), "Date": ("D", 0), "Time": ("T", 1)}


def _hinted(value: ShellObject, hint: str) -> ShellObject:
    """Return a date with what `Get-Date` says about how it is shown."""
    form, number = _HINTS.get(hint, ("F", 2))
    kind = "Microsoft.PowerShell.Commands.DisplayHintType"
    shown = ShellObject(
        (
            ("DisplayHint", EnumValue(kind=kind, name=hint, number=number)),
            *value.items(),
        ),
        type_=value.type, base=value.base,
    )  # fmt: skip
    shown.put("DateTime", format_time(value, form))
    return shown


class _NewTimeSpan:
    spec = CmdletSpec(
        name="New-TimeSpan",
        parameters=(
            Parameter(
                name="Start",
                position=0,
                from_pipeline=True,
                from_property=True,
                aliases=("LastWriteTime",),
                convert=to_datetime,
            ),
            Parameter(name="End", position=1, from_property=True, convert=to_datetime),
            *(Parameter(name=name, convert=to_int) for name in _SPANS),
        ),
        exclusive=tuple((date, name) for date in ("Start", "End") for name in _SPANS),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the time between two dates, or one of the length given."""
        del pipeline_input
        start, end = bound.get("Start"), bound.get("End")
        if isinstance(start, ShellObject) and isinstance(end, ShellObject):
            yield subtract_dates(end, start)
            return
        if start is not None or end is not None:
            now = datetime_object(local_time(context.machine))
            first = start if isinstance(start, ShellObject) else now
            last = end if isinstance(end, ShellObject) else now
            yield subtract_dates(last, first)
            return
        total = timedelta()
        try:
            for name, unit in _SPANS.items():
                total += unit * to_int(bound.get(name, 0))
        except OverflowError as error:
            raise context.failure(f"New-TimeSpan: {error}") from error
        yield timespan_object((total.days * 86_400 + total.seconds) * 10_000_000)


_UNIX = {
    "Y": "yyyy", "y": "yy", "m": "MM", "d": "dd", "H": "HH", "I": "hh", "M": "mm", "S": "ss",
    "p": "tt", "A": "dddd", "a": "ddd", "B": "MMMM", "b": "MMM", "h": "MMM", "T": "HH:mm:ss",
    "D": "MM/dd/yy", "R": "HH:mm", "F": "yyyy-MM-dd", "r": "hh:mm:ss tt", "x": "MM/dd/yy",
    "X": "HH:mm:ss", "G": "yyyy", "g": "yy",
}  # fmt: skip


_COUNTED: dict[str, Callable[[datetime], str]] = {
    "j": lambda moment: f"{moment.timetuple().tm_yday:03d}",
    "C": lambda moment: str(moment.year // 100),
    "c": lambda moment: f"{moment:%a %b} {moment.day:>2} {moment:%H:%M:%S} {moment.year}",
    "e": lambda moment: f"{moment.day:>2}",
    "k": lambda moment: f"{moment.hour:>2}",
    "l": lambda moment: f"{moment.hour % 12 or 12:>2}",
    "u": lambda moment: str((moment.weekday() + 1) % 7),
    "w": lambda moment: str((moment.weekday() + 1) % 7),
    "U": lambda moment: str(moment.timetuple().tm_yday // 7),
    "W": lambda moment: str(moment.timetuple().tm_yday // 7),
    "V": lambda moment: str(moment.timetuple().tm_yday // 7 + 1),
    "s": lambda moment: str(int((moment - datetime(1970, 1, 1)).total_seconds())),  # noqa: DTZ001
}
"""What numbers of a date give in ``-UFormat``, as Windows PowerShell counts weeks."""


def _unix_form(moment: datetime, pattern: str) -> str:
    """Return a date in the form that ``-UFormat`` asks for."""
    value = datetime_object(moment)
    pieces: list[str] = []
    rest = iter(pattern.removeprefix("+"))
    for char in rest:
        letter = next(rest, "") if char == "%" else char
        if char != "%":
            pieces.append(char)
            continue
        match letter:
            case "Z":
                made = "+00"
            case "n" | "t":
                made = "\n" if letter == "n" else "\t"
            case _ if letter in _COUNTED:
                made = _COUNTED[letter](moment)
            case _ if letter in _UNIX:
                made = format_time(value, _UNIX[letter])
            case _:
                made = letter
        pieces.append(made)
    return "".join(pieces)


class _MeasureCommand:
    spec = CmdletSpec(
        name="Measure-Command",
        parameters=(
            Parameter(name="Expression", position=0, mandatory=True),
            Parameter(name="InputObject", from_pipeline=True),
        ),
    )

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Return the time that a block sleeps: no other time passes on the clock of a run."""
        machine = context.machine
        block = cast("scriptblock", bound.get("Expression"))
        begin = machine.slept
        item = pipeline_input[0] if pipeline_input else bound.get("InputObject")
        if isinstance(block, ScriptBlockValue):
            context.invoke(block, item)
        machine.remark("Measure-Command counts what the script sleeps, no other time passes here")
        yield timespan_object(round((machine.slept - begin) * 10_000_000))


CLOCK_CMDLETS: tuple[Cmdlet, ...] = (_GetDate(clock=True), _MeasureCommand())
"""``Get-Date`` where somebody said what time it is."""
DATE_CMDLETS: tuple[Cmdlet, ...] = (_GetDate(), _NewTimeSpan())
