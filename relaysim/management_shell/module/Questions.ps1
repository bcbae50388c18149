# Connecting, and relaysim's own questions.

function Connect-RelaySim {
    <#
    .SYNOPSIS
    Connects Exchange's commands to a simulated server.
    .PARAMETER Source
    A server file, an export, a script, a builtin name; nothing: a fresh server.
    .PARAMETER RunsOn
    Of several servers the one whose Management Shell this is: what names no server is about it.
    .PARAMETER ClientIP
    The address that Send-MailMessage sends from: that of the machine a script will run on.
    .PARAMETER Backend
    A `relaysim powershell backend` that runs already, for many runspaces one after the other.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string] $Source,
        [string] $Exchange, [string] $Server, [string] $RunsOn, [string] $RelaySim,
        [string] $ClientIP, [System.Diagnostics.Process] $Backend,
        [switch] $OnExchangeServer, [switch] $PassThru
    )
    $mode = $ExecutionContext.SessionState.LanguageMode
    if ($mode -ne 'FullLanguage') { throw "Connect-RelaySim needs FullLanguage, this PowerShell has $mode" }
    Disable-RsTakeover
    $real = Test-RsRealExchange $PSCmdlet.SessionState -OnServer:$OnExchangeServer
    if ($real) { throw "Connect-RelaySim refuses: $real. Use another PowerShell$(if (-not $OnExchangeServer) { ', or -OnExchangeServer for a machine where it is only installed' })." }
    $path = ''
    if ($Source) {
        $path = $Source
        if ($Source -notlike 'builtin:*') { $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Source) }
    }
    # The backend comes up while types are made.
    $started = if ($null -eq $Backend) { New-RsProcess $RelaySim } else { $Backend }
    try { Initialize-RsTypes } catch { if ($null -eq $Backend) { $started.Kill() }; throw }
    Remove-RsCommands
    Start-RsBackend $started ($null -ne $Backend)
    $request = '{"op":"connect"'
    if ($path) { $request += ',"source":' + [RsWire]::Quoted($path) }
    if ($Exchange) { $request += ',"exchange":' + [RsWire]::Quoted($Exchange) }
    if ($Server) { $request += ',"server":' + [RsWire]::Quoted($Server) }
    if ($RunsOn) { $request += ',"home":' + [RsWire]::Quoted($RunsOn) }
    $found = [RsPipe]::Ask($request)
    if ($found.End.errors.Count) {
        $text = @($found.End.errors | ForEach-Object { [RsWire]::Text($_.message) }) -join "`n"
        [RsPipe]::Stop()
        throw $text
    }
    Enable-RsCommands $found.End.commands $found.End.others $found.End.idle
    $script:ClientIP = $ClientIP
    Enable-RsTakeover
    if ($PassThru) {
        [pscustomobject] @{ Source = [RsWire]::Text($found.End.source); Exchange = [string] $found.End.exchange; Servers = @($found.End.servers | ForEach-Object { [RsWire]::Text($_) }) }
    }
}

function Invoke-RsMail([System.Collections.IDictionary] $mail) {
    # What becomes of a message: nothing is sent.
    if ($script:ClientIP) { $mail['ClientIP'] = $script:ClientIP }
    $found = [RsPipe]::Ask('{"op":"mail","parameters":' + [RsJson]::Parameters($mail))
    if ($null -ne $found.End -and $found.End.errors.Count) {
        return @($found.End.errors | ForEach-Object { Get-RsMessage $_ }) -join '; '
    }
    $sent = $found.Values[0]
    if ($null -eq $sent.Accepted) { return "Send-MailMessage: undecided, nobody can tell: $($sent.Missing)" }
    if ($null -ne $sent.Refusal) { return "The server response was: $($sent.Refusal)" }
    return ''
}

function Disconnect-RelaySim {
    <#
    .SYNOPSIS
    Ends the connection; Exchange's commands are gone.
    #>
    [CmdletBinding()] param()
    Disable-RsTakeover
    Remove-RsCommands
    [RsPipe]::Stop()
}

function Restore-RelaySim {
    <#
    .SYNOPSIS
    Puts the simulated server back to what it was at the beginning.
    #>
    [CmdletBinding()] param()
    $null = [RsPipe]::Ask('{"op":"restore"')
}

function Invoke-RsQuestion($cmdlet, [string] $op, [System.Collections.IDictionary] $bound) {
    $sent = [ordered] @{}
    foreach ($key in $bound.Keys) { if (-not $script:Common.ContainsKey($key)) { $sent[$key] = $bound[$key] } }
    $found = [RsPipe]::Ask('{"op":"' + $op + '","parameters":' + [RsJson]::Parameters($sent))
    if ($null -ne $found.End -and $found.End.errors.Count) {
        $text = @($found.End.errors | ForEach-Object { Get-RsMessage $_ }) -join "`n"
        $cmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new($text), [string] $found.End.errors[0].id, 'InvalidArgument', $null))
    }
    $found.Values
}

function Test-RelaySim {
    <#
    .SYNOPSIS
    Would this client relay, bypass anti-spam, have its P2 address resolved?
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $IP,
        [ArgumentCompleter({ & (Get-Module RelaySim) { param($w) Complete-RsName 'auth' $w } $args[2] })] [string] $Auth = 'none', [string] $User, [string[]] $Group, [switch] $Tls, [int] $Port = 25,
        [string] $LocalIP, [string] $Behind, [string] $Cert, [string] $From, [string] $HeaderFrom, [string[]] $To, [string] $Size, [string] $Server
    )
    Invoke-RsQuestion $PSCmdlet 'check' $PSBoundParameters
}

function Compare-RelaySim {
    <#
    .SYNOPSIS
    What has changed since Connect-RelaySim: settings and entries, then who may do more or less.
    #>
    [CmdletBinding()] param([switch] $SettingsOnly)
    Invoke-RsQuestion $PSCmdlet 'compare' $PSBoundParameters
}

function Save-RelaySim {
    <#
    .SYNOPSIS
    Writes the server as it is now as a server file.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0)] [string] $Path)
    $text = Invoke-RsQuestion $PSCmdlet 'save' @{}
    $target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    [System.IO.File]::WriteAllText($target, [string] $text, [System.Text.UTF8Encoding]::new($false))
}

function Get-RelaySimReach {
    <#
    .SYNOPSIS
    Every address that may do one thing, over every endpoint.
    #>
    [CmdletBinding()]
    param([Parameter(Position = 0)] [ArgumentCompleter({ & (Get-Module RelaySim) { param($w) Complete-RsName 'questions' $w } $args[2] })] [string] $Question = 'relay', [string[]] $Auth, [int[]] $Port, [string] $Server)
    Invoke-RsQuestion $PSCmdlet 'who-can' $PSBoundParameters
}

function Get-RelaySimFinding {
    <#
    .SYNOPSIS
    What is wrong with the configuration as it is now; with -All what holds too.
    #>
    [CmdletBinding()] param([switch] $All)
    Invoke-RsQuestion $PSCmdlet 'audit' $PSBoundParameters
}

function Invoke-RelaySimSession {
    <#
    .SYNOPSIS
    Plays an SMTP session, line by line.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $IP, [Parameter(Mandatory = $true)] [string[]] $Line, [int] $Port = 25, [string] $Server)
    Invoke-RsQuestion $PSCmdlet 'session' $PSBoundParameters
}
