Get-Service MSExchangeTransport
if ((Get-Service -Name MSExchangeFrontEndTransport).Status -eq 'Running') { "up" }
Restart-Service MSExchangeTransport
Restart-Service -Name MSExchangeFrontEndTransport -Force
Stop-Service MSExchangeTransport; Start-Service MSExchangeTransport
net stop MSExchangeTransport
# > Status Name DisplayName
# > ------ ---- -----------
# > Running MSExchangeTransport Microsoft Exchange Transport
# > up
# note `MSExchangeTransport` is not restarted: what is configured counts at once here, and the service runs on
# note `MSExchangeFrontEndTransport` is not restarted: what is configured counts at once here, and the service runs on
# note `MSExchangeTransport` is not stopped: what is configured counts at once here, and the service runs on
# note `MSExchangeTransport` is not started: what is configured counts at once here, and the service runs on
