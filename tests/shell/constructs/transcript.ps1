Start-Transcript -Path C:\Temp\log.txt -Append
Get-ReceiveConnector | ft Name
Stop-Transcript
Test-Path C:\Temp\log.txt
# > Transcript started, output file is C:\Temp\log.txt
# > Name
# > ----
# > Default EX01
# > Client Proxy EX01
# > Default Frontend EX01
# > Outbound Proxy Frontend EX01
# > Client Frontend EX01
# > Transcript stopped, output file is C:\Temp\log.txt
# > True
# file C:/Temp/log.txt
