param(
    [string] $ConnectorName = 'Scanner Relay',
    [string] $FileName = 'new.txt'
)
function Test-Connector {
    [CmdletBinding()]
    param(
        [string]$Server
    )
    Write-Verbose -Message ('Checking Server: {0}' -f $Server)
    $target = Get-ReceiveConnector -Server $Server | Where-Object{$_.name -eq $ConnectorName} -ErrorAction SilentlyContinue
    if($target -ne $null) {
        Add-Ranges -Connector $target
    }
    else {
        Write-Output -InputObject ('INFO: Connector {0} NOT found on server {1}' -f $ConnectorName, $Server)
    }
}
function Add-Ranges {
    [CmdletBinding()]
    param (
        $Connector
    )
    $known = ''
    foreach ( $range in ($Connector).RemoteIPRanges ) {
        $known += ("`r`n{0}" -f $range)
    }
    $content = Get-Content -Path $FileName
    if($content -ne '') {
        foreach ($new in $content) {
            if ($known.Contains($new)) {
                Write-Output -InputObject ('Remote IP range [{0}] already exists' -f $new)
            }
            else {
                Write-Output -InputObject ('Remote IP range [{0}] will be added to {1}' -f $new, $ConnectorName)
                $Connector.RemoteIPRanges += $new
            }
        }
        Set-ReceiveConnector -Identity $Connector.Identity -RemoteIPRanges $Connector.RemoteIPRanges | Sort-Object -Unique
    }
}
$servers = Get-ExchangeServer | Sort-Object
foreach($server in $servers) {
    Write-Output -InputObject ('Checking receive connector {0} on server {1}' -f $ConnectorName, $server)
    Test-Connector -Server $server
}
