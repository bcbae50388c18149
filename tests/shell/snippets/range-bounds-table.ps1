(Get-ReceiveConnector "Scanner Relay").RemoteIPRanges | ft LowerBound,UpperBound -AutoSize
