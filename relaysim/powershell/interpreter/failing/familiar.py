"""What a script may name beside commands: the host says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from relaysim.powershell.interpreter.memory_files import MemoryFiles
    from relaysim.powershell.values.value import Value

__all__ = ["Familiar"]


@frozen
class Familiar:
    """What a script may name beside commands.

    Attributes:
        types: Types the host knows beside the built-in ones, by their folded names.
        environment: Environment variables the host gives.
        variables: Variables that are there before the script begins.
        methods: The methods of the host's objects, in lower case.
        clock: Whether the script may ask what time it is.
        answers: Whether somebody answers questions.
        files: The files of the run, ``None`` for a script without any.
        keep_going: Whether an unknown command is an error where it stands, when it is reached.
    """

    types: Mapping[str, Callable[[Value], Value]] = field(default_factory=dict)
    environment: Collection[str] = ()
    variables: Collection[str] = ()
    methods: frozenset[str] = frozenset()
    clock: bool = False
    answers: bool = False
    keep_going: bool = False
    files: MemoryFiles | None = None
