# answer N
# answer Y
Remove-ReceiveConnector "Client Frontend EX01" -Confirm
@(Get-ReceiveConnector).Count
Remove-ReceiveConnector "Client Frontend EX01"
@(Get-ReceiveConnector).Count
# > 5
# > 4
