"""Which parameter a name means that is written behind a command, whole or by its beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.errors import closest
from relaysim.lean import later
from relaysim.powershell.interpreter.failing.failures import ConversionError
from relaysim.powershell.values.failures import not_in_subset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from relaysim.powershell.interpreter.binding.declared import other_parameters
    from relaysim.powershell.interpreter.contract import Parameter
else:
    (other_parameters,) = later(
        globals(), "relaysim.powershell.interpreter.binding.declared", "other_parameters"
    )

__all__ = ["find_parameter"]

_LITERAL = ("literalpath", "pspath")
"""The names of a parameter of its own in PowerShell, which is here one with ``-Path``."""


def find_parameter(
    command: str, name: str, own: Sequence[Parameter], common: Sequence[Parameter]
) -> Parameter:
    """Return the parameter that a name means.

    Args:
        command: The command's name.
        name: The name of a parameter, its alias, or the beginning of one.
        own: The command's own parameters.
        common: Those that every command has.

    Raises:
        ConversionError: None is meant, several are, or one that is not part of the subset.
    """
    known = [*own, *common]
    for parameter in known:
        if parameter.name == name:
            return parameter
    folded = name.casefold()
    for parameter in known:
        if folded in map(str.casefold, (parameter.name, *parameter.aliases)):
            return parameter
    # An abbreviation of the command's own parameter wins over a common one.
    others = other_parameters(command)
    for group, beside in ((own, others), (common, ())):
        matches = dict(_matches(folded, group))
        left = [one for one in beside if one.casefold().startswith(folded)]
        if folded in map(str.casefold, left) or (left and not matches and len(left) == 1):
            raise not_in_subset(f"`{command} -{left[0]}`")
        names = [*matches, *left]
        if len(names) > 1:
            shown = " ".join(f"-{one}" for one in names)
            raise ConversionError(
                f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. "
                f"Possible matches include: {shown}.",
                id="AmbiguousParameter",
            )
        if matches:
            return next(iter(matches.values()))
    suggestion = closest(name, [one.name for one in known])
    raise ConversionError(
        f"A parameter cannot be found that matches parameter name '{name}'.",
        id="NamedParameterNotFound",
        hint=f"did you mean `-{suggestion}`?" if suggestion else None,
    )


def _matches(folded: str, group: Sequence[Parameter]) -> Iterator[tuple[str, Parameter]]:
    """Return the parameters of which a name or an alias begins so, by what they are called."""
    for one in group:
        aliases = [alias.casefold() for alias in one.aliases]
        literal = "literalpath" in aliases
        names = [
            alias
            for alias in aliases
            if not (literal and alias in _LITERAL) and alias != "fullname"
        ]
        if any(known.startswith(folded) for known in (one.name.casefold(), *names)):
            yield one.name, one
        if literal and any(known.startswith(folded) for known in _LITERAL):
            yield "LiteralPath", one
