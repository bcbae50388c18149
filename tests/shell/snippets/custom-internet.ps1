# The default connector must leave the address first.
Set-ReceiveConnector "Default Frontend EX01" -Bindings 10.20.0.2:25
New-ReceiveConnector -Name "From the World" -TransportRole Frontend -Internet -Bindings 10.20.0.1:25
