# Exchange's receive connector commands, answered by relaysim. This module holds no rule: names,
# types and the way of a request; every default, refusal and answer comes from the backend.
# Windows PowerShell 5.1 and PowerShell 7; ASCII only; nothing is compiled.

if (-not $global:RelaySimTypes) { foreach ($part in 'Values', 'Pipe') { . (Join-Path $PSScriptRoot "$part.ps1") } }
foreach ($part in 'Types', 'Converters', 'Backend', 'Commands', 'Questions', 'Safety') { . (Join-Path $PSScriptRoot "$part.ps1") }

$script:Launcher = @()
$launcherFile = Join-Path $PSScriptRoot 'launcher.txt'
if (Test-Path -LiteralPath $launcherFile) { $script:Launcher = @(Get-Content -LiteralPath $launcherFile) }
$ExecutionContext.SessionState.Module.OnRemove = {
    Disable-RsTakeover
    Remove-RsCommands
    Unregister-RsConverters
    [RsPipe]::Stop()
}
