$Session = New-PSSession -ConfigurationName Microsoft.Exchange -ConnectionUri http://EX01.contoso.com/PowerShell/ -Authentication Kerberos
Import-PSSession $Session -DisableNameChecking -AllowClobber | Out-Null
Get-ReceiveConnector | ft Name
Remove-PSSession $Session
Get-PSSession | Remove-PSSession
# > Name
# > ----
# > Default EX01
# > Client Proxy EX01
# > Default Frontend EX01
# > Outbound Proxy Frontend EX01
# > Client Frontend EX01
# note New-PSSession reaches nothing: the commands of the server of this configuration are always here
# note Import-PSSession imports nothing: the commands run as on the server itself, with live objects instead of copies
