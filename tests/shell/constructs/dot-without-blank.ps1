# exchange 2016
# A dot or an ampersand directly before what it runs, and Exchange's own scripts by their paths.
.'C:\Program Files\Microsoft\Exchange Server\bin\Exchange.ps1'
."$env:ExchangeInstallPath\bin\RemoteExchange.ps1"; Connect-ExchangeServer -auto
$count = { $made = (Get-ReceiveConnector).Count; $made }
.$count
$made
&$count
.{ 'block' }
& $env:ExchangeInstallPath\Scripts\Install-AntispamAgents.ps1
&'Get-AcceptedDomain' | ForEach-Object { "$_" }
# note RemoteExchange.ps1 reads nothing
# note Connect-ExchangeServer reaches nothing
# note Install-AntispamAgents.ps1 is Exchange's own script and does nothing here
# > 5
# > 5
# > 5
# > block
# > contoso.com
