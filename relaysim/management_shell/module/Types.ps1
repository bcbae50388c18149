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
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthMechanisms' = 'RsAuthMechanisms'
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.PermissionGroups' = 'RsPermissionGroups'
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.ProtocolLoggingLevel' = 'RsProtocolLoggingLevel'
    'Microsoft.Exchange.Data.ProtocolLoggingLevel' = 'RsProtocolLoggingLevel'
    'Microsoft.Exchange.Data.Directory.SystemConfiguration.AcceptedDomainType' = 'RsDomainType'
}
$script:Enums = @{
    AuthMechanism = 'RsAuthMechanisms'; PermissionGroups = 'RsPermissionGroups'
    ProtocolLoggingLevel = 'RsProtocolLoggingLevel'; TransportRole = 'RsTransportRole'
    SizeEnabled = 'RsSizeMode'; DomainType = 'RsDomainType'
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
    $names = @('RsWire', 'RsStore', 'RsSize', 'RsRange', 'RsBinding', 'RsList', 'RsTextList', 'RsRangeList', 'RsBindingList', 'RsIdentity', 'RsVersion', 'RsObject', 'RsKind', 'RsShape', 'RsJson', 'RsPipe', 'RsSizeMode', 'RsTransportRole')
    foreach ($name in $names) { Set-RsName $name ($name -as [type]) }
    foreach ($name in $script:Names.Keys) {
        $type = $script:Names[$name] -as [type]
        Set-RsName $name $type
        Set-RsName $type.Name $type
    }
    $global:RelaySimTypes = @{ Bases = @{}; Shapes = @{}; Count = 0 }
    foreach ($name in $script:Known) { $null = Get-RsBase $name }
    Register-RsConverters
}

function Set-RsName([string] $name, [type] $type) {
    $null = $script:Accelerators::Remove($name)
    $null = $script:Accelerators::Add($name, $type)
}

function New-RsEmitted([string] $name, [type] $base) {
    $global:RelaySimTypes.Count++
    $label = "RelaySimTypes$($global:RelaySimTypes.Count)"
    $module = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly(
        [System.Reflection.AssemblyName]::new($label), 'RunAndCollect').DefineDynamicModule($label)
    $builder = $module.DefineType($name, 'Public', $base)
    $null = $builder.DefineDefaultConstructor('Public')
    if ($builder.PSObject.Methods['CreateType']) { return $builder.CreateType() }
    return $builder.CreateTypeInfo().AsType()
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

