[CmdletBinding()]
Param(
    [Parameter(Mandatory = $false)][string]$Server = "EX01"
)
$rows = @()
$connectors = Get-ReceiveConnector -Server $Server
Foreach ($one in $connectors){
    $properties = @{    Name = $one.Name
                        Bindings = ($one.Bindings -join ";")
                        AuthMechanism = $one.AuthMechanism
                        MaxMessageSize = $one.MaxMessageSize.ToMB()
                        RemoteIPRanges = ($one.RemoteIPRanges -join ";")
    }
    $row = New-Object -TypeName PSObject -Prop $properties
    $rows += $row
}
$rows | Sort-Object Name | ForEach-Object { "$($_.Name): $($_.Bindings), $($_.MaxMessageSize) MB" }
