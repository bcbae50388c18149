foreach ($s in Get-MailboxServer) { Get-ReceiveConnector -Server $s.Name | ft Identity }
Get-ClientAccessServer | Select Name
Get-ClientAccessService | Select Name
# > Identity
# > --------
# > EX01\Default EX01
# > EX01\Client Proxy EX01
# > EX01\Default Frontend EX01
# > EX01\Outbound Proxy Frontend EX01
# > EX01\Client Frontend EX01
# > Name
# > ----
# > EX01
# > EX01
