"""From the arguments of a command to its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later
from relaysim.powershell.interpreter.binding.misfits import as_switch, misfit, to_switch
from relaysim.powershell.interpreter.binding.naming import find_parameter
from relaysim.powershell.interpreter.contract import Bound, Parameter
from relaysim.powershell.interpreter.failing.command_kinds import (
    INNER_EXCEPTIONS,
    NO_SET,
    binding_kind,
)
from relaysim.powershell.interpreter.failing.failures import (
    ConversionError,
    ErrorRecord,
    ShellError,
)
from relaysim.powershell.language.syntax import BareWord, ParameterArgument, Splat
from relaysim.powershell.values.conversion import (
    as_argument,
    item_text,
    to_text,
)
from relaysim.powershell.values.numeric import Char
from relaysim.powershell.values.value import (
    HashTable,
    ScriptBlockValue,
    ShellList,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from relaysim.powershell.interpreter.binding.declared import require_fitting
    from relaysim.powershell.interpreter.binding.delayed import is_delayed
    from relaysim.powershell.interpreter.contract import Parameter
    from relaysim.powershell.interpreter.interplay import Interpreter
    from relaysim.powershell.language.syntax import Argument, Expression
else:
    (require_fitting,) = later(
        globals(), "relaysim.powershell.interpreter.binding.declared", "require_fitting"
    )
    (is_delayed,) = later(
        globals(), "relaysim.powershell.interpreter.binding.delayed", "is_delayed"
    )

__all__ = ["BoundArguments", "bind_arguments"]


class BoundArguments:
    """What the arguments of a command gave.

    Attributes:
        own: The command's own parameters, converted.
        common: The common parameters, converted.
        rest: Unnamed arguments no parameter takes.
        delayed: The blocks that give parameters their values for each object.
    """

    __slots__ = ("common", "delayed", "own", "rest")

    def __init__(self) -> None:
        self.own = Bound()
        self.common = Bound()
        self.rest: list[Value] = []
        self.delayed: dict[str, tuple[Parameter, Value]] = {}


class _Binder:
    def __init__(
        self,
        parts: Interpreter,
        command: str,
        parameters: Sequence[Parameter],
        common: Sequence[Parameter],
        *,
        function: bool,
        simple: bool,
        exclusive: Sequence[Sequence[str]] = (),
        origin: str = "",
        piped: bool = False,
    ) -> None:
        self.exclusive = exclusive
        self.piped = piped
        self.origin = command if function else origin
        self.function = function
        self.simple = simple
        self.machine = parts.machine
        self.parts = parts
        self.command = command
        self.parameters = parameters
        self.common = common
        self.result = BoundArguments()
        self.remaining = any(one.remaining for one in parameters)
        self.free: list[tuple[Value, int]] = []
        self.named_from: int | None = None

    def fail(self, message: str, at: int, error_id: str, hint: str | None = None) -> ShellError:
        category, exception = binding_kind(error_id)
        record = ErrorRecord(
            message=message,
            id=error_id,
            hint=hint,
            command=self.command,
            position=self.machine.source.position(at),
            exception_type=exception,
            inner_type=INNER_EXCEPTIONS.get(error_id, ""),
            category=category,
            origin=self.origin,
        )
        return ShellError(record)

    def find(self, name: str, at: int) -> Parameter:
        try:
            return find_parameter(self.command, name, self.parameters, self.common)
        except ConversionError as error:
            if error.subset:
                raise self.machine.convert_failure(error, at) from error
            raise self.fail(error.message, at, error.id, error.hint) from error

    def is_common(self, parameter: Parameter) -> bool:
        return any(parameter is one for one in self.common)

    def give(self, parameter: Parameter, value: Value, at: int, *, placed: bool = False) -> None:
        bound = self.result.common if self.is_common(parameter) else self.result.own
        if parameter.name in bound or parameter.name in self.result.delayed:
            raise self.fail(
                f"Cannot bind parameter because parameter '{parameter.name}' is specified more "
                "than once. To provide multiple values to parameters that can accept multiple "
                'values, use the array syntax. For example, "-parameter value1,value2,value3".',
                at,
                "ParameterAlreadyBound",
            )
        apart = not (placed and parameter.remaining) and type(value) is ScriptBlockValue
        if apart and is_delayed(self.command, parameter, value):
            self.delay(parameter, value, at, placed=placed)
            return
        try:
            if not self.function and (value is None or value == "" or isinstance(value, list)):
                require_fitting(self.command, parameter.name, value)
            converted = self.converted(parameter, value)
        except ConversionError as error:
            raise self.refused(parameter, error, at) from error
        bound.set(parameter.name, converted)

    def delay(self, parameter: Parameter, value: Value, at: int, *, placed: bool) -> None:
        """Keep a block that gives a parameter its values; by place it would be no argument."""
        if not self.piped:
            raise self.fail(
                f"Cannot evaluate parameter '{parameter.name}' because its argument is specified "
                "as a script block and there is no input. A script block cannot be evaluated "
                "without input.",
                at,
                "ScriptBlockArgumentNoInput",
            )
        if placed:
            raise self.unplaced(value, at)
        self.result.delayed[parameter.name] = parameter, value

    def converted(self, parameter: Parameter, value: Value) -> Value:
        if not parameter.switch:
            return parameter.convert(value)
        if self.is_common(parameter) or not self.function:
            return to_switch(parameter.name, value)
        return as_switch(value)

    def refused(self, parameter: Parameter, error: ConversionError, at: int) -> ShellError:
        """Return the error of an argument that does not fit its parameter."""
        if error.subset:
            return self.machine.convert_failure(error, at)
        message, error_id = misfit(self.command, parameter.name, error, function=self.function)
        return self.fail(message, at, error_id, error.hint)

    def splat(self, node: Splat) -> None:
        value = self.machine.scope.get(node.name)
        if isinstance(value, HashTable | Bound):
            for key, item in value.items():
                name = to_text(key)
                if self.simple and not self.knows(name):
                    self.keep_named(name, node.at)
                    self.free.append((as_argument(item), node.at))
                else:
                    self.give(self.find(name, node.at), as_argument(item), node.at)
        elif isinstance(value, list):
            self.free += ((item, node.at) for item in value)
        elif type(value) is str:
            # A text is taken apart as what it is to .NET: characters.
            self.free += ((Char(one), node.at) for one in value)
        else:
            self.free.append((value, node.at))

    def knows(self, name: str) -> bool:
        """Tell whether a simple function has a parameter of a name, perhaps abbreviated."""
        folded = name.casefold()
        return any(
            own.casefold().startswith(folded)
            for one in (*self.parameters, *self.common)
            for own in (one.name, *one.aliases)
        )

    def keep_named(self, name: str, at: int) -> None:
        """Keep the name of an unknown parameter; from here on nothing is bound by place."""
        if self.named_from is None:
            self.named_from = len(self.free)
        self.free.append((f"-{name}", at))

    def loose(self, node: Expression | None) -> None:
        """Take an argument without a parameter's name."""
        if node is not None:
            self.free.append((as_argument(self.parts.evaluate(node)), node.at))

    def read(self, arguments: Sequence[Argument]) -> None:
        waiting: tuple[Parameter, int] | None = None
        names_end = False
        for argument in arguments:
            if waiting is not None and not isinstance(argument, ParameterArgument | Splat):
                self.give(waiting[0], as_argument(self.parts.evaluate(argument)), waiting[1])
                waiting = None
                continue
            if waiting is not None:
                raise self._missing(*waiting)
            if isinstance(argument, BareWord) and argument.text == "--" and not names_end:
                names_end = True
            elif isinstance(argument, Splat):
                self.splat(argument)
            elif isinstance(argument, ParameterArgument) and names_end:
                self.free.append((f"-{argument.name}", argument.at))
            elif isinstance(argument, ParameterArgument):
                waiting = self.named(argument)
            else:
                self.loose(argument)
        if waiting is not None:
            raise self._missing(*waiting)

    def named(self, argument: ParameterArgument) -> tuple[Parameter, int] | None:
        """Take ``-Name``; return the parameter when its value is the next argument."""
        if (self.simple or self.remaining) and not self.knows(argument.name):
            # Write-Host and its like take what they do not know as text.
            name = argument.name + ("" if argument.value is None else ":")
            self.keep_named(name, argument.at)
            self.loose(argument.value)
            return None
        parameter = self.find(argument.name, argument.at)
        if argument.value is not None:
            self.give(parameter, as_argument(self.parts.evaluate(argument.value)), argument.at)
        elif parameter.switch:
            self.give(parameter, True, argument.at)  # noqa: FBT003 - the value given
        else:
            return parameter, argument.at
        return None

    def _missing(self, parameter: Parameter, at: int) -> ShellError:
        message = (
            f"Missing an argument for parameter '{parameter.name}'. Specify a parameter of type "
            f"'{parameter.type_name}' and try again."
        )
        return self.fail(message, at, "MissingArgument")

    def excluded(self, name: str) -> bool:
        """Tell whether a parameter of another set was given by its name."""
        return any(
            name in names and any(other != name and other in self.result.own for other in names)
            for names in self.exclusive
        )

    def check_sets(self, at: int) -> None:
        """Refuse parameters that belong to no common set (V-9)."""
        for names in self.exclusive:
            given = [f"`-{name}`" for name in names if name in self.result.own]
            if len(given) > 1:
                raise self.fail(
                    NO_SET,
                    at,
                    "AmbiguousParameterSet",
                    f"{' and '.join(given)} exclude one another",
                )

    def unplaced(self, value: Value, at: int) -> ShellError:
        return self.fail(
            "A positional parameter cannot be found that accepts argument "
            f"'{item_text(value)[:80]}'.",
            at,
            "PositionalParameterNotFound",
        )

    def require_place(self, parameter: Parameter, others: Sequence[Parameter]) -> None:
        """Refuse an argument that several parameters of a function take at one place."""
        if not self.function or parameter.name in self.result.own:
            return
        if any(
            one.position == parameter.position is not None
            and one.name not in self.result.own
            and not self.excluded(one.name)
            for one in others
        ):
            raise self.fail(
                "Cannot bind positional parameters because no names were given.",
                self.free[0][1],
                "AmbiguousPositionalParameterNoName",
            )

    def place(self, *, keep_rest: bool) -> None:
        placed = sorted(
            (one for one in self.parameters if one.position is not None),
            key=lambda one: one.position or 0,
        )
        kept = [] if self.named_from is None else self.free[self.named_from :]
        self.free = self.free if self.named_from is None else self.free[: self.named_from]
        placed += [one for one in self.parameters if one.remaining and one.position is None]
        for place, parameter in enumerate(placed):
            if parameter.remaining and parameter.name not in self.result.own:
                self.free, kept = self.free + kept, []
            if not self.free:
                continue
            self.require_place(parameter, placed[place + 1 :])
            given = parameter.name in self.result.own or parameter.name in self.result.delayed
            if given or self.excluded(parameter.name):
                continue
            if parameter.remaining:
                values = [value for value, _ in self.free]
                rest: Value = values[0] if len(values) == 1 else values
                if self.function:
                    items = rest if isinstance(rest, list) else [rest]
                    rest = ShellList(items, "list<object>")
                self.give(parameter, rest, self.free[0][1], placed=True)
                self.free = []
                break
            value, at = self.free.pop(0)
            self.give(parameter, value, at, placed=True)
        self.free += kept
        if self.free and not keep_rest:
            raise self.unplaced(*self.free[0])
        self.result.rest = [value for value, _ in self.free]


