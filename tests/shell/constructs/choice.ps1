# answer Y
$title = "Delete connectors"; $message = "Do you want to go on?"
$yes = New-Object System.Management.Automation.Host.ChoiceDescription "&Yes", "goes on"
$no = New-Object System.Management.Automation.Host.ChoiceDescription "&No", "stops"
$options = [System.Management.Automation.Host.ChoiceDescription[]]($yes, $no)
$result = $host.ui.PromptForChoice($title, $message, $options, 0)
switch ($result) { 0 {"go"} 1 {"stop"; exit} }
# > go
