# Exchange's receive connector commands, answered by relaysim. This module holds no rule: names,
# types and the way of a request; every default, refusal and answer comes from the backend.
# Windows PowerShell 5.1 and PowerShell 7; ASCII only; nothing is compiled.

[Flags()] enum RsAuthMechanisms { None = 0; Tls = 1; Integrated = 2; BasicAuth = 4; BasicAuthRequireTLS = 8; ExchangeServer = 16; ExternalAuthoritative = 32 }
[Flags()] enum RsPermissionGroups { None = 0; AnonymousUsers = 1; ExchangeUsers = 2; ExchangeServers = 4; ExchangeLegacyServers = 8; Partners = 16; Custom = 32 }
enum RsProtocolLoggingLevel { None = 0; Verbose = 1 }
enum RsTransportRole { None = 0; HubTransport = 32; FrontendTransport = 16384 }
enum RsSizeMode { Disabled = 0; Enabled = 1; EnabledWithoutValue = 2 }
enum RsDomainType { Authoritative = 0; ExternalRelay = 1; InternalRelay = 2 }

class RsSize : System.IComparable {
    hidden [long] $Bytes
    RsSize([object] $value) {
        if ($value -is [RsSize]) { $this.Bytes = $value.Bytes; return }
        if ($value -is [long] -or $value -is [int] -or $value -is [double]) { $this.Bytes = [long] $value; return }
        $text = [string] $value
        if ($text -match '\(([\d,.]+) bytes\)') { $this.Bytes = [long] ($Matches[1] -replace '[,.]', ''); return }
        if ($text -match '^\s*(\d+(?:\.\d+)?)\s*([KMGT]?B?)\s*$') {
            $unit = @{ '' = 1; 'B' = 1; 'K' = 1KB; 'KB' = 1KB; 'M' = 1MB; 'MB' = 1MB; 'G' = 1GB; 'GB' = 1GB; 'T' = 1TB; 'TB' = 1TB }[$Matches[2].ToUpperInvariant()]
            $this.Bytes = [long] ([double]::Parse($Matches[1], [System.Globalization.CultureInfo]::InvariantCulture) * $unit); return
        }
        throw [System.FormatException]::new("'$text' is no size")
    }
    [long] ToBytes() { return $this.Bytes }
    [long] ToKB() { return [long] [Math]::Floor($this.Bytes / 1KB) }
    [long] ToMB() { return [long] [Math]::Floor($this.Bytes / 1MB) }
    [long] ToGB() { return [long] [Math]::Floor($this.Bytes / 1GB) }
    [long] ToTB() { return [long] [Math]::Floor($this.Bytes / 1TB) }
    [int] CompareTo([object] $other) { return $this.Bytes.CompareTo(([RsSize] $other).Bytes) }
    [bool] Equals([object] $other) { if ($null -eq $other) { return $false }; try { return $this.Bytes -eq ([RsSize] $other).Bytes } catch { return $false } }
    [int] GetHashCode() { return $this.Bytes.GetHashCode() }
    static [long] op_Implicit([RsSize] $size) { return $size.Bytes }
    [string] ToString() {
        $culture = [System.Globalization.CultureInfo]::InvariantCulture
        $number = $this.Bytes.ToString('N0', $culture)
        foreach ($pair in @(@(1TB, 'TB'), @(1GB, 'GB'), @(1MB, 'MB'), @(1KB, 'KB'))) {
            if ($this.Bytes -ge $pair[0]) {
                return [string]::Format($culture, '{0:0.###} {1} ({2} bytes)', ($this.Bytes / $pair[0]), $pair[1], $number)
            }
        }
        return "$($this.Bytes) B ($number bytes)"
    }
}

class RsRange {
    [object] $LowerBound
    [object] $UpperBound
    [string] $Expression
    [string] $RangeFormat
    RsRange([object] $value) {
        if ($value -is [RsRange]) { $this.Expression = $value.Expression } else { $this.Expression = ([string] $value).Trim() }
        $bounds = [RsRange]::Bounds($this.Expression)
        $this.LowerBound = $bounds[0]; $this.UpperBound = $bounds[1]; $this.RangeFormat = $bounds[2]
    }
    static [RsRange] Parse([string] $text) { return [RsRange]::new($text) }
    hidden static [object[]] Bounds([string] $text) {
        $low = $null; $high = $null
        if ($text.Contains('-')) {
            $parts = $text.Split('-')
            return @([System.Net.IPAddress]::Parse($parts[0].Trim()), [System.Net.IPAddress]::Parse($parts[1].Trim()), 'LoHi')
        }
        if ($text -match '^(.+?)\s*(?:/(\d+)|\((.+)\))$') {
            $address = [System.Net.IPAddress]::Parse($Matches[1])
            $bytes = $address.GetAddressBytes()
            $mask = New-Object byte[] $bytes.Length
            $kind = 'CIDR'
            if ($Matches[2]) {
                $length = [int] $Matches[2]
                for ($i = 0; $i -lt $bytes.Length; $i++) {
                    $bits = [Math]::Max(0, [Math]::Min(8, $length - 8 * $i))
                    $mask[$i] = [byte] (256 - [Math]::Pow(2, 8 - $bits))
                }
            } else { $mask = [System.Net.IPAddress]::Parse($Matches[3]).GetAddressBytes(); $kind = 'Netmask' }
            $first = New-Object byte[] $bytes.Length; $last = New-Object byte[] $bytes.Length
            for ($i = 0; $i -lt $bytes.Length; $i++) {
                $first[$i] = $bytes[$i] -band $mask[$i]
                $last[$i] = $first[$i] -bor (255 - $mask[$i])
            }
            return @([System.Net.IPAddress]::new($first), [System.Net.IPAddress]::new($last), $kind)
        }
        $low = [System.Net.IPAddress]::Parse($text); $high = $low
        return @($low, $high, 'SingleAddress')
    }
    [bool] Equals([object] $other) { return $null -ne $other -and $this.Expression -eq ([string] $other) }
    [int] GetHashCode() { return $this.Expression.ToLowerInvariant().GetHashCode() }
    [string] ToString() { return $this.Expression }
}

