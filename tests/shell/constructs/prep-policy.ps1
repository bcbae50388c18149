#requires -version 2.0
#Requires -Modules ActiveDirectory
Set-ExecutionPolicy Unrestricted -Force -Scope Process
Get-ExecutionPolicy
Import-Module ActiveDirectory
Import-Module ServerManager -ErrorAction SilentlyContinue
Get-Module -ListAvailable | Out-Null
if (Get-Module -Name ActiveDirectory) { "ad" }
"ok"
# > RemoteSigned
# > ad
# > ok
# note Set-ExecutionPolicy changes nothing here
# note Import-Module: `ActiveDirectory` brings nothing, the commands that are understood are always here
# note Import-Module: `ServerManager` brings nothing, the commands that are understood are always here
