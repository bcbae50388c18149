# The values of Exchange's properties: sizes, ranges, bindings, lists, identities.
# Dot-sourced once a runspace: classes made again break scripts that are compiled already.

# Texts as they travel: a leading '=', what is not plain ASCII escaped as \uNNNN.
class RsWire {
    static [regex] $Plain = [regex]::new('^[ !#-\[\]-~]*\z')
    static [regex] $Escape = [regex]::new('\\?\\u([0-9a-f]{4})')
    static [string] Text([string] $wire) {
        if ($wire.IndexOf('\') -lt 0) { return $wire.Substring(1) }
        $out = [System.Text.StringBuilder]::new()
        $at = 1
        foreach ($found in [RsWire]::Escape.Matches($wire)) {
            $null = $out.Append($wire, $at, $found.Index - $at).Append([char] [Convert]::ToInt32($found.Groups[1].Value, 16))
            $at = $found.Index + $found.Length
        }
        return $out.Append($wire, $at, $wire.Length - $at).ToString()
    }
    static [string[]] Items([string] $field) {
        # A list in one field; an empty one has nothing behind its mark.
        if ($field.Length -lt 2) { return [string[]]::new(0) }
        return $field.Substring(1).Split([string[]] @('\n'), 'None')
    }
    static [string] Quoted([string] $text) {
        # A text as a JSON string: own escapes only, so that nothing is escaped twice.
        if ([RsWire]::Plain.IsMatch($text)) { return '"=' + $text + '"' }
        $out = [System.Text.StringBuilder]::new('"=')
        foreach ($char in $text.ToCharArray()) {
            $code = [int] $char
            if ($code -eq 92 -or $code -eq 34 -or $code -lt 32 -or $code -gt 126) { $null = $out.Append('\\u').Append($code.ToString('x4')) }
            else { $null = $out.Append($char) }
        }
        return $out.Append('"').ToString()
    }
}

class RsSize : System.IComparable {
    hidden [long] $Bytes
    RsSize([object] $value) {
        if ($value -is [long] -or $value -is [int] -or $value -is [double]) { $this.Bytes = [long] $value; return }
        if ($value -is [RsSize]) { $this.Bytes = $value.Bytes; return }
        $text = [string] $value
        if ($text -match '\(([\d,.]+) bytes\)') { $this.Bytes = [long] ($Matches[1] -replace '[,.]', ''); return }
        if ($text -match '^\s*(\d+(?:\.\d+)?)\s*([KMGT]?B?)\s*$') {
            $unit = @{ '' = 1; 'B' = 1; 'K' = 1KB; 'KB' = 1KB; 'M' = 1MB; 'MB' = 1MB; 'G' = 1GB; 'GB' = 1GB; 'T' = 1TB; 'TB' = 1TB }[$Matches[2].ToUpperInvariant()]
            $this.Bytes = [long] ([double]::Parse($Matches[1], [System.Globalization.CultureInfo]::InvariantCulture) * $unit); return
        }
        throw [System.FormatException]::new("'$text' is no size")
    }
    static [RsSize] Parse([string] $text) { return [RsSize]::new($text) }
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
    [System.Net.IPAddress] $LowerBound
    [System.Net.IPAddress] $UpperBound
    [object] $CIDRLength
    [string] $RangeFormat
    [object] $Size
    [string] $Expression
    RsRange([object] $value) {
        $text = ([string] $value).Trim()
        $this.Expression = $text
        if ($text.IndexOf('/') -ge 0 -or $text.IndexOf('-') -ge 0 -or $text.IndexOf('(') -ge 0) { $this.Read($text); return }
        $this.LowerBound = [System.Net.IPAddress]::Parse($text)
        $this.UpperBound = $this.LowerBound
        $this.RangeFormat = 'SingleAddress'
        $this.Size = 1
    }
    static [RsRange] Parse([string] $text) { return [RsRange]::new($text) }
    hidden [void] Read([string] $text) {
        if ($text.Contains('-')) {
            $parts = $text.Split('-')
            $this.LowerBound = [System.Net.IPAddress]::Parse($parts[0].Trim())
            $this.UpperBound = [System.Net.IPAddress]::Parse($parts[1].Trim())
            $this.RangeFormat = 'LoHi'
        } else {
            if ($text -notmatch '^(.+?)\s*(?:/(\d+)|\((.+)\))$') { throw [System.FormatException]::new("'$text' is no range of addresses") }
            $bytes = [System.Net.IPAddress]::Parse($Matches[1]).GetAddressBytes()
            $mask = New-Object byte[] $bytes.Length
            if ($Matches[2]) {
                $this.RangeFormat = 'CIDR'
                $left = [int] $Matches[2]
                if ($left -gt 8 * $bytes.Length) { throw [System.FormatException]::new("'$text' is no range of addresses") }
                for ($i = 0; $i -lt $bytes.Length; $i++) {
                    $bits = [Math]::Max(0, [Math]::Min(8, $left - 8 * $i))
                    $mask[$i] = [byte] (256 - [Math]::Pow(2, 8 - $bits))
                }
            } else { $this.RangeFormat = 'Netmask'; $mask = [System.Net.IPAddress]::Parse($Matches[3]).GetAddressBytes() }
            $length = 0
            $first = New-Object byte[] $bytes.Length; $last = New-Object byte[] $bytes.Length
            for ($i = 0; $i -lt $bytes.Length; $i++) {
                $first[$i] = $bytes[$i] -band $mask[$i]
                $last[$i] = $first[$i] -bor (255 - $mask[$i])
                for ($bit = $mask[$i]; $bit; $bit = $bit -band ($bit - 1)) { $length++ }
            }
            $this.LowerBound = [System.Net.IPAddress]::new($first)
            $this.UpperBound = [System.Net.IPAddress]::new($last)
            $this.CIDRLength = $length
        }
        $low = [RsRange]::Number($this.LowerBound); $high = [RsRange]::Number($this.UpperBound)
        $count = $high - $low + 1
        if ($count -lt 1) { throw [System.FormatException]::new("'$text' is no range of addresses") }
        $this.Size = if ($count -le [long]::MaxValue) { [long] $count } else { $count }
    }
    hidden static [System.Numerics.BigInteger] Number([System.Net.IPAddress] $address) {
        $bytes = $address.GetAddressBytes()
        [Array]::Reverse($bytes)
        return [System.Numerics.BigInteger]::new([byte[]] ($bytes + [byte] 0))
    }
    [bool] Equals([object] $other) { return $null -ne $other -and $this.Expression -eq ([string] $other) }
    [int] GetHashCode() { return $this.Expression.ToLowerInvariant().GetHashCode() }
    [string] ToString() { return $this.Expression }
}

class RsBinding {
    [string] $AddressFamily
    [System.Net.IPAddress] $Address
    [int] $Port
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
    RsList() : base() { }
    hidden [object] Made([object] $value) { return [string] $value }
    hidden [void] Fill([object] $values) {
        if ($null -eq $values) { return }
        foreach ($value in @($values)) { $this.Add($value) }
    }
    [void] Add([object] $value) { if ($null -ne $value) { $this.Insert($this.Count, $this.Made($value)) } }
    [void] Remove([object] $value) {
        $wanted = [string] $value
        for ($i = 0; $i -lt $this.Count; $i++) { if ([string] $this[$i] -eq $wanted) { $this.RemoveAt($i); return } }
    }
    [string] ToString() { return @(foreach ($one in $this) { [string] $one }) -join ', ' }
    [bool] Contains([object] $value) {
        $wanted = [string] $value
        foreach ($one in $this) { if ([string] $one -eq $wanted) { return $true } }
        return $false
    }
}
class RsTextList : RsList {
    RsTextList() : base() { }
    static [RsTextList] Of([string] $field) {
        $list = [RsTextList]::new()
        if ($field.Length -lt 2) { return $list }
        $wires = $field.Substring(1).Split([string[]] @('\n'), 'None')
        for ($i = 0; $i -lt $wires.Length; $i++) { $list.Insert($i, [RsWire]::Text($wires[$i])) }
        return $list
    }
    RsTextList([object] $values) : base() { $this.Fill($values) }
}
class RsRangeList : RsList {
    RsRangeList() : base() { }
    static [RsRangeList] Of([string] $field) {
        $list = [RsRangeList]::new()
        if ($field.Length -lt 2) { return $list }
        $wires = $field.Substring(1).Split([string[]] @('\n'), 'None')
        for ($i = 0; $i -lt $wires.Length; $i++) { $list.Insert($i, [RsRange]::new([RsWire]::Text($wires[$i]))) }
        return $list
    }
    RsRangeList([object] $values) : base() { $this.Fill($values) }
    hidden [object] Made([object] $value) { return [RsRange]::new($value) }
}
class RsBindingList : RsList {
    RsBindingList() : base() { }
    static [RsBindingList] Of([string] $field) {
        $list = [RsBindingList]::new()
        if ($field.Length -lt 2) { return $list }
        $wires = $field.Substring(1).Split([string[]] @('\n'), 'None')
        for ($i = 0; $i -lt $wires.Length; $i++) { $list.Insert($i, [RsBinding]::new([RsWire]::Text($wires[$i]))) }
        return $list
    }
    RsBindingList([object] $values) : base() { $this.Fill($values) }
    hidden [object] Made([object] $value) { return [RsBinding]::new($value) }
}

# The text of an object is kept beside it: hidden members would appear in Export-Clixml.
class RsStore {
    static [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]] $Texts = [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]]::new()
    static [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]] $Wires = [System.Runtime.CompilerServices.ConditionalWeakTable[object, object]]::new()
    static [object] Find([object] $table, [object] $one) {
        $found = $null
        if ($table.TryGetValue($one, [ref] $found)) { return $found }
        return $null
    }
}

