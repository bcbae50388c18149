# Scripts against one backend: what each made of its server, and what it said.
# Arguments: the module, a file of jobs (JSON lines: id, source, script, fresh), a folder for states.
param([string] $Module, [string] $Jobs, [string] $Folder)
$words = $env:RELAYSIM_COMMAND -split "`n"
$start = [System.Diagnostics.ProcessStartInfo]::new($words[0])
$start.Arguments = (@($words | Select-Object -Skip 1) + 'powershell', 'backend') -join ' '
$start.UseShellExecute = $false
$start.RedirectStandardInput = $true
$start.RedirectStandardOutput = $true
$backend = [System.Diagnostics.Process]::Start($start)
$out = [System.IO.StreamWriter]::new((Join-Path $Folder 'results.jsonl'))
# Windows' aliases: the published scripts use them.
$begin = 'param($m, $s, $b) foreach ($pair in @("sort", "Sort-Object"), @("ls", "Get-ChildItem"), @("cat", "Get-Content"), @("sleep", "Start-Sleep")) { Set-Alias $pair[0] $pair[1] -Scope Global }; Import-Module $m; Connect-RelaySim $s -Backend $b'
$shell = $null
foreach ($line in [System.IO.File]::ReadAllLines($Jobs)) {
    $job = $line | ConvertFrom-Json
    if ($job.fresh -or $null -eq $shell) {
        if ($null -ne $shell) { $shell.Runspace.Dispose(); $shell.Dispose() }
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        $null = $shell.AddScript($begin).AddParameters(@($Module, $job.source, $backend)).Invoke()
    } else {
        $null = $shell.AddScript('param($s, $b) Connect-RelaySim $s -Backend $b; $global:Error.Clear()').AddParameters(@($job.source, $backend)).Invoke()
    }
    $broken = @($shell.Streams.Error | ForEach-Object { [string] $_ })
    $shell.Streams.ClearStreams()
    $shell.Commands.Clear()
    $failure = $null
    try { $null = $shell.AddCommand($job.script).Invoke() } catch { $failure = $_.Exception; while ($failure.InnerException) { $failure = $failure.InnerException } }
    $records = @($shell.Streams.Error)
    if ($null -ne $failure -and $null -ne $failure.ErrorRecord) { $records += $failure.ErrorRecord }
    $errors = @($records | ForEach-Object { , @(($_.FullyQualifiedErrorId -split ',')[0], $_.InvocationInfo.ScriptLineNumber, [string] $_) })
    $warnings = @($shell.Streams.Warning | ForEach-Object { $_.Message })
    $shell.Streams.ClearStreams()
    $shell.Commands.Clear()
    $state = Join-Path $Folder "$($job.id).toml"
    $null = $shell.AddScript('param($f) Save-RelaySim $f').AddParameters(@($state)).Invoke()
    $shell.Commands.Clear()
    $out.WriteLine((@{ id = $job.id; errors = $errors; warnings = $warnings; broken = $broken } | ConvertTo-Json -Compress -Depth 5))
}
$out.Close()
$backend.StandardInput.Close()
