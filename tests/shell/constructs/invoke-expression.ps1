# A text becomes part of the script: it is read, checked and bounded like the rest.
function Save-Output ($command, $parameters) {
    $line = $command + $parameters + ' | Format-List Name >> ' + "C:\Docs\$command.txt"
    Invoke-Expression -Command $line
}
Save-Output 'Get-ReceiveConnector' ' -Server EX01'
@(Get-Content C:\Docs\Get-ReceiveConnector.txt | Where-Object { $_ }).Count
$set = "Set-ReceiveConnector 'Client Frontend EX01' -RemoteIPRanges 10.0.0.0/8"
iex $set
"$((Get-ReceiveConnector 'Client Frontend EX01').RemoteIPRanges)"
function Outer { function Inner { 'inner' }; iex 'Inner' }
Outer
'1 + 1', '$script:kept = 7' | Invoke-Expression
$kept
$wrong = 'Get-ReceiveConnector nobody'
iex $wrong
$refused = 'Get-Process'
try { iex $refused } catch { 'never' }
'not reached'
# note the folder `C:\Docs` is taken for there
# file C:/Docs/Get-ReceiveConnector.txt
# > 5
# > 10.0.0.0/8
# > inner
# > 2
# > 7
# error ObjectNotFound
# error NotInSubset
