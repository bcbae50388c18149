# exchange 2013
# A hardening script looks at the services' keys, the history and the mailbox rights.
Get-History -Count 1000 | Out-File "$env:APPDATA\history.log"
$start = Get-ItemProperty 'hklm:\system\currentcontrolset\services\MSExchangePOP3' | Select-Object Start
if ($start.Start -eq '4') { 'POP3 off' } else { "POP3 starts by $($start.Start)" }
(Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Services\MSExchangeTransport').Start
try { Get-ItemProperty HKLM:\SYSTEM\CurrentControlSet\Services\MSExchangeNone -ErrorAction Stop } catch { 'no such service' }
foreach ($one in Get-ReceiveConnector) { Set-ReceiveConnector -Identity $one -PermissionGroups ExchangeUsers }
Get-ReceiveConnector | Select-Object -ExpandProperty PermissionGroups -Unique
Add-ADPermission -Identity svc-app -User svc-app -ExtendedRights 'Send-As'
(Get-Command "$env:ExchangeInstallPath\Bin\ExSetup.exe").FileVersionInfo.FileMajorPart
Add-Type -AssemblyName System.IO.Compression.FileSystem
[io.compression.zipfile]::CreateFromDirectory("$env:APPDATA", "$env:LOCALAPPDATA\logs.zip")
function Get-Name { param([Microsoft.Exchange.Data.Directory.Management.Mailbox] $Mailbox) "$($Mailbox.Name)" }
Get-Name (Get-Mailbox nobody -ErrorAction SilentlyContinue)
# note Get-History shows nothing
# note the start type of `MSExchangePop3` is told as setup leaves it
# note the start type of `MSExchangeTransport` is told as setup leaves it
# note Add-ADPermission does nothing: mailboxes are no part of the model
# note Add-Type loads no assembly
# note the archive `C:\Users\Administrator\AppData\Local\logs.zip` is not made
# note nothing is known here of a mailbox
# > POP3 starts by 3
# > 2
# > no such service
# > ExchangeUsers
# > 15
# file C:/Users/Administrator/AppData/Roaming/history.log
