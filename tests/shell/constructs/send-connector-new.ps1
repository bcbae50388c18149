New-SendConnector -Name "To Internet" -Usage Internet -AddressSpaces "SMTP:*;1" -DNSRoutingEnabled $true -SourceTransportServers EX01
Set-SendConnector "To Internet" -Fqdn mail.contoso.com -MaxMessageSize 25MB -ProtocolLoggingLevel Verbose
Get-SendConnector "To Internet" | Format-List Name,AddressSpaces,Fqdn,MaxMessageSize,ProtocolLoggingLevel,Enabled
Remove-SendConnector "To Internet" -Confirm:$false
@(Get-SendConnector).Count
# > Identity AddressSpaces Enabled
# > -------- ------------- -------
# > To Internet {SMTP:*;1} True
# > Name : To Internet
# > AddressSpaces : {SMTP:*;1}
# > Fqdn : mail.contoso.com
# > MaxMessageSize : 25 MB (26,214,400 bytes)
# > ProtocolLoggingLevel : Verbose
# > Enabled : True
# > 0
# note Get-SendConnector: this configuration names no send connector
