# Logs every step twice: a transcript, and a file of its own.
$log = Join-Path ([System.IO.Path]::GetTempPath()) "relay-$([guid]::NewGuid()).log"
function Write-Log {
    param([Parameter(Mandatory, ValueFromPipeline)] [string] $Message, [ValidateSet('INFO', 'ERROR')] [string] $Level = 'INFO')
    process { "$(Get-Date -Format s) [$Level] $Message" | Out-File -FilePath $log -Append -Encoding utf8 }
}
$transcript = "$log.txt"
Start-Transcript -Path $transcript | Out-Null
try {
    Write-Log 'begins'
    Set-ReceiveConnector 'Client Frontend EX01' -ProtocolLoggingLevel Verbose -Comment "set by $env:USERNAME" -ErrorAction Stop
    Set-ReceiveConnector 'No such connector' -ProtocolLoggingLevel Verbose -ErrorAction Stop
} catch {
    Write-Log -Level ERROR -Message $_.Exception.Message
} finally {
    Write-Log 'ends'
    Stop-Transcript | Out-Null
}
Start-Sleep -Milliseconds 5
(Get-Content $log | Select-String -Pattern '\[(INFO|ERROR)\]').Count
"$((Get-ReceiveConnector 'Client Frontend EX01').ProtocolLoggingLevel)"
Remove-Item $log, $transcript
