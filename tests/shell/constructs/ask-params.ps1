# answer App Relay
# answer 10.10.10.5
# answer N
param (
    [Parameter(Mandatory=$true)][string]$ConnectorName,
    [Parameter(Mandatory=$true)][ValidateScript({ [ipaddress]::TryParse($_, [ref]$null) -or $true })][string[]]$Addresses
)
$ErrorActionPreference = "Stop"
try {
    $null = New-ReceiveConnector -Name $ConnectorName -TransportRole FrontendTransport -Custom -Bindings 0.0.0.0:25 -RemoteIpRanges $Addresses
    Set-ReceiveConnector $ConnectorName -PermissionGroups AnonymousUsers
    Get-ReceiveConnector $ConnectorName | Add-ADPermission -User 'NT AUTHORITY\Anonymous Logon' -ExtendedRights MS-Exch-SMTP-Accept-Any-Recipient | Out-Null
} catch [System.Exception] {
    Write-Host $_.Exception.Message -ForegroundColor Red
    exit 1
} finally { "end" }
Restart-Service MSExchangeFrontEndTransport -Confirm
# > end
# warning `App Relay` has no permission group: it takes no mail until it gets one
