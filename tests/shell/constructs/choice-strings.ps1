# answer no
$choices = '&Yes','&No'
$decision = $Host.UI.PromptForChoice('Title','Sure?',$choices,1)
if ($decision -eq 0) { 'confirmed' } else { 'cancelled' }
# > cancelled
