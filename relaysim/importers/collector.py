"""The PowerShell script that exports what relaysim reads, for an administrator to run once.

It reads and writes nothing but its own folder, needs no module, and runs from Windows PowerShell
1.0 with Exchange 2007 to 5.1 with Exchange SE: no ``try``, no splatting, no calculated property.
What it leaves behind is described in ``docs/reference/collector.md``.
"""

from __future__ import annotations

__all__ = ["COLLECTOR_FORMAT", "collector_script"]

COLLECTOR_FORMAT = 1
"""What the first line of a manifest says."""

_CLIXML = """\
        $file = $name + '.xml'
        $path = Join-Path $folder $file
        $objects | Export-Clixml -Path $path -Depth 4
"""
_TEXT = """\
        $file = $name + '.txt'
        $path = Join-Path $folder $file
        $objects | Format-List -Property * |
            Out-File -FilePath $path -Encoding Unicode -Width 100000
"""
_SCRIPT = """\
# Exports what relaysim reads of an Exchange organization: receive connectors, their permissions,
# accepted domains, servers and transport settings. It changes nothing: every command that asks
# Exchange is a Get- command, and it writes into one new folder only.
# Run it in the Exchange Management Shell:  .\\relaysim-collector.ps1
# Then, wherever relaysim is:               relaysim import FOLDER
& {
    if (-not (Get-Command Get-ReceiveConnector -ErrorAction SilentlyContinue)) {
        Write-Host 'There is no Get-ReceiveConnector: run this in the Exchange Management Shell.'
        return
    }
    $now = [DateTime]::UtcNow
    $folder = Join-Path (Get-Location).Path ('relaysim-export-' + $now.ToString('yyyyMMdd-HHmmss'))
    if (Test-Path -LiteralPath $folder) {
        Write-Host ($folder + ' exists already. Nothing was written.')
        return
    }
    [void](New-Item -ItemType Directory -Path $folder)
    $notes = New-Object System.Collections.ArrayList
    trap {
        Write-Host ('  error: ' + $_)
        [void]$notes.Add((([string]$_) -replace '[\\r\\n]+', ' '))
        continue
    }
    $limit = $global:FormatEnumerationLimit
    $global:FormatEnumerationLimit = -1
    $manifest = @(
        'relaysim-collector: {format}',
        ('date: ' + $now.ToString('yyyy-MM-ddTHH:mm:ssZ')),
        ('computer: ' + $env:COMPUTERNAME),
        ('shell: ' + $(if ($PSVersionTable) { [string]$PSVersionTable.PSVersion } else { '1.0' })),
        'format: {kind}'
    )

    function Save-Objects($name, $command, [object[]]$objects) {
        $objects = @($objects | Where-Object { $_ -ne $null })
{save}\
        Write-Host ('  ' + $objects.Count + ' from ' + $command + ', ' + $file)
        'file: ' + $file + ' ' + $objects.Count + ' ' + $command
        foreach ($problem in $failed) {
            $line = ([string]$problem) -replace '[\\r\\n]+', ' '
            Write-Host ('  error: ' + $command + ': ' + $line)
            'error: ' + $command + ': ' + $line
        }
    }
    function Add-Failure([string]$text) {
        if (-not $failed.Contains($text)) { [void]$failed.Add($text) }
    }
    function Get-Entries($connector) {
        $identity = [string]$connector.DistinguishedName
        if (-not $identity) { $identity = [string]$connector.Identity }
        $problems = $null
        trap {
            Add-Failure ([string]$connector.Identity + ': ' + $_)
            continue
        }
        Get-ADPermission -Identity $identity -ErrorAction SilentlyContinue -ErrorVariable problems
        foreach ($problem in @($problems | Where-Object { $_ -ne $null })) {
            Add-Failure ([string]$connector.Identity + ': ' + $problem)
        }
    }
    function Test-Known([string]$command) {
        [bool](Get-Command $command -ErrorAction SilentlyContinue)
    }

    function Get-Objects($command) {
        $problems = $null
        trap {
            Add-Failure ([string]$_)
            continue
        }
        & $command -ErrorAction SilentlyContinue -ErrorVariable problems
        foreach ($problem in @($problems | Where-Object { $_ -ne $null })) {
            Add-Failure ([string]$problem)
        }
    }

    Write-Host ('Writing to ' + $folder)
    $failed = New-Object System.Collections.ArrayList
    $servers = @(Get-Objects 'Get-ExchangeServer')
    foreach ($server in $servers) {
        if ($server -ne $null) {
            $manifest += 'server: ' + $server.Name + ' ' + $server.AdminDisplayVersion
        }
    }
    $manifest += Save-Objects 'exchange-servers' 'Get-ExchangeServer' $servers

    $failed.Clear()
    $connectors = @(Get-Objects 'Get-ReceiveConnector')
    $manifest += Save-Objects 'receive-connectors' 'Get-ReceiveConnector' $connectors

    $failed.Clear()
    $entries = @()
    foreach ($connector in $connectors) {
        if ($connector -ne $null) { $entries += @(Get-Entries $connector) }
    }
    $entries = @($entries | Where-Object { $_ -ne $null })
    $manifest += Save-Objects 'permissions' 'Get-ADPermission' $entries

    $failed.Clear()
    $domains = @(Get-Objects 'Get-AcceptedDomain')
    $manifest += Save-Objects 'accepted-domains' 'Get-AcceptedDomain' $domains

    foreach ($command in 'Get-TransportService', 'Get-TransportServer') {
        if (Test-Known $command) {
            $failed.Clear()
            $services = @(Get-Objects $command)
            $manifest += Save-Objects 'transport-services' $command $services
            break
        }
    }
    if (Test-Known 'Get-TransportConfig') {
        $failed.Clear()
        $settings = @(Get-Objects 'Get-TransportConfig')
        $manifest += Save-Objects 'transport-config' 'Get-TransportConfig' $settings
    }

    foreach ($note in $notes) { $manifest += 'error: ' + $note }
    $connectors = @($connectors | Where-Object { $_ -ne $null })
    $manifest += 'end: ' + $connectors.Count + ' connectors, ' + $entries.Count + ' entries'
    $path = Join-Path $folder 'manifest.txt'
    $manifest | Out-File -FilePath $path -Encoding Unicode -Width 100000
    $global:FormatEnumerationLimit = $limit
    Write-Host 'Done. Copy the folder to where relaysim is, and run:'
    Write-Host ('  relaysim import ' + (Split-Path -Leaf $folder))
}
"""


def collector_script(*, text: bool = False) -> str:
    """Return the script, pure ASCII.

    Args:
        text: Write printed lists instead of CLIXML, for a shell without ``Export-Clixml``.
    """
    return (
        _SCRIPT.replace("{format}", str(COLLECTOR_FORMAT))
        .replace("{kind}", "text" if text else "clixml")
        .replace("{save}", (_TEXT if text else _CLIXML))
    )
