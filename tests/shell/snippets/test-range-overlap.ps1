'10.20.0.14','10.99.0.0/28' | ForEach-Object {
    $asked = [Microsoft.Exchange.Data.IPRange]::Parse($_)
    foreach ($connector in Get-ReceiveConnector | Select-Object Identity,Name,RemoteIPRanges) {
        foreach ($range in $connector.RemoteIPRanges) {
            if ($range.Expression -notmatch ':') {
                if ($range.LowerBound.ToString() -eq $asked.LowerBound.ToString()) {
                    [PSCustomObject]@{
                        Name = $connector.Name
                        MatchedIPRange = $range.Expression
                    }
                    break
                }
            }
        }
    }
} | Format-Table -AutoSize
