# Begins wherever it is started: shell, snap-in, or a remote session.
if (-not (Get-Command Get-ReceiveConnector -ErrorAction SilentlyContinue)) {
    if (Get-PSSnapin -Registered -Name Microsoft.Exchange.Management.PowerShell.SnapIn -ErrorAction SilentlyContinue) { Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn }
    else {
        $session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri 'http://ex01/PowerShell/' -Authentication Kerberos
        Import-PSSession $session -DisableNameChecking | Out-Null
    }
}
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
Set-ADServerSettings -ViewEntireForest $true -WarningAction SilentlyContinue
$server = Get-ExchangeServer | Select-Object -First 1
$version = [version] ('{0}.{1}.{2}.{3}' -f $server.AdminDisplayVersion.Major, $server.AdminDisplayVersion.Minor, $server.AdminDisplayVersion.Build, $server.AdminDisplayVersion.Revision)
if ($version -ge [version] '15.1') { 'has a front end' } else { 'older' }
@(Get-ReceiveConnector -Server $server.Name).Count
if (Test-Path Variable:session) { Remove-PSSession $session }
