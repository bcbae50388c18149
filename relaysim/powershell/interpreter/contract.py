"""How a cmdlet is written: what it declares, what it receives, what it may do.

A cmdlet is an object with a :class:`CmdletSpec` and a method ``run``. The machinery does the rest
in one place: abbreviated and splatted parameters, conversion, mandatory parameters, binding of
pipeline input, the common parameters (``-ErrorAction``, ``-OutVariable``, ``-WhatIf`` ...).

How often ``run`` is called:

- without pipeline input: once, with an empty ``pipeline_input``;
- with pipeline input, when a parameter takes it (``from_pipeline`` or ``from_property``): once per
  object, that object bound to the parameters and alone in ``pipeline_input``;
- with ``collects`` in the spec: once, after the last object, with all of them.

``run`` returns (or yields) the objects it writes to the pipeline. It reports trouble through the
context: :meth:`Context.write_error` for one object that failed (the script goes on unless
``-ErrorAction Stop``), ``raise context.failure(...)`` for a command that failed as a whole.
``context.state`` is replaced when, and only when, a change succeeded.

Example::

    class GetThing:
        spec = CmdletSpec(
            name="Get-Thing",
            parameters=(Parameter(name="Identity", position=0, from_pipeline=True),),
        )

        def run(self, context, bound, pipeline_input):
            wanted = bound.get("Identity")
            if wanted not in context.state:
                context.write_error(f"no thing `{wanted}`", id="ThingNotFound", target=wanted)

Return:
            yield ShellObject((("Name", wanted),))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast, runtime_checkable

from relaysim.errors import closest
from relaysim.lean import frozen
from relaysim.powershell.interpreter.shelves import made_later, on_a_shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from relaysim.powershell.interpreter.context import Context
    from relaysim.powershell.language.syntax import Command as CommandNode
    from relaysim.powershell.values.value import Value

__all__ = [
    "UNBOUND",
    "Bound",
    "Cmdlet",
    "CmdletSpec",
    "Parameter",
    "PipelineStage",
    "Registry",
    "Shelf",
    "StreamingCmdlet",
    "WithFunctions",
    "as_streaming",
    "keep",
    "shelf",
]


UNBOUND = (
    "The input object cannot be bound to any parameters for the command either because the command "
    "does not take pipeline input or the input and its properties do not match any of the "
    "parameters that take pipeline input."
)
"""What PowerShell says of an object of a pipeline that no parameter takes."""


def keep(value: Value) -> Value:
    """Return ``value``: the converter of a parameter that takes anything."""
    return value


@frozen
class Parameter:
    """A declared parameter.

    Attributes:
        name: The full name; arguments may abbreviate it as long as it is unique.
        convert: Turns the argument into what ``run`` receives; raises
            ``ConversionError``, whose id becomes the error's.
        switch: Takes no argument; ``-Name:$false`` still gives a value.
        position: The place among unnamed arguments, from 0; ``None``: only by name.
        mandatory: The command fails without it.
        from_pipeline: Takes each object of the pipeline that ``convert`` accepts.
        from_property: Takes the property of that name from each object of the pipeline.
        remaining: Takes every unnamed argument that is left, as an array.
        aliases: Other names.
        type_name: The full name of its type, for errors.
        words: What it takes, where that is one of a few words; for completion.
    """

    name: str
    convert: Callable[[Value], Value] = keep
    switch: bool = False
    position: int | None = None
    mandatory: bool = False
    from_pipeline: bool = False
    from_property: bool = False
    remaining: bool = False
    aliases: tuple[str, ...] = ()
    type_name: str = "System.Object"
    words: tuple[str, ...] = ()


@frozen
class CmdletSpec:
    """What a cmdlet declares.

    Attributes:
        name: Verb and noun.
        parameters: Its own parameters, without the common ones.
        aliases: Other names of the command.
        changes: Whether it changes something: then it takes ``-WhatIf`` and ``-Confirm``.
        directory: Whether it talks to the directory: then it takes ``-DomainController``.
        collects: Whether ``run`` wants all pipeline input at once.
        writes: Whether what came is kept, in a file, also when the pipeline ends early.
        before: What is asked before the first object comes, such as for a file to write.
        exclusive: Names of parameters of different sets, of which a command takes one.
        refuse: Returns why a command as it is written cannot run, before anything does.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    changes: bool = False
    directory: bool = False
    collects: bool = False
    writes: bool = False
    before: Callable[[Context, Bound], None] | None = None
    exclusive: tuple[tuple[str, ...], ...] = ()
    refuse: Callable[[CommandNode], str | None] | None = None


