# answer y
# argument EX01


<#
.SYNOPSIS
Copies a receive connector.
.PARAMETER SourceServer
Source
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0, Mandatory = $true, ValueFromPipelineByPropertyName = $true, HelpMessage = "Source server")]
    [ValidateNotNullOrEmpty()]
    [string] $SourceServer = "EX01",
    [string] $ConnectorName = "Client Frontend EX01",
    [string] $TargetServer = "EX01",
    [string] $DomainController = [string]::Empty
)
Set-StrictMode -Version 2.0
Import-Module ServerManager
$scriptPath = Split-Path $script:MyInvocation.MyCommand.Path
$secondsToWait = 5
function Test-Server {
    try { $null = Get-ExchangeServer -Identity $SourceServer -ErrorAction Stop; return $true }
    catch { Write-Error "not there"; return $false }
}
function Request-Choice {
    param([string] $Caption = "Really?")
    $choices = [System.Management.Automation.Host.ChoiceDescription[]]@("&Yes", "&No")
    [int] $defaultChoice = 1
    $choiceReturn = $Host.UI.PromptForChoice($Caption, "", $choices, $defaultChoice)
    return $choiceReturn
}
if (Test-Server) {
    $source = Get-ReceiveConnector -Server $SourceServer | Where-Object { $_.Name -eq $ConnectorName }
    if ($null -ne $source) {
        Write-Output ("Found {0} on {1}" -f $source.Name, $source.Server)
        if ((Request-Choice -Caption ("Copy {0}?" -f $ConnectorName)) -eq 0) {
            $new = New-ReceiveConnector -Name "$ConnectorName copy" -Server $TargetServer -TransportRole $source.TransportRole -RemoteIPRanges 10.1.1.1 -Bindings "0.0.0.0:2587" -Banner $source.Banner `
                -ChunkingEnabled $source.ChunkingEnabled -DefaultDomain $source.DefaultDomain -DeliveryStatusNotificationEnabled $source.DeliveryStatusNotificationEnabled `
                -EightBitMimeEnabled $source.EightBitMimeEnabled -MaxMessageSize $source.MaxMessageSize -PermissionGroups "AnonymousUsers" -AuthMechanism $source.AuthMechanism -Usage Custom
            Start-Sleep -Seconds $secondsToWait
            $acl = Get-ReceiveConnector "$SourceServer\$ConnectorName" | Get-ADPermission | Where-Object { $_.Deny -eq $false -and $_.IsInherited -eq $false }
            foreach ($ace in $acl) {
                Get-ReceiveConnector "$TargetServer\$($new.Name)" | Add-ADPermission -User $ace.User -Deny:$ace.Deny -AccessRights $ace.AccessRights -ExtendedRights $ace.ExtendedRights | Out-Null
            }
            Write-Host "Done" -ForegroundColor Green
        }
    }
}
# > Found Client Frontend EX01 on EX01
# > Done
# note Import-Module: `ServerManager` brings nothing, the commands that are understood are always here
