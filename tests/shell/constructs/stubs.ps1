# now 2026-03-04T05:06:07
Add-Type -AssemblyName System.Web
if (-not (Get-NetFirewallRule -DisplayName 'Relay' -ErrorAction SilentlyContinue)) { New-NetFirewallRule -DisplayName 'Relay' -Direction Inbound -Protocol TCP -LocalPort 2525 -Action Allow | Out-Null }
Get-ReceiveConnector | Select-Object Name, Enabled | Out-GridView -Title 'Connectors'
Get-ReceiveConnector | Select-Object -First 1 -ExpandProperty Name | clip
$took = Measure-Command { Get-ReceiveConnector | Out-Null; Start-Sleep -Seconds 2 }
"took $($took.TotalSeconds) s"
try { Get-ReceiveConnector 'EX01\Nope' -ErrorAction Stop } catch [Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException] { 'not found' } catch { 'another error' }
try { throw 'x' } catch [Microsoft.Exchange.Data.Directory.ADTransientException] { 'no' } catch { 'general' }
'a' | Set-Content C:\Logs\one.txt
Get-ChildItem C:\Logs -Filter *.txt | Where-Object { $_.LastWriteTime -lt (Get-Date).AddDays(-30) } | Remove-Item
(Get-ChildItem C:\Logs).Name
foreach ($version in 'v14', 'v15') { if (Test-Path "HKLM:\SOFTWARE\Microsoft\ExchangeServer\$version\Setup") { "setup of $version" } }
# > took 2 s
# > not found
# > general
# > one.txt
# > setup of v15
# note Add-Type loads no assembly
# note Get-NetFirewallRule asks and changes no firewall
# note New-NetFirewallRule asks and changes no firewall
# note Out-GridView opens no window here
# note clip copies nothing here
# note Measure-Command counts what the script sleeps
# note the folder `C:\Logs` is taken for there
# file C:/Logs/one.txt