class Bound:
    """The parameters given to a command, by name without case, in the order of binding."""

    __slots__ = ("_values",)

    def __init__(self, values: Iterable[tuple[str, Value]] = ()) -> None:
        self._values: dict[str, tuple[str, Value]] = {}
        for name, value in values:
            self.set(name, value)

    def set(self, name: str, value: Value) -> None:
        """Give a parameter a value."""
        self._values[name.casefold()] = (name, value)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._values

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._values.values())

    def get(self, name: str, default: Value = None) -> Value:
        """Return the converted value of a parameter, ``default`` when it was not given."""
        found = self._values.get(name.casefold())
        return default if found is None else found[1]

    def flag(self, name: str) -> bool:
        """Return whether a switch is on."""
        return self.get(name) is True

    def items(self) -> list[tuple[str, Value]]:
        """Return the parameters given, with their declared names."""
        return list(self._values.values())

    def copy(self) -> Bound:
        """Return an independent copy."""
        return Bound(self.items())


@runtime_checkable
class Cmdlet(Protocol):
    """A command; see the module."""

    @property
    def spec(self) -> CmdletSpec:
        """What the command declares."""

    def run(
        self, context: Context, bound: Bound, pipeline_input: Sequence[Value]
    ) -> Iterable[Value]:
        """Do the work and return what goes to the pipeline."""


class PipelineStage(Protocol):
    """One running command of a pipeline."""

    def process(self, item: Value) -> None:
        """Take one object."""

    def finish(self) -> None:
        """Take the end of the input."""


@runtime_checkable
class StreamingCmdlet(Protocol):
    """A command that sees objects one by one and keeps something in between."""

    @property
    def spec(self) -> CmdletSpec:
        """What the command declares."""

    def open(self, context: Context, bound: Bound, emit: Callable[[Value], None]) -> PipelineStage:
        """Begin: return the stage that takes the objects and emits its own."""


Maker: TypeAlias = "Callable[[], Cmdlet | StreamingCmdlet]"
"""What makes a command."""

Shelf: TypeAlias = "tuple[str, Callable[[], Iterable[Cmdlet | StreamingCmdlet]]]"
"""Commands that are there when one of them is asked for, and what they are called.

First the names, each command's own and then its aliases, with ``|`` between the commands.
"""


def shelf(names: str, module: str, attribute: str) -> Shelf:
    """Return the commands of a module, which is imported when one of them is asked for.

    Args:
        names: What they are called.
        module: The full name of the module.
        attribute: What holds them in it.
    """

    def take() -> Iterable[Cmdlet | StreamingCmdlet]:
        found: Iterable[Cmdlet | StreamingCmdlet] = getattr(import_module(module), attribute)
        return found

    return names, take


def as_streaming(cmdlet: Cmdlet | StreamingCmdlet) -> StreamingCmdlet | None:
    """Return a command that streams, ``None`` for one that does not.

    It is asked for every command that runs, where ``isinstance`` would take too long.
    """
    return cast("StreamingCmdlet", cmdlet) if hasattr(cmdlet, "open") else None


