# now 2026-03-04T05:06:07
Set-ExecutionPolicy RemoteSigned -Scope Process -Force
$ErrorActionPreference = 'Continue'
$log = "$env:TEMP\stig_$((Get-Date).ToString('yyyy-MM-dd')).log"
Start-Transcript -Path $log
$servers = Get-ExchangeServer | Where-Object { $_.IsHubTransportServer -or $_.ServerRole -match "Mailbox" }
foreach ($server in $servers) {
    Write-Host "Working on $($server.Name) ($($server.AdminDisplayVersion))" -ForegroundColor Cyan
    Get-ReceiveConnector -Server $server.Name | ForEach-Object {
        Set-ReceiveConnector $_.Identity -MaxHopCount 60 -Banner "220 SMTP Server Ready"
    }
    Set-TransportService $server.Name -PickupDirectoryPath $null -ReplayDirectoryPath $null
    Set-FrontendTransportService $server.Name -AntispamAgentsEnabled $true
    Set-MailboxServer $server.Name -SubmissionServerOverrideList $null
    Set-PopSettings -Server $server.Name -LoginType SecureLogin
    Get-Service -Name MSExchangePOP3, MSExchangeIMAP4 | Set-Service -StartupType Disabled
    Get-MailboxDatabase -Server $server.Name | Set-MailboxDatabase -CircularLoggingEnabled $false
}
Get-SendConnector | Set-SendConnector -ConnectionInactivityTimeOut 00:10:00
Get-RemoteDomain | Set-RemoteDomain -AutoForwardEnabled $false -AutoReplyEnabled $false
Set-SenderFilterConfig -Enabled $true -BlankSenderBlockingEnabled $true
Set-SenderIdConfig -Enabled $true -SpoofedDomainAction Reject
Set-TransportConfig -MaxSendSize 10MB -MaxReceiveSize 10MB -MaxRecipientEnvelopeLimit 5000
Get-OrganizationConfig | Select-Object Name, MapiHttpEnabled | Format-List
(Get-TransportService).MessageTrackingLogEnabled
Stop-Transcript
# > Transcript started, output file is C:\Users\Administrator\AppData\Local\Temp\stig_2026-03-04.log
# > Working on EX01 (Version 15.1)
# > Name : First Organization
# > MapiHttpEnabled :
# > Transcript stopped, output file is C:\Users\Administrator\AppData\Local\Temp\stig_2026-03-04.log
# note line 9: `Set-ReceiveConnector` inside a pipeline of `Get-ReceiveConnector` may fail in a remote session
# note Set-ExecutionPolicy changes nothing here
# note `MSExchangePop3` is not changed: what is configured counts at once here, and the service runs on
# note `MSExchangeImap4` is not changed: what is configured counts at once here, and the service runs on
# note Get-MailboxDatabase: nothing is known here of a mailbox database that this script has not made
# note Get-SendConnector: this configuration names no send connector
# file C:/Users/Administrator/AppData/Local/Temp/stig_2026-03-04.log
# kept receive connector `Default EX01`: MaxHopCount = 60
# kept receive connector `Client Proxy EX01`: MaxHopCount = 60
# kept receive connector `Default Frontend EX01`: MaxHopCount = 60
# kept receive connector `Outbound Proxy Frontend EX01`: MaxHopCount = 60
# kept receive connector `Client Frontend EX01`: MaxHopCount = 60
# kept transport service "EX01": PickupDirectoryPath = 
# kept transport service "EX01": ReplayDirectoryPath = 
# kept front end transport service "EX01": AntispamAgentsEnabled = True
# kept mailbox server "EX01": SubmissionServerOverrideList = 
# kept POP settings "EX01": LoginType = SecureLogin
# kept remote domain "Default": AutoForwardEnabled = False
# kept remote domain "Default": AutoReplyEnabled = False
# kept sender filter: Enabled = True
# kept sender filter: BlankSenderBlockingEnabled = True
# kept Sender ID: Enabled = True
# kept Sender ID: SpoofedDomainAction = Reject
# kept transport configuration: MaxReceiveSize = 10 MB (10,485,760 bytes)
# kept transport configuration: MaxRecipientEnvelopeLimit = 5000
# kept transport configuration: MaxSendSize = 10 MB (10,485,760 bytes)
