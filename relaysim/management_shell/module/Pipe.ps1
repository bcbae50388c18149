# What is called for every command and every object: methods, since a call of a function costs ten
# times as much.

class RsKind {
    static [object] Made([string] $kind, [string] $enum, [string] $field) {
        if ($kind -eq 'size') { return [RsSize]::new([long] $field) }
        if ($field[0] -ne '=') {
            if ($field -eq 'T') { return $true }
            if ($field -eq 'F') { return $false }
            $number = [double]::Parse($field, [System.Globalization.CultureInfo]::InvariantCulture)
            if ($number -ne [Math]::Floor($number) -or [Math]::Abs($number) -gt 9e15) { return $number }
            if ([Math]::Abs($number) -le [int]::MaxValue) { return [int] $number }
            return [long] $number
        }
        $text = [RsWire]::Text($field)
        if ($kind -eq 'span') { return [TimeSpan]::Parse($text, [System.Globalization.CultureInfo]::InvariantCulture) }
        if ($kind -eq 'version') { return [RsVersion]::new($text) }
        if ($enum) { return $text -as ($enum -as [type]) }
        return $text
    }
}

# The form of objects with the same properties.
class RsShape {
    [type] $Type
    [string[]] $Names
    [object[]] $Columns
    [object] Make([string[]] $fields, [string] $text) {
        $made = [Activator]::CreateInstance($this.Type)
        $made.Fill($fields, $this.Columns)
        [RsStore]::Texts.Add($made, [RsWire]::Text($text))
        [RsStore]::Wires.Add($made, @($this, $fields, $text))
        return $made
    }
    static [object[]] Edited([object] $made) {
        # The properties that a script changed since the object came: name and value.
        $kept = [RsStore]::Find([RsStore]::Wires, $made)
        if ($null -eq $kept) { return @() }
        $before = $kept[0].Make($kept[1], $kept[2])
        $found = [System.Collections.ArrayList]::new()
        foreach ($name in $kept[0].Names) {
            if (($before.$name -join ',') -cne ($made.$name -join ',')) { $null = $found.Add(@($name, $made.$name)) }
        }
        return $found.ToArray()
    }
}

# A connector that a command saves: it travels with what was changed on it.
class RsEdited {
    [object] $Value
    RsEdited([object] $value) { $this.Value = $value }
    [string] ToString() { return [RsJson]::Identity($this.Value) }
}

class RsJson {
    static [string] Of([psobject] $value, [int] $depth) {
        # A psobject, not an object: the text of a number as it was written, 007, goes with it.
        if ($null -eq $value) { return 'null' }
        if ($value -is [string]) { return [RsWire]::Quoted($value) }
        if ($depth -gt 15) { return [RsWire]::Quoted([string] $value) }
        $plain = $value.PSObject.BaseObject
        if ($plain -is [bool]) { return ([string] $plain).ToLowerInvariant() }
        if ($plain -is [System.Management.Automation.SwitchParameter]) { return ([string] $plain.IsPresent).ToLowerInvariant() }
        if ($plain -is [RsSize]) { return [RsWire]::Quoted([string] $plain.Bytes) }
        $parts = [System.Collections.ArrayList]::new()
        if ($plain -is [System.Collections.IDictionary]) {
            foreach ($key in $plain.Keys) { $null = $parts.Add('[' + [RsJson]::Of($key, $depth + 1) + ',' + [RsJson]::Of($plain[$key], $depth + 1) + ']') }
            return '{"h":[' + ($parts -join ',') + ']}'
        }
        if ($plain -is [System.Collections.IEnumerable]) {
            foreach ($item in $plain) { $null = $parts.Add([RsJson]::Of($item, $depth + 1)) }
            return '[' + ($parts -join ',') + ']'
        }
        if ($plain -is [RsEdited]) { return [RsJson]::Edited($plain.Value) }
        if ($plain -is [System.Management.Automation.PSCustomObject] -or $plain -is [RsObject]) { return [RsWire]::Quoted([RsJson]::Identity($value)) }
        return [RsWire]::Quoted([string] $value)
    }
    static [string] Identity([object] $value) {
        foreach ($name in 'Identity', 'DistinguishedName', 'Expression', 'RawIdentity', 'Name') {
            $found = $value.PSObject.Properties[$name]
            if ($null -ne $found -and $null -ne $found.Value -and [string] $found.Value -ne '') { return [string] $found.Value }
        }
        return [string] $value
    }
    static [string] Edited([object] $value) {
        # A connector goes with what a script changed on it: what that means, the backend decides.
        $edits = foreach ($pair in [RsShape]::Edited($value)) { '[' + [RsWire]::Quoted($pair[0]) + ',' + [RsJson]::Of($pair[1], 0) + ']' }
        return '{"o":' + [RsWire]::Quoted([RsJson]::Identity($value)) + ',"e":[' + (@($edits) -join ',') + ']}'
    }
    static [string] Parameters([System.Collections.IDictionary] $sent) {
        $parts = [System.Collections.ArrayList]::new()
        foreach ($key in $sent.Keys) { $null = $parts.Add('["=' + $key + '",' + [RsJson]::Of($sent[$key], 0) + ']') }
        return '{"h":[' + ($parts -join ',') + ']}'
    }
}