class Registry:
    """The commands a script can use, by name and alias without case."""

    def __init__(
        self, shelves: Iterable[Shelf] = (), cmdlets: Iterable[Cmdlet | StreamingCmdlet] = ()
    ) -> None:
        self._by_name: dict[str, Cmdlet | StreamingCmdlet] = {}
        self._names: list[str] = []
        self._shelves: dict[str, Shelf] = {}
        self._source: Callable[[], Mapping[str, Maker]] | None = None
        self._later: dict[str, Maker] = {}
        for one in shelves:
            self.stock(one)
        for cmdlet in cmdlets:
            self.add(cmdlet)

    def add(self, cmdlet: Cmdlet | StreamingCmdlet) -> None:
        """Add a command; it takes the place of one with the same name."""
        self._names.append(cmdlet.spec.name)
        for name in (cmdlet.spec.name, *cmdlet.spec.aliases):
            self._by_name[name.casefold()] = cmdlet
            self._shelves.pop(name.casefold(), None)

    def stock(self, one: Shelf) -> None:
        """Add the commands of a shelf; they take the place of those with the same names."""
        names, folded = on_a_shelf(one[0])
        self._names += names
        self._shelves.update(dict.fromkeys(folded, one))
        if self._by_name:
            for name in folded:
                self._by_name.pop(name, None)

    def _take_down(self, one: Shelf) -> None:
        for cmdlet in one[1]():
            for name in (cmdlet.spec.name, *cmdlet.spec.aliases):
                folded = name.casefold()
                # Of the same name, another may have taken its place.
                if self._shelves.get(folded) is one:
                    del self._shelves[folded]
                    self._by_name[folded] = cmdlet

    def add_later(self, source: Callable[[], Mapping[str, Maker]]) -> None:
        """Add commands that are asked for, by name, when a name is none of the others.

        Each is made when it is looked up for the first time.
        """
        self._source = source

    def _load(self) -> None:
        if self._source is not None:
            names, makers = made_later(self._source)
            self._source = None
            self._names += names
            self._later = dict(makers)

    def find(self, name: str) -> Cmdlet | StreamingCmdlet | None:
        """Return the command called ``name``, with or without its module, or ``None``."""
        folded = name.rpartition("\\")[2].casefold()
        found = self._by_name.get(folded)
        if found is None and folded in self._shelves:
            self._take_down(self._shelves[folded])
            found = self._by_name.get(folded)
        if found is None:
            self._load()
            make = self._later.pop(folded, None)
            if make is not None:
                found = self._by_name[folded] = make()
        return found

    def asks_directory(self, name: str) -> bool:
        """Tell whether there is a command of this name, and it talks to the directory."""
        found = self.find(name)
        return found is not None and found.spec.directory

    def described(self, name: str) -> tuple[object, str, tuple[str, ...]] | None:
        """Return a command, its name and its parameters' names, or ``None``."""
        found = self.find(name)
        if found is None:
            return None
        return found, found.spec.name, tuple(one.name for one in found.spec.parameters)

    def suggestion(self, name: str, others: Iterable[str] = ()) -> str | None:
        """Return the name most like ``name``, or ``None``."""
        self._load()
        return closest(name, [*self._names, *others])

    def names(self) -> list[str]:
        """Return the names of the commands, sorted."""
        self._load()
        return sorted(set(self._names))


class WithFunctions(Registry):
    """The commands together with the functions of earlier scripts of a session."""

    def __init__(self, registry: Registry, functions: Mapping[str, object]) -> None:
        super().__init__()
        self._registry = registry
        self._functions = functions

    def find(self, name: str) -> Cmdlet | StreamingCmdlet | None:
        """Return the command; a function stands for any command, it is looked up when called."""
        if name.casefold() in self._functions:
            return self._registry.find("Write-Output")
        return self._registry.find(name)

    def suggestion(self, name: str, others: Iterable[str] = ()) -> str | None:
        """Return the name most like ``name``, or ``None``."""
        return self._registry.suggestion(name, [*others, *self._functions])
