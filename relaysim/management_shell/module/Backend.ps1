# Starting and ending the backend, and values in a form of their own.

$script:Protocol = 4

function Start-RsBackend([System.Diagnostics.Process] $running, [bool] $shared) {
    $pipe = [RsPipe]::Here()
    $pipe.Close()
    $pipe.Shared = $shared
    $pipe.Shapes = @{}
    $pipe.Fitting.Clear()
    $module = $ExecutionContext.SessionState.Module
    $pipe.Shape = $module.NewBoundScriptBlock({ param($data) Get-RsShape $data })
    $pipe.Value = $module.NewBoundScriptBlock({ param($data) ConvertFrom-RsValue $data })
    $pipe.Process = $running
    $hello = $pipe.Send('{"op":"hello"').End
    if ($hello.protocol -ne $script:Protocol) {
        $pipe.Close()
        throw "relaysim speaks version $($hello.protocol) of the protocol, this module version $($script:Protocol): install both from one release (relaysim powershell install)"
    }
}

function New-RsProcess([string] $relaysim) {
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $words = @($script:Launcher)
    if ($relaysim) { $words = @($relaysim) }
    elseif ($env:RELAYSIM_COMMAND) { $words = @($env:RELAYSIM_COMMAND -split "`n") }
    elseif (-not $words) {
        $found = @($ExecutionContext.InvokeCommand.GetCommands('relaysim', 'Application', $false))
        if (-not $found.Count) { throw 'relaysim is not on the path: name it with Connect-RelaySim -RelaySim PATH' }
        $words = @($found[0].Path)
    }
    $start.FileName = $words[0]
    $rest = @(for ($i = 1; $i -lt $words.Count; $i++) { $words[$i] }) + @('powershell', 'backend')
    $start.Arguments = @(foreach ($word in $rest) { '"' + $word.Replace('"', '\"') + '"' }) -join ' '
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.WorkingDirectory = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
    return [System.Diagnostics.Process]::Start($start)
}

function ConvertFrom-RsValue([object] $data) {
    # What travelled in a form of its own: texts, numbers, tables, lists, small objects.
    if ($null -eq $data -or $data -is [bool]) { return $data }
    if ($data -is [string]) { return [RsWire]::Text($data) }
    if ($data -is [System.Collections.ArrayList]) { return , @(foreach ($item in $data) { ConvertFrom-RsValue $item }) }
    if ($data -isnot [System.Collections.Hashtable]) { return $data }
    if ($data.ContainsKey('l')) { return , ([RsTextList]::new(@(foreach ($item in $data.l) { ConvertFrom-RsValue $item }))) }
    if ($data.ContainsKey('h')) {
        $table = [ordered] @{}
        foreach ($pair in $data.h) { $table[(ConvertFrom-RsValue $pair[0])] = ConvertFrom-RsValue $pair[1] }
        return $table
    }
    $made = [ordered] @{}
    if ($data.t) { $made['PSTypeName'] = $data.t }
    foreach ($pair in $data.p) { $made[$pair[0]] = ConvertFrom-RsValue $pair[1] }
    $object = [pscustomobject] $made
    $text = [RsWire]::Text($data.s)
    if ($text) { Add-Member -InputObject $object -MemberType ScriptMethod -Name ToString -Value ([scriptblock]::Create("'" + $text.Replace("'", "''") + "'")) -Force }
    return $object
}
