param([Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector[]]$Connector, [System.IO.FileInfo]$File, [Microsoft.Exchange.Data.IPRange]$R)
function F([Parameter(ValueFromPipeline=$true)][Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector]$C) { process { $C.Name } }
Get-ReceiveConnector | F
# > Default EX01
# > Client Proxy EX01
# > Default Frontend EX01
# > Outbound Proxy Frontend EX01
# > Client Frontend EX01
