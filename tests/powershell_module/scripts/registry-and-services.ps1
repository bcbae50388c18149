# Looks at the machine where it can, and goes on where it cannot.
$installed = $null
try { $installed = (Get-ItemProperty -Path 'HKLM:\SOFTWARE\RelaySim\Nothing' -ErrorAction Stop).Version } catch { $installed = 'unknown' }
"version $installed"
$service = if (Get-Command Get-Service -ErrorAction SilentlyContinue) { Get-Service -Name MSExchangeTransport -ErrorAction SilentlyContinue }
"service $(if ($service) { $service.Status } else { 'not here' })"
$attempt = 0
do {
    $attempt++
    $there = Get-ReceiveConnector "Default Frontend $((Get-ExchangeServer)[0].Name)" -ErrorAction SilentlyContinue
    if (-not $there) { Start-Sleep -Milliseconds 10 }
} until ($there -or $attempt -ge 3)
"after $attempt"
$progress = 0
foreach ($one in Get-ReceiveConnector) {
    $progress++
    Write-Progress -Activity 'Looking' -Status $one.Name -PercentComplete ([Math]::Min(100, 20 * $progress))
}
Write-Progress -Activity 'Looking' -Completed
"looked at $progress"
