Set-ReceiveConnector "EX01\Client Frontend EX01" -AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS
