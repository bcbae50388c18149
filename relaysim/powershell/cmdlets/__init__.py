"""The commands that know nothing of the host.

A script uses few of them: what each module has is written down here, and a module is imported when
one of its commands is asked for.
"""

from __future__ import annotations

from relaysim.powershell.interpreter.contract import shelf

__all__ = ["ASKING_SHELF", "CLOCK_SHELF", "GENERIC_SHELVES"]

_ROWS = (
    ("objects", "OBJECT_CMDLETS", "Where-Object where ? | ForEach-Object foreach %"),
    ("sequences.selecting", "SELECTING_CMDLETS", "Select-Object select"),
    ("sequences.sorting", "SORTING_CMDLETS", "Sort-Object sort | Get-Unique gu"),
    ("sequences.grouping", "GROUPING_CMDLETS", "Group-Object group"),
    ("sequences.measuring", "MEASURING_CMDLETS", "Measure-Object measure"),
    ("sequences.comparing", "COMPARING_CMDLETS", "Compare-Object compare diff"),
    ("formatting", "FORMATTING_CMDLETS", "Format-List fl | Format-Table ft | Format-Wide fw"),
    ("customs", "CUSTOM_CMDLETS", "Format-Custom fc"),
    ("sending", "SENDING_CMDLETS", "Out-String | Out-Null | Out-Host oh | Out-Default"),
    ("writing", "WRITING_CMDLETS",
     ("Write-Output echo write | Write-Host | Write-Warning | Write-Error | Write-Verbose | "
      "Write-Debug | Write-Information | Write-Progress")),
    ("dates", "DATE_CMDLETS", "Get-Date | New-TimeSpan"),
    ("making", "MAKING_CMDLETS",
     "New-Object | Set-StrictMode | Start-Sleep sleep | Clear-Host cls clear"),
    ("storage.files", "FILE_CMDLETS", "Get-Content gc cat type"),
    ("storage.file_writing", "WRITING_FILE_CMDLETS",
     "Set-Content sc | Add-Content ac | Clear-Content clc | Out-File | Tee-Object tee"),
    ("storage.items", "ITEM_CMDLETS",
     "New-Item ni | Remove-Item ri rm del erase rd | Get-Item gi"),
    ("variables", "VARIABLE_CMDLETS",
     ("Get-Variable gv | Set-Variable sv | New-Variable nv | Clear-Variable clv | "
      "Remove-Variable rv")),
    ("storage.tabular", "TABULAR_CMDLETS",
     "Import-Csv ipcsv | ConvertFrom-Csv | ConvertTo-Csv | Export-Csv epcsv"),
    ("storage.paths", "PATHS_CMDLETS", "Test-Path | Split-Path | Join-Path | Resolve-Path rvpa"),
    ("members", "MEMBER_CMDLETS", "Add-Member"),
    ("listing", "LISTING_CMDLETS", "Get-Member gm"),
    ("storage.json_text", "JSON_CMDLETS", "ConvertTo-Json | ConvertFrom-Json"),
    ("storage.html_text", "HTML_CMDLETS", "ConvertTo-Html | ConvertFrom-StringData"),
    ("storage.clixml", "CLIXML_CMDLETS", "Export-Clixml | Import-Clixml"),
    ("searching", "SEARCHING_CMDLETS", "Select-String sls"),
    ("host.asking", "SECRET_CMDLETS", "ConvertTo-SecureString"),
    ("host.locations", "LOCATION_CMDLETS",
     ("Get-Location gl pwd | Set-Location cd sl chdir | Push-Location pushd | Pop-Location popd | "
      "Get-ChildItem gci ls dir | mkdir md | Copy-Item copy cp cpi | Move-Item move mv mi | "
      "Rename-Item ren rni")),
    ("host.lookup", "LOOKUP_CMDLETS",
     ("Get-Command gcm | Set-Alias sal | New-Alias nal | Get-Alias gal | Get-Host | "
      "hostname hostname.exe | whoami whoami.exe")),
    ("host.calling", "CALLING_CMDLETS", "Invoke-Command icm | Get-Culture | Get-UICulture"),
    ("host.jobs", "JOB_CMDLETS",
     ("Start-Job sajb | Get-Job gjb | Wait-Job wjb | Receive-Job rcjb | Remove-Job rjb | "
     "Stop-Job spjb")),
    ("host.transcripts", "TRANSCRIPT_CMDLETS", "Start-Transcript | Stop-Transcript"),
    ("host.expressions", "EXPRESSION_CMDLETS", "Invoke-Expression iex"),
)  # fmt: skip

GENERIC_SHELVES = tuple(
    shelf(names, f"{__name__}.{module}", attribute) for module, attribute, names in _ROWS
)
"""Every generic command."""

ASKING_SHELF = shelf(
    "Read-Host | pause | Get-Credential", f"{__name__}.host.asking", "ASKING_CMDLETS"
)
"""The commands that ask somebody."""

CLOCK_SHELF = shelf("Get-Date | Measure-Command", f"{__name__}.dates", "CLOCK_CMDLETS")
"""The commands that tell the time."""
