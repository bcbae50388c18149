"""Multi-valued properties: replacing the list, or ``@{Add=...; Remove=...}``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from relaysim.errors import InvalidInput
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.conversion import to_list, to_text, written_text
from relaysim.powershell.values.value import HashTable, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MultiChange", "parse_multi", "read_items"]

T = TypeVar("T")


class MultiChange(NamedTuple, Generic[T]):
    """What becomes of a list.

    Attributes:
        add: What is added.
        remove: What is taken away.
        replace: The whole new list, or ``None`` to change the one that is there.
    """

    add: tuple[T, ...] = ()
    remove: tuple[T, ...] = ()
    replace: tuple[T, ...] | None = None

    def apply(
        self,
        current: tuple[T, ...],
        key: Callable[[T], object],
        warn: Callable[[str], None],
    ) -> tuple[T, ...]:
        """Return the new list, each value once; values with the same key are the same.

        What is added twice or removed in vain is named in a warning.
        """
        if self.replace is not None:
            return tuple({key(item): item for item in reversed(self.replace)}.values())[::-1]
        kept = {key(item): item for item in current}
        for item in self.remove:
            if kept.pop(key(item), None) is None:
                warn(f"`{item}` is not in the list, nothing is removed")
        for item in self.add:
            if key(item) in kept:
                warn(f"`{item}` is in the list already")
            kept.setdefault(key(item), item)
        return tuple(kept.values())


def read_items(value: Value, parse: Callable[[str], T]) -> tuple[T, ...]:
    """Return an argument's items, one or many, each read by ``parse``.

    Raises:
        ConversionError: An item cannot be read.
    """
    items = []
    for item in to_list(value):
        text = written_text(item)
        try:
            items.append(parse(text))
        except InvalidInput as error:
            hint = error.problems[0].hint
            if "," in text:
                hint = 'one string is one value: write `"a","b"`, not `"a,b"`'
            raise ConversionError(error.problems[0].message, hint=hint) from error
    return tuple(items)


def parse_multi(value: Value, parse: Callable[[str], T]) -> MultiChange[T]:
    """Return the change an argument asks for.

    Raises:
        ConversionError: An unknown key of a hashtable, or an item that cannot be read.
    """
    if isinstance(value, MultiChange):
        return value
    if not isinstance(value, HashTable):
        return MultiChange(replace=read_items(value, parse))
    parts: dict[str, tuple[T, ...]] = {}
    for key, item in value.items():
        name = to_text(key).casefold()
        if name not in {"add", "remove"}:
            raise ConversionError(
                f"a multi-valued property has no `{to_text(key)}`", hint="use `Add` and `Remove`"
            )
        parts[name] = read_items(item, parse)
    return MultiChange(add=parts.get("add", ()), remove=parts.get("remove", ()))
