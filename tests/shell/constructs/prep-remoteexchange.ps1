. 'C:\Program Files\Microsoft\Exchange Server\V15\bin\RemoteExchange.ps1'
Connect-ExchangeServer -auto -ClientApplication:ManagementShell
"ok"
# > ok
# note RemoteExchange.ps1 reads nothing: the commands that it brings are always here
# note Connect-ExchangeServer reaches nothing: the commands of this server are always here
