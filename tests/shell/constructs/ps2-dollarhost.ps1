if ($host.Version.Major -lt 3) { "old" } else { "new" }
$ErrorActionPreference = "SilentlyContinue"
$WarningPreference = "SilentlyContinue"
$global:x = 1
[Console]::WriteLine("a")
[System.Threading.Thread]::Sleep(100)
[console]::beep()
# > new
# > a
