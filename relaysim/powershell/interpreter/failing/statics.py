"""Static members that a script names, looked at before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.powershell.hosting.named_types import converter_for
from relaysim.powershell.language.syntax import (
    Call,
    ExpandableString,
    HashLiteral,
    Member,
    NumberLiteral,
    StringLiteral,
    TypeLiteral,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relaysim.powershell.interpreter.failing.familiar import Familiar

__all__ = ["refused_static"]

_CLOCK = frozenset({"now", "utcnow", "today"})


def refused_static(node: Member | Call, familiar: Familiar) -> Iterator[tuple[str, str | None]]:
    """Return why ``[type]::member`` is refused, each reason with advice; nothing when it is not.

    Args:
        node: The member, or its call.
        familiar: What the script may name.
    """
    if isinstance(node.target, StringLiteral | ExpandableString | NumberLiteral | HashLiteral):
        yield "`::` after a value that is no type is not part of the subset", None
    if not isinstance(node.target, TypeLiteral) or not isinstance(node.name, StringLiteral):
        return
    from relaysim.powershell.hosting.static_access import is_static
    from relaysim.powershell.members.construction import is_constructed
    from relaysim.powershell.members.static_members import STATIC_MEMBERS, TRIED, static_key

    said = f"`[{node.target.name}]::{node.name.value}`"
    key = static_key(node.target.name, node.name.value)
    if key in STATIC_MEMBERS or (key[1] == "new" and is_constructed(node.target.name)):
        return
    if key[1] == "tryparse" and key[0] in TRIED:
        return
    own = converter_for(familiar.types, node.target.name) is not None
    if own and (key[1] in {"parse", "new"} or isinstance(node, Member)):
        return
    if is_static(node.target.name, key[1]):
        if key[0] == "datetime" and key[1] in _CLOCK and not familiar.clock:
            yield f"{said} would give another answer in every run", "`--now` gives the time"
        return
    suggestion = closest(key[1], [member for kind, member in STATIC_MEMBERS if kind == key[0]])
    near = f"did you mean `{suggestion}`?" if suggestion else None
    yield f"{said} is not part of the subset", near
