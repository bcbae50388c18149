# What must never reach a real Exchange.

function Test-RsRealExchange([System.Management.Automation.SessionState] $caller, [switch] $OnServer) {
    # Why this PowerShell is no place for a simulated server; nothing when it is one.
    if (-not $OnServer) {
        if ($env:ExchangeInstallPath) { return 'Exchange is installed on this machine ($env:ExchangeInstallPath)' }
        if (@($ExecutionContext.SessionState.Drive.GetAll() | Where-Object { $_.Name -eq 'HKLM' }).Count) {
            foreach ($version in 'v15', 'v14', '') {
                $key = "HKLM:\SOFTWARE\Microsoft\ExchangeServer\$version\Setup"
                if (Test-Path -Path $key -ErrorAction Ignore) { return "Exchange is installed on this machine ($key)" }
            }
        }
    }
    # What is loaded: Get-Command would also look through every module that could be.
    $loaded = foreach ($name in 'Get-ReceiveConnector', 'Set-ReceiveConnector', 'Add-ADPermission') { $ExecutionContext.InvokeCommand.GetCommands($name, 'Cmdlet, Function', $false) }
    foreach ($command in $loaded) {
        $whose = Get-RsOwner $command
        if ($whose) { return "a real Exchange command is loaded here ($($command.Name) of $whose)" }
    }
    # What a variable holds outlives its module, and is called without being looked up.
    $list = [scriptblock]::Create('$ExecutionContext.InvokeProvider.ChildItem.Get("Variable:", $false)')
    foreach ($variable in $caller.InvokeCommand.InvokeScript($caller, $list, @())) {
        if ($variable.Value -isnot [System.Management.Automation.CommandInfo] -or $variable.Value.Name -notmatch '-(ReceiveConnector|ADPermission)$') { continue }
        $whose = Get-RsOwner $variable.Value
        if ($whose) { return "`$$($variable.Name) holds a real Exchange command ($($variable.Value.Name) of $whose)" }
    }
    $list = Get-Command -Name Get-PSSession -CommandType Cmdlet -ErrorAction Ignore
    if ($list) {
        foreach ($session in @(& $list -ErrorAction Ignore)) {
            if ($session.ConfigurationName -eq 'Microsoft.Exchange') { return 'a session with a real Exchange is open here' }
        }
    }
    return ''
}

function Get-RsOwner([System.Management.Automation.CommandInfo] $command) {
    # Whose a command of Exchange's name is, when it would go to a real server.
    if ($command.CommandType -eq 'Cmdlet') { return $command.ModuleName }
    if ($command.Module -and ($command.Module.Name -like 'tmp_*' -or $command.Module.Description -like 'Implicit remoting*')) { return 'a remote session' }
}

$script:Told = @{}
$script:Rest = '[Parameter(ValueFromRemainingArguments = $true)] $RsRest'
$script:Stand = "[pscustomobject] @{ PSTypeName = 'RelaySim.PSSession'; Id = 1; Name = 'RelaySim'; ComputerName = 'RelaySim'; ConfigurationName = 'Microsoft.Exchange'; State = 'Opened'; Availability = 'Available' }"

function Write-RsTold([string] $name) {
    if ($script:Told[$name]) { return }
    $script:Told[$name] = $true
    Write-Warning "$name does nothing here: the simulated server is connected"
}

# Each with its parameters, when it is ours (always without a condition), and what it does then.
# What is not ours goes to the command of that name, as it was given.
$script:Takeover = [ordered] @{
    'Connect-ExchangeServer' = @('[switch] $Auto, [switch] $AllowClobber, [string] $ServerFqdn', '', '')
    'Connect-ExchangeOnline' = @('', '', '')
    'Disconnect-ExchangeOnline' = @('', '', '')
    'Connect-IPPSSession' = @('', '', '')
    'Set-ADServerSettings' = @('', '', '')
    'Add-PSSnapin' = @('[Parameter(Position = 0)] [object] $Name, [switch] $PassThru', '"$Name" -like "*Exchange*"', '')
    'Get-PSSnapin' = @('[Parameter(Position = 0)] [object] $Name, [switch] $Registered', '', 'foreach ($one in @($Name)) { if ("$one" -like "*Exchange*") { [pscustomobject] @{ Name = [string] $one; PSVersion = "1.0" } } }')
    'New-PSSession' = @('[string] $ConfigurationName, [object] $ConnectionUri, [Parameter(Position = 0)] [object] $ComputerName, [object] $Authentication, [object] $Credential, [object] $SessionOption, [object] $Name, [switch] $AllowRedirection', '$ConfigurationName -eq "Microsoft.Exchange" -or "$ConnectionUri" -match "/PowerShell"', $script:Stand)
    'Get-PSSession' = @('[object] $Name, [object] $Id, [Parameter(Position = 0)] [object] $ComputerName, [object] $ConfigurationName', '', '')
    'Import-PSSession' = @('[Parameter(Position = 0, ValueFromPipeline = $true)] [object] $Session, [object] $CommandName, [object] $Module, [object] $Prefix, [switch] $AllowClobber, [switch] $DisableNameChecking', '$Session.PSTypeNames -contains "RelaySim.PSSession"', '')
    'Enter-PSSession' = @('[Parameter(Position = 0, ValueFromPipeline = $true)] [object] $Session, [object] $ConfigurationName, [object] $ConnectionUri, [object] $ComputerName', '$Session.PSTypeNames -contains "RelaySim.PSSession" -or $ConfigurationName -eq "Microsoft.Exchange" -or "$ConnectionUri" -match "/PowerShell"', '')
    'Exit-PSSession' = @('', '', '')
    'Remove-PSSession' = @('[Parameter(Position = 0, ValueFromPipeline = $true)] [object] $Session, [object] $Id, [object] $Name', '$null -eq $Session -or $Session.PSTypeNames -contains "RelaySim.PSSession"', '')
    'Invoke-Command' = @('[Parameter(ValueFromPipeline = $true)] [object] $InputObject, [object] $Session, [object] $ComputerName, [object] $ConfigurationName, [object] $ConnectionUri, [Parameter(Position = 0)] [scriptblock] $ScriptBlock, [object[]] $ArgumentList', '@($Session | ForEach-Object { $_.PSTypeNames }) -contains "RelaySim.PSSession" -or $ConfigurationName -eq "Microsoft.Exchange" -or "$ConnectionUri" -match "/PowerShell"', '& $ScriptBlock @ArgumentList')
    'Import-Module' = @('[Parameter(Position = 0, ValueFromPipeline = $true)] [object] $Name', '"$Name" -match "ExchangeOnlineManagement|RemoteExchange|Microsoft\.Exchange\."', '')
    'Send-MailMessage' = @('[Parameter(Position = 0)] [string[]] $To, [Parameter(Position = 1)] [string] $Subject, [string] $From, [string] $SmtpServer, [string[]] $Cc, [string[]] $Bcc, [int] $Port = 25, [switch] $UseSsl, [object] $Credential', '', 'Send-RsMail')
}

