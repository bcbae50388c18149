# exchange 2016
# A block that is made of a text, with a filter that is put together.
$filter = [scriptblock]::Create('param($Wanted) Get-ReceiveConnector | Where-Object { $_.Name -like $Wanted }; function Inner { "inner $args" }; Inner 3')
& $filter 'Default*' | ForEach-Object { "$_" }
$name = 'Bindings'
$test = [scriptblock]::Create("`$_.$name -like '*:587'")
(Get-ReceiveConnector | Where-Object $test).Name
. ([System.Management.Automation.ScriptBlock]::Create('$made = 9')); $made
$bad = 'if ('
try { [scriptblock]::Create($bad) } catch { $_.FullyQualifiedErrorId }
& ([scriptblock]::Create("function Lost { Get-ReceiveConnector nowhere }`n`nLost"))
# > EX01\Default EX01
# > EX01\Default Frontend EX01
# > inner 3
# > Client Frontend EX01
# > 9
# > ParseException
# error ObjectNotFound
