"""What objects are besides their properties: their types, views and computed properties.

Where a function takes ``Any`` it is given the object, a ``ShellObject``, whose class knows this
module; ``object`` is any value of the language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relaysim.lean import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["PLAIN_OBJECT", "REFERENCE", "ComputedProperty", "DefaultView", "ObjectType"]


@frozen
class DefaultView:
    """How objects of a type are shown when nothing else is asked for.

    Attributes:
        columns: The properties, in order.
        as_list: As a list of properties; as a table with one row per object otherwise.
        titles: The heads of the columns where they differ from the properties, by property.
        widths: The widths of the columns, ``None`` for one that takes what is left; empty: as
            wide as their content.
        right: The columns that stand to the right; a view's columns stand to the left otherwise.
        lines: Returns the lines of an object whose view is neither a table nor a list.
        group: The property whose changes begin a new group.
        table: The columns of a table where one is asked for; empty: those of the view.
        listed: The lines of a list where one is asked for; empty: all properties.
        generated: Whether PowerShell has no view of the type and makes this one of an object's
            properties: then any object that follows is shown in it.
    """

    columns: tuple[str, ...]
    as_list: bool = False
    titles: tuple[tuple[str, str], ...] = ()
    widths: tuple[int | None, ...] = ()
    right: tuple[str, ...] = ()
    lines: Callable[[Any], Iterable[str]] | None = None
    group: str | None = None
    table: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    generated: bool = False

    def heads(self) -> list[str]:
        """Return the heads of the columns."""
        titles = dict(self.titles)
        return [titles.get(name, name) for name in self.columns]


@frozen
class ObjectType:
    """A type of objects.

    Attributes:
        name: The full .NET name, as ``GetType`` and ``-is`` know it.
        view: How objects are shown by default; ``None``: as PowerShell shows any object, a table
            of up to four properties and a list otherwise.
        convert: Called with a property's name and the value assigned to it, returns what is
            stored; raises ``ConversionError``.
        text: Returns the object's text, as in ``"$object"``.
        number: Returns the number that comparisons and arithmetic take the object for.
        methods: The object's methods without arguments, by lower-case name.
        right: Whether a column of such values stands to the right, as numbers do.
        calls: The object's methods that take arguments, by lower-case name.
        identity: Returns what two equal values have in common; ``None``: only itself is equal.
        order: Returns what orders two values of the type.
        ancestors: The full names of the types it is derived from.
        read_only: Whether its properties cannot be assigned to.
        scripts: The methods that a script gave one object, with the text of their blocks.
    """

    name: str
    view: DefaultView | None = None
    convert: Callable[[str, object], object] | None = None
    text: Callable[[Any], str] | None = None
    number: Callable[[Any], int] | None = None
    methods: Mapping[str, Callable[[Any], object]] | None = None
    right: bool = False
    calls: Mapping[str, Callable[[Any, list[object]], object]] | None = None
    identity: Callable[[Any], object] | None = None
    order: Callable[[Any], Any] | None = None
    ancestors: tuple[str, ...] = ()
    read_only: bool = False
    scripts: Mapping[str, str] | None = None


PLAIN_OBJECT = ObjectType(name="System.Management.Automation.PSCustomObject")


@frozen
class ComputedProperty:
    """A property whose value is made whenever it is read.

    Attributes:
        kind: ``ScriptProperty`` or ``AliasProperty``.
        read: Returns its value for the object.
        write: Takes what is assigned to it; ``None`` for one that cannot be assigned to.
        definition: What ``Get-Member`` says about it.
    """

    kind: str
    read: Callable[[Any], object]
    write: Callable[[Any, object], None] | None = None
    definition: str = ""


REFERENCE = ObjectType(name="System.Management.Automation.PSReference")
"""What ``[ref]`` makes of a variable."""
