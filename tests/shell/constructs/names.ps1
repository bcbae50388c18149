$PSScriptRoot
Split-Path -Parent $MyInvocation.MyCommand.Path
Split-Path $MyInvocation.MyCommand.Definition -Parent
$MyInvocation.MyCommand.Name
$PSCommandPath
$env:COMPUTERNAME
$PSVersionTable.PSVersion.Major
$PSVersionTable.PSVersion
$pwd.Path
(Get-Location).Path
$env:TEMP
$env:USERNAME
$HOME
Join-Path $PSScriptRoot "out.csv"
hostname
whoami
$env:USERPROFILE
# > C:\Scripts
# > C:\Scripts
# > C:\Scripts
# > names.ps1
# > C:\Scripts\names.ps1
# > EX01
# > 5
# > Major Minor Build Revision
# > ----- ----- ----- --------
# > 5 1 14393 0
# > C:\Scripts
# > C:\Scripts
# > C:\Users\Administrator\AppData\Local\Temp
# > Administrator
# > C:\Users\Administrator
# > C:\Scripts\out.csv
# > EX01
# > contoso\administrator
# > C:\Users\Administrator
