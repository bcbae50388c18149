# Scripts one after the other, each in a runspace of its own that begins with the module.
# Argument: the module. A line of the input names a script, "own" before it asks for its own backend.
param([string] $Module)
$words = $env:RELAYSIM_COMMAND -split "`n"
$start = [System.Diagnostics.ProcessStartInfo]::new($words[0])
$start.Arguments = (@($words | Select-Object -Skip 1) + 'powershell', 'backend') -join ' '
$start.UseShellExecute = $false
$start.RedirectStandardInput = $true
$start.RedirectStandardOutput = $true
$backend = [System.Diagnostics.Process]::Start($start)
$before = @{}
foreach ($pair in [Environment]::GetEnvironmentVariables().GetEnumerator()) { $before[$pair.Key] = $pair.Value }
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $own, $script = $line.Split('|', 2)
    $space = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $space.Open()
    $shell = [powershell]::Create()
    $shell.Runspace = $space
    $default = if ($own) { @{} } else { @{ 'Connect-RelaySim:Backend' = $backend } }
    $null = $shell.AddScript('param($m, $d) $global:PSDefaultParameterValues = $d; Import-Module $m').AddParameters(@($Module, $default)).Invoke()
    $shell.Commands.Clear()
    $null = $shell.AddScript("& '$script'").AddCommand('Out-Default')
    $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
    try { $null = $shell.Invoke() } catch { [Console]::Error.WriteLine("ended: $($_.Exception.InnerException.Message)") }
    $shell.Commands.Clear()
    $null = $shell.AddScript('Remove-Module RelaySim').Invoke()
    $shell.Dispose(); $space.Dispose()
    foreach ($key in @([Environment]::GetEnvironmentVariables().Keys)) { if (-not $before.ContainsKey($key)) { [Environment]::SetEnvironmentVariable($key, $null) } }
    foreach ($key in $before.Keys) { [Environment]::SetEnvironmentVariable($key, $before[$key]) }
    [Console]::Out.WriteLine('== end =='); [Console]::Out.Flush()
    [Console]::Error.WriteLine('== end =='); [Console]::Error.Flush()
}
$backend.StandardInput.Close()
