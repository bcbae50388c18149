$r = Get-ReceiveConnector "Default EX01"
Write-Host "Old: "$r.Name"!" -ForegroundColor Green
Write-Host "x"-ForegroundColor Green
# > Old: Default EX01 !
# > x