class RsIdentity {
    [string] $Name
    [string] $DistinguishedName
    [string] $Rdn
    [object] $Parent
    RsIdentity([object] $value) {
        $text = [string] $value
        [RsStore]::Texts.Add($this, $text)
        $this.Name = $text.Substring($text.LastIndexOf('\') + 1)
    }
    static [RsIdentity] Of([string] $field) {
        $wires = [RsWire]::Items($field)
        $made = [RsIdentity]::new([RsWire]::Text($wires[0]))
        $made.Name = [RsWire]::Text($wires[1])
        $made.DistinguishedName = [RsWire]::Text($wires[2])
        $made.Rdn = [RsWire]::Text($wires[3])
        return $made
    }
    [bool] Equals([object] $other) { return $null -ne $other -and $this.ToString() -eq ([string] $other) }
    [int] GetHashCode() { return $this.ToString().ToLowerInvariant().GetHashCode() }
    [string] ToString() { return [RsStore]::Find([RsStore]::Texts, $this) }
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

# Who an entry of a connector is for, and which right it is about.
class RsPrincipal {
    [string] $RawIdentity
    [string] $SecurityIdentifier
    static [RsPrincipal] Of([string] $field) {
        $wires = [RsWire]::Items($field)
        $made = [RsPrincipal]::new()
        $made.RawIdentity = [RsWire]::Text($wires[0])
        $made.SecurityIdentifier = [RsWire]::Text($wires[1])
        return $made
    }
    [bool] Equals([object] $other) { return $null -ne $other -and $this.RawIdentity -eq ([string] $other) }
    [int] GetHashCode() { return $this.RawIdentity.ToLowerInvariant().GetHashCode() }
    [string] ToString() { return $this.RawIdentity }
}
class RsRight {
    [string] $RawIdentity
    RsRight([object] $value) { $this.RawIdentity = [string] $value }
    static [object] Of([string] $field) {
        if (-not $field) { return $null }
        $wires = [RsWire]::Items($field)
        $made = [RsRight[]]::new($wires.Length)
        for ($i = 0; $i -lt $wires.Length; $i++) { $made[$i] = [RsRight]::new([RsWire]::Text($wires[$i])) }
        return $made
    }
    [bool] Equals([object] $other) { return $null -ne $other -and $this.RawIdentity -eq ([string] $other) }
    [int] GetHashCode() { return $this.RawIdentity.ToLowerInvariant().GetHashCode() }
    [string] ToString() { return $this.RawIdentity }
}

# What Exchange's objects have in common; types with Exchange's names derive from it.
class RsObject {
    [string] ToString() {
        $text = [RsStore]::Find([RsStore]::Texts, $this)
        if ($null -ne $text) { return $text }
        return [string] $this.PSObject.Properties['Identity'].Value
    }
}
