function Get-ConnectorReport {
    <#
    .SYNOPSIS
    One row for each receive connector
    #>
    [CmdletBinding()]
    param (
        [Parameter()]
        [switch] $FrontEndOnly
    )
    begin {
        Get-ReceiveConnector | Where-Object { -not $FrontEndOnly -or $_.TransportRole -eq 'FrontendTransport' } | Select-Object @(
            'Identity'
            'Enabled'
            @{
                Name       = 'RemoteIPRanges'
                Expression = { @($_.RemoteIPRanges) -ne '' -join '|' }
            }
            @{
                Name       = 'Bindings'
                Expression = { @($_.Bindings) -ne '' -join '|' }
            }
            'PermissionGroups'
        )
    }
    process { }
    end { }
}
Get-ConnectorReport -FrontEndOnly | Where-Object Identity -like '*\Client Frontend*' | Format-List
