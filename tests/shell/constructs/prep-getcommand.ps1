if (Get-Command Get-ExchangeServer -ErrorAction SilentlyContinue) { "ems" } else { "no"; exit }
if (-not (Get-Command -Name Get-Nothing -ErrorAction SilentlyContinue)) { "none" }
try { Get-Command "Get-ReceiveConnector" -ErrorAction Stop | Out-Null; "yes" } catch { "not" }
(Get-Command Get-ReceiveConnector).Name
# > ems
# > none
# > yes
# > Get-ReceiveConnector
