# Exchange's names for our classes, and the shapes that the backend describes.

$script:Accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
$script:Names = @{
    'Microsoft.Exchange.Data.IPRange' = 'RsRange'
    'Microsoft.Exchange.Data.IPBinding' = 'RsBinding'
    'Microsoft.Exchange.Data.ByteQuantifiedSize' = 'RsSize'
    'Microsoft.Exchange.Data.Directory.ADObjectId' = 'RsIdentity'
    'Microsoft.Exchange.Configuration.Tasks.SecurityPrincipalIdParameter' = 'RsPrincipal'
    'Microsoft.Exchange.Configuration.Tasks.ExtendedRightIdParameter' = 'RsRight'
    'Microsoft.Exchange.Data.ServerVersion' = 'RsVersion'
}
# The enumerations: full name, whether names are combined, members in the order of their numbers.
$script:Members = [ordered] @{
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms' = @($true, 'None=0 Tls=1 Integrated=2 BasicAuth=4 BasicAuthRequireTLS=8 ExchangeServer=16 ExternalAuthoritative=32')
    'Microsoft.Exchange.Data.PermissionGroups' = @($true, 'None=0 AnonymousUsers=1 ExchangeUsers=2 ExchangeServers=4 ExchangeLegacyServers=8 Partners=16 Custom=32')
    'Microsoft.Exchange.Data.ProtocolLoggingLevel' = @($false, 'None=0 Verbose=1')
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.ServerRole' = @($true, 'None=0 HubTransport=32 FrontendTransport=16384')
    'Microsoft.Exchange.Data.SizeMode' = @($false, 'Disabled=0 Enabled=1 EnabledWithoutValue=2')
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.AcceptedDomainType' = @($false, 'Authoritative=0 ExternalRelay=1 InternalRelay=2')
}
# Scripts name some of them by another of their names.
$script:Also = @{
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.PermissionGroups' = 'Microsoft.Exchange.Data.PermissionGroups'
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.ProtocolLoggingLevel' = 'Microsoft.Exchange.Data.ProtocolLoggingLevel'
    'Microsoft.Exchange.Data.AuthMechanisms' = 'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms'
}
$script:Enums = @{
    AuthMechanism = 'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms'
    PermissionGroups = 'Microsoft.Exchange.Data.PermissionGroups'
    ProtocolLoggingLevel = 'Microsoft.Exchange.Data.ProtocolLoggingLevel'
    TransportRole = 'Microsoft.Exchange.Data.Directory.SystemConfiguration.ServerRole'
    SizeEnabled = 'Microsoft.Exchange.Data.SizeMode'
    DomainType = 'Microsoft.Exchange.Data.Directory.SystemConfiguration.AcceptedDomainType'
}
$script:Known = @(
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector'
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.AcceptedDomain'
    'Microsoft.Exchange.Data.Directory.Management.ExchangeServer'
    'Microsoft.Exchange.Management.RecipientTasks.ADAcePresentationObject'
)

function Initialize-RsTypes {
    # Once a runspace: what a script was compiled with stays the same at the next connection.
    if ($global:RelaySimTypes) { return }
    $names = @('RsWire', 'RsStore', 'RsSize', 'RsRange', 'RsBinding', 'RsList', 'RsTextList', 'RsRangeList', 'RsBindingList', 'RsIdentity', 'RsVersion', 'RsObject', 'RsKind', 'RsShape', 'RsJson', 'RsPipe')
    foreach ($name in $names) { Set-RsName $name ($name -as [type]) }
    foreach ($name in $script:Names.Keys) {
        $type = $script:Names[$name] -as [type]
        Set-RsName $name $type
        Set-RsName $type.Name $type
    }
    $global:RelaySimTypes = @{ Bases = @{}; Shapes = @{}; Count = 0 }
    foreach ($name in $script:Members.Keys) { New-RsEnum $name $script:Members[$name][0] $script:Members[$name][1] }
    foreach ($name in $script:Also.Keys) { Set-RsName $name ($script:Also[$name] -as [type]) }
    foreach ($name in $script:Known) { $null = Get-RsBase $name }
    Register-RsConverters
}

