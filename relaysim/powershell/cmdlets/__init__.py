"""The commands that know nothing of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.cmdlets.dates import DATE_CMDLETS
from relaysim.powershell.cmdlets.formatting import FORMATTING_CMDLETS
from relaysim.powershell.cmdlets.host.asking import SECRET_CMDLETS
from relaysim.powershell.cmdlets.host.calling import CALLING_CMDLETS
from relaysim.powershell.cmdlets.host.expressions import EXPRESSION_CMDLETS
from relaysim.powershell.cmdlets.host.locations import LOCATION_CMDLETS
from relaysim.powershell.cmdlets.host.lookup import LOOKUP_CMDLETS
from relaysim.powershell.cmdlets.host.transcripts import TRANSCRIPT_CMDLETS
from relaysim.powershell.cmdlets.making import MAKING_CMDLETS
from relaysim.powershell.cmdlets.members import MEMBER_CMDLETS
from relaysim.powershell.cmdlets.objects import OBJECT_CMDLETS
from relaysim.powershell.cmdlets.searching import SEARCHING_CMDLETS
from relaysim.powershell.cmdlets.sending import SENDING_CMDLETS
from relaysim.powershell.cmdlets.sequences.comparing import COMPARING_CMDLETS
from relaysim.powershell.cmdlets.sequences.grouping import GROUPING_CMDLETS
from relaysim.powershell.cmdlets.sequences.measuring import MEASURING_CMDLETS
from relaysim.powershell.cmdlets.sequences.selecting import SELECTING_CMDLETS
from relaysim.powershell.cmdlets.sequences.sorting import SORTING_CMDLETS
from relaysim.powershell.cmdlets.storage.clixml import CLIXML_CMDLETS
from relaysim.powershell.cmdlets.storage.files import FILE_CMDLETS
from relaysim.powershell.cmdlets.storage.html_text import HTML_CMDLETS
from relaysim.powershell.cmdlets.storage.items import ITEM_CMDLETS
from relaysim.powershell.cmdlets.storage.json_text import JSON_CMDLETS
from relaysim.powershell.cmdlets.storage.paths import PATHS_CMDLETS
from relaysim.powershell.cmdlets.storage.tabular import TABULAR_CMDLETS
from relaysim.powershell.cmdlets.variables import VARIABLE_CMDLETS
from relaysim.powershell.cmdlets.writing import WRITING_CMDLETS

if TYPE_CHECKING:
    from relaysim.powershell.interpreter.contract import Cmdlet, StreamingCmdlet

__all__ = ["GENERIC_CMDLETS"]

GENERIC_CMDLETS: tuple[Cmdlet | StreamingCmdlet, ...] = (
    *OBJECT_CMDLETS,
    *SELECTING_CMDLETS,
    *SORTING_CMDLETS,
    *GROUPING_CMDLETS,
    *MEASURING_CMDLETS,
    *COMPARING_CMDLETS,
    *FORMATTING_CMDLETS,
    *SENDING_CMDLETS,
    *WRITING_CMDLETS,
    *DATE_CMDLETS,
    *MAKING_CMDLETS,
    *FILE_CMDLETS,
    *ITEM_CMDLETS,
    *VARIABLE_CMDLETS,
    *TABULAR_CMDLETS,
    *PATHS_CMDLETS,
    *MEMBER_CMDLETS,
    *JSON_CMDLETS,
    *HTML_CMDLETS,
    *CLIXML_CMDLETS,
    *SEARCHING_CMDLETS,
    *SECRET_CMDLETS,
    *LOCATION_CMDLETS,
    *LOOKUP_CMDLETS,
    *CALLING_CMDLETS,
    *TRANSCRIPT_CMDLETS,
    *EXPRESSION_CMDLETS,
)
"""Every generic command."""
