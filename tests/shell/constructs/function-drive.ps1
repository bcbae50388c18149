# exchange 2016
# Functions are looked up and made on their drive.
${function:Show-Range} = { param($Connector) (Get-ReceiveConnector $Connector).RemoteIPRanges.Count }
Show-Range 'Default EX01'
function Old { 'old' }
$kept = ${function:Old}
$function:Old = { 'new' }
& $kept
Old
Invoke-Command -ScriptBlock ${function:Show-Range} -ArgumentList 'Client Frontend EX01'
${function:None} -eq $null
# > 2
# > old
# > new
# > 2
# > True
