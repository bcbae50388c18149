"""The parameters that commands share."""

from __future__ import annotations

from relaysim.powershell.interpreter.contract import Parameter
from relaysim.powershell.values.conversion import written_text

__all__ = ["COMMON", "common_parameters"]

COMMON: tuple[Parameter, ...] = (
    Parameter(name="Verbose", switch=True, aliases=("vb",)),
    Parameter(name="Debug", switch=True, aliases=("db",)),
    Parameter(name="ErrorAction", convert=written_text, aliases=("ea",)),
    Parameter(name="WarningAction", convert=written_text, aliases=("wa",)),
    Parameter(name="InformationAction", convert=written_text, aliases=("infa",)),
    Parameter(name="ErrorVariable", convert=written_text, aliases=("ev",)),
    Parameter(name="WarningVariable", convert=written_text, aliases=("wv",)),
    Parameter(name="InformationVariable", convert=written_text, aliases=("iv",)),
    Parameter(name="OutVariable", convert=written_text, aliases=("ov",)),
    Parameter(name="OutBuffer", aliases=("ob",)),
    Parameter(name="PipelineVariable", convert=written_text, aliases=("pv",)),
)
"""The parameters every cmdlet takes."""

_CHANGES = (
    Parameter(name="WhatIf", switch=True, aliases=("wi",)),
    Parameter(name="Confirm", switch=True, aliases=("cf",)),
)
_DIRECTORY = (Parameter(name="DomainController", convert=written_text),)


def common_parameters(*, changes: bool, directory: bool) -> tuple[Parameter, ...]:
    """Return the common parameters of a command."""
    return (*COMMON, *(_CHANGES if changes else ()), *(_DIRECTORY if directory else ()))
