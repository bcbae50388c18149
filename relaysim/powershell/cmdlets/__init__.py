"""The commands that know nothing of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.files import FILE_CMDLETS
from relaysim.powershell.cmdlets.formatting import FORMATTING_CMDLETS
from relaysim.powershell.cmdlets.grouping import GROUPING_CMDLETS
from relaysim.powershell.cmdlets.making import MAKING_CMDLETS
from relaysim.powershell.cmdlets.objects import OBJECT_CMDLETS
from relaysim.powershell.cmdlets.searching import SEARCHING_CMDLETS
from relaysim.powershell.cmdlets.writing import WRITING_CMDLETS

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet

__all__ = ["GENERIC_CMDLETS"]

GENERIC_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (
    *OBJECT_CMDLETS,
    *GROUPING_CMDLETS,
    *FORMATTING_CMDLETS,
    *WRITING_CMDLETS,
    *MAKING_CMDLETS,
    *FILE_CMDLETS,
    *SEARCHING_CMDLETS,
)
"""Every generic command."""