function Get-RsMailText {
    return @'
$rsMail = [ordered] @{ Port = [string] $Port; UseSsl = [bool] $UseSsl }
foreach ($rsKey in 'To', 'From', 'SmtpServer', 'Cc', 'Bcc') { if ($PSBoundParameters.ContainsKey($rsKey)) { $rsMail[$rsKey] = $PSBoundParameters[$rsKey] } }
if ($Credential) { $rsMail['User'] = [string] $(if ($Credential.PSObject.Properties['UserName']) { $Credential.UserName } else { $Credential }) }
$rsSaid = Invoke-RsMail $rsMail
if ($rsSaid) { $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new($rsSaid), 'SmtpException', 'InvalidOperation', $SmtpServer)) }
'@
}

function Enable-RsTakeover {
    foreach ($name in $script:Takeover.Keys) {
        $parameters, $condition, $result = $script:Takeover[$name]
        if ($name -eq 'Import-Module') { continue }
        if ($parameters) { $parameters += ', ' }
        $work = if ($name -eq 'Send-MailMessage') { Get-RsMailText } else { "Write-RsTold '$name'; $result" }
        if ($condition) {
            $real = Get-Command -Name $name -CommandType Cmdlet -ErrorAction Ignore
            $other = if ($real) { "& (Get-Command -Name '$name' -CommandType Cmdlet) @PSBoundParameters" } else { "Write-RsTold '$name'" }
            if ($name -eq 'Invoke-Command') { $other = "`$null = `$PSBoundParameters.Remove('RsRest'); $other" }
            $work = "if ($condition) { $work } else { $other }"
        }
        Set-RsFunction $name "[CmdletBinding()] param($parameters$($script:Rest)) process { $work }"
    }
    # A name with its module in front passes functions by: it is led back to ours.
    $script:Before = $ExecutionContext.InvokeCommand.PreCommandLookupAction
    $script:Ours = @{}
    $script:Imported = $false
    foreach ($name in @($script:Commands) + @($script:Takeover.Keys)) { $script:Ours[$name] = $true }
    $action = $ExecutionContext.SessionState.Module.NewBoundScriptBlock({
            param($name, $found)
            $bare = ([string] $name) -replace '^.*[\\/]', ''
            if ($script:Later.ContainsKey($bare)) { Initialize-RsLater $bare }
            if ($bare -eq 'RemoteExchange.ps1' -or ($bare -ne $name -and $script:Ours.ContainsKey($bare) -and $name -notlike 'RelaySim\*')) {
                $found.StopSearch = $true
                if ($bare -eq 'RemoteExchange.ps1' -or $bare -eq 'Import-Module') { $found.CommandScriptBlock = { } }
                else { $found.CommandScriptBlock = $script:Blocks[$bare] }
            }
            elseif ($bare -in 'Import-Module', 'ipmo', 'Import-PSSession') { $script:Imported = $true }
            elseif ($script:Imported -and $script:Blocks.ContainsKey($bare) -and $ExecutionContext.InvokeProvider.Item.Exists("Function:\$bare")) {
                # A module of a remote session that was imported later stands before ours.
                $there = $ExecutionContext.InvokeProvider.Item.Get("Function:\$bare")[0]
                if (Get-RsOwner $there) { $found.CommandScriptBlock = $script:Blocks[$bare] }
            }
        })
    $ExecutionContext.InvokeCommand.PreCommandLookupAction = $action
    $script:StubPath = [System.IO.Path]::Combine($PSScriptRoot, 'stubs')
    $script:OldPath = $env:PSModulePath
    $env:PSModulePath = $script:StubPath + [System.IO.Path]::PathSeparator + $env:PSModulePath
    if ($ExecutionContext.InvokeProvider.Item.Exists('Function:\prompt')) {
        $script:Prompt = $ExecutionContext.InvokeProvider.Item.Get('Function:\prompt')[0].ScriptBlock
        Set-RsFunction 'prompt' "'[relaysim] ' + (& `$script:Prompt)"
    }
}

function Disable-RsTakeover {
    if ($null -eq $script:OldPath) { return }
    Remove-RsFunctions $script:Takeover.Keys
    $ExecutionContext.InvokeCommand.PreCommandLookupAction = $script:Before
    $env:PSModulePath = $script:OldPath
    $script:OldPath = $null
    if ($null -ne $script:Prompt) { Set-Item -LiteralPath Function:\global:prompt -Value $script:Prompt; $script:Prompt = $null }
    $script:Told = @{}
}
