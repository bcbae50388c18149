# Runs every script of a folder against commands that only log what they were given, and writes one
# line of JSON for each reading of a script. Texts are logged as UTF-16 code units, so that nothing
# between here and the reader can change them.
param([string]$Folder, [string]$Output, [string]$Pages)
[Text.Encoding]::RegisterProvider([Text.CodePagesEncodingProvider]::Instance)
$script:calls = $null

function Format-Logged($value) {
    if ($null -eq $value) { return 'null' }
    if ($value -is [bool]) { return "$value".ToLowerInvariant() }
    if ($value -is [Management.Automation.SwitchParameter]) { return "$([bool]$value)".ToLowerInvariant() }
    if ($value -is [string]) {
        return '"' + (($value.ToCharArray() | ForEach-Object { '{0:X4}' -f [int]$_ }) -join ' ') + '"'
    }
    if ($value -is [array]) { return '[' + (($value | ForEach-Object { Format-Logged $_ }) -join ',') + ']' }
    return "$value"
}
function Add-Call($name, $bound) {
    $pairs = foreach ($key in $bound.Keys) { '"' + $key + '":' + (Format-Logged $bound[$key]) }
    $script:calls.Add('{"command":"' + $name + '","parameters":{' + ($pairs -join ',') + '}}')
}
function Pwn { Add-Call 'Pwn' @{} }

. "$Folder/stubs.ps1"

$writer = [IO.StreamWriter]::new($Output, $false, [Text.UTF8Encoding]::new($false))
foreach ($file in [IO.Directory]::GetFiles($Folder, '*.txt') | Sort-Object) {
    $seen = @{}
    foreach ($page in $Pages -split ' ') {
        $text = [IO.File]::ReadAllText($file, [Text.Encoding]::GetEncoding([int]$page))
        if ($seen.ContainsKey($text)) { continue }
        $seen[$text] = $true
        $script:calls = [Collections.Generic.List[string]]::new()
        $failed = ''
        $Error.Clear()
        try { $null = & ([scriptblock]::Create($text)) } catch { $failed = $_.FullyQualifiedErrorId }
        foreach ($one in $Error) { $failed += " $($one.FullyQualifiedErrorId)" }
        $name = [IO.Path]::GetFileNameWithoutExtension($file)
        $writer.WriteLine('{"file":"' + $name + '","page":' + $page + ',"failed":"' + ($failed -replace '[^A-Za-z0-9, .]', '') +
            '","calls":[' + ($script:calls -join ',') + ']}')
    }
}
$writer.Close()
