# Exchange's commands: functions made at Connect-RelaySim from what the backend says of them.

$script:Commands = @()
# What each of our functions does: one that comes later may take its name.
$script:Blocks = @{}
$script:Common = @{}
foreach ($name in 'Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable', 'WhatIf', 'Confirm', 'ProgressAction') { $script:Common[$name] = $true }

function Get-RsEntry([System.Collections.IDictionary] $sent, [object] $entry) {
    # An entry names connector, principal and right by itself.
    $sent.Remove('Instance')
    $sent['Identity'] = [string] $entry.Identity
    if (-not $sent.Contains('User')) { $sent['User'] = [string] $entry.User }
    if (-not $sent.Contains('ExtendedRights') -and -not $sent.Contains('AccessRights')) {
        if ($entry.ExtendedRights) { $sent['ExtendedRights'] = @($entry.ExtendedRights | ForEach-Object { [string] $_ }) }
        else { $sent['AccessRights'] = @($entry.AccessRights | ForEach-Object { [string] $_ }) }
    }
    if ($entry.Deny -and -not $sent.Contains('Deny')) { $sent['Deny'] = $true }
    return $sent
}

function Test-RsBinding($cmdlet, [string] $command, [System.Collections.IDictionary] $bound) {
    # Arguments are converted before a pipeline begins: one that does not fit ends it there.
    $sent = [ordered] @{}
    foreach ($key in $bound.Keys) { if (-not $script:Common.ContainsKey($key)) { $sent[$key] = $bound[$key] } }
    if (-not $sent.Count) { return }
    $request = '{"op":"bind","command":"' + $command + '","parameters":' + [RsJson]::Parameters($sent)
    # What fitted once fits again: no state takes part in that.
    $pipe = [RsPipe]::Here()
    if ($pipe.Fitting.Contains($request)) { return }
    $found = $pipe.Send($request)
    if ($null -ne $found.End) { return Write-RsTrouble $cmdlet $command $command $found.End $true }
    if ($pipe.Fitting.Count -ge 200) { $pipe.Fitting.Clear() }
    $null = $pipe.Fitting.Add($request)
}

function Confirm-RsCommand($cmdlet, [string] $command, [System.Collections.IDictionary] $sent, [bool] $whatIf) {
    # Checked first: a refusal shows under -WhatIf and before a question is asked.
    $target = Get-RsTarget $sent $command
    $trial = [ordered] @{}
    foreach ($key in $sent.Keys) { $trial[$key] = $sent[$key] }
    $trial['WhatIf'] = $true
    $found = [RsPipe]::Ask('{"op":"run","command":"' + $command + '","parameters":' + [RsJson]::Parameters($trial))
    if ($null -ne $found.End -and $found.End.errors.Count) { return Write-RsTrouble $cmdlet $command $target $found.End $false }
    $WhatIfPreference = $whatIf
    if (-not $whatIf) { $ConfirmPreference = 'Low' }
    if ($cmdlet.ShouldProcess($target, $command) -and -not $whatIf) { return $true }
}

function Get-RsTarget([System.Collections.IDictionary] $sent, [string] $command) {
    foreach ($key in 'Identity', 'Instance', 'Name') {
        $value = $sent[$key]
        if ($null -eq $value) { continue }
        if ($value -is [RsObject] -or $value -is [System.Management.Automation.PSCustomObject]) { return [RsJson]::Identity($value) }
        return [string] $value
    }
    return $command
}

function Get-RsMessage($trouble) {
    $text = [RsWire]::Text($trouble.message)
    if ($null -ne $trouble.hint) { $text += ' (' + [RsWire]::Text($trouble.hint) + ')' }
    return $text
}

