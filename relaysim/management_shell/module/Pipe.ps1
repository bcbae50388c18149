# What is called for every command and every object: methods, since a call of a function costs ten
# times as much.

class RsKind {
    static [object] Made([string] $kind, [string] $enum, [string] $field) {
        # The value of one field: an empty one is null.
        if ($kind -eq 'flag') { return $field -eq 'T' }
        if ($kind -eq 'ranges') { return [RsRangeList]::Of($field) }
        if ($kind -eq 'bindings') { return [RsBindingList]::Of($field) }
        if ($kind -eq 'texts') { return [RsTextList]::Of($field) }
        if ($kind -eq 'list') { return [RsTextList]::Of($field).ToArray() }
        if ($kind -eq 'rights') { return [RsRight]::Of($field) }
        if ($field -eq '') { return $null }
        if ($kind -eq 'text') { return [RsWire]::Text($field) }
        if ($kind -eq 'count') { return [int] $field }
        if ($kind -eq 'id') { return [RsIdentity]::Of($field) }
        if ($kind -eq 'principal') { return [RsPrincipal]::Of($field) }
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

# The form of objects with the same properties. Most of them have most values in common: an object is
# a copy of one with the usual values, and gets what is unusual on it, as it came. Lists and
# identities are each object's own.
class RsShape {
    [type] $Type
    [string[]] $Names
    [string[]] $Kinds
    [string[]] $Enums
    [System.Reflection.PropertyInfo[]] $Properties
    [int[]] $Own
    [int[]] $Same
    [string[]] $Fields
    [object] $Model
    [System.Collections.Hashtable] $Known = [System.Collections.Hashtable]::new()
    static [System.Reflection.MethodInfo] $Copy = [object].GetMethod('MemberwiseClone', [System.Reflection.BindingFlags] 'Instance, NonPublic')
    RsShape([type] $type, [string[]] $names, [string[]] $kinds, [string[]] $enums) {
        $this.Type = $type
        $this.Names = $names
        $this.Kinds = $kinds
        $this.Enums = $enums
        $this.Properties = @(foreach ($name in $names) { $type.GetProperty($name) })
        $this.Own = @(for ($i = 0; $i -lt $names.Length; $i++) { if ($kinds[$i] -in 'ranges', 'bindings', 'texts', 'list', 'rights', 'id', 'principal') { $i } })
        $this.Same = @(for ($i = 0; $i -lt $names.Length; $i++) { if ($kinds[$i].StartsWith('same ')) { $i; [Array]::IndexOf($names, $kinds[$i].Substring(5)) } })
    }
    [object] Usual([string[]] $fields) {
        # The same form with other usual values: those of another connection.
        $made = [RsShape]::Copy.Invoke($this, $null)
        $made.Fields = $fields
        $made.Model = [Activator]::CreateInstance($this.Type)
        for ($i = 0; $i -lt $fields.Length; $i++) { if ($this.Own -notcontains $i -and $this.Same -notcontains $i) { $made.Set($made.Model, $i, $fields[$i]) } }
        return $made
    }
    [void] Set([object] $made, [int] $at, [string] $field) {
        $kind = $this.Kinds[$at]
        if ($kind -notin 'names', 'size', 'span', 'version') {
            $this.Properties[$at].SetValue($made, [RsKind]::Made($kind, '', $field), $null)
            return
        }
        # What cannot be changed and comes again and again is made once.
        $key = "$at $field"
        $value = $this.Known[$key]
        if ($null -eq $value) {
            if ($this.Known.Count -ge 2000) { $this.Known.Clear() }
            $value = [RsKind]::Made($kind, $this.Enums[$at], $field)
            $this.Known[$key] = $value
        }
        $this.Properties[$at].SetValue($made, $value, $null)
    }
    [object] Make([string] $wire) {
        # Its text, then what is unusual: PLACE:FIELD.
        $parts = $wire.Split([string[]] @('\t'), 'None')
        $made = [RsShape]::Copy.Invoke($this.Model, $null)
        $usual = $this.Fields
        foreach ($at in $this.Own) { $this.Set($made, $at, $usual[$at]) }
        for ($i = 1; $i -lt $parts.Length; $i++) {
            $part = $parts[$i]
            $colon = $part.IndexOf(':')
            $this.Set($made, [int] $part.Substring(0, $colon), $part.Substring($colon + 1))
        }
        for ($i = 0; $i -lt $this.Same.Length; $i += 2) {
            $this.Properties[$this.Same[$i]].SetValue($made, $this.Properties[$this.Same[$i + 1]].GetValue($made, $null), $null)
        }
        [RsStore]::Texts.Add($made, [RsWire]::Text($parts[0]))
        [RsStore]::Wires.Add($made, @($this, $wire))
        return $made
    }
    static [object[]] Edited([object] $made) {
        # The properties that a script changed since the object came: name and value.
        $kept = [RsStore]::Find([RsStore]::Wires, $made)
        if ($null -eq $kept) { return @() }
        $shape = $kept[0]
        $before = $shape.Make($kept[1])
        $found = [System.Collections.ArrayList]::new()
        for ($i = 0; $i -lt $shape.Names.Length; $i++) {
            $now = $shape.Properties[$i].GetValue($made, $null)
            if (($shape.Properties[$i].GetValue($before, $null) -join ',') -cne ($now -join ',')) { $null = $found.Add(@($shape.Names[$i], $now)) }
        }
        return $found.ToArray()
    }
}

class RsEntry {
    static [bool] Is([object] $value) {
        # An entry of a connector, also one from a file.
        if ($value -is [string] -or $null -eq $value) { return $false }
        return ($value.PSObject.TypeNames[0] -replace '^Deserialized\.', '') -eq 'Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject'
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

# What the backend writes, read: tables and lists, texts as they stand between their quotation marks.
# ConvertFrom-Json would take longer to begin than all the rest, and makes a date of what looks like one.
class RsReader {
    static [regex] $Token = [regex]::new('"((?>[^"\\]+|\\.)*)"|[\[\]{}]|[^\s\[\]{},:"]+')
    static [object] Read([string] $line) {
        $open = [System.Collections.Stack]::new()
        $root = [System.Collections.ArrayList]::new()
        $into = $root
        $key = $null
        foreach ($found in [RsReader]::Token.Matches($line)) {
            $text = $found.Value
            $first = $text[0]
            if ($first -eq ']' -or $first -eq '}') { $into = $open.Pop(); continue }
            if ($first -eq '"') {
                $value = $found.Groups[1].Value
                if ($null -eq $key -and $into -is [System.Collections.Hashtable]) { $key = $value; continue }
            }
            elseif ($first -eq '{') { $value = [System.Collections.Hashtable]::new() }
            elseif ($first -eq '[') { $value = [System.Collections.ArrayList]::new() }
            elseif ($text -ceq 'true') { $value = $true }
            elseif ($text -ceq 'false') { $value = $false }
            elseif ($text -ceq 'null') { $value = $null }
            else { $value = [RsReader]::Number($text) }
            if ($into -is [System.Collections.Hashtable]) { $into.Add($key, $value); $key = $null }
            else { $null = $into.Add($value) }
            if ($first -eq '{' -or $first -eq '[') { $open.Push($into); $into = $value }
        }
        if ($open.Count -or $root.Count -ne 1) { return $null }
        return $root[0]
    }
    static [object] Number([string] $text) {
        $culture = [System.Globalization.CultureInfo]::InvariantCulture
        if ($text.IndexOfAny([char[]] '.eE') -ge 0) { return [double]::Parse($text, $culture) }
        $number = [long]::Parse($text, $culture)
        if ($number -ge [int]::MinValue -and $number -le [int]::MaxValue) { return [int] $number }
        return $number
    }
}

# The pipe to the backend: a request is a line, its answers are lines with its number. The classes are
# the same in every runspace of a process; each runspace has a pipe of its own.
class RsPipe {
    static [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]] $All = [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]]::new()
    [System.Diagnostics.Process] $Process
    [bool] $Shared = $false
    # No two pipes to one backend begin with the same: an answer to another's request is dropped.
    [int] $Number = [System.Diagnostics.Stopwatch]::GetTimestamp() % 1000000000
    [int] $Seconds = 120
    [System.Threading.Tasks.Task[string]] $Reading
    [hashtable] $Shapes = @{}
    [System.Collections.Generic.HashSet[string]] $Fitting = [System.Collections.Generic.HashSet[string]]::new()
    [scriptblock] $Shape
    [scriptblock] $Value
    static [RsPipe] Here() {
        $space = [System.Management.Automation.Runspaces.Runspace]::DefaultRunspace
        $found = [RsStore]::Find([RsPipe]::All, $space)
        if ($null -eq $found) {
            $found = [RsPipe]::new()
            [RsPipe]::All.Add($space, $found)
        }
        return $found
    }
    static [void] Stop() { [RsPipe]::Here().Close() }
    static [hashtable] Ask([string] $begun) { return [RsPipe]::Here().Send($begun) }
    [void] Close() {
        $ended = $this.Process
        $this.Process = $null
        $this.Reading = $null
        if ($null -eq $ended -or $this.Shared) { return }
        try { $ended.StandardInput.Close() } catch { $null = $_ }
        # One that has a state to write gets the time for it, also on a machine that is busy.
        $patience = if ($env:RELAYSIM_STATE) { 60000 } else { 2000 }
        try { if (-not $ended.WaitForExit($patience)) { $ended.Kill() } } catch { $null = $_ }
        try { $ended.Dispose() } catch { $null = $_ }
    }
    [hashtable] Send([string] $begun) {
        # Sends a request (its JSON without the closing brace) and reads the answers to it.
        $asked = $this.Process
        if ($null -eq $asked) { throw 'not connected: Connect-RelaySim begins' }
        $this.Number++
        $mine = [string] $this.Number
        try {
            $asked.StandardInput.WriteLine($begun + ',"id":' + $mine + '}')
            $asked.StandardInput.Flush()
        } catch { $this.Close(); throw 'the backend of relaysim has ended: Connect-RelaySim begins again' }
        $values = [System.Collections.ArrayList]::new()
        $until = [DateTime]::UtcNow.AddSeconds($this.Seconds)
        $object = '{"id":' + $mine + ',"o":'
        $quiet = '{"id":' + $mine + ',"end":true}'
        while ($true) {
            # What an interrupted command was waiting for comes yet, and the next one takes it up.
            if ($null -eq $this.Reading) { $this.Reading = $asked.StandardOutput.ReadLineAsync() }
            # A short wait again and again: Ctrl-C gets through in between.
            while (-not $this.Reading.Wait(50)) {
                if ([DateTime]::UtcNow -gt $until) { $this.Close(); throw "the backend of relaysim gave no answer for $($this.Seconds) seconds" }
            }
            $line = $this.Reading.Result
            $this.Reading = $null
            $until = [DateTime]::UtcNow.AddSeconds($this.Seconds)
            if ($null -eq $line) { $this.Close(); throw 'the backend of relaysim has ended: Connect-RelaySim begins again' }
            if ($line -ceq $quiet) { return @{ Values = $values; End = $null } }
            if ($line.StartsWith($object, 'Ordinal')) {
                # {"id":7,"o":2,"v":"TEXT\t3:FIELD\t7:FIELD..."}: the fields are taken as they stand.
                $at = $line.IndexOf(',', $object.Length)
                $made = $this.Shapes[$line.Substring($object.Length, $at - $object.Length)]
                if ($null -eq $made) { $this.Close(); throw 'the backend of relaysim answered nonsense' }
                $null = $values.Add($made.Make($line.Substring($at + 6, $line.Length - $at - 8)))
                continue
            }
            $data = $null
            try { $data = [RsReader]::Read($line) } catch { $data = $null }
            if ($data -isnot [System.Collections.Hashtable]) { $this.Close(); throw 'the backend of relaysim answered nonsense' }
            # A layout stays known; late answers to a request that was interrupted are dropped.
            if ($null -ne $data.layout) { $this.Shapes[[string] $data.layout] = & $this.Shape $data; continue }
            if ([string] $data.id -ne $mine) { continue }
            if ($data.end) { return @{ Values = $values; End = $data } }
            $null = $values.Add((& $this.Value $data.value))
        }
        return $null
    }
}
