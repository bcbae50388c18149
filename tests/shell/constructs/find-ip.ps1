# argument -IP
# argument 10.5.5.5
param([Parameter(Mandatory=$true)][System.Net.IPAddress]$IP, [string[]]$Server = (Get-TransportService | Select-Object -ExpandProperty Name))
function ConvertTo-Number([string]$a) {
    $bytes = [System.Net.IPAddress]::Parse($a).GetAddressBytes()
    [Array]::Reverse($bytes)
    [System.BitConverter]::ToUInt32($bytes, 0)
}
$n = ConvertTo-Number $IP.IPAddressToString
foreach ($s in $Server) {
    foreach ($c in Get-ReceiveConnector -Server $s) {
        foreach ($r in $c.RemoteIPRanges) {
            if ($r.LowerBound.AddressFamily -ne 'InterNetwork') { continue }
            $low = ConvertTo-Number $r.LowerBound.ToString(); $high = ConvertTo-Number $r.UpperBound
            if ($n -ge $low -and $n -le $high) { New-Object PSObject -Property @{ Connector = $c.Identity; Range = $r.Expression; Size = $r.Size } | Select Connector, Range }
        }
    }
}
# > Connector Range
# > --------- -----
# > EX01\Default EX01 0.0.0.0-255.255.255.255
# > EX01\Client Proxy EX01 0.0.0.0-255.255.255.255
# > EX01\Default Frontend EX01 0.0.0.0-255.255.255.255
# > EX01\Outbound Proxy Frontend EX01 0.0.0.0-255.255.255.255
# > EX01\Client Frontend EX01 0.0.0.0-255.255.255.255