class RsBinding {
    [System.Net.IPAddress] $Address
    [int] $Port
    [string] $AddressFamily
    RsBinding([object] $value) {
        $text = ([string] $value).Trim()
        $at = $text.LastIndexOf(':')
        if ($at -lt 1) { throw [System.FormatException]::new("'$text' is no binding (expected ADDRESS:PORT)") }
        $this.Address = [System.Net.IPAddress]::Parse($text.Substring(0, $at).Trim('[', ']'))
        $this.Port = [int] $text.Substring($at + 1)
        $this.AddressFamily = [string] $this.Address.AddressFamily
    }
    static [RsBinding] Parse([string] $text) { return [RsBinding]::new($text) }
    [bool] Equals([object] $other) { return $null -ne $other -and $this.ToString() -eq ([string] $other) }
    [int] GetHashCode() { return $this.ToString().GetHashCode() }
    [string] ToString() {
        if ($this.AddressFamily -eq 'InterNetworkV6') { return "[$($this.Address)]:$($this.Port)" }
        return "$($this.Address):$($this.Port)"
    }
}

# A list that takes what its elements are made of, one or many.
class RsList : System.Collections.ArrayList {
    hidden [string] $Kind
    RsList([string] $kind, [object] $values) : base() {
        $this.Kind = $kind
        if ($null -ne $values) { foreach ($value in @($values)) { $this.Add($value) } }
    }
    hidden [object] Made([object] $value) {
        if ($this.Kind -eq 'range') { return [RsRange]::new($value) }
        if ($this.Kind -eq 'binding') { return [RsBinding]::new($value) }
        return [string] $value
    }
    [void] Add([object] $value) { if ($null -ne $value) { ([System.Collections.ArrayList] $this).Insert($this.Count, $this.Made($value)) } }
    [void] Remove([object] $value) {
        $wanted = [string] $value
        for ($i = 0; $i -lt $this.Count; $i++) { if ([string] $this[$i] -eq $wanted) { $this.RemoveAt($i); return } }
    }
    [bool] Contains([object] $value) {
        $wanted = [string] $value
        foreach ($one in $this) { if ([string] $one -eq $wanted) { return $true } }
        return $false
    }
}
class RsRangeList : RsList { RsRangeList([object] $values) : base('range', $values) { } }
class RsBindingList : RsList { RsBindingList([object] $values) : base('binding', $values) { } }
class RsTextList : RsList { RsTextList([object] $values) : base('text', $values) { } }

class RsIdentity {
    [string] $Name
    [string] $DistinguishedName
    [string] $Rdn
    [object] $Parent
    hidden [string] $Text
    RsIdentity([object] $value) { $this.Text = [string] $value; $this.Name = ($this.Text -split '\\')[-1] }
    [bool] Equals([object] $other) { return $null -ne $other -and $this.Text -eq ([string] $other) }
    [int] GetHashCode() { return $this.Text.ToLowerInvariant().GetHashCode() }
    [string] ToString() { return $this.Text }
}

class RsVersion : System.IComparable {
    [int] $Major
    [int] $Minor
    [int] $Build
    [int] $Revision
    hidden [string] $Text
    RsVersion([object] $value) {
        $this.Text = [string] $value
        if ($this.Text -match 'Version (\d+)(?:\.(\d+))?') { $this.Major = [int] $Matches[1]; if ($Matches[2]) { $this.Minor = [int] $Matches[2] } }
        if ($this.Text -match 'Build (\d+)\.(\d+)') { $this.Build = [int] $Matches[1]; $this.Revision = [int] $Matches[2] }
    }
    [int] CompareTo([object] $other) {
        $mine = [version]::new($this.Major, $this.Minor, $this.Build, $this.Revision)
        if ($other -is [RsVersion]) { return $mine.CompareTo([version]::new($other.Major, $other.Minor, $other.Build, $other.Revision)) }
        return $this.Text.CompareTo([string] $other)
    }
    [string] ToString() { return $this.Text }
}

# What Exchange's objects have in common: text, and the type name that scripts and views know.
class RsObject {
    hidden [string] $RsText
    [string] ToString() { return $this.RsText }
}

$script:Types = @{}
$script:Accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')

