function Add-ConnectorRange {
    [CmdletBinding()]
    param (
        [Parameter(Mandatory,ValueFromPipeline,ValueFromPipelineByPropertyName)]
        [string]
        $Identity,
        [Parameter(Mandatory)]
        [string[]]
        $IPRanges
    )
    begin {
        [System.Collections.ArrayList]$changed = @()
    }
    process {
        if ($connector = Get-ReceiveConnector -Identity $Identity -ErrorAction SilentlyContinue) {
            foreach ($text in $IPRanges) {
                if ($parsed = [Microsoft.Exchange.Data.IPRange]::Parse($text)) {
                    $exists = foreach ($range in $connector.RemoteIPRanges) {
                        if ($range.LowerBound.ToString() -eq $parsed.LowerBound.ToString() `
                            -and $range.UpperBound.ToString() -eq $parsed.UpperBound.ToString()) {
                            $true
                            break
                        }
                    }
                    if (-not($exists)) {
                        $null = $connector.RemoteIPRanges.Add($parsed)
                    } else {
                        Write-Error "IPRange $text already exists in RemoteIPRanges."
                    }
                }
            }
            $null = $changed.Add($connector)
        } else {
            Throw "Receive Connector `"$Identity`" not found."
        }
    }
    end {
        foreach ($one in $changed) {
            Set-ReceiveConnector -Identity $one.Identity -RemoteIPRanges $one.RemoteIPRanges #-Whatif
            $one | Select-Object Identity
        }
    }
}
Get-ReceiveConnector 'Scanner Relay' | Add-ConnectorRange -IPRanges '10.20.0.14', '10.20.7.0/24'
