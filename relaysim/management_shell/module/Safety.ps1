# What must never reach a real Exchange.

function Test-RsRealExchange {
    if ($env:ExchangeInstallPath) { return 'Exchange is installed on this machine ($env:ExchangeInstallPath)' }
    foreach ($command in @(Get-Command -Name Get-ReceiveConnector -All -ErrorAction Ignore)) {
        if ($command.CommandType -eq 'Cmdlet' -or ($command.Module -and $command.Module.Name -like 'tmp_*')) { return 'a real Exchange command is loaded here' }
    }
    if (Get-Command -Name Get-PSSession -ErrorAction Ignore) {
        foreach ($session in @(Get-PSSession -ErrorAction Ignore)) {
            if ($session.ConfigurationName -eq 'Microsoft.Exchange') { return 'a session with a real Exchange is open here' }
        }
    }
    return ''
}

$script:Takeover = @('Connect-ExchangeServer', 'Connect-ExchangeOnline', 'Connect-IPPSSession', 'New-PSSession', 'Import-PSSession', 'Enter-PSSession', 'Remove-PSSession', 'Add-PSSnapin', 'Get-PSSnapin', 'Set-ADServerSettings')
$script:Told = @{}

function Write-RsTold([string] $name) {
    if (-not $script:Told[$name]) {
        $script:Told[$name] = $true
        Write-Warning "$name does nothing here: the simulated server is connected"
    }
}

function Enable-RsTakeover {
    $bodies = @{
        'Connect-ExchangeServer' = 'param([switch] $Auto, [switch] $AllowClobber, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Connect-ExchangeOnline' = 'param([Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Connect-IPPSSession' = 'param([Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Set-ADServerSettings' = 'param([Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'New-PSSession' = 'param($ConfigurationName, $ConnectionUri, $ComputerName, $Authentication, $Credential, $SessionOption, $Name, [switch] $AllowRedirection, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Import-PSSession' = 'param([Parameter(Position = 0, ValueFromPipeline = $true)] $Session, $CommandName, $Prefix, [switch] $AllowClobber, [switch] $DisableNameChecking, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Enter-PSSession' = 'param([Parameter(Position = 0, ValueFromPipeline = $true)] $Session, $ConfigurationName, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Remove-PSSession' = 'param([Parameter(Position = 0, ValueFromPipeline = $true)] $Session, $Id, $Name, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Add-PSSnapin' = 'param([Parameter(Position = 0)] $Name, [switch] $PassThru)'
        'Get-PSSnapin' = 'param([Parameter(Position = 0)] $Name, [switch] $Registered)'
    }
    $results = @{
        'New-PSSession' = "[pscustomobject] @{ PSTypeName = 'RelaySim.PSSession'; Id = 1; Name = 'RelaySim'; ConfigurationName = 'Microsoft.Exchange'; State = 'Opened'; Availability = 'Available' }"
        'Get-PSSnapin' = "foreach (`$one in @(`$Name)) { if ([string] `$one -like '*Exchange*') { [pscustomobject] @{ Name = 'Microsoft.Exchange.Management.PowerShell.SnapIn'; PSVersion = '1.0' } } }"
    }
    foreach ($name in $script:Takeover) {
        $result = $results[$name]
        $text = "function global:$name { [CmdletBinding()] $($bodies[$name]) process { & (Get-Module RelaySim) { param(`$n) Write-RsTold `$n } '$name'; $result } }"
        . ([scriptblock]::Create($text))
    }
}

function Disable-RsTakeover {
    foreach ($name in $script:Takeover) { Remove-Item -LiteralPath "Function:\$name" -ErrorAction Ignore }
    $script:Told = @{}
}
