Set-TransportService EX01 -ReceiveProtocolLogPath "D:\Logs\Receive" -ReceiveProtocolLogMaxAge 45.00:00:00 -ReceiveProtocolLogMaxFileSize 20MB
Set-FrontendTransportService EX01 -ReceiveProtocolLogPath "D:\Logs\FE"
Get-TransportService EX01 | Format-List *ProtocolLog*
Get-FrontendTransportService EX01 | fl ReceiveProtocolLogPath
Get-MailboxTransportService EX01 | fl Name
Set-TransportServer EX01 -IntraOrgConnectorProtocolLoggingLevel Verbose
# > ReceiveProtocolLogPath : D:\Logs\Receive
# > ReceiveProtocolLogMaxAge : 45.00:00:00
# > ReceiveProtocolLogMaxFileSize : 20 MB (20,971,520 bytes)
# > ReceiveProtocolLogPath : D:\Logs\FE
# > Name : EX01
# kept transport service "EX01": ReceiveProtocolLogPath = D:\Logs\Receive
# kept transport service "EX01": ReceiveProtocolLogMaxAge = 45.00:00:00
# kept transport service "EX01": ReceiveProtocolLogMaxFileSize = 20 MB (20,971,520 bytes)
# kept front end transport service "EX01": ReceiveProtocolLogPath = D:\Logs\FE
# kept transport service "EX01": IntraOrgConnectorProtocolLoggingLevel = Verbose
