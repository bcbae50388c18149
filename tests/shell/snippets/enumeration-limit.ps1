Set-ReceiveConnector "Scanner Relay" -RemoteIPRanges (1..18 | ForEach-Object { "10.20.0.$_" })
Get-ReceiveConnector "Scanner Relay" | fl RemoteIPRanges
$FormatEnumerationLimit = -1
Get-ReceiveConnector "Scanner Relay" | fl RemoteIPRanges