function Write-RsTrouble($cmdlet, [string] $command, [string] $target, $end, [bool] $warn) {
    if ($warn) {
        foreach ($text in $end.warnings) { $cmdlet.WriteWarning([RsWire]::Text($text)) }
        foreach ($text in $end.remarks) {
            if ($script:Told[$text]) { continue }
            $script:Told[$text] = $true
            $cmdlet.WriteWarning([RsWire]::Text($text))
        }
        foreach ($text in $end.notes) { $cmdlet.WriteVerbose([RsWire]::Text($text)) }
    }
    $left = $end.errors.Count
    foreach ($each in $end.errors) {
        $message = Get-RsMessage $each
        # PowerShell puts the command in front by itself.
        if ($message.StartsWith("${command}: ")) { $message = $message.Substring($command.Length + 2) }
        $exception = [System.InvalidOperationException]::new($message)
        $record = [System.Management.Automation.ErrorRecord]::new($exception, [string] $each.id, 'InvalidOperation', $target)
        $left--
        # An argument that does not fit ends the statement, whatever -ErrorAction says: only the
        # command itself can do that.
        if ($end.ended -and $left -eq 0) { return $record }
        $cmdlet.WriteError($record)
    }
}

function New-RsCommandText($command) {
    $name = $command.name
    $changes = if ($command.changes) { '$true' } else { '$false' }
    # What the caller prefers: a module's function does not see it by itself.
    $help = "<#`n.SYNOPSIS`nExchange's $name, answered by relaysim for the simulated server: its parameters, defaults and refusals.`n.LINK`nhttps://learn.microsoft.com/powershell/module/exchange/$($name.ToLowerInvariant())`n#>`n"
    $text = $help + "[CmdletBinding(SupportsShouldProcess = $changes, PositionalBinding = `$false)]`nparam(`n$([RsWire]::Text($command.declared))`n)`n"
    $text += 'begin { if ($PSBoundParameters.Count -and $MyInvocation.ExpectingInput) { $rsEnded = Test-RsBinding $PSCmdlet ' + "'$name'" + ' $PSBoundParameters; if ($null -ne $rsEnded) { $PSCmdlet.ThrowTerminatingError($rsEnded) } } }' + "`nprocess {`n"
    $text += '    $rsAsked = $PSCmdlet.SessionState.PSVariable' + "`n"
    foreach ($pair in @(@('ErrorAction', 'ErrorActionPreference'), @('WarningAction', 'WarningPreference'), @('Verbose', 'VerbosePreference'))) {
        $text += "    if (-not `$PSBoundParameters.ContainsKey('$($pair[0])')) { `$$($pair[1]) = `$rsAsked.GetValue('$($pair[1])') }`n"
    }
    $text += '    $rsSent = [ordered] @{}' + "`n"
    $text += '    foreach ($rsKey in $PSBoundParameters.Keys) { if (-not $script:Common.ContainsKey($rsKey)) { $rsSent[$rsKey] = $PSBoundParameters[$rsKey] } }' + "`n"
    if ($name -like '*-ADPermission') { $text += '    if ([RsEntry]::Is($Identity)) { $rsSent = Get-RsEntry $rsSent $Identity } elseif ($null -ne $Instance) { $rsSent = Get-RsEntry $rsSent $Instance }' + "`n" }
    if ($name -eq 'Set-ReceiveConnector') {
        $text += '    foreach ($rsKey in ''Identity'', ''Instance'') { if ($rsSent[$rsKey] -is [RsObject]) { $rsSent[$rsKey] = [RsEdited]::new($rsSent[$rsKey]) } }' + "`n"
    }
    if ($command.changes) {
        $text += '    $rsTrial = if ($PSBoundParameters.ContainsKey(''WhatIf'')) { [bool] $PSBoundParameters[''WhatIf''] } else { [bool] $rsAsked.GetValue(''WhatIfPreference'') }' + "`n"
        $text += '    $rsAsks = if ($PSBoundParameters.ContainsKey(''Confirm'')) { [bool] $PSBoundParameters[''Confirm''] } else { [string] $rsAsked.GetValue(''ConfirmPreference'') -in ''Low'', ''Medium'' }' + "`n"
        $text += "    if (`$rsTrial -or `$rsAsks) { `$rsGo = Confirm-RsCommand `$PSCmdlet '$name' `$rsSent `$rsTrial; if (`$rsGo -is [System.Management.Automation.ErrorRecord]) { `$PSCmdlet.ThrowTerminatingError(`$rsGo) }; if (-not `$rsGo) { return } }`n"
    }
    $text += "    `$rsFound = [RsPipe]::Ask('{`"op`":`"run`",`"command`":`"$name`",`"parameters`":' + [RsJson]::Parameters(`$rsSent))`n"
    $text += '    foreach ($rsValue in $rsFound.Values) { $PSCmdlet.WriteObject($rsValue) }' + "`n"
    $text += "    if (`$null -ne `$rsFound.End) { `$rsEnded = Write-RsTrouble `$PSCmdlet '$name' (Get-RsTarget `$rsSent '$name') `$rsFound.End `$true; if (`$null -ne `$rsEnded) { `$PSCmdlet.ThrowTerminatingError(`$rsEnded) } }`n}`n"
    return $text
}

