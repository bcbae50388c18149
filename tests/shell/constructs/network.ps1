# address 10.0.0.5
# address 2001:db8::5
if (Test-Connection -ComputerName EX02 -Count 1 -Quiet) { 'EX02 answers' }
(Test-NetConnection EX01 -Port 25).TcpTestSucceeded
Set-ReceiveConnector 'EX01\Client Frontend EX01' -Enabled $false
Test-NetConnection -ComputerName EX01 -Port 587 -InformationLevel Quiet
(Resolve-DnsName EX01 -Type A).IPAddress
[System.Net.Dns]::GetHostEntry('10.0.0.5').HostName
[System.Net.Dns]::GetHostAddresses('EX01') | ForEach-Object { $_.IPAddressToString }
$ip = (Get-NetIPAddress -AddressFamily IPv4 | Select-Object -First 1).IPAddress
Get-WmiObject -Class Win32_NetworkAdapterConfiguration -Filter "IPEnabled=TRUE" | ForEach-Object { $_.IPAddress[0] }
Get-WmiObject Win32_Service -Filter "Name like 'MSExchangeFront%'" | ForEach-Object { "$($_.Name) $($_.State)" }
$null = New-ReceiveConnector -Name Relay -Usage Custom -TransportRole FrontendTransport -Bindings "${ip}:2526" -RemoteIPRanges 10.1.0.0/16 -PermissionGroups AnonymousUsers
Get-NetTCPConnection -State Listen | Where-Object { $_.LocalPort -eq 2526 } | ForEach-Object { "$($_.LocalAddress):$($_.LocalPort)" }
Resolve-DnsName scanner.example.net -ErrorAction SilentlyContinue
'never reached: nobody here knows the answer'
# > EX02 answers
# > True
# > False
# > 10.0.0.5
# > EX01.contoso.com
# > 10.0.0.5
# > 2001:db8::5
# > 10.0.0.5
# > MSExchangeFrontEndTransport Running
# > 10.0.0.5:2526
# note Test-Connection asks nobody: `EX02` is taken to answer
# note Test-NetConnection asks nobody
# note Get-NetIPAddress shows the addresses that the configuration has
# note only the server's addresses are known here
# note only the services of the mail server are known here
# note Get-NetTCPConnection shows where connectors listen
# warning TCP connect to (EX01 : 587) failed
# error NotKnown
