# exchange 2016
# Work in jobs: each knows only what it is given, and its output comes when it is received.
$list = '192.0.2.1', '192.0.2.2'
function Show-It { 'shown' }
$jobs = foreach ($address in $list) {
    Start-Job -Name "add $address" -ArgumentList $address, 'EX01\Default EX01' -ScriptBlock {
        param($Address, $Connector)
        Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn
        Set-ReceiveConnector $Connector -RemoteIPRanges @{ Add = $Address }
        Write-Host "job for $Address knows [$list] and $($using:list.Count)"
        [pscustomobject]@{ Address = $Address; Done = $true }
    }
}
while (Get-Job -State Running) { Start-Sleep -Seconds 1 }
'waited'
Wait-Job $jobs | Format-Table Id, Name, State, HasMoreData
$all = $jobs | Receive-Job
$all | Format-Table Address, Done, PSComputerName
"$(@(Receive-Job $jobs).Count) left, $($jobs[0].HasMoreData)"
(Get-ReceiveConnector 'Default EX01').RemoteIPRanges.Count
$bad = Start-Job { Show-It; 'on'; throw 'broken' }
$bad.State
try { Receive-Job $bad -ErrorAction Stop } catch { "caught: $_" }
Receive-Job -Name none -ErrorAction SilentlyContinue
Get-Job 'add*' | Remove-Job
(Get-Job).Name
Start-Job { 1..3 } | Wait-Job | Receive-Job -Keep
Start-Job -InitializationScript { function Twice($n) { 2 * $n } } { Twice 4; exit 3 } | Receive-Job -Wait -AutoRemoveJob
# note `Microsoft.Exchange.Management.PowerShell.SnapIn` adds nothing
# note Start-Job ran its block at once
# > waited
# > Id Name State HasMoreData
# > -- ---- ----- -----------
# > 1 add 192.0.2.1 Completed True
# > 3 add 192.0.2.2 Completed True
# > job for 192.0.2.1 knows [] and 2
# > job for 192.0.2.2 knows [] and 2
# > Address Done PSComputerName
# > ------- ---- --------------
# > 192.0.2.1 True localhost
# > 192.0.2.2 True localhost
# > 0 left, False
# > 4
# > Failed
# > caught: The term 'Show-It' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.
# > Job5
# > 1
# > 2
# > 3
# > 8
