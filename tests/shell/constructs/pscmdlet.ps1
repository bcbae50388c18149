function F { [CmdletBinding(SupportsShouldProcess=$true)] param([string]$Name) if ($PSCmdlet.ShouldProcess($Name,"Do")) { "did $Name" }; $PSCmdlet.ParameterSetName; $MyInvocation.MyCommand.Name }
F x
function Set-Relay {
    [CmdletBinding(DefaultParameterSetName = "ByName", SupportsShouldProcess = $true)]
    param(
        [Parameter(ParameterSetName = "ByName", Position = 0)][string] $Name,
        [Parameter(ParameterSetName = "ByAddress", Mandatory = $true)][string] $Address,
        [switch] $Force
    )
    switch ($PSCmdlet.ParameterSetName) { "ByName" { "name $Name" } "ByAddress" { "address $Address" } }
    if ($MyInvocation.BoundParameters.ContainsKey("Force")) { "forced" }
    if ($PSCmdlet.ShouldProcess("Relay", "Change")) { "changed" }
}
Set-Relay Printers
Set-Relay -Address 10.0.0.1 -Force -WhatIf
# > did x
# > __AllParameterSets
# > F
# > name Printers
# > changed
# > address 10.0.0.1
# > forced
# > What if: Performing the operation "Change" on target "Relay".
