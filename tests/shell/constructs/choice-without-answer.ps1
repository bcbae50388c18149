# answer y
$first = $Host.UI.PromptForChoice('One', 'Go on?', ('&Yes', '&No'), 0)
Remove-ReceiveConnector "Client Frontend EX01" -Confirm:$false
$second = $Host.UI.PromptForChoice('Two', 'Really?', ('&Yes', '&No'), 0)
"not reached"
# error QuestionWithoutAnswer
