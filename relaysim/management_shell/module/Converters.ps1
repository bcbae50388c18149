# What Import-Clixml makes of a real export is alive again: values of Exchange's types become ours,
# and a connector is one again.

class RsRevival : System.Management.Automation.PSTypeConverter {
    [bool] CanConvertFrom([object] $source, [type] $wanted) { return $true }
    [bool] CanConvertTo([object] $source, [type] $wanted) { return $false }
    [object] ConvertTo([object] $source, [type] $wanted, [System.IFormatProvider] $format, [bool] $ignoreCase) { throw 'not this way' }
    [object] ConvertFrom([object] $source, [type] $wanted, [System.IFormatProvider] $format, [bool] $ignoreCase) {
        # A whole object: it has Exchange's type, and the properties that were exported.
        $given = [psobject] $source
        $made = [Activator]::CreateInstance($wanted)
        foreach ($property in $given.PSObject.Properties) {
            if ($property.MemberType -notin 'NoteProperty', 'Property') { continue }
            $made.PSObject.Properties.Add([System.Management.Automation.PSNoteProperty]::new($property.Name, $property.Value))
        }
        return $made
    }
}

$script:Revived = @{
    'Microsoft.Exchange.Data.IPRange' = 'RsRange'
    'Microsoft.Exchange.Data.IPBinding' = 'RsBinding'
    'Microsoft.Exchange.Data.ByteQuantifiedSize' = 'RsSize'
    'Microsoft.Exchange.Data.Directory.ADObjectId' = 'RsIdentity'
    'Microsoft.Exchange.Data.ServerVersion' = 'RsVersion'
    'Microsoft.Exchange.Data.EnhancedTimeSpan' = 'System.TimeSpan'
    'Microsoft.Exchange.Data.Fqdn' = 'System.String'
    'Microsoft.Exchange.Data.PermissionGroups' = 'Microsoft.Exchange.Data.PermissionGroups'
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms' = 'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms'
    'Microsoft.Exchange.Data.ProtocolLoggingLevel' = 'Microsoft.Exchange.Data.ProtocolLoggingLevel'
    'Microsoft.Exchange.Data.SizeMode' = 'Microsoft.Exchange.Data.SizeMode'
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.ServerRole' = 'Microsoft.Exchange.Data.Directory.SystemConfiguration.ServerRole'
}

function New-RsTypeData([string] $name, [type] $type) {
    $data = [System.Management.Automation.Runspaces.TypeData]::new($name)
    $data.TargetTypeForDeserialization = $type
    return $data
}

function Register-RsConverters {
    # All in one command: each would go through the whole table of types.
    $all = @(
        foreach ($name in $script:Revived.Keys) {
            $type = $script:Revived[$name] -as [type]
            # Under Exchange's name from a real server, under ours from this module.
            New-RsTypeData "Deserialized.$name" $type
            if ($type.FullName -notlike 'System.*' -and $type.FullName -ne $name) { New-RsTypeData "Deserialized.$($type.FullName)" $type }
        }
        foreach ($name in 'RsRangeList', 'RsBindingList', 'RsTextList', 'RsPrincipal', 'RsRight') { New-RsTypeData "Deserialized.$name" ($name -as [type]) }
        foreach ($version in 8, 14, 15) {
            foreach ($item in @(@('IPRange', 'RsRangeList'), @('IPBinding', 'RsBindingList'))) {
                New-RsTypeData "Deserialized.Microsoft.Exchange.Data.MultiValuedProperty``1[[Microsoft.Exchange.Data.$($item[0]), Microsoft.Exchange.Data, Version=$version.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]" ($item[1] -as [type])
            }
        }
        foreach ($name in $global:RelaySimTypes.Bases.Keys) {
            New-RsTypeData "Deserialized.$name" $global:RelaySimTypes.Bases[$name]
            $data = [System.Management.Automation.Runspaces.TypeData]::new($name)
            $data.TypeConverter = [RsRevival]
            $data
        }
    )
    Update-TypeData -TypeData $all -Force
}

function Unregister-RsConverters {
    # Our own names stay: they are nobody else's.
    $names = @(foreach ($name in $script:Revived.Keys) { "Deserialized.$name" })
    if ($global:RelaySimTypes) { $names += foreach ($name in $global:RelaySimTypes.Bases.Keys) { $name; "Deserialized.$name" } }
    foreach ($name in $names) { Remove-TypeData -TypeName $name -ErrorAction Ignore }
}
