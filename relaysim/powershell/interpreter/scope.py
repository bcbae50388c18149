"""Variables and functions: scopes nest by calls, names are compared without case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relaysim.powershell.language.syntax import Function
    from relaysim.powershell.values.value import Value

__all__ = ["Cell", "LateCell", "Scope", "closed_scope"]


class Cell:
    """A variable.

    Attributes:
        value: Its value.
        type_name: The type it was declared with (canonical), if any.
        convert: What an assigned value must pass, from the attributes of a parameter.
        private: Whether only its own scope sees it.
        option: ``ReadOnly`` or ``Constant`` for one that cannot be assigned to, else another word.
    """

    __slots__ = ("convert", "option", "private", "type_name", "value")

    def __init__(self, value: Value, *, private: bool = False, option: str = "None") -> None:
        self.value = value
        self.type_name: str | None = None
        self.convert: Callable[[Value], Value] | None = None
        self.private = private
        self.option = option

    @property
    def fixed(self) -> bool:
        """Tell whether it cannot be assigned to."""
        return self.option in {"ReadOnly", "Constant"}


class LateCell(Cell):
    """A variable whose value is made when it is read for the first time."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], Value]) -> None:
        super().__init__(None)
        self._make = make
        # Without a value in its slot the look-up of one ends in ``__getattr__``.
        del self.value

    def __getattr__(self, name: str) -> Value:
        if name != "value":
            raise AttributeError(name)
        self.value = self._make()
        return self.value


def closed_scope(outer: Scope, kept: Mapping[str, Value]) -> Scope:
    """Return the scope of a call of a closure: what it kept stands around it."""
    around = Scope(outer)
    for name, value in kept.items():
        around.variables[name] = Cell(value)
    return Scope(around)


class Scope:
    """The variables and functions of a script or of one call.

    Reading looks through the callers' scopes; writing stays in the scope itself.

    Attributes:
        lent: How many blocks run in it that are not its own: dot-sourced ones, those of
            ``ForEach-Object``. What they add to may be a caller's variable.
    """

    __slots__ = ("functions", "lent", "parent", "root", "strict", "variables")

    def __init__(self, parent: Scope | None = None) -> None:
        self.parent = parent
        self.root: Scope = self if parent is None else parent.root
        # How strict ``Set-StrictMode`` made it; a call begins as strict as its caller is.
        self.strict: int = 0 if parent is None else parent.strict
        self.lent = 0
        self.variables: dict[str, Cell] = {}
        self.functions: dict[str, Function] = {}

    def find(self, name: str) -> Cell | None:
        """Return the cell of a variable, or ``None``."""
        folded = name.casefold()
        scope: Scope | None = self
        while scope is not None:
            cell = scope.variables.get(folded)
            if cell is not None and not (cell.private and scope is not self):
                return cell
            scope = scope.parent
        return None

    def get(self, name: str) -> Value:
        """Return the value of a variable, ``None`` when there is none."""
        cell = self.find(name)
        return None if cell is None else cell.value

    def visible(self) -> dict[str, Cell]:
        """Return every variable that can be read from here, the nearest of each name."""
        found: dict[str, Cell] = {} if self.parent is None else self.parent.visible()
        found.update(self.variables)
        return found

    def set(self, name: str, value: Value) -> None:
        """Give a variable of this scope a value without looking at its declared type."""
        self.variables[name.casefold()] = Cell(value)

    def set_late(self, name: str, make: Callable[[], Value]) -> None:
        """Give a variable of this scope a value that is made when it is read."""
        self.variables[name.casefold()] = LateCell(make)

    def find_function(self, name: str) -> Function | None:
        """Return the function called ``name``, or ``None``."""
        folded = name.casefold()
        scope: Scope | None = self
        while scope is not None:
            found = scope.functions.get(folded)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def forget_function(self, name: str) -> bool:
        """Remove the function called ``name``; tell whether there was one."""
        folded = name.casefold()
        scope: Scope | None = self
        while scope is not None:
            if scope.functions.pop(folded, None) is not None:
                return True
            scope = scope.parent
        return False

    def function_names(self) -> frozenset[str]:
        """Return the functions that can be called here, in lower case."""
        found: frozenset[str] = frozenset()
        scope: Scope | None = self
        while scope is not None:
            found |= frozenset(scope.functions)
            scope = scope.parent
        return found