function Initialize-RsTypes {
    # Once in a process: classes made again break scripts that are compiled already.
    if ($global:RelaySimTypes) { $script:Types = $global:RelaySimTypes; return }
    $names = @{
        'Microsoft.Exchange.Data.IPRange' = [RsRange]
        'Microsoft.Exchange.Data.IPBinding' = [RsBinding]
        'Microsoft.Exchange.Data.ByteQuantifiedSize' = [RsSize]
        'Microsoft.Exchange.Data.Directory.ADObjectId' = [RsIdentity]
        'Microsoft.Exchange.Data.ServerVersion' = [RsVersion]
        'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms' = [RsAuthMechanisms]
        'Microsoft.Exchange.Data.Directory.SystemConfiguration.PermissionGroups' = [RsPermissionGroups]
        'Microsoft.Exchange.Data.Directory.SystemConfiguration.ProtocolLoggingLevel' = [RsProtocolLoggingLevel]
        'Microsoft.Exchange.Data.ProtocolLoggingLevel' = [RsProtocolLoggingLevel]
        'Microsoft.Exchange.Data.Directory.SystemConfiguration.AcceptedDomainType' = [RsDomainType]
    }
    foreach ($name in $names.Keys) { $null = $script:Accelerators::Add($name, $names[$name]) }
    $emit = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly(
        [System.Reflection.AssemblyName]::new('RelaySimTypes'), 'RunAndCollect').DefineDynamicModule('RelaySimTypes')
    foreach ($name in @(
            'Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector',
            'Microsoft.Exchange.Data.Directory.SystemConfiguration.AcceptedDomain',
            'Microsoft.Exchange.Data.Directory.Management.ExchangeServer',
            'Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject')) {
        $builder = $emit.DefineType($name, 'Public', [RsObject])
        $null = $builder.DefineDefaultConstructor('Public')
        $type = if ($builder.PSObject.Methods['CreateType']) { $builder.CreateType() } else { $builder.CreateTypeInfo().AsType() }
        $script:Types[$name] = $type
        $null = $script:Accelerators::Add($name, $type)
    }
    $global:RelaySimTypes = $script:Types
}

# ---- the wire ---------------------------------------------------------------------------------

$script:Backend = $null
$script:Number = 0
$script:Commands = $null
$script:About = $null
$script:Seconds = 120
$script:LastIdentity = $null

function ConvertTo-RsText([string] $text) {
    $out = [System.Text.StringBuilder]::new('=')
    foreach ($char in $text.ToCharArray()) {
        $code = [int] $char
        if ($code -eq 92) { $null = $out.Append('\\') }
        elseif ($code -ge 32 -and $code -le 126) { $null = $out.Append($char) }
        else { $null = $out.Append('\u').Append($code.ToString('x4')) }
    }
    return $out.ToString()
}

