# A folder that a full path names is taken for there, unless the script was told that it is not.
Get-ReceiveConnector "EX01\Default Frontend EX01" | Select-Object -ExpandProperty RemoteIPRanges | Export-Csv C:\temp\ranges.csv -NoTypeInformation
Test-Path C:\temp
Test-Path D:\Logs
'x' | Out-File D:\Logs\deep\a.txt
'x' | Out-File no\such\folder.txt
New-Item -ItemType Directory D:\Logs\deep -Force | Out-Null
'y' | Out-File D:\Logs\deep\b.txt
# note the folder `C:\temp` is taken for there
# > True
# > False
# error FileOpenFailure
# error FileOpenFailure
# file C:/temp/ranges.csv
# file D:/Logs/deep/b.txt
