# Refused: ExchangeServers is not among the connector's permission groups.
Set-ReceiveConnector "CRM Application" -AuthMechanism ExternalAuthoritative
