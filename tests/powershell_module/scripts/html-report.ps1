# Who may relay without a name, as a page and as a mail.
$anonymous = foreach ($connector in Get-ReceiveConnector) {
    $entries = @(Get-ADPermission -Identity $connector.Identity -User 'NT AUTHORITY\ANONYMOUS LOGON' -ErrorAction SilentlyContinue)
    $relays = @($entries | Where-Object { -not $_.Deny -and "$($_.ExtendedRights)" -like '*Accept-Any-Recipient*' })
    New-Object PSObject -Property @{ Name = $connector.Name; Relays = [bool] $relays.Count; Ranges = $connector.RemoteIPRanges.Count }
}
$head = '<style>td { border: 1px solid }</style>'
$page = $anonymous | Select-Object Name, Relays, Ranges | ConvertTo-Html -Head $head -Title 'Relays' | Out-String
"page $($page -match '<td>Default Frontend EX01</td>')"
$json = $anonymous | ConvertTo-Json -Compress | ConvertFrom-Json
"open: $(@($json | Where-Object Relays).Count)"
$anonymous | Measure-Object -Property Ranges -Maximum -Minimum | ForEach-Object { "$($_.Minimum) to $($_.Maximum)" }
$anonymous | Format-Table -AutoSize | Out-String -Width 120 | Out-Null