function ConvertFrom-RsText([string] $text) {
    $text = $text.Substring(1)
    if ($text.IndexOf('\') -lt 0) { return $text }
    if ($text.IndexOf('\u') -lt 0) { return $text.Replace('\\', '\') }
    return [regex]::Replace($text, '\\(?:u([0-9a-f]{4})|(\\))', {
            param($found)
            if ($found.Groups[2].Success) { '\' } else { [string] [char] [Convert]::ToInt32($found.Groups[1].Value, 16) }
        })
}

function ConvertTo-RsJson([object] $value, [int] $depth = 0) {
    if ($null -eq $value) { return 'null' }
    if ($depth -gt 15) { return ConvertTo-RsJson ([string] $value) 0 }
    $plain = $value
    if ($value -is [psobject] -and $value.PSObject.BaseObject -isnot [System.Management.Automation.PSCustomObject]) { $plain = $value.PSObject.BaseObject }
    if ($plain -is [bool]) { if ($plain) { return 'true' } else { return 'false' } }
    if ($plain -is [System.Management.Automation.SwitchParameter]) { if ($plain.IsPresent) { return 'true' } else { return 'false' } }
    if ($plain -is [RsSize]) { return ConvertTo-RsJson ([string] $plain.Bytes) }
    if ($plain -is [System.Collections.IDictionary]) {
        $pairs = foreach ($key in $plain.Keys) { '[' + (ConvertTo-RsJson $key ($depth + 1)) + ',' + (ConvertTo-RsJson $plain[$key] ($depth + 1)) + ']' }
        return '{"h":[' + (@($pairs) -join ',') + ']}'
    }
    if ($plain -is [System.Collections.IEnumerable] -and $plain -isnot [string]) {
        $items = foreach ($item in $plain) { ConvertTo-RsJson $item ($depth + 1) }
        return '[' + (@($items) -join ',') + ']'
    }
    # The cast keeps the text of a number as it was written: 007 is a name.
    $text = if ($value -is [System.Management.Automation.PSCustomObject] -or $plain -is [RsObject]) { Get-RsIdentity $value } else { [string] $value }
    $wire = ConvertTo-RsText $text
    return '"' + $wire.Replace('\', '\\').Replace('"', '\"') + '"'
}

function Get-RsIdentity([object] $value) {
    foreach ($name in 'Identity', 'DistinguishedName', 'Expression', 'Name') {
        $found = $value.PSObject.Properties[$name]
        if ($null -ne $found -and $null -ne $found.Value -and [string] $found.Value -ne '') { return [string] $found.Value }
    }
    return [string] $value
}

function Stop-RsBackend {
    $process = $script:Backend
    $script:Backend = $null
    if ($null -eq $process) { return }
    try { $process.StandardInput.Close() } catch { $null = $_ }
    try { if (-not $process.WaitForExit(2000)) { $process.Kill() } } catch { $null = $_ }
    try { $process.Dispose() } catch { $null = $_ }
}

function Start-RsBackend([string] $relaysim) {
    Stop-RsBackend
    $start = [System.Diagnostics.ProcessStartInfo]::new()
    $words = @($script:Launcher)
    if ($relaysim) { $words = @($relaysim) }
    elseif ($env:RELAYSIM_COMMAND) { $words = @($env:RELAYSIM_COMMAND -split "`n") }
    elseif (-not $words) {
        $found = Get-Command -Name relaysim -CommandType Application -ErrorAction Ignore | Select-Object -First 1
        if ($null -eq $found) { throw 'relaysim is not on the path: name it with Connect-RelaySim -RelaySim PATH' }
        $words = @($found.Path)
    }
    $start.FileName = $words[0]
    $rest = @($words | Select-Object -Skip 1) + @('powershell', 'backend')
    $start.Arguments = (@($rest | ForEach-Object { '"' + ($_ -replace '"', '\"') + '"' }) -join ' ')
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.WorkingDirectory = (Get-Location -PSProvider FileSystem).ProviderPath
    $process = [System.Diagnostics.Process]::Start($start)
    $script:Backend = $process
    $hello = Invoke-RsRequest @{ op = 'hello' }
    if ($hello.End.protocol -ne 1) {
        Stop-RsBackend
        throw "relaysim speaks version $($hello.End.protocol) of the protocol, this module version 1: install both from one release (relaysim powershell install)"
    }
}

function Invoke-RsRequest([hashtable] $request, [string] $parameters = '') {
    $process = $script:Backend
    if ($null -eq $process) { throw 'not connected: Connect-RelaySim begins' }
    $script:Number++
    $number = $script:Number
    $line = '{"id":' + $number
    foreach ($key in $request.Keys) {
        $value = $request[$key]
        if ($value -is [bool]) { $line += ',"' + $key + '":' + ([string] $value).ToLowerInvariant() }
        else { $line += ',"' + $key + '":"' + ([string] $value).Replace('\', '\\').Replace('"', '\"') + '"' }
    }
    if ($parameters) { $line += ',"parameters":' + $parameters }
    $line += '}'
    try {
        $process.StandardInput.WriteLine($line)
        $process.StandardInput.Flush()
    } catch { Stop-RsBackend; throw 'the backend of relaysim has ended: Connect-RelaySim begins again' }
    $values = [System.Collections.ArrayList]::new()
    $until = [DateTime]::UtcNow.AddSeconds($script:Seconds)
    while ($true) {
        $task = $process.StandardOutput.ReadLineAsync()
        while (-not $task.Wait(50)) {
            if ([DateTime]::UtcNow -gt $until) { Stop-RsBackend; throw "the backend of relaysim gave no answer for $($script:Seconds) seconds" }
        }
        $answer = $task.Result
        if ($null -eq $answer) { Stop-RsBackend; throw 'the backend of relaysim has ended: Connect-RelaySim begins again' }
        try { $data = ConvertFrom-Json -InputObject $answer } catch { Stop-RsBackend; throw 'the backend of relaysim answered nonsense' }
        # Late answers to a request that was interrupted are dropped.
        if ($data.id -ne $number) { continue }
        if ($data.PSObject.Properties['end']) { return [pscustomobject] @{ Values = $values; End = $data } }
        $null = $values.Add($data.value)
    }
}

# ---- objects ----------------------------------------------------------------------------------

$script:Enums = @{
    AuthMechanism = [RsAuthMechanisms]; PermissionGroups = [RsPermissionGroups]
    ProtocolLoggingLevel = [RsProtocolLoggingLevel]; TransportRole = [RsTransportRole]
    SizeEnabled = [RsSizeMode]; DomainType = [RsDomainType]
}
$script:Lists = @{ Bindings = [RsBindingList]; RemoteIPRanges = [RsRangeList]; TlsDomainCapabilities = [RsTextList] }

function ConvertFrom-RsValue([object] $data, [string] $name = '') {
    if ($null -eq $data) { return $null }
    if ($data -is [string]) {
        $text = ConvertFrom-RsText $data
        $enum = $script:Enums[$name]
        if ($null -ne $enum) { try { return $text -as $enum } catch { return $text } }
        return $text
    }
    if ($data -is [System.Array]) { return , @(foreach ($item in $data) { ConvertFrom-RsValue $item }) }
    if ($data -isnot [System.Management.Automation.PSCustomObject]) {
        if ($data -is [long] -and $data -ge [int]::MinValue -and $data -le [int]::MaxValue) { return [int] $data }
        return $data
    }
    if ($null -ne $data.PSObject.Properties['l']) {
        $list = $script:Lists[$name]
        if ($name -eq 'RemoteIPRanges' -or $name -eq 'Bindings') { $items = @(foreach ($item in $data.l) { ConvertFrom-RsText $item.s }) }
        else { $items = @(foreach ($item in $data.l) { ConvertFrom-RsValue $item }) }
        if ($null -eq $list) { $list = [RsTextList] }
        return , ($list::new($items))
    }
    if ($null -ne $data.PSObject.Properties['h']) {
        $table = [ordered] @{}
        foreach ($pair in $data.h) { $table[(ConvertFrom-RsValue $pair[0])] = ConvertFrom-RsValue $pair[1] }
        return $table
    }
    return New-RsObject $data
}

function New-RsObject([object] $data) {
    $text = ConvertFrom-RsText $data.s
    switch ($data.t) {
        'Microsoft.Exchange.Data.IPRange' { return [RsRange]::new($text) }
        'Microsoft.Exchange.Data.IPBinding' { return [RsBinding]::new($text) }
        'Microsoft.Exchange.Data.ByteQuantifiedSize' { return [RsSize]::new($text) }
        'Microsoft.Exchange.Data.EnhancedTimeSpan' { return [TimeSpan]::Parse($text, [System.Globalization.CultureInfo]::InvariantCulture) }
        'Microsoft.Exchange.Data.Directory.ADObjectId' {
            # Identity and Id of an object are one.
            if ($null -ne $script:LastIdentity -and $script:LastIdentity.Text -ceq $text) { return $script:LastIdentity }
            $identity = [RsIdentity]::new($text)
            foreach ($pair in $data.p) {
                $part = $pair[0]
                if ($part -eq 'DistinguishedName') { $identity.DistinguishedName = ConvertFrom-RsText $pair[1] }
                elseif ($part -eq 'Name') { $identity.Name = ConvertFrom-RsText $pair[1] }
                elseif ($part -eq 'Rdn') { $identity.Rdn = ConvertFrom-RsText $pair[1] }
            }
            $script:LastIdentity = $identity
            return $identity
        }
        'Microsoft.Exchange.Configuration.Tasks.ExtendedRightIdParameter' { return $text }
    }
    $type = $script:Types[$data.t]
    $made = if ($null -ne $type) { [Activator]::CreateInstance($type) } else { [pscustomobject] @{} }
    if ($null -ne $type) { $made.RsText = $text }
    $properties = $made.PSObject.Properties
    foreach ($pair in $data.p) {
        $name = $pair[0]
        $raw = $pair[1]
        $kind = $null
        # The plain kinds are taken here: a call of a function costs more than all of this.
        if ($null -eq $raw -or $raw -is [bool]) { $value = $raw }
        elseif ($raw -is [string]) {
            if ($raw.IndexOf('\') -lt 0) { $value = $raw.Substring(1) } else { $value = ConvertFrom-RsText $raw }
            $kind = $script:Enums[$name]
            if ($null -ne $kind) { $value = $value -as $kind }
            elseif ($name -eq 'AdminDisplayVersion') { $value = [RsVersion]::new($value) }
        }
        elseif ($raw -is [long] -or $raw -is [int]) { $value = if ($raw -ge -2147483648 -and $raw -le 2147483647) { [int] $raw } else { $raw } }
        else {
            $value = ConvertFrom-RsValue $raw $name
            $kind = $script:Lists[$name]
            if ($null -eq $kind -and $value -is [RsSize]) { $kind = [RsSize] }
        }
        if ($null -ne $kind -and $null -ne $type) {
            # A typed variable behind the property converts what is assigned.
            $variable = [System.Management.Automation.PSVariable]::new($name, $value)
            $variable.Attributes.Add([RsConversion]::new($kind))
            $properties.Add([System.Management.Automation.PSVariableProperty]::new($variable), $true)
        } else {
            $properties.Add([System.Management.Automation.PSNoteProperty]::new($name, $value), $true)
        }
    }
    if ($null -eq $type) {
        if ($data.t) { $made.PSObject.TypeNames.Insert(0, $data.t) }
        if ($text) { Add-Member -InputObject $made -MemberType ScriptMethod -Name ToString -Value ([scriptblock]::Create("'" + $text.Replace("'", "''") + "'")) -Force }
    }
    return $made
}

class RsConversion : System.Management.Automation.ArgumentTransformationAttribute {
    hidden [type] $Kind
    RsConversion([type] $kind) { $this.Kind = $kind }
    [object] Transform([System.Management.Automation.EngineIntrinsics] $engine, [object] $value) {
        if ($null -eq $value) { return $null }
        $plain = $value
        if ($value -is [psobject]) { $plain = $value.PSObject.BaseObject }
        if ($plain.GetType() -eq $this.Kind) { return $plain }
        if ($this.Kind.IsEnum) { return [System.Management.Automation.LanguagePrimitives]::ConvertTo($plain, $this.Kind) }
        return $this.Kind.GetConstructor(@([object])).Invoke(@(, $plain))
    }
}

# ---- commands ---------------------------------------------------------------------------------

function Invoke-RsCommand {
    # Runs one command for the caller's $PSCmdlet: its preferences hold, errors carry its place.
    param($Cmdlet, [string] $Name, [hashtable] $Bound, [bool] $Changes)
    $state = $Cmdlet.SessionState.PSVariable
    $sent = [ordered] @{}
    foreach ($key in $Bound.Keys) {
        if ($key -in $script:Common) { continue }
        $sent[$key] = $Bound[$key]
    }
    $entry = $Bound['Instance']
    if ($null -ne $entry -and $entry.PSObject.Properties['ExtendedRights'] -and $entry.PSObject.Properties['Deny']) {
        # An entry from the pipeline names connector, principal and right by itself.
        $sent.Remove('Instance')
        $sent['Identity'] = [string] $entry.Identity
        if (-not $sent.Contains('User')) { $sent['User'] = [string] $entry.User }
        if (-not $sent.Contains('ExtendedRights') -and $entry.ExtendedRights) { $sent['ExtendedRights'] = @($entry.ExtendedRights | ForEach-Object { [string] $_ }) }
        if ($entry.Deny -and -not $sent.Contains('Deny')) { $sent['Deny'] = $true }
    }
    $whatIf = $false
    if ($Changes) {
        if ($Bound.ContainsKey('WhatIf')) { $whatIf = [bool] $Bound['WhatIf'] } else { $whatIf = [bool] $state.GetValue('WhatIfPreference') }
    }
    $target = if ($sent.Contains('Identity')) { Get-RsTarget $sent['Identity'] } elseif ($sent.Contains('Name')) { [string] $sent['Name'] } else { $Name }
    $asked = $whatIf -or ($Changes -and $Bound.ContainsKey('Confirm') -and [bool] $Bound['Confirm'])
    if ($asked) {
        $trial = [ordered] @{}
        foreach ($key in $sent.Keys) { $trial[$key] = $sent[$key] }
        $trial['WhatIf'] = $true
        $found = Invoke-RsRequest @{ op = 'run'; command = $Name } (ConvertTo-RsJson $trial)
        if (@($found.End.errors).Count) { Write-RsTrouble $Cmdlet $Name $target $found.End $false; return }
    }
    if ($Changes) {
        if ($whatIf) { $WhatIfPreference = $true }
        if (-not $Cmdlet.ShouldProcess($target, $Name)) { return }
        if ($whatIf) { return }
    }
    $found = Invoke-RsRequest @{ op = 'run'; command = $Name } (ConvertTo-RsJson $sent)
    foreach ($value in $found.Values) { $Cmdlet.WriteObject((ConvertFrom-RsValue $value)) }
    Write-RsTrouble $Cmdlet $Name $target $found.End $true
}

function Get-RsTarget([object] $value) {
    if ($value -is [RsObject] -or $value -is [System.Management.Automation.PSCustomObject]) { return Get-RsIdentity $value }
    return [string] $value
}

function Write-RsTrouble($Cmdlet, [string] $Name, [string] $Target, $End, [bool] $Warn) {
    if ($Warn) {
        foreach ($text in @($End.warnings)) { if ($null -ne $text) { $Cmdlet.WriteWarning((ConvertFrom-RsText $text)) } }
        foreach ($text in @($End.notes)) { if ($null -ne $text) { $Cmdlet.WriteVerbose((ConvertFrom-RsText $text)) } }
    }
    foreach ($each in @($End.errors)) {
        if ($null -eq $each) { continue }
        $message = ConvertFrom-RsText $each.message
        if ($null -ne $each.hint) { $message += ' (' + (ConvertFrom-RsText $each.hint) + ')' }
        $exception = [System.InvalidOperationException]::new($message)
        $record = [System.Management.Automation.ErrorRecord]::new($exception, [string] $each.id, 'InvalidOperation', $Target)
        $Cmdlet.WriteError($record)
    }
}

$script:Common = @('Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable', 'WhatIf', 'Confirm', 'ProgressAction')
$script:ModuleName = 'RelaySimCommands'

function New-RsCommandText($command) {
    $lines = [System.Collections.ArrayList]::new()
    $changes = [bool] $command.changes
    $null = $lines.Add("function global:$($command.name) {")
    $null = $lines.Add("    [CmdletBinding(SupportsShouldProcess = `$$changes, PositionalBinding = `$false)]")
    $blocks = foreach ($one in $command.parameters) {
        $words = @()
        if ($one.mandatory) { $words += 'Mandatory = $true' }
        if ($null -ne $one.position) { $words += "Position = $($one.position)" }
        if ($one.pipeline -and ($one.name -ne 'Instance' -or $command.name -like '*-ADPermission')) { $words += 'ValueFromPipeline = $true' }
        if ($one.property) { $words += 'ValueFromPipelineByPropertyName = $true' }
        $text = "[Parameter($($words -join ', '))]"
        if (@($one.aliases).Count) { $text += "[Alias(" + ((@($one.aliases) | ForEach-Object { "'$_'" }) -join ', ') + ")]" }
        $what = ''
        if ($one.name -eq 'Identity') { $what = 'connectors' } elseif ($one.name -eq 'User') { $what = 'principals' }
        elseif ($one.name -eq 'ExtendedRights') { $what = 'rights' } elseif ($one.name -eq 'Server') { $what = 'servers' }
        if ($what) { $text += "[ArgumentCompleter({ & (Get-Module RelaySim) { param(`$w) Complete-RsName '$what' `$w } `$args[2] })]" }
        elseif (@($one.values).Count) {
            $list = (@($one.values) | ForEach-Object { "'$_'" }) -join ', '
            $text += "[ArgumentCompleter({ param(`$c, `$p, `$w) @($list) | Where-Object { `$_ -like `"`$w*`" } })]"
        }
        $type = if ($one.switch) { 'switch' } elseif ($one.name -eq 'Instance' -and $command.name -like '*-ADPermission') { 'Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject' } else { 'object' }
        "        $text [$type] `$$($one.name)"
    }
    if ($command.directory) { $blocks = @($blocks) + '        [Parameter()] [object] $DomainController' }
    $null = $lines.Add("    param(")
    $null = $lines.Add((@($blocks) -join ",`n"))
    $null = $lines.Add("    )")
    $null = $lines.Add("    process {")
    foreach ($name in 'ErrorActionPreference', 'WarningPreference', 'VerbosePreference') {
        $key = @{ ErrorActionPreference = 'ErrorAction'; WarningPreference = 'WarningAction'; VerbosePreference = 'Verbose' }[$name]
        $null = $lines.Add("        if (-not `$PSBoundParameters.ContainsKey('$key')) { `$$name = `$PSCmdlet.SessionState.PSVariable.GetValue('$name') }")
    }
    $null = $lines.Add("        & (Get-Module RelaySim) { param(`$c, `$n, `$b, `$x) Invoke-RsCommand -Cmdlet `$c -Name `$n -Bound `$b -Changes `$x } `$PSCmdlet '$($command.name)' `$PSBoundParameters `$$changes")
    $null = $lines.Add("    }")
    $null = $lines.Add("}")
    return ($lines -join "`n")
}

function Complete-RsName([string] $what, [string] $word) {
    try {
        $bare = $word.Trim("'", '"')
        $found = Invoke-RsRequest @{ op = 'complete' } (ConvertTo-RsJson @{ What = $what })
        foreach ($value in $found.Values) {
            $name = ConvertFrom-RsText $value
            if (-not $name.StartsWith($bare, 'OrdinalIgnoreCase')) { continue }
            $shown = if ($name -match '^[A-Za-z0-9_][A-Za-z0-9_.-]*$') { $name } else { "'" + $name.Replace("'", "''") + "'" }
            [System.Management.Automation.CompletionResult]::new($shown, $name, 'ParameterValue', $name)
        }
    } catch { $null = $_ }
}

function Remove-RsCommands {
    foreach ($name in @($script:Commands)) { if ($name) { Remove-Item -LiteralPath "Function:\$name" -ErrorAction Ignore } }
    $script:Commands = $null
}

function Test-RsRealExchange {
    if ($env:ExchangeInstallPath) { return 'Exchange is installed on this machine ($env:ExchangeInstallPath)' }
    foreach ($command in @(Get-Command -Name Get-ReceiveConnector -All -ErrorAction Ignore)) {
        if ($command.CommandType -eq 'Cmdlet' -or ($command.Module -and $command.Module.Name -like 'tmp_*')) { return 'a real Exchange command is loaded here' }
    }
    if (Get-Command -Name Get-PSSession -ErrorAction Ignore) {
        foreach ($session in @(Get-PSSession -ErrorAction Ignore)) {
            if ($session.ConfigurationName -eq 'Microsoft.Exchange') { return 'a session with a real Exchange is open here' }
        }
    }
    return ''
}

function Connect-RelaySim {
    <#
    .SYNOPSIS
    Connects Exchange's commands to a simulated server.
    .PARAMETER Source
    A server file, an export, a script, a builtin name; nothing: a fresh server.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string] $Source,
        [string] $Exchange, [string] $Server, [string] $RelaySim,
        [switch] $OnExchangeServer, [switch] $PassThru
    )
    $mode = $ExecutionContext.SessionState.LanguageMode
    if ($mode -ne 'FullLanguage') { throw "Connect-RelaySim needs FullLanguage, this PowerShell has $mode" }
    if (-not $OnExchangeServer) {
        $real = Test-RsRealExchange
        if ($real) { throw "Connect-RelaySim refuses: $real. Use another PowerShell, or -OnExchangeServer if you are sure." }
    }
    Initialize-RsTypes
    Remove-RsCommands
    $path = ''
    if ($Source) {
        $path = $Source
        if ($Source -notlike 'builtin:*') { $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Source) }
    }
    Start-RsBackend $RelaySim
    $request = @{ op = 'connect' }
    if ($path) { $request.source = ConvertTo-RsText $path }
    if ($Exchange) { $request.exchange = ConvertTo-RsText $Exchange }
    if ($Server) { $request.server = ConvertTo-RsText $Server }
    $found = Invoke-RsRequest $request
    if ($null -ne $found.End.PSObject.Properties['errors']) {
        $text = @($found.End.errors | ForEach-Object { ConvertFrom-RsText $_.message }) -join "`n"
        Stop-RsBackend
        throw $text
    }
    $script:About = $found.End
    $script:Commands = @($found.End.commands | ForEach-Object { $_.name })
    $text = @($found.End.commands | ForEach-Object { New-RsCommandText $_ }) -join "`n"
    . ([scriptblock]::Create($text))
    Enable-RsTakeover
    if ($PassThru) {
        [pscustomobject] @{ Source = ConvertFrom-RsText $found.End.source; Exchange = $found.End.exchange; Servers = @($found.End.servers | ForEach-Object { ConvertFrom-RsText $_ }) }
    }
}

function Disconnect-RelaySim {
    <#
    .SYNOPSIS
    Ends the connection; Exchange's commands are gone.
    #>
    [CmdletBinding()] param()
    Disable-RsTakeover
    Remove-RsCommands
    Stop-RsBackend
}

function Restore-RelaySim {
    <#
    .SYNOPSIS
    Puts the simulated server back to what it was at the beginning.
    #>
    [CmdletBinding()] param()
    $null = Invoke-RsRequest @{ op = 'restore' }
}

function Invoke-RsQuestion([string] $op, [System.Collections.IDictionary] $bound) {
    $sent = [ordered] @{}
    foreach ($key in $bound.Keys) { if ($key -notin $script:Common) { $sent[$key] = $bound[$key] } }
    $found = Invoke-RsRequest @{ op = $op } (ConvertTo-RsJson $sent)
    if ($null -ne $found.End.PSObject.Properties['errors'] -and @($found.End.errors).Count) {
        throw (@($found.End.errors | ForEach-Object { ConvertFrom-RsText $_.message }) -join "`n")
    }
    foreach ($value in $found.Values) { ConvertFrom-RsValue $value }
}

function Test-RelaySim {
    <#
    .SYNOPSIS
    Would this client relay, bypass anti-spam, have its P2 address resolved?
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $IP,
        [string] $Auth = 'none', [string] $User, [string[]] $Group, [switch] $Tls, [int] $Port = 25,
        [string] $LocalIP, [string] $From, [string] $HeaderFrom, [string[]] $To, [string] $Size, [string] $Server
    )
    Invoke-RsQuestion 'check' $PSBoundParameters
}

function Compare-RelaySim {
    <#
    .SYNOPSIS
    What has changed since Connect-RelaySim.
    #>
    [CmdletBinding()] param()
    Invoke-RsQuestion 'compare' $PSBoundParameters
}

function Save-RelaySim {
    <#
    .SYNOPSIS
    Writes the server as it is now as a server file.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0)] [string] $Path)
    $text = Invoke-RsQuestion 'save' @{}
    $target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    [System.IO.File]::WriteAllText($target, [string] $text, [System.Text.UTF8Encoding]::new($false))
}

function Get-RelaySimReach {
    <#
    .SYNOPSIS
    Every address that may do one thing, over every endpoint.
    #>
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string] $Question = 'relay', [string[]] $Auth, [int[]] $Port, [string] $Server)
    Invoke-RsQuestion 'who-can' $PSBoundParameters
}

function Get-RelaySimFinding {
    <#
    .SYNOPSIS
    What is wrong with the configuration as it is now.
    #>
    [CmdletBinding()] param()
    Invoke-RsQuestion 'audit' $PSBoundParameters
}

function Invoke-RelaySimSession {
    <#
    .SYNOPSIS
    Plays an SMTP session, line by line.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $IP, [Parameter(Mandatory = $true)] [string[]] $Line, [int] $Port = 25, [string] $Server)
    Invoke-RsQuestion 'session' $PSBoundParameters
}

