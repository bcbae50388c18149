# exchange 2016
# Functions and methods as published scripts write them: an empty list before `param`, a name that
# begins with a digit, a block right behind a method.
function Get-Range() {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string] $Connector, [int] $First = 1)
    (Get-ReceiveConnector $Connector).RemoteIPRanges | Select-Object -First $First | ForEach-Object { "$_" }
}
Get-Range 'Default EX01' -First 2
function 2016Connectors { @(Get-ReceiveConnector).Where{ $_.TransportRole -eq $args[0] }.Count }
@(Get-ReceiveConnector).Where{ $_.Enabled }.Name -like 'Default*'
@(Get-ReceiveConnector 'Client*').ForEach{ "$($_.Name): $($_.Bindings[0])" }
(2016Connectors).GetType().Name
function Old() { "old $args" }
Old 1 2
# > ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
# > 0.0.0.0-255.255.255.255
# > Default EX01
# > Default Frontend EX01
# > Client Proxy EX01: 0.0.0.0:465
# > Client Frontend EX01: 0.0.0.0:587
# > Int32
# > old 1 2
