Set-ReceiveConnector -Identity "Default internal Receive connector EX01" -Name "From Outside" -Bindings 10.40.1.1:25
New-ReceiveConnector -Name "From Inside" -Usage Internal -AuthMechanism TLS,BasicAuth,BasicAuthRequireTLS,ExchangeServer -Bindings 10.40.1.2:25 -RemoteIPRanges 10.20.5.10,10.20.5.20