# ---- what must never reach a real Exchange -----------------------------------------------------

$script:Takeover = @('Connect-ExchangeServer', 'Connect-ExchangeOnline', 'Connect-IPPSSession', 'New-PSSession', 'Import-PSSession', 'Enter-PSSession', 'Remove-PSSession', 'Add-PSSnapin', 'Get-PSSnapin', 'Set-ADServerSettings')
$script:Told = @{}

function Write-RsTold([string] $name) {
    if (-not $script:Told[$name]) {
        $script:Told[$name] = $true
        Write-Warning "$name does nothing here: the simulated server is connected"
    }
}

function Enable-RsTakeover {
    $bodies = @{
        'Connect-ExchangeServer' = 'param([switch] $Auto, [switch] $AllowClobber, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Connect-ExchangeOnline' = 'param([Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Connect-IPPSSession' = 'param([Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Set-ADServerSettings' = 'param([Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'New-PSSession' = 'param($ConfigurationName, $ConnectionUri, $ComputerName, $Authentication, $Credential, $SessionOption, $Name, [switch] $AllowRedirection, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Import-PSSession' = 'param([Parameter(Position = 0, ValueFromPipeline = $true)] $Session, $CommandName, $Prefix, [switch] $AllowClobber, [switch] $DisableNameChecking, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Enter-PSSession' = 'param([Parameter(Position = 0, ValueFromPipeline = $true)] $Session, $ConfigurationName, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Remove-PSSession' = 'param([Parameter(Position = 0, ValueFromPipeline = $true)] $Session, $Id, $Name, [Parameter(ValueFromRemainingArguments = $true)] $Rest)'
        'Add-PSSnapin' = 'param([Parameter(Position = 0)] $Name, [switch] $PassThru)'
        'Get-PSSnapin' = 'param([Parameter(Position = 0)] $Name, [switch] $Registered)'
    }
    $results = @{
        'New-PSSession' = "[pscustomobject] @{ PSTypeName = 'RelaySim.PSSession'; Id = 1; Name = 'RelaySim'; ConfigurationName = 'Microsoft.Exchange'; State = 'Opened'; Availability = 'Available' }"
        'Get-PSSnapin' = "foreach (`$one in @(`$Name)) { if ([string] `$one -like '*Exchange*') { [pscustomobject] @{ Name = 'Microsoft.Exchange.Management.PowerShell.SnapIn'; PSVersion = '1.0' } } }"
    }
    foreach ($name in $script:Takeover) {
        $result = $results[$name]
        $text = "function global:$name { [CmdletBinding()] $($bodies[$name]) process { & (Get-Module RelaySim) { param(`$n) Write-RsTold `$n } '$name'; $result } }"
        . ([scriptblock]::Create($text))
    }
}

function Disable-RsTakeover {
    foreach ($name in $script:Takeover) { Remove-Item -LiteralPath "Function:\$name" -ErrorAction Ignore }
    $script:Told = @{}
}

$script:Launcher = @()
$launcherFile = Join-Path $PSScriptRoot 'launcher.txt'
if (Test-Path -LiteralPath $launcherFile) { $script:Launcher = @(Get-Content -LiteralPath $launcherFile) }
$ExecutionContext.SessionState.Module.OnRemove = {
    Disable-RsTakeover
    Remove-RsCommands
    Stop-RsBackend
}