# The pipe to the backend: a request is a line, its answers are lines with its number.
class RsPipe {
    static [System.Diagnostics.Process] $Process
    static [bool] $Shared = $false
    static [int] $Number = 0
    static [int] $Seconds = 120
    static [hashtable] $Shapes = @{}
    static [scriptblock] $Shape
    static [scriptblock] $Value
    static [void] Stop() {
        $ended = [RsPipe]::Process
        [RsPipe]::Process = $null
        if ($null -eq $ended -or [RsPipe]::Shared) { return }
        try { $ended.StandardInput.Close() } catch { $null = $_ }
        try { if (-not $ended.WaitForExit(2000)) { $ended.Kill() } } catch { $null = $_ }
        try { $ended.Dispose() } catch { $null = $_ }
    }
    static [hashtable] Ask([string] $begun) {
        # Sends a request (its JSON without the closing brace) and reads the answers to it.
        $asked = [RsPipe]::Process
        if ($null -eq $asked) { throw 'not connected: Connect-RelaySim begins' }
        [RsPipe]::Number++
        $mine = [string] [RsPipe]::Number
        try {
            $asked.StandardInput.WriteLine($begun + ',"id":' + $mine + '}')
            $asked.StandardInput.Flush()
        } catch { [RsPipe]::Stop(); throw 'the backend of relaysim has ended: Connect-RelaySim begins again' }
        $values = [System.Collections.ArrayList]::new()
        $until = [DateTime]::UtcNow.AddSeconds([RsPipe]::Seconds)
        $object = '{"id":' + $mine + ',"o":'
        $quiet = '{"id":' + $mine + ',"end":true}'
        while ($true) {
            $task = $asked.StandardOutput.ReadLineAsync()
            # A short wait again and again: Ctrl-C gets through in between.
            while (-not $task.Wait(50)) {
                if ([DateTime]::UtcNow -gt $until) { [RsPipe]::Stop(); throw "the backend of relaysim gave no answer for $([RsPipe]::Seconds) seconds" }
            }
            $line = $task.Result
            if ($null -eq $line) { [RsPipe]::Stop(); throw 'the backend of relaysim has ended: Connect-RelaySim begins again' }
            if ($line -ceq $quiet) { return @{ Values = $values; End = $null } }
            if ($line.StartsWith($object, 'Ordinal')) {
                # {"id":7,"o":2,"v":"TEXT\tFIELD\tFIELD..."}: the fields are taken as they stand.
                $at = $line.IndexOf(',', $object.Length)
                $made = [RsPipe]::Shapes[$line.Substring($object.Length, $at - $object.Length)]
                $text, $fields = $line.Substring($at + 6, $line.Length - $at - 8).Split([string[]] @('\t'), 'None')
                $null = $values.Add($made.Make($fields, $text))
                continue
            }
            $data = $null
            try { $data = ConvertFrom-Json -InputObject $line } catch { [RsPipe]::Stop(); throw 'the backend of relaysim answered nonsense' }
            # A layout stays known; late answers to a request that was interrupted are dropped.
            if ($null -ne $data.layout) { [RsPipe]::Shapes[[string] $data.layout] = & ([RsPipe]::Shape) $data; continue }
            if ([string] $data.id -ne $mine) { continue }
            if ($data.end) { return @{ Values = $values; End = $data } }
            $null = $values.Add((& ([RsPipe]::Value) $data.value))
        }
        return $null
    }
}