def bind_arguments(
    parts: Interpreter,
    command: str,
    parameters: Sequence[Parameter],
    common: Sequence[Parameter],
    arguments: Sequence[Argument],
    *,
    keep_rest: bool = False,
    function: bool = False,
    values: Sequence[Value] = (),
    exclusive: Sequence[Sequence[str]] = (),
    at: int = 0,
    origin: str = "",
    piped: bool = False,
) -> BoundArguments:
    """Evaluate the arguments of a command and give them to its parameters.

    Names may be abbreviated to a unique beginning and are compared without case; a splatted
    hashtable gives parameters by name, a splatted array arguments by position.

    Args:
        parts: The interpreter.
        command: The command's name, for errors.
        parameters: Its own parameters.
        common: The common parameters it takes.
        arguments: What is written.
        keep_rest: Whether arguments that no parameter takes are kept instead of refused.
        function: Whether the command is a function of the script.
        values: Arguments without a name that are already evaluated.
        exclusive: Names of parameters of which a command takes one.
        at: Where the command stands.
        origin: What stands behind the ids of its errors; a function has its name there.
        piped: Whether objects come through a pipeline.

    Raises:
        ShellError: An argument fits no parameter.
    """
    binder = _Binder(
        parts,
        command,
        parameters,
        common,
        function=function,
        simple=keep_rest,
        exclusive=exclusive,
        origin=origin,
        piped=piped,
    )
    binder.free += ((value, 0) for value in values)
    binder.read(arguments)
    binder.check_sets(at)
    binder.place(keep_rest=keep_rest)
    return binder.result
