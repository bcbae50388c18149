# Runs many scripts in one PowerShell and in one runspace, which is what makes asking cheap: opening a
# runspace takes longer than most programs do. What a script leaves behind is taken away after it.
# The recorder's own host shows what is printed, and its own words describe errors.
#
#     pwsh -NoProfile -File ask-many.ps1 SCRIPTS ANSWERS     (JSON lines: id, script, before)
param([string] $Scripts, [string] $Answers, [int] $Seconds = 10)
$ErrorActionPreference = 'Stop'
[cultureinfo]::DefaultThreadCurrentCulture = [cultureinfo]::CurrentCulture = 'en-US'
$env:PATH = ''

$any = [Reflection.BindingFlags] 'NonPublic,Public,Static,Instance'
$recorder = [Reflection.Assembly]::LoadFrom((Join-Path $PSHOME 'recorder.dll'))
$names = $recorder.GetType('Recording').GetField('WindowsNames', $any).GetValue($null)
$describe = $recorder.GetType('Recording').GetMethod('Describe', $any)
$console = $recorder.GetType('RecordingHost')
$exit = $console.GetField('<ExitCode>k__BackingField', $any)
$state = [initialsessionstate]::CreateDefault()
$folder = Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid().ToString('n'))
$null = New-Item -ItemType Directory $folder
$begin = "`$ErrorView = 'NormalView'; `$ProgressPreference = 'SilentlyContinue'; " +
    "Set-Location -LiteralPath '$folder'; "
$clean = {
    param($known)
    foreach ($one in Get-Variable -Scope Global) {
        if (-not $known.ContainsKey($one.Name)) { $ExecutionContext.SessionState.PSVariable.Remove($one) }
        elseif ($one.Name.EndsWith('Preference') -or $one.Name -eq 'FormatEnumerationLimit') { $one.Value = $known[$one.Name] }
    }
    $ExecutionContext.InvokeProvider.ChildItem.Get('function:', $false).ForEach{
        if (-not $known.ContainsKey("function $_")) { Remove-Item -LiteralPath "function:$_" -Force }
    }
    foreach ($one in [IO.Directory]::GetFiles($pwd.ProviderPath)) { [IO.File]::Delete($one) }
    [Environment]::SetEnvironmentVariable('RS', $null)
    $global:Error.Clear()
}.ToString()

function Invoke-Inside([string] $Text, $Argument) {
    $asked = [powershell]::Create($room)
    $null = $asked.AddScript($Text, $null -ne $Argument)
    if ($null -ne $Argument) { $null = $asked.AddArgument($Argument) }
    $asked.Invoke()
    $asked.Dispose()
}

function Open-Room([string] $Before) {
    $script:opened = $Before
    $script:shown = [Activator]::CreateInstance($console, @(120, [string[]] @()))
    $script:room = [runspacefactory]::CreateRunspace($shown, $state)
    $room.ThreadOptions = 'ReuseThread'
    $room.Open()
    $null = Invoke-Inside ($names + $begin + $Before)
    $script:known = @{ '?' = 0; '^' = 0; '$' = 0; 'null' = 0; 'true' = 0; 'false' = 0 }
    Invoke-Inside 'Get-Variable -Scope Global' | ForEach-Object { $known[$_.Name] = $_.Value }
    Invoke-Inside 'Get-ChildItem function:' | ForEach-Object { $known["function $($_.Name)"] = 0 }
}

function Get-Problem([string] $Text) {
    $words = $problems = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $words, [ref] $problems)
    if (-not $problems) { return }
    $list = [System.Text.Json.Nodes.JsonArray]::new()
    foreach ($one in $problems) {
        $said = [System.Text.Json.Nodes.JsonObject]::new()
        $said['id'] = $one.ErrorId
        $said['message'] = $one.Message
        $said['line'] = $one.Extent.StartLineNumber
        $said['column'] = $one.Extent.StartColumnNumber
        $list.Add($said)
    }
    , $list
}

function Get-Answer($Row, $Answer) {
    if ($opened -cne [string] $Row['before']) { Open-Room $Row['before'] }
    $shown.Recorder.Clear()
    $exit.SetValue($shown, $null)
    $asked = [powershell]::Create($room)
    $null = $asked.AddScript([string] $Row['script']).AddCommand('Out-Default')
    $running = $asked.BeginInvoke()
    if (-not $running.AsyncWaitHandle.WaitOne(1000 * $Seconds)) {
        $null = $asked.BeginStop($null, $null)
        $Answer['timeout'] = $true
        $script:opened = $null
        return
    }
    try { $null = $asked.EndInvoke($running) } catch { $null = $_ }
    $last = $asked.InvocationStateInfo.Reason.ErrorRecord
    $errors = [System.Text.Json.Nodes.JsonArray]::new()
    foreach ($one in $asked.Streams.Error) { $errors.Add($describe.Invoke($null, @($one, $false))) }
    if ($last) { $errors.Add($describe.Invoke($null, @($last, $true))) }
    $Answer['printed'] = $shown.Recorder.Take($folder)
    $Answer['errors'] = $errors
    $Answer['exit'] = $exit.GetValue($shown)
    $asked.Dispose()
    if ("$($Row['script'])" -match 'StrictMode') { $null = Invoke-Inside 'Set-StrictMode -Off' }
    # What cannot be taken away ends the room.
    if ("$($Row['script'])" -match 'Constant') { $script:opened = $null; return }
    $null = Invoke-Inside $clean $known
}

$opened = $null
$writer = [IO.StreamWriter]::new($Answers)
try {
    foreach ($line in [IO.File]::ReadLines($Scripts)) {
        $row = [System.Text.Json.Nodes.JsonNode]::Parse($line)
        $answer = [System.Text.Json.Nodes.JsonObject]::new()
        $answer['id'] = [string] $row['id']
        $problem = Get-Problem $row['script']
        if ($problem) { $answer['parse_errors'] = $problem } else { Get-Answer $row $answer }
        $writer.WriteLine($answer.ToJsonString())
    }
} finally {
    $writer.Close()
    Remove-Item -Recurse -Force $folder
}
# What never ends in its room would hold the process.
[Environment]::Exit(0)
