# Commands that are put together as text, and called by name or as a block.
$action = 'Set'
$command = "$action-ReceiveConnector"
$parameters = @{ Identity = 'Client Proxy EX01'; MaxHopCount = 12 }
& $command @parameters
Invoke-Expression "$action-ReceiveConnector 'Client Proxy EX01' -MaxRecipientsPerMessage 777"
$block = { param($Name, $Text) Set-ReceiveConnector $Name -Comment $Text }
& $block 'Client Proxy EX01' "it's `"quoted`""
$made = [scriptblock]::Create("Get-ReceiveConnector 'Client Proxy EX01'")
$now = & $made
"$($now.MaxHopCount) $($now.MaxRecipientsPerMessage) $($now.Comment)"
'Get-ReceiveConnector', 'Get-NoSuchThing' | ForEach-Object { "$_ $([bool] (Get-Command $_ -ErrorAction SilentlyContinue))" }
$saved = Get-Command Get-ReceiveConnector
@(& $saved).Count
