Start-Sleep -s 5
Start-Sleep 1
New-Item -ItemType Directory -Path C:\Temp -Force | Out-Null
if (!(Test-Path C:\Temp)) { mkdir C:\Temp }
md C:\Temp\x | Out-Null
Get-ReceiveConnector | Select Name | Export-Csv C:\Temp\c.csv -NoTypeInformation
Copy-Item C:\Temp\c.csv C:\Temp\d.csv
Rename-Item C:\Temp\d.csv e.csv
Move-Item C:\Temp\e.csv C:\Temp\f.csv
Get-ChildItem C:\Temp | Select Name
(Import-Csv C:\Temp\f.csv).Count
[System.IO.File]::Exists("C:\Temp\f.csv")
[System.IO.File]::WriteAllText("C:\Temp\g.txt","hello")
[IO.Path]::Combine("C:\a","b")
Set-Location C:\Temp
cd C:\
notepad C:\Temp\c.csv
Invoke-Item C:\Temp\c.csv
# > Name
# > ----
# > x
# > c.csv
# > f.csv
# > 5
# > True
# > C:\a\b
# note notepad opens nothing here
# note Invoke-Item opens nothing here
# file C:/Temp/c.csv
# file C:/Temp/f.csv
# file C:/Temp/g.txt
