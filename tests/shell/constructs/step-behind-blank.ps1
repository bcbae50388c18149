# exchange 2016
# A report counts with a blank before `++`: what stands on the next line is none of it.
$connectors = @(Get-ReceiveConnector | Sort-Object Name)
$count = 0
$html = ''
do {
    $html += '<td>' + $connectors[$count].Name + '</td>'
    $count ++
}
until ($count -eq $connectors.Count - 1)
$html.Split('<').Count
$count --
$count
$left = @{ n = 1 }; $left.n ++ ; $left.n
for ($i = 0; $i -lt 2; $i ++) { $connectors[$i ++].TransportRole }
$sum = $count ++ + 2; "$sum $count"
5 - -2; $count - - 1; 1 + + 2
# > 9
# > 3
# > 2
# > FrontendTransport
# > 5 4
# > 7
# > 5
# > 3
