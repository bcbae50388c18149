# Copies one connector from the first server to every other, entries included.
param([string] $Name = 'Scanner Relay')
$source, $others = Get-TransportService | Sort-Object -Property Name
$template = Get-ReceiveConnector -Server $source.Name | Where-Object { $_.Name -eq $Name }
if ($null -eq $template) {
    $template = New-ReceiveConnector -Name $Name -Server $source.Name -Usage Custom -Bindings '0.0.0.0:25' `
        -RemoteIPRanges '10.20.0.10', '10.20.0.11' -TransportRole FrontendTransport -PermissionGroups AnonymousUsers
    $template | Add-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' -ExtendedRights 'ms-Exch-SMTP-Accept-Any-Recipient' | Out-Null
}
foreach ($server in $others) {
    $settings = @{
        Name             = $template.Name
        Server           = $server.Name
        Usage            = 'Custom'
        Bindings         = $template.Bindings
        RemoteIPRanges   = $template.RemoteIPRanges
        TransportRole    = $template.TransportRole
        PermissionGroups = $template.PermissionGroups
    }
    $null = New-ReceiveConnector @settings
}
foreach ($one in Get-ReceiveConnector | Where-Object Name -eq $Name) {
    '{0}: {1}' -f $one.Server, ($one.RemoteIPRanges -join ';')
}
