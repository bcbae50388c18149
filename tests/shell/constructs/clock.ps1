# now 2026-03-04T05:06:07
$log = "C:\Temp\log-$(Get-Date -Format yyyyMMdd-HHmmss).txt"
$log
(Get-Date).AddDays(-1).ToString("yyyy-MM-dd")
Get-Date -UFormat "%Y%m%d"
[DateTime]::Now.ToString("s")
[datetime]::UtcNow.Year
$sw = [System.Diagnostics.Stopwatch]::StartNew()
Start-Sleep 2
$sw.Elapsed.TotalSeconds
New-TimeSpan -Start (Get-Date) -End (Get-Date).AddHours(1) | % { $_.TotalMinutes }
# > C:\Temp\log-20260304-050607.txt
# > 2026-03-03
# > 20260304
# > 2026-03-04T05:06:07
# > 2026
# > 2
# > 60
