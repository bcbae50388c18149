# address 10.0.0.5
$port = 2525
$local = 'unseen'
$found = Invoke-Command -ComputerName EX01, EX02 -ScriptBlock { param($service) "$env:COMPUTERNAME $using:port [$local] $((Get-Service $service).Status)" } -ArgumentList MSExchangeTransport
$found
(Invoke-Command EX02 { [pscustomobject]@{ Name = hostname } }).PSComputerName
$session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://EX01.contoso.com/PowerShell/ -Authentication Kerberos
(Invoke-Command -Session $session -ScriptBlock { Get-ReceiveConnector -Server EX02 }).Count
Invoke-Command -ComputerName EX02 -ScriptBlock { Get-ReceiveConnector -Server EX01 } | Measure-Object | ForEach-Object Count
hostname
Invoke-Command -ComputerName DC01 -ScriptBlock { 1 }
# > EX01 2525 [] Running
# > EX02 2525 [] Running
# > EX02
# > 5
# > 5
# > EX01
# note Invoke-Command ran its block on the modelled `EX01`
# note Invoke-Command ran its block on the modelled `EX02`
# note New-PSSession reaches nothing
# note `Get-ReceiveConnector` is not there in a plain session
# error NotKnown