function Set-RsName([string] $name, [type] $type) {
    $null = $script:Accelerators::Remove($name)
    $null = $script:Accelerators::Add($name, $type)
}

function New-RsModule {
    $global:RelaySimTypes.Count++
    # .NET looks a type's assembly up by name: no other runspace of the process may have it too.
    $label = 'RelaySimTypes' + [guid]::NewGuid().ToString('N')
    return [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly(
        [System.Reflection.AssemblyName]::new($label), 'RunAndCollect').DefineDynamicModule($label)
}

function New-RsEnum([string] $name, [bool] $flags, [string] $members) {
    # The same in every runspace of a process: values go from one to the other.
    $known = $name -as [type]
    if ($null -ne $known -and $known.IsEnum) { return }
    $builder = (New-RsModule).DefineEnum($name, 'Public', [int])
    if ($flags) { $builder.SetCustomAttribute([System.Reflection.Emit.CustomAttributeBuilder]::new([FlagsAttribute].GetConstructor([type[]] @()), [object[]] @())) }
    foreach ($member in $members.Split(' ')) {
        $word, $number = $member.Split('=')
        $null = $builder.DefineLiteral($word, [int] $number)
    }
    Set-RsName $name (Complete-RsType $builder)
}

function Complete-RsType([object] $builder) {
    if ($builder.PSObject.Methods['CreateType']) { return $builder.CreateType() }
    return $builder.CreateTypeInfo().AsType()
}

function New-RsEmitted([string] $name, [type] $base) {
    $builder = (New-RsModule).DefineType($name, 'Public', $base)
    $null = $builder.DefineDefaultConstructor('Public')
    return Complete-RsType $builder
}

function Get-RsBase([string] $name) {
    # The type that a script names; every shape of such objects derives from it.
    $known = $global:RelaySimTypes.Bases[$name]
    if ($null -eq $known) {
        $known = New-RsEmitted $name ([RsObject])
        $global:RelaySimTypes.Bases[$name] = $known
        Set-RsName $name $known
    }
    return $known
}

$script:Plain = '^[A-Za-z][A-Za-z0-9]{0,80}$'

function Get-RsDeclared([string] $name, [string] $kind) {
    switch ($kind) {
        'flag' { return "[bool] `$$name" }
        'count' { return "[int] `$$name" }
        'ranges' { return "[RsRangeList] `$$name" }
        'bindings' { return "[RsBindingList] `$$name" }
        'texts' { return "[RsTextList] `$$name" }
        'size' { return "[RsSize] `$$name" }
        'names' { if ($script:Enums[$name]) { return "[$($script:Enums[$name])] `$$name" } }
    }
    return "[object] `$$name"
}

function Get-RsShape([object] $layout) {
    # The class of objects with these properties: made when the first of them arrives.
    $names = @($layout.n); $kinds = @($layout.k)
    $key = $layout.t + '|' + ($names -join ',') + '|' + ($kinds -join ',')
    $known = $global:RelaySimTypes.Shapes[$key]
    if ($null -ne $known) { return $known.Usual([string[]] $layout.u) }
    foreach ($name in $names) { if ($name -notmatch $script:Plain) { throw "no name of a property: $name" } }
    $null = Get-RsBase $layout.t
    $class = "RsShape$($global:RelaySimTypes.Count)"
    $text = [System.Text.StringBuilder]::new("class $class : $($layout.t) {`n")
    for ($i = 0; $i -lt $names.Length; $i++) { $null = $text.AppendLine((Get-RsDeclared $names[$i] $kinds[$i])) }
    $null = $text.AppendLine("}`n[$class]")
    $made = . ([scriptblock]::Create($text.ToString()))
    $enums = [string[]] @(foreach ($name in $names) { [string] $script:Enums[$name] })
    $shape = [RsShape]::new((New-RsEmitted $layout.t $made), $names, $kinds, $enums)
    $global:RelaySimTypes.Shapes[$key] = $shape
    return $shape.Usual([string[]] $layout.u)
}