function Set-RsFunction([string] $name, [string] $text) {
    # A global function that belongs to the module: its helpers are found without a look-up.
    $block = $ExecutionContext.SessionState.Module.NewBoundScriptBlock([scriptblock]::Create($text))
    $script:Blocks[$name] = $block
    $null = $ExecutionContext.InvokeProvider.Item.Set("Function:\global:$name", $block)
}

function Complete-RsName([string] $what, [string] $word) {
    try {
        $bare = $word.Trim("'", '"')
        $found = [RsPipe]::Ask('{"op":"complete","parameters":' + [RsJson]::Of(@{ What = $what }, 0))
        foreach ($name in $found.Values) {
            if (-not $name.StartsWith($bare, 'OrdinalIgnoreCase')) { continue }
            $shown = if ($name -match '^[A-Za-z0-9_][A-Za-z0-9_.-]*$') { $name } else { "'" + $name.Replace("'", "''") + "'" }
            [System.Management.Automation.CompletionResult]::new($shown, $name, 'ParameterValue', $name)
        }
    } catch { $null = $_ }
}

# The commands beside receive connectors are many, and a script uses few of them: each is made when it
# is called for the first time. Until then a function of its name stands there for Get-Command, but
# not for those that do nothing.
$script:Later = @{}
$script:LaterText = '& (Get-Module RelaySim) { param($n) Initialize-RsLater $n } $MyInvocation.MyCommand.Name; if ($MyInvocation.ExpectingInput) { $input | & $MyInvocation.MyCommand.Name @args } else { & $MyInvocation.MyCommand.Name @args }'

function Enable-RsCommands($described, $others, $idle) {
    $script:Commands = @(foreach ($command in $described) { $command.name }) + @($others)
    foreach ($command in $described) { Set-RsFunction $command.name (New-RsCommandText $command) }
    foreach ($name in $idle) { $script:Later[$name] = $true }
    $stand = [scriptblock]::Create($script:LaterText)
    # The provider itself: Set-Item would take ten times as long.
    $items = $ExecutionContext.InvokeProvider.Item
    foreach ($name in $others) {
        $script:Later[$name] = $true
        $null = $items.Set("Function:\global:$name", $stand)
    }
}

function Initialize-RsLater([string] $name) {
    if (-not $script:Later.ContainsKey($name)) { return }
    $script:Later.Remove($name)
    # A function of somebody else has that name by now.
    $there = Get-Item -LiteralPath "Function:\$name" -ErrorAction Ignore
    if ($null -ne $there -and [string] $there.ScriptBlock -ne $script:LaterText) { return }
    if ($name -notin $script:Commands) { $script:Commands += $name }
    $script:Ours[$name] = $true
    $command = [RsPipe]::Ask('{"op":"describe","command":"' + $name + '"').End.command
    Set-RsFunction $name (New-RsCommandText $command)
}

function Remove-RsFunctions($names) {
    $items = $ExecutionContext.InvokeProvider.Item
    foreach ($name in $names) { if ($items.Exists("Function:\$name")) { $items.Remove("Function:\$name", $false) } }
}

function Remove-RsCommands {
    Remove-RsFunctions $script:Commands
    $script:Commands = @()
    $script:Blocks = @{}
    $script:Later = @{}
}
