# now 2026-03-04T05:06:07
$logfile = Join-Path (Split-Path -Parent $MyInvocation.MyCommand.Path) ("relay_{0}.log" -f (Get-Date -Format "yyyyMMdd"))
function Write-Log([string] $text) { "$(Get-Date -Format s) $text" | Out-File $logfile -Append }
Write-Log "begin"
Start-Sleep -Seconds 90
Write-Log "end"
Get-Content $logfile
Test-Path "$PSScriptRoot\relay_20260304.log"
$stopwatch = [System.Diagnostics.Stopwatch]::StartNew()
Start-Sleep -Milliseconds 1500
$stopwatch.Stop()
"{0:N1} seconds" -f $stopwatch.Elapsed.TotalSeconds
# > 2026-03-04T05:06:07 begin
# > 2026-03-04T05:07:37 end
# > True
# > 1.5 seconds
# file relay_20260304.log
