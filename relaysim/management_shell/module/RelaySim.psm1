# Exchange's receive connector commands, answered by relaysim. This module holds no rule: names,
# types and the way of a request; every default, refusal and answer comes from the backend.
# Windows PowerShell 5.1 and PowerShell 7; ASCII only; nothing is compiled.

# Importing and connecting uses no cmdlet of a module that PowerShell would have to load first.

if (-not $global:RelaySimTypes) { foreach ($part in 'Values', 'Pipe') { . ([System.IO.Path]::Combine($PSScriptRoot, "$part.ps1")) } }
foreach ($part in 'Types', 'Converters', 'Backend', 'Commands', 'Questions', 'Safety') { . ([System.IO.Path]::Combine($PSScriptRoot, "$part.ps1")) }

$script:Launcher = @()
$launcherFile = [System.IO.Path]::Combine($PSScriptRoot, 'launcher.txt')
if ([System.IO.File]::Exists($launcherFile)) { $script:Launcher = [System.IO.File]::ReadAllLines($launcherFile) }
$ExecutionContext.SessionState.Module.OnRemove = {
    Disable-RsTakeover
    Remove-RsCommands
    Unregister-RsConverters
    [RsPipe]::Stop()
}
