function Edit-Ranges {
    [CmdletBinding()]
    param(
        [string] $ConnectorName,
        [ValidateSet('Add','Remove')]
        [string] $Action,
        [string[]] $IpAddress
    )
    $connector = Get-ReceiveConnector $ConnectorName
    foreach ($one in $IpAddress) {
        $found = $connector.RemoteIPRanges | Where-Object { "$_" -eq $one }
        if ($null -ne $found) {
            switch ($Action) {
                'Add' { Write-Warning ('[{0}] is there' -f $one) }
                'Remove' { $connector.RemoteIPRanges = $connector.RemoteIPRanges | Where-Object { "$_" -ne $one } }
                default {}
            }
        }
        else {
            switch ($Action) {
                'Add' { $connector.RemoteIPRanges += $one }
                'Remove' { Write-Warning ('[{0}] CANNOT be removed' -f $one) }
                default {}
            }
        }
    }
    Set-ReceiveConnector -Identity $connector.Identity -RemoteIPRanges $connector.RemoteIPRanges
}
Edit-Ranges -ConnectorName 'Scanner Relay' -Action Add -IpAddress 10.20.0.14, 10.20.0.99
Edit-Ranges -ConnectorName 'Scanner Relay' -Action Remove -IpAddress 10.20.0.15
