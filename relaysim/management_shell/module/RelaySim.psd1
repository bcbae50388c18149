@{
    RootModule           = 'RelaySim.psm1'
    ModuleVersion        = '1.0.0'
    GUID                 = '5d0f6c52-6a3c-4d6f-9b57-2f2f6a1c7e10'
    Author               = 'relaysim'
    Description          = 'Exchange receive connector commands answered by relaysim, the permission simulator: no server is touched.'
    PowerShellVersion    = '5.1'
    FormatsToProcess     = @('RelaySim.format.ps1xml')
    FunctionsToExport    = @('Connect-RelaySim', 'Disconnect-RelaySim', 'Restore-RelaySim', 'Test-RelaySim', 'Compare-RelaySim', 'Save-RelaySim', 'Get-RelaySimReach', 'Get-RelaySimFinding', 'Invoke-RelaySimSession')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CompatiblePSEditions = @('Desktop', 'Core')
}
