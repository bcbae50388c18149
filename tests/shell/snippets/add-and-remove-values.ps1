Set-ReceiveConnector "Scanner Relay" -RemoteIPRanges @{Add="10.20.0.40","10.20.0.41"; Remove="10.20.0.15"}
